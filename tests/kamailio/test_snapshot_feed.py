"""A router's feed on a directory of real files: what is new is followed, what is old is left."""

import gc
import shutil
from pathlib import Path

import pytest
from msgspec import structs
from structlog.testing import capture_logs

from pointsman.kamailio.past_max_age import PastMaxAge
from pointsman.snapshots import writer as writers
from pointsman.snapshots.files import load_catalog
from pointsman.snapshots.writer import SnapshotWriter
from tests.kamailio.site import STARTED, Site, damage, names_of, refused


async def test_a_new_snapshot_is_taken(site: Site) -> None:
    feed = site.feed()
    await feed.look()
    assert (feed.held, feed.current, feed.refusal) == (None, None, "NO_SNAPSHOT")
    first = site.publish(1, "One")
    site.confirm()
    await feed.look()
    assert names_of(feed) == ["One"]
    assert feed.refusal == ""
    assert feed.held is not None
    assert (feed.held.published_at, feed.held.size) == (1.0, first.size)
    site.publish(2, "One", "Two")
    await feed.look()
    assert names_of(feed) == ["One", "Two"]
    numbers = feed._metrics.counters.each("revision", "loaded_at", "published_at", "files_refused")
    assert numbers == [(2.0, STARTED, 2.0, 0.0)]


async def test_what_has_not_changed_is_not_mapped_again(site: Site) -> None:
    site.publish(1)
    site.confirm()
    feed = site.feed()
    await feed.look()
    held = feed.held
    site.now += 100
    site.confirm()
    await feed.look()
    assert feed.held is held


@pytest.mark.parametrize(
    ("said", "after_s", "begins"),
    [
        # No word yet, or one from before the router was there: a moment is waited for it.
        (None, 0.0, False),
        (None, 1.0, False),
        (None, 1.01, True),
        ({"heard_at": STARTED - 1, "connected": True, "confirmed_at": STARTED - 1}, 0.5, False),
        ({"heard_at": STARTED - 1, "connected": True, "confirmed_at": STARTED - 1}, 1.5, True),
        # It has no database: what there is is all that there will be.
        ({"heard_at": STARTED + 0.1, "connected": False}, 0.1, True),
        # It is compiling what is newer.
        ({"heard_at": STARTED + 0.1, "connected": True}, 0.1, False),
        ({"heard_at": STARTED + 0.1, "connected": True, "confirmed_at": STARTED}, 0.1, True),
        ({"heard_at": STARTED + 0.1, "connected": True}, 1.1, True),
    ],
)
async def test_a_router_that_starts_waits_a_moment_for_the_word_that_its_snapshot_is_the_newest(
    site: Site, said: dict[str, object] | None, after_s: float, begins: bool
) -> None:
    site.publish(1)
    feed = site.feed()
    if said is not None:
        site.say(**said)
    site.now = STARTED + after_s
    await feed.look()
    assert feed.held is not None
    assert (feed.current is feed.held) == begins
    assert feed.refusal == ("" if begins else "NO_SNAPSHOT")
    # Whoever has begun goes on, whatever is said.
    site.say(heard_at=site.now, connected=True)
    site.now += 10
    await feed.look()
    assert feed.current is feed.held


async def test_past_its_age_a_snapshot_decides_or_refuses_as_it_is_set(site: Site) -> None:
    site.publish(1)
    site.confirm()
    serving = site.feed(60)
    refusing = site.feed(60, PastMaxAge.REFUSE)
    forever = site.feed()
    feeds = (serving, refusing, forever)

    async def look() -> list[tuple[bool, bool, str]]:
        for feed in feeds:
            await feed.look()
        return [(feed.current is not None, feed.is_too_old, feed.refusal) for feed in feeds]

    young = (True, False, "")
    assert await look() == [young, young, young]
    site.now += 60
    assert await look() == [young, young, young]
    site.now += 0.5
    with capture_logs() as logs:
        for _ in range(3):
            assert await look() == [(True, True, ""), (False, True, "SNAPSHOT_TOO_OLD"), young]
        assert refusing.held is not None
        # A newer one that nobody has confirmed is as old.
        site.publish(2)
        assert (await look())[1] == (False, True, "SNAPSHOT_TOO_OLD")
        # Without a wait for the first word: it has been.
        site.confirm()
        assert await look() == [young, young, young]
    told = [line["event"] for line in logs if line["log_level"] == "error"]
    assert told == ["the snapshot is older than it may be", "it is not any more"]
    assert refusing.current is not None
    assert refusing.current.snapshot.revision == 2


