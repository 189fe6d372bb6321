"""Telephone numbers: how a trunk writes them, and the one form the platform routes on.

Inside the platform a number is E.164 with a leading plus (RFC 3966 section 5.1.4,
global-number). Whatever is not E.164 (an extension, `*72`, `john.doe`) passes unharmed.
"""

import re
from enum import StrEnum

from msgspec import Struct

from pointsman.routing.uri import Uri

# As `is_e164`, with a match or None for an answer: for where a call more is worth leaving out.
match_e164 = re.compile(r"\+[1-9][0-9]{1,14}").fullmatch
_DIALABLE = re.compile(r"\+?[0-9*#]+")
_CONTEXT = ";phone-context="
_VISUAL_SEPARATORS = str.maketrans("", "", "-.()")
# ITU-T E.164: at most 15 digits; no country has an international number shorter than 7.
_DIGITS = re.compile(r"[1-9][0-9]{6,14}")

# Countries in which a 0 is dialled before national numbers, none of which begins with one: behind
# the calling code it is in the way, as in +44 (0)20, and exchanges are known to drop it.
_TRUNK_ZEROS = frozenset(f"+{code}0" for code in (
    "20", "27", "31", "32", "33", "40", "41", "43", "44", "46", "49", "51", "53", "54", "55",
    "57", "58", "60", "61", "62", "63", "64", "66", "81", "82", "84", "86", "90", "91", "92",
    "93", "94", "95", "98", "211", "212", "213", "218", "231", "232", "233", "234", "243",
    "249", "250", "251", "252", "254", "255", "256", "260", "261", "262", "263", "264", "265",
    "291", "353", "355", "358", "359", "370", "373", "374", "377", "380", "381", "382", "383",
    "385", "386", "387", "389", "421", "423", "508", "590", "591", "593", "594", "595", "596",
    "598", "686", "850", "855", "856", "880", "886", "961", "962", "963", "964", "966", "967",
    "970", "971", "972", "976", "977", "994", "995", "996",
))  # fmt: skip


class NumberFormat(StrEnum):
    """How the far end of a trunk writes E.164 numbers, in both directions. LOCAL is as they are
    dialled in the country of the trunk's normalization profile."""

    PLUS_E164 = "PLUS_E164"
    E164 = "E164"
    INTERNATIONAL_00 = "INTERNATIONAL_00"
    LOCAL = "LOCAL"


# What E.164 numbers have in the place of their plus; LOCAL ones are a profile's to write.
PLUS = {
    NumberFormat.PLUS_E164: "+",
    NumberFormat.E164: "",
    NumberFormat.INTERNATIONAL_00: "00",
    NumberFormat.LOCAL: "+",
}


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
    if match_e164(uri.user):
        return e164_number(uri.user)
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
    if match_e164(text):
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
    if match_e164(text):
        return e164_number(text)
    if number_format is NumberFormat.E164 and _DIGITS.fullmatch(text):
        return e164_number(f"+{text}")
    if (
        number_format is NumberFormat.INTERNATIONAL_00
        and text.startswith("00")
        and _DIGITS.fullmatch(text, 2)
    ):
        return e164_number(f"+{text[2:]}")
    return Number(text, False)


def e164_number(text: str) -> Number:
    """The number of a text in E.164, without a trunk zero behind the calling code: one number has
    one spelling, or a list or a rule would not know it by another."""
    if "0" not in text[3:5]:  # as most have none
        return Number(text, True)
    head = text[:5]
    if head not in _TRUNK_ZEROS:
        head = head[:4]
        if head not in _TRUNK_ZEROS:
            return Number(text, True)
    rest = text[len(head) :]
    # Two of them are no trunk digit.
    return Number(text if rest[:1] in ("", "0") else head[:-1] + rest, True)


def write_formatted(number: Number, number_format: NumberFormat) -> str:
    """The number as the far end of a trunk wants it; what is not E.164 is left alone."""
    return PLUS[number_format] + number.text[1:] if number.e164 else number.text


def is_e164(text: str) -> bool:
    """Whether a text is an E.164 number with its plus."""
    return match_e164(text) is not None


def _is_phone(params: str) -> bool:
    return params != "" and "user=phone" in params.lower().split(";")
