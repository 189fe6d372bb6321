"""Whatever is killed, and whenever: each record is stored, and once."""

import asyncio
import signal
import threading
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from functools import partial
from pathlib import Path

import asyncpg
import httpx
import pytest

from pointsman.auth import Principal
from pointsman.calls.call import CallState
from pointsman.database import DATABASE_ERRORS, migrate
from pointsman.database_url import connection_parameters
from pointsman.models import CallAttempt, CallEvent, CallEventConflict, CallRecord
from pointsman.postgres import EmbeddedPostgres
from pointsman.services.kamailio_nodes import create_kamailio_node
from tests.calls import reported
from tests.conftest import bound, discard, start_postgres
from tests.shipper.conftest import RecordsRole
from tests.shipper.forgetful_proxy import ForgetfulProxy
from tests.shipper.spooled import HOUR, NEXT_HOUR, Spooled, calls
from tests.sip.harness.roles import RoleProcess
from tests.sip.harness.shipper import ShipperProcess
from tests.waiting import until, until_found

_CALLS = 1_000
_NAMED = {"application_name": "taker of connections"}
_END_OTHERS = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE backend_type = 'client backend' AND application_name <> 'taker of connections'"
)
# Between two calls: what is killed is killed in the midst of them.
_PACE_S = 0.002


class Writer:
    """Writes calls in the background, as a busy Kamailio does; some lines in two halves."""

    def __init__(self, spooled: Spooled) -> None:
        self._spooled = spooled
        self._thread = threading.Thread(target=self._write)
        self.names = [f"call-{number}" for number in range(_CALLS)]

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def join(self) -> None:
        """Wait until all is written."""
        self._thread.join()

    def _write(self) -> None:
        for number, name in enumerate(self.names):
            time.sleep(_PACE_S)
            hour = HOUR if number < _CALLS / 2 else NEXT_HOUR
            content = calls(name)
            if number % 10 == 0:
                self._spooled.append(content[:70], hour)
                content = content[70:]
            self._spooled.append(content, hour)


@pytest.fixture
def writer(spooled: Spooled) -> Iterator[Writer]:
    """Not started yet."""
    writer = Writer(spooled)
    yield writer
    writer.join()


async def _stored() -> int:
    """How many there are; 0 while the database is gone."""
    try:
        return await CallEvent.all().count()
    except DATABASE_ERRORS:
        return 0


async def _until_more_than(count: int) -> None:
    async def more() -> bool:
        return await _stored() > count

    await until_found(more)


async def _see_each_stored_once(names: Sequence[str], spooled: Spooled) -> None:
    await _until_more_than(3 * len(names) - 1)
    written = [line for name in names for line in calls(name).split(b"\n") if line]
    contents = sorted(event.content.encode() for event in await CallEvent.all())
    assert contents == sorted(written)
    ended = await CallRecord.filter(state=CallState.ENDED, duration_ms=60_500)
    assert sorted(call.sip_call_id for call in ended) == sorted(names)
    assert await CallRecord.all().count() == await CallAttempt.all().count() == len(names)
    assert await CallEventConflict.all().count() == 0
    assert spooled.refused() == []


async def test_an_answer_that_is_lost_after_the_commit_doubles_nothing(
    records: RecordsRole, shipper: ShipperProcess, spooled: Spooled
) -> None:
    spooled.append(calls("a", "b"))
    with ForgetfulProxy(records.role.port, forgets=2) as proxy:
        shipper.environment["POINTSMAN_RECORDS_URL"] = proxy.url
        for _ in range(2):
            done = shipper.ship_once()
            assert (done.returncode, done.stdout[:9]) == (1, "0 stored,")
            assert await _stored() == 6
        assert shipper.ship_once().stdout.startswith("0 stored, 6 stored before, 0 contradict")
    assert [answer.split()[1] for answer in proxy.forgotten] == [b"200", b"200"]
    assert await _stored() == 6
    assert await CallRecord.all().count() == 2


async def test_a_shipper_killed_at_any_moment_loses_and_doubles_nothing(
    shipper: ShipperProcess, spooled: Spooled, writer: Writer
) -> None:
    writer.start()
    for at_s in (0, 0.001, 0.002, 0.004, 0.008, 0.012, 0.016, 0.02):
        shipper.start()
        await _until_more_than(min(await _stored(), 3 * _CALLS - 1))
        await asyncio.sleep(at_s)  # which of its steps it is at
        shipper.stop(signal.SIGKILL)
    shipper.start()
    writer.join()
    await _see_each_stored_once(writer.names, spooled)


