"""A Kamailio with settings of a test's own beside the shared platform."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.sip.harness.kamailio import Kamailio
from tests.sip.harness.ports import free_udp_port
from tests.sip.harness.stack import KAMAILIO_HOST, Stack

Start = Callable[..., Kamailio]


@pytest.fixture
def start(stack: Stack) -> Iterator[Start]:
    """Starts it, with one worker: what is sent after something is seen after it."""
    directory = Path(tempfile.mkdtemp(prefix="pointsman-protection-"))
    kamailio = Kamailio(directory, KAMAILIO_HOST, free_udp_port(KAMAILIO_HOST))

    def start(router: str | None = None, **settings: int | str) -> Kamailio:
        lines = [f"#!define {name} {value}" for name, value in settings.items()]
        url = f"{router or stack.router.url}/kamailio/rtjson"
        kamailio.configure(url, stack.node_token, *lines)
        local = directory / "kamailio-local.cfg"
        local.write_text(local.read_text().replace("SIP_WORKERS 2", "SIP_WORKERS 1"))
        kamailio.start()
        return kamailio

    yield start
    kamailio.stop()
    shutil.rmtree(directory)
