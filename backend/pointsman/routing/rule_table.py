"""The routing rules of a tenant, ready to find the one that a call uses.

Rules lie under their called prefix, and there under their calling prefix, so that a call looks at
those only that both may hold for, the winner of two before the loser.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from enum import Enum

import re2
from msgspec import Struct

from pointsman.routing.number import Number, is_e164
from pointsman.routing.objects import Objects
from pointsman.routing.outcome import Note, Step, Trace
from pointsman.routing.prefix_table import PrefixTable
from pointsman.routing.routing_rule import (
    MAX_REGEX_INPUT,
    RoutingRule,
    RuleAction,
    compile_regex,
    order_of,
    reason_of_order,
)
from pointsman.routing.schedule import OpeningHours, compile_schedule, is_open
from pointsman.routing.sip_status import phrase_of


class Obstacle(Enum):
    """Why a rule does not apply to a call that its called prefix holds for, for a trace: a
    template of the rule and its opening hours."""

    DISABLED = "it is disabled"
    SOURCE_TRUNK = "the call is from another trunk than its source trunk"
    CALLING_PREFIX = "the calling number does not start with {rule.calling_prefix}"
    SCHEDULE_CLOSED = "the schedule {hours.name} is closed"
    SCHEDULE_OPEN = "the schedule {hours.name} is open, and the rule is for while it is closed"
    CALLED_REGEX = "the called number does not match {rule.called_regex}"
    CALLING_REGEX = "the calling number does not match {rule.calling_regex}"


class Asked(Struct, frozen=True, gc=False):
    """What is asked of a table: the numbers, `calling` "" for a caller without one; the source
    trunk's id; the time (Unix time in seconds)."""

    called: str
    calling: str
    source_trunk_id: str
    now: float


class CompiledRule(Struct, frozen=True):
    """A rule ready to use: `answer` is the SIP response of REJECT, `forward` the number of
    CONTINUE. Unless `is_conditional` it applies to all that its prefixes hold for."""

    rule: RoutingRule
    called_pattern: "re2._Regexp | None"
    calling_pattern: "re2._Regexp | None"
    hours: OpeningHours | None
    is_conditional: bool
    answer: tuple[int, str] | None
    forward: Number | None


class _Tier(Struct, frozen=True):
    """The enabled rules of a called prefix whose calling prefixes have this length, by them."""

    length: int
    rules: Mapping[str, tuple[CompiledRule, ...]]


class _Shelf(Struct, frozen=True):
    """The rules of a called prefix: the enabled ones in tiers, the longest calling prefix first;
    and all of them in their order, for a trace."""

    tiers: tuple[_Tier, ...]
    rules: tuple[CompiledRule, ...]


class RuleTable(Struct, frozen=True):
    """The rules of a tenant; `reads_caller` when some depend on who calls."""

    shelves: PrefixTable[_Shelf]
    reads_caller: bool


def compile_rules(rules: Iterable[RoutingRule], objects: Objects) -> dict[str, RuleTable]:
    """The rules by tenant; raises BadRegex for a pattern that RE2 does not take."""
    hours = {schedule.id: compile_schedule(schedule) for schedule in objects.schedules.values()}
    by_tenant: dict[str, list[CompiledRule]] = defaultdict(list)
    for rule in sorted(rules, key=order_of):
        by_tenant[rule.tenant_id].append(compile_rule(rule, hours))
    return {tenant_id: _compile_table(found) for tenant_id, found in by_tenant.items()}


def compile_rule(rule: RoutingRule, hours: Mapping[str, OpeningHours]) -> CompiledRule:
    """The rule ready to use; raises BadRegex."""
    answer = forward = None
    if rule.action is RuleAction.REJECT:
        answer = rule.reject_sip_code, rule.reject_sip_reason or phrase_of(rule.reject_sip_code)
    elif rule.action is RuleAction.CONTINUE:
        forward = Number(rule.forward_number, is_e164(rule.forward_number))
    return CompiledRule(
        rule=rule,
        called_pattern=_compile(rule.called_regex),
        calling_pattern=_compile(rule.calling_regex),
        hours=hours[rule.schedule_id] if rule.schedule_id else None,
        is_conditional=any(
            (rule.called_regex, rule.calling_regex, rule.source_trunk_id, rule.schedule_id)
        ),
        answer=answer,
        forward=forward,
    )


