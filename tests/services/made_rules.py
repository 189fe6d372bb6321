"""Routing rules that tests make of little."""

from typing import Any

from pointsman.auth import Principal
from pointsman.models import RoutingRule
from pointsman.routing.routing_rule import RuleAction
from pointsman.services.routing_rules import create_routing_rule
from tests.services.conftest import Objects


async def create_rule(
    admin: Principal, objects: Objects, name: str = "r", **more: Any
) -> RoutingRule:
    """Acme's, by its group, unless said otherwise."""
    fields: dict[str, Any] = {
        "tenant_id": objects.acme.id,
        "routing_group_id": objects.acme_group.id,
        "name": name,
    }
    return await create_routing_rule(admin, **{**fields, **more})


async def create_forward(
    admin: Principal, objects: Objects, name: str, prefix: str, number: str, **more: Any
) -> RoutingRule:
    """One that sends calls on to a number."""
    fields: dict[str, Any] = {
        "routing_group_id": None,
        "called_prefix": prefix,
        "forward_number": number,
    }
    return await create_rule(admin, objects, name, action=RuleAction.CONTINUE, **fields, **more)
