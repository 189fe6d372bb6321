"""All checks over a configuration."""

from collections.abc import Iterator

from pointsman.routing.configuration import Configuration
from pointsman.routing.lint.dids import check_dids
from pointsman.routing.lint.emergency import check_emergency
from pointsman.routing.lint.finding import Finding, order_of
from pointsman.routing.lint.forwards import check_forwards
from pointsman.routing.lint.groups import check_groups
from pointsman.routing.lint.inventory import Inventory, take_inventory
from pointsman.routing.lint.number_lists import check_lists
from pointsman.routing.lint.patterns import check_patterns
from pointsman.routing.lint.prefix_gaps import check_gaps
from pointsman.routing.lint.profiles import check_profiles
from pointsman.routing.lint.rules import check_rules
from pointsman.routing.lint.schedules import check_schedules
from pointsman.routing.lint.sources import check_sources
from pointsman.routing.lint.trunks import check_registered, check_trunks
from pointsman.routing.lint.unused import check_use
from pointsman.routing.lint.weights import check_weights

_CHECKS = (
    check_patterns,
    check_rules,
    check_forwards,
    check_dids,
    check_lists,
    check_groups,
    check_emergency,
    check_profiles,
    check_gaps,
    check_weights,
    check_schedules,
    check_use,
    check_trunks,
    check_registered,
    check_sources,
)


def lint(configuration: Configuration) -> tuple[Finding, ...]:
    """All findings in their order: errors first."""
    inventory = take_inventory(configuration)
    return tuple(sorted(_all_findings(inventory), key=order_of))


def _all_findings(inventory: Inventory) -> Iterator[Finding]:
    for check in _CHECKS:
        yield from check(inventory)
