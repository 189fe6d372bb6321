"""POST /kamailio/cdr on a real database: what is stored, what is refused, and by whom."""

import json
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from pointsman.auth import Principal
from pointsman.calls.call import CallState
from pointsman.models import CallAttempt, CallEvent, CallEventConflict, CallRecord
from pointsman.services.incomplete_calls import mark_incomplete_calls
from pointsman.services.kamailio_nodes import create_kamailio_node
from pointsman.services.tenants import create_tenant
from pointsman.settings import Settings
from tests.calls import reported
from tests.kamailio.call_records.conftest import ReportingNode

_BY = Principal("test")


def _answered(**counts: object) -> dict[str, object]:
    return {"stored": 0, "duplicates": 0, "conflicts": 0, "refused": [], **counts}


async def _metric(node: ReportingNode, name: str) -> float:
    text = (await node.http.get("/metrics")).text
    (line,) = [line for line in text.splitlines() if line.startswith(f"{name} ")]
    return float(line.split()[1])


async def test_a_call_is_stored_with_all_that_is_known_of_it(node: ReportingNode) -> None:
    tenant = await create_tenant(_BY, name="Acme")
    said = (reported.start(tenant=str(tenant.id)), reported.answer(), reported.end())
    assert await node.report(*said) == _answered(stored=3)
    call = await CallRecord.get()
    begun = datetime.fromtimestamp(reported.STARTED, UTC)
    assert (call.state, call.node, call.sip_call_id) == (CallState.ENDED, "node-1", "call-1")
    assert (call.tenant_id, call.decision, call.revision) == (tenant.id, "4ba88ad0c149bf42", 25)
    assert (call.code, call.source_ip, call.source_port) == ("ROUTING_RULE", "192.0.2.1", 5060)
    assert (call.trunk, call.endpoint, call.carrier) == ("trunk-1", "endpoint-1", "carrier-1")
    assert (call.started_at, call.answered_at) == (begun, begun + timedelta(seconds=2))
    assert call.ended_at == begun + timedelta(seconds=62.5)
    assert (call.duration_ms, call.clock_went_back) == (60_500, False)
    assert (call.cause, call.sip_code, call.q850) == ("bye_caller", 200, "Q.850;cause=16")
    assert (call.from_tag, call.to_tag) == ("a1", "b2")
    assert (call.calling_number, call.called_number) == ("+390401234567", "+390612345678")
    assert (call.source_trunk, call.pdd_ms) == ("trunk-0", 1_000)
    attempt = await CallAttempt.get()
    assert (attempt.call_record_id, attempt.position, attempt.end) == (call.id, 0, "ANSWERED")
    assert attempt.rang_at == begun + timedelta(seconds=1)
    events = await CallEvent.all()
    assert {event.content for event in events} == {json.dumps(each) for each in said}


async def test_one_record_may_come_without_a_list(node: ReportingNode) -> None:
    answer = await node.send(json.dumps(reported.start()).encode())
    assert answer.json() == _answered(stored=1)


async def test_a_record_that_comes_again_is_stored_once(node: ReportingNode) -> None:
    said = reported.start()
    assert await node.report(said, said) == _answered(stored=1, duplicates=1)
    assert await node.report(said, dict(reversed(said.items()))) == _answered(duplicates=2)
    assert await CallEvent.all().count() == 1
    assert await _metric(node, 'pointsman_call_events_total{result="duplicate"}') == 3


async def test_one_that_contradicts_a_stored_one_is_kept_apart_and_told(
    node: ReportingNode,
) -> None:
    first, other = reported.answer(), reported.answer(trunk="trunk-2")
    assert await node.report(first) == _answered(stored=1)
    assert await node.report(other, reported.end()) == _answered(stored=1, conflicts=1)
    assert await node.report(other) == _answered(duplicates=1)
    conflict = await CallEventConflict.get()
    assert json.loads(conflict.content) == other
    assert conflict.call_event_id == (await CallEvent.get(kind="answer")).id
    assert (await CallRecord.get()).trunk == "trunk-1"
    assert await _metric(node, 'pointsman_call_events_total{result="conflict"}') == 1


