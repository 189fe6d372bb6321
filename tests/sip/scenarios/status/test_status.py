"""What a node says of itself over HTTP, to those who may ask, on a socket that takes no SIP."""

import re
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.sip.harness.kamailio import Kamailio
from tests.sip.harness.ports import free_tcp_port, free_udp_port
from tests.sip.harness.raw import RawParty
from tests.sip.harness.small_router import SmallRouter, document, response, says
from tests.sip.harness.stack import KAMAILIO_HOST, Stack
from tests.sip.scenarios.torture.stream import RawStream
from tests.test_monitoring import named_in_status

pytestmark = pytest.mark.usefixtures("acme")


class Node:
    """A Kamailio that says how it is."""

    def __init__(self, stack: Stack, directory: Path) -> None:
        self.kamailio = Kamailio(directory, KAMAILIO_HOST, free_udp_port(KAMAILIO_HOST))
        self.port = free_tcp_port()
        self._stack = stack
        self._http = httpx.Client(trust_env=False, timeout=10)

    def start(self, router: str | None = None, **settings: str | int) -> None:
        """Start it."""
        settings = {"STATUS_LISTEN": f"tcp:{KAMAILIO_HOST}:{self.port}", **settings}
        self.kamailio.configure(
            f"{router or self._stack.router.url}/kamailio/rtjson",
            self._stack.node_token,
            f"listen=tcp:{self.kamailio.host}:{self.kamailio.port}",
            *(f"#!define {name} {value}" for name, value in settings.items()),
        )
        self.kamailio.start()

    def stop(self) -> None:
        """Stop it."""
        self._http.close()
        self.kamailio.stop()

    def get(self, path: str, port: int | None = None) -> httpx.Response:
        """Ask it."""
        return self._http.get(f"http://{KAMAILIO_HOST}:{port or self.port}{path}")

    def metrics(self) -> dict[str, float]:
        """Its metrics, by name and label."""
        return {
            " ".join([sample.name, *sample.labels.values()]): sample.value
            for family in text_string_to_metric_families(self.get("/metrics").text)
            for sample in family.samples
        }


@pytest.fixture
def node(stack: Stack) -> Iterator[Node]:
    directory = Path(tempfile.mkdtemp(prefix="pointsman-status-"))
    node = Node(stack, directory)
    yield node
    node.stop()
    shutil.rmtree(directory)


def _call(stack: Stack, node: Node, called: str, *headers: str) -> str:
    with RawParty(stack.pbx.host, node.kamailio.socket) as party:
        party.send(party.request("INVITE", called, *headers))
        return party.final()


