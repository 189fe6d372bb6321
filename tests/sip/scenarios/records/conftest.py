"""Kamailios with settings of a test's own, and calls of parties that write their SIP by hand."""

import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.sip.conftest import Acme
from tests.sip.harness.kamailio import Kamailio
from tests.sip.harness.operator import Operator
from tests.sip.harness.ports import free_udp_port
from tests.sip.harness.raw import RawParty, header_of
from tests.sip.harness.raw_callee import RawCallee
from tests.sip.harness.stack import KAMAILIO_HOST, Stack

Start = Callable[..., Kamailio]
CALLED = "+390612345678"
_SCHEMA = Path("/usr/share/kamailio/db_sqlite")
_TIMEOUT_S = 20


@pytest.fixture
def start(stack: Stack) -> Iterator[Start]:
    """Starts a Kamailio with settings of a test's own, and lines of its configuration."""
    directory = Path(tempfile.mkdtemp(prefix="pointsman-records-"))
    kamailio = Kamailio(directory, KAMAILIO_HOST, free_udp_port(KAMAILIO_HOST))

    def start(*lines: str, **settings: object) -> Kamailio:
        defined = [f"#!define {name} {value}" for name, value in settings.items()]
        url = f"{stack.router.url}/kamailio/rtjson"
        kamailio.configure(url, stack.node_token, *lines, *defined)
        kamailio.start()
        return kamailio

    yield start
    kamailio.stop()
    shutil.rmtree(directory)


def start_with_database(start: Start, folder: Path, **settings: int) -> Kamailio:
    """One that keeps its calls in a database, too."""
    file = folder / "dialogs.sqlite"
    with sqlite3.connect(file) as database:
        database.execute("PRAGMA journal_mode=WAL")
        for part in ("standard", "dialog"):
            database.executescript((_SCHEMA / f"{part}-create.sql").read_text())
    url = f'"sqlite:///{file}"'
    return start("#!define WITH_DIALOG_DB", DIALOG_DB_URL=url, DIALOG_DB_UPDATE_S=1, **settings)


def wait_until_kept(kamailio: Kamailio, folder: Path, calls: int) -> None:
    """Wait until the database has so many calls, if there is one."""
    file = folder / "dialogs.sqlite"
    deadline = time.monotonic() + _TIMEOUT_S
    while file.exists():
        with sqlite3.connect(file) as database:
            if database.execute("SELECT count(*) FROM dialog").fetchone() == (calls,):
                return
        assert time.monotonic() < deadline, kamailio.log.read_text(errors="replace")[-2000:]
        time.sleep(0.05)


@pytest.fixture
def callee(stack: Stack, acme: Acme, operator: Operator) -> Iterator[RawCallee]:
    """Who is called at Alpha, alone."""
    with RawCallee(stack.alpha.host) as party:
        operator.change("Trunk", acme.alpha, endpoints=[{"host": party.host, "port": party.port}])
        operator.wait_published()
        yield party


@dataclass
class Call:
    """A call that is up."""

    caller: RawParty
    invite: bytes
    answer: bytes

    @property
    def call_id(self) -> str:
        """Its Call-ID."""
        return header_of(self.invite, "Call-ID")

    def hang_up(self) -> None:
        """The caller sends a BYE."""
        self.caller.send(self.caller.within(self.answer, "BYE"))


def connect(caller: RawParty, callee: RawCallee, call_id: str, tag: str = "callee") -> Call:
    """A call, answered at once and acknowledged."""
    caller.send(caller.request("INVITE", CALLED, call_id=call_id))
    invite = callee.receive("INVITE")
    callee.reply(invite, "200 OK", tag=tag)
    answer = caller.final_message()
    assert answer.startswith(b"SIP/2.0 200 "), answer
    caller.send(caller.within(answer, "ACK"))
    callee.receive("ACK")
    return Call(caller, invite, answer)


def take_bye(callee: RawCallee, call: Call) -> None:
    """The callee's answer to the caller's BYE, and that it arrives."""
    callee.reply(callee.receive("BYE"), "200 OK")
    assert call.caller.final() == "SIP/2.0 200 OK"
