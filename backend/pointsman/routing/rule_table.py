"""The routing rules of a tenant, ready to find the one that a call uses.

Rules lie under their called prefix, and those for some callers only under both prefixes, so that a
call looks at those only that both may hold for, the winner of two before the loser.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from enum import Enum

import re2
from msgspec import Struct

from pointsman.routing.number import Number, is_e164
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
from pointsman.routing.schedule import OpeningHours, Schedule, compile_schedule, is_open
from pointsman.routing.sip_status import phrase_of
from pointsman.routing.table import Table


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


class CompiledRule(Struct, frozen=True, gc=False):
    """A rule ready to use: `answer` is the SIP response of REJECT, `forward` the number of
    CONTINUE. Unless `is_conditional` it applies to all that its prefixes hold for."""

    rule: RoutingRule
    called_pattern: "re2._Regexp | None"
    calling_pattern: "re2._Regexp | None"
    hours: OpeningHours | None
    is_conditional: bool
    answer: tuple[int, str] | None
    forward: Number | None


class Shelf(Struct, frozen=True, gc=False):
    """The rules of a called prefix, in their order: those for all callers, and the lengths that
    the calling prefixes of the others have, the longest first. Each pair of prefixes has a shelf
    of its own for those, under `shelf_key`."""

    called_prefix: str
    lengths: tuple[int, ...]
    rules: tuple[CompiledRule, ...]


class PlainRule(Struct, frozen=True, gc=False):
    """What most shelves come to: a rule that all calls use which get there, to a routing group."""

    id: str
    routing_group_id: str


class RuleTable(Struct, frozen=True):
    """The rules of a tenant; `reads_caller` when some depend on who calls. `shelves` may have a
    plain rule in the place of its shelf, `whole_shelves` have all of them for a trace."""

    shelves: Table[Shelf | PlainRule]
    whole_shelves: Table[Shelf]
    reads_caller: bool


Hours = Mapping[str, OpeningHours]


def compile_hours(schedules: Iterable[Schedule]) -> dict[str, OpeningHours]:
    """The schedules ready to be asked, by their ids."""
    return {schedule.id: compile_schedule(schedule) for schedule in schedules}


def compile_rules(rules: Iterable[RoutingRule], hours: Hours) -> RuleTable:
    """The rules of a tenant; raises BadRegex for a pattern that RE2 does not take."""
    shelves = shelve_rules(rules)
    table = PrefixTable(
        {
            key: compile_shelf(key, lengths, found, hours)
            for key, (lengths, found) in shelves.items()
        }
    )
    return RuleTable(
        table,
        table,
        any(reads_caller(rule) for _, found in shelves.values() for rule in found),
    )


def shelf_key(called_prefix: str, calling_prefix: str) -> str:
    """Under which rules lie: no number has a line feed, so that those for some callers are found
    by no called number alone."""
    return f"{called_prefix}\n{calling_prefix}" if calling_prefix else called_prefix


def shelve_rules(
    rules: Iterable[RoutingRule],
) -> dict[str, tuple[tuple[int, ...], list[RoutingRule]]]:
    """The rules of each shelf in their order, with the lengths of a Shelf."""
    shelves: dict[str, list[RoutingRule]] = defaultdict(list)
    lengths: dict[str, set[int]] = defaultdict(set)
    for rule in rules:
        shelves[shelf_key(rule.called_prefix, rule.calling_prefix)].append(rule)
        if rule.calling_prefix:
            lengths[rule.called_prefix].add(len(rule.calling_prefix))
    keys = shelves.keys() | lengths.keys()
    return {
        key: (
            tuple(sorted(lengths.get(key, ()), reverse=True)),
            sorted(shelves.get(key, ()), key=order_of),
        )
        for key in keys
    }


def reads_caller(rule: RoutingRule) -> bool:
    """Whether it depends on who calls."""
    return rule.calling_prefix != "" or rule.calling_regex != ""


def compile_shelf(
    key: str, lengths: tuple[int, ...], rules: Iterable[RoutingRule], hours: Hours
) -> Shelf:
    """The shelf of a key, of its rules in their order; raises BadRegex."""
    return Shelf(key, lengths, tuple([compile_rule(rule, hours) for rule in rules]))


def compile_rule(rule: RoutingRule, hours: Hours) -> CompiledRule:
    """The rule ready to use; raises BadRegex."""
    answer = forward = None
    if rule.action is RuleAction.REJECT:
        answer = rule.reject_sip_code, rule.reject_sip_reason or phrase_of(rule.reject_sip_code)
    elif rule.action is RuleAction.CONTINUE:
        forward = Number(rule.forward_number, is_e164(rule.forward_number))
    is_conditional = (
        not rule.enabled
        or rule.called_regex != ""
        or rule.calling_regex != ""
        or rule.source_trunk_id != ""
        or rule.schedule_id != ""
    )
    if not is_conditional:
        return CompiledRule(rule, None, None, None, is_conditional, answer, forward)
    return CompiledRule(
        rule=rule,
        called_pattern=_compile(rule.called_regex),
        calling_pattern=_compile(rule.calling_regex),
        hours=hours[rule.schedule_id] if rule.schedule_id else None,
        is_conditional=is_conditional,
        answer=answer,
        forward=forward,
    )


def find_rule(table: RuleTable, asked: Asked) -> CompiledRule | PlainRule | None:
    """The rule that wins."""
    for shelf in table.shelves.all(asked.called):
        if isinstance(shelf, PlainRule):
            return shelf
        if shelf.lengths:
            found = _find_by_caller(table, shelf, asked)
            if found is not None:
                return found
        for compiled in shelf.rules:
            if not compiled.is_conditional or find_obstacle(compiled, asked) is None:
                return compiled
    return None


def _find_by_caller(
    table: RuleTable, shelf: Shelf, asked: Asked
) -> CompiledRule | PlainRule | None:
    """The rule that wins among those for some callers."""
    calling = asked.calling
    for length in shelf.lengths:
        if length > len(calling):
            continue
        own = table.shelves.get(shelf_key(shelf.called_prefix, calling[:length]))
        if isinstance(own, PlainRule):
            return own
        for compiled in own.rules if own is not None else ():
            if not compiled.is_conditional or find_obstacle(compiled, asked) is None:
                return compiled
    return None


def trace_rules(table: RuleTable, asked: Asked, trace: Trace) -> None:
    """Note of each rule whose called prefix holds why it does not apply, wins or loses."""
    winner: RoutingRule | None = None
    for shelf in table.whole_shelves.all(asked.called):
        for compiled in _all_rules(table, shelf):
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


def _all_rules(table: RuleTable, shelf: Shelf) -> list[CompiledRule]:
    """All rules of a called prefix in their order."""
    rules = list(shelf.rules)
    if shelf.lengths:
        for other in table.whole_shelves.starting(f"{shelf.called_prefix}\n"):
            rules += other.rules
        rules.sort(key=lambda compiled: order_of(compiled.rule))
    return rules


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
