"""Every refusal names the field's fault and the fix."""

from collections.abc import Callable
from ipaddress import ip_address, ip_network
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pointsman.errors import InvalidInput, Problem
from pointsman.services import validation
from pointsman.services.unset import UNSET
from pointsman.services.validation import Problems

_HOST_FIX = "use a host name such as sip.example.com, an IPv4 or an IPv6 address"
_PREFIX_FIX = "use digits, * and #, with a leading + for E.164, such as +39; 32 at most"
_E164_FIX = "write a plus, the country code and digits only, such as +390401234"
_RE2_FIX = "use RE2 syntax (no look-ahead, look-behind or back-references)"


def _refusal(parse: Callable[[Any], Any], value: object) -> Problem:
    problems = Problems()
    problems.check("field", parse, value)
    with pytest.raises(InvalidInput) as caught:
        problems.raise_if_any()
    (problem,) = caught.value.problems
    return problem


@pytest.mark.parametrize(
    ("parse", "value", "message", "fix"),
    [
        (validation.name, " ", "a name of 0 characters", "use 1 to 100 characters"),
        (validation.name, "x" * 101, "a name of 101 characters", "use 1 to 100 characters"),
        (
            validation.name,
            "a\nb",
            "the name has a control character",
            "write it on one line, without tabs",
        ),
        (validation.host, "", "'' is no host", _HOST_FIX),
        (validation.host, "bad host", "'bad host' is no host", _HOST_FIX),
        (validation.host, "-x.example", "'-x.example' is no host", _HOST_FIX),
        (validation.host, "256.1.1.1", "'256.1.1.1' is no host", _HOST_FIX),
        (validation.host, "10.0.0", "'10.0.0' is no host", _HOST_FIX),
        (validation.host, "sip:host", "'sip:host' is no host", _HOST_FIX),
        (validation.host, "a" * 64 + ".b", f"{'a' * 64 + '.b'!r} is no host", _HOST_FIX),
        (validation.host, "0.0.0.0", "0.0.0.0 is no address of one host", _HOST_FIX),  # noqa: S104
        (validation.host, "::", ":: is no address of one host", _HOST_FIX),
        (validation.host, "224.0.0.1", "224.0.0.1 is no address of one host", _HOST_FIX),
        (
            validation.host,
            "255.255.255.255",
            "255.255.255.255 is no address of one host",
            _HOST_FIX,
        ),
        (
            validation.host,
            "fe80::1%eth0",
            "fe80::1%eth0 has a zone",
            "write the address without its %zone",
        ),
        (validation.port, 70_000, "port 70000 is out of range", "use 1 to 65535"),
        (validation.port, 0, "port 0 is out of range", "use 1 to 65535"),
        (validation.weight, 0, "weight 0 is out of range", "use 1 to 65535"),
        (validation.priority, -1, "priority -1 is out of range", "use 0 to 65535"),
        (validation.fr_timer_ms, 0, "timer 0 is out of range", "use 100 to 32000"),
        (validation.fr_inv_timer_ms, 999, "timer 999 is out of range", "use 1000 to 180000"),
        (validation.cidr, "10.0.0.5/8", "10.0.0.5/8 has host bits set", "write 10.0.0.0/8"),
        (
            validation.cidr,
            "10.0.0.0/33",
            "'10.0.0.0/33' is no IP network",
            "use an address or CIDR such as 192.0.2.0/24",
        ),
        (
            validation.cidr,
            "0.0.0.0/0",
            "0.0.0.0/0 is too wide",
            "name the networks, each /8 or longer",
        ),
        (
            validation.cidr,
            "2000::/3",
            "2000::/3 is too wide",
            "name the networks, each /16 or longer",
        ),
        (
            validation.cidr,
            "fe80::1%eth0",
            "'fe80::1%eth0' is no IP network",
            "use an address or CIDR such as 192.0.2.0/24",
        ),
        (
            validation.domain,
            "203.0.113.1",
            "203.0.113.1 is an address",
            "use a domain name such as pbx.example.com",
        ),
        (
            validation.host,
            "::ffff:192.0.2.1",
            f"{ip_address('::ffff:192.0.2.1')} maps an IPv4 address",
            "write 192.0.2.1",
        ),
        (validation.host, "[::1", "'[::1' is no host", _HOST_FIX),
        (validation.host, "[192.0.2.1]", "'[192.0.2.1]' is no host", _HOST_FIX),
        (validation.host, "0x7f000001", "'0x7f000001' is no host", _HOST_FIX),
        (validation.host, "\u212aelvin.example", "'\u212aelvin.example' is no host", _HOST_FIX),
        (
            validation.name,
            "a\u202eb",
            "the name has an invisible character",
            "write it with visible ones only",
        ),
        (
            validation.name,
            "\u200d",
            "nothing of the name is visible",
            "write it with visible characters",
        ),
        (validation.dial_prefix, "+0", "'+0' is no prefix of a dialled number", _PREFIX_FIX),
        (validation.dial_prefix, "+*", "'+*' is no prefix of a dialled number", _PREFIX_FIX),
        (
            validation.cidr,
            "::ffff:10.0.0.0/104",
            f"{ip_network('::ffff:10.0.0.0/104')} maps an IPv4 network",
            "write it as IPv4",
        ),
        (
            validation.dial_prefix,
            "39a",
            "'39a' is no prefix of a dialled number",
            _PREFIX_FIX,
        ),
        (validation.dial_prefix, "3+9", "'3+9' is no prefix of a dialled number", _PREFIX_FIX),
        (validation.dial_prefix, "390?1", "'390?1' is no prefix of a dialled number", _PREFIX_FIX),
        (validation.dial_prefix, "٣٩", "'٣٩' is no prefix of a dialled number", _PREFIX_FIX),
        (validation.e164_prefix, "39040", "'39040' is no E.164 number or prefix", _E164_FIX),
        (validation.e164_prefix, "+0390", "'+0390' is no E.164 number or prefix", _E164_FIX),
        (validation.e164_prefix, "+", "'+' is no E.164 number or prefix", _E164_FIX),
        (validation.regex, "(", "RE2 refuses the pattern: missing ): (", _RE2_FIX),
        (
            validation.regex,
            "(?=a)b",
            "RE2 refuses the pattern: invalid perl operator: (?=",
            _RE2_FIX,
        ),
        (validation.regex, "a" * 257, "a pattern of 257 characters", "use 256 characters at most"),
    ],
)
def test_a_refusal_names_the_fault_and_the_fix(
    parse: Callable[[Any], Any], value: object, message: str, fix: str
) -> None:
    assert _refusal(parse, value) == Problem("field", message, fix)


