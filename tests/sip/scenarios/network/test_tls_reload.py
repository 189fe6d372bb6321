"""deploy/kamailio/reload-tls.sh: another certificate, while calls are up."""

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sip.harness.kamailio import CONFIGURATION
from tests.sip.harness.phone import Phone
from tests.sip.harness.wires import Stream
from tests.sip.scenarios.network.conftest import CALLED, Node, World

_RELOAD = CONFIGURATION.parent / "deploy" / "kamailio" / "reload-tls.sh"
_STAYS = "nothing is reloaded: the certificates that Kamailio has stay in use"


@pytest.fixture
def renewed(node: Node) -> Iterator[Node]:
    """A node that has its first certificate again after the test."""
    yield node
    node.show(node.shown)
    assert _reload(node).returncode == 0


def _reload(node: Node, rpc_socket: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", str(_RELOAD), str(node.kamailio.directory / "tls-domains.cfg")],
        env=os.environ | {"RPC_SOCKET": str(rpc_socket or node.kamailio.rpc_socket)},
        capture_output=True,
        text=True,
        check=False,
    )


def _shown_to(phone: Phone, node: Node) -> bytes:
    """What the node shows to who connects now."""
    way = phone.dial(node.tls, node.believed.client())
    assert isinstance(way, Stream)
    return way.certificate


def test_new_connections_get_the_new_one_and_the_call_goes_on(renewed: Node, world: World) -> None:
    node = renewed
    accepts = node.believed.issue("127.0.0.10").server()
    with (
        Phone("TLS", "127.0.0.10", tls=accepts) as pbx,
        Phone("TLS", "127.0.0.21", tls=accepts) as alpha,
    ):
        world.send_to(world.alpha, alpha)
        calling = pbx.call(CALLED, node.tls, tls=node.believed.client())
        alpha.take()
        calling.answered()
        alpha.receive("ACK ")
        newer = node.believed.issue("127.0.0.1")
        node.show(newer)
        run = _reload(node)
        assert (run.returncode, run.stdout.splitlines()[-1]) == (0, "reloaded"), run
        assert _shown_to(pbx, node) == newer.der
        # By the connection that it was made on, in both directions.
        calling.send("INFO")
        asked = alpha.receive("INFO ")
        assert asked.way is alpha.streams[0]
        alpha.reply(asked, "200 OK")
        calling.expect("200 OK", "INFO")
        calling.send("BYE")
        alpha.is_hung_up_on()
        calling.expect("200 OK", "BYE")
        # The next call gets in by a new connection, and out by the one that is there.
        again = pbx.call(CALLED, node.tls, tls=node.believed.client())
        alpha.take("486 Busy Here")
        assert again.answered().start_line == "SIP/2.0 486 Busy Here"


@pytest.mark.parametrize(
    "wrong", ["no certificate", "expired", "not there", "no key", "key", "issuers", "domains"]
)
def test_what_is_broken_is_not_taken_and_the_old_one_stays(renewed: Node, wrong: str) -> None:
    node = renewed
    newer = node.believed.issue("127.0.0.1", days=-1 if wrong == "expired" else 1)
    node.show(newer)
    domains = node.kamailio.directory / "tls-domains.cfg"
    match wrong:
        case "no certificate":
            newer.certificate.write_text("nothing of the kind\n")
            said = f"{newer.certificate} is no certificate"
        case "expired":
            said = f"{newer.certificate} has expired"
        case "not there":
            newer.certificate.unlink()
            said = f"{newer.certificate} is no certificate"
        case "no key":
            newer.key.write_text("nothing of the kind\n")
            said = f"{newer.key} is no private key"
        case "key":
            node.show(newer, node.shown.key)
            said = f"{node.shown.key} is not the key of {newer.certificate}"
        case "issuers":
            none = node.kamailio.directory / "nobody.pem"
            domains.write_text(
                re.sub(r"(?m)^ca_list = .*$", f"ca_list = {none}", domains.read_text())
            )
            said = f"{none} has no certificate"
        case _:
            domains.write_text(f"{domains.read_text()}[server:nonsense\n")
            said = f"{domains}: line {len(domains.read_text().splitlines())} is no section"
    run = _reload(node)
    assert (run.returncode, "reloaded" in run.stdout.split()) == (1, False), run
    assert run.stderr.startswith(said), run
    assert run.stderr.splitlines()[-1] == _STAYS
    with Phone("TLS", "127.0.0.10", tls=node.shown.server()) as phone:
        assert _shown_to(phone, node) == node.shown.der


def test_a_kamailio_that_is_not_there_is_named(node: Node, tmp_path: Path) -> None:
    run = _reload(node, tmp_path / "none.sock")
    assert run.returncode == 1
    assert run.stderr.splitlines() == [
        f"Kamailio cannot be asked: {tmp_path}/none.sock: No such file or directory",
        _STAYS,
    ]
