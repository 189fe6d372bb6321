"""What a caller writes into its headers is told to the router as it is, and believed by nobody."""

import hashlib
import time

import httpx
import pytest

from tests.sip.conftest import Acme
from tests.sip.harness.operator import Operator
from tests.sip.harness.raw import RawParty
from tests.sip.harness.stack import Stack

_STRANGER = "127.0.0.99"


def _decisions(stack: Stack) -> float:
    lines = httpx.get(f"{stack.router.url}/metrics").text.splitlines()
    counts = [line for line in lines if line.startswith("pointsman_decisions_total{")]
    return sum(float(line.split()[-1]) for line in counts)


@pytest.mark.usefixtures("acme")
@pytest.mark.parametrize(
    "call_id",
    [
        'x","source_ip":"127.0.0.10","z":"y',
        'x\\","source_ip":"127.0.0.10","z":"y',
        '{"source_ip":"127.0.0.10"}',
    ],
)
def test_json_in_a_call_id_is_a_call_id(stack: Stack, call_id: str) -> None:
    stack.alpha.answer("callee")
    with RawParty(_STRANGER, stack.kamailio.socket) as party:
        party.send(party.request("INVITE", "+390612345678", call_id=call_id))
        assert party.final() == "SIP/2.0 403 Forbidden"
    assert stack.alpha.messages() == []


@pytest.mark.usefixtures("acme")
@pytest.mark.parametrize(
    "header",
    [
        "X-Forwarded-For: 127.0.0.10",
        "X-Source-IP: 127.0.0.10",
        "X-Destination-URI: sip:127.0.0.21",
        "X-Auth-User: acme",
        "X_Tenant: Acme",
        "Route: <sip:127.0.0.21;lr>",
        "P-Asserted-Identity: <sip:+390401234567@acme.example>",
        "Record-Route: <sip:127.0.0.21;lr>",
    ],
)
def test_a_header_makes_nobody_known(stack: Stack, header: str) -> None:
    stack.alpha.answer("callee")
    with RawParty(_STRANGER, stack.kamailio.socket) as party:
        party.send(party.request("INVITE", "+390612345678", header))
        assert party.final() == "SIP/2.0 403 Forbidden"
    assert stack.alpha.messages() == []


@pytest.mark.usefixtures("acme")
@pytest.mark.parametrize(
    ("from_", "expected"),
    [
        (
            '"Al \\"x\\" <sip:evil@evil.example>" <sip:+390401234567@acme.example>',
            '"Al \\"x\\" <sip:evil@evil.example>" <sip:+390401234567@sip.acme.example>',
        ),
        (
            "Alice Liddell <sip:+390401234567@acme.example>",
            '"Alice Liddell" <sip:+390401234567@sip.acme.example>',
        ),
        (
            "<sip:+39-040-1234567;isub=1@acme.example;user=phone>",
            "<sip:+390401234567@sip.acme.example>",
        ),
        ("sip:+390401234567@acme.example", "<sip:+390401234567@sip.acme.example>"),
        ("<tel:+39-040-1234567>", "<sip:+390401234567@sip.acme.example>"),
        (
            "<sip:john.doe@[2001:db8::1]:5080;transport=tcp>",
            "<sip:john.doe@sip.acme.example>",
        ),
        ("<sip:%2331%23123@acme.example>", "<sip:%2331%23123@sip.acme.example>"),
    ],
)
def test_a_caller_is_written_in_one_well_formed_way(
    stack: Stack, from_: str, expected: str
) -> None:
    stack.alpha.answer("callee_refuses", status="486")
    with RawParty(stack.pbx.host, stack.kamailio.socket) as party:
        party.send(party.request("INVITE", "+390612345678", from_=f"{from_};tag=1"))
        assert party.final() == "SIP/2.0 486 Refused"
    (invite, *_) = stack.alpha.wait()
    # A bare addr-spec stays one: no parameter of its URI can be taken for the header's.
    bare = not from_.endswith(">")
    assert invite.one("From").partition(";tag=")[0] == (expected[1:-1] if bare else expected)
    if "+39" in expected:
        assert invite.one("P-Asserted-Identity") == expected
    else:
        assert invite.all("P-Asserted-Identity") == []


