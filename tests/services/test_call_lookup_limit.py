"""What takes too long to find is refused, and keeps no connection."""

import asyncpg
import pytest

from pointsman.auth import Principal
from pointsman.database_url import connection_parameters
from pointsman.errors import InvalidInput
from pointsman.services import call_lookup
from pointsman.services.call_filter import CallFilter
from pointsman.services.call_lookup import list_call_records


async def test_what_is_not_found_in_time_is_refused_with_advice(
    committed: str, admin: Principal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(call_lookup, "LONGEST_MS", 100)
    locking = await asyncpg.connect(**connection_parameters(committed))
    try:
        async with locking.transaction():
            await locking.execute("LOCK call_record IN ACCESS EXCLUSIVE MODE")
            with pytest.raises(InvalidInput) as refused:
                await list_call_records(admin, CallFilter())
        (problem,) = refused.value.problems
        assert (problem.path, problem.fix) == (
            "filter",
            "give a shorter range by startedFrom and startedTo",
        )
    finally:
        await locking.close()
    assert (await list_call_records(admin, CallFilter())).rows == []
