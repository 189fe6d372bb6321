"""Processes append records to the file of the hour; where that fails, calls go on."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from tests.sip.harness.kamailio import Kamailio
from tests.sip.harness.raw import RawParty
from tests.sip.harness.raw_callee import RawCallee
from tests.sip.harness.records import wait_for_ends
from tests.sip.harness.stack import Stack
from tests.sip.scenarios.records.conftest import Call, Start, connect, take_bye

_CLOCK = """
local date = os.date
os.date = function(format, at)
	local file = io.open("{file}")
	local hours = file:read("*n")
	file:close()
	return date(format, (at or os.time()) + hours * 3600)
end
dofile("{records}")
"""


def _place_call(stack: Stack, kamailio: Kamailio, callee: RawCallee, call_id: str) -> str:
    with RawParty(stack.pbx.host, kamailio.socket) as caller:
        call = connect(caller, callee, call_id)
        call.hang_up()
        take_bye(callee, call)
    return call_id


def _hour(offset: int = 0) -> str:
    return f"calls-{datetime.now(UTC) + timedelta(hours=offset):%Y%m%dT%H}.jsonl"


def _complaints(kamailio: Kamailio) -> list[str]:
    lines = kamailio.log.read_text(errors="replace").splitlines()
    return [line for line in lines if "a record of a call is lost" in line]


def _logged(kamailio: Kamailio) -> list[str]:
    log = kamailio.log.read_text(errors="replace")
    return re.findall(r"a record of a call that is in no file: (.*)", log)


@pytest.mark.usefixtures("acme")
def test_a_file_is_one_of_an_hour_and_made_anew_when_it_is_taken_away(
    stack: Stack, callee: RawCallee, start: Start
) -> None:
    kamailio = start()
    hours = kamailio.directory / "hours"
    hours.write_text("0 ")
    clock = _CLOCK.format(file=hours, records=kamailio.directory / "records.lua")
    kamailio.stop()
    kamailio.write("clock.lua", clock)
    kamailio.write(
        "kamailio-local.cfg",
        (kamailio.directory / "kamailio-local.cfg").read_text().replace("records.lua", "clock.lua"),
    )
    kamailio.start()
    first = _hour()
    with RawParty(stack.pbx.host, kamailio.socket) as caller:
        call = connect(caller, callee, "over-the-hour")
        hours.write_text("1 ")
        call.hang_up()
        take_bye(callee, call)
    wait_for_ends(kamailio.records, "over-the-hour")
    assert sorted(file.name for file in kamailio.records.iterdir()) == [first, _hour(1)]
    (kamailio.records / _hour(1)).unlink()
    _place_call(stack, kamailio, callee, "anew")
    wait_for_ends(kamailio.records, "anew")
    lines = (kamailio.records / _hour(1)).read_text().split("\n\n")
    assert len(lines) == 3


@pytest.mark.parametrize("fault", ["there is no folder", "the disk is full"])
def test_a_call_goes_on_when_its_records_cannot_be_written(
    stack: Stack, callee: RawCallee, start: Start, fault: str
) -> None:
    kamailio = start()
    kamailio.records.rename(kamailio.directory / "elsewhere")
    if fault == "the disk is full":
        kamailio.records.mkdir()
        for hour in (0, 1):
            (kamailio.records / _hour(hour)).symlink_to("/dev/full")
    _place_call(stack, kamailio, callee, "lost")
    assert _complaints(kamailio)
    if fault == "the disk is full":
        assert all("No space left on device" in line for line in _complaints(kamailio))
    for file in kamailio.records.glob("*"):
        file.unlink()
    kamailio.records.mkdir(exist_ok=True)
    # Brought back as docs/call-records.md says.
    (kamailio.records / "calls-20200101T00.jsonl").write_text("\n".join(_logged(kamailio)) + "\n")
    assert [record["kind"] for record in wait_for_ends(kamailio.records, "lost")] == [
        "start", "answer", "end",
    ]  # fmt: skip
    _place_call(stack, kamailio, callee, "found")
    assert [record["kind"] for record in wait_for_ends(kamailio.records, "found")] == [
        "start", "answer", "end",
    ]  # fmt: skip


def test_a_line_that_was_cut_swallows_no_other(
    stack: Stack, callee: RawCallee, start: Start
) -> None:
    kamailio = start()
    file = kamailio.records / _hour()
    file.write_text('\n{"kind": "sta')
    call_id = _place_call(stack, kamailio, callee, "whole")
    cut, *lines = [line for line in file.read_text().split("\n") if line]
    assert cut == '{"kind": "sta'
    file.write_text("\n".join(lines))
    assert len(wait_for_ends(kamailio.records, call_id)) == 3


def test_processes_that_write_at_once_do_not_mix_their_lines(
    stack: Stack, callee: RawCallee
) -> None:
    calls: list[Call] = []
    for number in range(40):
        caller = RawParty(stack.pbx.host, stack.kamailio.socket)
        calls.append(connect(caller, callee, f"mixed-{number}-{callee.port}"))
    for call in calls:
        call.hang_up()
    for _ in calls:
        callee.reply(callee.receive("BYE"), "200 OK")
    records = wait_for_ends(stack.kamailio.records, *(call.call_id for call in calls))
    assert len(records) == 3 * len(calls)
    for call in calls:
        call.caller.close()
