"""The record of a whole call, as configurations written for wazo-router-confd post it."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from pointsman.auth import Principal
from pointsman.calls.call import CallState
from pointsman.models import CallEvent, CallRecord
from pointsman.services.tenants import create_tenant
from tests.calls import reported
from tests.kamailio.call_records.conftest import ReportingNode

_BEGUN = datetime.fromtimestamp(reported.STARTED, UTC)


def _cdr(**more: object) -> dict[str, Any]:
    said = {
        "event": "sip-routing",
        "source_ip": "10.0.0.1",
        "source_port": 5060,
        "call_id": "call-1",
        "from_uri": "100@testdomain.com",
        "to_uri": "39123456789@dummy.com",
        "call_start": reported.STARTED,
        "duration": 60,
    }
    return {**said, **more}


async def _post(node: ReportingNode, said: dict[str, Any], status: int = 200) -> Any:
    answer = await node.send(json.dumps(said).encode())
    assert answer.status_code == status, answer.text
    return answer.json()


async def test_it_becomes_a_call_that_has_ended(node: ReportingNode) -> None:
    tenant = await create_tenant(Principal("test"), name="Acme")
    said = _cdr(tenant_uuid=str(tenant.id))
    answer = await _post(node, said)
    assert (answer["success"], answer["cdr"], answer["stored"]) == (True, said, 3)
    call = await CallRecord.get()
    assert (call.state, call.tenant_id, call.sip_call_id) == (CallState.ENDED, tenant.id, "call-1")
    assert (call.started_at, call.answered_at) == (_BEGUN, _BEGUN)
    assert (call.ended_at, call.duration_ms) == (_BEGUN + timedelta(seconds=60), 60_000)
    assert (call.source_ip, call.source_port, call.cause) == ("10.0.0.1", 5060, "unknown")
    assert (call.from_uri, call.to_uri) == ("100@testdomain.com", "39123456789@dummy.com")
    assert (call.node, call.sip_code) == (reported.NODE, 200)


async def test_one_that_comes_again_is_stored_once(node: ReportingNode) -> None:
    await _post(node, _cdr())
    answer = await _post(node, _cdr())
    assert (answer["success"], answer["stored"], answer["duplicates"]) == (True, 0, 3)
    assert await CallEvent.all().count() == 3


async def test_one_that_contradicts_it_is_kept_apart(node: ReportingNode) -> None:
    await _post(node, _cdr())
    assert (await _post(node, _cdr(duration=61)))["conflicts"] >= 1
    assert (await CallRecord.get()).duration_ms == 60_000


async def test_keys_that_are_not_known_and_numbers_in_quotes_do_no_harm(
    node: ReportingNode,
) -> None:
    said = _cdr(
        duration="60", call_start=f"{reported.STARTED}.25", carrier_trunk_id=7, from_tag=None
    )
    assert (await _post(node, said))["stored"] == 3
    assert (await CallRecord.get()).started_at == _BEGUN + timedelta(milliseconds=250)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"duration": -1}, "duration"),
        ({"duration": 9_999_999_999}, "duration"),
        ({"duration": "long"}, "duration"),
        ({"call_id": ""}, "call_id"),
        ({"call_start": 10**11}, "call_start"),
        ({"source_port": 70_000}, "source_port"),
    ],
)
async def test_what_is_wrong_with_one_is_named(
    node: ReportingNode, more: dict[str, object], field: str
) -> None:
    answer = await _post(node, _cdr(**more), 400)
    assert (answer["error"]["code"], answer["error"]["field"]) == ("BAD_REQUEST", field)
    assert await CallEvent.all().count() == 0


async def test_a_key_given_twice_is_refused(node: ReportingNode) -> None:
    body = json.dumps(_cdr())[:-1] + ', "duration": 1}'
    answer = await node.send(body.encode())
    assert answer.status_code == 400
    assert answer.json()["error"]["field"] == "duration"
