"""A router's feed on files that are damaged or cannot be read: what is whole decides calls."""

import errno
import mmap

import pytest
from structlog.testing import capture_logs

from pointsman.snapshots import catalog as catalogs
from pointsman.snapshots import writer as writers
from tests.kamailio.site import Site, damage, names_of, refused


async def test_a_damaged_catalog_never_replaces_what_is_in_use(site: Site) -> None:
    site.publish(1, "One")
    site.confirm()
    feed = site.feed()
    await feed.look()
    site.publish(2, "Two")
    catalog = site.directory / "catalog"
    content = catalog.read_bytes()
    catalog.write_bytes(content[:-1])
    with capture_logs() as logs:
        for _ in range(5):
            site.now += 2
            await feed.look()
    assert names_of(feed) == ["One"]
    assert [(line["event"], line["error"], line["goes_on_with"]) for line in logs] == [
        ("a snapshot on disk is refused", "a damaged catalog", 1)
    ]
    assert refused(feed) == 1
    catalog.write_bytes(content)
    await feed.look()
    assert names_of(feed) == ["Two"]


async def test_a_damaged_part_is_looked_at_again_and_taken_when_it_is_good(site: Site) -> None:
    """The catalog itself is as it was."""
    site.publish(1, "One")
    site.confirm()
    feed = site.feed()
    await feed.look()
    second = site.publish(2, "Two")
    good = site.writer.read(second.tenants["0"].part)[-1:]
    damage(site.directory, second)
    await feed.look()
    assert names_of(feed) == ["One"]
    damage(site.directory, second, good)
    await feed.look()
    assert names_of(feed) == ["One"]
    site.now += 1.1
    await feed.look()
    assert names_of(feed) == ["Two"]


async def test_another_format_is_refused(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.publish(1)
    site.confirm()
    feed = site.feed()
    monkeypatch.setattr(catalogs, "FORMAT", catalogs.FORMAT + 1)
    with capture_logs() as logs:
        await feed.look()
    assert feed.refusal == "NO_SNAPSHOT"
    assert [line["error"] for line in logs] == ["a catalog of another format, or none"]


@pytest.mark.parametrize("fault", [OSError(errno.ENOMEM, "Cannot allocate memory"), ValueError()])
async def test_what_cannot_be_mapped_now_is_looked_at_again(
    site: Site, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    monkeypatch.setattr(writers, "_GROWTH", 1)
    site.publish(1, "One")
    site.confirm()
    feed = site.feed()
    await feed.look()
    site.publish(2, "Two")

    def refuse(*_: object, **__: object) -> None:
        raise fault

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(mmap, "mmap", refuse)
        await feed.look()
    assert names_of(feed) == ["One"]
    assert refused(feed) == 1
    site.now += 1.1
    await feed.look()
    assert names_of(feed) == ["Two"]


@pytest.mark.parametrize("harm", ["garbled", "missing", "part"])
async def test_a_router_that_starts_takes_the_one_before_for_a_damaged_one(
    site: Site, harm: str
) -> None:
    site.publish(1, "One")
    second = site.publish(2, "Two")
    site.confirm()
    catalog = site.directory / "catalog"
    content = catalog.read_bytes()
    if harm == "garbled":
        catalog.write_bytes(b"garbage")
    elif harm == "missing":
        catalog.unlink()
    else:
        damage(site.directory, second)
    feed = site.feed()
    with capture_logs() as logs:
        for _ in range(5):
            await feed.look()
            site.now += 2
    assert names_of(feed) == ["One"]
    refusals = [line for line in logs if line["log_level"] == "error"]
    assert len(refusals) == (0 if harm == "missing" else 1)
    catalog.write_bytes(content)
    if harm == "part":
        site.publish(3, "Three")
    await feed.look()
    assert names_of(feed) == (["Three"] if harm == "part" else ["Two"])


async def test_with_nothing_whole_on_disk_each_file_is_told_of_once(site: Site) -> None:
    (site.directory / "catalog").write_bytes(b"garbage")
    (site.directory / "catalog.previous").write_bytes(
        b"pointsman snapshot %d x 1\nx" % catalogs.FORMAT
    )
    feed = site.feed()
    with capture_logs() as logs:
        for _ in range(5):
            await feed.look()
            site.now += 2
    assert [(line["file"], line["error"]) for line in logs] == [
        ("catalog", "a catalog of another format, or none"),
        ("catalog.previous", "a damaged catalog"),
    ]
    assert feed.refusal == "NO_SNAPSHOT"


async def test_a_status_that_cannot_be_read_is_none(site: Site) -> None:
    site.publish(1)
    site.confirm()
    feed = site.feed()
    await feed.look()
    (site.directory / "status").write_bytes(b"{")
    await feed.look()
    assert feed.status is None
    assert feed.confirmed_at == 0.0
    assert feed.current is not None


async def test_a_catalog_that_cannot_be_looked_at_is_told_of_once(site: Site) -> None:
    (site.directory / "catalog").symlink_to("catalog")
    feed = site.feed()
    with capture_logs() as logs:
        for _ in range(5):
            await feed.look()
            site.now += 2
    told = f"{site.directory / 'catalog'}: Too many levels of symbolic links"
    assert [line["error"] for line in logs] == [told]
    assert feed.refusal == "NO_SNAPSHOT"
    (site.directory / "catalog").unlink()
    site.publish(1, "One")
    site.confirm()
    await feed.look()
    assert names_of(feed) == ["One"]
