"""From a call's SIP to its row: Kamailio writes it down, `pointsman ship` brings it to the records
role, and PostgreSQL has it once."""

import asyncio
import json
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from pointsman.calls.call import CallState
from pointsman.models import CallAttempt, CallEvent, CallRecord
from tests.conftest import bound
from tests.shipper.forgetful_proxy import ForgetfulProxy
from tests.sip.conftest import Acme
from tests.sip.harness.kamailio import Kamailio
from tests.sip.harness.raw import RawParty
from tests.sip.harness.raw_callee import RawCallee
from tests.sip.harness.records import Record, wait_for_ends
from tests.sip.harness.roles import RoleProcess
from tests.sip.harness.shipper import ShipperProcess
from tests.sip.harness.stack import Stack
from tests.sip.scenarios.records.conftest import CALLED, Start, connect, take_bye
from tests.waiting import until, until_found


@pytest.fixture(scope="module")
def records(shared_stack: Stack) -> Iterator[RoleProcess]:
    """The records role, on the database that the router's configuration is in."""
    role = RoleProcess("records", shared_stack.database_url, shared_stack.directory)
    role.start()
    yield role
    role.stop()


def _answered(caller: RawParty, callee: RawCallee, call_id: str) -> None:
    call = connect(caller, callee, call_id)
    call.hang_up()
    take_bye(callee, call)


def _refused(caller: RawParty, callee: RawCallee, call_id: str) -> None:
    caller.send(caller.request("INVITE", CALLED, call_id=call_id))
    callee.reply(callee.receive("INVITE"), "486 Busy Here")
    assert caller.final() == "SIP/2.0 486 Busy Here"


def _cancelled(caller: RawParty, callee: RawCallee, call_id: str) -> None:
    caller.send(caller.request("INVITE", CALLED, call_id=call_id))
    invite = callee.receive("INVITE")
    callee.reply(invite, "180 Ringing")
    caller.cancel()
    callee.reply(callee.receive("CANCEL"), "200 OK")
    callee.reply(invite, "487 Request Terminated")
    assert caller.final() == "SIP/2.0 487 Request Terminated"


_Place = Callable[[RawParty, RawCallee, str], None]
# How a call is placed, and of its row: cause, status and how many records it is of.
_CALLS: dict[str, tuple[_Place, tuple[str, int, int]]] = {
    "answered": (_answered, ("bye_caller", 200, 3)),
    "refused": (_refused, ("failed", 486, 2)),
    "cancelled": (_cancelled, ("cancelled", 487, 2)),
}


@dataclass(frozen=True)
class Node:
    """A Kamailio of a test's own, so that its spool has that one's calls only, and what ships
    them, which is not started yet."""

    kamailio: Kamailio
    shipper: ShipperProcess
    stack: Stack
    callee: RawCallee

    def call_id(self, kind: str) -> str:
        """Of the call of this kind."""
        return f"shipped-{kind}-{self.callee.port}"

    def place(self, *kinds: str) -> list[Record]:
        """A call of each kind, one after the other; what Kamailio has written of them."""
        for kind in kinds:
            with RawParty(self.stack.pbx.host, self.kamailio.socket) as caller:
                _CALLS[kind][0](caller, self.callee, self.call_id(kind))
        return wait_for_ends(self.kamailio.records, *map(self.call_id, kinds))

    async def stored(self) -> list[Record]:
        """The records of all its calls, as the database has them."""
        calls = CallRecord.filter(sip_call_id__in=[*map(self.call_id, _CALLS)])
        keys = await calls.values_list("id", flat=True)
        events = await CallEvent.filter(call_record_id__in=list(keys))
        return [json.loads(event.content) for event in events]


@pytest.fixture
def node(stack: Stack, start: Start, callee: RawCallee, records: RoleProcess) -> Iterator[Node]:
    kamailio = start()
    shipper = ShipperProcess(kamailio.records, records.url, stack.node_token)
    yield Node(kamailio, shipper, stack, callee)
    shipper.stop()


async def _see_rows(node: Node, acme: Acme, written: list[Record]) -> None:
    """Each record that was written is stored, once, and each call is a row."""

    async def all_are() -> bool:
        return len(await node.stored()) >= len(written)

    async with bound(node.stack.database_url):
        await until_found(all_are)
        assert sorted(map(str, await node.stored())) == sorted(map(str, written))
        for kind, (_, (cause, sip_code, _)) in _CALLS.items():
            # More than one would raise.
            row = await CallRecord.get(sip_call_id=node.call_id(kind))
            assert (row.state, row.cause, row.sip_code) == (CallState.ENDED, cause, sip_code)
            assert (str(row.tenant_id), row.node) == (acme.tenant, "test")
            assert (row.answered_at is not None) is (kind == "answered")
            (attempt,) = await CallAttempt.filter(call_record_id=row.id)
            assert (str(attempt.trunk), attempt.sip_code) == (acme.alpha, sip_code)


def test_each_call_is_one_row(node: Node, acme: Acme) -> None:
    node.shipper.start()
    written = node.place(*_CALLS)
    assert len(written) == sum(count for _, (_, _, count) in _CALLS.values())
    asyncio.run(_see_rows(node, acme, written))
    assert node.shipper.stop() == 0


def test_a_shipper_that_is_killed_before_it_hears_that_records_are_stored_doubles_none(
    node: Node, acme: Acme, records: RoleProcess
) -> None:
    written = node.place("answered")
    with ForgetfulProxy(records.port, forgets=1_000_000) as proxy:
        node.shipper.environment["POINTSMAN_RECORDS_URL"] = proxy.url
        node.shipper.start()
        asyncio.run(until(lambda: len(proxy.forgotten) > 0))
        assert b'"stored":3' in proxy.forgotten[0]
        node.shipper.stop(signal.SIGKILL)
    written += node.place("refused", "cancelled")
    node.shipper.environment["POINTSMAN_RECORDS_URL"] = records.url
    node.shipper.start()
    asyncio.run(_see_rows(node, acme, written))
    assert node.shipper.stop() == 0
