"""Objects that many tests of services start from."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest

from pointsman.auth import Principal
from pointsman.models import Carrier, RoutingGroup, Tenant, Trunk
from pointsman.routing.normalization_profile import NumberDirection, NumberField
from pointsman.services.carriers import create_carrier, grant_carrier
from pointsman.services.routing_groups import create_routing_group
from pointsman.services.tenants import create_tenant
from pointsman.services.trunk_parts import Endpoint
from pointsman.services.trunks import create_trunk
from tests.conftest import bound, copy_database


@dataclass
class Place:
    """A place in a group, of a trunk or of another group."""

    trunk_id: object = None
    priority: int = 0
    weight: int = 1
    enabled: bool = True
    routing_group_id: object = None


@dataclass
class Rule:
    """A rule of a normalization profile."""

    match: str
    replace: str = ""
    direction: NumberDirection = NumberDirection.INBOUND
    field: NumberField = NumberField.CALLED


@dataclass
class Objects:
    """Two tenants with a PBX each, a platform carrier that is granted to the first only."""

    acme: Tenant
    zen: Tenant
    acme_pbx: Trunk
    zen_pbx: Trunk
    alpha: Carrier
    alpha_trunk: Trunk
    acme_group: RoutingGroup
    zen_group: RoutingGroup


@pytest.fixture
async def objects(transaction: None, admin: Principal) -> Objects:
    acme = await create_tenant(admin, name="Acme")
    zen = await create_tenant(admin, name="Zen")
    acme_pbx = await create_trunk(admin, name="pbx", tenant_id=acme.id)
    zen_pbx = await create_trunk(admin, name="pbx", tenant_id=zen.id)
    alpha = await create_carrier(admin, name="Alpha")
    await grant_carrier(admin, alpha.id, acme.id)
    alpha_trunk = await create_trunk(admin, name="alpha-1", carrier_id=alpha.id)
    return Objects(
        acme,
        zen,
        acme_pbx,
        zen_pbx,
        alpha,
        alpha_trunk,
        await create_routing_group(
            admin, tenant_id=acme.id, name="pbxs", trunks=[Place(acme_pbx.id)]
        ),
        await create_routing_group(
            admin, tenant_id=zen.id, name="pbxs", trunks=[Place(zen_pbx.id)]
        ),
    )


@dataclass
class Ways:
    """Two carriers granted to Acme, each with a trunk, and each trunk with a group."""

    carriers: list[Carrier]
    trunks: list[Trunk]
    groups: list[RoutingGroup]

    @property
    def group_ids(self) -> list[Any]:
        """In their order."""
        return [group.id for group in self.groups]


@pytest.fixture
async def ways(admin: Principal, objects: Objects) -> Ways:
    found = Ways([], [], [])
    for name in ("One", "Two"):
        carrier = await create_carrier(admin, name=name)
        await grant_carrier(admin, carrier.id, objects.acme.id)
        trunk = await create_trunk(
            admin, name=name, carrier_id=carrier.id, endpoints=[Endpoint(f"{name}.example")]
        )
        group = await create_routing_group(
            admin, tenant_id=objects.acme.id, name=name, trunks=[Place(trunk.id)]
        )
        found.carriers.append(carrier)
        found.trunks.append(trunk)
        found.groups.append(group)
    return found


@pytest.fixture
def of_zen(objects: Objects) -> Principal:
    """A token of the second tenant."""
    return Principal("Zen's token", objects.zen.id)


@pytest.fixture
async def committed(template_url: str) -> AsyncIterator[str]:
    """The URL of a database of its own, where commits are commits."""
    url = await copy_database(template_url, "committed")
    async with bound(url):
        yield url
