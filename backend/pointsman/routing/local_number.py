"""Numbers as they are dialled within a country, by a profile and by what is known of the country.

A text is read as a number of the country only where it can hardly be anything else, and a number
is written in the country's way only where that is read as the same number again: else it is
written with the international prefix. So a number that goes out is the same when it comes back.
"""

import re
from collections.abc import Iterator

from msgspec import Struct

from pointsman.routing.normalization_profile import NormalizationProfile
from pointsman.routing.number_step import NumberStep, NumberStepKind, Steps
from pointsman.routing.numbering_plan import NumberingPlan

# At most the longest E.164 number behind the longest prefix.
_DIALLED = re.compile(r"[0-9]{2,24}")
_E164_DIGITS = re.compile(r"[1-9][0-9]{6,14}")
# With fewer digits, what is dialled without its area code might as well be an extension.
_MIN_SUBSCRIBER_LENGTH = 5


class _National(Struct, frozen=True, gc=False):
    """A national number that a text may be, and by what. It is `certain` when the country writes
    it just so."""

    number: str
    how: str
    certain: bool


def read_local(
    text: str, profile: NormalizationProfile, plan: NumberingPlan | None, steps: Steps | None
) -> str | None:
    """The E.164 number that was dialled, or None for a text that stays as it is."""
    number = None
    kind, what = NumberStepKind.UNCHANGED, "left as it is"
    if _DIALLED.fullmatch(text):
        if plan is not None and plan.is_short(text):
            kind, what = NumberStepKind.SHORT_CODE, f"a short code of {plan.country}"
        else:
            number = _read_dialled(text, profile, plan, steps)
    if number is None:
        _note(steps, kind, what, text)
    return number


def write_local(
    number: str, profile: NormalizationProfile, plan: NumberingPlan | None, steps: Steps | None
) -> str:
    """An E.164 number as it is dialled in the profile's country."""
    digits = number[1:]
    if plan is not None and digits.startswith(plan.calling_code):
        national = digits[len(plan.calling_code) :]
        if _fits(national, profile):
            text = _write_national(national, profile, plan)
            if read_local(text, profile, plan, None) == number:
                _note(steps, NumberStepKind.NATIONAL, f"as {plan.country} dials it", text)
                return text
    text = profile.international_prefix + digits
    what = f"behind the international prefix {profile.international_prefix}"
    _note(steps, NumberStepKind.INTERNATIONAL, what, text)
    return text


def _read_dialled(
    text: str, profile: NormalizationProfile, plan: NumberingPlan | None, steps: Steps | None
) -> str | None:
    prefix = profile.international_prefix
    what = f"the international prefix {prefix}"
    abroad = text[len(prefix) :] if text.startswith(prefix) else ""
    national, is_sure = None, False
    if plan is not None:
        if plan.is_possible_abroad(abroad):
            return _international(abroad, what, steps)
        national = _read_national(text, profile, plan)
        other = plan.after_international_prefix(text)
        is_sure = _is_sure(national, abroad or other, plan)
        if not is_sure and plan.is_possible_abroad(other):
            return _international(other, f"an international prefix of {plan.country}", steps)
    if not is_sure and _E164_DIGITS.fullmatch(abroad):
        return _international(abroad, what, steps)
    if plan is None or national is None:
        return None
    number = f"+{plan.calling_code}{national.number}"
    _note(steps, NumberStepKind.NATIONAL, national.how, number)
    return number


def _read_national(
    text: str, profile: NormalizationProfile, plan: NumberingPlan
) -> _National | None:
    """The first of what the text may be that is certain, else the first."""
    likely = None
    for number, how in _national_numbers(text, profile, plan):
        if _write_national(number, profile, plan) == text:
            return _National(number, how, certain=True)
        # Where a prefix is missing, only what is as long as ordinary numbers are.
        if likely is None and (number != text or len(text) >= plan.usual_length):
            likely = _National(number, how, certain=False)
    behind = _behind_prefix(text, profile)
    if likely is None and not behind.startswith("0") and _fits(behind, profile):
        # A range that is younger than the data.
        return _National(behind, f"the national prefix {profile.national_prefix}", certain=False)
    return likely


def _is_sure(national: _National | None, abroad: str, plan: NumberingPlan) -> bool:
    """Whether the text is no number abroad; what starts like one must be known to be ours."""
    if national is None or not national.certain:
        return False
    return not abroad or plan.is_assigned(national.number)


def _national_numbers(
    text: str, profile: NormalizationProfile, plan: NumberingPlan
) -> Iterator[tuple[str, str]]:
    """The national numbers that the text may be, the likely ones first, each with by what."""
    behind = _behind_prefix(text, profile)
    if _fits(behind, profile) and plan.is_known(behind):
        yield behind, f"the national prefix {profile.national_prefix}"
    completed = plan.complete(text)
    if completed != text and _fits(completed, profile) and plan.is_known(completed):
        yield completed, f"as {plan.country} dials it"
    subscriber = profile.area_code + text
    if _is_subscriber(text, behind, profile) and plan.is_own(subscriber):
        yield subscriber, f"the area code {profile.area_code}"
    if _fits(text, profile) and plan.is_own(text):
        yield text, f"a number of {plan.country}"


def _is_subscriber(text: str, behind: str, profile: NormalizationProfile) -> bool:
    """Whether the text may be a number of the profile's area: it starts neither with 0 nor with
    the national prefix."""
    if not profile.area_code or behind or text.startswith("0"):
        return False
    return len(text) >= _MIN_SUBSCRIBER_LENGTH and _fits(profile.area_code + text, profile)


def _behind_prefix(text: str, profile: NormalizationProfile) -> str:
    prefix = profile.national_prefix
    return text[len(prefix) :] if prefix and text.startswith(prefix) else ""


def _write_national(number: str, profile: NormalizationProfile, plan: NumberingPlan) -> str:
    text, is_prefixed = plan.write(number)
    return profile.national_prefix + text if is_prefixed else text


def _fits(number: str, profile: NormalizationProfile) -> bool:
    return profile.min_length <= len(number) <= profile.max_length


def _international(digits: str, what: str, steps: Steps | None) -> str:
    number = f"+{digits}"
    _note(steps, NumberStepKind.INTERNATIONAL, what, number)
    return number


def _note(steps: Steps | None, kind: NumberStepKind, text: str, result: str) -> None:
    if steps is not None:
        steps.append(NumberStep(kind, text, matched=True, result=result))
