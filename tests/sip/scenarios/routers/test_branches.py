"""A call that asked as many routers as it may still has a branch for each of its legs, for each leg
that answers a challenge, and for some that answer once more; and all of them have a place in the
router's answer."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress

import pytest

from pointsman.kamailio.rtjson import MAX_ANSWER_BYTES
from tests.sip.harness.raw import header_of
from tests.sip.harness.small_router import HOST, SmallRouter, document, response, says
from tests.sip.scenarios.routers.answers import BROKEN
from tests.sip.scenarios.routers.conftest import Start

_LEGS = 11
_NO_PROBES = '"name=probe;interval=3600;mode=1;"'
_CHALLENGE = 'WWW-Authenticate: Digest realm="callee", nonce="n"'
_EACH_ONCE = [(leg, is_signed) for leg in range(_LEGS) for is_signed in (False, True)]


class _Callee:
    """Challenges every INVITE, once more where the nonce is too old for it, and refuses those that
    answer. What it has heard of each is the leg, and whether it answers."""

    def __init__(self, udp: socket.socket, stale_legs: int) -> None:
        self.port = udp.getsockname()[1]
        self.heard: list[tuple[int, bool]] = []
        self.invites: list[bytes] = []
        self._stale_legs = stale_legs
        threading.Thread(target=self._serve, args=(udp,), daemon=True).start()

    def _serve(self, udp: socket.socket) -> None:
        with suppress(OSError):
            while True:
                request, peer = udp.recvfrom(65_535)
                if request.startswith(b"INVITE "):
                    udp.sendto(self._refuse(request), peer)

    def _refuse(self, request: bytes) -> bytes:
        lines = request.decode().split("\r\n")
        leg = int(lines[0].partition(":")[2].partition("@")[0])
        is_signed = header_of(request, "Authorization") != ""
        is_stale = leg < self._stale_legs and self.heard.count((leg, True)) == 0
        self.heard.append((leg, is_signed))
        self.invites.append(request)
        kept = [line for line in lines if line.split(":")[0] in ("Via", "From", "Call-ID", "CSeq")]
        start, more = "SIP/2.0 480 Refused", ""
        if not is_signed or is_stale:
            start = "SIP/2.0 401 Unauthorized"
            more = f"{_CHALLENGE}{', stale=true' if is_signed else ''}\r\n"
        to = f"To: {header_of(request, 'To')};tag=callee\r\n"
        return ("\r\n".join([start, *kept]) + f"\r\n{to}{more}Content-Length: 0\r\n\r\n").encode()


@contextmanager
def _callee(stale_legs: int = 0) -> Iterator[_Callee]:
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as udp:
        udp.bind((HOST, 0))
        yield _Callee(udp, stale_legs)
        # Whoever waits in recvfrom() is not woken by close().
        with suppress(OSError):
            udp.shutdown(socket.SHUT_RDWR)


def _legs(port: int, last_header: str = "", routing: str = "serial") -> bytes:
    """The body of an answer with as many legs as there may be."""
    party = {"display": "", "uri": "sip:x@test.example"}
    common = {
        "path": "", "socket": "", "branch_flags": 0, "fr_timer": 5000, "fr_inv_timer": 5000,
        "trunk": "t", "endpoint": "e", "carrier": "c", "replaces": "",
        "reroute_before": "480=next", "reroute_after": "", "auth_user": "u", "auth_password": "p",
        "auth_realm": "", "headers": {"from": party, "to": party, "extra": ""},
    }  # fmt: skip
    answer = json.loads(document(200, "OK"))
    answer["rtjson"] |= {"success": True, "routing": routing}
    answer["rtjson"]["routes"] = [
        {"uri": f"sip:{leg}@test.example", "dst_uri": f"sip:{HOST}:{port}", **common}
        for leg in range(_LEGS)
    ]
    extra = {"from": party, "to": party, "extra": f"{last_header}\r\n" if last_header else ""}
    answer["rtjson"]["routes"][-1]["headers"] = extra
    return json.dumps(answer, separators=(",", ":")).encode()


def test_all_legs_are_tried_after_all_questions(start_node: Start) -> None:
    with _callee() as callee:
        routers = [SmallRouter(BROKEN) for _ in range(3)]
        last = SmallRouter(says(response(_legs(callee.port))))
        node = start_node(*routers, last, ROUTER_PROBES=_NO_PROBES)
        assert node.call() == "SIP/2.0 480 Refused"
    assert [len(router.questions) for router in node.routers] == [1, 1, 1, 1]
    assert callee.heard == _EACH_ONCE


def test_four_of_them_may_have_to_answer_once_more(start_node: Start) -> None:
    with _callee(stale_legs=4) as callee:
        routers = [SmallRouter(BROKEN) for _ in range(3)]
        last = SmallRouter(says(response(_legs(callee.port))))
        node = start_node(*routers, last, ROUTER_PROBES=_NO_PROBES)
        assert node.call() == "SIP/2.0 480 Refused"
    twice = [(leg, answers) for leg in range(4) for answers in (False, True, True)]
    assert callee.heard == twice + _EACH_ONCE[8:]


@pytest.mark.parametrize("routing", ["serial", "parallel"])
@pytest.mark.parametrize("length", [7_900, MAX_ANSWER_BYTES, 15_000])
def test_the_longest_answer_arrives_whole(start_node: Start, length: int, routing: str) -> None:
    """By default Kamailio cuts texts at 8,191 bytes (pv_buffer_size). A router sends no more than
    MAX_ANSWER_BYTES, and ROUTER_MAX_ANSWER_BYTES (16,000) are taken of any."""
    with _callee() as callee:
        filling = "X-Last: " + "x" * (length - len(_legs(callee.port, "X-Last: ", routing)))
        answer = _legs(callee.port, filling, routing)
        assert len(answer) == length
        node = start_node(SmallRouter(says(response(answer))), ROUTER_PROBES=_NO_PROBES)
        assert node.call() == "SIP/2.0 480 Refused"
    assert sorted(callee.heard) == _EACH_ONCE
    last = [invite for invite in callee.invites if invite.startswith(b"INVITE sip:10@")]
    assert [filling.encode() in invite for invite in last] == [True, True]
