"""Many changes, and what a partial compile is made for."""

from pathlib import Path

import pytest
from msgspec import structs

from pointsman.auth import Principal
from pointsman.compiler.touched import find_changes
from pointsman.models import (
    ConfigRevision,
    RoutingRule,
    Tenant,
)
from pointsman.routing.normalization_profile import NumberField
from pointsman.routing.number_list import ListKind
from pointsman.services.carriers import (
    create_carrier,
)
from pointsman.services.dids import create_did
from pointsman.services.domains import create_domain
from pointsman.services.number_lists import (
    create_number_list,
)
from pointsman.services.routing_rules import (
    create_routing_rule,
    update_routing_rule,
)
from pointsman.services.snapshots import reading
from pointsman.services.tenants import create_tenant, update_tenant
from pointsman.services.trunk_parts import Source
from pointsman.services.trunks import create_trunk
from pointsman.snapshots.catalog import Catalog
from tests.compiler.both_ways import BothWays
from tests.compiler.conftest import following
from tests.compiler.partial_world import italy_of
from tests.kamailio.conftest import Demo
from tests.waiting import until


async def test_many_changes_at_once(both: BothWays, admin: Principal, acme: Tenant) -> None:
    """All that the tests above do one by one, with a single compile behind it."""
    group = await italy_of(acme)
    tenants = [await create_tenant(admin, name=f"T{number}") for number in range(4)]
    for number, tenant in enumerate(tenants):
        pbx = await create_trunk(
            admin, name=f"pbx-{number}", tenant_id=tenant.id,
            sources=[Source("192.0.2.0/24", tech_prefix=str(number)), Source(f"10.0.0.{number}")],
        )  # fmt: skip
        await create_domain(
            admin, tenant_id=tenant.id, name=f"t{number}.example", pbx_trunk_id=pbx.id
        )
        await create_did(admin, tenant_id=tenant.id, prefix=f"+431{number}", pbx_trunk_id=pbx.id)
        await create_routing_rule(
            admin, tenant_id=acme.id, name=f"r{number}", called_prefix=f"+4{number}",
            routing_group_id=group.id,
        )  # fmt: skip
        await create_number_list(
            admin, tenant_id=tenant.id, name="l", kind=ListKind.BLOCK, field=NumberField.CALLED,
            prefixes=[str(number)],
        )  # fmt: skip
    for row in await RoutingRule.filter(name__startswith="r", called_prefix__startswith="+4"):
        await update_routing_rule(admin, row.id, called_prefix=f"{row.called_prefix}0")
    await both.catch_up()
    assert len(both.catalog.tenants) == 5


async def test_what_has_changed_is_told_of_few_changes_of_the_same_database_alone(
    both: BothWays, admin: Principal, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = both.catalog
    for name in ("One", "Two"):
        await create_tenant(admin, name=name)

    async def is_told(catalog: Catalog, most: int) -> bool:
        monkeypatch.setattr("pointsman.compiler.touched._MOST_RECORDS", most)
        async with reading():
            return await find_changes(catalog) is not None

    assert await is_told(base, 2)
    assert not await is_told(base, 1)
    assert not await is_told(structs.replace(base, published_us=base.published_us + 1), 2)
    assert not await is_told(structs.replace(base, revision=base.revision + 3), 2)
    # Somebody says that something has changed, and not what.
    await ConfigRevision.create(actor="somebody")
    assert not await is_told(base, 3)


async def test_the_compiler_goes_from_change_to_change_and_never_compiles_everything(
    demo: Demo, admin: Principal, acme: Tenant, tmp_path: Path
) -> None:
    async with following(demo.url, tmp_path) as both:
        carrier = await create_carrier(admin, name="Own", tenant_id=acme.id)
        trunk = await create_trunk(admin, name="own-1", carrier_id=carrier.id)
        await until(lambda: str(trunk.id) in both.snapshot.sources.by_owner[""])
        await update_tenant(admin, acme.id, enabled=False)
        await until(lambda: not both.snapshot.tenants[str(acme.id)].tenant.enabled)
        assert both.compiles("full done") == 1
        assert both.compiles("partial done") >= 2
        assert both.compiles("partial failed") == 0