def find_rule(table: RuleTable, asked: Asked) -> CompiledRule | None:
    """The rule that wins."""
    calling = asked.calling
    for shelf in table.shelves.all(asked.called):
        for tier in shelf.tiers:
            for compiled in tier.rules.get(calling[: tier.length], ()):
                if not compiled.is_conditional or find_obstacle(compiled, asked) is None:
                    return compiled
    return None


def trace_rules(table: RuleTable, asked: Asked, trace: Trace) -> None:
    """Note of each rule whose called prefix holds why it does not apply, wins or loses."""
    winner: RoutingRule | None = None
    for shelf in table.shelves.all(asked.called):
        for compiled in shelf.rules:
            rule = compiled.rule
            obstacle = find_obstacle(compiled, asked)
            if obstacle is not None:
                why = obstacle.value.format(rule=rule, hours=compiled.hours)
                text = f"routing rule, does not apply: {why}"
            elif winner is None:
                winner = rule
                text = f"routing rule for {rule.called_prefix or 'all'}: it applies, and wins"
            else:
                text = f"routing rule, lost to {winner.name}: {reason_of_order(winner, rule)}"
            trace.append(Note(Step.MATCH, rule.name, text))


def find_obstacle(compiled: CompiledRule, asked: Asked) -> Obstacle | None:
    """What keeps the rule from applying, the cheap conditions looked at first."""
    rule = compiled.rule
    if not rule.enabled:
        return Obstacle.DISABLED
    if rule.source_trunk_id and rule.source_trunk_id != asked.source_trunk_id:
        return Obstacle.SOURCE_TRUNK
    if not asked.calling.startswith(rule.calling_prefix):
        return Obstacle.CALLING_PREFIX
    if compiled.hours is not None and is_open(compiled.hours, asked.now) != rule.schedule_open:
        return Obstacle.SCHEDULE_CLOSED if rule.schedule_open else Obstacle.SCHEDULE_OPEN
    if not _matches(compiled.called_pattern, asked.called):
        return Obstacle.CALLED_REGEX
    return None if _matches(compiled.calling_pattern, asked.calling) else Obstacle.CALLING_REGEX


def takes_called(rule: RoutingRule, called: str) -> bool:
    """Whether all that the rule says of called numbers holds for this one."""
    return called.startswith(rule.called_prefix) and _matches(_compile(rule.called_regex), called)


def _compile(pattern: str) -> "re2._Regexp | None":
    return compile_regex(pattern) if pattern else None


def _matches(pattern: "re2._Regexp | None", number: str) -> bool:
    if pattern is None:
        return True
    return 0 < len(number) <= MAX_REGEX_INPUT and pattern.fullmatch(number) is not None


def _compile_table(rules: list[CompiledRule]) -> RuleTable:
    """Of rules in their order."""
    by_called: dict[str, list[CompiledRule]] = defaultdict(list)
    for compiled in rules:
        by_called[compiled.rule.called_prefix].append(compiled)
    return RuleTable(
        PrefixTable({prefix: _compile_shelf(found) for prefix, found in by_called.items()}),
        any(found.rule.calling_prefix or found.rule.calling_regex for found in rules),
    )


def _compile_shelf(rules: list[CompiledRule]) -> _Shelf:
    tiers: dict[int, dict[str, list[CompiledRule]]] = {}
    for compiled in rules:
        calling = compiled.rule.calling_prefix
        if compiled.rule.enabled:
            tiers.setdefault(len(calling), {}).setdefault(calling, []).append(compiled)
    return _Shelf(
        tuple(
            _Tier(length, {prefix: tuple(found) for prefix, found in tier.items()})
            for length, tier in tiers.items()
        ),
        tuple(rules),
    )
