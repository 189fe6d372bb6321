"""What an operator may write into a field; every refusal says how to write it instead."""

import ipaddress
import re
import unicodedata
from collections.abc import Callable, Sized
from typing import TypeVar, cast

from phonenumbers import SUPPORTED_REGIONS

from pointsman.errors import InvalidInput, Problem
from pointsman.models.network_field import IPNetwork
from pointsman.routing.routing_group import MAX_CANDIDATES
from pointsman.routing.routing_rule import BadRegex, compile_regex
from pointsman.routing.uri import has_control
from pointsman.services.unset import Unset

T = TypeVar("T")
U = TypeVar("U")

MAX_SHARE = 65_535
# Zero-width (non-)joiners, which scripts and emoji need between visible characters.
_JOINERS = "\u200c\u200d"
_FILLERS = "\u115f\u1160\u3164\uffa0"
MIN_PREFIX_LENGTHS = {4: 8, 6: 16}
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?", re.ASCII)
_E164_PREFIX = re.compile(r"\+[1-9][0-9]{0,14}")
_E164_NUMBER = re.compile(r"\+[1-9][0-9]{6,14}")
_TECH_PREFIX = re.compile(r"[0-9*#]{0,16}")
# RFC 3261 section 25.1, without its escapes; a backslash or a quote would end a quoted text.
_REASON_PHRASE = re.compile(r"[A-Za-z0-9;/?:@&=+$,_.!~*'() \u0080-\U0010ffff-]{1,64}")
_DIAL_PREFIX = re.compile(r"\+([1-9][0-9]*)?|[0-9*#]*")


class Refused(ValueError):
    """A value that cannot be: what is wrong with it, and what to write instead."""

    def __init__(self, message: str, fix: str) -> None:
        super().__init__(message)
        self.fix = fix


class Problems:
    """Collects everything that is wrong with an input, so that it is said at once."""

    def __init__(self) -> None:
        self.found: list[Problem] = []

    def add(self, path: str, message: str, fix: str) -> None:
        """Note a problem."""
        self.found.append(Problem(path, message, fix))

    def check(self, path: str, parse: Callable[[T], U], value: T) -> U:
        """The value as `parse` returns it. When it refuses, the problem is noted and what is
        returned is never used, since `raise_if_any` comes before the first use."""
        try:
            return parse(value)
        except Refused as refused:
            self.add(path, str(refused), refused.fix)
            return cast("U", value)

    def check_given(self, path: str, parse: Callable[[T], U], value: T | Unset) -> U | Unset:
        """As `check`; a field that was not given stays so."""
        return value if isinstance(value, Unset) else self.check(path, parse, value)

    def check_count(self, path: str, items: Sized, most: int) -> bool:
        """Whether there are too many: noted, and not worth looking at one by one."""
        if len(items) <= most:
            return False
        self.add(path, f"{len(items)} are given", f"give {most} at most")
        return True

    def raise_if_any(self) -> None:
        """Raise InvalidInput when there is a problem."""
        if self.found:
            raise InvalidInput(self.found)


def name(text: str) -> str:
    """A name for people: 1 to 100 characters on one line."""
    text = text.strip()
    if not 1 <= len(text) <= 100:
        raise Refused(f"a name of {len(text)} characters", "use 1 to 100 characters")
    if has_control(text):
        raise Refused("the name has a control character", "write it on one line, without tabs")
    if any(unicodedata.category(c) in ("Cf", "Cs") and c not in _JOINERS for c in text):
        raise Refused("the name has an invisible character", "write it with visible ones only")
    if all(c in _JOINERS + _FILLERS for c in text):
        raise Refused("nothing of the name is visible", "write it with visible characters")
    return text


def host(text: str) -> str:
    """A host name (RFC 1123 section 2.1), an IPv4 or an IPv6 address; lower case, no brackets."""
    given = text.strip()
    text = given.lower().removesuffix(".") if given.isascii() else given
    fix = "use a host name such as sip.example.com, an IPv4 or an IPv6 address"
    is_bracketed = text.startswith("[") and text.endswith("]")
    try:
        address = ipaddress.ip_address(text[1:-1] if is_bracketed else text)
        if is_bracketed and address.version == 4:
            raise ValueError(text)
    except ValueError:
        if not _is_host_name(text):
            raise Refused(f"{text!r} is no host", fix) from None
        return text
    if address.is_unspecified or address.is_multicast or str(address) == "255.255.255.255":
        raise Refused(f"{address} is no address of one host", fix)
    if address.version == 6 and address.scope_id is not None:
        raise Refused(f"{address} has a zone", "write the address without its %zone")
    if address.version == 6 and address.ipv4_mapped is not None:
        raise Refused(f"{address} maps an IPv4 address", f"write {address.ipv4_mapped}")
    return str(address)


def domain(text: str) -> str:
    """A host name that is no address."""
    text = host(text)
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return text
    raise Refused(f"{text} is an address", "use a domain name such as pbx.example.com")


def optional_host(text: str) -> str:
    """A host, or "" for none."""
    return host(text) if text.strip() else ""


def port(number: int | None) -> int | None:
    """A port, or None to leave it to DNS SRV."""
    return None if number is None else _within(number, 1, 65_535, "port")


