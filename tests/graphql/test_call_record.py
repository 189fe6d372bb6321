"""Calls over GraphQL: read with what they refer to, within the caller's reach, never changed."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from graphql import GraphQLObjectType
from tortoise.backends.asyncpg.client import AsyncpgDBClient

from pointsman.graphql.schema import build_schema
from tests.calls import reported, stored
from tests.graphql.conftest import Client, Ids


def _of(ids: Ids, call_id: str, second: float, **more: Any) -> list[dict[str, Any]]:
    """A call of a tenant that its carrier answered, at the second try."""
    revision = {"revision": 1} | more
    call = stored.answered(call_id, second, tenant=ids.tenant, source_trunk=ids.trunk, **revision)
    through = {"trunk": ids.carrier_trunk, "carrier": ids.carrier}
    first = reported.attempt(0, **through, end="REPLY", sip_code=503, sip_reason="No")
    call[1] |= through | {"attempts": [first, reported.attempt(1, **through)]}
    return call


async def test_a_call_is_read_with_what_it_refers_to(client: Client, acme: Ids) -> None:
    revision = await client.run("ConfigRevision")
    await stored.store(_of(acme, "call-1", 0, revision=revision["id"]))
    (call,) = (await client.run("CallRecords"))["nodes"]
    assert await client.run("CallRecord", id=call["id"]) == call
    expected = {
        "state": "ENDED",
        "outcome": "ANSWERED",
        "node": "node-1",
        "sipCallId": "call-1",
        "fromTag": "a1",
        "toTag": "b2",
        "tenantId": acme.tenant,
        "sourceTrunkId": acme.trunk,
        "trunkId": acme.carrier_trunk,
        "carrierId": acme.carrier,
        "endpointId": "endpoint-1",
        "callingNumber": "+390401234567",
        "calledNumber": "+390612345678",
        "startedAt": "2026-11-18T11:06:40+00:00",
        "answeredAt": "2026-11-18T11:06:42+00:00",
        "endedAt": "2026-11-18T11:07:42.500000+00:00",
        "durationMs": 60_500,
        "pddMs": 1_000,
        "clockWentBack": False,
        "cause": "BYE_CALLER",
        "sipCode": 200,
        "sipReason": "OK",
        "q850": "Q.850;cause=16",
        "code": "ROUTING_RULE",
        "match": "102bc840-91fa-45df-875a-7c62e42441f7",
        "decision": "4ba88ad0c149bf42",
        "revisionId": str(revision["id"]),
        "sourceIp": "192.0.2.1",
        "sourcePort": 5060,
        "transport": "udp",
        "receivedIp": "192.0.2.9",
        "receivedPort": 5060,
        "requestUri": "sip:+390612345678@192.0.2.9",
        "fromUri": "sip:+390401234567@acme.example",
        "toUri": "sip:+390612345678@192.0.2.9",
        "tenant": {"id": acme.tenant},
        "sourceTrunk": {"id": acme.trunk},
        "trunk": {"id": acme.carrier_trunk},
        "carrier": {"id": acme.carrier},
        "revision": {"id": revision["id"], "actor": "test administrator"},
    }
    assert {name: call[name] for name in expected} == expected
    first, second = call["attempts"]
    assert (first["position"], first["end"], first["sipCode"]) == (0, "REPLY", 503)
    assert (second["place"], second["end"], second["sipReason"]) == (1, "ANSWERED", "OK")
    assert second["trunk"] == {"id": acme.carrier_trunk}
    assert second["carrier"] == {"id": acme.carrier}
    assert second["rangAt"] == "2026-11-18T11:06:41+00:00"


async def test_what_a_call_refers_to_may_be_no_more(client: Client) -> None:
    """Or never have been: a node says what it likes."""
    call = stored.answered("call-1", 0, tenant="nobody", source_trunk="", revision=2**63 - 1)
    call[2] |= {"at": "9999999999.000000"}
    await stored.store(call, stored.rejected("call-2", -10, match="", revision=0))
    newest, other = (await client.run("CallRecords"))["nodes"]
    assert (newest["tenantId"], newest["tenant"]) == ("nobody", None)
    assert (newest["trunkId"], newest["trunk"], newest["carrier"]) == ("trunk-1", None, None)
    assert (newest["sourceTrunkId"], newest["sourceTrunk"]) == (None, None)
    assert (newest["revisionId"], newest["revision"]) == (str(2**63 - 1), None)
    assert newest["durationMs"] == (9_999_999_999 - reported.STARTED - 2) * 1_000
    assert (newest["attempts"][0]["trunkId"], newest["attempts"][0]["trunk"]) == ("trunk-1", None)
    assert (other["outcome"], other["cause"], other["match"]) == ("REJECTED", "REJECTED", None)
    assert (other["revisionId"], other["pddMs"], other["attempts"]) == (None, None, [])


async def test_a_tenants_token_sees_its_own_calls_only(
    client: Client, acme: Ids, zen: Ids, of_zen: Client
) -> None:
    await client.run("UpdateTrunk", id=zen.trunk, input={"name": "Renamed"})
    revision = (await client.run("ConfigRevision"))["id"]
    await client.run("UpdateTrunk", id=acme.trunk, input={"name": "Renamed"})
    await stored.store(
        _of(acme, "acme's", 1),
        _of(zen, "zen's", 2, revision=revision),
        _of(zen, "by another's", 3, revision=revision + 1),
        stored.rejected("nobody's", 4, tenant=str(uuid4())),
    )
    calls = (await client.run("CallRecords"))["nodes"]
    ids = {call["sipCallId"]: call["id"] for call in calls}
    assert list(ids) == ["nobody's", "by another's", "zen's", "acme's"]
    seen = await of_zen.run("CallRecords")
    assert [call["sipCallId"] for call in seen["nodes"]] == ["by another's", "zen's"]
    assert seen["totalCount"] == 2
    # A revision tells whose change it was.
    assert [call["revision"] is None for call in seen["nodes"]] == [True, False]
    assert [call["revision"]["id"] for call in calls[1:]] == [revision + 1, revision, 1]
    for name in ("acme's", "nobody's"):
        assert await of_zen.run("CallRecord", id=ids[name]) is None
    body = await of_zen.execute("CallRecords", filter={"tenantId": acme.tenant})
    assert [error["extensions"]["code"] for error in body["errors"]] == ["NOT_FOUND"]
    found = await of_zen.run("CallRecords", filter={"trunkId": acme.carrier_trunk})
    assert found["nodes"] == []


async def test_calls_are_filtered(client: Client, acme: Ids, zen: Ids) -> None:
    await stored.store(
        _of(acme, "first", 0, calling_number="+442012345678"),
        _of(zen, "second", 60),
        stored.rejected("third", 120, called_number="+12025550123"),
    )
    for filter_, expected in (
        ({}, ["third", "second", "first"]),
        ({"startedFrom": "2026-11-18T11:07:40Z"}, ["third", "second"]),
        ({"startedTo": "2026-11-18T12:07:40+01:00"}, ["first"]),
        ({"tenantId": zen.tenant}, ["second"]),
        ({"callingNumber": "+442012345678"}, ["first"]),
        ({"calledNumber": "+12025550123"}, ["third"]),
        ({"callingNumberPrefix": "+44"}, ["first"]),
        ({"calledNumberPrefix": "+39"}, ["second", "first"]),
        ({"sourceTrunkId": acme.trunk}, ["first"]),
        ({"trunkId": zen.carrier_trunk.upper()}, ["second"]),
        ({"carrierId": acme.carrier}, ["first"]),
        ({"outcome": "REJECTED"}, ["third"]),
        ({"outcome": "ANSWERED", "tenantId": acme.tenant}, ["first"]),
        ({"sipCode": 404}, ["third"]),
        ({"sipCallId": "second"}, ["second"]),
        ({"sipCallId": "second", "sipCode": 404}, []),
    ):
        listed = await client.run("CallRecords", filter=filter_)
        assert [node["sipCallId"] for node in listed["nodes"]] == expected, filter_
        assert listed["totalCount"] == len(expected)


async def test_pages_are_followed_by_their_cursor(client: Client) -> None:
    await stored.store(*(stored.rejected(f"call-{at}", at) for at in range(7)))
    seen, after = [], None
    while True:
        page = await client.run("CallRecords", first=3, after=after)
        seen += [node["sipCallId"] for node in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
        assert [edge["node"]["id"] for edge in page["edges"]] == [
            node["id"] for node in page["nodes"]
        ]
        assert after == page["edges"][-1]["cursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert seen == [f"call-{at}" for at in reversed(range(7))]
    empty = await client.run("CallRecords", filter={"sipCallId": "x"})
    assert empty["pageInfo"] == {"hasNextPage": False, "endCursor": None}


@pytest.mark.parametrize(
    ("asked", "code", "message"),
    [
        ({"first": 201}, "INVALID_INPUT", "first: a page of 201"),
        ({"after": "x"}, "INVALID_INPUT", "after: this is no cursor of this list"),
        ({"filter": {"sipCode": 700}}, "INVALID_INPUT", "sipCode: 700 is no SIP code"),
        ({"filter": {"calledNumberPrefix": "+3"}}, "INVALID_INPUT", "calledNumberPrefix: a prefix"),
        (
            {"filter": {"startedFrom": "2026-11-18T01:00Z", "startedTo": "2026-11-18T01:00Z"}},
            "INVALID_INPUT",
            "startedTo: the range is empty",
        ),
        ({"filter": {"trunkId": "x"}}, "NOT_FOUND", "there is no trunk with the id x"),
    ],
)
async def test_what_cannot_be_asked_is_said(
    client: Client, asked: dict[str, Any], code: str, message: str
) -> None:
    body = await client.execute("CallRecords", **asked)
    (error,) = body["errors"]
    assert error["extensions"]["code"] == code
    assert error["message"].startswith(message)


async def test_an_id_that_is_none_is_not_found(client: Client) -> None:
    for call_id in ("x", str(UUID(int=0)), str(uuid4())):
        assert await client.run("CallRecord", id=call_id) is None


async def test_a_page_with_its_relations_costs_a_few_statements(
    client: Client, acme: Ids, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An N+1 shows here as another number."""
    await stored.store(*(_of(acme, f"call-{at}", at * 86_400) for at in range(20)))
    statements: list[str] = []
    for name in ("execute_query", "execute_query_dict"):
        original = getattr(AsyncpgDBClient, name)

        async def counted(self: Any, query: str, *args: Any, _run: Any = original) -> Any:
            statements.append(query)
            return await _run(self, query, *args)

        monkeypatch.setattr(AsyncpgDBClient, name, counted)
    assert len((await client.run("CallRecords"))["nodes"]) == 20
    # One for the token, one for the page, one for the total, one for attempts, tenants, trunks,
    # carriers and revisions each.
    assert len(statements) == 8


def test_nothing_changes_a_call() -> None:
    mutation = build_schema()._schema.mutation_type
    assert isinstance(mutation, GraphQLObjectType)
    assert not [name for name in mutation.fields if "call" in name.lower()]
