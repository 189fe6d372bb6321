"""The fields of a normalization profile: what each may be, what is known of its country where
they are not given, and whether its examples come out as expected."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol, TypedDict

import msgspec

from pointsman.models import NormalizationProfile
from pointsman.routing.normalization import compile_profile, preview_number
from pointsman.routing.normalization_profile import (
    NormalizationExample,
    NormalizationRule,
    NumberDirection,
    NumberField,
)
from pointsman.routing.normalization_profile import NormalizationProfile as RoutedProfile
from pointsman.routing.normalization_rule import MAX_RESULT
from pointsman.routing.number import NumberFormat
from pointsman.routing.numbering_plan import MAX_DIGITS, plan_of
from pointsman.routing.replacement import BadReplacement, compile_replacement
from pointsman.routing.routing_rule import compile_regex
from pointsman.routing.uri import has_control
from pointsman.services import validation
from pointsman.services.validation import Problems, Refused

MAX_RULES = 100
MAX_EXAMPLES = 200
_PREFIX = re.compile(r"[0-9]{0,8}", re.ASCII)


class RuleInput(Protocol):
    """What is given of a rule."""

    direction: NumberDirection
    field: NumberField
    match: str
    replace: str


class ExampleInput(Protocol):
    """What is given of an example."""

    direction: NumberDirection
    field: NumberField
    given: str
    expected: str


class ProfileFields(TypedDict, total=False):
    """What may be given of a profile. What is None is what is known of the country; so is what
    is absent when the profile is new or gets another country."""

    name: str
    country: str
    area_code: str | None
    international_prefix: str | None
    national_prefix: str | None
    min_length: int | None
    max_length: int | None
    rules: Sequence[RuleInput]
    examples: Sequence[ExampleInput]


_COLUMNS = tuple(ProfileFields.__annotations__)


def check_fields(
    problems: Problems, fields: ProfileFields, row: NormalizationProfile
) -> dict[str, Any]:
    """The columns of what is given of a profile, new or as it stands; everything wrong with it is
    noted, and its examples are tried on what it will be."""
    columns = _check_each(problems, fields)
    country = columns.get("country", row.country)
    for name, fact in _facts_of(country).items():
        if name not in columns and (name in fields or country != row.country):
            columns[name] = fact
    if not problems.found:
        _check_together(problems, to_routed(row, columns))
    if not problems.found:
        _check_examples(problems, to_routed(row, columns))
    return columns


def to_routed(row: NormalizationProfile, changed: Mapping[str, Any] | None = None) -> RoutedProfile:
    """A profile, with these columns changed, as the core knows it."""
    columns = {name: getattr(row, name) for name in _COLUMNS} | dict(changed or {})
    return RoutedProfile(
        id=str(row.id),
        tenant_id=str(row.tenant_id or ""),
        name=columns["name"],
        country=columns["country"],
        area_code=columns["area_code"],
        international_prefix=columns["international_prefix"],
        national_prefix=columns["national_prefix"],
        min_length=columns["min_length"],
        max_length=columns["max_length"],
        rules=msgspec.convert(columns["rules"], tuple[NormalizationRule, ...]),
        examples=msgspec.convert(columns["examples"], tuple[NormalizationExample, ...]),
    )


def _facts_of(country: str) -> dict[str, Any]:
    plan = plan_of(country)
    if plan is None:
        return {}
    return {
        "area_code": "",
        "international_prefix": plan.international_prefix,
        "national_prefix": plan.national_prefix,
        "min_length": plan.min_length,
        "max_length": plan.max_length,
    }


def _check_each(problems: Problems, fields: ProfileFields) -> dict[str, Any]:
    columns: dict[str, Any] = {}
    given: Mapping[str, Any] = {name: value for name, value in fields.items() if value is not None}
    for name, (path, parse) in _CHECKS.items():
        if name in given:
            columns[name] = problems.check(path, parse, given[name])
    if "rules" in given:
        columns["rules"] = _check_rules(problems, given["rules"])
    if "examples" in given:
        columns["examples"] = _check_each_example(problems, given["examples"])
    return columns


def _check_rules(problems: Problems, rules: Sequence[RuleInput]) -> list[dict[str, Any]]:
    if problems.check_count("rules", rules, MAX_RULES):
        return []
    checked = []
    for index, rule in enumerate(rules):
        path, before = f"rules[{index}]", len(problems.found)
        match = problems.check(f"{path}.match", _match, rule.match)
        replace = problems.check(f"{path}.replace", _text, rule.replace)
        if len(problems.found) == before:
            _check_replacement(problems, f"{path}.replace", match, replace)
        checked.append(NormalizationRule(rule.direction, rule.field, match, replace))
    return [msgspec.to_builtins(rule) for rule in checked]


def _check_replacement(problems: Problems, path: str, match: str, replace: str) -> None:
    try:
        compile_replacement(replace, compile_regex(match).groups)
    except BadReplacement as error:
        problems.add(path, str(error), error.fix)


def _check_each_example(
    problems: Problems, examples: Sequence[ExampleInput]
) -> list[dict[str, Any]]:
    if problems.check_count("examples", examples, MAX_EXAMPLES):
        return []
    return [
        msgspec.to_builtins(
            NormalizationExample(
                direction=example.direction,
                field=example.field,
                given=problems.check(f"examples[{index}].given", number, example.given),
                expected=problems.check(f"examples[{index}].expected", number, example.expected),
            )
        )
        for index, example in enumerate(examples)
    ]


def _check_together(problems: Problems, profile: RoutedProfile) -> None:
    if profile.min_length > profile.max_length:
        problems.add(
            "minLength",
            f"{profile.min_length} is more than maxLength, {profile.max_length}",
            f"use 1 to {profile.max_length}, or a greater maxLength",
        )
    national = profile.national_prefix
    if national == profile.international_prefix:
        problems.add(
            "nationalPrefix",
            f"{national} is the international prefix too",
            "give what is dialled before a national number, or nothing",
        )
    if national.startswith("0") and profile.area_code.startswith(national):
        problems.add(
            "areaCode",
            f"{profile.area_code} starts with the national prefix",
            f"write it without, as {profile.area_code.removeprefix(national)}",
        )


def _check_examples(problems: Problems, profile: RoutedProfile) -> None:
    compiled = compile_profile(profile)
    for index, example in enumerate(profile.examples):
        rule_set = example.direction, example.field
        preview = preview_number(rule_set, example.given, NumberFormat.LOCAL, compiled)
        if preview.number.text != example.expected:
            problems.add(
                f"examples[{index}]",
                f"{example.given} becomes {preview.number.text}, not {example.expected} "
                f"({preview.steps[-1].text})",
                "change the rules, or what is expected",
            )


def number(text: str) -> str:
    """A dialled number, or what else is dialled; spaces are for the reader only."""
    text = _text("".join(text.split(" ")))
    if not text:
        raise Refused("the number is empty", "write it as it is dialled")
    return text


def _match(text: str) -> str:
    if not text:
        raise Refused("an empty pattern is found in every number", "write ^ for every number")
    return validation.regex(text)


def _text(text: str) -> str:
    if len(text) > MAX_RESULT:
        raise Refused(f"a text of {len(text)} characters", f"use {MAX_RESULT} characters at most")
    if has_control(text) or any(unicodedata.category(c) == "Cs" for c in text):
        raise Refused("the text has a control character", "write it without")
    return text


def _digits(text: str) -> str:
    text = text.strip()
    if not _PREFIX.fullmatch(text):
        raise Refused(f"{text!r} is not what is dialled", "use digits, 8 at most")
    return text


def _international_prefix(text: str) -> str:
    text = _digits(text)
    if not text:
        raise Refused("there is no international prefix", "give it, or null for the country's")
    return text


def _length(length: int) -> int:
    if not 1 <= length <= MAX_DIGITS:
        raise Refused(f"a length of {length} digits", f"use 1 to {MAX_DIGITS}")
    return length


_CHECKS: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "name": ("name", validation.name),
    "country": ("country", validation.country),
    "area_code": ("areaCode", _digits),
    "international_prefix": ("internationalPrefix", _international_prefix),
    "national_prefix": ("nationalPrefix", _digits),
    "min_length": ("minLength", _length),
    "max_length": ("maxLength", _length),
}
