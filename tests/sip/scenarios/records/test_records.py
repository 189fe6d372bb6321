"""A call has a record when it begins, when it is answered and when it ends, with what became of
each of its legs."""

import json
from hashlib import sha256
from typing import Any

import pytest

from pointsman.kamailio.rtjson import decision_id
from tests.sip.conftest import Acme
from tests.sip.harness.messages import SipMessage
from tests.sip.harness.operator import Operator
from tests.sip.harness.raw import RawParty
from tests.sip.harness.raw_callee import RawCallee
from tests.sip.harness.records import Record, take_times, wait_for_ends
from tests.sip.harness.stack import Stack
from tests.sip.scenarios.records.conftest import CALLED

_NOBODY = "+12025550123"


def _records(stack: Stack, messages: list[SipMessage]) -> list[Record]:
    return wait_for_ends(stack.kamailio.records, messages[0].one("Call-ID"))


def _name(messages: list[SipMessage]) -> Record:
    invite = messages[0]
    tag = invite.one("From").partition(";tag=")[2]
    return {"node": "test", "call_id": invite.one("Call-ID"), "from_tag": tag}


def _start(
    stack: Stack, operator: Operator, messages: list[SipMessage], called: str, **more: str
) -> Record:
    name = _name(messages)
    revision = operator.run("ConfigRevision")["id"]
    return {
        **name,
        "kind": "start",
        "decision": decision_id(name["call_id"], name["from_tag"], revision),
        "revision": revision,
        "source_ip": stack.pbx.host,
        "source_port": stack.pbx.port,
        "transport": "udp",
        "calling_number": "caller",
        "called_number": called,
        "request_uri": f"sip:{called}@{stack.sockets['kamailio']}",
        "from_uri": f"sip:caller@{stack.sockets['pbx']}",
        "to_uri": f"sip:{called}@{stack.sockets['kamailio']}",
        "received_ip": stack.kamailio.host,
        "received_port": stack.kamailio.port,
        **more,
    }


def _leg(operator: Operator, trunk_id: str) -> Record:
    trunk = operator.run("Trunk", id=trunk_id)
    ids = {"trunk": trunk_id, "endpoint": trunk["endpoints"][0]["id"]}
    return {**ids, "carrier": trunk["carrier"]["id"]}


def _attempt(leg: Record, place: int, end: str, reply: str = "", q850: str = "") -> Record:
    code, _, reason = reply.partition(" ")
    told = {"sip_code": int(code or 0), "sip_reason": reason, "q850": q850}
    return {**leg, **told, "place": place, "end": end}


def _end(messages: list[SipMessage], cause: str, reply: str, **more: Any) -> Record:
    code, _, reason = reply.partition(" ")
    found = {"cause": cause, "sip_code": int(code), "sip_reason": reason, "q850": "", "to_tag": ""}
    return {**_name(messages), **found, "kind": "end", "attempts": [], **more}


def _strip(record: Record) -> Record:
    """A record without times, its attempts too."""
    stripped, _ = take_times(record)
    if "attempts" in stripped:
        stripped["attempts"] = [take_times(attempt)[0] for attempt in stripped["attempts"]]
    return stripped


# The callee, the caller, and who of them hangs up.
@pytest.mark.parametrize("parties", [
    ("callee", "caller", "bye_caller"),
    ("callee_hangs_up", "caller_is_hung_up_on", "bye_callee"),
])  # fmt: skip
def test_an_answered_call_begins_is_answered_and_ends(
    stack: Stack, acme: Acme, operator: Operator, parties: tuple[str, str, str]
) -> None:
    callee, caller, cause = parties
    stack.alpha.answer(callee)
    stack.pbx.call(caller, stack.kamailio.socket, CALLED)
    messages = stack.pbx.wait()
    start, answer, end = _records(stack, messages)
    leg = _leg(operator, acme.alpha)
    matched = {"tenant": acme.tenant, "source_trunk": acme.pbx, "match": acme.rule}
    matched["code"] = "ROUTING_RULE"
    answered = next(message for message in messages if message.start_line == "SIP/2.0 200 OK")
    to_tag = answered.one("To").partition(";tag=")[2]
    attempt = _attempt(leg, 0, "ANSWERED", "200 OK")
    assert _strip(start) == _start(stack, operator, messages, CALLED, **matched)
    assert _strip(answer) == {
        **_name(messages), **leg,
        "kind": "answer", "to_tag": to_tag, "sip_code": 200, "attempts": [attempt],
    }  # fmt: skip
    assert _strip(end) == _end(messages, cause, "200 OK", to_tag=to_tag)
    tried = answer["attempts"][0]
    assert len({record["started"] for record in (start, answer, end)}) == 1
    times = [start["started"], start["at"], tried["sent"], tried["rang"], tried["ended"],
             answer["at"], end["at"]]  # fmt: skip
    assert times == sorted(times)


