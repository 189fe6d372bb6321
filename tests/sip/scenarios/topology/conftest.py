"""A Kamailio that hides each party from the other, and what each of them gets to read."""

from collections.abc import Callable, Iterator

import pytest

from tests.sip.harness.kamailio import Kamailio
from tests.sip.harness.raw import RawParty
from tests.sip.harness.raw_callee import RawCallee
from tests.sip.harness.stack import Stack
from tests.sip.scenarios.records.conftest import Start, callee, start

__all__ = ["callee", "start"]


@pytest.fixture
def kamailio(start: Start) -> Kamailio:
    asked = {"CALL_KEEPALIVE_S": 30, "CALL_KEEPALIVE_FAILURES": 1}
    return start("#!define WITH_TOPOLOGY_HIDING", **asked)


@pytest.fixture
def caller(stack: Stack, kamailio: Kamailio) -> Iterator[RawParty]:
    with RawParty(stack.pbx.host, kamailio.socket) as party:
        yield party


@pytest.fixture
def assert_hidden(caller: RawParty, callee: RawCallee) -> Callable[[str], None]:
    """Neither has got a message with the other's address, or with that Call-ID at the callee's."""

    def check(call_id: str) -> None:
        assert caller.heard
        assert callee.heard
        for message in caller.heard:
            assert f"{callee.host}:".encode() not in message, message.decode()
        for message in callee.heard:
            assert f"{caller.host}:".encode() not in message, message.decode()
            assert call_id.encode() not in message, message.decode()

    return check
