"""Trunks that neither send nor take calls."""

from collections.abc import Iterator

from pointsman.routing.lint.finding import Finding, FindingCode, make_finding
from pointsman.routing.lint.inventory import Inventory, owner_of


def check_trunks(inventory: Inventory) -> Iterator[Finding]:
    """Enabled trunks without sources, digest identity and endpoints."""
    for trunk in inventory.configuration.trunks:
        if trunk.enabled and trunk.id not in inventory.senders and not trunk.endpoints:
            yield make_finding(
                FindingCode.TRUNK_WITHOUT_PURPOSE,
                owner_of(trunk),
                inventory.named([trunk.id]),
                f"no call comes from the trunk {trunk.name}, and none goes there: it has no "
                "source, no digest credential and no endpoint",
                fix="give it what it lacks, or delete it",
            )
