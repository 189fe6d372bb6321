"""Counts of calls over GraphQL: told apart by what was asked, and one's own only."""

from typing import Any

import pytest
from tortoise.backends.asyncpg.client import AsyncpgDBClient

from pointsman.models import CallStatistics
from pointsman.services.call_records import store_events
from pointsman.services.statistics_recount import recount_due
from tests.calls import reported
from tests.graphql.conftest import Client, Ids
from tests.services.recounted import read

_START = reported.STARTED // 86_400 * 86_400
_DAY = {"from": "2026-11-18T00:00:00Z", "to": "2026-11-19T00:00:00Z"}


def _call(name: str, ids: Ids, after_s: int, **more: Any) -> list[dict[str, Any]]:
    """A call of the tenant that its carrier's trunk answers after a second try."""
    at = f"{_START + after_s}.000000"
    through: dict[str, Any] = {"carrier": ids.carrier, "trunk": ids.carrier_trunk}
    rang = f"{_START + after_s + 1}.250000"
    failed = reported.attempt(0, **through, sip_code=503, end="REPLY", rang="")
    tried = reported.attempt(1, **through, sent=f"{_START + after_s}.250000", rang=rang)
    said = [
        reported.start(name, tenant=ids.tenant, **more),
        reported.answer(name, **through, attempts=[failed, tried])
        | {"at": f"{_START + after_s + 2}.000000"},
        reported.end(name) | {"at": f"{_START + after_s + 62}.000000"},
    ]
    return [each | {"started": at} for each in said]


@pytest.fixture
async def counted(acme: Ids, zen: Ids) -> None:
    """Two calls of the first tenant, an hour apart, and one of the second tenant."""
    said = [
        *_call("call-1", acme, 60),
        *_call("call-2", acme, 3_660, called_number="+12125551234"),
        *_call("call-3", zen, 60),
    ]
    await store_events(reported.NODE, read(said))
    await recount_due()


@pytest.mark.usefixtures("counted")
async def test_all_is_one_row_that_says_what_it_came_to(client: Client) -> None:
    (row,) = await client.run("CallStatistics", **_DAY)
    assert row == {
        "beginsAt": None, "prefix": None, "sipCode": None, "tenantId": None, "carrierId": None,
        "trunkId": None, "tenant": None, "carrier": None, "trunk": None,
        "attempts": 3, "answered": 3, "asr": 1.0, "ner": 1.0, "acdS": 60.0, "minutes": 3.0,
        "pddMedianMs": pytest.approx(1_250, rel=0.05), "pddP95Ms": pytest.approx(1_250, rel=0.05),
    }  # fmt: skip


@pytest.mark.usefixtures("counted")
async def test_tries_tell_how_good_a_trunk_is(client: Client, acme: Ids) -> None:
    rows = await client.run(
        "CallStatistics",
        **_DAY,
        level="ATTEMPTS",
        groupBy=["TRUNK", "CARRIER", "TENANT"],
        filter={"carrierId": acme.carrier, "trunkId": acme.carrier_trunk},
    )
    (row,) = rows
    assert (row["attempts"], row["answered"], row["asr"], row["ner"]) == (4, 2, 0.5, 0.5)
    assert (row["tenant"], row["carrier"], row["trunk"]) == (
        {"name": "Acme"},
        {"name": "Acme carrier"},
        {"name": "Acme out"},
    )


@pytest.mark.usefixtures("counted")
@pytest.mark.parametrize(
    ("resolution", "begins"),
    [
        ("MINUTE", ["2026-11-18T00:01:00+00:00", "2026-11-18T01:01:00+00:00"]),
        ("HOUR", ["2026-11-18T00:00:00+00:00", "2026-11-18T01:00:00+00:00"]),
        ("DAY", ["2026-11-18T00:00:00+00:00"]),
    ],
)
async def test_each_resolution_has_the_same_calls(
    client: Client, resolution: str, begins: list[str]
) -> None:
    rows = await client.run("CallStatistics", **_DAY, resolution=resolution, groupBy=["TIME"])
    assert [row["beginsAt"] for row in rows] == begins
    assert sum(row["attempts"] for row in rows) == 3


@pytest.mark.usefixtures("counted")
async def test_calls_are_told_apart_by_country_and_code(client: Client, acme: Ids) -> None:
    of_acme = {"tenantId": acme.tenant}
    rows = await client.run("CallStatistics", **_DAY, groupBy=["PREFIX", "SIP_CODE"])
    told = [(row["prefix"], row["sipCode"], row["attempts"]) for row in rows]
    assert told == [("+1", 200, 1), ("+39", 200, 2)]
    (row,) = await client.run("CallStatistics", **_DAY, filter={"prefix": "+39", **of_acme})
    assert row["attempts"] == 1
    rows = await client.run(
        "CallStatistics", **_DAY, level="ATTEMPTS", groupBy=["SIP_CODE"], filter=of_acme
    )
    assert [(row["sipCode"], row["attempts"]) for row in rows] == [(200, 2), (503, 2)]


