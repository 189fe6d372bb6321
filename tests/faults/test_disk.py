"""What happens to the files of a snapshot while a router runs."""

from pathlib import Path

from pointsman.auth import Principal
from pointsman.kamailio.metrics import RouterMetrics
from pointsman.kamailio.snapshot_feed import SnapshotFeed
from pointsman.models import RoutingRule
from pointsman.services.config_revisions import get_current_revision
from pointsman.services.routing_rules import update_routing_rule
from pointsman.services.secrets import NO_KEYS
from pointsman.services.tenants import create_tenant
from pointsman.snapshots.files import load_catalog
from tests.compiler.conftest import following
from tests.faults.calls import Caller
from tests.faults.running_router import RunningRouter
from tests.kamailio.conftest import Demo
from tests.waiting import until

_BY = Principal("test")


async def test_a_directory_that_was_cleared_is_followed_again(demo: Demo, tmp_path: Path) -> None:
    """The file of the same number is another one by then."""
    metrics = RouterMetrics()
    feed = SnapshotFeed(tmp_path, NO_KEYS.unseal, metrics)
    async with following(demo.url, tmp_path):
        await feed.look()
    _clear(tmp_path)
    await create_tenant(_BY, name="Behind it")
    async with following(demo.url, tmp_path):
        await feed.look()
    assert feed.held is not None
    assert feed.held.snapshot.revision == (await get_current_revision()).id
    assert metrics.counters.total("files_refused") == 0


def _clear(directory: Path) -> None:
    for file in directory.iterdir():
        file.unlink()


async def test_damage_under_a_running_compiler_is_made_good(
    demo: Demo, own_router: RunningRouter
) -> None:
    own_router.start()
    await until(lambda: own_router.readiness()[1]["database"] == "connected")
    _damage_rules(own_router.directory)
    rule = await RoutingRule.get(name="italy")
    await update_routing_rule(_BY, rule.id, priority=7)
    newest = (await get_current_revision()).id
    await until(lambda: own_router.revision == newest)
    status, answer = Caller(own_router.port, demo.token).ask_once()
    assert (status, answer["rtjson"]["success"]) == (200, True)
    assert (
        "the snapshot on disk is damaged, compiling everything anew" in own_router.log.read_text()
    )


def _damage_rules(directory: Path) -> None:
    """In every table of rules there is."""
    catalog = load_catalog(directory)
    assert catalog is not None
    with (directory / f"data-{catalog.data_file}").open("r+b") as data:
        for tenant in catalog.tenants.values():
            assert tenant.rules is not None
            for blob in tenant.rules.blobs():
                data.seek(blob.offset)
                data.write(bytes(blob.length))
