"""A Kamailio of its own in front of two small routers, the second of which is well."""

import json
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.sip.harness.kamailio import Kamailio
from tests.sip.harness.ports import free_udp_port
from tests.sip.harness.raw import RawParty
from tests.sip.harness.small_router import HOST, SmallRouter, document, response, says

FIRST_SAYS = "SIP/2.0 480 First"
SECOND_SAYS = "SIP/2.0 404 Second"
SENT_AWAY = "SIP/2.0 503 Service Unavailable"
BY_FIRST = document(480, "First")
BY_SECOND = document(404, "Second")


@dataclass
class Node:
    """A Kamailio and the routers that it has."""

    kamailio: Kamailio
    routers: tuple[SmallRouter, ...]

    @property
    def first(self) -> SmallRouter:
        """The router that is asked first."""
        return self.routers[0]

    @property
    def second(self) -> SmallRouter:
        """The router that is asked when the first does not answer."""
        return self.routers[1]

    def party(self) -> RawParty:
        """A caller."""
        return RawParty(HOST, self.kamailio.socket)

    def call(self, called: str = "1000") -> str:
        """The start line of the one final response to a call."""
        with self.party() as party:
            party.send(party.request("INVITE", called))
            final = party.final()
            assert party.is_left_alone(0.05)
            return final

    def rpc(self, *command: str) -> str:
        """What Kamailio answers to a command of its own."""
        socket = self.kamailio.directory / "ctl"
        return subprocess.run(
            ["kamcmd", "-s", f"unix:{socket}", *command], capture_output=True, text=True, check=True
        ).stdout

    def shared_memory_peak(self) -> int:
        """The most shared memory that was in use so far, in bytes."""
        lines = self.rpc("core.shmmem").splitlines()
        return next(int(line.split()[1]) for line in lines if "max_used" in line)

    def in_flight(self) -> int:
        """How many questions are counted as not answered."""
        lines = self.rpc("htable.dump", "in_flight").splitlines()
        return sum(int(line.split()[1]) for line in lines if "value:" in line)

    def is_open(self, place: int) -> bool:
        """Whether the router at this place is left alone."""
        return "value: 1" in self.rpc("htable.get", "routers", f"open:{place}")

    def wait_until_open(self, place: int) -> None:
        """Wait until the router at this place is left alone."""
        self._wait_until(place, is_open=True)

    def wait_until_closed(self, place: int) -> None:
        """Wait until the router at this place is asked again."""
        self._wait_until(place, is_open=False)

    def processes(self, name: str, count: int) -> list[int]:
        """The numbers of Kamailio's processes of this name, once there are so many: the first ones
        take calls before the last ones are there."""
        deadline = time.monotonic() + 20
        while True:
            said = iter(self.rpc("core.ps").splitlines())
            found = [int(number) for number, what in zip(said, said, strict=True) if name in what]
            if len(found) == count:
                return found
            assert time.monotonic() < deadline, found
            time.sleep(0.02)

    def _wait_until(self, place: int, *, is_open: bool) -> None:
        deadline = time.monotonic() + 20
        while self.is_open(place) is not is_open:
            assert time.monotonic() < deadline, self.log()[-3000:]
            time.sleep(0.02)

    def log(self) -> str:
        """What Kamailio has logged."""
        return self.kamailio.log.read_text()


Start = Callable[..., Node]


@pytest.fixture(scope="module")
def start_node(real_parts: None) -> Iterator[Start]:
    """Starts a Kamailio with settings of a test's own, which asks these routers, after one that is
    known by its address, and with modules in the place of those that are installed."""
    nodes: list[Node] = []

    def start(
        *routers: SmallRouter,
        before: str = "",
        bearer: str = "pmn_test",
        modules: str = "",
        **settings: object,
    ) -> Node:
        directory = Path(tempfile.mkdtemp(prefix="pointsman-routers-"))
        node = Node(Kamailio(directory, HOST, free_udp_port(HOST), before=modules), routers)
        nodes.append(node)
        urls = " ".join([before, *(router.url for router in routers)])
        lines = [f"#!define {name} {value}" for name, value in settings.items()]
        node.kamailio.configure(
            "http://not.asked.invalid",
            bearer,
            f"#!define ROUTER_URLS {json.dumps(urls)}",
            'loadmodule "ctl.so"',
            f'modparam("ctl", "binrpc", "unix:{directory}/ctl")',
            *lines,
        )
        node.kamailio.start()
        return node

    yield start
    for node in nodes:
        node.kamailio.stop()
        shutil.rmtree(node.kamailio.directory)


@pytest.fixture(scope="module")
def patient_node(start_node: Start) -> Node:
    """One that probes nobody and leaves no router alone, whatever it answers."""
    return start_node(
        SmallRouter(says(response(BY_FIRST))),
        SmallRouter(says(response(BY_SECOND))),
        ROUTER_FAILURES=1_000_000,
        ROUTER_PROBES='"name=probe;interval=3600;mode=1;"',
    )


@pytest.fixture
def node(patient_node: Node) -> Node:
    """`patient_node`, with all counts at 0."""
    patient_node.first.answer = says(response(BY_FIRST))
    patient_node.second.answer = says(response(BY_SECOND))
    for router in patient_node.routers:
        router.forget()
    return patient_node
