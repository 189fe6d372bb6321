"""Rules that never decide a call: behind another one, behind a DID, or never applying at all.

A rule is shadowed when one before it in their order applies to every call that it applies to.
That is provable only where both have the same prefixes: a longer one goes first and is narrower.
"""

from collections.abc import Iterator, Sequence

from msgspec import Struct

from pointsman.routing.lint.finding import Finding, FindingCode, listed, make_finding
from pointsman.routing.lint.inventory import Inventory
from pointsman.routing.lint.opening import Opening, opening_of
from pointsman.routing.routing_rule import RoutingRule, order_of


class Conditions(Struct, frozen=True):
    """What a rule asks of a call, without what every call of the tenant fulfils."""

    called_prefix: str
    calling_prefix: str
    source_trunk_id: str
    schedule: tuple[str, bool]
    called_regex: str
    calling_regex: str

    def broader(self) -> Iterator["Conditions"]:
        """These, and all that ask for less of the same; prefixes stay, since they are ordered."""
        for source in {self.source_trunk_id, ""}:
            for schedule in {self.schedule, _ALWAYS}:
                for called in {self.called_regex, ""}:
                    for calling in {self.calling_regex, ""}:
                        yield Conditions(
                            self.called_prefix,
                            self.calling_prefix,
                            source,
                            schedule,
                            called,
                            calling,
                        )


_ALWAYS = ("", True)


def check_rules(inventory: Inventory) -> Iterator[Finding]:
    """All rules of all tenants."""
    for tenant_id, rules in inventory.rules.items():
        pbxs = inventory.sending_pbxs(tenant_id)
        only_source = pbxs[0].id if len(pbxs) == 1 else ""
        first: dict[Conditions, RoutingRule] = {}
        for rule in sorted(rules, key=order_of):
            never = _why_never(rule, inventory)
            if never:
                yield _never_applies(rule, never, inventory)
                continue
            conditions = conditions_of(rule, inventory, only_source)
            covering = [first[c] for c in conditions.broader() if c in first]
            if covering:
                yield _shadowed(rule, min(covering, key=order_of), inventory)
            else:
                first[conditions] = rule
        yield from _behind_dids(tenant_id, rules, inventory)


def conditions_of(rule: RoutingRule, inventory: Inventory, only_source: str) -> Conditions:
    """A rule's conditions; the tenant's only source is no condition, nor is a schedule that is
    always as the rule wants it."""
    schedule = _ALWAYS
    if rule.schedule_id:
        opening = opening_of(inventory.objects.schedules[rule.schedule_id])
        if opening is Opening.SOMETIMES:
            schedule = rule.schedule_id, rule.schedule_open
    return Conditions(
        rule.called_prefix,
        rule.calling_prefix,
        "" if rule.source_trunk_id == only_source else rule.source_trunk_id,
        schedule,
        rule.called_regex,
        rule.calling_regex,
    )


def _why_never(rule: RoutingRule, inventory: Inventory) -> str:
    if rule.source_trunk_id:
        trunk = inventory.objects.trunks[rule.source_trunk_id]
        if not trunk.enabled:
            return f"its source trunk {trunk.name} is disabled"
        if trunk.id not in inventory.senders:
            return f"no call comes from its source trunk {trunk.name}, which has no source"
    if rule.schedule_id:
        schedule = inventory.objects.schedules[rule.schedule_id]
        opening = opening_of(schedule)
        if opening is Opening.NEVER and rule.schedule_open:
            return f"it asks for an open schedule, and {schedule.name} never opens"
        if opening is Opening.ALWAYS and not rule.schedule_open:
            return f"it asks for a closed schedule, and {schedule.name} never closes"
    return ""


def _never_applies(rule: RoutingRule, why: str, inventory: Inventory) -> Finding:
    ids = [
        object_id for object_id in (rule.id, rule.source_trunk_id, rule.schedule_id) if object_id
    ]
    return make_finding(
        FindingCode.RULE_NEVER_APPLIES,
        rule.tenant_id,
        inventory.named(ids),
        f"the rule {rule.name} never applies: {why}",
        fix="change the rule's conditions, or disable it",
    )


def _shadowed(rule: RoutingRule, winner: RoutingRule, inventory: Inventory) -> Finding:
    return make_finding(
        FindingCode.RULE_SHADOWED,
        rule.tenant_id,
        inventory.named([rule.id, winner.id]),
        f"the rule {rule.name} never decides a call: {winner.name} comes before it and applies to "
        "every call that it applies to",
        fix=f"give {rule.name} a lower priority number than {winner.name}, narrow {winner.name}, "
        "or delete one of them",
    )


def _behind_dids(
    tenant_id: str, rules: Sequence[RoutingRule], inventory: Inventory
) -> Iterator[Finding]:
    dids = {did.prefix: did for did in inventory.dids.get(tenant_id, ())}
    if not dids:
        return
    for rule in rules:
        prefix = rule.called_prefix
        covering = [prefix[:n] for n in range(2, len(prefix) + 1) if prefix[:n] in dids]
        if covering:
            found = [dids[did_prefix].id for did_prefix in reversed(covering)]
            yield make_finding(
                FindingCode.RULE_BEHIND_DID,
                tenant_id,
                inventory.named([rule.id, *found]),
                f"the rule {rule.name} for {prefix} never decides a call: these numbers are the "
                f"tenant's own by the DID {listed(covering[::-1])}, which comes first",
                fix="delete the rule, or shorten its prefix",
            )
