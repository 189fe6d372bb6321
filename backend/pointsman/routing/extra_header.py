"""Headers that an operator adds to the calls of a trunk: a name that is allowed, and a template.

Allowed are names that start with X-, but for those that proxies (this platform's too) take for a
word on where a call comes from or who sends it, and the names of ALLOWED_NAMES. What routes a
request, makes its transaction or tells who calls is never an operator's to add.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import quote

from msgspec import Struct

from pointsman.routing.trunk import ExtraHeader
from pointsman.routing.uri import has_control

# RFC 3261 section 20 (Organization, Priority, Subject), RFC 7315 (P-...), RFC 7433.
ALLOWED_NAMES = (
    "Organization",
    "P-Access-Network-Info",
    "P-Called-Party-ID",
    "P-Charging-Function-Addresses",
    "P-Charging-Vector",
    "P-Visited-Network-ID",
    "Priority",
    "Subject",
    "User-to-User",
)
# What a value takes from the call, and what from the configuration.
_OF_CALL = ("called_number", "calling_number", "sip_call_id")
PLACEHOLDERS = (*_OF_CALL, "tenant", "trunk", "carrier", "source_trunk")
MAX_NAME = 64
MAX_TEMPLATE = 200
# How many placeholders a template may have, and how much is put in for each: a header stays one
# line of some 450 characters at most.
MAX_PLACEHOLDERS = 4
MAX_VALUE = 64

_X_NAME = re.compile(r"x-[a-z0-9]+(?:-[a-z0-9]+)*", re.IGNORECASE | re.ASCII)
_BELIEVED = ("x-forwarded", "x-real-ip", "x-source", "x-destination", "x-auth", "x-pointsman")
_ALLOWED = frozenset(name.lower() for name in ALLOWED_NAMES)
_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
# Percent-escaped in what is put in: it could end a quoted string, a URI or a parameter.
_UNSAFE = re.compile(r"[^\w\-.!~*'+@: ]")
_UNSAFE_OF_CALL = re.compile(r"[^\w\-.!~*'+@:]")
_HALF_ESCAPE = re.compile(r"%[0-9A-F]?\Z")


class BadHeader(ValueError):
    """A header that is refused: the message says why, `fix` what to write instead."""

    def __init__(self, message: str, fix: str) -> None:
        super().__init__(message)
        self.fix = fix


class CompiledHeader(Struct, frozen=True, gc=False):
    """A header whose template is in parts: texts and, at the odd places, placeholders."""

    name: str
    parts: tuple[str, ...]


def check_header(name: str, template: str) -> None:
    """Refuse what may not be added to a call; raises BadHeader."""
    _check_name(name)
    _check_template(template)


def compile_headers(
    headers: Iterable[ExtraHeader], known: Mapping[str, str]
) -> tuple[CompiledHeader, ...]:
    """The headers ready to write, each name once, with the placeholders that are `known`.

    One that a newer release refuses is left out: no call waits for an operator to change it.
    """
    compiled: dict[str, CompiledHeader] = {}
    for header in headers:
        try:
            check_header(header.name, header.template)
        except BadHeader:
            continue
        parts = _put_in(_PLACEHOLDER.split(header.template), known)
        compiled.setdefault(header.name.lower(), CompiledHeader(header.name, parts))
    return tuple(compiled.values())


def write_headers(
    headers: Iterable[CompiledHeader], values: Mapping[str, str]
) -> tuple[tuple[str, str], ...]:
    """Names and values for a call; `values` has all placeholders that were not known before.

    Whatever a call contains, it ends no line, no quoted string and no URI. A header that has
    nothing to say is left out.
    """
    written = ((header.name, _put_in(header.parts, values)[0].strip()) for header in headers)
    return tuple((name, value) for name, value in written if value)


def _check_name(name: str) -> None:
    lowered = name.lower()
    if lowered.startswith(_BELIEVED):
        raise BadHeader(
            f"{name} is a header that tells proxies where a call comes from",
            "use another name that starts with X-",
        )
    if len(name) > MAX_NAME or not (lowered in _ALLOWED or _X_NAME.fullmatch(name)):
        raise BadHeader(
            f"a header named {name[:MAX_NAME]!r} may not be added",
            f"use a name of X-, letters, digits and hyphens, {MAX_NAME} characters at most, or "
            f"one of {', '.join(ALLOWED_NAMES)}",
        )


def _check_template(template: str) -> None:
    if not 1 <= len(template) <= MAX_TEMPLATE or template != template.strip():
        raise BadHeader(
            f"a template of {len(template)} characters, or with spaces around it",
            f"use 1 to {MAX_TEMPLATE} characters without spaces around them",
        )
    if has_control(template):
        raise BadHeader("the template has a control character", "write it on one line")
    parts = _PLACEHOLDER.split(template)
    named = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
    for name in parts[1::2]:
        if name not in PLACEHOLDERS:
            raise BadHeader(f"{{{name}}} is no placeholder", f"use one of {named}")
    if any("{" in text or "}" in text for text in parts[::2]):
        raise BadHeader(
            "the template has a brace that belongs to no placeholder",
            f"use braces for {named} only",
        )
    if len(parts) // 2 > MAX_PLACEHOLDERS:
        raise BadHeader(
            f"the template has {len(parts) // 2} placeholders", f"use {MAX_PLACEHOLDERS} at most"
        )
    if '"' in _QUOTED.sub("", template):
        raise BadHeader("the template has a quote without its other one", "close each quote")


def _put_in(parts: Sequence[str], values: Mapping[str, str]) -> tuple[str, ...]:
    """The parts with those placeholders put in that have a value."""
    put = [parts[0]]
    for name, text in zip(parts[1::2], parts[2::2], strict=True):
        if name in values:
            put[-1] += _escape(values[name], _UNSAFE_OF_CALL if name in _OF_CALL else _UNSAFE)
            put[-1] += text
        else:
            put += (name, text)
    return tuple(put)


def _escape(value: str, unsafe: re.Pattern[str]) -> str:
    escaped = unsafe.sub(lambda found: quote(found[0], errors="replace"), value[:MAX_VALUE])
    if len(escaped) <= MAX_VALUE:
        return escaped
    return _HALF_ESCAPE.sub("", escaped[:MAX_VALUE])
