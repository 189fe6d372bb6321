"""SIP and tel URIs, parsed once at the edge and written once at the end.

RFC 3261 section 19.1 (sip and sips), RFC 3966 (tel). What is not understood is refused with
`BadUri`, never guessed at.
"""

import ipaddress
import re
from urllib.parse import quote, unquote

from msgspec import Struct

# RFC 3261 section 25.1: unreserved + user-unreserved, minus the characters that some
# parsers cut a number at (";", "/", "?", "&", "=", ",", "$"): those travel escaped.
_USER_SAFE = "-_.!~*'()+"
_USER_AS_IS = re.compile(r"[A-Za-z0-9\-_.!~*'()+]*", re.ASCII)
_SIP_URI = re.compile(
    r"""
    (?P<scheme>sips?):
    (?:(?P<userinfo>[^@\s<>"]*)@)?
    (?P<host>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9_](?:[A-Za-z0-9_.\-]*[A-Za-z0-9_])?\.?)
    (?::(?P<port>[0-9]{1,5}))?
    (?P<params>(?:;[^@?\s<>"\x00-\x1f\x7f-\U0010ffff]*)?)
    (?:\?[^@\s<>"]*)?
    """,
    re.VERBOSE | re.ASCII | re.IGNORECASE,
)
# What almost every URI is: no escapes, no parameters, nothing to fold.
_PLAIN_URI = re.compile(
    r"sip:([0-9A-Za-z+*._\-]+)@([0-9a-z](?:[0-9a-z.\-]*[0-9a-z])?)(?::([0-9]{1,5}))?", re.ASCII
)
_TEL_URI = re.compile(
    r"tel:(?P<number>[^;@\s<>\"]+)(?P<params>(?:;[^@\s<>\"\x00-\x1f\x7f-\U0010ffff]*)?)",
    re.IGNORECASE,
)
_VALUE_MARK = re.compile(r'[,"<]')
_ENCLOSED = {'"': re.compile(r'"(?:[^"\\]|\\.)*+"'), "<": re.compile(r"<[^>]*+>")}
_QUOTED_PAIR = re.compile(r"\\(.)")
_BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


class BadUri(ValueError):
    """A text that is no sip, sips or tel URI; the message says what is wrong with it."""


class Uri(Struct, frozen=True, gc=False):
    """A parsed URI.

    `user` is unescaped and without password. `host` is lower case and, for IPv6, without
    brackets. `params` is the raw parameter text with its leading semicolon. A tel URI has no
    host.
    """

    scheme: str
    user: str
    host: str
    port: int | None = None
    params: str = ""


class NameAddr(Struct, frozen=True, gc=False):
    """A display name (unquoted, may be empty) and a URI, as From, To and
    P-Asserted-Identity carry them."""

    display: str
    uri: Uri


def has_control(text: str) -> bool:
    """Whether `text` holds a character that could end or start a header line."""
    return not text.isprintable() and _CONTROL.search(text) is not None


def parse_uri(text: str) -> Uri:
    """Read a sip, sips or tel URI; raises BadUri."""
    plain = _PLAIN_URI.fullmatch(text)
    if plain is not None:
        user, host, port = plain.groups()
        return Uri("sip", user, host, None if port is None else _parse_port(port))
    found = _SIP_URI.fullmatch(text)
    if found is not None:
        scheme, userinfo, host, port, params = found.groups()
        return Uri(
            scheme.lower(),
            _unescape(userinfo.partition(":")[0]) if userinfo else "",
            _parse_host(host),
            _parse_port(port),
            params,
        )
    found = _TEL_URI.fullmatch(text)
    if found is not None:
        return Uri("tel", _unescape(found["number"]), "", None, found["params"])
    scheme = text.partition(":")[0].lower()
    if scheme in ("sip", "sips", "tel"):
        raise BadUri(f"{_shown(text)} is not a {scheme} URI")
    raise BadUri(f"{_shown(text)} is neither a sip, a sips nor a tel URI")


