"""A records role on a database of its own, and a spool whose node it knows."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from pointsman.auth import Principal
from pointsman.models import CallAttempt, CallEvent, CallEventConflict, CallRecord
from pointsman.services.kamailio_nodes import create_kamailio_node
from tests.calls import reported
from tests.conftest import bound, copy_database
from tests.shipper.spooled import Spooled
from tests.sip.harness.roles import RoleProcess
from tests.sip.harness.shipper import ShipperProcess


@dataclass(frozen=True)
class RecordsRole:
    """The role as a process, its database, and the token of a node."""

    role: RoleProcess
    database_url: str
    token: str


@pytest.fixture(scope="module")
async def started(
    template_url: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[RecordsRole]:
    """One for the tests of a module."""
    url = await copy_database(template_url, "shipped")
    async with bound(url):
        token = await create_kamailio_node(Principal("test"), name=reported.NODE)
    role = RoleProcess("records", url, tmp_path_factory.mktemp("records"))
    role.start()
    yield RecordsRole(role, url, token)
    role.stop()


@pytest.fixture
async def records(started: RecordsRole) -> AsyncIterator[RecordsRole]:
    """Empty, and its database bound to the test."""
    async with bound(started.database_url):
        await empty_records()
        yield started


async def empty_records() -> None:
    """As if no node had ever reported."""
    for model in (CallRecord, CallAttempt, CallEvent, CallEventConflict):
        await model.all().delete()


@pytest.fixture
def spooled(tmp_path: Path) -> Spooled:
    return Spooled(tmp_path / "spool")


@pytest.fixture
def shipper(records: RecordsRole, spooled: Spooled) -> Iterator[ShipperProcess]:
    """Not started yet."""
    process = ShipperProcess(spooled.directory, records.role.url, records.token)
    yield process
    process.stop()