@pytest.mark.usefixtures("acme")
@pytest.mark.parametrize(
    "name",
    ["A$AP Rocky", "100$", "$def(ROUTER_AUTHORIZATION)", "$hdr(X-A)", "$$si", "$(hdr(From))"],
)
def test_a_name_is_never_a_variable(stack: Stack, name: str) -> None:
    """Kamailio puts variables into a text that stands unquoted where a format is taken."""
    stack.alpha.answer("callee_refuses", status="486")
    with RawParty(stack.pbx.host, stack.kamailio.socket) as party:
        from_ = f'"{name}" <sip:+390401234567@acme.example>;tag=1'
        injected = ("X-A: $hdr(X-B)", 'X-B: x","uri":"sip:127.0.0.99:5060","y":"')
        party.send(party.request("INVITE", "+390612345678", *injected, from_=from_))
        assert party.final() == "SIP/2.0 486 Refused"
    (invite, *_) = stack.alpha.wait()
    expected = f'"{name}" <sip:+390401234567@sip.acme.example>'
    assert invite.one("From") == f"{expected};tag=1"
    assert invite.one("P-Asserted-Identity") == expected


@pytest.mark.usefixtures("acme")
def test_a_number_is_never_a_variable(stack: Stack) -> None:
    stack.alpha.answer("callee")
    with RawParty(stack.pbx.host, stack.kamailio.socket) as party:
        party.send(party.request("INVITE", "+39$si"))
        assert party.final() == "SIP/2.0 484 Address Incomplete"
    assert stack.alpha.messages() == []


@pytest.mark.usefixtures("acme")
def test_an_identity_that_cannot_be_read_is_replaced_by_no_other(stack: Stack) -> None:
    for identity in ('"J\xf6rg" <sip:+390401234999@acme.example>', "<urn:x>"):
        stack.alpha.answer("callee_refuses", status="486")
        with RawParty(stack.pbx.host, stack.kamailio.socket) as party:
            from_ = "<sip:+390401234567@acme.example>;tag=1"
            header = f"P-Asserted-Identity: {identity}"
            party.send(party.request("INVITE", "+390612345678", header, from_=from_))
            assert party.final() == "SIP/2.0 486 Refused"
        (invite, *_) = stack.alpha.wait()
        assert invite.all("P-Asserted-Identity") == []


@pytest.mark.usefixtures("acme")
@pytest.mark.parametrize("header", ["P-Preferred-Identity", "Remote-Party-ID"])
def test_no_other_identity_of_the_caller_reaches_a_carrier(stack: Stack, header: str) -> None:
    stack.alpha.answer("callee_refuses", status="486")
    with RawParty(stack.pbx.host, stack.kamailio.socket) as party:
        line = f"{header}: <sip:+19005550000@bank.example>"
        party.send(party.request("INVITE", "+390612345678", line))
        assert party.final() == "SIP/2.0 486 Refused"
    (invite, *_) = stack.alpha.wait()
    assert invite.all(header) == []