@pytest.mark.parametrize(
    ("parse", "value", "expected"),
    [
        (validation.name, " Acme  ", "Acme"),
        (validation.host, "SIP.Example.COM.", "sip.example.com"),
        (validation.host, "192.0.2.1", "192.0.2.1"),
        (validation.host, "[2001:0DB8::1]", "2001:db8::1"),
        (validation.host, "sbc_1.example", "sbc_1.example"),
        (validation.host, "localhost", "localhost"),
        (validation.optional_host, "  ", ""),
        (validation.port, None, None),
        (validation.port, 65_535, 65_535),
        (validation.cidr, "192.0.2.7", ip_network("192.0.2.7/32")),
        (validation.cidr, "2001:db8::/64", ip_network("2001:db8::/64")),
        (validation.dial_prefix, "", ""),
        (validation.dial_prefix, "+39", "+39"),
        (validation.dial_prefix, "*72", "*72"),
        (validation.e164_prefix, "+390401234567890", "+390401234567890"),
        (validation.regex, "", ""),
        (validation.regex, r"\+393[0-9]{8,9}", r"\+393[0-9]{8,9}"),
    ],
)
def test_a_good_value_is_taken_in_its_one_form(
    parse: Callable[[Any], Any], value: object, expected: object
) -> None:
    assert Problems().check("field", parse, value) == expected


def test_all_problems_are_said_at_once() -> None:
    problems = Problems()
    problems.check("name", validation.name, "")
    problems.check("endpoints[0].port", validation.port, 70_000)
    assert problems.check_given("host", validation.host, UNSET) is UNSET
    with pytest.raises(InvalidInput) as caught:
        problems.raise_if_any()
    assert [problem.path for problem in caught.value.problems] == ["name", "endpoints[0].port"]
    assert str(caught.value) == (
        "name: a name of 0 characters, use 1 to 100 characters; "
        "endpoints[0].port: port 70000 is out of range, use 1 to 65535"
    )


@given(st.text(max_size=80))
def test_no_text_whatever_breaks_a_check(text: str) -> None:
    problems = Problems()
    for parse in (
        validation.name,
        validation.host,
        validation.cidr,
        validation.dial_prefix,
        validation.e164_prefix,
        validation.regex,
    ):
        problems.check("field", parse, text)
    assert all(problem.message and problem.fix for problem in problems.found)
