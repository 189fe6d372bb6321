"""A router that starts while there is no database: by what is on its disk, or not at all."""

import contextlib
import signal
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from pointsman.auth import Principal
from pointsman.postgres import EmbeddedPostgres
from pointsman.services.tenants import create_tenant
from pointsman.snapshots.files import CATALOG, load_catalog
from tests.compiler.conftest import following
from tests.faults.calls import Caller, Calls, routed
from tests.faults.running_router import RunningRouter
from tests.kamailio.conftest import Demo
from tests.waiting import until

_REFUSED = "pointsman_snapshot_files_refused_total"


@pytest.fixture
def cold(bound_demo: Demo, tmp_path: Path) -> Iterator[RunningRouter]:
    """A router that is not started yet."""
    router = RunningRouter(bound_demo.url, tmp_path, router_poll_s=0.1)
    yield router
    router.stop()


async def _fill(router: RunningRouter, demo: Demo) -> tuple[int, int]:
    """Have two snapshots on the router's disk; their revisions, the newest first."""
    name = f"Cold {uuid4()}"
    async with following(demo.url, router.directory) as both:
        older = both.snapshot.revision
        await create_tenant(Principal("test"), name=name)
        await until(lambda: name in both.tenant_names)
        return both.snapshot.revision, older


async def test_without_a_database_it_decides_by_what_is_on_disk(
    bound_demo: Demo, cold: RunningRouter, breakable: EmbeddedPostgres
) -> None:
    newest, _ = await _fill(cold, bound_demo)
    breakable.stop(signal.SIGQUIT)
    cold.start()
    await until(lambda: cold.readiness()[1]["database"] == "lost")
    status, said = cold.readiness()
    assert (status, said["ready"], said["revision"], said["database"]) == (
        200,
        True,
        newest,
        "lost",
    )
    # When it was confirmed is known from before.
    assert said["confirmed_s_ago"] > 0
    assert Caller(cold.port, bound_demo.token).ask_once()[0] == 200
    assert cold.metrics()[_REFUSED] == 0


async def test_what_was_confirmed_before_a_start_is_not_too_old_by_it(
    bound_demo: Demo, cold: RunningRouter, breakable: EmbeddedPostgres
) -> None:
    """A start is no reason to refuse calls that were decided until then."""
    cold.environment["POINTSMAN_SNAPSHOT_MAX_AGE_S"] = "3600"
    cold.environment["POINTSMAN_SNAPSHOT_PAST_MAX_AGE"] = "refuse"
    await _fill(cold, bound_demo)
    breakable.stop(signal.SIGQUIT)
    cold.start()
    await until(lambda: cold.readiness()[1]["database"] == "lost")
    assert Caller(cold.port, bound_demo.token).ask_once()[0] == 200
    assert cold.readiness()[1]["too_old"] is False


@pytest.mark.parametrize("damaged", ["the catalog", "a part", "the data"])
async def test_a_damaged_snapshot_is_passed_over_for_the_one_before(
    bound_demo: Demo, cold: RunningRouter, breakable: EmbeddedPostgres, damaged: str
) -> None:
    newest, older = await _fill(cold, bound_demo)
    breakable.stop(signal.SIGQUIT)
    _damage(cold.directory, damaged)
    cold.environment["POINTSMAN_ROUTER_COMPILES"] = "false"
    cold.start()
    assert cold.revision == older < newest
    with Calls([Caller(cold.port, bound_demo.token)], look=routed) as calls:
        before = _open_files(cold.pid)
        # It looks at what is damaged again, and keeps nothing of it.
        cold.wait(lambda: calls.decided > 200)
        after = _open_files(cold.pid)
    assert calls.lost == {}
    assert before == after
    assert cold.metrics()[_REFUSED] == 1
    assert cold.log.read_text().count("a snapshot on disk is refused") == 1


def _damage(directory: Path, what: str) -> None:
    catalog = load_catalog(directory)
    former = load_catalog(directory, "catalog.previous")
    assert catalog is not None
    assert former is not None
    data = directory / f"data-{catalog.data_file}"
    new = max(catalog.new_blobs(former), key=lambda blob: blob.offset)
    content = bytearray(data.read_bytes())
    if what == "the catalog":
        file = directory / CATALOG
        content = bytearray(file.read_bytes())
        content[-1] ^= 1
        # As a disk does it: in place, so that the one before, which is another file, is whole.
        file.write_bytes(content)
    elif what == "a part":
        content[new.offset] ^= 1
        data.write_bytes(content)
    else:
        data.write_bytes(content[: new.offset])


def _open_files(pid: int) -> set[str]:
    found = set()
    for link in Path(f"/proc/{pid}/fd").iterdir():
        # Some are closed meanwhile.
        with contextlib.suppress(FileNotFoundError):
            found.add(str(link.readlink()))
    return {path for path in found if "data-" in path}


async def test_with_nothing_on_disk_it_refuses_until_the_database_comes(
    bound_demo: Demo, cold: RunningRouter, breakable: EmbeddedPostgres
) -> None:
    breakable.stop(signal.SIGQUIT)
    cold.launch()
    cold.wait(lambda: cold.readiness()[1].get("database") == "lost")
    status, said = cold.readiness()
    assert (status, said["ready"], said["revision"]) == (503, False, None)
    caller = Caller(cold.port, bound_demo.token)
    refused, answer = caller.ask()
    retry_after = caller.retry_after()
    breakable.start()
    cold.wait(lambda: cold.is_ready)
    decided, _ = caller.ask()
    caller.close()
    assert (refused, answer["error"]["code"], retry_after) == (503, "NO_SNAPSHOT", "1")
    assert decided == 200
