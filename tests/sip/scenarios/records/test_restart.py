"""Calls that are up live on when Kamailio is killed and started again."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.sip.harness.kamailio import Kamailio
from tests.sip.harness.raw import RawParty
from tests.sip.harness.raw_callee import RawCallee
from tests.sip.harness.records import Record, read_records, wait_for_ends
from tests.sip.harness.stack import Stack
from tests.sip.scenarios.records.conftest import (
    Call,
    Start,
    connect,
    start_with_database,
    wait_until_kept,
)

_CALLS = 50


@pytest.fixture(params=["without a database", "with a database"])
def kamailio(request: pytest.FixtureRequest, start: Start, tmp_path: Path) -> Kamailio:
    if request.param == "without a database":
        return start()
    return start_with_database(start, tmp_path)


@pytest.fixture
def calls(stack: Stack, callee: RawCallee, kamailio: Kamailio) -> Iterator[list[Call]]:
    with ExitStack() as parties:
        up = []
        for number in range(_CALLS):
            caller = parties.enter_context(RawParty(stack.pbx.host, kamailio.socket))
            up.append(connect(caller, callee, f"up-{number}", tag=f"callee{number}"))
        yield up


def _hang_up_all(callee: RawCallee, calls: list[Call]) -> None:
    """One half by the caller, one by the callee; twice, as who hears no answer does."""
    for number, call in enumerate(calls):
        if number % 2:
            call.hang_up()
            callee.reply(callee.receive("BYE"), "200 OK")
            assert call.caller.final() == "SIP/2.0 200 OK"
        else:
            callee.hang_up(call.invite, tag=f"callee{number}")
            assert call.caller.receives("BYE")
            callee.hang_up(call.invite, tag=f"callee{number}")
            assert call.caller.receives("BYE")


def _assert_one_of_each(records: list[Record], causes: set[str]) -> None:
    named: dict[tuple[str, ...], list[str]] = {}
    for record in records:
        name = tuple(record[key] for key in ("node", "call_id", "from_tag", "started"))
        named.setdefault(name, []).append(record["kind"])
    assert sorted(map(sorted, named.values())) == [["answer", "end", "start"]] * _CALLS
    assert {record["cause"] for record in records if record["kind"] == "end"} == causes


def test_calls_are_hung_up_after_a_restart(
    kamailio: Kamailio, calls: list[Call], callee: RawCallee, tmp_path: Path
) -> None:
    wait_until_kept(kamailio, tmp_path, _CALLS)
    kamailio.kill()
    kamailio.start()
    _hang_up_all(callee, calls)
    wait_for_ends(kamailio.records, *(call.call_id for call in calls))
    _assert_one_of_each(read_records(kamailio.records), {"bye_caller", "bye_callee"})


def test_what_was_over_before_a_restart_does_not_end_again(
    kamailio: Kamailio, calls: list[Call], callee: RawCallee, tmp_path: Path
) -> None:
    wait_until_kept(kamailio, tmp_path, _CALLS)
    _hang_up_all(callee, calls)
    wait_for_ends(kamailio.records, *(call.call_id for call in calls))
    kamailio.kill()
    kamailio.start()
    _hang_up_all(callee, calls)
    _assert_one_of_each(read_records(kamailio.records), {"bye_caller", "bye_callee"})


def test_calls_are_hung_up_after_a_worker_was_killed(
    stack: Stack, callee: RawCallee, start: Start
) -> None:
    kamailio = start()
    with RawParty(stack.pbx.host, kamailio.socket) as caller:
        call = connect(caller, callee, "up")
        kamailio.kill_worker()
        kamailio.start()
        call.hang_up()
        callee.reply(callee.receive("BYE"), "200 OK")
        assert caller.final() == "SIP/2.0 200 OK"
    records = wait_for_ends(kamailio.records, "up")
    assert [record["kind"] for record in records] == ["start", "answer", "end"]


def test_time_goes_on_for_calls_that_a_database_keeps(
    stack: Stack, callee: RawCallee, start: Start, tmp_path: Path
) -> None:
    kamailio = start_with_database(start, tmp_path, MAX_CALL_S=5)
    with ExitStack() as parties:
        callers = [
            parties.enter_context(RawParty(stack.pbx.host, kamailio.socket)) for _ in range(_CALLS)
        ]
        for number, caller in enumerate(callers):
            connect(caller, callee, f"kept-{number}", tag=f"callee{number}")
        wait_until_kept(kamailio, tmp_path, _CALLS)
        kamailio.kill()
        kamailio.start()
        for caller in callers:
            callee.reply(callee.receive("BYE"), "200 OK")
            assert caller.receives("BYE")
    records = wait_for_ends(kamailio.records, *(f"kept-{number}" for number in range(_CALLS)))
    _assert_one_of_each(records, {"expired"})
