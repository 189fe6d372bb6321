"""Trunks whose numbers are dialled as in a country, of which nothing is known."""

from collections.abc import Iterator, Sequence

from pointsman.routing.lint.finding import Finding, FindingCode, listed, make_finding
from pointsman.routing.lint.inventory import Inventory, owner_of
from pointsman.routing.number import NumberFormat
from pointsman.routing.trunk import Trunk


def check_profiles(inventory: Inventory) -> Iterator[Finding]:
    """Trunks of the format LOCAL, and PBXs of which calls are dialled nationally."""
    for trunk in inventory.configuration.trunks:
        if trunk.number_format is NumberFormat.LOCAL and not trunk.normalization_profile_id:
            yield make_finding(
                FindingCode.LOCAL_WITHOUT_PROFILE,
                owner_of(trunk),
                inventory.named([trunk.id]),
                f"the trunk {trunk.name} writes numbers as they are dialled in its country, and "
                "has no normalization profile to say which that is",
                fix="give it a normalization profile, or another number format",
            )
    for tenant in inventory.live_tenants():
        pbxs = inventory.sending_pbxs(tenant.id)
        without = [trunk for trunk in pbxs if not _reads_national(trunk)]
        if not without:
            continue
        why = _why_national(tenant.id, pbxs, inventory)
        if why:
            names = listed([trunk.name for trunk in without])
            yield make_finding(
                FindingCode.PROFILE_MISSING,
                tenant.id,
                inventory.named([trunk.id for trunk in without]),
                f"numbers dialled nationally on {names} are not brought to E.164, since it has no "
                f"normalization profile: {why}",
                fix="give the trunk the normalization profile of its country",
            )


def _reads_national(trunk: Trunk) -> bool:
    return trunk.normalization_profile_id != "" or trunk.number_format is NumberFormat.LOCAL


def _why_national(tenant_id: str, pbxs: Sequence[Trunk], inventory: Inventory) -> str:
    """What tells that calls of the tenant are dialled as in a country."""
    others = [trunk.name for trunk in pbxs if trunk.normalization_profile_id]
    if others:
        return f"{listed(others)} of the same tenant has one"
    dialled = [
        f"{rule.name} ({rule.called_prefix})"
        for rule in inventory.rules.get(tenant_id, ())
        if rule.called_prefix.startswith("0")
    ]
    return f"there is a rule for what is dialled so, {listed(dialled)}" if dialled else ""