def test_a_call_that_is_rejected_begins_and_ends(
    stack: Stack, acme: Acme, operator: Operator
) -> None:
    stack.pbx.call("caller_refused", stack.kamailio.socket, _NOBODY, status="404")
    messages = stack.pbx.wait()
    start, end = _records(stack, messages)
    nowhere = {"tenant": acme.tenant, "source_trunk": acme.pbx, "match": "", "code": "NO_ROUTE"}
    assert _strip(start) == _start(stack, operator, messages, _NOBODY, **nowhere)
    assert _strip(end) == _end(messages, "rejected", "404 Not Found")


def test_each_leg_that_fails_is_told_with_what_the_far_end_said(
    stack: Stack, acme: Acme, operator: Operator
) -> None:
    stack.alpha.answer("callee_refuses", status="503", reason="Congested")
    stack.beta.answer("callee_refuses", status="486", reason="Busy Here")
    stack.pbx.call("caller_refused", stack.kamailio.socket, CALLED, status="486")
    messages = stack.pbx.wait()
    _, end = _records(stack, messages)
    attempts = [
        _attempt(_leg(operator, acme.alpha), 0, "REPLY", "503 Congested"),
        _attempt(_leg(operator, acme.beta), 1, "REPLY", "486 Busy Here"),
    ]
    assert _strip(end) == _end(messages, "failed", "486 Busy Here", attempts=attempts)


def test_a_silent_leg_and_one_that_cannot_be_sent_are_told(
    stack: Stack, acme: Acme, operator: Operator
) -> None:
    operator.change("Trunk", acme.alpha, frTimerMs=700)
    operator.change("Trunk", acme.beta, endpoints=[{"host": "nowhere.invalid"}])
    operator.wait_published()
    stack.alpha.answer("callee_is_silent")
    stack.pbx.call("caller_refused", stack.kamailio.socket, CALLED, status="480")
    messages = stack.pbx.wait()
    _, end = _records(stack, messages)
    attempts = [
        _attempt(_leg(operator, acme.alpha), 0, "TIMEOUT"),
        _attempt(_leg(operator, acme.beta), 1, "TRANSPORT"),
    ]
    failed = _end(messages, "failed", "480 Temporarily Unavailable", attempts=attempts)
    assert _strip(end) == failed


def test_of_legs_that_ring_at_once_one_is_answered_and_the_other_cancelled(
    stack: Stack, acme: Acme, operator: Operator
) -> None:
    operator.change("RoutingGroup", acme.group, mode="PARALLEL")
    operator.wait_published()
    stack.alpha.answer("callee_rings")
    stack.beta.answer("callee_rings_and_answers", delay="300")
    stack.pbx.call("caller", stack.kamailio.socket, CALLED)
    _, answer, _ = _records(stack, stack.pbx.wait())
    alpha, beta = _leg(operator, acme.alpha), _leg(operator, acme.beta)
    assert {key: answer[key] for key in beta} == beta
    assert _strip(answer)["attempts"] == [
        _attempt(alpha, 0, "CANCELLED"),
        _attempt(beta, 1, "ANSWERED", "200 OK"),
    ]
    assert all(attempt["rang"] for attempt in answer["attempts"])


