"""The command line, as a process."""

import base64
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from pointsman import __version__
from pointsman.auth import Principal
from pointsman.database_url import connection_parameters
from pointsman.models import EventKind
from pointsman.services.api_tokens import api_token_is_known
from pointsman.services.kamailio_nodes import node_token_is_known
from pointsman.services.secrets import Secrets
from pointsman.services.tenants import create_tenant
from pointsman.services.trunks import create_trunk
from pointsman.services.webhook_targets import Targets, read_networks
from pointsman.services.webhooks import create_webhook
from tests.conftest import bound, copy_database

_ROOT = Path(__file__).parents[1]


@pytest.fixture(autouse=True)
def state_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not the one of this machine, where another may be serving."""
    monkeypatch.setenv("POINTSMAN_STATE_DIR", str(tmp_path / "state"))


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `pointsman`."""
    kept = "POINTSMAN_STATE_DIR"
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("POINTSMAN_") or k == kept}
    return subprocess.run(
        [sys.executable, "-m", "pointsman", *arguments],
        env={**inherited, **environment},
        cwd=_ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_says_its_version_and_its_commands() -> None:
    assert run("version").stdout.strip() == __version__
    shown = run("--help").stdout
    for command in ("serve", "migrate", "settings", "token", "node", "schema", "secret", "explain"):
        assert command in shown


async def test_keys_of_secrets_change_one_after_the_other(template_url: str) -> None:
    url = await copy_database(template_url, "rotated")
    old, new = (run("secret", "key").stdout.strip() for _ in range(2))
    by = Principal("test")
    given: dict[str, Any] = {"outbound_username": "u", "outbound_password": "canary"}
    async with bound(url):
        tenant = await create_tenant(by, name="Acme")
        await create_trunk(by, name="pbx", tenant_id=tenant.id, secrets=Secrets([old]), **given)
        await create_webhook(
            by,
            name="hook",
            url="https://127.0.0.1/",
            kinds=[EventKind.TRUNK_DOWN],
            secret="canary-0123456789",
            secrets=Secrets([old]),
            targets=Targets(read_networks("127.0.0.1")),
        )
    for keys, status, told in (
        ("", 1, "there is no key to encrypt with: set POINTSMAN_SECRET_KEYS"),
        (new, 1, "no key opens those of 1 trunks: pbx and of 1 webhooks: hook;"),
        (f"{new},{old}", 0, "secrets encrypted with the first key: 2"),
        (new, 0, "secrets encrypted with the first key: 2"),
        (old, 1, "no key opens those of 1 trunks: pbx and of 1 webhooks: hook;"),
    ):
        done = run("secret", "rotate", POINTSMAN_DATABASE_URL=url, POINTSMAN_SECRET_KEYS=keys)
        assert (done.returncode, told in done.stdout + done.stderr) == (status, True), keys
        for hidden in ("canary", old, new, "Traceback"):
            assert hidden not in done.stdout + done.stderr


def test_it_documents_its_settings_without_their_secrets() -> None:
    url = "postgresql://pointsman:hunter2@db.example/pointsman"
    key = base64.urlsafe_b64encode(b"canary-canary-canary-canary-1234").decode()
    shown = run("settings", POINTSMAN_DATABASE_URL=url, POINTSMAN_SECRET_KEYS=key)
    assert shown.returncode == 0
    for name in ("POINTSMAN_DATABASE_URL", "POINTSMAN_STATE_DIR", "POINTSMAN_ROUTER_PORT"):
        assert name in shown.stdout
    assert "hunter2" not in shown.stdout
    assert key[:8] not in shown.stdout


@pytest.mark.parametrize("arguments", [["settings"], ["serve"], ["serve", "router"], ["migrate"]])
def test_a_bad_setting_stops_it_and_is_named(arguments: list[str]) -> None:
    stopped = run(*arguments, POINTSMAN_ROUTER_PORT="70000")
    assert stopped.returncode == 1
    assert stopped.stderr.startswith("pointsman: POINTSMAN_ROUTER_PORT=70000: ")
    assert "Traceback" not in stopped.stderr


def test_a_database_that_is_not_there_is_named() -> None:
    url = "postgresql://nobody@127.0.0.1:1/none"
    commands = (["migrate"], ["token", "create", "x"], ["node", "create", "x"], ["serve"], ["lint"])
    for arguments in commands:
        stopped = run(*arguments, POINTSMAN_DATABASE_URL=url)
        assert stopped.returncode == 1
        assert "the database cannot be reached" in stopped.stderr
        assert "Traceback" not in stopped.stderr


async def test_a_database_that_is_not_migrated_is_named(template_url: str) -> None:
    url = await copy_database(template_url, "unmigrated")
    connection = await asyncpg.connect(**connection_parameters(url))
    await connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    await connection.close()
    for arguments in (["token", "create", "x"], ["node", "create", "x"], ["serve"]):
        stopped = run(*arguments, POINTSMAN_DATABASE_URL=url)
        assert stopped.returncode == 1
        assert stopped.stderr.startswith("pointsman: the database lacks the migrations 0_")
        assert stopped.stderr.rstrip().endswith("run pointsman migrate")


@pytest.mark.parametrize("folder", ["/proc/pointsman", "/dev/null"])
def test_a_state_directory_that_cannot_be_is_named(folder: str) -> None:
    stopped = run("serve", POINTSMAN_STATE_DIR=folder)
    assert stopped.returncode == 1
    assert stopped.stderr.startswith(f"pointsman: POINTSMAN_STATE_DIR={folder} cannot be used: ")


def test_an_address_that_is_none_is_named(tmp_path: Path, template_url: str) -> None:
    stopped = run(
        "serve",
        POINTSMAN_STATE_DIR=str(tmp_path),
        POINTSMAN_DATABASE_URL=template_url,
        POINTSMAN_CONTROL_HOST="no host",
    )
    assert stopped.returncode == 1
    assert stopped.stderr.rstrip().endswith("set POINTSMAN_CONTROL_HOST")


def test_an_argument_that_is_no_text_is_refused() -> None:
    refused = run("token", "create", "\udcff")
    assert (refused.returncode, refused.stderr) == (1, "pointsman: an argument is no UTF-8\n")


async def test_a_token_needs_a_name(template_url: str) -> None:
    url = await copy_database(template_url, "nameless")
    for name in ("", "  ", "a\nb", "x" * 101):
        refused = run("token", "create", name, POINTSMAN_DATABASE_URL=url)
        assert refused.returncode == 1
        assert refused.stderr.startswith("pointsman: name: ")


async def test_it_makes_tokens_and_nodes(template_url: str) -> None:
    url = await copy_database(template_url, "cli")
    token = run("token", "create", "ops", POINTSMAN_DATABASE_URL=url).stdout.strip()
    made = run(
        *("node", "create", "n1", "--socket", "192.0.2.1:5060", "--trust", "192.0.2.0/28"),
        POINTSMAN_DATABASE_URL=url,
    )
    async with bound(url):
        assert await api_token_is_known(token)
        assert await node_token_is_known(made.stdout.strip())
    again = run("node", "create", "n1", POINTSMAN_DATABASE_URL=url)
    assert again.returncode == 1
    assert again.stderr == "pointsman: another Kamailio node has this name\n"
    wrong = run("node", "create", "n2", "--socket", "x", POINTSMAN_DATABASE_URL=url)
    assert wrong.stderr == (
        "pointsman: sockets[0]: 'x' is no SIP address, write ip:port, as 192.0.2.1:5060\n"
    )


def test_it_exports_and_checks_the_schema(tmp_path: Path) -> None:
    assert run("schema", "export", str(tmp_path)).returncode == 0
    assert run("schema", "check", "--directory", str(tmp_path)).returncode == 0
    file = tmp_path / "schema.graphql"
    file.write_text(file.read_text().replace("type Tenant {", "type Tenant {\n  phone: Int"))
    drift = run("schema", "check", "--directory", str(tmp_path))
    assert (drift.returncode, "schema.graphql" in drift.stderr) == (1, True)
    broken = run("schema", "check", str(file))
    assert broken.returncode == 1
    assert "Tenant.phone was removed" in broken.stderr


def test_what_is_no_schema_is_named(tmp_path: Path) -> None:
    file = tmp_path / "file"
    for content in (b"\xff\xfe\x00", b'{"a": ' * 100_000, b"{}"):
        file.write_bytes(content)
        stopped = run("schema", "check", str(file))
        assert stopped.returncode == 1
        assert stopped.stderr.startswith(f"pointsman: {file} is n")
    stopped = run("schema", "check", "")
    assert stopped.stderr.startswith("pointsman: '' is neither a file nor a git revision")
    stopped = run("schema", "export", str(file))
    assert stopped.stderr.startswith(f"pointsman: {file} cannot be written to: ")


def test_it_validates_a_clients_operations(tmp_path: Path) -> None:
    assert run("schema", "validate", "tests/operations.graphql").returncode == 0
    bad = tmp_path / "bad.graphql"
    bad.write_text("{ nonsense }")
    refused = run("schema", "validate", str(bad))
    assert refused.returncode == 1
    assert f"{bad}:1: Cannot query field 'nonsense' on type 'Query'." in refused.stderr


def test_it_checks_that_the_models_are_migrated() -> None:
    checked = run("migrate", "--check")
    assert checked.returncode == 0
    assert "all that the models do" in checked.stdout
