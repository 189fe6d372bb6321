"""The export of calls over HTTP: all that is asked for, in batches, and nothing of another's."""

import asyncio
import csv
import io
import json
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI
from tortoise.backends.asyncpg.client import AsyncpgDBClient

from pointsman.call_sheet import NAMES
from pointsman.calls.call import call_of
from pointsman.calls.event import read_event
from pointsman.database import transaction
from pointsman.models import CallRecord
from pointsman.services.call_export import BATCH
from pointsman.services.call_rows import record_row
from pointsman.services.call_tables import upsert
from tests.calls import reported, stored
from tests.graphql.conftest import Client, Ids

RANGE = {"startedFrom": "2026-11-01T00:00Z", "startedTo": "2026-12-01T00:00Z"}


async def _get(client: Client, **asked: str) -> httpx.Response:
    headers = {"authorization": f"Bearer {client.token}"}
    return await client.http.get("/calls/export", params={**RANGE, **asked}, headers=headers)


async def _found(client: Client, **asked: str) -> list[dict[str, Any]]:
    answer = await _get(client, format="jsonl", **asked)
    assert answer.status_code == 200, answer.text
    return [json.loads(line) for line in answer.text.splitlines()]


async def _store_many(count: int) -> None:
    """Calls a microsecond after each other."""
    events = (
        reported.start(f"call-{at}") | {"started": f"{reported.STARTED}.{at:06}"}
        for at in range(count)
    )
    now = datetime.now(UTC)
    calls = [call_of([read_event(json.dumps(each).encode()).event]) for each in events]
    async with transaction() as connection:
        await upsert(connection, CallRecord, [record_row(call, {}, now) for call in calls])


