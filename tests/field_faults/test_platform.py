"""The faults that are not about where a call goes: see test_calls.py."""

import ast
import re
from pathlib import Path
from typing import Any

import pytest

import pointsman
from pointsman.errors import Conflict, InvalidInput, NotFound
from pointsman.kamailio.node_access import NodeAccess
from pointsman.routing.kamailio_node import KamailioNode
from pointsman.services.dids import create_did, list_dids, update_did
from pointsman.services.domains import create_domain, update_domain
from pointsman.services.routing_groups import create_routing_group, update_routing_group
from pointsman.services.routing_rules import create_routing_rule, update_routing_rule
from pointsman.services.snapshots import load_configuration
from pointsman.services.tenants import create_tenant
from pointsman.services.trunk_parts import Endpoint
from pointsman.services.trunks import create_trunk
from pointsman.settings import load_settings
from pointsman.token_hash import hash_token
from tests.field_faults.conftest import CARRIER, Configured
from tests.services.conftest import Place

_KAMAILIO = Path(__file__).parents[2] / "kamailio"
_PACKAGE = Path(pointsman.__file__).parent


def test_fault_02_one_success_lets_no_other_password_in() -> None:
    access = NodeAccess([KamailioNode("1", "n", token_sha256=hash_token("right"))])
    for _ in range(3):
        assert access.find(b"Bearer right", "192.0.2.1") is not None
        for wrong in (b"Bearer wrong", b"Bearer ", b"Basic bjp3cm9uZw=="):
            assert access.find(wrong, "192.0.2.1") is None


async def test_fault_10_a_domain_or_number_is_one_tenants_on_the_platform(
    configured: Configured,
) -> None:
    thief = await create_tenant(configured.by, name="Thief")
    trunk = await create_trunk(
        configured.by, name="pbx", tenant_id=thief.id, endpoints=[Endpoint("203.0.113.5")]
    )
    target: dict[str, Any] = {"tenant_id": thief.id, "pbx_trunk_id": trunk.id}
    for attempt in (
        create_domain(configured.by, name="ACME.example", **target),
        create_did(configured.by, prefix="+39040123", **target),
        create_did(configured.by, prefix="+390401234567", **target),
        create_did(configured.by, prefix="+39", **target),
    ):
        with pytest.raises(Conflict):
            await attempt
    for uri in ("sip:+390401234567@h", "sip:john@acme.example"):
        document = await configured.ask(uri, source_ip=CARRIER)
        assert document["tenant"] == str(configured.tenant.id)


async def test_fault_19_references_to_another_tenants_objects_are_refused(
    configured: Configured,
) -> None:
    by = configured.by
    other = await create_tenant(by, name="Other")
    owner: dict[str, Any] = {"tenant_id": other.id}
    own = await create_trunk(by, name="pbx", **owner)
    group = await create_routing_group(by, name="g", trunks=[Place(own.id)], **owner)
    domain = await create_domain(by, name="other.example", pbx_trunk_id=own.id, **owner)
    did = await create_did(by, prefix="+1202", pbx_trunk_id=own.id, **owner)
    rule = await create_routing_rule(by, name="r", routing_group_id=group.id, **owner)
    foreign = (await load_configuration()).routing_groups
    foreign_group = next(g.id for g in foreign if g.tenant_id == str(configured.tenant.id))
    for attempt in (
        create_domain(by, name="x.example", pbx_trunk_id=configured.pbx.id, **owner),
        update_domain(by, domain.id, pbx_trunk_id=configured.pbx.id),
        create_did(by, prefix="+1", pbx_trunk_id=configured.pbx.id, **owner),
        update_did(by, did.id, pbx_trunk_id=configured.pbx.id),
        update_did(by, did.id, pbx_trunk_id=None, routing_group_id=foreign_group),
        create_routing_rule(by, name="x", routing_group_id=foreign_group, **owner),
        update_routing_rule(by, rule.id, routing_group_id=foreign_group),
        create_routing_group(by, name="x", trunks=[Place(configured.pbx.id)], **owner),
        update_routing_group(by, group.id, trunks=[Place(configured.out.id)]),
    ):
        with pytest.raises((NotFound, InvalidInput)):
            await attempt


def test_fault_24_no_data_is_ever_put_into_a_shell_command() -> None:
    files = list(_KAMAILIO.glob("*.cfg"))
    assert _KAMAILIO / "query.cfg" in files
    for file in files:
        # evrexec runs a route of the configuration, nothing else.
        assert not re.search(
            r"(?<!evr)exec(_dset|_msg|_avp|\.so)|\$shell|pipe", file.read_text()
        ), file
    for file in _PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call):
                called = ast.unparse(node.func)
                assert called not in ("os.system", "os.popen", "eval", "exec"), file
                assert not re.search(r"getoutput|getstatusoutput|_shell|os\.spawn", called), file
                assert not any(word.arg == "shell" for word in node.keywords), file
            # A shell that is started as a program is a shell as well.
            is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
            assert not (is_text and re.fullmatch(r"(/\S*/)?(ba|da)?sh", ast.literal_eval(node)))


async def test_fault_25_lists_have_an_order_and_a_total_and_fields_can_be_cleared(
    configured: Configured, monkeypatch: pytest.MonkeyPatch
) -> None:
    by, owner = configured.by, configured.tenant.id
    for prefix in ("+39049", "+39041", "+39045"):
        await create_did(by, tenant_id=owner, prefix=prefix, pbx_trunk_id=configured.pbx.id)
    page = await list_dids(by, first=2)
    assert [row.prefix for row in page.rows] == ["+39040123", "+39041"]
    assert (await page.total(), page.has_next) == (4, True)
    group = await create_routing_group(
        by, tenant_id=owner, name="pbxs", trunks=[Place(configured.pbx.id)]
    )
    moved = await update_did(by, page.rows[0].id, pbx_trunk_id=None, routing_group_id=group.id)
    assert (moved.pbx_trunk_id, moved.routing_group_id) == (None, group.id)
    with pytest.raises(NotFound) as missing:
        await create_did(
            by,
            tenant_id="00000000-0000-0000-0000-000000000000",
            prefix="+1",
            pbx_trunk_id=configured.pbx.id,
        )
    assert missing.value.path == "tenantId"
    monkeypatch.setenv("POINTSMAN_GRAPHIQL", "false")
    assert load_settings().graphiql is False
