"""Explaining calls over GraphQL: the router's own answer, and nothing of another tenant."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest

from pointsman.kamailio.answer import answer_question
from pointsman.routing.snapshot import compile_snapshot
from pointsman.services.api_tokens import create_api_token
from pointsman.services.snapshots import load_configuration
from tests.conftest import bound, copy_database
from tests.graphql.conftest import Client, Ids

_ACME_IP, _ZEN_IP, _SHARED_IP = "192.0.2.1", "192.0.2.2", "198.51.100.9"


@pytest.fixture
async def transaction(template_url: str) -> AsyncIterator[None]:
    """A database of its own in the place of a transaction: a configuration is read in one."""
    async with bound(await copy_database(template_url, "explanations")):
        yield


def call(source_ip: str, to: str = "+390612345678", **more: Any) -> dict[str, Any]:
    """A call from +3904."""
    return {"sourceIp": source_ip, "fromUri": "+390401", "requestUri": to, **more}


@pytest.fixture
async def shared(client: Client, acme: Ids, zen: Ids) -> str:
    """The id of a carrier that both tenants use, with a trunk that sends from _SHARED_IP."""
    carrier = await client.make("CreateCarrier", name="Shared")
    for tenant in (acme.tenant, zen.tenant):
        await client.run("GrantCarrier", carrierId=carrier["id"], tenantId=tenant)
    await client.make(
        "CreateTrunk",
        name="shared-1",
        carrierId=carrier["id"],
        sources=[{"cidr": _SHARED_IP}],
        endpoints=[{"host": _SHARED_IP, "port": 5060}],
    )
    return str(carrier["id"])


async def test_the_answer_is_what_a_router_of_this_revision_gives(
    client: Client, acme: Ids
) -> None:
    revision = (await client.run("ConfigRevision"))["id"]
    at = "2026-11-23T12:00:00+01:00"
    explained = await client.run("ExplainRoute", call=call(_ACME_IP, fromName="Zoë"), at=at)
    assert explained["__typename"] == "RouteExplanation"
    assert explained["revision"] == revision
    now = datetime(2026, 11, 23, 11, tzinfo=UTC)
    assert datetime.fromisoformat(explained["at"]) == now
    snapshot = compile_snapshot(await load_configuration())
    answered = answer_question(explained["request"].encode(), snapshot, now=now.timestamp())
    assert explained["answer"].encode() == answered.body
    assert (explained["outcome"], explained["matched"]["name"]) == ("ROUTING_RULE", "Acme rule")
    (leg,) = explained["legs"]
    assert leg["headers"][0] == "INVITE sip:+390612345678@sip.x SIP/2.0"
    assert leg["document"]["trunk"] == acme.carrier_trunk
    assert leg["carrier"] == {"noun": "Carrier", "id": acme.carrier, "name": "Acme carrier"}
    assert {step["step"] for step in explained["steps"]} >= {"SOURCE", "NUMBERS", "MATCH", "LEGS"}
    assert (explained["attempts"], explained["final"]) == ([], None)


async def test_a_change_is_explained_at_once(client: Client, acme: Ids) -> None:
    before = await client.run("ExplainRoute", call=call(_ACME_IP))
    await client.run("UpdateRoutingRule", id=acme.routing_rule, input={"enabled": False})
    after = await client.run("ExplainRoute", call=call(_ACME_IP))
    assert after["revision"] == before["revision"] + 1
    assert (before["outcome"], after["outcome"]) == ("ROUTING_RULE", "NO_ROUTE")


async def test_outcomes_are_walked(client: Client, acme: Ids) -> None:
    outcomes = [{"carrier": "acme CARRIER", "sipCode": 503, "ringing": False}]
    explained = await client.run("ExplainRoute", call=call(_ACME_IP), outcomes=outcomes)
    assert explained["attempts"] == [
        {
            "leg": 0,
            "sipCode": 503,
            "failure": None,
            "ringing": False,
            "action": "is final, since no leg is left",
        }
    ]
    assert explained["final"] == {"sipCode": 500, "sipReason": "Service Unavailable"}
    timeout = [{"trunk": acme.carrier_trunk, "failure": "TIMEOUT", "ringing": True}]
    explained = await client.run("ExplainRoute", call=call(_ACME_IP), outcomes=timeout)
    (attempt,) = explained["attempts"]
    assert (attempt["sipCode"], attempt["failure"], attempt["ringing"]) == (None, "TIMEOUT", True)
    assert explained["final"] == {"sipCode": 408, "sipReason": "Request Timeout"}


@pytest.mark.parametrize(
    ("outcome", "message"),
    [
        (
            {"carrier": "Gamma", "sipCode": 486},
            "there is no carrier Gamma, use one of acme carrier",
        ),
        ({"trunk": "x", "sipCode": 486}, "there is no trunk x, use one of acme out, acme pbx"),
        ({"endpoint": "x", "sipCode": 486}, "use one of 192.0.2.1, 192.0.2.1:5060, sip.x"),
        ({"carrier": "Acme carrier"}, "how the legs end is not said once"),
        ({"carrier": "Acme carrier", "sipCode": 180}, "180 is no final SIP code, use 200 to 699"),
        ({"sipCode": 486}, "whose legs end so is not said once"),
        ({"carrier": "a", "trunk": "b", "sipCode": 486}, "whose legs end so is not said once"),
    ],
)
async def test_an_outcome_that_cannot_be_is_refused(
    client: Client, acme: Ids, outcome: dict[str, Any], message: str
) -> None:
    refused = await client.run("ExplainRoute", call=call(_ACME_IP), outcomes=[outcome])
    assert refused["__typename"] == "InvalidInput"
    (problem,) = refused["problems"]
    assert problem["path"] == "outcomes[0]"
    assert message in f"{problem['message']}, {problem['fix']}"


async def test_what_a_router_would_refuse_is_an_invalid_input(client: Client) -> None:
    refused = await client.run("ExplainRoute", call=call(_ACME_IP, sourcePort=-1))
    assert (refused["__typename"], refused["problems"][0]["path"]) == ("InvalidInput", "sourcePort")
    for at in ("9999-12-31T23:00:00-23:00", "0001-01-01T00:00:00+14:00"):
        refused = await client.run("ExplainRoute", call=call(_ACME_IP), at=at)
        assert refused["problems"][0]["path"] == "at"
    refused = await client.run("ExplainRoute", call=call(_ACME_IP, ""))
    assert refused["problems"][0]["path"] == "requestUri"


async def test_many_calls_are_explained_each_for_itself(client: Client, acme: Ids) -> None:
    calls = [call(_ACME_IP), call("203.0.113.9"), call(_ACME_IP, ""), call(_ACME_IP, "+3904199")]
    many = await client.run("ExplainRoutes", calls=calls)
    assert [result["__typename"] for result in many] == [
        "RouteExplanation",
        "RouteExplanation",
        "InvalidInput",
        "RouteExplanation",
    ]
    assert [result.get("outcome") for result in many] == [
        "ROUTING_RULE",
        "UNKNOWN_SOURCE",
        None,
        "LOOP",
    ]


async def test_the_number_of_calls_is_bounded(client: Client) -> None:
    body = await client.execute("ExplainRoutes", calls=[call(_ACME_IP)] * 1_001)
    assert body["errors"][0]["extensions"]["code"] == "INVALID_INPUT"
    assert "give 1000 at most" in body["errors"][0]["message"]


async def test_a_tenant_explains_calls_of_its_own_trunks(zen: Ids, of_zen: Client) -> None:
    explained = await of_zen.run("ExplainRoute", call=call(_ZEN_IP))
    assert (explained["outcome"], explained["source"]["id"]) == ("ROUTING_RULE", zen.trunk)


@pytest.mark.parametrize(
    ("source_ip", "to"),
    [
        (_ACME_IP, "+390612345678"),
        (_ACME_IP, "+3904299"),
        ("203.0.113.9", "+390612345678"),
        (_SHARED_IP, "+3904199"),
        (_SHARED_IP, "sip:100@acme.example"),
        (_SHARED_IP, "+390612345678"),
        (_SHARED_IP, "sip:100@nobody.example"),
    ],
)
async def test_every_other_call_is_refused_to_it_in_the_same_words(
    acme: Ids, of_zen: Client, shared: str, source_ip: str, to: str
) -> None:
    refused = await of_zen.run("ExplainRoute", call=call(source_ip, to))
    assert refused == {
        "__typename": "Forbidden",
        "code": "FORBIDDEN",
        "message": "a tenant's token explains calls from the tenant's own trunks, and from "
        "carriers to its own numbers and domains: this call is neither",
    }


async def test_a_tenant_explains_calls_of_carriers_to_its_own_numbers(
    client: Client, acme: Ids, zen: Ids, of_zen: Client, shared: str
) -> None:
    for to, outcome in (("+3904299", "DID"), ("sip:100@zen.example", "DOMAIN")):
        explained = await of_zen.run("ExplainRoute", call=call(_SHARED_IP, to))
        assert (explained["outcome"], explained["tenant"]["id"]) == (outcome, zen.tenant)
    await client.run("UpdateDid", id=zen.did, input={"enabled": False})
    disabled = await of_zen.run("ExplainRoute", call=call(_SHARED_IP, "+3904299"))
    assert disabled["outcome"] == "DID_DISABLED"


async def test_a_tenants_own_trunk_that_is_disabled_is_explained(
    client: Client, acme: Ids, zen: Ids, of_zen: Client
) -> None:
    for trunk in (acme.trunk, zen.trunk):
        await client.run("UpdateTrunk", id=trunk, input={"enabled": False})
    own = await of_zen.run("ExplainRoute", call=call(_ZEN_IP))
    assert own["outcome"] == "TRUNK_DISABLED"
    foreign = await of_zen.run("ExplainRoute", call=call(_ACME_IP))
    assert foreign["__typename"] == "Forbidden"


async def test_an_explanation_names_nothing_of_another_tenant(
    acme: Ids, zen: Ids, of_zen: Client, client: Client, shared: str
) -> None:
    for to in ("+3904199", "sip:100@acme.example", "sip:+390612345678@acme.example"):
        as_zen = await of_zen.execute("ExplainRoute", call=call(_ZEN_IP, to))
        text = str(as_zen).replace(to, "").replace(to.removeprefix("sip:"), "")
        for word in ("Acme", "acme", _ACME_IP, "+39041", "another tenant", "reach", acme.trunk):
            assert word not in text, (word, text)
        as_admin = await client.run("ExplainRoute", call=call(_ZEN_IP, to))
        assert as_zen["data"]["result"]["answer"] == as_admin["answer"]


async def test_a_tenant_names_no_leg_of_another(acme: Ids, zen: Ids, of_zen: Client) -> None:
    for name in ("Acme carrier", acme.carrier, "acme out", acme.carrier_trunk):
        outcome = {"carrier" if "carrier" in name else "trunk": name, "sipCode": 486}
        refused = await of_zen.run("ExplainRoute", call=call(_ZEN_IP), outcomes=[outcome])
        assert refused["__typename"] == "InvalidInput"
        assert "acme" not in refused["problems"][0]["fix"]


async def test_a_new_token_of_the_same_tenant_sees_the_same(zen: Ids, of_zen: Client) -> None:
    other = of_zen.with_token(await create_api_token("zen 2", "Zen"))
    first = await of_zen.run("ExplainRoute", call=call(_ZEN_IP))
    second = await other.run("ExplainRoute", call=call(_ZEN_IP))
    assert first["answer"] == second["answer"]
