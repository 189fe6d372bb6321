"""Calls that were stored before outcomes were get theirs from the migration."""

from importlib import import_module

import asyncpg

from pointsman.database_url import connection_parameters
from pointsman.models import CallRecord
from pointsman.services.incomplete_calls import mark_incomplete_calls
from tests.calls import reported, stored

_ENDS = ("rejected", "failed", "cancelled", "bye_caller", "unknown")


async def test_a_call_from_before_gets_the_outcome_that_it_would_have_now(committed: str) -> None:
    await stored.store([reported.start("lost") | {"started": "1000.000000", "at": "1000.000000"}])
    await mark_incomplete_calls(60, 60)
    await stored.store(
        [reported.start("rings")],
        [reported.answer("lasts")],
        *([reported.end(end, cause=end)] for end in _ENDS),
        *([reported.answer(f"{end}+"), reported.end(f"{end}+", cause=end)] for end in _ENDS),
    )
    expected = await _outcomes()
    assert len(expected) == 13
    assert len(set(expected.values())) == 6
    name = "pointsman.migrations.models.9_20261201133100_call_record_outcome"
    migration = import_module(name)
    connection = await asyncpg.connect(**connection_parameters(committed))
    try:
        for change in (migration.downgrade, migration.upgrade):
            await connection.execute(await change(connection))
    finally:
        await connection.close()
    assert await _outcomes() == expected


async def _outcomes() -> dict[str, str]:
    return dict(await CallRecord.all().values_list("sip_call_id", "outcome"))
