"""A trunk that is to be registered, or is not any more, is so after a partial compile."""

from typing import Any

from msgspec import structs

from pointsman.auth import Principal
from pointsman.graphql.registration import TrunkRegistrationInput
from pointsman.services.carriers import create_carrier
from pointsman.services.group_places import Place
from pointsman.services.routing_groups import create_routing_group
from pointsman.services.routing_rules import create_routing_rule
from pointsman.services.tenants import create_tenant
from pointsman.services.trunk_parts import Endpoint
from pointsman.services.trunks import create_trunk, update_trunk
from pointsman.snapshots.catalog import read_catalog, write_catalog
from pointsman.snapshots.mapped import Mapper
from tests.compiler.both_ways import BothWays
from tests.compiler.partial_world import SECRETS


def _contacts(both: BothWays) -> dict[str, int]:
    """What a router would map: how long each contact is registered for."""
    catalog = structs.replace(read_catalog(write_catalog(both.catalog)), data_file=0)
    mapped = Mapper(SECRETS.unseal).map(catalog, both.file)
    return {user: each.expires_s for user, each in mapped.contacts.items()}


async def test_of_a_pbx_and_of_a_carrier(both: BothWays, admin: Principal) -> None:
    tenant = await create_tenant(admin, name="One")
    carrier = await create_carrier(admin, name="Registrar")
    given: dict[str, Any] = {
        "endpoints": [Endpoint("192.0.2.90")],
        "secrets": SECRETS,
        "outbound_username": "acme",
        "outbound_password": "hunter2",
    }
    pbx = await create_trunk(admin, name="pbx", tenant_id=tenant.id, **given)
    out = await create_trunk(admin, name="out", carrier_id=carrier.id, **given)
    await both.catch_up()
    assert _contacts(both) == {}
    for trunk, expires_s in ((pbx, 600), (out, 700)):
        registration = TrunkRegistrationInput(expires_s=expires_s)
        await update_trunk(admin, trunk.id, registration=registration)
        await both.catch_up()
    assert _contacts(both) == {str(pbx.id): 600, str(out.id): 700}
    # What changes of the tenant otherwise leaves it.
    group = await create_routing_group(admin, tenant_id=tenant.id, name="g", trunks=[Place(pbx.id)])
    await both.catch_up()
    await create_routing_rule(
        admin, tenant_id=tenant.id, name="r", routing_group_id=group.id, called_prefix="+39"
    )
    await both.catch_up()
    assert _contacts(both) == {str(pbx.id): 600, str(out.id): 700}
    await update_trunk(admin, pbx.id, registration=None)
    await both.catch_up()
    assert _contacts(both) == {str(out.id): 700}
