import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pointsman.kamailio.request import BadRequest, RtjsonRequest, read_request, to_call
from pointsman.routing.call import Call, Diversion, Sender
from pointsman.routing.outcome import Reject, RejectCode
from pointsman.routing.trunk import Transport
from pointsman.routing.uri import NameAddr, Uri

# As the seed's own Kamailio routes send it.
SEED = {
    "event": "sip-routing",
    "source_ip": "192.0.2.10",
    "source_port": 5060,
    "auth": 0,
    "call_id": "1-6710@192.0.2.10",
    "from_name": '"Alice"',
    "from_uri": "sip:+390401234567@acme.example",
    "from_tag": "6710SIPpTag001",
    "to_name": "<null>",
    "to_uri": "sip:+390612345678@203.0.113.1",
    "to_tag": "<null>",
}


def _read(**changes: object) -> RtjsonRequest:
    body = {key: value for key, value in {**SEED, **changes}.items() if value is not ...}
    return read_request(json.dumps(body).encode())


def _call(**changes: object) -> Call:
    call = to_call(_read(**changes))
    assert isinstance(call, Call), call
    return call


def test_the_seeds_request_is_read() -> None:
    call = _call()
    assert call == Call(
        sip_call_id="1-6710@192.0.2.10",
        source_ip="192.0.2.10",
        source_port=5060,
        transport=Transport.UDP,
        request_uri=Uri("sip", "+390612345678", "203.0.113.1"),
        from_=NameAddr("Alice", Uri("sip", "+390401234567", "acme.example")),
        to_display="",
        to_uri="sip:+390612345678@203.0.113.1",
    )


def test_our_additions_are_read() -> None:
    call = _call(
        request_uri="sip:112@203.0.113.1",
        transport="TLS",
        received_ip="203.0.113.1",
        received_port=5061,
        p_asserted_identity='"Alice" <sip:+39040@acme.example>',
    )
    assert call.request_uri == Uri("sip", "112", "203.0.113.1")
    assert call.transport is Transport.TLS
    assert (call.received_ip, call.received_port) == ("203.0.113.1", 5061)
    assert call.asserted == NameAddr("Alice", Uri("sip", "+39040", "acme.example"))


def test_credentials_and_whether_the_node_verified_them_are_read() -> None:
    call = _call(username="alice", realm="acme.example", auth=1)
    assert (call.username, call.realm, call.authenticated) == ("alice", "acme.example", True)
    call = _call(username="<null>", realm="<null>", auth=0)
    assert (call.username, call.realm, call.authenticated) == ("", "", False)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("udp:192.0.2.1:5060", Sender("192.0.2.1", 5060, Transport.UDP)),
        ("TLS:[2001:0DB8::1]:5061", Sender("2001:db8::1", 5061, Transport.TLS)),
        ("tcp:[::ffff:192.0.2.1]:65535", Sender("192.0.2.1", 65_535, Transport.TCP)),
        ("", None),
        ("<null>", None),
        ("unreadable", None),
        ("192.0.2.1:5060", None),
        ("udp:192.0.2.1", None),
        ("udp:192.0.2.1:0", None),
        ("udp:192.0.2.1:65536", None),
        ("udp:192.0.2.256:5060", None),
        ("udp:[192.0.2.1]:5060", None),
        ("udp:2001:db8::1:5060", None),
        ("ws:192.0.2.1:80", None),
        (" udp:192.0.2.1:5060", None),
        ("udp:192.0.2.1:5060, udp:192.0.2.2:5060", None),
        ("udp:192.0.2.1:\u0665\u0660\u0666\u0660", None),
        ("udp:pbx.example:5060", None),
    ],
)
def test_whom_a_proxy_forwards_is_read_or_nobody(text: str, expected: Sender | None) -> None:
    assert _call(forwarded_source=text).forwarded == expected


