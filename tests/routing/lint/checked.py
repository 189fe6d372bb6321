"""A world in which nothing is to be found, and what is found in one."""

from msgspec import structs

from pointsman.routing.emergency_plan import EmergencyPlan
from pointsman.routing.lint.finding import Finding, FindingCode
from pointsman.routing.lint.lint import lint
from tests.routing.world import World, group, make_world


def clean_world() -> World:
    """The world of the other tests with emergency plans on two carriers for both tenants."""
    world = make_world()
    world.carriers[1] = structs.replace(world.carriers[1], tenant_ids=frozenset({"acme", "zen"}))
    world.groups[1] = group("zen-out", "zen", "alpha-1", "beta-1")
    world.emergency_plans = [
        EmergencyPlan("plan-acme", "acme", "IT", ("112",), "+390401234000", ("out",)),
        EmergencyPlan("plan-zen", "zen", "IT", ("112",), "+390409999000", ("zen-out",)),
    ]
    return world


def findings(world: World, code: FindingCode) -> list[Finding]:
    """Those of a code; nothing else is found in the world but consequences of the same."""
    return [finding for finding in lint(world.configuration()) if finding.code is code]


def named(world: World, code: FindingCode) -> list[list[str]]:
    """The names of the objects of each finding of a code."""
    return [[each.name for each in finding.objects] for finding in findings(world, code)]


def codes(world: World) -> list[FindingCode]:
    """The codes of all findings, in their order."""
    return [finding.code for finding in lint(world.configuration())]
