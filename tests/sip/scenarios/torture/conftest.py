"""A Kamailio whose questions are kept, and a callee that is busy, for all messages."""

import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.sip.conftest import provision_acme
from tests.sip.harness.busy import BusyCallee, busy
from tests.sip.harness.kamailio import Kamailio
from tests.sip.harness.ports import free_udp_port
from tests.sip.harness.recorder import Recorder
from tests.sip.harness.stack import KAMAILIO_HOST, Stack
from tests.sip.scenarios.torture.stream import RawStream


@dataclass(frozen=True)
class Bench:
    """Everything that a message meets."""

    stack: Stack
    kamailio: Kamailio
    recorder: Recorder
    callee: BusyCallee

    @property
    def proxy(self) -> str:
        """host:port of Kamailio."""
        return f"{self.kamailio.host}:{self.kamailio.port}"

    def forget(self) -> None:
        """As if there had been no message."""
        self.recorder.forget()
        self.callee.invites.clear()
        self.callee.write = busy


@pytest.fixture(scope="module")
def shared_bench(shared_stack: Stack) -> Iterator[Bench]:
    shared_stack.operator.clear()
    provision_acme(shared_stack)
    recorder = Recorder(shared_stack.router.url)
    callee = BusyCallee(shared_stack.alpha.host, shared_stack.alpha.port)
    directory = Path(tempfile.mkdtemp(prefix="pointsman-torture-"))
    kamailio = Kamailio(directory, KAMAILIO_HOST, free_udp_port(KAMAILIO_HOST))
    listen = f"listen=tcp:{kamailio.host}:{kamailio.port}"
    kamailio.configure(f"{recorder.url}/kamailio/rtjson", shared_stack.node_token, listen)
    local = directory / "kamailio-local.cfg"
    # One worker: what is sent after something is seen after it.
    local.write_text(local.read_text().replace("SIP_WORKERS 2", "SIP_WORKERS 1"))
    kamailio.start()
    # The process that has the connections is the last one to be there.
    with RawStream(KAMAILIO_HOST, kamailio.socket) as ready:
        ready.send_options()
        assert ready.any_final() == "200 OK"
    yield Bench(shared_stack, kamailio, recorder, callee)
    kamailio.stop()
    callee.stop()
    recorder.stop()
    shutil.rmtree(directory)


@pytest.fixture
def bench(shared_bench: Bench) -> Iterator[Bench]:
    processes = shared_bench.kamailio.processes()
    yield shared_bench
    # Nothing has died of it, and it answers as before.
    shared_bench.kamailio.wait_until_ready()
    assert shared_bench.kamailio.processes() == processes
    shared_bench.forget()
