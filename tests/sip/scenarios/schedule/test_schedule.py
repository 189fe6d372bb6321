"""A routing rule applies while its schedule is open, or while it is closed; one that refuses
does so with its own answer."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.sip.conftest import Acme
from tests.sip.harness.operator import Operator
from tests.sip.harness.stack import Stack

# Half an hour off what most clocks show, so that another zone's hours would be seen.
_ZONE = "Asia/Kolkata"
_DAYS = ["MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"]


def _window(start_h: float, end_h: float) -> dict[str, object]:
    """A window of each day, from so many hours after now to so many."""
    now = datetime.now(ZoneInfo(_ZONE))
    start, end = now + timedelta(hours=start_h), now + timedelta(hours=end_h)
    return {"days": _DAYS, "start": f"{start:%H:%M}", "end": f"{end:%H:%M}"}


def _schedule(operator: Operator, acme: Acme, *windows: dict[str, object]) -> str:
    return operator.make(
        "CreateSchedule",
        tenantId=acme.tenant,
        name="hours",
        timeZone=_ZONE,
        windows=list(windows),
    )


def _closed_answer(operator: Operator, acme: Acme, schedule: str, **more: object) -> None:
    fields = {"rejectSipCode": 480, "rejectSipReason": "We are closed", **more}
    operator.make(
        "CreateRoutingRule",
        tenantId=acme.tenant,
        name="closed",
        calledPrefix="+39",
        scheduleId=schedule,
        scheduleOpen=False,
        action="REJECT",
        **fields,
    )


def _call_answered(stack: Stack) -> None:
    stack.alpha.answer("callee")
    stack.pbx.call("caller", stack.kamailio.socket, "+390612345678")
    stack.pbx.wait()
    stack.alpha.wait()


def _call_refused(stack: Stack, status: str) -> str:
    stack.pbx.call("caller_refused", stack.kamailio.socket, "+390612345678", status=status)
    return [message.start_line for message in stack.pbx.wait() if message.received][-1]


def test_what_is_refused_while_closed_goes_out_while_open(
    stack: Stack, acme: Acme, operator: Operator
) -> None:
    """The rule that refuses goes before the one that leads out: it has a schedule."""
    schedule = _schedule(operator, acme, _window(-1, 1))
    _closed_answer(operator, acme, schedule)
    operator.wait_published()
    assert operator.run("ScheduleIsOpen", id=schedule)["isOpen"] is True
    _call_answered(stack)
    operator.change("Schedule", schedule, windows=[_window(1, 2)])
    operator.wait_published()
    assert operator.run("ScheduleIsOpen", id=schedule)["isOpen"] is False
    assert _call_refused(stack, "480") == "SIP/2.0 480 We are closed"


def test_a_rule_for_while_it_is_open_leads_elsewhere(
    stack: Stack, acme: Acme, operator: Operator
) -> None:
    schedule = _schedule(operator, acme, _window(-1, 1))
    by_beta = operator.make(
        "CreateRoutingGroup",
        tenantId=acme.tenant,
        name="by beta",
        trunks=[{"trunkId": acme.beta}],
    )
    operator.make(
        "CreateRoutingRule",
        tenantId=acme.tenant,
        name="office hours",
        calledPrefix="+39",
        scheduleId=schedule,
        routingGroupId=by_beta,
    )
    operator.wait_published()
    stack.beta.answer("callee")
    stack.pbx.call("caller", stack.kamailio.socket, "+390612345678")
    stack.pbx.wait()
    stack.beta.wait()
    today = datetime.now(ZoneInfo(_ZONE)).date()
    days = [today - timedelta(days=1), today, today + timedelta(days=1)]
    operator.change(
        "Schedule", schedule, holidays=[{"date": day.isoformat(), "name": "off"} for day in days]
    )
    operator.wait_published()
    _call_answered(stack)


@pytest.mark.parametrize(
    ("code", "reason", "expected"),
    [
        (603, "", "603 Decline"),
        (499, "", "499 Request Failure"),
        (486, 'Gone; 100% sure, $ru $(fU) "quoted"', '486 Gone; 100% sure, $ru $(fU) "quoted"'),
        (404, "Più tardi, 稍後", "404 Più tardi, 稍後"),
        (600, "a" * 100, f"600 {'a' * 100}"),
        (503, "Not at all", "503 Not at all"),
    ],
)
def test_the_caller_gets_the_code_and_the_reason_of_the_rule(
    stack: Stack, acme: Acme, code: int, reason: str, expected: str
) -> None:
    never = _schedule(stack.operator, acme)
    _closed_answer(stack.operator, acme, never, rejectSipCode=code, rejectSipReason=reason)
    stack.operator.wait_published()
    assert _call_refused(stack, str(code)) == f"SIP/2.0 {expected}"
