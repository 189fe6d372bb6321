"""`pointsman ship` as a process, beside a real records role: what it ships, and what it says."""

import json
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from pointsman.calls.call import CallState
from pointsman.models import CallEvent, CallEventConflict, CallRecord
from tests.calls import reported
from tests.shipper.conftest import RecordsRole
from tests.shipper.spooled import HOUR, NEXT_HOUR, Spooled, calls, line
from tests.sip.harness.shipper import ShipperProcess
from tests.waiting import until, until_found


async def _stored() -> int:
    return await CallEvent.all().count()


async def _until_stored(count: int) -> None:
    async def all_are() -> bool:
        return await _stored() == count

    await until_found(all_are)


def _summary(shipper: ShipperProcess, status: int) -> str:
    done = shipper.ship_once()
    assert done.returncode == status, done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout


async def test_once_ships_all_that_is_there_and_says_so(
    shipper: ShipperProcess, spooled: Spooled
) -> None:
    assert _summary(shipper, 0).startswith("0 stored,")
    spooled.append(calls("a", "b"))
    spooled.append(calls("c"), NEXT_HOUR)
    expected = "9 stored, 0 stored before, 0 contradict what is stored, 0 refused, 0 bytes wait\n"
    assert _summary(shipper, 0) == expected
    assert await CallRecord.filter(state=CallState.ENDED).count() == 3
    assert _summary(shipper, 0).startswith("0 stored, 0 stored before")


async def test_it_follows_what_is_written(shipper: ShipperProcess, spooled: Spooled) -> None:
    shipper.start()
    spooled.append(calls("a"))
    await _until_stored(3)
    record = line(reported.start("b"))
    spooled.append(record[:30])
    spooled.append(calls("c"), NEXT_HOUR)
    await _until_stored(6)
    spooled.append(record[30:])
    await _until_stored(7)
    assert shipper.stop() == 0
    assert spooled.refused() == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_it_stops_when_told_to_while_it_waits_for_the_platform(
    shipper: ShipperProcess, spooled: Spooled, number: signal.Signals
) -> None:
    spooled.append(calls("a"))
    shipper.environment["POINTSMAN_RECORDS_URL"] = "http://127.0.0.1:1"
    shipper.start()
    await until(lambda: "records wait here" in shipper.log.read_text())
    assert shipper.stop(number) == 0
    assert "Traceback" not in shipper.log.read_text()
    assert await _stored() == 0


async def test_a_cut_line_is_set_aside_once_nobody_can_end_it(
    shipper: ShipperProcess, spooled: Spooled
) -> None:
    record = line(reported.start("cut"))
    spooled.append(calls("a") + record[:-5])
    waiting = len(record) - len("\n") - 5
    assert f"3 stored, 0 stored before, 0 contradict what is stored, 0 refused, {waiting} " in (
        _summary(shipper, 0)
    )
    spooled.append(calls("b"), NEXT_HOUR)
    assert _summary(shipper, 0).startswith("3 stored")
    assert spooled.refused() == []
    spooled.age(HOUR, by_s=61)
    assert _summary(shipper, 1) == (
        "0 stored, 0 stored before, 0 contradict what is stored, 1 refused, 0 bytes wait\n"
    )
    (refused,) = spooled.refused()
    assert (refused["file"], refused["offset"]) == (HOUR, len(calls("a")) + 1)
    assert refused["line"] == record[1:-5].decode()
    assert str(refused["reason"]).startswith("it is no record, or a cut one: ")


async def test_a_last_line_that_lacks_its_newline_only_is_a_record(
    shipper: ShipperProcess, spooled: Spooled
) -> None:
    spooled.append(calls("a")[:-1])
    spooled.append(b"\n{}\n", NEXT_HOUR)
    spooled.age(HOUR, by_s=61)
    assert _summary(shipper, 1).startswith("3 stored")
    assert [refused["line"] for refused in spooled.refused()] == ["{}"]


async def test_what_is_no_record_is_set_aside_with_its_reason_and_the_rest_is_shipped(
    shipper: ShipperProcess, spooled: Spooled
) -> None:
    bad = [b"{half", b"7", b'"text"', b"\xff\xfe", b'{"a": "\\ud800"}', b"\0" * 50]
    wrong = json.dumps(reported.end("w") | {"cause": "bored"}).encode()
    spooled.append(calls("a") + b"\n".join([*bad, wrong]) + b"\n" + calls("b"))
    assert _summary(shipper, 1).startswith("6 stored, 0 stored before")
    refused = spooled.refused()
    assert len(refused) == len(bad) + 1
    assert refused[-1]["line"] == wrong.decode()
    assert (refused[-1]["field"], refused[-1]["file"]) == ("cause", HOUR)
    assert str(refused[-1]["reason"]).startswith("Invalid enum value")
    assert [each["line_base64"] for each in refused if "line" not in each] == ["//4="]


async def test_a_record_that_contradicts_a_stored_one_is_shipped_and_counted(
    shipper: ShipperProcess, spooled: Spooled
) -> None:
    spooled.append(line(reported.answer()) + line(reported.answer(trunk="another")))
    assert _summary(shipper, 0).startswith("1 stored, 0 stored before, 1 contradict")
    assert await CallEventConflict.all().count() == 1