def priority(number: int) -> int:
    """0 to 65535, lower first."""
    return _within(number, 0, MAX_SHARE, "priority")


def weight(number: int) -> int:
    """1 to 65535, the share among equal priorities."""
    return _within(number, 1, MAX_SHARE, "weight")


def max_candidates(number: int) -> int:
    """How many endpoints of a group a call tries: 1 to as many branches as Kamailio has."""
    return _within(number, 1, MAX_CANDIDATES, "number")


def fr_timer_ms(number: int) -> int:
    """How long to wait for any reply: 100 ms to 32 s, the life of a transaction (RFC 3261
    section 17.1.1.2, timer B)."""
    return _within(number, 100, 32_000, "timer")


def fr_inv_timer_ms(number: int) -> int:
    """How long to wait for a final reply: 1 s to 3 min, which is timer C of a proxy (RFC 3261
    section 16.6) and the most that Kamailio's configuration gives to a call in all."""
    return _within(number, 1_000, 180_000, "timer")


def sip_code(number: int) -> int:
    """A final SIP response that refuses a call: 400 to 699."""
    return _within(number, 400, 699, "SIP code")


def sip_reason(text: str) -> str:
    """A reason phrase: 1 to 64 characters that a status line takes."""
    text = text.strip()
    if not _REASON_PHRASE.fullmatch(text) or has_control(text):
        raise Refused(
            f"{text!r} is no reason phrase",
            "use 1 to 64 letters, digits, blanks and ;/?:@&=+$,-_.!~*'()",
        )
    return text


def cidr(text: str) -> IPNetwork:
    """An address or a network without host bits."""
    text = text.strip()
    try:
        loose = ipaddress.ip_network(text, strict=False)
    except ValueError:
        loose = None
    if loose is None or "%" in text:  # a zone would be left out without a word
        raise Refused(f"{text!r} is no IP network", "use an address or CIDR such as 192.0.2.0/24")
    try:
        network = ipaddress.ip_network(text)
    except ValueError:
        raise Refused(f"{text} has host bits set", f"write {loose}") from None
    shortest = MIN_PREFIX_LENGTHS[network.version]
    if network.prefixlen < shortest:
        raise Refused(f"{network} is too wide", f"name the networks, each /{shortest} or longer")
    if network.version == 6 and network.network_address.ipv4_mapped is not None:
        raise Refused(f"{network} maps an IPv4 network", "write it as IPv4")
    return network


def e164_prefix(text: str) -> str:
    """A number or the leading digits of a range, in E.164 with a plus."""
    text = text.strip()
    if not _E164_PREFIX.fullmatch(text):
        raise Refused(
            f"{text!r} is no E.164 number or prefix",
            "write a plus, the country code and digits only, such as +390401234",
        )
    return text


def dial_prefix(text: str) -> str:
    """Leading digits of a dialled number; "" stands for every number."""
    text = text.strip()
    if not _DIAL_PREFIX.fullmatch(text) or len(text) > 32:
        raise Refused(
            f"{text!r} is no prefix of a dialled number",
            "use digits, * and #, with a leading + for E.164, such as +39; 32 at most",
        )
    return text


def tech_prefix(text: str) -> str:
    """What goes before a called number to pick a service of the far end; "" for nothing."""
    text = text.strip()
    if not _TECH_PREFIX.fullmatch(text):
        raise Refused(f"{text!r} is no tech prefix", "use digits, * and #, 16 at most")
    return text


def optional_e164_number(text: str) -> str:
    """A whole number in E.164 with a plus, or "" for none."""
    text = text.strip()
    if text and not _E164_NUMBER.fullmatch(text):
        raise Refused(
            f"{text!r} is no E.164 number",
            "write a plus, the country code and digits only, such as +390401234567",
        )
    return text


def country(text: str) -> str:
    """A country by its ISO 3166-1 alpha-2 code, which is upper case."""
    text = text.strip().upper()
    if text not in SUPPORTED_REGIONS:
        raise Refused(
            f"{text!r} is no country with a numbering plan", "use a code such as IT or US"
        )
    return text


def regex(text: str) -> str:
    """A pattern that RE2 takes, or ""."""
    if len(text) > 256:
        raise Refused(f"a pattern of {len(text)} characters", "use 256 characters at most")
    if has_control(text):
        raise Refused("the pattern has a control character", "write it without: no number has one")
    if text:
        try:
            compile_regex(text)
        except BadRegex as error:
            raise Refused(
                f"RE2 refuses the pattern: {error}",
                "use RE2 syntax (no look-ahead, look-behind or back-references)",
            ) from None
    return text


def _within(number: int, low: int, high: int, noun: str) -> int:
    if not low <= number <= high:
        raise Refused(f"{noun} {number} is out of range", f"use {low} to {high}")
    return number


def _is_host_name(text: str) -> bool:
    labels = text.split(".")
    if not text or len(text) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        return False
    # A last label of digits is an IPv4 address gone wrong (RFC 1123 section 2.1), and 0x7f000001
    # is one to many a resolver.
    return not re.fullmatch(r"[0-9]+|0x[0-9a-f]*", labels[-1])
