import pytest
from hypothesis import given
from hypothesis import strategies as st

from pointsman.routing.uri import (
    BadUri,
    NameAddr,
    Uri,
    escape_user,
    format_uri,
    has_control,
    parse_display,
    parse_name_addr,
    parse_uri,
    split_name_addr,
    split_values,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sip:100@example.com", Uri("sip", "100", "example.com")),
        ("SIP:100@EXAMPLE.com", Uri("sip", "100", "example.com")),
        ("sips:100@example.com:5061", Uri("sips", "100", "example.com", 5061)),
        ("sip:example.com", Uri("sip", "", "example.com")),
        ("sip:example.com.", Uri("sip", "", "example.com")),
        ("sip:192.0.2.1:5080", Uri("sip", "", "192.0.2.1", 5080)),
        ("sip:[2001:db8::1]", Uri("sip", "", "2001:db8::1")),
        ("sip:[2001:0DB8:0::1]:5060", Uri("sip", "", "2001:db8::1", 5060)),
        (
            "sip:100@example.com;transport=tcp;lr",
            Uri("sip", "100", "example.com", None, ";transport=tcp;lr"),
        ),
        (
            "sip:+390401234567@example.com:5060;user=phone",
            Uri("sip", "+390401234567", "example.com", 5060, ";user=phone"),
        ),
        ("sip:100@example.com?subject=x", Uri("sip", "100", "example.com")),
        ("sip:alice:secret@example.com", Uri("sip", "alice", "example.com")),
        ("sip:%2331%23@example.com", Uri("sip", "#31#", "example.com")),
        ("sip:j%C3%B6rg@example.com", Uri("sip", "jörg", "example.com")),
        ("sip:*72@example.com", Uri("sip", "*72", "example.com")),
        ("sip:user;par=u%40x@example.com", Uri("sip", "user;par=u@x", "example.com")),
        ("tel:+39-040-123", Uri("tel", "+39-040-123", "")),
        (
            "tel:7042;phone-context=example.com",
            Uri("tel", "7042", "", None, ";phone-context=example.com"),
        ),
    ],
)
def test_a_uri_is_read(text: str, expected: Uri) -> None:
    assert parse_uri(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<null>",
        "sip:",
        "sip:@example.com:",
        "sip:100@",
        "sip:a@b@example.com",
        "sip:100@exa mple.com",
        "sip:100@example.com:70000",
        "sip:100@example.com:0",
        "sip:100@[2001:db8::zz]",
        "sip:100@[2001:db8::1::2]",
        "sip:100@-example.com",
        "sip:100%4@example.com",
        "sip:100%FF@example.com",
        "sip:100\r\nX-Evil: 1@example.com",
        "sip:100@example.com;x\r\nX-Evil: 1",
        "<sip:100@example.com>",
        "http://example.com",
        "isbn:2983792873",
        "tel:",
        "tel:+39 040",
        "100@example.com",
    ],
)
def test_what_is_no_uri_is_refused(text: str) -> None:
    with pytest.raises(BadUri):
        parse_uri(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sip:a@b.example", NameAddr("", Uri("sip", "a", "b.example"))),
        ("<sip:a@b.example>", NameAddr("", Uri("sip", "a", "b.example"))),
        ('"A B" <sip:a@b.example>;tag=1', NameAddr("A B", Uri("sip", "a", "b.example"))),
        ("A B <sip:a@b.example>", NameAddr("A B", Uri("sip", "a", "b.example"))),
        (
            r'"A \"x\" <b>" <sip:a@b.example>',
            NameAddr('A "x" <b>', Uri("sip", "a", "b.example")),
        ),
        (
            "<sip:a@b.example>, <tel:+39040>",
            NameAddr("", Uri("sip", "a", "b.example")),
        ),
        ("sip:a@b.example;tag=1", NameAddr("", Uri("sip", "a", "b.example"))),
    ],
)
def test_a_name_addr_is_read(text: str, expected: NameAddr) -> None:
    assert parse_name_addr(text) == expected


