"""The entry point of Kamailio's image, run as the image runs it."""

import shutil
import subprocess
from pathlib import Path

from tests.sip.harness.kamailio import CONFIGURATION, Kamailio
from tests.sip.harness.ports import free_udp_port

_ENTRYPOINT = CONFIGURATION.parent / "deploy" / "images" / "kamailio-entrypoint.sh"
_HOST = "127.0.0.1"


def test_it_starts_kamailio_with_what_the_environment_says(
    real_parts: None, tmp_path: Path
) -> None:
    for file in CONFIGURATION.glob("*.cfg"):
        shutil.copy(file, tmp_path)
    kamailio = Kamailio(tmp_path, _HOST, free_udp_port(_HOST))
    kamailio.start_by(
        ["sh", str(_ENTRYPOINT)],
        KAMAILIO_DIR=str(tmp_path),
        KAMAILIO_RUN_DIR=str(tmp_path),
        NODE_NAME="node-1",
        NODE_TOKEN="pmn_token",
        SIP_LISTEN=f"udp:{_HOST}:{kamailio.port} tcp:{_HOST}:{kamailio.port}",
        SIP_ADVERTISE=f"192.0.2.1:{kamailio.port}",
        SHM_MB="64",
    )
    kamailio.stop()
    local = tmp_path / "kamailio-local.cfg"
    assert local.stat().st_mode & 0o777 == 0o600
    assert local.read_text().splitlines() == [
        f"listen=udp:{_HOST}:{kamailio.port} advertise 192.0.2.1:{kamailio.port}",
        f"listen=tcp:{_HOST}:{kamailio.port} advertise 192.0.2.1:{kamailio.port}",
        '#!define NODE_NAME "node-1"',
        '#!define ROUTER_URL "http://127.0.0.1:8081/kamailio/rtjson"',
        '#!define ROUTER_AUTHORIZATION "Authorization: Bearer pmn_token"',
    ]


def test_without_a_token_it_says_which_one(real_parts: None, tmp_path: Path) -> None:
    run = subprocess.run(
        ["sh", str(_ENTRYPOINT)],
        env={"KAMAILIO_DIR": str(tmp_path), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode != 0
    assert "NODE_TOKEN: set NODE_TOKEN to the token that pointsman node create" in run.stderr
    assert not list(tmp_path.iterdir())
