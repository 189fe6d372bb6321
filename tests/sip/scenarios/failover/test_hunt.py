"""All legs of a call together have an end."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sip.conftest import Acme
from tests.sip.harness.kamailio import Kamailio
from tests.sip.harness.operator import Operator
from tests.sip.harness.ports import free_udp_port
from tests.sip.harness.records import wait_for_ends
from tests.sip.harness.stack import KAMAILIO_HOST, Stack


@pytest.fixture
def kamailio(stack: Stack) -> Iterator[Kamailio]:
    """One that lets legs take a second in all."""
    directory = Path(tempfile.mkdtemp(prefix="pointsman-hunt-"))
    kamailio = Kamailio(directory, KAMAILIO_HOST, free_udp_port(KAMAILIO_HOST))
    url = f"{stack.router.url}/kamailio/rtjson"
    kamailio.configure(url, stack.node_token, "#!define MAX_HUNT_MS 1000")
    kamailio.start()
    yield kamailio
    kamailio.stop()
    shutil.rmtree(directory)


def test_no_leg_is_begun_or_goes_on_when_the_hunt_has_taken_too_long(
    stack: Stack, acme: Acme, operator: Operator, kamailio: Kamailio
) -> None:
    """Alpha's own timers would let it be silent for half a minute, and Beta would be next."""
    operator.change("Trunk", acme.alpha, frTimerMs=32_000, frInvTimerMs=60_000)
    operator.wait_published()
    stack.alpha.answer("callee_is_silent")
    stack.beta.answer("callee")
    stack.pbx.call("caller_refused", kamailio.socket, "+390612345678", status="408")
    messages = stack.pbx.wait()
    _, end = wait_for_ends(kamailio.records, messages[0].one("Call-ID"))
    assert [attempt["end"] for attempt in end["attempts"]] == ["TIMEOUT"]
    assert stack.beta.messages() == []