@pytest.mark.parametrize("text", ['"A <sip:a@b.example>', "<sip:a@b.example", "A", ""])
def test_what_is_no_name_addr_is_refused(text: str) -> None:
    with pytest.raises(BadUri):
        parse_name_addr(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Alice", "Alice"),
        ('"Alice"', "Alice"),
        (' "Alice B" ', "Alice B"),
        (r'"A \"B\" \\C"', r'A "B" \C'),
        ('"', '"'),
        ("", ""),
    ],
)
def test_a_display_name_loses_its_quotes(text: str, expected: str) -> None:
    assert parse_display(text) == expected


@pytest.mark.parametrize(
    ("user", "escaped"),
    [
        ("+390401234567", "+390401234567"),
        ("*72", "*72"),
        ("#31#0401234", "%2331%230401234"),
        ("john.doe", "john.doe"),
        ("jörg", "j%C3%B6rg"),
        ("a@b", "a%40b"),
        ("a;b", "a%3Bb"),
        ("a b", "a%20b"),
        ("a%b", "a%25b"),
    ],
)
def test_a_user_is_escaped_where_it_must_be(user: str, escaped: str) -> None:
    assert escape_user(user) == escaped


@pytest.mark.parametrize(
    ("uri", "text"),
    [
        (Uri("sip", "100", "2001:db8::1", 5060), "sip:100@[2001:db8::1]:5060"),
        (Uri("sip", "", "example.com"), "sip:example.com"),
        (Uri("sip", "a", "b", None, ";transport=tcp"), "sip:a@b;transport=tcp"),
        (Uri("tel", "+39040", ""), "tel:+39040"),
    ],
)
def test_a_uri_is_written(uri: Uri, text: str) -> None:
    assert format_uri(uri) == text


_users = st.text(st.characters(codec="utf-8"), max_size=40)
_hosts = st.one_of(
    st.from_regex(r"[a-z0-9]([a-z0-9-]{0,10}[a-z0-9])?(\.[a-z]{2,5}){0,2}", fullmatch=True),
    st.ip_addresses().map(str),
)


@given(_users, _hosts, st.none() | st.integers(1, 65_535))
def test_what_is_written_reads_the_same(user: str, host: str, port: int | None) -> None:
    uri = Uri("sip", user, host, port)
    assert parse_uri(format_uri(uri)) == uri


@given(_users, _hosts)
def test_a_written_uri_never_has_a_control_character(user: str, host: str) -> None:
    text = format_uri(Uri("sip", user, host))
    assert not has_control(text)
    assert text.isascii()
    assert not set(text) & set('<>" ')


@given(st.text(max_size=80))
def test_no_text_whatever_breaks_the_parser(text: str) -> None:
    for parse in (parse_uri, parse_name_addr):
        try:
            parse(text)
        except BadUri:
            continue


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("", []),
        (" , ,", []),
        ("a, b", ["a", "b"]),
        ('"a, b" <sip:1@h;x=a,b>, c', ['"a, b" <sip:1@h;x=a,b>', "c"]),
        (r'"a\", b", c', [r'"a\", b"', "c"]),
        ('"a, "b, c', ['"a, "b', "c"]),
        ('a", b, c", d, e"', ['a", b, c"', "d", 'e"']),
        ('"a, b, "', ['"a, b, "']),
        ('a", b, c', ['a"', "b", "c"]),
        ("<a, b", ["<a", "b"]),
        ("<a, <b, <c", ["<a", "<b", "<c"]),
        ('<a">, "b<", c', ['<a">', '"b<"', "c"]),
    ],
)
def test_a_header_is_split_at_the_commas_between_its_values(
    header: str, expected: list[str]
) -> None:
    assert split_values(header) == expected


@pytest.mark.parametrize(
    ("text", "params"),
    [
        ("<sip:1@h;a=b>;c=d;e", ";c=d;e"),
        ("sip:1@h;a=b", ";a=b"),
        ("sip:1@h", ""),
        ('"x>;y" <sip:1@h>', ""),
    ],
)
def test_the_parameters_behind_a_name_addr_are_the_headers(text: str, params: str) -> None:
    assert split_name_addr(text)[1] == params
