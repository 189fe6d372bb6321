"""Whose word it is that a record is none: the records role's, and nobody else's."""

import json

import pytest

from pointsman.models import CallEvent, CallRecord
from tests.calls import reported
from tests.shipper.conftest import RecordsRole
from tests.shipper.spooled import HOUR, Spooled, calls, line
from tests.shipper.stray_server import StrayServer
from tests.sip.harness.roles import RoleProcess
from tests.sip.harness.shipper import ShipperProcess

_HTML = b"<html><h1>400 The plain HTTP request was sent to HTTPS port</h1></html>"


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (400, _HTML),
        (400, b""),
        (400, b'{"error": "blocked"}'),
        (400, b'{"error": {"code": "BLOCKED", "message": "by a firewall"}}'),
        (400, b'{"error": {"code": "TOO_LARGE", "message": ""}}'),
        (413, b"<html><h1>413 Request Entity Too Large</h1></html>"),
        (413, b'{"error": {"code": "BAD_REQUEST", "message": ""}}'),
    ],
)
async def test_what_anybody_else_refuses_waits_and_is_sent_again(
    shipper: ShipperProcess, spooled: Spooled, status: int, body: bytes
) -> None:
    spooled.append(calls("a"))
    with StrayServer(status, body) as stray:
        shipper.environment["POINTSMAN_RECORDS_URL"] = stray.url
        done = shipper.ship_once()
    assert done.returncode == 1
    assert done.stdout.endswith(f" 0 refused, {len(calls('a'))} bytes wait\n")
    assert f"{status}" in done.stderr
    assert "not the records role says so, but what answers at its URL: correct" in done.stderr
    assert spooled.refused() == []
    shipper.environment["POINTSMAN_RECORDS_URL"] = shipper.url
    assert shipper.ship_once().stdout.startswith("3 stored, 0 stored before")
    assert await CallEvent.all().count() == 3


async def test_a_report_that_is_too_long_for_the_role_goes_in_parts(
    records: RecordsRole, shipper: ShipperProcess, spooled: Spooled
) -> None:
    """One record that is too long by itself is set aside."""
    role = RoleProcess(
        "records", records.database_url, spooled.directory.parent, records_max_body_bytes=65_536
    )
    role.start()
    try:
        long = json.dumps(reported.start("long", x_new="x" * 65_536))
        names = [f"call-{number}" for number in range(80)]
        spooled.append(calls(*names[:40]) + f"\n{long}\n".encode() + calls(*names[40:]))
        shipper.environment["POINTSMAN_RECORDS_URL"] = role.url
        done = shipper.ship_once()
    finally:
        role.stop()
    assert done.stdout.startswith("240 stored, 0 stored before, 0 contradict what is stored, 1 ")
    (refused,) = spooled.refused()
    assert (refused["line"], refused["reason"]) == (long, "413 send 65536 bytes at most")


async def test_a_clock_that_went_back_is_told_and_bills_nothing(
    shipper: ShipperProcess, spooled: Spooled
) -> None:
    """As Kamailio writes it when the node's clock is set back by an hour during a call."""
    said = (reported.start(), reported.answer(), reported.end(after_s=-3_540))
    spooled.append(b"".join(map(line, said)), HOUR)
    spooled.append(calls("after"), HOUR)
    assert shipper.ship_once().stdout.startswith("6 stored, 0 stored before, 0 contradict")
    call = await CallRecord.get(sip_call_id="call-1")
    assert (call.state, call.clock_went_back, call.duration_ms) == ("ENDED", True, None)
    after = await CallRecord.get(sip_call_id="after")
    assert (after.clock_went_back, after.duration_ms) == (False, 60_500)
