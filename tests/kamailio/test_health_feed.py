"""What decides calls of what agents tell: from files, by whichever worker, and not for long."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from pointsman.kamailio.health_feed import DIRECTORY, HealthFeed
from pointsman.kamailio.probed_endpoint import HealthReport

_MAX_AGE_S = 60.0


class Clock:
    """The time that feeds go by."""

    now = 1_000_000.0


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    own = SimpleNamespace(time=lambda: clock.now)
    monkeypatch.setattr("pointsman.kamailio.health_feed.time", own)
    return clock


def _feed(directory: Path) -> HealthFeed:
    feed = HealthFeed(directory, _MAX_AGE_S)
    feed.look()
    return feed


def test_without_a_report_all_is_well(clock: Clock, tmp_path: Path) -> None:
    feed = _feed(tmp_path)
    assert (feed.by_node, feed.report_of("n")) == ({}, HealthReport())


def test_what_one_worker_is_told_all_know(clock: Clock, tmp_path: Path) -> None:
    told, other = _feed(tmp_path), _feed(tmp_path)
    told.store("n", HealthReport({"a": 1.0, "b": 2.0}))
    told.store("m", HealthReport({"c": 3.0}))
    other.look()
    for feed in (told, other, _feed(tmp_path)):
        assert feed.by_node == {"n": {"a": 1.0, "b": 1.0}, "m": {"c": 1.0}}
        assert feed.report_of("n") == HealthReport({"a": 1.0, "b": 2.0})
    other.store("n", HealthReport())
    told.look()
    assert told.by_node == {"m": {"c": 1.0}}


def test_what_is_not_confirmed_counts_no_more(clock: Clock, tmp_path: Path) -> None:
    feed = _feed(tmp_path)
    feed.store("n", HealthReport({"a": 1.0}))
    clock.now += 30
    feed.store("m", HealthReport({"b": 1.0}))
    clock.now += 29.9
    feed.look()
    assert set(feed.by_node) == {"n", "m"}
    clock.now += 0.1
    feed.look()
    assert set(feed.by_node) == {"m"}
    feed.store("n", HealthReport({"a": 1.0}))
    assert set(feed.by_node) == {"n", "m"}
    clock.now += _MAX_AGE_S
    assert _feed(tmp_path).by_node == {}


def test_an_agent_that_starts_gets_what_was_told_unless_that_was_long_ago(
    clock: Clock, tmp_path: Path
) -> None:
    _feed(tmp_path).store("n", HealthReport({"a": 1.0}))
    clock.now += 600
    feed = _feed(tmp_path)
    assert (feed.by_node, feed.report_of("n")) == ({}, HealthReport({"a": 1.0}))
    clock.now += 1
    assert feed.report_of("n") == HealthReport()


def test_a_report_of_a_clock_that_was_wrong_does_not_last(clock: Clock, tmp_path: Path) -> None:
    _feed(tmp_path).store("n", HealthReport({"a": 1.0}))
    clock.now -= 86_400
    assert _feed(tmp_path).by_node == {}


def test_a_file_that_is_damaged_says_nothing(clock: Clock, tmp_path: Path) -> None:
    feed = _feed(tmp_path)
    feed.store("m", HealthReport({"b": 1.0}))
    (tmp_path / DIRECTORY / "n").write_bytes(b"{")
    feed.look()
    assert feed.by_node == {"m": {"b": 1.0}}
