"""Requests and routes that a caller makes up, or sends again, lead it nowhere."""

import hashlib
import time

import httpx
import pytest

from tests.sip.conftest import Acme
from tests.sip.harness.operator import Operator
from tests.sip.harness.raw import RawParty
from tests.sip.harness.stack import Stack


def _decisions(stack: Stack) -> float:
    lines = httpx.get(f"{stack.router.url}/metrics").text.splitlines()
    counts = [line for line in lines if line.startswith("pointsman_decisions_total{")]
    return sum(float(line.split()[-1]) for line in counts)


@pytest.mark.usefixtures("acme")
def test_a_retransmission_is_asked_about_once_and_sent_once(stack: Stack) -> None:
    stack.alpha.answer("callee_refuses", status="486")
    before = _decisions(stack)
    with RawParty(stack.pbx.host, stack.kamailio.socket) as party:
        invite = party.request("INVITE", "+390612345678")
        for _ in range(8):
            party.send(invite)
        assert party.final() == "SIP/2.0 486 Refused"
    assert _decisions(stack) == before + 1
    assert len(stack.alpha.received_invites()) == 1


def test_a_leg_to_the_router_itself_is_not_sent(
    stack: Stack, acme: Acme, operator: Operator
) -> None:
    """By a name that the platform cannot know for its own, but Kamailio does."""
    itself = {"host": "localhost", "port": stack.kamailio.port}
    operator.change("Trunk", acme.alpha, endpoints=[itself])
    operator.wait_published()
    before = _decisions(stack)
    stack.beta.answer("callee")
    stack.pbx.call("caller", stack.kamailio.socket, "+390612345678")
    stack.pbx.wait()
    stack.beta.wait()
    assert _decisions(stack) == before + 1
    operator.change("Trunk", acme.beta, endpoints=[itself])
    operator.wait_published()
    stack.pbx.call("caller_refused", stack.kamailio.socket, "+390612345678", status="480")
    stack.pbx.wait()
    assert _decisions(stack) == before + 2


@pytest.mark.usefixtures("acme")
def test_a_request_of_no_dialog_of_ours_goes_nowhere(stack: Stack) -> None:
    stack.alpha.answer("callee")
    with RawParty(stack.stranger.host, stack.kamailio.socket) as party:
        to = f"<sip:x@{stack.sockets['alpha']}>;tag=guessed"
        party.send(party.request("BYE", "x", to=to))
        assert party.final() == "SIP/2.0 481 Call/Transaction Does Not Exist"
    assert stack.alpha.messages() == []


@pytest.mark.usefixtures("acme")
@pytest.mark.parametrize("method", ["INVITE", "BYE", "MESSAGE", "REGISTER", "SUBSCRIBE"])
@pytest.mark.parametrize(
    "route",
    [
        "<sip:{node};lr>",
        "<sip:{node};lr;ps=>",
        "<sip:{node};lr;ps=0000000000000000000000000000000000000000000000000000000000000000>",
        "<sip:{node};lr>, <sip:{alpha};lr>",
        "<sip:{alpha};lr>",
    ],
)
def test_a_route_of_ones_own_leads_nowhere(stack: Stack, method: str, route: str) -> None:
    """A To tag and our address in Route make no dialog: this node is no open relay."""
    stack.alpha.answer("callee")
    alpha = stack.sockets["alpha"]
    header = f"Route: {route.format(node=stack.sockets['kamailio'], alpha=alpha)}"
    with RawParty(stack.stranger.host, stack.kamailio.socket) as party:
        request = party.request(method, "x", header, to=f"<sip:x@{alpha}>;tag=guessed")
        line = f"{method} sip:x@{stack.sockets['kamailio']} SIP/2.0"
        assert request.startswith(line.encode())
        party.send(request.replace(line.encode(), f"{method} sip:x@{alpha} SIP/2.0".encode(), 1))
        assert party.final() == "SIP/2.0 481 Call/Transaction Does Not Exist"
    assert stack.alpha.messages() == []


@pytest.mark.usefixtures("acme")
def test_the_signature_of_one_call_is_good_for_no_other(stack: Stack) -> None:
    stack.alpha.answer("callee")
    stack.pbx.call("caller", stack.kamailio.socket, "+390612345678")
    stack.pbx.wait()
    (invite, *_) = stack.alpha.wait()
    (route,) = invite.all("Record-Route")
    assert ";ps=" in route
    stack.alpha.answer("callee")
    with RawParty(stack.stranger.host, stack.kamailio.socket) as party:
        to = f"<sip:x@{stack.sockets['alpha']}>;tag=guessed"
        party.send(party.request("INVITE", "x", f"Route: {route}", to=to))
        assert party.final() == "SIP/2.0 481 Call/Transaction Does Not Exist"
    assert stack.alpha.messages() == []


