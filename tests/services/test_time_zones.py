"""Names of time zones, and when their clocks change."""

from datetime import datetime, timedelta
from importlib.resources import files
from zoneinfo import ZoneInfo

import pytest

from pointsman.services.time_zones import list_time_zones, offsets_of, read_time_zone
from pointsman.services.validation import Refused

_DAY_S = 86_400
_NAMES = sorted(list_time_zones())


def _at(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


@pytest.mark.parametrize(
    ("zone", "after", "expected"),
    [
        (
            "Europe/Rome",
            "2026-01-01T00:00:00Z",
            [("2026-03-29T01:00:00Z", 7200), ("2026-10-25T01:00:00Z", 3600)],
        ),
        (
            "America/New_York",
            "2026-01-01T00:00:00Z",
            [("2026-03-08T07:00:00Z", -14_400), ("2026-11-01T06:00:00Z", -18_000)],
        ),
        (
            "Australia/Lord_Howe",
            "2026-01-01T00:00:00Z",
            [("2026-04-04T15:00:00Z", 37_800), ("2026-10-03T15:30:00Z", 39_600)],
        ),
        (
            "Africa/Casablanca",
            "2026-01-01T00:00:00Z",
            [("2026-02-15T02:00:00Z", 0), ("2026-03-22T02:00:00Z", 3600)],
        ),
        (
            "Pacific/Apia",
            "2011-10-01T00:00:00Z",
            [("2011-12-30T10:00:00Z", 50_400), ("2012-03-31T14:00:00Z", 46_800)],
        ),
    ],
)
def test_the_clocks_change_to_the_second(
    zone: str, after: str, expected: list[tuple[str, int]]
) -> None:
    found = [change for change in offsets_of(zone) if change[0] > _at(after)]
    assert found[:2] == [(_at(moment), offset) for moment, offset in expected]


def test_a_zone_that_never_changes_has_one_offset() -> None:
    assert offsets_of("Asia/Kolkata") == ((_at("2000-01-01T00:00:00Z"), 19_800),)
    assert offsets_of("UTC") == ((_at("2000-01-01T00:00:00Z"), 0),)


def test_the_last_change_known_is_of_2099() -> None:
    assert offsets_of("Europe/Rome")[-1] == (_at("2099-10-25T01:00:00Z"), 3600)


def test_every_day_of_every_zone_has_its_offset() -> None:
    """Of 2026 to 2040, at noon in London: nothing that comes and goes is between the steps."""
    first, last = _at("2026-01-01T12:00:00Z"), _at("2041-01-01T12:00:00Z")
    # Many names are of the same zone: each zone once.
    zones = {files("tzdata").joinpath("zoneinfo", name).read_bytes(): name for name in _NAMES}
    assert len(zones) > 300
    for zone in zones.values():
        info, offsets = ZoneInfo(zone), list(offsets_of(zone))
        current = timedelta()
        for moment in range(first, last, _DAY_S):
            while offsets and offsets[0][0] <= moment:
                current = timedelta(seconds=offsets.pop(0)[1])
            there = datetime.fromtimestamp(moment, info)
            assert there.utcoffset() == current, there


@pytest.mark.parametrize(
    "name", ["Europe/Rome", " Europe/Rome ", "UTC", "America/Argentina/Ushuaia"]
)
def test_names_of_the_database_are_taken(name: str) -> None:
    assert read_time_zone(name) == name.strip()


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("europe/rome", "did you mean Europe/Rome?"),
        ("Europe/Roma", "did you mean Europe/Rome?"),
        ("America/NewYork", "did you mean America/New_York?"),
        ("", "such as Europe/Rome"),
        ("+01:00", "such as Europe/Rome"),
        ("localtime", "such as Europe/Rome"),
        ("../../etc/passwd", "such as Europe/Rome"),
        ("Europe", "such as Europe/Rome"),
        ("\ud800", "such as Europe/Rome"),
        ("x" * 100_000, "such as Europe/Rome"),
    ],
)
def test_another_name_is_refused_with_a_hint(name: str, hint: str) -> None:
    with pytest.raises(Refused) as caught:
        read_time_zone(name)
    assert hint in caught.value.fix