def _count_fetched(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many rows each statement brings from now on."""
    fetched: list[int] = []
    for name in ("execute_query", "execute_query_dict"):
        original = getattr(AsyncpgDBClient, name)

        async def counted(self: Any, query: str, *args: Any, _run: Any = original) -> Any:
            found = await _run(self, query, *args)
            fetched.append(len(found[1] if isinstance(found, tuple) else found))
            return found

        monkeypatch.setattr(AsyncpgDBClient, name, counted)
    return fetched


async def test_calls_are_exported_as_csv(client: Client, acme: Ids) -> None:
    await stored.store(
        stored.answered("first", 0, tenant=acme.tenant, source_trunk=acme.trunk),
        stored.rejected("=1+1", 60, from_uri="@SUM(A1)"),
    )
    answer = await _get(client)
    assert answer.headers["content-type"] == "text/csv; charset=utf-8; header=present"
    assert answer.headers["content-disposition"] == 'attachment; filename="calls.csv"'
    newest, oldest = csv.DictReader(io.StringIO(answer.text, newline=""))
    assert (newest["sipCallId"], newest["fromUri"]) == ("'=1+1", "'@SUM(A1)")
    assert (oldest["callingNumber"], oldest["tenantId"]) == ("+390401234567", acme.tenant)
    assert (oldest["outcome"], oldest["durationMs"]) == ("ANSWERED", "60500")


async def test_calls_are_exported_as_they_are_found(client: Client, acme: Ids) -> None:
    """By each condition that GraphQL has."""
    call = stored.answered("first", 0, tenant=acme.tenant, source_trunk=acme.trunk)
    call[1] |= {"trunk": acme.carrier_trunk, "carrier": acme.carrier}
    await stored.store(call, stored.rejected("second", 60, calling_number="+44", called_number="7"))
    for asked, expected in (
        ({}, ["second", "first"]),
        ({"startedFrom": "2026-11-18T11:07:40Z"}, ["second"]),
        ({"startedTo": "2026-11-18T12:07:40+01:00"}, ["first"]),
        ({"tenantId": acme.tenant}, ["first"]),
        ({"sourceTrunkId": acme.trunk}, ["first"]),
        ({"trunkId": acme.carrier_trunk}, ["first"]),
        ({"carrierId": acme.carrier}, ["first"]),
        ({"callingNumber": "+44"}, ["second"]),
        ({"calledNumber": "7"}, ["second"]),
        ({"callingNumberPrefix": "+390"}, ["first"]),
        ({"calledNumberPrefix": "+390"}, ["first"]),
        ({"outcome": "REJECTED"}, ["second"]),
        ({"sipCode": "404"}, ["second"]),
        ({"sipCallId": "first", "sipCode": "200"}, ["first"]),
        ({"sipCallId": "none"}, []),
    ):
        assert [each["sipCallId"] for each in await _found(client, **asked)] == expected, asked


async def test_a_line_has_what_graphql_has(client: Client, acme: Ids) -> None:
    await stored.store(stored.answered("first", 0, tenant=acme.tenant, revision=1))
    (line,) = await _found(client)
    assert tuple(line) == NAMES
    (call,) = (await client.run("CallRecords"))["nodes"]
    same = set(NAMES) - {"startedAt", "answeredAt", "endedAt", "cause", "revisionId"}
    assert {name: line[name] or None for name in same} == {
        name: call[name] or None for name in same
    }
    assert (line["cause"].upper(), str(line["revisionId"])) == (call["cause"], call["revisionId"])
    assert datetime.fromisoformat(line["startedAt"]) == datetime.fromisoformat(call["startedAt"])


async def test_a_tenant_gets_its_own_and_nobody_those_of_nobody(
    client: Client, acme: Ids, zen: Ids, of_zen: Client
) -> None:
    await stored.store(
        stored.answered("acme's", 0, tenant=acme.tenant),
        stored.answered("zen's", 60, tenant=zen.tenant),
        stored.answered("nobody's", 120, tenant=str(uuid4())),
    )
    assert [call["sipCallId"] for call in await _found(of_zen)] == ["zen's"]
    assert len(await _found(client)) == 3
    refused = await _get(of_zen, tenantId=acme.tenant)
    assert refused.status_code == 404
    (error,) = refused.json()["errors"]
    assert error["extensions"] == {"code": "NOT_FOUND", "field": "tenantId"}


@pytest.mark.parametrize("header", [None, "", "Bearer wrong", "Basic eA=="])
async def test_who_is_nobody_gets_the_401_of_graphql(client: Client, header: str | None) -> None:
    headers = {} if header is None else {"authorization": header}
    for asked in (RANGE, {}, {"x": "y"}):
        answer = await client.http.get("/calls/export", params=asked, headers=headers)
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == "Bearer"
        (error,) = answer.json()["errors"]
        assert error["extensions"] == {"code": "UNAUTHENTICATED"}


@pytest.mark.parametrize(
    ("query", "fields"),
    [
        ("", ["startedFrom", "startedTo"]),
        ("startedFrom=2026-11-01", ["startedTo"]),
        ("startedFrom=2026-11-01&startedTo=2026-12-02T00:00:01", ["startedTo"]),
        ("startedFrom=2026-11-02&startedTo=2026-11-01", ["startedTo"]),
        ("startedFrom=soon&startedTo=2026-11-01T00:00+01:00", ["startedFrom", "startedTo"]),
        ("calledNmber=1&format=xls&sipCode=4O4", ["calledNmber", "format", "sipCode"]),
        ("outcome=ANSWERED&outcome=ANSWERED", ["outcome"]),
        ("outcome=answered", ["outcome"]),
        ("calledNumber=+390401234567", ["calledNumber"]),
        ("sipCallId=%00", ["sipCallId"]),
        (
            "startedFrom=2026-11-01&startedTo=2026-11-02&calledNumberPrefix=1",
            ["calledNumberPrefix"],
        ),
        ("startedFrom=2026-11-01&startedTo=2026-11-02&sipCode=999", ["sipCode"]),
    ],
)
async def test_what_cannot_be_asked_is_said_before_the_first_byte(
    client: Client, query: str, fields: list[str]
) -> None:
    headers = {"authorization": f"Bearer {client.token}"}
    answer = await client.http.get(f"/calls/export?{query}", headers=headers)
    assert answer.status_code == 400
    told = [error["extensions"] for error in answer.json()["errors"]]
    assert told == [{"code": "INVALID_INPUT", "field": field} for field in fields]


async def test_many_calls_are_read_a_batch_at_a_time(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _store_many(20_000)
    fetched = _count_fetched(monkeypatch)
    calls = await _found(client)
    assert [call["sipCallId"] for call in calls] == [f"call-{at}" for at in range(19_999, -1, -1)]
    assert max(fetched) == BATCH
    assert sum(fetched) == 20_000 + 1  # the token


async def test_a_client_that_goes_away_stops_it(
    control: FastAPI, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _store_many(5 * BATCH)
    fetched = _count_fetched(monkeypatch)
    gone = asyncio.Event()
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET",
        "path": "/calls/export", "query_string": str(httpx.QueryParams(RANGE)).encode(),
        "headers": [(b"authorization", f"Bearer {client.token}".encode())],
    }  # fmt: skip
    parts = [{"type": "http.request", "body": b"", "more_body": False}]

    async def receive() -> Any:
        if parts:
            return parts.pop()
        await gone.wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        if message.get("body"):
            gone.set()
            await asyncio.sleep(0)

    await control(scope, receive, send)
    assert sum(fetched) < 4 * BATCH
