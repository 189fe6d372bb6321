"""docs/fifteen-minutes.md, done as it stands: a PBX and a carrier in networks of their own, and the
page's commands on the machine between them."""

import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import require
from tests.sip.harness.namespaces import Namespace, missing_for_namespaces, namespaces, wire
from tests.sip.harness.sipp import Actor

_ROOT = Path(__file__).parents[4]
_PAGE = _ROOT / "docs" / "fifteen-minutes.md"
_HOST, _PBX, _CARRIER = "10.99.1.1", "10.99.1.2", "10.99.2.2"
_DONE = "the page is done"
_TIMEOUT_S = 120


@dataclass
class Followed:
    """What the page has brought up, and the parties on both sides of it."""

    directory: Path
    pbx: Actor
    carrier: Actor


def _commands(directory: Path) -> str:
    """All commands of the page, with the addresses and folders of this test."""
    text = "\n".join(re.findall(r"```sh\n(.*?)```", _PAGE.read_text(), re.DOTALL))
    own = {
        "HOST": _HOST,
        "PBX": _PBX,
        "CARRIER": _CARRIER,
        "ETC": str(directory / "etc"),
        "POINTSMAN_STATE_DIR": str(directory / "state"),
        "POINTSMAN_RECORDS_DIR": str(directory / "records"),
        "POINTSMAN_KAMAILIO_RPC_SOCKET": str(directory / "run" / "pointsman.sock"),
    }
    for name, value in own.items():
        text, changed = re.subn(rf"(^|\s){name}=\S+", rf"\g<1>{name}={value}", text, count=1)
        assert changed == 1, name
    return text


def _follow(node: Namespace, directory: Path) -> None:
    script = directory / "commands.sh"
    script.write_text(f"set -e\n{_commands(directory)}\necho '{_DONE}'\n")
    said = directory / "said"
    with said.open("wb") as output:
        shell = subprocess.Popen(
            [*node.prefix, "bash", str(script)],
            cwd=_ROOT,
            env={k: v for k, v in os.environ.items() if not k.startswith("POINTSMAN_")},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
    # What it has started in the background stays when the shell ends.
    assert shell.wait(_TIMEOUT_S) == 0, said.read_text()[-5000:]
    assert said.read_text().rstrip().endswith(_DONE)


def _end(namespace: Namespace) -> None:
    """Everything that the page has started: all that lives in its namespace."""
    deadline = time.monotonic() + 30
    number = signal.SIGTERM
    while pids := namespace.pids():
        for pid in pids:
            os.kill(pid, number)
        if time.monotonic() > deadline:
            number = signal.SIGKILL
        time.sleep(0.2)


@pytest.fixture(scope="module")
def followed(real_parts: None) -> Iterator[Followed]:
    require(*missing_for_namespaces())
    directory = Path(tempfile.mkdtemp(prefix="pointsman-page-"))
    # PostgreSQL's own user passes through.
    directory.chmod(0o755)
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, directory)
        node, pbx, carrier = stack.enter_context(namespaces("node", "pbx", "carrier"))
        wire(node, f"{_HOST}/24", pbx, f"{_PBX}/24")
        wire(node, "10.99.2.1/24", carrier, f"{_CARRIER}/24")
        carrier.route("10.99.1.0/24", "10.99.2.1")
        stack.callback(_end, node)
        _follow(node, directory)
        actors = [
            Actor("pbx", _PBX, directory, 5060, within=pbx.prefix),
            Actor("carrier", _CARRIER, directory, 5060, within=carrier.prefix),
        ]
        for actor in actors:
            stack.callback(actor.stop)
        yield Followed(directory, *actors)


def test_what_the_pbx_dials_goes_to_the_carrier(followed: Followed) -> None:
    followed.carrier.answer("callee")
    caller = "<sip:+390401234567@pbx.example>"
    followed.pbx.call("caller", (_HOST, 5060), "+442071838750", **{"from": caller})
    followed.pbx.wait()
    followed.carrier.wait()
    invite = followed.carrier.received_invites()[0]
    assert invite.start_line == f"INVITE sip:+442071838750@{_CARRIER}:5060 SIP/2.0"


def test_what_the_carrier_sends_to_a_number_goes_to_the_pbx(followed: Followed) -> None:
    followed.pbx.answer("callee")
    caller = "<sip:+442071838750@carrier.example>"
    followed.carrier.call("caller", (_HOST, 5060), "+390401234599", **{"from": caller})
    followed.carrier.wait()
    followed.pbx.wait()
    invite = followed.pbx.received_invites()[0]
    assert invite.start_line == f"INVITE sip:+390401234599@{_PBX}:5060 SIP/2.0"


def test_nobody_else_is_let_through(followed: Followed) -> None:
    """Not even by the carrier, to a number that is not of the PBX."""
    followed.carrier.call("caller_refused", (_HOST, 5060), "+442071838750", status="404")
    assert followed.carrier.wait()[-2].start_line == "SIP/2.0 404 Not Found"