def _shorten(spooled: Spooled) -> None:
    with (spooled.directory / HOUR).open("r+b") as file:
        file.truncate(len(calls("a")))


def _replace(spooled: Spooled) -> None:
    (spooled.directory / HOUR).unlink()
    spooled.append(calls("x", "a", "b"))


def _rewrite(spooled: Spooled) -> None:
    (spooled.directory / HOUR).write_bytes(calls("x", "a", "b"))


def _offsets(content: bytes) -> Callable[[Spooled], None]:
    def write(spooled: Spooled) -> None:
        (spooled.directory / "shipped.json").write_bytes(content)

    return write


def _lie(spooled: Spooled) -> None:
    """A digit of an offset has turned over on the disk."""
    file = spooled.directory / "shipped.json"
    file.write_bytes(file.read_bytes().replace(b'"offset":', b'"offset":1'))


@pytest.mark.parametrize(
    "damage",
    [
        *(_shorten, _replace, _rewrite, _lie),
        *(_offsets(content) for content in (b"", b"{}", b'{"half', b"\xff" * 50, b"null\n")),
    ],
)
async def test_a_spool_or_offsets_that_are_damaged_cost_no_record_and_double_none(
    shipper: ShipperProcess, spooled: Spooled, damage: Callable[[Spooled], None]
) -> None:
    spooled.append(calls("a", "b"))
    assert _summary(shipper, 0).startswith("6 stored")
    damage(spooled)
    spooled.append(calls("c"))
    _summary(shipper, 0)
    there = set((spooled.directory / HOUR).read_bytes().split(b"\n")) - {b""}
    events = await CallEvent.all()
    assert there <= {event.content.encode() for event in events}
    ids = {call.sip_call_id for call in await CallRecord.all()}
    assert await _stored() == 3 * len(ids)
    assert {"a", "b", "c"} <= ids


async def test_files_that_were_shipped_are_removed_after_a_while(
    shipper: ShipperProcess, spooled: Spooled
) -> None:
    names = [f"calls-20261118T{hour}.jsonl" for hour in (10, 11, 12, 13)]
    for name in names:
        spooled.append(calls(name), name)
    for name in (names[0], names[3]):
        spooled.age(name, by_s=49 * 3_600)
    shipper.environment["POINTSMAN_RECORDS_URL"] = "http://127.0.0.1:1"
    _summary(shipper, 1)
    assert [(spooled.directory / name).exists() for name in names] == [True] * 4
    shipper.environment["POINTSMAN_RECORDS_URL"] = shipper.url
    _summary(shipper, 0)
    # The newest stays, however old.
    assert [(spooled.directory / name).exists() for name in names] == [False, True, True, True]
    offsets = json.loads((spooled.directory / "shipped.json").read_text().splitlines()[0])
    assert sorted(offsets) == names[1:]


def _failed(shipper: ShipperProcess, **settings: str) -> str:
    shipper.environment |= {f"POINTSMAN_{name.upper()}": text for name, text in settings.items()}
    done = shipper.ship_once()
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)
    return done.stderr.splitlines()[-1]


async def test_what_is_wrong_is_named_with_its_setting(
    shipper: ShipperProcess, spooled: Spooled, records: RecordsRole, tmp_path: Path
) -> None:
    spooled.append(calls("a"))
    token, url = records.token, records.role.url
    assert "POINTSMAN_NODE_TOKEN is not set" in _failed(shipper, node_token="")
    said = _failed(shipper, node_token="pmn_wrong")
    assert "401 send the token of a Kamailio node: set POINTSMAN_NODE_TOKEN to" in said
    said = _failed(shipper, node_token=token, records_url=f"{url}/elsewhere")
    assert "404: set POINTSMAN_RECORDS_URL to where the records role listens" in said
    assert "http://127.0.0.1:1: the records role does not answer" in _failed(
        shipper, records_url="http://127.0.0.1:1"
    )
    assert _failed(shipper, records_url="x").startswith("pointsman: POINTSMAN_RECORDS_URL=x: write")
    said = _failed(shipper, records_url=url, records_dir=str(tmp_path / "none"))
    assert f"POINTSMAN_RECORDS_DIR={tmp_path / 'none'} cannot be used" in said
    assert await _stored() == 0


async def test_what_cannot_be_kept_is_shipped_again(
    shipper: ShipperProcess, spooled: Spooled
) -> None:
    """As on a disk without room for it."""
    spooled.append(calls("a"))
    for name in ("shipped.json", "shipped.json.new"):
        in_the_way = spooled.directory / name
        in_the_way.mkdir()
        assert f"{in_the_way}: Is a directory" in _failed(shipper)
        in_the_way.rmdir()
    assert await _stored() == 3
    assert _summary(shipper, 0).startswith("0 stored, 3 stored before")
    assert _summary(shipper, 0).startswith("0 stored, 0 stored before")


async def test_there_is_one_shipper_for_a_spool(shipper: ShipperProcess, spooled: Spooled) -> None:
    shipper.start()
    spooled.append(calls("a"))
    await _until_stored(3)
    assert shipper.process is not None
    assert f"another shipper (pid {shipper.process.pid}) ships" in _failed(shipper)
    assert shipper.stop() == 0
    _summary(shipper, 0)
