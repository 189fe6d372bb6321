"""Emergency calls that reach nobody, or too few."""

from collections.abc import Iterator

from pointsman.routing.emergency_plan import EmergencyPlan
from pointsman.routing.lint.finding import Finding, FindingCode, listed, make_finding
from pointsman.routing.lint.inventory import Inventory

# Of an emergency plan: when one carrier is down, another one takes the call.
MIN_CARRIERS = 2


def check_emergency(inventory: Inventory) -> Iterator[Finding]:
    """All tenants from whose PBXs calls come."""
    for tenant in inventory.live_tenants():
        pbxs = inventory.sending_pbxs(tenant.id)
        plans = inventory.plans.get(tenant.id, ())
        for plan in plans:
            yield from _unreachable(plan, inventory)
        if pbxs and not plans:
            yield make_finding(
                FindingCode.EMERGENCY_WITHOUT_PLAN,
                tenant.id,
                inventory.named([tenant.id, *(trunk.id for trunk in pbxs)]),
                f"calls come from PBXs of {tenant.name}, and it has no emergency plan: an "
                "emergency call is screened and routed as any other",
                fix="make an emergency plan for each country in which its callers are",
            )
        countries = sorted({plan.country for plan in plans})
        without = [trunk for trunk in pbxs if not trunk.normalization_profile_id]
        if len(countries) > 1 and without:
            yield make_finding(
                FindingCode.EMERGENCY_COUNTRY_UNKNOWN,
                tenant.id,
                inventory.named([trunk.id for trunk in without]),
                f"{tenant.name} has emergency plans for {listed(countries)}, and the trunk "
                f"{listed([trunk.name for trunk in without])} has no normalization profile, which "
                "would tell the country of its callers",
                fix="give the trunk the normalization profile of its country",
            )


def _unreachable(plan: EmergencyPlan, inventory: Inventory) -> Iterator[Finding]:
    # What is draining is tried last, and is about to go: a save does not count on it either.
    choice = inventory.choices.in_order(plan.id, plan.tenant_id, plan.routing_group_ids)
    carrier_ids = {
        candidate.trunk.carrier_id
        for candidate in inventory.live_candidates(choice)
        if candidate.trunk.carrier_id
    }
    if len(carrier_ids) >= MIN_CARRIERS:
        return
    names = [inventory.names[carrier_id].name for carrier_id in carrier_ids]
    reached = f"only the carrier {names[0]} takes" if names else "no carrier takes"
    why = listed(list(inventory.faults(choice)))
    yield make_finding(
        FindingCode.EMERGENCY_UNREACHABLE,
        plan.tenant_id,
        inventory.named([plan.id, *plan.routing_group_ids]),
        f"{reached} calls of the emergency plan {plan.country}" + (f": {why}" if why else ""),
        fix=f"give it groups with enabled trunks of {MIN_CARRIERS} enabled carriers at least",
    )
