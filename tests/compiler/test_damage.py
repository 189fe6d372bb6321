"""The compiler on a disk that fails it: it tells, and goes on with another file."""

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from pointsman.auth import Principal
from pointsman.models import Tenant
from pointsman.services.tenants import create_tenant, update_tenant
from pointsman.snapshots.files import load_catalog
from tests.compiler.conftest import SlowCompile, following
from tests.compiler.notifications import ask_for_everything
from tests.kamailio.conftest import Demo
from tests.snapshots.written import data_files
from tests.waiting import until


def _damage_every_part(directory: Path) -> None:
    """As a disk does: the file and its mappings are the same."""
    found = load_catalog(directory)
    assert found is not None
    with (directory / f"data-{found.data_file}").open("r+b") as output:
        for tenant in found.tenants.values():
            output.seek(tenant.part.offset + tenant.part.length - 1)
            output.write(b"\xc1")


def _delete_all(directory: Path) -> None:
    for path in directory.iterdir():
        path.unlink()


@pytest.mark.parametrize("harm", [_damage_every_part, _delete_all])
async def test_what_is_damaged_or_gone_is_compiled_anew(
    demo: Demo, admin: Principal, tmp_path: Path, harm: Callable[[Path], None]
) -> None:
    acme = await Tenant.get(name="Acme")
    with capture_logs() as logs:
        async with following(demo.url, tmp_path) as both:
            assert both.tenant_names == {"Acme"}
            # The one behind the first connection.
            await until(lambda: both.compiler.status.compiling == "")
            harm(tmp_path)
            await update_tenant(admin, acme.id, name="Renamed")
            await until(lambda: both.tenant_names == {"Renamed"})
            await create_tenant(admin, name="Another")
            await until(lambda: both.tenant_names == {"Renamed", "Another"})
            assert both.compiles("partial done") == 1
    told = [line["event"] for line in logs if line["log_level"] == "error"]
    assert told == ["the snapshot on disk is damaged, compiling everything anew"]


async def test_a_disk_that_was_full_is_written_to_when_it_has_room_again(
    demo: Demo, admin: Principal, tmp_path: Path
) -> None:
    def refuse(*_: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    async with following(demo.url, tmp_path, poll_s=0.02) as both:
        with pytest.MonkeyPatch.context() as patch:
            # What was written until then is garbage that is left behind with the next change.
            both.compiler._writer.add(os.urandom(1_000_000))
            patch.setattr("pointsman.snapshots.writer._LEAST_GARBAGE", 0)
            patch.setattr(os, "fdatasync", refuse)
            await create_tenant(admin, name="Waiting")
            await until(lambda: both.compiles("partial failed") >= 2)
            assert data_files(tmp_path) == ["data-1"]
            assert "No space left on device" in both.compiler.status.failing
            assert both.tenant_names == {"Acme"}
            patch.undo()
            patch.setattr("pointsman.snapshots.writer._LEAST_GARBAGE", 0)
            await until(lambda: both.tenant_names == {"Acme", "Waiting"})
            assert both.compiler.status.failing == ""
            assert data_files(tmp_path) == ["data-1", "data-2"]


async def test_everything_is_compiled_again_when_it_is_asked_for_meanwhile(
    demo: Demo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one that runs does not have what was written past everybody since it began."""
    async with following(demo.url, tmp_path) as both:
        slow = SlowCompile(monkeypatch)
        await ask_for_everything(demo.url)
        await slow.begun.wait()
        heard = both.compiler.status.heard_at
        await Tenant.filter(name="Acme").update(name="Past everybody")
        await ask_for_everything(demo.url)
        await until(lambda: both.compiler.status.heard_at > heard)
        slow.go_on()
        await until(lambda: both.tenant_names == {"Past everybody"})
        assert both.compiles("full done") == 3
