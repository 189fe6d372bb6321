"""What of a snapshot is of one tenant."""

from collections.abc import Mapping

from msgspec import Struct

from pointsman.routing.choice import Choice, Choices
from pointsman.routing.configuration import Configuration
from pointsman.routing.emergency_numbers import EmergencyNumbers, compile_emergency
from pointsman.routing.objects import Objects
from pointsman.routing.rule_table import RuleTable
from pointsman.routing.screening_lists import Level
from pointsman.routing.tenant import Tenant
from pointsman.routing.trunk import TrunkKind


class TenantSnapshot(Struct, frozen=True):
    """A tenant with its choices by the id of a routing group, or of a PBX trunk, to
    which DIDs and domains lead; its rules, its lists (see screening_lists), its emergency
    numbers."""

    tenant: Tenant
    choices: Mapping[str, Choice]
    rules: RuleTable | None
    lists: Mapping[str, Level]
    emergency: EmergencyNumbers


def compile_tenant(
    own: Configuration,
    objects: Objects,
    rules: RuleTable | None,
    lists: Mapping[str, Level],
) -> TenantSnapshot:
    """Of the one tenant of a configuration; `objects` are its own and what they refer to."""
    (tenant,) = own.tenants
    choices = Choices(objects)
    pbxs = [trunk for trunk in own.trunks if trunk.kind is TrunkKind.PBX]
    return TenantSnapshot(
        tenant=tenant,
        choices={
            **{group.id: choices.of_group(group) for group in own.routing_groups},
            **{trunk.id: choices.of_trunk(trunk) for trunk in pbxs},
        },
        rules=rules,
        lists=lists,
        emergency=compile_emergency(own.emergency_plans, tenant, choices),
    )