@pytest.mark.usefixtures("acme")
@pytest.mark.parametrize(
    ("uri", "expected"),
    [
        ("urn:service:sos", "SIP/2.0 416 Unsupported URI Scheme"),
        ("sips:+390612345678@127.0.0.1", "SIP/2.0 416 Unsupported URI Scheme"),
    ],
)
def test_a_scheme_that_is_not_routed_is_said_to_be_so(
    stack: Stack, uri: str, expected: str
) -> None:
    with RawParty(stack.pbx.host, stack.kamailio.socket) as party:
        request = party.request("INVITE", "x").decode()
        party.send(f"INVITE {uri} SIP/2.0\r\n{request.partition(chr(10))[2]}".encode())
        assert party.final() == expected


@pytest.mark.usefixtures("acme")
def test_an_extension_that_is_required_is_not_passed_over(stack: Stack) -> None:
    with RawParty(stack.pbx.host, stack.kamailio.socket) as party:
        party.send(party.request("INVITE", "+390612345678", "Proxy-Require: foo"))
        assert party.final().startswith("SIP/2.0 420 ")


@pytest.mark.usefixtures("acme")
def test_a_call_that_has_come_a_long_way_goes_no_further(stack: Stack) -> None:
    with RawParty(stack.pbx.host, stack.kamailio.socket) as party:
        invite = party.request("INVITE", "+390612345678")
        party.send(invite.replace(b"Max-Forwards: 70", b"Max-Forwards: 0"))
        assert party.final() == "SIP/2.0 483 Too Many Hops"


@pytest.mark.usefixtures("acme")
@pytest.mark.parametrize("called", ["999", "+390612345678"])
def test_a_refusal_is_acknowledged_with_the_route_of_its_invite(stack: Stack, called: str) -> None:
    """RFC 3261 section 17.1.1.3: the ACK has the INVITE's Route, which no signature is in."""
    stack.alpha.answer("callee_refuses", status="486")
    with RawParty(stack.pbx.host, stack.kamailio.socket) as party:
        route = f"Route: <sip:{stack.sockets['kamailio']};lr>"
        party.send(party.request("INVITE", called, route))
        assert party.final().startswith("SIP/2.0 4")
        assert party.is_left_alone(1.5)


@pytest.mark.usefixtures("acme")
@pytest.mark.parametrize(
    ("age_s", "host", "status"),
    [(0, "kamailio", "486"), (86_000, "kamailio", "486"), (87_000, "kamailio", "481"),
     (0, "alpha", "481")],
)  # fmt: skip
def test_a_signature_ages_and_is_ours(stack: Stack, age_s: int, host: str, status: str) -> None:
    secret = f"Authorization: Bearer {stack.node_token}"
    at = int(time.time()) - age_s
    call_id, tag = "signed", "by-the-test"
    parts = [secret, str(at), _sha256(call_id), _sha256(tag), secret]
    signature = _sha256(":".join(parts))
    stack.alpha.answer("callee_refuses", status="486")
    alpha = stack.sockets["alpha"]
    route = f"Route: <sip:{stack.sockets[host]};lr;pt={at};ps={signature}>"
    with RawParty(stack.pbx.host, stack.kamailio.socket) as party:
        identity = "P-Asserted-Identity: <sip:+1900@bank.example>"
        request = party.request(
            "INVITE", "x", route, identity, call_id=call_id,
            from_=f"<sip:a@x>;tag={tag}", to=f"<sip:x@{alpha}>;tag=theirs",
        )  # fmt: skip
        party.send(request.replace(f"x@{stack.sockets['kamailio']} SIP".encode(),
                                   f"x@{alpha} SIP".encode(), 1))  # fmt: skip
        assert party.final().startswith(f"SIP/2.0 {status} ")
    if status == "486":
        (invite, *_) = stack.alpha.wait()
        assert invite.all("P-Asserted-Identity") == []


@pytest.mark.usefixtures("acme")
def test_a_request_uri_that_cannot_be_read_is_replaced_by_no_other(stack: Stack) -> None:
    stack.alpha.answer("callee")
    with RawParty(stack.pbx.host, stack.kamailio.socket) as party:
        request = party.request("INVITE", "+44\xe9", to="<sip:+390612345678@acme.example>")
        party.send(request)
        assert party.final() == "SIP/2.0 400 Bad Request"
    assert stack.alpha.messages() == []


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
