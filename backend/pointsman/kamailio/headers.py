"""The headers that a leg brings beside From and To, as text: one name a line, each line once.

No text of a call or of an operator ends a line here: the decision refuses controls or escapes
them, display names are quoted.
"""

import re

from pointsman.routing.outcome import NO_HEADERS, Diverted, Headers, Party

_ESCAPED = re.compile(r'(["\\])')
# A URI between angle brackets: printable ASCII but for quotes and the brackets themselves.
_IN_BRACKETS = re.compile(r"[!#-;=?-~]+")
# RFC 7544: the reasons of Diversion as causes of History-Info (RFC 4458).
_CAUSES = {
    "unconditional": 302,
    "no-answer": 408,
    "user-busy": 486,
    "deflection": 480,
    "unavailable": 503,
}
_OTHER_CAUSE = 404
# RFC 3261 section 20: the short name that a caller may have used.
_SHORT_NAMES = {"subject": "s"}


def write_headers(headers: Headers, request_uri: str) -> str:
    """All headers, each with its CRLF; the Request-URI is where their history ends."""
    if headers is NO_HEADERS:
        return ""
    lines = []
    if headers.asserted_identity is not None:
        lines.append(f"P-Asserted-Identity: {format_name_addr(headers.asserted_identity)}\r\n")
    if headers.preferred_identity is not None:
        lines.append(f"P-Preferred-Identity: {format_name_addr(headers.preferred_identity)}\r\n")
    if headers.remote_party is not None:
        privacy = "full" if headers.is_remote_party_private else "off"
        party = format_name_addr(headers.remote_party)
        lines.append(f"Remote-Party-ID: {party};party=calling;privacy={privacy};screen=yes\r\n")
    if headers.privacy:
        lines.append(f"Privacy: {';'.join(headers.privacy)}\r\n")
    if headers.diversions:
        lines.append(f"Diversion: {', '.join(map(_format_diversion, headers.diversions))}\r\n")
    if headers.history:
        lines.append(f"History-Info: {_format_history(headers.history, request_uri)}\r\n")
    if has_geolocation(headers):
        lines.append(f"Geolocation: <{headers.geolocation}>\r\nGeolocation-Routing: yes\r\n")
    for name, value in headers.extra:
        lines.append(f"{name}: {value}\r\n")
    return "".join(lines)


def write_replaced(headers: Headers) -> str:
    """A regular expression for the names of the headers that must not come from the caller too;
    "" for none. Those that tell who calls are never let through, whatever stands here."""
    if not headers.extra and not headers.geolocation:
        return ""
    names = [name.lower() for name, _ in headers.extra]
    if has_geolocation(headers):
        names += ["geolocation", "geolocation-routing"]
    names += [_SHORT_NAMES[name] for name in names if name in _SHORT_NAMES]
    return f"^({'|'.join(names)})$" if names else ""


def has_geolocation(headers: Headers) -> bool:
    """Whether there is a location (RFC 6442 section 4.1) that can be written."""
    return headers.geolocation != "" and _IN_BRACKETS.fullmatch(headers.geolocation) is not None


def format_name_addr(party: Party) -> str:
    """A name-addr (RFC 3261 section 20.10)."""
    display = format_display(party.display)
    return f"{display} <{party.uri}>" if display else f"<{party.uri}>"


def format_display(display: str) -> str:
    """A display name as it stands in a header: quoted (RFC 3261 section 25.1), "" for none.

    Controls have been refused by the decision; quotes and backslashes are escaped here.
    """
    if not display:
        return ""
    if '"' in display or "\\" in display:
        display = _ESCAPED.sub(r"\\\1", display)
    return f'"{display}"'


def _format_diversion(diverted: Diverted) -> str:
    """One value of Diversion (RFC 5806 section 4)."""
    text = f"{format_name_addr(diverted.party)};reason={diverted.reason}"
    text += f";counter={diverted.counter}"
    return f"{text};privacy=full" if diverted.private else text


def _format_history(history: tuple[Diverted, ...], request_uri: str) -> str:
    """History-Info (RFC 7044 section 5): who was called, the first one first, each with the cause
    of its being called in place of the one before, and whom to reach."""
    index, values, cause = "1", [], ""
    for diverted in reversed(history):
        private = "?Privacy=history" if diverted.private else ""
        display = format_display(diverted.party.display)
        target = f"<{diverted.party.uri}{cause}{private}>;index={index}"
        values.append(f"{display} {target}" if display else target)
        values[-1] += f";mp={index[:-2]}" if cause else ""
        cause = f";cause={_CAUSES.get(diverted.reason, _OTHER_CAUSE)}"
        index += ".1"
    values.append(f"<{request_uri}{cause}>;index={index};mp={index[:-2]}")
    return ", ".join(values)
