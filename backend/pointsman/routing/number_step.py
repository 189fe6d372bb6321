"""What was tried on a number, one step after the other, for those who ask why."""

from enum import StrEnum

from msgspec import Struct


class NumberStepKind(StrEnum):
    """RULE: a rule of the profile. PLUS: a number with a plus is E.164. CONTEXT: one with a
    phone-context is local. FORMAT: the number format of the trunk. INTERNATIONAL: dialled with,
    or written behind, the international prefix. SHORT_CODE: a number that exists within the
    country only. NATIONAL: a number of the country. UNCHANGED: nothing is known of it."""

    RULE = "RULE"
    PLUS = "PLUS"
    CONTEXT = "CONTEXT"
    FORMAT = "FORMAT"
    INTERNATIONAL = "INTERNATIONAL"
    SHORT_CODE = "SHORT_CODE"
    NATIONAL = "NATIONAL"
    UNCHANGED = "UNCHANGED"


class NumberStep(Struct, frozen=True, gc=False):
    """A step: in words, whether it took the number, and what the number was after it."""

    kind: NumberStepKind
    text: str
    matched: bool
    result: str


Steps = list[NumberStep]