def parse_display(text: str) -> str:
    """The display name without its quotes and escapes (RFC 3261 section 25.1, quoted-string)."""
    text = text.strip()
    if len(text) >= 2 and text[0] == text[-1] == '"':
        text = text[1:-1]
        return _QUOTED_PAIR.sub(r"\1", text) if "\\" in text else text
    return text


def parse_name_addr(text: str) -> NameAddr:
    """Read a name-addr or an addr-spec (RFC 3261 section 20.10), header parameters cut off;
    raises BadUri."""
    return split_name_addr(text)[0]


def split_name_addr(text: str) -> tuple[NameAddr, str]:
    """As `parse_name_addr`, with the header parameters as they stand behind it."""
    display, opening, rest = _split_display(text)
    if not opening:
        uri, semicolon, params = text.partition(";")
        return NameAddr("", parse_uri(uri.strip())), semicolon + params
    uri, closing, params = rest.partition(">")
    if not closing:
        raise BadUri(f"{_shown(text)} lacks the closing '>'")
    return NameAddr(parse_display(display), parse_uri(uri)), params


def split_values(header: str) -> list[str]:
    """The values of a header that may have several: at commas, but for those within quotes or
    angle brackets (RFC 3261 section 7.3.1). What is opened and never closed encloses nothing."""
    parts, start, place = [], 0, 0
    enclosed = dict(_ENCLOSED)
    while (mark := _VALUE_MARK.search(header, place)) is not None:
        place = mark.end()
        if mark[0] == ",":
            parts.append(header[start : mark.start()])
            start = place
        elif mark[0] in enclosed:
            found = enclosed[mark[0]].match(header, mark.start())
            if found is not None:
                place = found.end()
            else:  # nor is any other behind it closed: looking once keeps this linear
                del enclosed[mark[0]]
    parts.append(header[start:])
    return [value for part in parts if (value := part.strip())]


def format_uri(uri: Uri) -> str:
    """The URI as it goes on the wire: user escaped, IPv6 in brackets."""
    if uri.scheme == "tel":
        return f"tel:{escape_user(uri.user)}{uri.params}"
    user = f"{escape_user(uri.user)}@" if uri.user else ""
    port = f":{uri.port}" if uri.port is not None else ""
    return f"{uri.scheme}:{user}{format_host(uri.host)}{port}{uri.params}"


def format_host(host: str) -> str:
    """A host as it stands in a URI: IPv6 in brackets (RFC 5118 section 4.1)."""
    return f"[{host}]" if ":" in host else host


def escape_user(user: str) -> str:
    """Percent-escape what may not stand in the user part ("#31#" becomes "%2331%23")."""
    return user if _USER_AS_IS.fullmatch(user) else quote(user, safe=_USER_SAFE)


def _split_display(text: str) -> tuple[str, str, str]:
    # A quoted display name may hold "<", so skip over it before looking for the URI.
    start = 0
    lead = text.lstrip()
    if lead.startswith('"'):
        quoted = re.match(r'\s*"(?:[^"\\]|\\.)*"', text)
        if quoted is None:
            raise BadUri(f"{_shown(text)} has a display name without its closing quote")
        start = quoted.end()
    display, opening, rest = text[start:].partition("<")
    return text[:start] + display, opening, rest


def _unescape(text: str) -> str:
    if "%" not in text:
        return text
    if _BAD_ESCAPE.search(text):
        raise BadUri(f"{_shown(text)} has a '%' without two hexadecimal digits")
    try:
        return unquote(text, errors="strict")
    except UnicodeDecodeError:
        raise BadUri(f"{_shown(text)} has escapes that are no UTF-8") from None


def _parse_host(text: str) -> str:
    if not text.startswith("["):
        return text.lower().removesuffix(".")
    try:
        return str(ipaddress.IPv6Address(text[1:-1]))
    except ValueError:
        raise BadUri(f"{_shown(text)} is not an IPv6 address") from None


def _parse_port(text: str | None) -> int | None:
    if text is None:
        return None
    port = int(text)
    if not 1 <= port <= 65535:
        raise BadUri(f"port {port} is not within 1 to 65535")
    return port


def _shown(text: str) -> str:
    return repr(text if len(text) <= 80 else text[:77] + "...")
