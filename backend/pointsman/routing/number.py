"""Telephone numbers: how a trunk writes them, and the one form the platform routes on.

Inside the platform a number is E.164 with a leading plus (RFC 3966 section 5.1.4,
global-number). Whatever is not E.164 (an extension, `*72`, `john.doe`) passes unharmed.
"""

import re
from enum import StrEnum

from msgspec import Struct

from pointsman.routing.uri import Uri

_E164 = re.compile(r"\+[1-9][0-9]{1,14}")
_DIALABLE = re.compile(r"\+?[0-9*#]+")
_CONTEXT = ";phone-context="
_VISUAL_SEPARATORS = str.maketrans("", "", "-.()")
# ITU-T E.164: at most 15 digits; no country has an international number shorter than 7.
_DIGITS = re.compile(r"[1-9][0-9]{6,14}")


class NumberFormat(StrEnum):
    """How the far end of a trunk writes E.164 numbers, in both directions. LOCAL is as they are
    dialled in the country of the trunk's normalization profile."""

    PLUS_E164 = "PLUS_E164"
    E164 = "E164"
    INTERNATIONAL_00 = "INTERNATIONAL_00"
    LOCAL = "LOCAL"


class Number(Struct, frozen=True, gc=False):
    """A calling or called number: E.164 with a plus when `e164`, else the text as it came."""

    text: str
    e164: bool


class Numbers(Struct, frozen=True, gc=False):
    """The called and the calling number of a call; `diverted` are the numbers that were called
    before rules of this platform sent it on, the first one first."""

    called: Number
    calling: Number
    diverted: tuple[Number, ...] = ()


def read_formatted(uri: Uri, number_format: NumberFormat) -> Number:
    """The number in a URI's user part, in E.164 where the trunk's format tells that it is; a
    number with a plus is E.164 in every format."""
    if _E164.fullmatch(uri.user):
        return Number(uri.user, True)
    text, in_context = read_text(uri)
    return Number(text, False) if in_context else read_plain(text, number_format)


def read_text(uri: Uri) -> tuple[str, bool]:
    """The dialled text of a URI's user part, and whether it has a context.

    Visual separators (RFC 3966 section 5.1.1) are dropped only where the text is a telephone
    number by its scheme, by `user=phone` or by its plus: elsewhere dots and stars belong to the
    name. A local number with a `phone-context` stays local, since the context is no prefix
    (RFC 3966 section 5.1.5).
    """
    text = uri.user
    if _E164.fullmatch(text):
        return text, False
    if not (text.startswith("+") or uri.scheme == "tel" or _is_phone(uri.params)):
        return text, False
    in_context = _CONTEXT in f"{text};{uri.params}".lower()
    plain = text.partition(";")[0].translate(_VISUAL_SEPARATORS)
    if _DIALABLE.fullmatch(plain):
        text = plain
    return text, in_context and not text.startswith("+")


def read_plain(text: str, number_format: NumberFormat) -> Number:
    """A dialled text as the trunk's format has it."""
    if _E164.fullmatch(text):
        return Number(text, True)
    if number_format is NumberFormat.E164 and _DIGITS.fullmatch(text):
        return Number(f"+{text}", True)
    if (
        number_format is NumberFormat.INTERNATIONAL_00
        and text.startswith("00")
        and _DIGITS.fullmatch(text, 2)
    ):
        return Number(f"+{text[2:]}", True)
    return Number(text, False)


def write_formatted(number: Number, number_format: NumberFormat) -> str:
    """The number as the far end of a trunk wants it; what is not E.164 is left alone."""
    if number.e164:
        if number_format is NumberFormat.E164:
            return number.text[1:]
        if number_format is NumberFormat.INTERNATIONAL_00:
            return f"00{number.text[1:]}"
    return number.text


def is_e164(text: str) -> bool:
    """Whether a text is an E.164 number with its plus."""
    return _E164.fullmatch(text) is not None


def _is_phone(params: str) -> bool:
    return params != "" and "user=phone" in params.lower().split(";")
