"""A real Kamailio for the agent, with the configuration of this repository and no router."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import require
from tests.sip.harness.kamailio import Kamailio, missing_parts
from tests.sip.harness.ports import free_udp_port

_HOST = "127.0.0.1"


@pytest.fixture(scope="module")
def kamailio() -> Iterator[Kamailio]:
    require(*missing_parts())
    with tempfile.TemporaryDirectory(prefix="pointsman-agent-") as directory:
        kamailio = Kamailio(Path(directory), _HOST, free_udp_port(_HOST))
        kamailio.configure("http://127.0.0.1:1/kamailio/rtjson", "pmn_none")
        kamailio.start()
        yield kamailio
        kamailio.stop()
