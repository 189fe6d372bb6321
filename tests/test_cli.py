"""The command line, as a process."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pointsman import __version__
from pointsman.services.api_tokens import api_token_is_known
from pointsman.services.kamailio_nodes import node_token_is_known
from tests.conftest import bound, copy_database

_ROOT = Path(__file__).parents[1]


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `pointsman`."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("POINTSMAN_")}
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
    for command in ("serve", "migrate", "settings", "token", "node", "schema"):
        assert command in shown


def test_it_documents_its_settings_without_their_secrets() -> None:
    url = "postgresql://pointsman:hunter2@db.example/pointsman"
    shown = run("settings", POINTSMAN_DATABASE_URL=url)
    assert shown.returncode == 0
    for name in ("POINTSMAN_DATABASE_URL", "POINTSMAN_STATE_DIR", "POINTSMAN_ROUTER_PORT"):
        assert name in shown.stdout
    assert "hunter2" not in shown.stdout


@pytest.mark.parametrize("arguments", [["settings"], ["serve"], ["serve", "router"], ["migrate"]])
def test_a_bad_setting_stops_it_and_is_named(arguments: list[str]) -> None:
    stopped = run(*arguments, POINTSMAN_ROUTER_PORT="70000")
    assert stopped.returncode == 1
    assert stopped.stderr.startswith("pointsman: POINTSMAN_ROUTER_PORT=70000: ")
    assert "Traceback" not in stopped.stderr


def test_a_database_that_is_not_there_is_named() -> None:
    url = "postgresql://nobody@127.0.0.1:1/none"
    for arguments in (["migrate"], ["token", "create", "x"]):
        stopped = run(*arguments, POINTSMAN_DATABASE_URL=url)
        assert stopped.returncode == 1
        assert "the database cannot be reached" in stopped.stderr
        assert "Traceback" not in stopped.stderr


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