@pytest.mark.usefixtures("acme")
@pytest.mark.parametrize(
    "name",
    [
        "P-Preferred-Identity", "P-Asserted-Service", "P-Served-User", "Remote-Party-ID",
        "Diversion", "History-Info", "Geolocation", "Proxy-Authorization", "X-Account",
    ],
)  # fmt: skip
def test_no_spelling_of_a_header_brings_it_through(stack: Stack, name: str) -> None:
    """Of odd case, with space before the colon, folded, and several times."""
    stack.alpha.answer("callee_refuses", status="486")
    value = "<sip:+19005550000@bank.example>;index=1"
    lines = [f"{name} : {value}", f"{name.upper()}\t: {value}", f"{name.swapcase()}:\r\n {value}"]
    with RawParty(stack.pbx.host, stack.kamailio.socket) as party:
        from_ = "<sip:+390401234567@acme.example>;tag=1"
        party.send(party.request("INVITE", "+390612345678", *lines, from_=from_))
        assert party.final() == "SIP/2.0 486 Refused"
    (invite, *_) = stack.alpha.wait()
    assert sorted(key for key, _ in invite.headers) == [
        "CSeq", "Call-ID", "Contact", "Content-Length", "From", "Max-Forwards",
        "P-Asserted-Identity", "Record-Route", "To", "Via", "Via",
    ]  # fmt: skip
    assert not any("1900555" in text for _, text in invite.headers)


@pytest.mark.usefixtures("acme")
@pytest.mark.parametrize(
    "lines",
    [
        ["P-Asserted-Identity : <sip:+390401234999@acme.example>"],
        ["p-aSSERTED-iDENTITY:\r\n\t<sip:+390401234999@acme.example>"],
        ["P-Asserted-Identity: <sip:+390401234999@acme.example>, <tel:+19005550000>"],
        [
            "P-Asserted-Identity: <sip:+390401234999@acme.example>",
            "P-Asserted-Identity : <sip:+19005550000@bank.example>",
        ],
    ],
)
def test_an_asserted_identity_is_read_and_replaced_in_any_spelling(
    stack: Stack, lines: list[str]
) -> None:
    stack.alpha.answer("callee_refuses", status="486")
    with RawParty(stack.pbx.host, stack.kamailio.socket) as party:
        from_ = "<sip:+390401234567@acme.example>;tag=1"
        party.send(party.request("INVITE", "+390612345678", *lines, from_=from_))
        assert party.final() == "SIP/2.0 486 Refused"
    (invite, *_) = stack.alpha.wait()
    assert invite.one("P-Asserted-Identity") == "<sip:+390401234999@sip.acme.example>"


@pytest.mark.usefixtures("acme")
def test_a_callers_own_identity_header_never_stands_beside_ours(stack: Stack) -> None:
    stack.alpha.answer("callee")
    extra = "P-Asserted-Identity: <sip:+390401234999@acme.example>"
    stack.pbx.call("caller", stack.kamailio.socket, "+390612345678", extra=extra)
    stack.pbx.wait()
    (invite, *_) = stack.alpha.wait()
    assert invite.one("P-Asserted-Identity") == "<sip:+390401234999@sip.acme.example>"


@pytest.mark.usefixtures("acme")
def test_a_display_name_that_is_no_utf8_does_not_stop_a_call(stack: Stack) -> None:
    with RawParty(stack.pbx.host, stack.kamailio.socket) as party:
        from_ = '"J\xf6rg" <sip:+390401234567@acme.example>;tag=latin'
        stack.alpha.answer("callee_refuses", status="486")
        party.send(party.request("INVITE", "+390612345678", from_=from_))
        assert party.final() == "SIP/2.0 486 Refused"


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
    with RawParty(_STRANGER, stack.kamailio.socket) as party:
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
    with RawParty(_STRANGER, stack.kamailio.socket) as party:
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
    with RawParty(_STRANGER, stack.kamailio.socket) as party:
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
def test_callers_in_turn_never_get_each_others_identity(stack: Stack) -> None:
    for number in range(6):
        caller = f"+39040123456{number}"
        stack.alpha.answer("callee")
        stack.pbx.call(
            "caller",
            stack.kamailio.socket,
            "+390612345678",
            **{"from": f'"N{number}" <sip:{caller}@acme.example>'},
        )
        stack.pbx.wait()
        (invite, *_) = stack.alpha.wait()
        expected = f'"N{number}" <sip:{caller}@sip.acme.example>'
        assert invite.one("P-Asserted-Identity") == expected
        assert invite.one("From").startswith(expected + ";tag=")


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
