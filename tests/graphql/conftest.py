"""The control role's application, called over HTTP as a client would."""

import base64
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr

from pointsman.control_app import build_control
from pointsman.services.api_tokens import create_api_token
from pointsman.settings import Settings
from tests.operations import operation_text


@dataclass
class Client:
    """A client with a token; runs operations of tests/operations.graphql by name."""

    http: httpx.AsyncClient
    token: str

    async def post(self, body: object, **headers: str) -> httpx.Response:
        """Any JSON body."""
        given = {"authorization": f"Bearer {self.token}", **headers}
        return await self.http.post("/graphql", json=body, headers=given)

    async def execute(self, operation: str, **variables: Any) -> dict[str, Any]:
        """An operation by name; the whole answer."""
        answer = await self.post({"query": operation_text(operation), "variables": variables})
        assert answer.status_code == 200, answer.text
        body: dict[str, Any] = answer.json()
        return body

    async def run(self, operation: str, **variables: Any) -> Any:
        """An operation by name that has no errors; its result."""
        body = await self.execute(operation, **variables)
        assert "errors" not in body, body
        return body["data"]["result"]

    async def make(self, operation: str, **fields: Any) -> dict[str, Any]:
        """A create mutation that succeeds; the object."""
        result: dict[str, Any] = await self.run(operation, input=fields)
        assert "code" not in result, result
        return result

    def with_token(self, token: str) -> "Client":
        """The same client with another token."""
        return Client(self.http, token)


@pytest.fixture(scope="session")
def control() -> FastAPI:
    """Its lifespan does not run: the database is the one that the test is bound to."""
    key = base64.urlsafe_b64encode(bytes(32)).decode()
    settings = Settings(secret_keys=SecretStr(key), webhook_private_targets="127.0.0.0/8")
    return build_control(settings, "postgresql://unused@localhost/unused")


@pytest.fixture
async def http(control: FastAPI, transaction: None) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(control)
    async with httpx.AsyncClient(transport=transport, base_url="http://control") as client:
        yield client


@pytest.fixture
async def client(http: httpx.AsyncClient) -> Client:
    return Client(http, await create_api_token("test administrator"))


@dataclass
class Ids:
    """Ids of one object of each noun, all of one tenant (the carrier is granted to it)."""

    tenant: str
    domain: str
    carrier: str
    trunk: str
    carrier_trunk: str
    did: str
    routing_group: str
    routing_rule: str
    schedule: str
    number_list: str
    emergency_plan: str
    reroute_policy: str
    normalization_profile: str
    trusted_proxy: str
    webhook: str


async def make_objects(client: Client, name: str, number: int) -> Ids:
    """A tenant with one object of each noun."""
    tenant = await client.make("CreateTenant", name=name)
    owner = {"tenantId": tenant["id"]}
    carrier = await client.make("CreateCarrier", name=f"{name} carrier", **owner)
    trunk = await client.make(
        "CreateTrunk",
        name=f"{name} pbx",
        sources=[{"cidr": f"192.0.2.{number}"}],
        endpoints=[{"host": f"192.0.2.{number}", "port": 5060}],
        **owner,
    )
    carrier_trunk = await client.make(
        "CreateTrunk", name=f"{name} out", carrierId=carrier["id"], endpoints=[{"host": "sip.x"}]
    )
    group = await client.make(
        "CreateRoutingGroup",
        name=f"{name} group",
        trunks=[{"trunkId": carrier_trunk["id"]}],
        **owner,
    )
    to_pbx = {"pbxTrunkId": trunk["id"], **owner}
    domain = await client.make("CreateDomain", name=f"{name.lower()}.example", **to_pbx)
    did = await client.make("CreateDid", prefix=f"+3904{number}", **to_pbx)
    rule = await client.make(
        "CreateRoutingRule", name=f"{name} rule", routingGroupId=group["id"], **owner
    )
    schedule = await client.make(
        "CreateSchedule",
        name=f"{name} office",
        timeZone="Europe/Rome",
        windows=[{"days": ["MON", "TUE"], "start": "09:00", "end": "17:30"}],
        **owner,
    )
    number_list = await client.make(
        "CreateNumberList",
        name=f"{name} list",
        kind="BLOCK",
        field="CALLING",
        prefixes=["+44"],
        trunkIds=[trunk["id"]],
        **owner,
    )
    plan = await client.make(
        "CreateEmergencyPlan",
        country="IT",
        numbers=["112"],
        callingNumber=f"+3904{number}00000",
        routingGroupIds=[group["id"]],
        enabled=False,
        **owner,
    )
    policy = await client.make(
        "CreateReroutePolicy",
        name=f"{name} policy",
        rules=[{"cause": "486", "action": "NEXT"}],
        **owner,
    )
    profile = await client.make(
        "CreateNormalizationProfile", name=f"{name} numbers", country="IT", **owner
    )
    proxy = await client.make("CreateTrustedProxy", name=name, cidr=f"198.18.{number}.0/24")
    webhook = await client.make(
        "CreateWebhook",
        name=f"{name} hook",
        url="https://127.0.0.1/hook",
        kinds=["TRUNK_DOWN", "TRUNK_UP"],
        secret=f"canary of {name} 0123456789".replace(" ", "-"),
        **owner,
    )
    return Ids(
        tenant["id"],
        domain["id"],
        carrier["id"],
        trunk["id"],
        carrier_trunk["id"],
        did["id"],
        group["id"],
        rule["id"],
        schedule["id"],
        number_list["id"],
        plan["id"],
        policy["id"],
        profile["id"],
        proxy["id"],
        webhook["id"],
    )


@pytest.fixture
async def acme(client: Client) -> Ids:
    return await make_objects(client, "Acme", 1)


@pytest.fixture
async def zen(client: Client) -> Ids:
    return await make_objects(client, "Zen", 2)


@pytest.fixture
async def of_zen(client: Client, zen: Ids) -> Client:
    """A client with a token of the second tenant."""
    return client.with_token(await create_api_token("zen", "Zen"))
