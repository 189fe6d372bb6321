"""A proxy before the node says where a call comes from: a listed one is believed, nobody else."""

import pytest

from tests.sip.conftest import Acme
from tests.sip.harness.operator import Operator
from tests.sip.harness.raw import RawParty
from tests.sip.harness.stack import Stack

_CALLED = "+390612345678"
_HEADER = "X-Forwarded-Source"


@pytest.fixture
def proxy(stack: Stack, acme: Acme, operator: Operator) -> str:
    """The address of a listed proxy."""
    operator.make("CreateTrustedProxy", name="edge", cidr=stack.stranger.host)
    operator.wait_published()
    return stack.stranger.host


def test_a_listed_proxy_is_believed_and_its_header_goes_no_further(
    stack: Stack, proxy: str
) -> None:
    stack.alpha.answer("callee_refuses", status="486")
    with RawParty(proxy, stack.kamailio.socket) as party:
        header = f"{_HEADER}: udp:{stack.pbx.host}:5060"
        party.send(party.request("INVITE", _CALLED, header))
        assert party.final() == "SIP/2.0 486 Refused"
    (invite, *_) = stack.alpha.wait()
    assert invite.all(_HEADER) == []


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [f"{_HEADER}: udp:127.0.0.98:5060"],
        [f"{_HEADER}: 127.0.0.10"],
        [f"{_HEADER}: udp:127.0.0.10:5060\xe9"],
        # one may be the caller's own
        [f"{_HEADER}: udp:127.0.0.10:5060", f"{_HEADER}: udp:127.0.0.98:5060"],
        [f"{_HEADER}: udp:127.0.0.98:5060", f"{_HEADER}: udp:127.0.0.10:5060"],
        [f"{_HEADER}: udp:127.0.0.10:5060", f"{_HEADER}: udp:127.0.0.10:5060"],
        ["X-Forwarded-For: 127.0.0.10"],
    ],
)
def test_a_proxy_that_says_nothing_clear_has_no_call(
    stack: Stack, proxy: str, headers: list[str]
) -> None:
    stack.alpha.answer("callee")
    with RawParty(proxy, stack.kamailio.socket) as party:
        party.send(party.request("INVITE", _CALLED, *headers))
        assert party.final() == "SIP/2.0 403 Forbidden"
    assert stack.alpha.messages() == []


@pytest.mark.usefixtures("proxy")
def test_nobody_else_is_believed(stack: Stack) -> None:
    stack.alpha.answer("callee_refuses", status="486")
    header = f"{_HEADER}: udp:{stack.pbx.host}:5060"
    with RawParty("127.0.0.98", stack.kamailio.socket) as party:
        party.send(party.request("INVITE", _CALLED, header))
        assert party.final() == "SIP/2.0 403 Forbidden"
    with RawParty(stack.pbx.host, stack.kamailio.socket) as party:
        party.send(party.request("INVITE", _CALLED, f"{_HEADER}: udp:127.0.0.98:5060"))
        assert party.final() == "SIP/2.0 486 Refused"
    (invite, *_) = stack.alpha.wait()
    assert invite.all(_HEADER) == []


@pytest.mark.usefixtures("acme")
@pytest.mark.parametrize(
    "header",
    [
        "X-Account: forged",
        "x_tenant: Zen",
        "X-Forwarded-Source: udp:127.0.0.98:5060",
        "Diversion: <sip:+39040999@x>;reason=unconditional",
        "History-Info: <sip:+39040999@x>;index=1",
        "Geolocation: <cid:x@y>",
        "Geolocation-Routing: yes",
    ],
)
def test_what_a_peer_says_in_such_headers_goes_no_further(stack: Stack, header: str) -> None:
    stack.alpha.answer("callee_refuses", status="486")
    with RawParty(stack.pbx.host, stack.kamailio.socket) as party:
        party.send(party.request("INVITE", _CALLED, header, "Subject: lunch"))
        assert party.final() == "SIP/2.0 486 Refused"
    (invite, *_) = stack.alpha.wait()
    name = header.partition(":")[0].lower()
    assert [key for key, _ in invite.headers if key.lower() == name] == []
    assert invite.one("Subject") == "lunch"