async def test_of_two_that_contradict_each_other_in_one_report_the_first_counts(
    node: ReportingNode,
) -> None:
    said = (reported.answer(), reported.answer(trunk="trunk-2"), reported.answer())
    assert await node.report(*said) == _answered(stored=1, duplicates=1, conflicts=1)
    assert (await CallRecord.get()).trunk == "trunk-1"


async def test_a_party_that_hangs_up_again_contradicts_nothing(node: ReportingNode) -> None:
    """It may do so for days, and a node that has forgotten the end records it again."""
    await node.report(reported.answer(), reported.end(cause="unreachable"))
    for by, q850 in (("bye_caller", "SIP;cause=200"), ("bye_callee", "Q.850;cause=31")):
        again = reported.end(after_s=7_200, cause=by, q850=q850, to_tag="c3")
        assert await node.report(again) == _answered(duplicates=1)
    assert await CallEventConflict.all().count() == 0
    call = await CallRecord.get()
    assert (call.cause, call.duration_ms) == ("unreachable", 60_500)
    assert await node.report(reported.end(cause="expired")) == _answered(conflicts=1)


async def test_a_call_is_the_same_in_whatever_order_its_records_come(node: ReportingNode) -> None:
    orders = list(permutations((reported.start, reported.answer, reported.end)))
    for number, order in enumerate(orders):
        for made in order:
            assert await node.report(made(call_id=f"call-{number}")) == _answered(stored=1)
    differing = ("id", "sip_call_id", "updated_at")
    rows = [{k: v for k, v in row.items() if k not in differing}
            for row in await CallRecord.all().values()]  # fmt: skip
    assert len(rows) == len(orders) == 6
    assert all(row == rows[0] for row in rows)
    assert (rows[0]["state"], rows[0]["duration_ms"]) == (CallState.ENDED, 60_500)
    assert await CallAttempt.all().count() == 6


@pytest.mark.parametrize(
    "tenant", ["f1bd3a40-4339-44d3-9ad0-4b7ce4040c65", "no id at all", "x" * 500]
)
async def test_a_call_of_an_unknown_tenant_is_kept_for_nobody(
    node: ReportingNode, tenant: str
) -> None:
    assert await node.report(reported.start(tenant=tenant)) == _answered(stored=1)
    call = await CallRecord.get()
    assert (call.tenant, call.tenant_id) == (tenant[:64], None)
    assert await _metric(node, "pointsman_call_orphans_total") == 1


async def test_a_bad_record_is_refused_by_its_place_and_the_others_are_stored(
    node: ReportingNode,
) -> None:
    bad = [reported.start() | {"at": "yesterday"}, 7, reported.end() | {"cause": "bored"}]
    answer = await node.report(bad[0], reported.start(), bad[1], bad[2], reported.end())
    refused = answer.pop("refused")
    assert answer == {"stored": 2, "duplicates": 0, "conflicts": 0}
    assert [(each["index"], each["field"]) for each in refused] == [
        (0, "at"),
        (2, ""),
        (3, "cause"),
    ]
    assert all(each["reason"] for each in refused)
    assert await _metric(node, 'pointsman_call_events_total{result="refused"}') == 3


async def test_the_end_counts_the_tries_when_the_answer_did_not(node: ReportingNode) -> None:
    tries = [reported.attempt(0), reported.attempt(1)]
    await node.report(reported.answer(attempts=tries))
    assert await CallAttempt.all().count() == 2
    await node.report(reported.end(attempts=[reported.attempt(4)]))
    assert await CallAttempt.all().values_list("position", "place") == [(0, 4)]


async def test_a_stranger_is_refused(node: ReportingNode) -> None:
    for token in ("pmn_wrong", ""):
        answer = await ReportingNode(node.http, token).send(json.dumps(reported.start()).encode())
        assert answer.status_code == 401
        assert answer.json()["error"]["code"] == "UNAUTHENTICATED"
        assert answer.headers["www-authenticate"] == "Bearer"
    assert await CallEvent.all().count() == 0


