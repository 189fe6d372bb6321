"""Nodes that tell each other what they have let in refuse what was overheard at any of them."""

import time

from tests.sip.harness.kamailio import Kamailio
from tests.sip.harness.ports import free_udp_port
from tests.sip.harness.raw import RawParty
from tests.sip.harness.stack import KAMAILIO_HOST, Stack
from tests.sip.scenarios.digest.caller import CALL_WENT, DigestCaller, is_stale
from tests.sip.scenarios.digest.conftest import StartNode


def _settings(own_port: int, peer_port: int) -> list[str]:
    return [
        '#!define NONCE_SECRET "of both nodes"',
        "#!define WITH_REPLICATION",
        f'#!define REPLICATION_ADDRESS "sip:{KAMAILIO_HOST}:{own_port}"',
        f'#!define REPLICATION_PEER "sip:{KAMAILIO_HOST}:{peer_port}"',
        f'#!define REPLICATION_NODES "{KAMAILIO_HOST}/32"',
    ]


def _start_both(start_node: StartNode) -> tuple[Kamailio, Kamailio]:
    ports = [free_udp_port(KAMAILIO_HOST), free_udp_port(KAMAILIO_HOST)]
    one = start_node(*_settings(*ports), port=ports[0])
    other = start_node(*_settings(*reversed(ports)), port=ports[1])
    return one, other


def test_what_one_node_has_let_in_the_other_refuses(
    stack: Stack, caller: DigestCaller, start_node: StartNode
) -> None:
    one, other = _start_both(start_node)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        stack.alpha.answer("callee_refuses", status="486")
        asked = caller.towards(one.socket).ask()
        assert caller.sign_in(asked).startswith(CALL_WENT)
        # Told a moment later: as soon as they know each other, and one call after the other.
        stack.alpha.answer("callee_refuses", status="486")
        answer = caller.towards(other.socket).sign_in(asked)
        if not answer.startswith(CALL_WENT):
            assert is_stale(answer)
            return
    raise AssertionError("the nodes do not tell each other")


def test_nobody_else_is_told_or_believed(stack: Stack, start_node: StartNode) -> None:
    port = free_udp_port(KAMAILIO_HOST)
    node = start_node(*_settings(port, port), port=port)
    with RawParty(stack.stranger.host, node.socket) as party:
        party.send(party.request("KDMQ", "notification_peer"))
        assert party.is_left_alone(0.5)
