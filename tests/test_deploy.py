"""The images, the compose file and the units, against what they name: no Docker engine needed."""

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from pointsman.cli import app
from pointsman.role_name import RoleName
from pointsman.settings import PREFIX, Settings
from tests.conftest import require

_ROOT = Path(__file__).parent.parent
_UNITS = _ROOT / "deploy" / "systemd"
_IMAGES = sorted((_ROOT / "deploy" / "images").glob("*.Dockerfile"))
_COMPOSE: dict[str, Any] = yaml.safe_load((_ROOT / "docker-compose.yml").read_text())
_SERVICES: dict[str, dict[str, Any]] = _COMPOSE["services"]
_OURS = {name: service for name, service in _SERVICES.items() if service["image"] == "pointsman"}


def test_compose_has_the_roles_a_database_and_kamailio() -> None:
    ours = {"migrate", "control", "records", "router", "ship", "agent"}
    assert set(_SERVICES) == {"postgres", "kamailio", "rtpengine", *ours}
    assert set(_OURS) == ours


@pytest.mark.parametrize("name", _SERVICES)
def test_compose_builds_from_images_that_are_here(name: str) -> None:
    build = _SERVICES[name].get("build")
    assert build is None or (_ROOT / build["context"] / build["dockerfile"]).is_file()


@pytest.mark.parametrize("name", _OURS)
def test_compose_runs_commands_that_exist(name: str) -> None:
    command = _OURS[name]["command"][0]
    assert command in {found.callback.__name__.removesuffix("_command") for found in _commands()}


@pytest.mark.parametrize("name", _OURS)
def test_compose_sets_settings_that_exist(name: str) -> None:
    known = {f"{PREFIX}{field}".upper() for field in Settings.model_fields}
    assert set(_OURS[name]["environment"]) <= known


@pytest.mark.parametrize("name", _SERVICES)
def test_compose_waits_for_services_that_exist(name: str) -> None:
    assert set(_SERVICES[name].get("depends_on", {})) <= set(_SERVICES)


def test_compose_publishes_sip_to_the_world_and_nothing_else() -> None:
    ports = [port for service in _SERVICES.values() for port in service.get("ports", [])]
    assert all(port.startswith("127.0.0.1:") for port in ports)
    # In the host's network are Kamailio, what ships its records and its agent, which listen to
    # nothing, RTPEngine, which takes its orders on loopback, and the router, which listens there by
    # default.
    in_hosts = {name for name in _SERVICES if _SERVICES[name].get("network_mode") == "host"}
    assert in_hosts == {"kamailio", "rtpengine", "router", "ship", "agent"}
    assert "--listen-ng=127.0.0.1:2223" in _SERVICES["rtpengine"]["command"]
    assert "POINTSMAN_ROUTER_HOST" not in _SERVICES["router"]["environment"]
    assert Settings.model_fields["router_host"].default == "127.0.0.1"


def test_compose_waits_for_the_database_that_stays() -> None:
    """The first start's temporary server has a socket only."""
    assert "--host=127.0.0.1" in _SERVICES["postgres"]["healthcheck"]["test"]


def test_the_agent_may_open_kamailios_socket_and_nobody_else() -> None:
    image = (_ROOT / "deploy" / "images" / "kamailio.Dockerfile").read_text()
    (uid,) = re.findall(r"useradd .*--uid (\d+) .* kamailio ", image)
    assert _SERVICES["agent"]["user"] == uid
    assert _SERVICES["agent"]["volumes"] == ["kamailio:/run/kamailio"]
    assert "kamailio:/run/kamailio" in _SERVICES["kamailio"]["volumes"]
    socket = _SERVICES["kamailio"]["environment"]["RPC_SOCKET"]
    assert Path(socket) == Settings.model_fields["kamailio_rpc_socket"].default


def _unit(name: str) -> dict[str, list[str]]:
    """The values of each key, comments left out."""
    found: dict[str, list[str]] = {}
    for line in (_UNITS / name).read_text().splitlines():
        if "=" in line and not line.startswith("#"):
            key, _, value = line.partition("=")
            found.setdefault(key, []).append(value)
    return found


@pytest.mark.parametrize("name", ["pointsman-agent", "pointsman-ship", "pointsman@"])
def test_a_unit_runs_a_command_that_exists_for_ever(name: str) -> None:
    unit = _unit(f"{name}.service")
    (command,) = re.findall(r"/pointsman (\w+)", unit["ExecStart"][0])
    names = {found.callback.__name__.removesuffix("_command") for found in _commands()}
    assert command in names
    assert unit["Restart"] == ["always"]
    known = {f"{PREFIX}{field}".upper() for field in Settings.model_fields}
    assert {setting.partition("=")[0] for setting in unit["Environment"]} <= known