async def test_a_node_reports_of_itself_only(node: ReportingNode) -> None:
    other = ReportingNode(node.http, await create_kamailio_node(_BY, name="node-2"))
    answer = await other.report(reported.start(), reported.start() | {"node": "node-2"})
    assert answer["stored"] == 1
    (refused,) = answer["refused"]
    assert (refused["index"], refused["field"]) == (0, "node")
    assert refused["reason"] == "it is of node-1, and the token of node-2"


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"{", b"[]", b"null", b"\xff", b'{"records": 1}', b'{"records": null}'),
        b'{"records": [%s]}' % b",".join([b"{}"] * 2_001),
        b"[" * 100_000,
        b'{"kind": "half of a letter \\ud800"}',
    ],
)
async def test_a_body_without_records_is_refused(node: ReportingNode, body: bytes) -> None:
    answer = await node.send(body)
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "BAD_REQUEST"


async def test_a_body_that_is_too_long_is_refused(node: ReportingNode) -> None:
    answer = await node.send(b" " * (Settings().records_max_body_bytes + 1))
    assert answer.status_code == 413
    assert answer.json()["error"]["code"] == "TOO_LARGE"
    assert await _metric(node, 'pointsman_reports_refused_total{code="TOO_LARGE"}') == 1


async def test_no_records_are_none(node: ReportingNode) -> None:
    assert await node.report() == _answered()


@pytest.mark.parametrize("text", ["a\0b", "é" * 5_000, "\U0001f4de" * 2_000])
async def test_whatever_a_stranger_sends_is_kept(node: ReportingNode, text: str) -> None:
    fields = {"call_id": text, "from_tag": text, "from_uri": text, "code": text, "source_ip": text}
    answer = await node.report(
        reported.start() | fields,
        reported.answer() | {"trunk": text, "attempts": [reported.attempt(sip_reason=text)]},
        reported.end() | {"sip_reason": text, "q850": text},
    )
    assert answer == _answered(stored=3)


async def _state(sip_call_id: str) -> CallState:
    return (await CallRecord.get(sip_call_id=sip_call_id)).state


async def test_an_answered_call_is_incomplete_until_its_end_comes(node: ReportingNode) -> None:
    now = datetime.now(UTC).timestamp()
    old, new = f"{now - 7_200:.6f}", f"{now - 60:.6f}"
    for name, at in (("old", old), ("new", new)):
        times = {"started": at, "at": at}
        await node.report(reported.start(name) | times, reported.answer(name) | times)
    assert await mark_incomplete_calls(30, 3_600) == 1
    assert await mark_incomplete_calls(30, 3_600) == 0
    assert await _state("old") is CallState.INCOMPLETE
    assert await _state("new") is CallState.ANSWERED
    await node.report(reported.end("old") | {"started": old, "at": f"{now:.6f}"})
    call = await CallRecord.get(sip_call_id="old")
    assert (call.state, call.duration_ms) == (CallState.ENDED, 7_200_000)
    assert await mark_incomplete_calls(30, 3_600) == 0


async def test_a_call_that_nobody_answers_is_incomplete_long_before(node: ReportingNode) -> None:
    """What rings when its node is killed has no more than a start."""
    now = datetime.now(UTC).timestamp()
    old, new = f"{now - 900:.6f}", f"{now - 60:.6f}"
    for name, at in (("answered", old), ("ended", old), ("old", old), ("new", new)):
        await node.report(reported.start(name) | {"started": at, "at": at})
    assert await mark_incomplete_calls(600, 3_600) == 3
    assert await mark_incomplete_calls(600, 3_600) == 0
    assert await _state("old") is CallState.INCOMPLETE
    assert await _state("new") is CallState.STARTED
    # Where a record was late it is what it was.
    later = {"started": old, "at": f"{now:.6f}"}
    await node.report(reported.answer("answered") | later, reported.end("ended") | later)
    assert await _state("answered") is CallState.ANSWERED
    assert await _state("ended") is CallState.ENDED
    assert await mark_incomplete_calls(600, 3_600) == 0


async def test_a_call_has_one_record_however_its_call_id_is_used_again(node: ReportingNode) -> None:
    """A Call-ID is the caller's: another caller may use it at the same time."""
    await node.report(
        reported.start(),
        reported.start(from_tag="other"),
        reported.start() | {"started": reported.moment(9)},
    )
    assert len({call.id for call in await CallRecord.all()}) == 3
