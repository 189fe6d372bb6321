"""With which digits the numbers of a country start, by `phonenumbers`' metadata.

Its patterns are regular expressions of digits, classes, groups, alternatives and counts, of which
the leading digits are worked out: those of a sequence from those of its parts.
"""

from collections import defaultdict
from functools import cache

import phonenumbers
from phonenumbers import PhoneMetadata

# Digits of a national number that are looked at.
DEPTH = 3
# What people call each other on; services are another matter.
_KINDS = {"fixed_line": "fixed lines", "mobile": "mobiles", "voip": "VoIP"}
_DIGITS = frozenset("0123456789")


@cache
def leading_digits(country_code: int) -> dict[str, str]:
    """The first DEPTH digits of national numbers of a country code, each with what kind of number
    starts so."""
    found: dict[str, str] = {}
    for region in phonenumbers.COUNTRY_CODE_TO_REGION_CODE.get(country_code, ()):
        metadata = PhoneMetadata.metadata_for_region(region, None)
        for field, kind in _KINDS.items():
            description = getattr(metadata, field, None)
            pattern = getattr(description, "national_number_pattern", None)
            for digits in starts_of(pattern) if pattern else ():
                found.setdefault(digits, kind)
    return found


@cache
def next_digits(country_code: int) -> dict[str, list[str]]:
    """By the first digits of national numbers, from none on, those with one more, the highest
    first."""
    found: dict[str, set[str]] = defaultdict(set)
    for digits in leading_digits(country_code):
        for length in range(len(digits)):
            found[digits[:length]].add(digits[: length + 1])
    return {digits: sorted(more, reverse=True) for digits, more in found.items()}


@cache
def kind_of(country_code: int, digits: str) -> str:
    """What kind of number starts with these digits, the first of them if there are several."""
    plan = leading_digits(country_code)
    return plan[min(full for full in plan if full.startswith(digits))]


def country_code_of(digits: str) -> int | None:
    """The country code that digits start with, if they have all of one."""
    for length in (1, 2, 3):
        code = digits[:length]
        if len(code) == length and int(code) in phonenumbers.COUNTRY_CODE_TO_REGION_CODE:
            return int(code)
    return None


def regions_of(country_code: int) -> tuple[str, ...]:
    """The countries (ISO 3166-1 alpha-2) of a country code, the main one first."""
    return tuple(phonenumbers.COUNTRY_CODE_TO_REGION_CODE.get(country_code, ()))


def starts_of(pattern: str) -> frozenset[str]:
    """The first DEPTH characters of whatever a pattern of `phonenumbers` matches, and all of what
    is shorter."""
    starts, end = _alternatives(pattern, 0)
    if end != len(pattern):
        raise ValueError(f"{pattern}: what stands at {end} is not understood")
    return starts


def _alternatives(pattern: str, at: int) -> tuple[frozenset[str], int]:
    """Of a|b|c, up to its end or to a closing parenthesis, and where that is."""
    found: set[str] = set()
    sequence = frozenset({""})
    while at < len(pattern) and pattern[at] != ")":
        if pattern[at] == "|":
            found |= sequence
            sequence = frozenset({""})
            at += 1
        else:
            part, at = _atom(pattern, at)
            least, most, at = _count(pattern, at)
            sequence = _repeated(sequence, part, least, most)
    return frozenset(found | sequence), at


def _atom(pattern: str, at: int) -> tuple[frozenset[str], int]:
    """A digit, a class of them, or a group, and where it ends."""
    if pattern[at] == "[":
        end = pattern.index("]", at)
        return _class(pattern[at + 1 : end]), end + 1
    if pattern.startswith("\\d", at):
        return _DIGITS, at + 2
    if pattern[at] == "(":
        found, end = _alternatives(pattern, at + (3 if pattern.startswith("(?:", at) else 1))
        return found, end + 1
    if pattern[at] not in _DIGITS:
        raise ValueError(f"{pattern}: what stands at {at} is not understood")
    return frozenset(pattern[at]), at + 1


def _class(text: str) -> frozenset[str]:
    """What stands between brackets: digits and ranges of them."""
    found: set[str] = set()
    at = 0
    while at < len(text):
        if text[at + 1 : at + 2] == "-":
            found |= {str(digit) for digit in range(int(text[at]), int(text[at + 2]) + 1)}
            at += 3
        elif text.startswith("\\d", at):
            found |= _DIGITS
            at += 2
        else:
            found.add(text[at])
            at += 1
    return frozenset(found)


def _count(pattern: str, at: int) -> tuple[int, int, int]:
    """How often what stands before is there, at least and at most, and where that ends."""
    if pattern[at : at + 1] == "?":
        return 0, 1, at + 1
    if pattern[at : at + 1] != "{":
        return 1, 1, at
    end = pattern.index("}", at)
    least, _, most = pattern[at + 1 : end].partition(",")
    return int(least), int(most or least), end + 1


def _repeated(
    before: frozenset[str], part: frozenset[str], least: int, most: int
) -> frozenset[str]:
    found: frozenset[str] = before if least == 0 else frozenset()
    sequence = before
    for count in range(1, min(most, max(least, DEPTH)) + 1):
        sequence = frozenset((one + other)[:DEPTH] for one in sequence for other in part)
        if count >= least:
            found |= sequence
    return found