@pytest.mark.usefixtures("counted")
async def test_a_time_without_calls_has_no_rows(client: Client) -> None:
    later = {"from": "2026-11-19T00:00:00Z", "to": "2026-11-20T00:00:00Z"}
    assert await client.run("CallStatistics", **later) == []


@pytest.mark.usefixtures("counted")
async def test_a_tenants_token_sees_its_own_calls(of_zen: Client, acme: Ids, zen: Ids) -> None:
    (row,) = await of_zen.run("CallStatistics", **_DAY, groupBy=["TENANT", "CARRIER", "TRUNK"])
    assert (row["tenantId"], row["carrierId"], row["attempts"]) == (zen.tenant, zen.carrier, 1)
    assert row["trunk"] == {"name": "Zen out"}
    for foreign in (
        {"tenantId": acme.tenant},
        {"carrierId": acme.carrier},
        {"trunkId": acme.carrier_trunk},
    ):
        body = await of_zen.execute("CallStatistics", **_DAY, filter=foreign)
        assert [error["extensions"]["code"] for error in body["errors"]] == ["NOT_FOUND"]


async def test_carriers_that_are_not_granted_are_told_together(
    client: Client, acme: Ids, of_zen: Client, zen: Ids
) -> None:
    shared = await client.make("CreateCarrier", name="Shared")
    trunk = await client.make(
        "CreateTrunk", name="s", carrierId=shared["id"], endpoints=[{"host": "sip.y"}]
    )
    granted = {"carrierId": shared["id"], "tenantId": zen.tenant}
    await client.run("GrantCarrier", **granted)
    through = {"carrier": shared["id"], "carrier_trunk": trunk["id"]}
    calls = [
        _call("call-1", Ids(**{**vars(zen), **through}), 60),
        _call("call-2", Ids(**{**vars(acme), "tenant": zen.tenant}), 61),
    ]
    await store_events(reported.NODE, read(event for said in calls for event in said))
    await recount_due()
    asked = {**_DAY, "groupBy": ["CARRIER", "TRUNK"]}
    seen = await of_zen.run("CallStatistics", **asked)
    assert [(row["carrierId"], row["attempts"]) for row in seen] == [(shared["id"], 1), (None, 1)]
    await client.run("RevokeCarrier", **granted)
    (row,) = await of_zen.run("CallStatistics", **asked)
    assert (row["carrierId"], row["trunkId"], row["carrier"]) == (None, None, None)
    assert row["attempts"] == 2
    assert len(await client.run("CallStatistics", **asked)) == 2


@pytest.mark.parametrize(
    ("asked", "path", "message"),
    [
        ({"from": _DAY["to"], "to": _DAY["to"]}, "to", "it is not after from"),
        (
            {"from": "2026-11-01T00:00:00Z", "to": "2026-11-08T00:00:00Z", "resolution": "MINUTE"},
            "from",
            "more than 10000 minutes",
        ),
    ],
)
async def test_a_time_that_cannot_be_is_refused_with_the_fix(
    client: Client, asked: dict[str, Any], path: str, message: str
) -> None:
    body = await client.execute("CallStatistics", **asked)
    (error,) = body["errors"]
    assert error["extensions"]["code"] == "INVALID_INPUT"
    assert error["message"].startswith(f"{path}: {message}, ")


async def test_more_rows_than_a_chart_has_are_refused_with_the_fix(client: Client) -> None:
    rows = [_row(sip_code=number) for number in range(10_001)]
    await CallStatistics.bulk_create(rows)
    body = await client.execute("CallStatistics", **_DAY, groupBy=["SIP_CODE"])
    (error,) = body["errors"]
    assert error["message"] == (
        "groupBy: more than 10000 rows, ask for a shorter time, a coarser resolution, or fewer "
        "dimensions in groupBy"
    )
    (row,) = await client.run("CallStatistics", **_DAY)
    assert row["attempts"] == 10_001


async def test_a_query_costs_a_few_statements(
    client: Client, counted: None, acme: Ids, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An N+1 shows here as another number."""
    statements: list[str] = []
    for name in ("execute_query", "execute_query_dict"):
        original = getattr(AsyncpgDBClient, name)

        async def noted(self: Any, query: str, *args: Any, _run: Any = original) -> Any:
            statements.append(query)
            return await _run(self, query, *args)

        monkeypatch.setattr(AsyncpgDBClient, name, noted)
    rows = await client.run(
        "CallStatistics", **_DAY, resolution="HOUR", groupBy=["TIME", "TENANT", "CARRIER", "TRUNK"]
    )
    # One for the token, one for the counts, one a kind of relation.
    assert (len(rows), len(statements)) == (3, 5)


def _row(**more: Any) -> CallStatistics:
    said = {
        "resolution": "DAY", "level": "CALLS", "begins_at": _DAY["from"], "carrier": "",
        "trunk": "", "prefix": "", "sip_code": 200, "attempts": 1, "answered": 0, "effective": 0,
        "timed": 0, "duration_ms": 0, "pdd_buckets": [], "pdd_counts": [],
    }  # fmt: skip
    return CallStatistics(**{**said, **more})
