"""A call that asked as many routers as it may still has a branch for each of its legs, and for each
leg that answers a challenge."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress

from tests.sip.harness.raw import header_of
from tests.sip.harness.small_router import HOST, SmallRouter, document, response, says
from tests.sip.scenarios.routers.answers import BROKEN
from tests.sip.scenarios.routers.conftest import Start

_LEGS = 11
_NO_PROBES = '"name=probe;interval=3600;mode=1;"'
_CHALLENGE = 'WWW-Authenticate: Digest realm="callee", nonce="n"\r\n'


class _Callee:
    """Challenges every INVITE, and refuses those that answer."""

    def __init__(self, udp: socket.socket) -> None:
        self.port = udp.getsockname()[1]
        self.heard: list[tuple[str, bool]] = []
        threading.Thread(target=self._serve, args=(udp,), daemon=True).start()

    def _serve(self, udp: socket.socket) -> None:
        with suppress(OSError):
            while True:
                request, peer = udp.recvfrom(65_535)
                if request.startswith(b"INVITE "):
                    udp.sendto(self._refuse(request), peer)

    def _refuse(self, request: bytes) -> bytes:
        lines = request.decode().split("\r\n")
        is_signed = header_of(request, "Authorization") != ""
        self.heard.append((lines[0].split()[1], is_signed))
        kept = [line for line in lines if line.split(":")[0] in ("Via", "From", "Call-ID", "CSeq")]
        start = "SIP/2.0 480 Refused" if is_signed else "SIP/2.0 401 Unauthorized"
        more = "" if is_signed else _CHALLENGE
        to = f"To: {header_of(request, 'To')};tag=callee\r\n"
        return ("\r\n".join([start, *kept]) + f"\r\n{to}{more}Content-Length: 0\r\n\r\n").encode()


@contextmanager
def _callee() -> Iterator[_Callee]:
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as udp:
        udp.bind((HOST, 0))
        yield _Callee(udp)
        # Whoever waits in recvfrom() is not woken by close().
        with suppress(OSError):
            udp.shutdown(socket.SHUT_RDWR)


def _legs(port: int) -> bytes:
    """The body of an answer with as many legs as there may be."""
    party = {"display": "", "uri": "sip:x@test.example"}
    common = {
        "path": "", "socket": "", "branch_flags": 0, "fr_timer": 5000, "fr_inv_timer": 5000,
        "trunk": "t", "endpoint": "e", "carrier": "c", "replaces": "",
        "reroute_before": "480=next", "reroute_after": "", "auth_user": "u", "auth_password": "p",
        "auth_realm": "", "headers": {"from": party, "to": party, "extra": ""},
    }  # fmt: skip
    answer = json.loads(document(200, "OK"))
    answer["rtjson"]["success"] = True
    answer["rtjson"]["routes"] = [
        {"uri": f"sip:{leg}@test.example", "dst_uri": f"sip:{HOST}:{port}", **common}
        for leg in range(_LEGS)
    ]
    return json.dumps(answer, separators=(",", ":")).encode()


def test_all_legs_are_tried_after_all_questions(start_node: Start) -> None:
    with _callee() as callee:
        routers = [SmallRouter(BROKEN) for _ in range(3)]
        last = SmallRouter(says(response(_legs(callee.port))))
        node = start_node(*routers, last, ROUTER_PROBES=_NO_PROBES)
        assert node.call() == "SIP/2.0 480 Refused"
    assert [len(router.questions) for router in node.routers] == [1, 1, 1, 1]
    assert callee.heard == [
        (f"sip:{leg}@test.example", is_signed)
        for leg in range(_LEGS)
        for is_signed in (False, True)
    ]