def test_a_leg_that_proves_who_it_is_is_one_attempt(
    stack: Stack, acme: Acme, operator: Operator
) -> None:
    operator.change("Trunk", acme.alpha, outboundUsername="acme", outboundPassword="secret")
    operator.wait_published()
    challenge = 'Proxy-Authenticate: Digest realm="alpha", nonce="once"'
    stack.alpha.answer("callee_challenges", status="407", challenge=challenge)
    stack.pbx.call("caller", stack.kamailio.socket, CALLED)
    _, answer, _ = _records(stack, stack.pbx.wait())
    once = _attempt(_leg(operator, acme.alpha), 0, "ANSWERED", "200 OK")
    assert _strip(answer)["attempts"] == [once]


def test_what_a_carrier_says_that_is_no_utf_8_is_left_out(
    stack: Stack, callee: RawCallee, operator: Operator
) -> None:
    with RawParty(stack.pbx.host, stack.kamailio.socket) as caller:
        named = f'"Jos\xe9" <sip:jose@{caller.host}>;tag=latin'
        caller.send(caller.request("INVITE", CALLED, call_id=f"latin-{caller.port}", from_=named))
        said = 'Reason: Q.850;cause=17;text="Occup\xe9"'
        callee.reply(callee.receive("INVITE"), "486 Occup\xe9", said)
        assert caller.final() == "SIP/2.0 486 Occup\xe9"
        start, end = wait_for_ends(stack.kamailio.records, f"latin-{caller.port}")
    assert start["from_uri"] == f"sip:jose@{caller.host}"
    (attempt,) = end["attempts"]
    for record in (end, attempt):
        assert (record["sip_code"], record["sip_reason"], record["q850"]) == (486, "", "")


def test_a_call_that_the_router_cannot_read_has_an_end_alone(stack: Stack) -> None:
    with RawParty(stack.pbx.host, stack.kamailio.socket) as caller:
        from_ = f"<sip:Jos\xe9@{caller.host}>;tag=Jos\xe9"
        caller.send(caller.request("INVITE", CALLED, call_id=f"bad-{caller.port}", from_=from_))
        assert caller.final() == "SIP/2.0 400 Bad Request"
        (end,) = wait_for_ends(stack.kamailio.records, f"bad-{caller.port}")
    assert (end["cause"], end["sip_code"], end["sip_reason"]) == ("failed", 400, "Bad Request")
    assert end["from_tag"] == sha256("Jos\xe9".encode("latin-1")).hexdigest()


@pytest.mark.parametrize(("progress", "body", "rang"), [
    ("180 Ringing", "", True),
    ("183 Session Progress", "", False),
    ("183 Session Progress", "v=0\r\n", True),
])  # fmt: skip
def test_a_leg_has_rung_by_180_or_in_the_media(
    stack: Stack, callee: RawCallee, progress: str, body: str, *, rang: bool
) -> None:
    with RawParty(stack.pbx.host, stack.kamailio.socket) as caller:
        caller.send(caller.request("INVITE", CALLED, call_id=f"rings-{caller.port}"))
        invite = callee.receive("INVITE")
        callee.reply(invite, progress, "Content-Type: application/sdp", body=body)
        # Another process may else be sooner with the final one.
        while caller.provisional() != f"SIP/2.0 {progress}":
            continue
        callee.reply(invite, "486 Busy Here")
        assert caller.final() == "SIP/2.0 486 Busy Here"
        _, end = wait_for_ends(stack.kamailio.records, f"rings-{caller.port}")
    assert bool(end["attempts"][0]["rang"]) is rang


def test_a_call_that_is_over_has_a_line_in_the_log(
    stack: Stack, acme: Acme, operator: Operator
) -> None:
    stack.alpha.answer("callee")
    stack.pbx.call("caller", stack.kamailio.socket, CALLED)
    start, _, end = _records(stack, stack.pbx.wait())
    log = stack.kamailio.log.read_text(errors="replace").splitlines()
    (line,) = [line for line in log if " call {" in line and end["call_id"] in line]
    told = json.loads(line.partition(" call ")[2])
    assert told.pop("setup_ms") >= 0
    assert told.pop("duration_ms") >= 0
    assert told == {
        "outcome": "bye_caller",
        "sip_code": 200,
        "call_id": start["call_id"],
        "attempts": 1,
        "decision": start["decision"],
        "revision": start["revision"],
        "tenant": acme.tenant,
    }
