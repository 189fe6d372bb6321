"""A Kamailio that has the media go through an RTPEngine, and parties that talk."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.conftest import require
from tests.sip.harness.kamailio import Kamailio
from tests.sip.harness.raw import RawParty
from tests.sip.harness.raw_callee import RawCallee
from tests.sip.harness.rtp import RtpParty
from tests.sip.harness.rtpengine import RtpEngine, missing_for_media
from tests.sip.harness.stack import Stack
from tests.sip.scenarios.records.conftest import Start, callee, start

__all__ = ["callee", "start"]


@pytest.fixture
def rtpengine(tmp_path: Path) -> Iterator[RtpEngine]:
    require(*missing_for_media())
    engine = RtpEngine(tmp_path)
    engine.start()
    yield engine
    engine.stop()


@pytest.fixture
def kamailio(start: Start, rtpengine: RtpEngine) -> Kamailio:
    # On a machine that is busy with other tests it may be late.
    settings = {"RTPENGINE_SOCKETS": f'"{rtpengine.socket}"', "RTPENGINE_TIMEOUT_MS": 2_000}
    return start("#!define WITH_RTPENGINE", **settings)


@pytest.fixture
def parties() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def caller(stack: Stack, kamailio: Kamailio, parties: ExitStack) -> RawParty:
    return parties.enter_context(RawParty(stack.pbx.host, kamailio.socket))


@pytest.fixture
def voices(caller: RawParty, callee: RawCallee, parties: ExitStack) -> tuple[RtpParty, RtpParty]:
    """The caller's and the callee's media."""
    one, other = (parties.enter_context(RtpParty(party.host)) for party in (caller, callee))
    return one, other
