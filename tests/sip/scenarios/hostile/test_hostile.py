"""What a caller writes into its headers is told to the router as it is, and believed by nobody."""

import pytest

from tests.sip.harness.raw import RawParty
from tests.sip.harness.stack import Stack


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
    with RawParty(stack.stranger.host, stack.kamailio.socket) as party:
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
    with RawParty(stack.stranger.host, stack.kamailio.socket) as party:
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