async def test_a_records_role_killed_at_any_moment_loses_and_doubles_nothing(
    records: RecordsRole, shipper: ShipperProcess, spooled: Spooled, writer: Writer
) -> None:
    shipper.start()
    writer.start()
    for at_s in (0, 0.01, 0.03):
        await _until_more_than(min(await _stored(), 3 * _CALLS - 1))
        await asyncio.sleep(at_s)
        records.role.signal(signal.SIGKILL)
        records.role.start()
    writer.join()
    await _see_each_stored_once(writer.names, spooled)


@pytest.fixture
def breakable() -> Iterator[EmbeddedPostgres]:
    """A PostgreSQL; what it has committed outlives its crash."""
    server = start_postgres({"synchronous_commit": "on"})
    yield server
    discard(server)


@pytest.fixture
async def fragile(breakable: EmbeddedPostgres, tmp_path: Path) -> AsyncIterator[RecordsRole]:
    """A records role on it."""
    await migrate(breakable.url)
    async with bound(breakable.url):
        token = await create_kamailio_node(Principal("test"), name=reported.NODE)
        role = RoleProcess("records", breakable.url, tmp_path)
        role.start()
        yield RecordsRole(role, breakable.url, token)
        role.stop()


async def test_a_database_that_crashes_and_comes_back_loses_and_doubles_nothing(
    fragile: RecordsRole, breakable: EmbeddedPostgres, spooled: Spooled
) -> None:
    names = [f"call-{number}" for number in range(400)]
    shipper = ShipperProcess(spooled.directory, fragile.role.url, fragile.token)
    shipper.start()
    try:
        for crash in range(2):
            before = await _stored()
            spooled.append(calls(*names[200 * crash :][:100]))
            await _until_more_than(before)
            breakable.stop(signal.SIGQUIT)
            spooled.append(calls(*names[200 * crash + 100 :][:100]))
            await until(partial(_has_waited, shipper, crash + 1))
            refused = _report(fragile)
            assert (refused.status_code, refused.headers["retry-after"]) == (503, "1")
            assert fragile.role.readiness() is None
            breakable.start()
            await _until_more_than(600 * (crash + 1) - 1)
        await _see_each_stored_once(names, spooled)
    finally:
        shipper.stop()
    said = shipper.log.read_text()
    assert "503 the database does not answer: send it again" in said
    assert "Traceback" not in said


async def test_a_database_without_a_connection_left_loses_and_doubles_nothing(
    fragile: RecordsRole, spooled: Spooled
) -> None:
    names = [f"call-{number}" for number in range(200)]
    shipper = ShipperProcess(spooled.directory, fragile.role.url, fragile.token)
    shipper.start()
    try:
        spooled.append(calls(*names[:100]))
        await _until_more_than(299)
        async with _all_connections(fragile.database_url):
            spooled.append(calls(*names[100:]))
            await until(partial(_has_waited, shipper, 1))
            assert _report(fragile).status_code == 503
        await _see_each_stored_once(names, spooled)
    finally:
        shipper.stop()
    assert "Traceback" not in shipper.log.read_text()


@asynccontextmanager
async def _all_connections(database_url: str) -> AsyncIterator[None]:
    """Has every connection that the database gives, those that others had too."""
    async with AsyncExitStack() as stack:
        taken = await _connect(database_url, stack)
        with suppress(asyncpg.TooManyConnectionsError):
            while True:
                await taken.execute(_END_OTHERS)
                await _connect(database_url, stack)
        yield


async def _connect(database_url: str, stack: AsyncExitStack) -> asyncpg.Connection:
    parameters = {**connection_parameters(database_url), "server_settings": _NAMED}
    connection = await asyncpg.connect(**parameters)
    stack.push_async_callback(connection.close)
    return connection


def _report(records: RecordsRole) -> httpx.Response:
    given = {"authorization": f"Bearer {records.token}"}
    url = f"{records.role.url}/kamailio/cdr"
    return httpx.post(url, json=reported.start("call-0"), headers=given, timeout=60)


def _has_waited(shipper: ShipperProcess, times: int) -> bool:
    return shipper.log.read_text().count("records wait here") == times
