"""Objects that nothing refers to."""

from collections.abc import Iterable, Iterator
from typing import Protocol

from pointsman.routing.lint.finding import Finding, FindingCode, make_finding
from pointsman.routing.lint.inventory import Inventory


class _Owned(Protocol):
    @property
    def id(self) -> str: ...

    @property
    def name(self) -> str: ...

    @property
    def tenant_id(self) -> str: ...


def check_use(inventory: Inventory) -> Iterator[Finding]:
    """Groups, profiles, schedules and policies to which nothing leads, enabled or not."""
    given = inventory.configuration
    groups = {rule.routing_group_id for rule in given.routing_rules}
    groups |= {did.routing_group_id for did in given.dids}
    groups |= {group_id for plan in given.emergency_plans for group_id in plan.routing_group_ids}
    groups |= {place.member_group_id for group in given.routing_groups for place in group.trunks}
    yield from _unused("routing group", given.routing_groups, groups, inventory)
    profiles = {trunk.normalization_profile_id for trunk in given.trunks}
    yield from _unused("normalization profile", given.normalization_profiles, profiles, inventory)
    schedules = {rule.schedule_id for rule in given.routing_rules}
    yield from _unused("schedule", given.schedules, schedules, inventory)
    policies = {trunk.reroute_policy_id for trunk in given.trunks}
    policies |= {carrier.reroute_policy_id for carrier in given.carriers}
    policies |= {tenant.reroute_policy_id for tenant in given.tenants}
    yield from _unused("reroute policy", given.reroute_policies, policies, inventory)


def _unused(
    noun: str, items: Iterable[_Owned], used: set[str], inventory: Inventory
) -> Iterator[Finding]:
    for item in items:
        if item.id not in used:
            yield make_finding(
                FindingCode.UNUSED,
                item.tenant_id,
                inventory.named([item.id]),
                f"nothing refers to the {noun} {item.name}",
                fix="refer to it, or delete it",
            )
