"""Rules that send a call on with another number for ever.

Followed from each such rule: the next one is certain while all that it asks of a call, but for the
called number, is asked by the rules before it as well. Where it depends on the call, nothing is
said.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from pointsman.routing.decide import MAX_FORWARDS
from pointsman.routing.lint.finding import Finding, FindingCode, make_finding
from pointsman.routing.lint.inventory import Inventory
from pointsman.routing.lint.rules import Conditions, conditions_of
from pointsman.routing.routing_rule import (
    MAX_REGEX_INPUT,
    BadRegex,
    RoutingRule,
    RuleAction,
    compile_regex,
    order_of,
)

# Rules that are looked at for one number: with more in the way, nothing is said.
_MAX_LOOKS = 100


class _Tenant(Struct):
    """The rules of a tenant by their called prefix, each in its order, its DIDs' prefixes, and
    the numbers of its emergency plans."""

    rules: Mapping[str, Sequence[RoutingRule]]
    did_prefixes: frozenset[str]
    emergency: tuple[str, ...]
    only_source: str
    inventory: Inventory

    def conditions(self, rule: RoutingRule) -> Conditions:
        return conditions_of(rule, self.inventory, self.only_source)


def check_forwards(inventory: Inventory) -> Iterator[Finding]:
    """All rules that continue with another number."""
    for tenant_id, rules in inventory.rules.items():
        forwards = [rule for rule in rules if rule.action is RuleAction.CONTINUE]
        if not forwards:
            continue
        by_prefix = defaultdict(list)
        for rule in sorted(rules, key=order_of):
            by_prefix[rule.called_prefix].append(rule)
        pbxs = inventory.sending_pbxs(tenant_id)
        tenant = _Tenant(
            rules=by_prefix,
            did_prefixes=frozenset(did.prefix for did in inventory.dids.get(tenant_id, ())),
            # Written in any way, a number of a plan ends as it is dialled.
            emergency=tuple(n for plan in inventory.plans.get(tenant_id, ()) for n in plan.numbers),
            only_source=pbxs[0].id if len(pbxs) == 1 else "",
            inventory=inventory,
        )
        told: set[str] = set()
        for rule in forwards:
            path = _follow(rule, tenant)
            if path and not told & {step.id for step in path}:
                told |= {step.id for step in path}
                yield _in_circle(path, inventory)


def _follow(rule: RoutingRule, tenant: _Tenant) -> list[RoutingRule]:
    """The rules that a call goes through once it is in this one's hands, if that takes more of
    them than are allowed; else none."""
    path = [rule]
    held = [tenant.conditions(rule)]
    while len(path) <= MAX_FORWARDS:
        following = _certain_rule(path[-1].forward_number, held, tenant)
        if following is None or following.action is not RuleAction.CONTINUE:
            return []
        if following in path:
            return path
        path.append(following)
        held.append(tenant.conditions(following))
    return path


def _certain_rule(number: str, held: list[Conditions], tenant: _Tenant) -> RoutingRule | None:
    """The rule that surely decides a call to this number, of which these conditions hold."""
    prefixes = [number[:length] for length in range(len(number), -1, -1)]
    if number.startswith("+") and not tenant.did_prefixes.isdisjoint(prefixes):
        return None
    if number.endswith(tenant.emergency):
        return None
    looks = 0
    for prefix in prefixes:
        for rule in tenant.rules.get(prefix, ()):
            looks += 1
            if looks > _MAX_LOOKS:
                return None
            applies = _applies(rule, number, held, tenant)
            if applies is None:
                return None
            if applies:
                return rule
    return None


def _applies(
    rule: RoutingRule, number: str, held: list[Conditions], tenant: _Tenant
) -> bool | None:
    """Whether the rule applies; None where it depends on the call."""
    if rule.called_regex and not _matches(rule.called_regex, number):
        return False
    asked = tenant.conditions(rule)
    if any(_excludes(given, asked) for given in held):
        return False
    for ask, default in _ASKED:
        value = getattr(asked, ask)
        if value != default and all(not _implies(given, ask, value) for given in held):
            return None
    return True


# What a rule asks of a call besides its called number, and what it is when it asks nothing.
_ASKED = (
    ("source_trunk_id", ""),
    ("schedule", ("", True)),
    ("calling_prefix", ""),
    ("calling_regex", ""),
)


def _implies(given: Conditions, ask: str, value: object) -> bool:
    if ask == "calling_prefix":
        return given.calling_prefix.startswith(str(value))
    return bool(getattr(given, ask) == value)


def _excludes(given: Conditions, asked: Conditions) -> bool:
    """Whether no call fulfils both."""
    sources = given.source_trunk_id, asked.source_trunk_id
    if all(sources) and sources[0] != sources[1]:
        return True
    if given.schedule[0] and given.schedule == (asked.schedule[0], not asked.schedule[1]):
        return True
    calling = given.calling_prefix, asked.calling_prefix
    return not (calling[0].startswith(calling[1]) or calling[1].startswith(calling[0]))


def _matches(pattern: str, number: str) -> bool:
    try:
        found = compile_regex(pattern).fullmatch(number)
    except BadRegex:
        return False
    return len(number) <= MAX_REGEX_INPUT and found is not None


def _in_circle(path: list[RoutingRule], inventory: Inventory) -> Finding:
    numbers = " -> ".join(f"{rule.name} ({rule.forward_number})" for rule in path)
    return make_finding(
        FindingCode.FORWARD_IN_CIRCLE,
        path[0].tenant_id,
        inventory.named([rule.id for rule in path]),
        f"a call that the rule {path[0].name} sends on is sent on more than {MAX_FORWARDS} times, "
        f"and then rejected: {numbers}",
        fix="let one of the rules lead to a routing group, or to a number that none of them has",
    )
