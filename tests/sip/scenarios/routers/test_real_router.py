"""A real router that stands still, and goes on: calls go to its neighbour meanwhile."""

import signal

from tests.sip.harness.small_router import SmallRouter, response, says
from tests.sip.harness.stack import Stack
from tests.sip.scenarios.routers.conftest import BY_SECOND, SECOND_SAYS, Start

_ITS_ANSWER = "SIP/2.0 403 Forbidden"


def test_calls_go_to_the_neighbour_while_a_router_hangs(stack: Stack, start_node: Start) -> None:
    neighbour = SmallRouter(says(response(BY_SECOND)))
    node = start_node(
        neighbour, before=f"{stack.router.url}/kamailio/rtjson", bearer=stack.node_token
    )
    assert node.call() == _ITS_ANSWER
    stack.router.signal(signal.SIGSTOP)
    try:
        heard = [node.call() for _ in range(20)]
        node.wait_until_open(0)
    finally:
        stack.router.signal(signal.SIGCONT)
    assert heard == [SECOND_SAYS] * 20
    assert len(neighbour.questions) == 20
    node.wait_until_closed(0)
    assert node.call() == _ITS_ANSWER