@pytest.mark.parametrize("header", ["nonsense", "<urn:x>", "<tel:", ",", "<sip:a@b>" * 200])
def test_an_asserted_identity_that_cannot_be_read_is_known_to_be_one(header: str) -> None:
    call = _call(p_asserted_identity=header)
    assert call.asserted is None
    assert call.has_unreadable_identity
    assert not _call().has_unreadable_identity


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("sip:+39040@acme.example, tel:+39040", NameAddr("", Uri("sip", "+39040", "acme.example"))),
        ("sip:+39040@acme.example,<tel:+1>", NameAddr("", Uri("sip", "+39040", "acme.example"))),
        ("tel:+39040, sip:+39040@acme.example", NameAddr("", Uri("tel", "+39040", ""))),
        ("<urn:x>, <sip:+39040@x>", NameAddr("", Uri("sip", "+39040", "x"))),
        ('"Doe, \\"J\\" <x>" <sip:1@x>, <tel:+1>', NameAddr('Doe, "J" <x>', Uri("sip", "1", "x"))),
    ],
)
def test_the_first_identity_that_can_be_read_counts(header: str, expected: NameAddr) -> None:
    call = _call(p_asserted_identity=header)
    assert call.asserted == expected
    assert not call.has_unreadable_identity


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("", set()),
        ("id", {"id"}),
        ("ID;Critical, user", {"id", "critical", "user"}),
        ("unknown", set()),
        ("<null>", set()),
    ],
)
def test_what_the_caller_wants_kept_is_read(header: str, expected: set[str]) -> None:
    assert _call(privacy=header).privacy == expected


_DESK = NameAddr("Desk", Uri("sip", "1", "h"))


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("", ()),
        ("Desk <sip:1@h>;reason=away", (Diversion(_DESK, "away"),)),
        (
            "Desk <sip:1@h>;counter=2,<urn:x>, tel:+39040,",
            (
                Diversion(_DESK, "unknown", 2),
                Diversion(NameAddr("", Uri("tel", "+39040", "")), "unknown"),
            ),
        ),
        ("nonsense", ()),
        (f'"{"x" * 200}" <sip:1@h>', (Diversion(NameAddr("x" * 128, _DESK.uri), "unknown"),)),
        ("<sip:1@h>," * 410, ()),
    ],
)
def test_who_was_called_before_is_read(header: str, expected: tuple[Diversion, ...]) -> None:
    assert _call(diversion=header).diversions == expected


def test_the_last_five_diversions_are_read() -> None:
    header = ",".join(f"<sip:{number}@h>" for number in range(9))
    assert [d.party.uri.user for d in _call(diversion=header).diversions] == list("01234")


def test_what_decides_nothing_never_refuses_a_call() -> None:
    long = "x" * 3_000
    call = _call(
        from_name=long, to_name=long, from_tag=long, to_tag=long, call_id=long,
        privacy=long, diversion=long, p_asserted_identity=f'"{long}" <sip:1@x>',
        request_uri="sip:112@h", to_uri="urn:service:sos",
    )  # fmt: skip
    assert (len(call.from_.display), len(call.to_display)) == (128, 128)
    assert call.request_uri == Uri("sip", "112", "h")
    assert call.sip_call_id == long


def test_keys_that_are_not_known_are_ignored() -> None:
    assert _call(of_another_version={"nested": [1, None]}) == _call()


@pytest.mark.parametrize("field", ["request_uri", "from_uri", "to_uri"])
def test_a_uri_that_cannot_be_read_is_a_reject(field: str) -> None:
    outcome = to_call(_read(**{field: "http://example.com"}))
    assert isinstance(outcome, Reject)
    assert (outcome.code, outcome.sip_code) == (RejectCode.BAD_URI, 400)