def test_the_metrics_are_those_that_are_documented(node: Node, promtool: str) -> None:
    node.start()
    text = node.get("/metrics").text
    done = subprocess.run(
        [promtool, "check", "metrics"], input=text, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
    names = {
        sample.name for family in text_string_to_metric_families(text) for sample in family.samples
    }
    assert names == named_in_status()
    assert "<null>" not in text


def _metrics_once(node: Node, name: str, value: float) -> dict[str, float]:
    """The metrics when this one is so: Kamailio counts after it has answered."""
    deadline = time.monotonic() + 20
    while (found := node.metrics())[name] != value:
        assert time.monotonic() < deadline, found
        time.sleep(0.02)
    return found


def test_calls_are_counted_by_what_became_of_them(stack: Stack, node: Node) -> None:
    node.start(MAX_CALLS_PER_S_PER_SOURCE=0)
    before = node.metrics()
    stack.alpha.answer("callee_refuses", status="486")
    assert _call(stack, node, "+390612345678") == "SIP/2.0 486 Refused"
    assert _call(stack, node, "777") == "SIP/2.0 404 Not Found"
    hops = [f"Via: SIP/2.0/UDP 192.0.2.{number};branch=z9hG4bK{number}" for number in range(12)]
    assert _call(stack, node, "777", *hops) == "SIP/2.0 483 Too Many Hops"
    # The PBX is known by now, and may name itself as it likes.
    with RawParty(stack.stranger.host, node.kamailio.socket) as stranger:
        stranger.send(stranger.request("INVITE", "777", "User-Agent: sipvicious"))
        assert stranger.is_left_alone(0.3)
    with RawParty(stack.pbx.host, node.kamailio.socket) as party:
        party.send(party.request("INVITE", "777", "Proxy-Require: x"))
        assert party.final() == "SIP/2.0 420 Bad Proxy Require Extension"
    after = _metrics_once(node, "pointsman_kamailio_refused_total malformed", 1)
    grown = {name: value - before[name] for name, value in after.items() if value != before[name]}
    named = {name.removeprefix("pointsman_kamailio_"): value for name, value in grown.items()}
    kept = ("questions_total", "decisions_total", "refused_total", "dropped_total")
    assert {name: value for name, value in named.items() if name.startswith(kept)} == {
        "questions_total": 2,
        "decisions_total routes": 1,
        "decisions_total 4xx": 1,
        "refused_total hops": 1,
        "refused_total malformed": 1,
        "dropped_total scanner": 1,
    }
    assert named["requests_received_total INVITE"] == 5
    assert named["replies_received_total 4xx"] == 1


def test_a_call_that_no_router_decided_is_counted(stack: Stack, node: Node) -> None:
    node.start(router=f"http://127.0.0.1:{free_tcp_port()}")
    assert _call(stack, node, "777") == "SIP/2.0 503 Service Unavailable"
    metrics = node.metrics()
    assert metrics["pointsman_kamailio_unanswered_total"] == 1
    assert metrics["pointsman_kamailio_in_flight"] == 0
    # One answer too late takes a quarter of a place away.
    assert metrics["pointsman_kamailio_in_flight_limit"] == 549


def _wait_for(node: Node, *breakers: str) -> list[dict[str, Any]]:
    """What the status says of the routers, once their breakers are like that."""
    deadline = time.monotonic() + 20
    while True:
        routers: list[dict[str, Any]] = node.get("/status").json()["routers"]
        if [router["breaker"] for router in routers] == [*breakers]:
            return routers
        assert time.monotonic() < deadline, routers
        time.sleep(0.02)


@pytest.fixture
def routers() -> list[SmallRouter]:
    return [SmallRouter(says(response(document(480, "Small")))) for _ in range(2)]


def test_the_status_tells_how_each_router_is(node: Node, routers: list[SmallRouter]) -> None:
    first, second = routers
    began = int(time.time())
    node.start(ROUTER_URLS=f'"{first.url} {second.url}"')
    first.wait_for(lambda: first.probes > 1)
    second.close()
    well, failing = _wait_for(node, "closed", "open")
    assert [well["url"], failing["url"]] == [first.url, second.url]
    assert began <= well["last_answer"] <= time.time()
    # A probe that is under way counts until it is answered.
    assert well["failures"] <= 1 <= failing["failures"]
    second.listen()
    _, back = _wait_for(node, "closed", "closed")
    assert back["last_answer"] >= began
    assert node.get("/status").json()["routers_left_alone"] == 0


def test_a_call_that_is_refused_because_no_router_answers_is_counted(
    stack: Stack, node: Node, routers: list[SmallRouter]
) -> None:
    for router in routers:
        router.close()
    node.start(ROUTER_URLS=f'"{routers[0].url} {routers[1].url}"', ROUTER_TRIALS_PER_S=0)
    heard = [router["last_answer"] for router in _wait_for(node, "open", "open")]
    assert heard == [0, 0]
    assert _call(stack, node, "777") == "SIP/2.0 503 Service Unavailable"
    metrics = node.metrics()
    assert metrics["pointsman_kamailio_refused_total no_router"] == 1
    assert metrics["pointsman_kamailio_unanswered_total"] == 0
    assert metrics["pointsman_kamailio_routers left_alone"] == 2


def test_the_status_is_json(stack: Stack, node: Node) -> None:
    node.start(MAX_IN_FLIGHT=40)
    assert _call(stack, node, "777") == "SIP/2.0 404 Not Found"
    answer = node.get("/status")
    assert answer.headers["content-type"] == "application/json"
    status = answer.json()
    assert {name: status[name] for name in ("node", "questions", "unanswered", "in_flight")} == {
        "node": "test", "questions": 1, "unanswered": 0, "in_flight": 0,
    }  # fmt: skip
    assert (status["in_flight_limit"], status["sources_banned"]) == (40, 0)
    assert re.match(r"[56]\.\d+\.", status["version"])
    assert 0 < status["shared_memory_used_bytes"] < status["shared_memory_total_bytes"]
    assert status["shared_memory_total_bytes"] <= 64 * 1024 * 1024
    assert 0 <= status["uptime_s"] < 600
    assert node.get("/").status_code == 404


def test_the_sockets_for_sip_speak_no_http(node: Node) -> None:
    node.start()
    with pytest.raises(httpx.TransportError):
        node.get("/metrics", node.kamailio.port)


def test_who_is_not_allowed_gets_nothing(node: Node) -> None:
    node.start(STATUS_ALLOWED='"192.0.2.0/24"')
    with pytest.raises(httpx.TransportError):
        node.get("/metrics")


def test_the_socket_for_status_speaks_no_sip(stack: Stack, node: Node) -> None:
    node.start()
    with RawStream(stack.pbx.host, (KAMAILIO_HOST, node.port)) as party:
        party.send_options()
        assert party.any_final() == ""
    with RawStream(stack.pbx.host, node.kamailio.socket) as party:
        party.send_options()
        assert party.any_final() == "200 OK"


def test_sip_over_tcp_without_a_content_length_is_refused(stack: Stack, node: Node) -> None:
    node.start()
    with socket.create_connection(node.kamailio.socket, 5) as tcp:
        with RawParty(stack.pbx.host, node.kamailio.socket) as party:
            request = party.request("INVITE", "777")
        tcp.sendall(request.replace(b"Content-Length: 0\r\n", b""))
        assert tcp.recv(4096).startswith(b"SIP/2.0 400 Missing Content-Length\r\n")
        assert tcp.recv(4096) == b""


def test_without_the_setting_there_is_no_such_socket(stack: Stack) -> None:
    with pytest.raises(httpx.TransportError):
        httpx.get(f"http://{KAMAILIO_HOST}:9063/status", trust_env=False)
    assert "xhttp" not in stack.kamailio.log.read_text()
