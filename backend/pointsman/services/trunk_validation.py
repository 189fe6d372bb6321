"""What an operator may write into the fields that trunks alone have."""

import re

from pointsman.routing.source_table import parse_ip
from pointsman.routing.uri import format_host, has_control
from pointsman.services import validation
from pointsman.services.validation import Refused

_SOCKET = re.compile(r"(udp|tcp|tls):(\[[0-9a-f]*:[0-9a-f:.]+\]|[0-9.]+):([0-9]{1,5})", re.ASCII)


def digest_text(text: str) -> str:
    """A user or a realm of digest authentication; "" for none. It goes between quotes, and not
    every SIP stack takes an escaped quote for one."""
    if len(text) > 128:
        raise Refused(f"a text of {len(text)} characters", "use 128 characters at most")
    if has_control(text) or '"' in text or "\\" in text or text != text.strip():
        raise Refused(
            f"{text!r} is not what a digest credential may have",
            "write it without quotes, backslashes, control characters and spaces around it",
        )
    return text


def digest_username(text: str) -> str:
    """A user whose HA1 is kept: a colon ends it there (RFC 7616 section 3.4.4)."""
    if ":" in text:
        raise Refused(f"{text!r} has a colon", "use a user without a colon")
    return digest_text(text)


def password(text: str) -> str:
    """A password; what is wrong with it is said without it."""
    if not text:
        raise Refused("the password is empty", "leave it out to keep the one that is there, or "
                      "clear the user to have none")  # fmt: skip
    if len(text) > 128:
        raise Refused(f"a password of {len(text)} characters", "use 128 characters at most")
    if has_control(text):
        raise Refused("the password has a control character", "use characters that can be typed")
    return text


def socket(text: str) -> str:
    """A socket of Kamailio as it writes it: udp:192.0.2.1:5060, IPv6 in brackets; "" for none."""
    text = text.strip().lower()
    if not text:
        return text
    found = _SOCKET.fullmatch(text)
    address = parse_ip(found[2].strip("[]")) if found else None
    if found is None or address is None or (address.version == 6) != (":" in found[2]):
        raise Refused(
            f"{text!r} is no socket",
            "write transport:ip:port, as udp:192.0.2.1:5060 or tls:[2001:db8::1]:5061",
        )
    return f"{found[1]}:{format_host(str(address))}:{validation.port(int(found[3]))}"
