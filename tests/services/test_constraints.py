"""The database decides; every constraint of it is known in the operator's words."""

from typing import Any
from uuid import uuid4

import pytest
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from pointsman.models import Did, Domain, RoutingGroup, RoutingRule, TrunkSource
from pointsman.services.constraints import KNOWN
from tests.services.conftest import Objects

pytestmark = pytest.mark.usefixtures("transaction")


_SOURCE = (
    "INSERT INTO trunk_source (id, trunk_id, cidr, transport, port, tech_prefix, called_prefix, "
    "calling_prefix) VALUES ('{new}', '{acme_pbx}', "
)
_ENDPOINT = (
    "INSERT INTO trunk_endpoint (id, trunk_id, host, port, transport, priority, weight, enabled) "
    "VALUES ('{new}', '{acme_pbx}', "
)
_MEMBER = (
    "INSERT INTO routing_group_trunk (id, routing_group_id, tenant_id, priority, enabled, "
    "trunk_id, member_group_id, carrier_id, weight) "
    "VALUES ('{new}', '{acme_group}', '{acme}', 0, true, "
)


async def _all(connection: BaseDBAsyncClient, sql: str) -> set[str]:
    return {row["conname"] for row in await connection.execute_query_dict(sql)}


async def test_every_constraint_of_the_schema_is_known() -> None:
    async with in_transaction() as connection:
        present = await _all(
            connection,
            "SELECT conname FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid "
            "WHERE c.connamespace = 'public'::regnamespace AND c.contype IN ('u', 'f', 'c', 'x') "
            "AND t.relname <> 'aerich'",
        )
    assert present == KNOWN


@pytest.mark.parametrize(
    "sql",
    [
        # a PBX trunk of another tenant
        "UPDATE domain SET pbx_trunk_id = '{zen_pbx}'",
        "UPDATE did SET pbx_trunk_id = '{zen_pbx}'",
        # a carrier's trunk, which no DID and no domain leads to
        "UPDATE domain SET pbx_trunk_id = '{alpha_trunk}'",
        "UPDATE did SET pbx_trunk_id = '{alpha_trunk}'",
        # a routing group of another tenant
        "UPDATE did SET pbx_trunk_id = NULL, routing_group_id = '{zen_group}'",
        "UPDATE routing_rule SET routing_group_id = '{zen_group}'",
        # in a group: another tenant's PBX, or a carrier that is not granted
        "UPDATE routing_group_trunk SET trunk_id = '{acme_pbx}' WHERE tenant_id = '{zen}'",
        (
            "UPDATE routing_group_trunk SET trunk_id = '{alpha_trunk}', carrier_id = '{alpha}' "
            "WHERE tenant_id = '{zen}'"
        ),
        "UPDATE routing_group_trunk SET trunk_id = '{alpha_trunk}' WHERE tenant_id = '{acme}'",
        "UPDATE routing_group_trunk SET carrier_id = '{alpha}' WHERE tenant_id = '{acme}'",
        # a group that changes hands under its trunks
        "UPDATE routing_group SET tenant_id = '{zen}' WHERE id = '{acme_group}'",
        # in a group: another tenant's group, itself, a trunk as well, neither, a group's carrier
        _MEMBER + "NULL, '{zen_group}', NULL, 1)",
        _MEMBER + "NULL, '{acme_group}', NULL, 1)",
        _MEMBER + "'{acme_pbx}', '{other_group}', NULL, 1)",
        _MEMBER + "NULL, NULL, NULL, 1)",
        _MEMBER + "NULL, '{other_group}', '{alpha}', 1)",
        _MEMBER + "NULL, '{other_group}', NULL, 0)",
        _MEMBER + "'{acme_pbx}', NULL, NULL, 1)",
        # what a group does not have yet, and more than Kamailio can try
        "UPDATE routing_group SET strategy = 'LEAST_COST'",
        "UPDATE routing_group SET strategy = 'QUALITY'",
        "UPDATE routing_group SET max_candidates = 12",
        "UPDATE routing_group SET max_candidates = 0",
        # what is nobody's or everybody's
        "UPDATE trunk SET tenant_id = NULL WHERE id = '{acme_pbx}'",
        "UPDATE trunk SET carrier_id = '{alpha}' WHERE id = '{acme_pbx}'",
        "UPDATE did SET pbx_trunk_id = NULL",
        # values
        "UPDATE did SET prefix = '39040'",
        "UPDATE domain SET name = 'UPPER.example'",
        "UPDATE routing_rule SET called_prefix = '39a'",
        "UPDATE trunk SET fr_timer_ms = 0",
        _ENDPOINT + "'h', 70000, 'UDP', 0, 1, true)",
        _ENDPOINT + "'h', 5060, 'UDP', 0, 0, true)",
        "UPDATE routing_group_trunk SET weight = 0",
        # a source that is another trunk's, whatever of it is for any
        _SOURCE + "'192.0.2.1', NULL, NULL, '', '', '')",
        _SOURCE + "'192.0.2.2', NULL, 5060, '55', '', '040')",
        _SOURCE + "'192.0.2.3', NULL, 0, '', '', '')",
        # half a credential, a user that is another trunk's
        "UPDATE trunk SET digest_username = 'a', digest_realm = 'r' WHERE id = '{acme_pbx}'",
        "UPDATE trunk SET digest_ha1 = 'x' WHERE id = '{acme_pbx}'",
        "UPDATE trunk SET digest_ha1_sha256 = 'x' WHERE id = '{acme_pbx}'",
        "UPDATE trunk SET outbound_username = 'a' WHERE id = '{acme_pbx}'",
        "UPDATE trunk SET outbound_password = 'x' WHERE id = '{acme_pbx}'",
        "UPDATE trunk SET digest_username = 'a', digest_realm = 'r', digest_ha1 = 'x'",
        "UPDATE trunk SET caller_id_policy = 'FORCE'",
        # what is not there
        "UPDATE trunk SET normalization_profile_id = '{new}'",
        "UPDATE trunk SET reroute_policy_id = '{new}'",
        "UPDATE carrier SET reroute_policy_id = '{new}'",
        "UPDATE tenant SET reroute_policy_id = '{new}'",
    ],
)
async def test_scope_and_values_hold_in_the_database_itself(objects: Objects, sql: str) -> None:
    """Past all services, by SQL alone."""
    ids = {name: str(row.pk) for name, row in vars(objects).items()}
    owner: dict[str, Any] = {"tenant_id": objects.acme.id}
    ids["other_group"] = str((await RoutingGroup.create(name="other", **owner)).id)
    await Domain.create(name="acme.example", pbx_trunk_id=objects.acme_pbx.id, **owner)
    await Did.create(prefix="+39040", pbx_trunk_id=objects.acme_pbx.id, **owner)
    await RoutingRule.create(name="r", routing_group_id=objects.acme_group.id, **owner)
    await TrunkSource.create(trunk=objects.zen_pbx, cidr="192.0.2.1")
    await TrunkSource.create(
        trunk=objects.zen_pbx, cidr="192.0.2.2", port=5060, tech_prefix="55", calling_prefix="040"
    )
    with pytest.raises(IntegrityError):
        async with in_transaction() as connection:
            await connection.execute_query(sql.format(new=uuid4(), **ids))
