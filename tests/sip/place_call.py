"""`make call`: one real call through a real Kamailio against what `make run` serves.

The PBX and the two carriers of the demo are played by SIPp, on the addresses that the demo's
configuration has them at.
"""

import shutil
import sys
import tempfile
from pathlib import Path

import httpx
import typer

from pointsman.demo import ALPHA, BETA, CALLED, CALLING, NODE_SOCKET, PBX
from pointsman.first_start import node_token_file
from pointsman.settings import load_settings
from tests.sip.harness.kamailio import Kamailio, missing_parts
from tests.sip.harness.messages import SipMessage
from tests.sip.harness.ports import udp_is_bound
from tests.sip.harness.sipp import Actor

_WIDTH = 24


def main(
    called: str = typer.Argument(CALLED, help="The number to call from the demo's PBX."),
) -> None:
    """Place a call and print its ladder and where it went."""
    settings = load_settings()
    router = f"http://{settings.router_host}:{settings.router_port}"
    token_file = node_token_file(settings.state_dir)
    _require_served(router, token_file)
    directory = Path(tempfile.mkdtemp(prefix="pointsman-call-"))
    host, _, port = NODE_SOCKET.rpartition(":")
    kamailio = Kamailio(directory, host, int(port))
    pbx = Actor("pbx", PBX[0], directory, PBX[1])
    carriers = [
        Actor("alpha", ALPHA[0], directory, ALPHA[1]),
        Actor("beta", BETA[0], directory, BETA[1]),
    ]
    _require_free([(host, int(port)), PBX, ALPHA, BETA])
    try:
        token = token_file.read_text().strip()
        kamailio.configure(f"{router}/kamailio/rtjson", token)
        kamailio.start()
        for carrier in carriers:
            carrier.answer("callee")
        caller = f'"Alice" <sip:{CALLING}@acme.example>'
        pbx.call("caller", kamailio.socket, called, **{"from": caller})
        messages = pbx.finish()
        _print_ladder(pbx, kamailio, messages)
        reached = [carrier for carrier in carriers if carrier.received_invites()]
        for carrier in reached:
            _print_arrival(carrier)
        if not reached:
            typer.echo("\nThe call reached no carrier.")
        sys.exit(0 if reached and messages[-1].start_line == "SIP/2.0 200 OK" else 1)
    finally:
        for actor in (pbx, *carriers):
            actor.stop()
        kamailio.stop()
        shutil.rmtree(directory)


def _require_served(router: str, token_file: Path) -> None:
    missing = missing_parts()
    if missing:
        sys.exit(f"make call: missing on this machine: {', '.join(missing)}")
    try:
        ready = httpx.get(f"{router}/readyz", timeout=5, trust_env=False).status_code == 200
    except httpx.TransportError:
        ready = False
    if not ready or not token_file.exists():
        sys.exit(f"make call: nothing is served at {router}: run `make run` in another terminal")


def _require_free(sockets: list[tuple[str, int]]) -> None:
    for host, port in sockets:
        if udp_is_bound(host, port):
            sys.exit(f"make call: the demo needs UDP {host}:{port}, which something else uses")


def _print_ladder(pbx: Actor, kamailio: Kamailio, messages: list[SipMessage]) -> None:
    typer.echo(f"\n  PBX {pbx.host}:{pbx.port} | Kamailio {kamailio.host}:{kamailio.port}\n")
    for message in messages:
        words = message.start_line.replace(" SIP/2.0", "").replace("SIP/2.0 ", "")
        line = f"<{'':-<{_WIDTH}}" if message.received else f"{'':-<{_WIDTH}}>"
        typer.echo(f"  |{line}| {words}")


def _print_arrival(carrier: Actor) -> None:
    invite = carrier.received_invites()[0]
    typer.echo(f"\nIt went to {carrier.name} at {carrier.host}:{carrier.port}, which got:\n")
    typer.echo(f"  {invite.start_line}")
    for name in ("From", "To", "P-Asserted-Identity"):
        for value in invite.all(name):
            typer.echo(f"  {name}: {value}")
    typer.echo("")


if __name__ == "__main__":
    typer.run(main)