async def test_what_is_confirmed_of_a_snapshot_that_is_refused_makes_the_last_one_no_younger(
    site: Site,
) -> None:
    site.publish(1, "One")
    site.confirm()
    feed = site.feed(60, PastMaxAge.REFUSE)
    await feed.look()
    second = site.publish(2, "Two")
    good = site.writer.read(second.tenants["0"].part)[-1:]
    damage(site.directory, second)
    for refusal in ("", "SNAPSHOT_TOO_OLD"):
        site.now += 40
        site.confirm()
        await feed.look()
        assert (feed.refusal, feed.confirmed_at) == (refusal, STARTED)
    damage(site.directory, second, good)
    site.now += 2
    await feed.look()
    assert names_of(feed) == ["Two"]
    assert feed.confirmed_at == STARTED + 80


async def test_a_directory_that_is_made_anew_is_followed(site: Site) -> None:
    """Its data file has the number of the one that is open."""
    site.publish(1, "One")
    site.confirm()
    feed = site.feed()
    await feed.look()
    shutil.rmtree(site.directory)
    await feed.look()
    assert names_of(feed) == ["One"]
    with SnapshotWriter(site.directory) as site.writer:
        assert site.publish(2, "Two").data_file == 1
        await feed.look()
        assert names_of(feed) == ["Two"]
        assert refused(feed) == 0


async def test_a_snapshot_that_moved_to_another_file_is_followed(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writers, "_LEAST_GARBAGE", 0)
    site.confirm()
    feed = site.feed()
    files = set()
    for revision in range(1, 60):
        files.add(site.publish(revision, f"{revision} " * 50).data_file)
        await feed.look()
        assert names_of(feed) == [f"{revision} " * 50]
    assert len(files) > 1


async def test_parts_of_a_compile_that_takes_long_are_found(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They lie before those of many snapshots that were made meanwhile, each mapped by itself."""
    monkeypatch.setattr(writers, "_GROWTH", 1)
    site.publish(1)
    site.confirm()
    feed = site.feed()
    await feed.look()
    site.writer.pinned += 1
    for revision in range(2, 150):
        if revision == 10:
            slow = site.make("Slow" * 5_000)
        # Pages of their own.
        site.publish(revision, f"{revision} " * 2_000)
        await feed.look()
    site.writer.commit(structs.replace(slow, revision=150))
    await feed.look()
    assert names_of(feed) == ["Slow" * 5_000]
    assert refused(feed) == 0


def _open_files(directory: Path) -> int:
    links = [path for path in Path("/proc/self/fd").iterdir() if path.is_symlink()]
    return sum(directory in path.readlink().parents for path in links)


def _maps(directory: Path) -> int:
    return Path("/proc/self/maps").read_text().count(str(directory))


async def test_nothing_is_left_open_or_mapped(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writers, "_GROWTH", 1)
    site.confirm()
    feed = site.feed()
    site.publish(1)
    await feed.look()
    files = _open_files(site.directory)
    for revision in range(2, 200):
        site.publish(revision, f"{revision} " * 1_000)
        await feed.look()
    gc.collect()
    # 64 pieces and the newest, and what of them is in use.
    assert 0 < _maps(site.directory) <= 68
    # Another file each time, and damaged ones.
    monkeypatch.setattr(writers, "_LEAST_GARBAGE", 0)
    for revision in range(200, 220):
        made = site.publish(revision, f"{revision} " * 1_000)
        if revision % 2:
            damage(site.directory, made)
            site.writer.begin_anew()
        await feed.look()
        site.now += 2
        await feed.look()
    assert refused(feed) == 10
    gc.collect()
    assert _open_files(site.directory) == files
    assert _maps(site.directory) <= 4


async def test_changes_of_many_tenants_are_not_as_many_open_files(site: Site) -> None:
    """Each has its part where it was written; all of them are in use and have been read."""
    site.confirm()
    feed = site.feed()
    names = [f"{number} " * 200 for number in range(300)]
    site.publish(1, *names)
    await feed.look()
    names_of(feed)
    files, maps = _open_files(site.directory), _maps(site.directory)
    for number in range(0, 300, 2):
        names[number] = f"changed {number} " * 200
        site.publish(number + 2, *names)
        await feed.look()
        assert names_of(feed)[number] == names[number]
    gc.collect()
    assert (_open_files(site.directory), _maps(site.directory)) == (files, maps)


async def test_what_is_left_in_a_directory_is_taken_by_the_next_router(site: Site) -> None:
    site.publish(1, "One")
    site.say(connected=False)
    for _ in range(2):
        feed = site.feed()
        site.now += 2
        await feed.look()
        assert names_of(feed) == ["One"]
    assert load_catalog(site.directory) is not None
