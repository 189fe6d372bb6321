"""The rules of a profile: the exceptions to how a country's numbers are dialled."""

import re2
from msgspec import Struct

from pointsman.routing.normalization_profile import (
    NormalizationRule,
    NumberDirection,
    NumberField,
)
from pointsman.routing.number_step import NumberStep, NumberStepKind, Steps
from pointsman.routing.replacement import Replacement, compile_replacement
from pointsman.routing.routing_rule import MAX_REGEX_INPUT, compile_regex
from pointsman.routing.uri import has_control

MAX_RESULT = 64


class FieldRules(Struct, frozen=True):
    """The rules of a direction, in their order."""

    called: tuple["CompiledNumberRule", ...]
    calling: tuple["CompiledNumberRule", ...]

    def of_field(self, field: NumberField) -> tuple["CompiledNumberRule", ...]:
        """Those for a field."""
        return self.called if field is NumberField.CALLED else self.calling


class CompiledNumberRule(Struct, frozen=True):
    """A rule ready to apply; `place` is its index among all rules of its profile."""

    place: int
    rule: NormalizationRule
    pattern: "re2._Regexp"
    replacement: Replacement


def compile_rules(rules: tuple[NormalizationRule, ...], direction: NumberDirection) -> FieldRules:
    """The rules of a direction; raises BadRegex, BadReplacement."""
    found: dict[NumberField, tuple[CompiledNumberRule, ...]] = dict.fromkeys(NumberField, ())
    for place, rule in enumerate(rules):
        if rule.direction is direction:
            found[rule.field] += (_compile_rule(place, rule),)
    return FieldRules(found[NumberField.CALLED], found[NumberField.CALLING])


def apply_rules(
    rules: tuple[CompiledNumberRule, ...], text: str, steps: Steps | None
) -> str | None:
    """What the first rule that matches makes of the text, "" for nothing that could be a number:
    an empty text, a control character, over 64 characters. None when no rule matches, as none
    does a text of over 64 characters."""
    for each in rules:
        found = each.pattern.search(text) if len(text) <= MAX_REGEX_INPUT else None
        if found is None:
            _note(steps, each, "does not match", text, matched=False)
            continue
        result = text[: found.start()] + each.replacement.expand(found) + text[found.end() :]
        if result and len(result) <= MAX_RESULT and not has_control(result):
            _note(steps, each, f"makes it {result}", result, matched=True)
            return result
        _note(steps, each, "makes nothing of it that could be a number", text, matched=True)
        return ""
    return None


def _compile_rule(place: int, rule: NormalizationRule) -> CompiledNumberRule:
    pattern = compile_regex(rule.match)
    return CompiledNumberRule(
        place, rule, pattern, compile_replacement(rule.replace, pattern.groups)
    )


def _note(
    steps: Steps | None, each: CompiledNumberRule, what: str, result: str, *, matched: bool
) -> None:
    if steps is not None:
        text = f"rules[{each.place}] {each.rule.match} {what}"
        steps.append(NumberStep(NumberStepKind.RULE, text, matched, result))
