"""A leg over TCP that is refused has failed at once: nobody waits for its timer."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sip.conftest import Acme
from tests.sip.harness.kamailio import Kamailio
from tests.sip.harness.operator import Operator
from tests.sip.harness.ports import free_udp_port
from tests.sip.harness.stack import KAMAILIO_HOST, Stack


@pytest.fixture
def with_tcp(stack: Stack) -> Iterator[Kamailio]:
    """Another Kamailio with the repository's configuration, which has a TCP socket too."""
    directory = Path(tempfile.mkdtemp(prefix="pointsman-tcp-"))
    kamailio = Kamailio(directory, KAMAILIO_HOST, free_udp_port(KAMAILIO_HOST))
    url = f"{stack.router.url}/kamailio/rtjson"
    listen = f"listen=tcp:{kamailio.host}:{kamailio.port}"
    kamailio.configure(url, stack.node_token, listen)
    kamailio.start()
    yield kamailio
    kamailio.stop()
    shutil.rmtree(directory)


def test_a_refused_connection_is_a_transport_failure(
    stack: Stack, acme: Acme, operator: Operator, with_tcp: Kamailio
) -> None:
    rule = {"cause": "TRANSPORT", "action": "REWRITE", "sipCode": 502, "sipReason": "Refused It"}
    policy = operator.make("CreateReroutePolicy", name="p", rules=[rule])
    over_tcp = {"host": stack.alpha.host, "port": stack.alpha.port, "transport": "TCP"}
    operator.change("Trunk", acme.alpha, endpoints=[over_tcp])
    operator.wait_published()
    stack.beta.answer("callee")
    stack.pbx.call("caller", with_tcp.socket, "+390612345678")
    stack.pbx.wait()
    stack.beta.wait()
    operator.change("Trunk", acme.alpha, reroutePolicyId=policy)
    operator.wait_published()
    stack.pbx.call("caller_refused", with_tcp.socket, "+390612345678", status="502")
    final = [message.start_line for message in stack.pbx.wait() if message.received][-1]
    assert final == "SIP/2.0 502 Refused It"
