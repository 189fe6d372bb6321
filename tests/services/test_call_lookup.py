"""Calls are looked up the newest first, by each condition, and each by an index."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from tortoise.queryset import QuerySet

from pointsman.auth import Principal
from pointsman.calls.call import CallOutcome
from pointsman.calls.call_key import first_key, started_at
from pointsman.database import transaction
from pointsman.errors import InvalidInput, NotFound
from pointsman.models import CallRecord
from pointsman.services import call_lookup
from pointsman.services.call_filter import CallFilter, condition_of
from pointsman.services.call_lookup import find_call_record, list_call_records
from pointsman.services.incomplete_calls import mark_incomplete_calls
from pointsman.services.record_partitions import keep_days
from tests.calls import reported, stored
from tests.services.conftest import Objects

pytestmark = pytest.mark.usefixtures("transaction")

BEGIN = datetime.fromtimestamp(reported.STARTED, UTC)
TRUNK, CARRIER, PBX = (str(UUID(int=number)) for number in (1, 2, 3))


async def _found(principal: Principal, **asked: Any) -> list[str]:
    page = await list_call_records(principal, CallFilter(**asked), count=True)
    assert page.total == len(page.rows)
    return [row.sip_call_id for row in page.rows]


@pytest.fixture
async def calls(objects: Objects) -> Objects:
    """Of two tenants and of nobody."""
    acme, zen = ({"tenant": str(tenant.id)} for tenant in (objects.acme, objects.zen))
    answer = {"trunk": TRUNK, "carrier": CARRIER}
    first = stored.answered("first", 0, source_trunk=PBX, calling_number="+4420", **acme)
    first[1] |= answer
    await stored.store(
        first,
        stored.rejected("second", 86_400, called_number="+1202", **zen),
        stored.rejected("third", 2 * 86_400, called_number="100%", tenant=str(uuid4())),
        [reported.start("fourth", 0.25, **acme) | stored.at(3 * 86_400)],
    )
    return objects


async def test_calls_are_listed_the_newest_first(calls: Objects, admin: Principal) -> None:
    assert await _found(admin) == ["fourth", "third", "second", "first"]


async def test_a_tenant_sees_its_own_and_nobody_those_of_nobody(
    calls: Objects, admin: Principal
) -> None:
    assert await _found(Principal("a", calls.acme.id)) == ["fourth", "first"]
    assert await _found(Principal("z", calls.zen.id)) == ["second"]
    assert await _found(Principal("n", uuid4())) == []
    third = await CallRecord.get(sip_call_id="third")
    assert third.tenant_id is None
    for principal in (Principal("z", calls.zen.id), Principal("n", UUID(third.tenant))):
        assert await find_call_record(principal, third.id) is None
    found = await find_call_record(admin, str(third.id))
    assert found is not None
    assert found.sip_call_id == "third"


@pytest.mark.parametrize("call_id", ["", "x", "ffffffff-ffff-ffff-ffff-ffffffffffff", UUID(int=0)])
async def test_an_id_that_is_none_is_not_found(admin: Principal, call_id: object) -> None:
    assert await find_call_record(admin, call_id) is None


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"started_from": BEGIN + timedelta(days=1)}, ["fourth", "third", "second"]),
        ({"started_to": BEGIN + timedelta(days=1)}, ["first"]),
        ({"started_from": BEGIN, "started_to": BEGIN + timedelta(microseconds=1)}, ["first"]),
        ({"started_from": (BEGIN + timedelta(days=3)).replace(tzinfo=None)}, ["fourth"]),
        ({"started_to": datetime(1, 1, 1, tzinfo=UTC)}, []),
        ({"started_from": datetime(9999, 1, 1, tzinfo=UTC)}, []),
        ({"calling_number": "+4420"}, ["first"]),
        ({"calling_number": "+442"}, []),
        ({"called_number": "+1202"}, ["second"]),
        ({"called_number_prefix": "+12"}, ["second"]),
        ({"calling_number_prefix": "+390"}, ["fourth", "third", "second"]),
        ({"called_number_prefix": "100%"}, ["third"]),
        ({"called_number_prefix": "10_"}, []),
        ({"called_number_prefix": "+1%2"}, []),
        ({"source_trunk_id": PBX}, ["first"]),
        ({"trunk_id": TRUNK}, ["first"]),
        ({"carrier_id": CARRIER}, ["first"]),
        ({"outcome": CallOutcome.ANSWERED}, ["first"]),
        ({"outcome": CallOutcome.REJECTED}, ["third", "second"]),
        ({"outcome": CallOutcome.IN_PROGRESS}, ["fourth"]),
        ({"outcome": CallOutcome.CANCELLED}, []),
        ({"sip_code": 404}, ["third", "second"]),
        ({"sip_code": 0}, ["fourth"]),
        ({"sip_call_id": "third"}, ["third"]),
        ({"sip_code": 404, "called_number": "+1202"}, ["second"]),
        ({"sip_code": 404, "trunk_id": TRUNK}, []),
    ],
)
async def test_all_conditions_hold(
    calls: Objects, admin: Principal, asked: dict[str, Any], expected: list[str]
) -> None:
    assert await _found(admin, **asked) == expected


async def test_a_tenant_is_found_by_its_id_also_when_it_is_no_more(
    calls: Objects, admin: Principal
) -> None:
    assert await _found(admin, tenant_id=str(calls.acme.id)) == ["fourth", "first"]
    assert await _found(admin, tenant_id=uuid4()) == []
    of_zen = Principal("z", calls.zen.id)
    assert await _found(of_zen, tenant_id=calls.zen.id) == ["second"]
    with pytest.raises(NotFound) as refused:
        await _found(of_zen, tenant_id=calls.acme.id)
    assert refused.value.path == "tenantId"


async def test_a_call_becomes_incomplete(calls: Objects, admin: Principal) -> None:
    await CallRecord.filter(sip_call_id="fourth").update(started_at=BEGIN - timedelta(days=9_999))
    assert await mark_incomplete_calls(60, 60) == 1
    fourth = await CallRecord.get(sip_call_id="fourth")
    assert (fourth.state, fourth.outcome) == ("INCOMPLETE", "INCOMPLETE")


@pytest.mark.parametrize(
    ("asked", "path"),
    [
        ({"started_from": BEGIN, "started_to": BEGIN}, "startedTo"),
        ({"calling_number_prefix": "+3"}, "callingNumberPrefix"),
        ({"called_number_prefix": ""}, "calledNumberPrefix"),
        ({"called_number_prefix": "+" * 65}, "calledNumberPrefix"),
        ({"sip_code": 700}, "sipCode"),
        ({"sip_code": -1}, "sipCode"),
    ],
)
async def test_what_cannot_be_asked_is_said(
    admin: Principal, asked: dict[str, Any], path: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        await _found(admin, **asked)
    assert [problem.path for problem in refused.value.problems] == [path]


@pytest.mark.parametrize("name", ["tenant", "source_trunk", "trunk", "carrier"])
async def test_a_text_that_is_no_id_is_not_found(admin: Principal, name: str) -> None:
    with pytest.raises(NotFound):
        await _found(admin, **{f"{name}_id": "x"})


async def test_pages_follow_each_other_without_gap_or_repeat(admin: Principal) -> None:
    # Some at the same moment, some on other days.
    names = [f"call-{number:02}" for number in range(23)]
    await stored.store(
        *(stored.rejected(name, 40_000 * (at // 3)) for at, name in enumerate(names))
    )
    seen: list[str] = []
    after = None
    while True:
        page = await list_call_records(admin, CallFilter(), first=5, after=after)
        seen += [row.sip_call_id for row in page.rows]
        if not page.has_next:
            break
        await stored.store(stored.rejected(f"new-{len(seen)}", 10_000_000))
        after = page.cursors[-1]
    assert sorted(seen) == names
    assert [int(name[5:]) // 3 for name in seen] == sorted(at // 3 for at in range(23))[::-1]


@pytest.mark.parametrize("after", ["", "x", "WyJ0ZW5hbnQiLCAieCJd", "WyJjYWxsIHJlY29yZCIsIDFd"])
async def test_what_is_no_cursor_of_calls_is_refused(admin: Principal, after: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        await list_call_records(admin, CallFilter(), after=after)
    assert [problem.path for problem in refused.value.problems] == ["after"]


@pytest.mark.parametrize("first", [-1, 201])
async def test_a_page_is_bounded(admin: Principal, first: int) -> None:
    with pytest.raises(InvalidInput):
        await list_call_records(admin, CallFilter(), first=first)


async def test_calls_are_counted_so_far_and_no_further(
    calls: Objects, admin: Principal, monkeypatch: pytest.MonkeyPatch
) -> None:
    for most, counted in ((4, 4), (3, None)):
        monkeypatch.setattr(call_lookup, "MAX_COUNT", most)
        page = await list_call_records(admin, CallFilter(), first=1, count=True)
        assert page.total == counted


async def test_a_key_begins_with_the_time() -> None:
    moment = datetime(2026, 11, 22, 1, 2, 3, 456789, UTC)
    assert started_at(first_key(moment)) == moment
    assert first_key(moment) < first_key(moment + timedelta(microseconds=1))
    assert first_key(datetime(1969, 1, 1, tzinfo=UTC)) == UUID(int=0)


@pytest.mark.parametrize(
    ("asked", "index"),
    [
        ({}, "_pkey"),
        ({"tenant_id": UUID(int=1)}, "_tenant_id_id_"),
        ({"calling_number": "+39"}, "_calling_number_id_"),
        ({"called_number": "+39"}, "_called_number_id_"),
        ({"source_trunk_id": PBX}, "_source_trunk_id_"),
        ({"trunk_id": TRUNK}, "_trunk_id_"),
        ({"carrier_id": CARRIER}, "_carrier_id_"),
        ({"outcome": CallOutcome.INCOMPLETE}, "_outcome_id_"),
        ({"sip_code": 488}, "_sip_code_id_"),
        ({"sip_call_id": "x"}, "_sip_call_id_id_"),
    ],
)
async def test_a_condition_has_an_index_and_a_range_leaves_days_out(
    admin: Principal, asked: dict[str, Any], index: str
) -> None:
    await keep_days(BEGIN.date(), 0)
    day: dict[str, Any] = {"started_from": BEGIN, "started_to": BEGIN + timedelta(hours=1)}
    query = CallRecord.filter(condition_of(admin, CallFilter(**asked, **day)))
    steps = await _plan_of(query.order_by("-id"))
    assert f"call_record_{BEGIN:%Y%m%d}{index}" in steps, steps
    assert steps.count(" Scan ") == 1, steps


@pytest.mark.parametrize("field", ["calling_number", "called_number"])
async def test_a_prefix_has_an_index_in_whatever_collation(admin: Principal, field: str) -> None:
    prefix: dict[str, Any] = {f"{field}_prefix": "+39"}
    asked = CallFilter(**prefix)
    steps = await _plan_of(CallRecord.filter(condition_of(admin, asked)))
    assert f"call_record_rest_{field}_id_" in steps, steps
    assert f"Index Cond: ((({field})::text ~>=~ '+39'::text)" in steps, steps


async def _plan_of(query: QuerySet[CallRecord]) -> str:
    async with transaction() as connection:
        # So few calls are read sooner in any order.
        for kind in ("seqscan", "bitmapscan"):
            await connection.execute_script(f"SET LOCAL enable_{kind} = off")
        page = query.limit(51).sql(params_inline=True)
        plan = await connection.execute_query_dict(f"EXPLAIN {page}")
    return "\n".join(row["QUERY PLAN"] for row in plan)


async def test_calls_by_a_prefix_are_found_however_long_ago_they_were(admin: Principal) -> None:
    """Also those between which nobody called such a number."""
    days_ago = (0, 0.001, 0.01, 0.5, 3, 30, 300, 3_000)
    await stored.store(
        *(stored.rejected(f"{ago}", -ago * 86_400, called_number="+8835100") for ago in days_ago),
        *(stored.rejected("other", -ago * 86_400) for ago in days_ago),
    )
    seen: list[str] = []
    after = None
    while True:
        asked = CallFilter(called_number_prefix="+88351")
        page = await list_call_records(admin, asked, first=3, after=after)
        seen += [row.sip_call_id for row in page.rows]
        if not page.has_next:
            break
        after = page.cursors[-1]
    assert seen == [f"{ago}" for ago in days_ago]
