"""Whether emergency calls reach the carriers that they have to.

An enabled plan has two carriers at least, each with a trunk that takes calls: its place enabled in
its group (and that group's in the group around it), the trunk enabled and not draining, with an
enabled endpoint, of a carrier that is enabled and granted to the tenant. No change may take that
from a plan: it would be found out by the next one who calls 112.
"""

from dataclasses import dataclass
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient

from pointsman.errors import Conflict, InvalidInput, Problem

_CARRIERS = 2
_FIX = (
    "have a trunk of another carrier in its routing groups, which is enabled, not draining, with "
    "an enabled endpoint, the carrier enabled and granted to the tenant; or disable the plan first"
)
_UNREACHABLE = """
WITH RECURSIVE member(plan_id, tenant_id, group_id) AS (
    SELECT plan.id, plan.tenant_id, entry.routing_group_id
    FROM emergency_plan plan
    JOIN emergency_plan_group entry ON entry.emergency_plan_id = plan.id
    WHERE plan.enabled
UNION
    SELECT member.plan_id, member.tenant_id, place.member_group_id
    FROM member
    JOIN routing_group_trunk place ON place.routing_group_id = member.group_id
    WHERE place.enabled AND place.member_group_id IS NOT NULL
),
reached AS (
    SELECT DISTINCT member.plan_id, carrier.id, carrier.name
    FROM member
    JOIN routing_group_trunk place ON place.routing_group_id = member.group_id AND place.enabled
    JOIN trunk ON trunk.id = place.trunk_id AND trunk.enabled AND NOT trunk.draining
    JOIN carrier ON carrier.id = trunk.carrier_id AND carrier.enabled
    JOIN carrier_grant granted
        ON granted.carrier_id = carrier.id AND granted.tenant_id = member.tenant_id
    WHERE EXISTS (
        SELECT FROM trunk_endpoint endpoint WHERE endpoint.trunk_id = trunk.id AND endpoint.enabled
    )
)
SELECT plan.id, plan.country, tenant.name AS tenant, max(reached.name) AS carrier
FROM emergency_plan plan
JOIN tenant ON tenant.id = plan.tenant_id
LEFT JOIN reached ON reached.plan_id = plan.id
WHERE plan.enabled
GROUP BY plan.id, plan.country, tenant.name
HAVING count(reached.id) < $1
ORDER BY tenant.name, plan.country
"""


@dataclass(frozen=True)
class Unreachable:
    """A plan that reaches too few carriers: the one by its name, "" for none."""

    plan_id: UUID
    country: str
    tenant: str
    carrier: str

    def __str__(self) -> str:
        only = f"only the carrier {self.carrier}" if self.carrier else "no carrier"
        return (
            f"the emergency plan of {self.tenant} for {self.country} would reach {only}, and needs "
            f"{_CARRIERS}"
        )


async def find_unreachable(connection: BaseDBAsyncClient) -> list[Unreachable]:
    """The enabled plans that reach too few carriers, as the transaction has it."""
    rows = await connection.execute_query_dict(_UNREACHABLE, [_CARRIERS])
    return [
        Unreachable(row["id"], row["country"], row["tenant"], row["carrier"] or "") for row in rows
    ]


async def check_plan_reach(connection: BaseDBAsyncClient, plan_id: UUID) -> None:
    """Raise InvalidInput when the plan, which is being saved, reaches too few carriers."""
    for plan in await find_unreachable(connection):
        if plan.plan_id == plan_id:
            raise InvalidInput([Problem("routingGroupIds", str(plan), _FIX)])


async def check_reach(connection: BaseDBAsyncClient, before: list[Unreachable], path: str) -> None:
    """Raise Conflict for a plan that the change made unreachable, at the object's path. What was
    so `before` stands in nobody's way: only a hand in the database can have done it."""
    known = {plan.plan_id for plan in before}
    for plan in await find_unreachable(connection):
        if plan.plan_id not in known:
            raise Conflict(path, f"{plan}: {_FIX}")