@pytest.mark.parametrize("field", ["source_ip", "source_port", "call_id", "from_uri", "to_uri"])
@pytest.mark.parametrize("value", ["<null>", "", None, ..., 7.5, ["x"], {}])
def test_what_a_decision_needs_must_be_there(field: str, value: object) -> None:
    with pytest.raises(BadRequest) as caught:
        _read(**{field: value})
    assert field in (caught.value.field, *str(caught.value).split("`"))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("event", "cdr"),
        ("source_port", "5060"),
        ("source_port", -1),
        ("source_port", 65_536),
        ("source_port", True),
        ("auth", 2),
        ("auth", "false"),
        ("transport", "carrier-pigeon"),
        ("from_name", 5),
        ("from_uri", "sip:" + "a" * 1_100 + "@b"),
        ("received_port", 70_000),
        ("call_id", ""),
        ("from_name", "\ud800"),
    ],
)
def test_what_cannot_be_is_refused_by_name(field: str, value: object) -> None:
    with pytest.raises(BadRequest) as caught:
        _read(**{field: value})
    assert caught.value.field == field


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b'"text"',
        b"{",
        b"\xef\xbb\xbf{}",
        b"\xff\xfe",
        b'{"source_port": NaN}',
        b'{"source_port": Infinity}',
        b"[" * 10_000,
        b'{"a":' * 5_000,
        b'{"from_name": "a\nb"}',
        b'{"source_port": ' + b"9" * 5_000 + b"}",
    ],
)
def test_what_is_no_json_object_is_refused(body: bytes) -> None:
    with pytest.raises(BadRequest):
        read_request(body)


def test_glued_json_with_a_second_source_is_refused() -> None:
    """A Call-ID of `x","source_ip":"10.0.0.1","z":"y`, glued into JSON by a script."""
    body = json.dumps({**SEED, "call_id": "CALL-ID"})
    glued = body.replace("CALL-ID", 'x","source_ip":"10.0.0.1","z":"y')
    with pytest.raises(BadRequest) as caught:
        read_request(glued.encode())
    assert caught.value.field == "source_ip"


@pytest.mark.parametrize("spelled", ['"source_ip"  :', '"source\\u005fip":', '"source_ip"\n:'])
def test_a_second_key_in_any_spelling_is_refused(spelled: str) -> None:
    body = json.dumps(SEED)[:-1] + f',"x\\\\":1,{spelled}"10.0.0.1"}}'
    with pytest.raises(BadRequest) as caught:
        read_request(body.encode())
    assert caught.value.field == "source_ip"


@given(st.dictionaries(st.sampled_from(sorted(SEED)), st.text() | st.integers() | st.none()))
def test_no_field_whatever_breaks_the_reader(changes: dict[str, object]) -> None:
    try:
        request = _read(**changes)
    except BadRequest:
        return
    assert isinstance(to_call(request), Call | Reject)


@given(st.binary(max_size=200))
def test_no_body_whatever_breaks_the_reader(body: bytes) -> None:
    with pytest.raises(BadRequest):
        read_request(body)


_plain = st.dictionaries(
    st.sampled_from([*SEED, "request_uri", "node", "unknown"]),
    st.text(max_size=20) | st.integers(-9, 99_999) | st.just("<null>"),
)


@given(_plain, st.sampled_from([(",", ":"), (", ", ": "), (" ,\n", "\t: ")]), st.booleans())
def test_the_quick_way_reads_what_the_slow_way_does(
    changes: dict[str, object], separators: tuple[str, str], ascii_only: bool
) -> None:
    """A body in the form that Kamailio sends and the same one in any other form."""
    fields = {**SEED, **changes}

    def outcome(body: str) -> object:
        try:
            return read_request(body.encode())
        except BadRequest as error:
            return error.field, str(error)

    compact = json.dumps(fields, separators=(",", ":"), ensure_ascii=False)
    other = json.dumps(fields, separators=separators, ensure_ascii=ascii_only)
    assert outcome(compact) == outcome(other)


@given(st.sampled_from(sorted(SEED)), st.text(max_size=20), st.integers(0, 5))
def test_no_key_is_ever_taken_twice(key: str, value: str, place: int) -> None:
    pairs = [(k, json.dumps(v)) for k, v in SEED.items()]
    pairs.insert(place, (key, json.dumps(value)))
    body = "{" + ",".join(f'"{k}":{v}' for k, v in pairs) + "}"
    with pytest.raises(BadRequest) as caught:
        read_request(body.encode())
    assert (caught.value.field, str(caught.value)) == (key, "is given twice")


def test_an_escaped_letter_is_a_letter() -> None:
    body = json.dumps({**SEED, "from_name": "Jörg \U0001f600"})
    assert "\\u" in body
    assert read_request(body.encode()).from_name == "Jörg \U0001f600"
