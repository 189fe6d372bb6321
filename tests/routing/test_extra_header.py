"""Headers that an operator adds to the calls of a trunk."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pointsman.routing.extra_header import (
    ALLOWED_NAMES,
    MAX_VALUE,
    PLACEHOLDERS,
    BadHeader,
    check_header,
    compile_headers,
    write_headers,
)
from pointsman.routing.trunk import ExtraHeader
from pointsman.routing.uri import has_control

_VALUES = {
    "called_number": "+390612345678",
    "calling_number": "+390401234567",
    "sip_call_id": "1-6710@192.0.2.10",
    "tenant": "Acme S.p.A.",
    "trunk": "alpha-1",
    "carrier": "Alpha",
    "source_trunk": "acme-pbx",
}


def _write(template: str, name: str = "X-Test", **values: str) -> tuple[tuple[str, str], ...]:
    return write_headers(compile_headers([ExtraHeader(name, template)], {}), {**_VALUES, **values})


@pytest.mark.parametrize("name", [*ALLOWED_NAMES, "X-Tenant", "x-a", "X-Site-2", "subject"])
def test_a_name_that_is_allowed_is_written_as_it_was_given(name: str) -> None:
    check_header(name, "value")
    assert _write("value", name) == ((name, "value"),)


@pytest.mark.parametrize(
    "name",
    [
        "", "X-", "X-a-", "X--a", "X_Tenant", "X-a b", "X-a:", "X-a\r\nVia", "X-ä", "X" * 65,
        f"X-{'a' * 63}", "Via", "Route", "Record-Route", "Contact", "From", "f", "To", "t",
        "Call-ID", "i", "CSeq", "Max-Forwards", "Content-Length", "l", "Content-Type", "c",
        "Require", "Proxy-Require", "Supported", "k", "Authorization", "Proxy-Authorization",
        "P-Asserted-Identity", "P-Preferred-Identity", "Remote-Party-ID", "Privacy",
        "Diversion", "History-Info", "Geolocation", "Geolocation-Routing", "Identity", "Reason",
        "Replaces", "Referred-By", "Session-Expires", "x",
    ],
)  # fmt: skip
def test_any_other_name_is_refused(name: str) -> None:
    with pytest.raises(BadHeader) as caught:
        check_header(name, "value")
    assert "may not be added" in str(caught.value)
    assert "Organization" in caught.value.fix


@pytest.mark.parametrize(
    "name", ["X-Forwarded-For", "x-real-ip", "X-Source-IP", "X-Destination-URI", "X-AUTH-USER"]
)
def test_a_name_that_proxies_believe_is_refused(name: str) -> None:
    with pytest.raises(BadHeader, match="tells proxies where a call comes from"):
        check_header(name, "value")


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("", "0 characters"),
        ("a" * 201, "201 characters"),
        (" a", "spaces around"),
        ("a\r\nVia: x", "control"),
        ("a\x00", "control"),
        ("{called}", r"\{called\} is no placeholder"),
        ("{called_number", "belongs to no placeholder"),
        ("called_number}", "belongs to no placeholder"),
        ("{}", "belongs to no placeholder"),
        ("{{tenant}}", "belongs to no placeholder"),
        ("{tenant}" * 5, "5 placeholders"),
        ('"{tenant}', "quote without its other"),
        ('"a\\"', "quote without its other"),
    ],
)
def test_a_template_that_cannot_be_written_is_refused(template: str, message: str) -> None:
    with pytest.raises(BadHeader, match=message) as caught:
        check_header("X-Test", template)
    assert caught.value.fix


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("fixed", "fixed"),
        ("{tenant}", "Acme S.p.A."),
        ("{called_number}/{calling_number}", "+390612345678/+390401234567"),
        ("icid-value={sip_call_id};orig-ioi={carrier}",
         "icid-value=1-6710@192.0.2.10;orig-ioi=Alpha"),
        ('"{trunk} \\"x\\"" <sip:{called_number}@ims.example>',
         '"alpha-1 \\"x\\"" <sip:+390612345678@ims.example>'),
        ("{source_trunk}", "acme-pbx"),
    ],
)  # fmt: skip
def test_placeholders_are_put_in(template: str, expected: str) -> None:
    assert _write(template) == (("X-Test", expected),)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ('a"b\\c', "a%22b%5Cc"),
        ("1>;x=<,", "1%3E%3Bx%3D%3C%2C"),
        ("#31#", "%2331%23"),
        ("a b", "a%20b"),
        ("a\r\nVia: b", "a%0D%0AVia:%20b"),
        ("100%", "100%25"),
        ("Jörg", "Jörg"),
        ("\ud800", "%3F"),
        ("a" * 70, "a" * 64),
        ("a" * 62 + '"' + "b", "a" * 62),
        ("a" * 63 + '"', "a" * 63),
        ("a" * 61 + '"', "a" * 61 + "%22"),
    ],
)
def test_what_a_call_contains_ends_nothing(value: str, expected: str) -> None:
    assert _write("{called_number}", called_number=value) == (("X-Test", expected),)


def test_a_header_with_nothing_to_say_is_left_out() -> None:
    assert _write("{calling_number}", calling_number="") == ()
    assert _write("{tenant}", tenant="  ") == ()


def test_what_is_known_is_put_in_once() -> None:
    (header,) = compile_headers(
        [ExtraHeader("X-Test", "{carrier}:{trunk}:{tenant}!")],
        {"carrier": "Alpha", "trunk": 'al"pha'},
    )
    assert header.parts == ("Alpha:al%22pha:", "tenant", "!")


def test_a_name_stands_once_and_what_is_refused_not_at_all() -> None:
    headers = [
        ExtraHeader("X-Test", "first"),
        ExtraHeader("x-test", "second"),
        ExtraHeader("Via", "third"),
        ExtraHeader("X-Other", "{unknown}"),
    ]
    assert write_headers(compile_headers(headers, {}), {}) == (("X-Test", "first"),)


@given(
    st.sampled_from(PLACEHOLDERS),
    st.text(st.characters()),
    st.sampled_from(["{%s}", 'a="{%s}";b', "<sip:{%s}@h>"]),
)
def test_no_value_whatever_leaves_its_place(placeholder: str, value: str, around: str) -> None:
    template = around.replace("%s", placeholder)
    written = _write(template, **{placeholder: value})
    before, _, after = template.partition(f"{{{placeholder}}}")
    for _, text in written:
        assert not has_control(text)
        inner = text.removeprefix(before).removesuffix(after)
        assert len(inner) <= MAX_VALUE
        assert not re.search(r'["\\<>;,=?()\[\]{}]', inner)
