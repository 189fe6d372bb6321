"""What `pointsman serve` prints when everything is up."""

import json
import shlex
from collections.abc import Mapping
from pathlib import Path

import typer

from pointsman import demo as demo_data
from pointsman.first_start import admin_token_file, node_token_file
from pointsman.role_name import RoleName


def print_welcome(
    urls: Mapping[RoleName, str],
    state_dir: Path,
    tokens: Mapping[str, str],
    *,
    tokens_kept: bool,
    demo: bool,
) -> None:
    """Where to look and what to try; tokens made now are shown this once. `tokens_kept` tells
    whether those in the state directory are this database's."""
    control, router = urls[RoleName.CONTROL], urls[RoleName.ROUTER]
    records = urls[RoleName.RECORDS]
    admin, node = admin_token_file(state_dir), node_token_file(state_dir)
    lines = ["", "Pointsman is up. Ctrl-C stops everything it started.", ""]
    if "admin" in tokens:
        lines.append(f"  administrator token  {tokens['admin']}")
    if "node" in tokens:
        lines.append(f"  Kamailio node token  {tokens['node']}")
    if tokens:
        lines += ["  shown this once, kept for you alone in:"]
    if tokens_kept:
        lines += [f"  administrator token  {admin}", f"  Kamailio node token  {node}"]
    lines += [
        "",
        f"  GraphQL and GraphiQL {control}/graphql",
        f"  health               {control}/readyz  {router}/readyz  {records}/readyz",
        f"  metrics              {control}/metrics {router}/metrics {records}/metrics",
        f"  call records         {records}/kamailio/cdr",
    ]
    if demo:
        lines += ["", "Ask for a route, as Kamailio does:", "", _curl(router, node), ""]
        lines += ["Place a call through a real Kamailio: make call"]
    typer.echo("\n".join(lines) + "\n")


def _curl(router: str, token_file: object) -> str:
    body = json.dumps(
        {
            "event": "sip-routing",
            "source_ip": demo_data.PBX[0],
            "source_port": demo_data.PBX[1],
            "call_id": "try-1",
            "from_name": "Alice",
            "from_uri": f"sip:{demo_data.CALLING}@acme.example",
            "to_uri": f"sip:{demo_data.CALLED}@127.0.0.1",
        }
    )
    return (
        f"  curl -s {router}/kamailio/rtjson \\\n"
        f'    -H "Authorization: Bearer $(cat {shlex.quote(str(token_file))})" \\\n'
        f"    -H 'Content-Type: application/json' \\\n"
        f"    -d '{body}'"
    )
