"""A configuration to ask about, as Kamailio asks."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest

from pointsman.auth import Principal
from pointsman.kamailio.request import read_request, to_call
from pointsman.kamailio.rtjson import write_answer
from pointsman.models import Tenant, Trunk
from pointsman.routing.call import Call
from pointsman.routing.decide import decide
from pointsman.routing.snapshot import Snapshot, compile_snapshot
from pointsman.services.carriers import create_carrier, grant_carrier
from pointsman.services.dids import create_did
from pointsman.services.domains import create_domain
from pointsman.services.routing_groups import create_routing_group
from pointsman.services.routing_rules import create_routing_rule
from pointsman.services.snapshots import load_configuration
from pointsman.services.tenants import create_tenant
from pointsman.services.trunk_parts import Endpoint, Source
from pointsman.services.trunks import create_trunk
from tests.conftest import bound, copy_database
from tests.services.conftest import Place

PBX, CARRIER = "192.0.2.10", "198.51.100.1"


@dataclass
class Configured:
    """A tenant with a PBX and one carrier for everything; asked as Kamailio asks."""

    by: Principal
    tenant: Tenant
    pbx: Trunk
    out: Trunk

    async def snapshot(self) -> Snapshot:
        """The configuration as a router has it."""
        return compile_snapshot(await load_configuration())

    async def ask(self, to_uri: str, **more: object) -> dict[str, Any]:
        """The rtjson document for a call from the PBX, unless said otherwise."""
        return answer(await self.snapshot(), to_uri, **more)


def answer(snapshot: Snapshot, to_uri: str, **more: object) -> dict[str, Any]:
    """From the JSON of a question to the JSON of its answer."""
    question = {
        "source_ip": PBX,
        "source_port": 5060,
        "call_id": "c",
        "from_uri": "sip:+390401234567@acme.example",
        "to_uri": to_uri,
        **more,
    }
    request = read_request(json.dumps(question).encode())
    call = to_call(request)
    outcome = decide(call, snapshot, now=0) if isinstance(call, Call) else call
    body = write_answer(outcome, request.call_id, request.from_tag, snapshot.revision)
    document: dict[str, Any] = json.loads(body)["rtjson"]
    return document


@pytest.fixture
async def configured(template_url: str, admin: Principal) -> AsyncIterator[Configured]:
    async with bound(await copy_database(template_url, "faults")):
        tenant = await create_tenant(admin, name="Acme")
        owner: dict[str, Any] = {"tenant_id": tenant.id}
        pbx = await create_trunk(
            admin, name="pbx", sources=[Source(PBX)], endpoints=[Endpoint(PBX, 5060)], **owner
        )
        carrier = await create_carrier(admin, name="Alpha")
        await grant_carrier(admin, carrier.id, tenant.id)
        out = await create_trunk(
            admin,
            name="alpha",
            carrier_id=carrier.id,
            sources=[Source(CARRIER)],
            endpoints=[Endpoint(CARRIER, 5060)],
        )
        group = await create_routing_group(admin, name="out", trunks=[Place(out.id)], **owner)
        await create_routing_rule(admin, name="all", routing_group_id=group.id, **owner)
        await create_did(admin, prefix="+39040123", pbx_trunk_id=pbx.id, **owner)
        await create_domain(admin, name="acme.example", pbx_trunk_id=pbx.id, **owner)
        yield Configured(admin, tenant, pbx, out)
