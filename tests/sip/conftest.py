"""One platform on real parts for all scenarios, empty at the start of each."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from pointsman.database import migrate
from pointsman.postgres import EmbeddedPostgres
from tests.conftest import copy_database, discard, require, start_postgres
from tests.sip.harness.kamailio import missing_parts
from tests.sip.harness.operator import Operator
from tests.sip.harness.stack import Stack


@pytest.fixture(scope="session")
def real_parts() -> None:
    """Kamailio with its modules and SIPp, or a failure in CI."""
    require(*missing_parts())


async def _database(server: EmbeddedPostgres) -> str:
    await migrate(server.url)
    return await copy_database(server.url, "sip")


@pytest.fixture(scope="session")
def shared_stack(real_parts: None) -> Iterator[Stack]:
    server = start_postgres()
    stack = Stack(asyncio.run(_database(server)))
    stack.start()
    yield stack
    stack.stop()
    discard(server)


@dataclass(frozen=True)
class Acme:
    """Ids of what `acme` provisions."""

    tenant: str
    pbx: str
    alpha: str
    beta: str
    group: str
    rule: str


@dataclass
class Provisioned:
    """The last `acme`, and the revision of the configuration that has nothing else."""

    acme: Acme | None = None
    revision: int = 0


@pytest.fixture(scope="session")
def provisioned() -> Provisioned:
    return Provisioned()


@pytest.fixture
def stack(
    shared_stack: Stack, provisioned: Provisioned, request: pytest.FixtureRequest
) -> Iterator[Stack]:
    """The shared platform with nothing configured; with `acme` alone, where a test wants that and
    it is still as it was made for the last one."""
    operator = shared_stack.operator
    is_as_made = provisioned.acme is not None and provisioned.revision == operator.revision()
    if "acme" not in request.fixturenames or not is_as_made:
        operator.clear()
        provisioned.acme = None
    yield shared_stack
    shared_stack.end_calls()


@pytest.fixture
def operator(stack: Stack) -> Operator:
    return stack.operator


@pytest.fixture
def acme(stack: Stack, provisioned: Provisioned) -> Acme:
    if provisioned.acme is None:
        provisioned.acme = provision_acme(stack)
        provisioned.revision = stack.operator.revision()
    return provisioned.acme


def provision_acme(stack: Stack) -> Acme:
    """Tenant Acme with its PBX, a domain, a DID, and carriers Alpha then Beta for +39."""
    operator = stack.operator
    tenant = operator.make("CreateTenant", name="Acme")
    pbx = operator.make(
        "CreateTrunk",
        name="acme-pbx",
        tenantId=tenant,
        sources=[{"cidr": stack.pbx.host}],
        endpoints=[{"host": stack.pbx.host, "port": stack.pbx.port}],
    )
    carriers = {}
    for actor in (stack.alpha, stack.beta):
        carrier = operator.make("CreateCarrier", name=actor.name)
        operator.run("GrantCarrier", carrierId=carrier, tenantId=tenant)
        carriers[actor.name] = operator.make(
            "CreateTrunk",
            name=actor.name,
            carrierId=carrier,
            fromHost="sip.acme.example",
            sources=[{"cidr": actor.host}],
            endpoints=[{"host": actor.host, "port": actor.port}],
        )
    operator.make("CreateDomain", tenantId=tenant, name="acme.example", pbxTrunkId=pbx)
    operator.make("CreateDid", tenantId=tenant, prefix="+390401234", pbxTrunkId=pbx)
    group = operator.make(
        "CreateRoutingGroup",
        tenantId=tenant,
        name="out",
        trunks=[
            {"trunkId": carriers["alpha"], "priority": 0},
            {"trunkId": carriers["beta"], "priority": 1},
        ],
    )
    rule = operator.make(
        "CreateRoutingRule",
        tenantId=tenant,
        name="italy",
        calledPrefix="+39",
        routingGroupId=group,
    )
    operator.wait_published()
    return Acme(tenant, pbx, carriers["alpha"], carriers["beta"], group, rule)