def test_what_runs_beside_kamailio_runs_as_it_and_writes_where_it_does() -> None:
    unit = _unit("pointsman-ship.service")
    assert _unit("pointsman-agent.service")["User"] == ["kamailio"]
    assert unit["ReadWritePaths"] == [str(Settings.model_fields["records_dir"].default)]
    assert (unit["User"], unit["Group"]) == (["kamailio"], ["kamailio"])


def test_the_roles_unit_has_each_role_that_nobody_else_starts() -> None:
    unit = _unit("pointsman@.service")
    assert unit["ExecStart"][0].endswith(" serve %i")
    text = (_UNITS / "pointsman@.service").read_text()
    assert set(re.findall(r"pointsman@(\w+)", text)) == set(RoleName) - {RoleName.COMPILER}


def test_kamailio_is_started_again_however_it_ends() -> None:
    unit = _unit("kamailio.service.d/pointsman.conf")
    assert (unit["Restart"], unit["KillMode"]) == (["always"], ["mixed"])
    assert unit["RuntimeDirectoryPreserve"] == ["yes"]
    # As the image starts it.
    started = (_ROOT / "deploy" / "images" / "kamailio-entrypoint.sh").read_text()
    assert "kamailio -x tlsf " in started
    assert unit["ExecStart"][0] == ""
    assert unit["ExecStart"][1].startswith("/usr/sbin/kamailio -x tlsf ")
    assert f'"${{PKG_MB:-{unit["Environment"][0].removeprefix("PKG_MEMORY=")}}}"' in started


@pytest.mark.parametrize("name", [
    "pointsman-agent.service", "pointsman-ship.service", "pointsman@router.service",
    "kamailio.service",
])  # fmt: skip
def test_systemd_finds_nothing_wrong_with_a_unit(tmp_path: Path, name: str) -> None:
    require(*(["systemd-analyze"] if shutil.which("systemd-analyze") is None else []))
    shutil.copytree(_UNITS, tmp_path, dirs_exist_ok=True)
    for file in tmp_path.glob("*.service"):
        file.write_text(file.read_text().replace("/opt/pointsman/.venv/bin/pointsman", "/bin/true"))
    (tmp_path / "kamailio.service").write_text("[Service]\nType=forking\nExecStart=/bin/false\n")
    drop_in = tmp_path / "kamailio.service.d" / "pointsman.conf"
    drop_in.write_text(drop_in.read_text().replace("/usr/sbin/kamailio", "/bin/true"))
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(tmp_path / name)],
        env=os.environ | {"SYSTEMD_UNIT_PATH": f"{tmp_path}:"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")


def test_no_image_gets_a_nodes_own_file() -> None:
    ignored = (_ROOT / ".dockerignore").read_text().splitlines()
    assert "kamailio/kamailio-local.cfg" in ignored
    assert {".git", ".venv"} <= set(ignored)


def test_compose_gives_kamailio_what_its_entrypoint_reads() -> None:
    text = (_ROOT / "deploy" / "images" / "kamailio-entrypoint.sh").read_text()
    read = set(re.findall(r"\$\{([A-Z_]+)", text))
    for file in (_ROOT / "kamailio").glob("*.cfg"):
        read |= set(re.findall(r"^#!ifn?def ([A-Z0-9_]+)$", file.read_text(), re.MULTILINE))
    assert set(_SERVICES["kamailio"]["environment"]) <= read


def test_compose_ships_the_records_that_kamailio_writes_as_its_own_user() -> None:
    ship, kamailio = _SERVICES["ship"], _SERVICES["kamailio"]
    folder = str(Settings.model_fields["records_dir"].default)
    assert ship["volumes"] == [f"records:{folder}"]
    assert f"records:{folder}" in kamailio["volumes"]
    made = (_ROOT / "deploy" / "images" / "kamailio.Dockerfile").read_text()
    assert f"useradd --system --uid {ship['user']} " in made
    for image in _IMAGES:
        if image.stem == "rtpengine":
            continue
        assert re.search(rf"install -d -o \w+ -g \w+ -m 750 {folder}\b", image.read_text())
    assert Settings.model_fields["records_url"].default == "http://127.0.0.1:8082"
    assert "127.0.0.1:8082:8082" in _SERVICES["records"]["ports"]


@pytest.mark.parametrize("image", _IMAGES, ids=lambda image: image.stem)
def test_an_image_copies_files_that_are_here(image: Path) -> None:
    copied = re.findall(r"^COPY (?!--from)(\S+) ", image.read_text(), re.MULTILINE)
    assert copied
    for pattern in copied:
        assert list(_ROOT.glob(pattern)), pattern


@pytest.mark.parametrize("image", _IMAGES, ids=lambda image: image.stem)
def test_an_image_does_not_run_as_root(image: Path) -> None:
    users = re.findall(r"^USER (\S+)", image.read_text(), re.MULTILINE)
    assert users
    assert users[-1] != "root"


def _commands() -> list[Any]:
    return app.registered_commands
