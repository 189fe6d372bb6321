"""The entry point of Kamailio's image, run as the image runs it."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.sip.harness.certificates import Authority
from tests.sip.harness.kamailio import CONFIGURATION, Kamailio
from tests.sip.harness.phone import Phone
from tests.sip.harness.ports import free_udp_port
from tests.sip.harness.wires import Stream

_ENTRYPOINT = CONFIGURATION.parent / "deploy" / "images" / "kamailio-entrypoint.sh"
_SETTINGS = CONFIGURATION.parent / "deploy" / "kamailio" / "settings-from-environment.sh"
_HOST = "127.0.0.1"


def test_it_starts_kamailio_with_what_the_environment_says(
    real_parts: None, tmp_path: Path
) -> None:
    for file in (*CONFIGURATION.glob("*.cfg"), *CONFIGURATION.glob("*.lua")):
        shutil.copy(file, tmp_path)
    # As the last start left it, when this container was killed: its number is that of the next.
    (tmp_path / "kamailio.pid").write_text(f"{os.getpid()}\n")
    kamailio = Kamailio(tmp_path, _HOST, free_udp_port(_HOST))
    kamailio.start_by(
        ["sh", str(_ENTRYPOINT)],
        KAMAILIO_DIR=str(tmp_path),
        KAMAILIO_RUN_DIR=str(tmp_path),
        NODE_NAME="node-1",
        NODE_TOKEN="pmn_token",
        SIP_LISTEN=f"udp:{_HOST}:{kamailio.port} tcp:{_HOST}:{kamailio.port}",
        SIP_ADVERTISE=f"192.0.2.1:{kamailio.port}",
        REGISTRATION_CONTACT=f"192.0.2.1:{kamailio.port}",
        SHM_MB="64",
        MAX_IN_FLIGHT="300",
        EMERGENCY_NUMBERS="^(112|118)$",
        DIALOG_SECRET="what two nodes know",
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
        f'#!define REGISTRATION_CONTACT "192.0.2.1:{kamailio.port}"',
        '#!define DIALOG_SECRET "what two nodes know"',
        "#!define MAX_IN_FLIGHT 300",
        '#!define EMERGENCY_NUMBERS "^(112|118)$"',
        f'#!define RPC_SOCKET "{tmp_path}/pointsman.sock"',
        f'#!define RECORDS_LUA "{tmp_path}/records.lua"',
        "#!define WITH_ANSWER_CAP",
        "#!define WITH_REGISTRATION",
    ]


def test_it_speaks_tls_with_the_files_that_the_environment_names(
    real_parts: None, tmp_path: Path
) -> None:
    authority = Authority(tmp_path, "authority")
    shown = authority.issue(_HOST)
    for file in (*CONFIGURATION.glob("*.cfg"), *CONFIGURATION.glob("*.lua")):
        shutil.copy(file, tmp_path)
    kamailio = Kamailio(tmp_path, _HOST, free_udp_port(_HOST))
    port = free_udp_port(_HOST)
    kamailio.start_by(
        ["sh", str(_ENTRYPOINT)],
        KAMAILIO_DIR=str(tmp_path),
        KAMAILIO_RUN_DIR=str(tmp_path),
        NODE_TOKEN="pmn_token",
        SIP_LISTEN=f"udp:{_HOST}:{kamailio.port} tls:{_HOST}:{port}",
        SIP_ADVERTISE="192.0.2.1",
        SHM_MB="64",
        WITH_TLS="yes",
        TLS_CERTIFICATE=str(shown.certificate),
        TLS_PRIVATE_KEY=str(shown.key),
        TLS_CA_LIST=str(authority.file),
    )
    try:
        with Phone("TLS", _HOST, tls=shown.server()) as phone:
            way = phone.dial((_HOST, port), authority.client())
            assert isinstance(way, Stream)
            assert way.certificate == shown.der
    finally:
        kamailio.stop()
    assert (tmp_path / "kamailio-local.cfg").read_text().splitlines()[:2] == [
        f"listen=udp:{_HOST}:{kamailio.port} advertise 192.0.2.1:{kamailio.port}",
        f"listen=tls:{_HOST}:{port} advertise 192.0.2.1:{port}",
    ]
    lines = (tmp_path / "tls-domains.cfg").read_text().splitlines()
    own = [f"certificate = {shown.certificate}", f"private_key = {shown.key}"]
    assert lines == [
        *("[server:default]", "method = TLSv1.2+", "verify_client = off", *own),
        *("[client:default]", "method = TLSv1.2+"),
        *("verify_certificate = yes", "require_certificate = yes"),
        *(f"ca_list = {authority.file}", *own),
    ]


def test_tls_without_its_files_is_refused(tmp_path: Path) -> None:
    run = subprocess.run(
        ["sh", str(_ENTRYPOINT)],
        env={
            "KAMAILIO_DIR": str(tmp_path),
            "PATH": "/usr/bin:/bin",
            "NODE_TOKEN": "pmn_token",
            "SIP_LISTEN": "tls:192.0.2.1:5061",
            "WITH_TLS": "yes",
            "TLS_CERTIFICATE": "/etc/kamailio/tls/certificate.pem",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode != 0
    assert "TLS_PRIVATE_KEY: set TLS_PRIVATE_KEY to the key of TLS_CERTIFICATE" in run.stderr
    assert not list(tmp_path.iterdir())


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


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("MAX_IN_FLIGHT", "300 or so", "MAX_IN_FLIGHT: '300 or so' is neither a number nor a name"),
        ("EMERGENCY_NUMBERS", '"112"', "EMERGENCY_NUMBERS: leave the quotes out"),
        ("EMERGENCY_NUMBERS", "112\nloadmodule", "EMERGENCY_NUMBERS: no value has several lines"),
    ],
)
def test_a_setting_that_is_none_is_refused(
    tmp_path: Path, name: str, value: str, said: str
) -> None:
    for file in CONFIGURATION.glob("*.cfg"):
        shutil.copy(file, tmp_path)
    before = sorted(tmp_path.iterdir())
    run = subprocess.run(
        ["sh", str(_ENTRYPOINT)],
        env={
            "KAMAILIO_DIR": str(tmp_path),
            "PATH": "/usr/bin:/bin",
            "NODE_TOKEN": "pmn_token",
            "SIP_LISTEN": "udp:192.0.2.1:5060",
            name: value,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode != 0
    assert said in run.stderr
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize(
    ("listen", "said"),
    [
        ("", "SIP_LISTEN: set SIP_LISTEN to the sockets of this node"),
        ("udp:0.0.0.0:5060", "udp:0.0.0.0:5060, which is no address"),
        ("udp:[::]:5060", "udp:[::]:5060, which is no address"),
        ("udp:192.0.2.1:5060 udp::5060", "udp::5060, which is no address"),
    ],
)
def test_an_address_that_is_none_is_refused(tmp_path: Path, listen: str, said: str) -> None:
    """As Via and Record-Route it would lead answers and BYEs nowhere."""
    run = subprocess.run(
        ["sh", str(_ENTRYPOINT)],
        env={
            "KAMAILIO_DIR": str(tmp_path),
            "PATH": "/usr/bin:/bin",
            "NODE_TOKEN": "pmn_token",
            "SIP_LISTEN": listen,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode != 0
    assert said in run.stderr
    assert not list(tmp_path.iterdir())


def _options() -> list[str]:
    """What the configuration asks whether it is defined, and does not define itself."""
    text = "\n".join(file.read_text() for file in CONFIGURATION.glob("*.cfg"))
    asked = set(re.findall(r"^#!ifn?def (\w+)$", text, re.MULTILINE))
    return sorted(asked - set(re.findall(r"^#!trydef (\w+) ", text, re.MULTILINE)))


def _defined(name: str, value: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", str(_SETTINGS), str(CONFIGURATION)],
        env={"PATH": "/usr/bin:/bin", name: value},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("name", _options())
def test_every_option_of_the_configuration_is_taken_from_the_environment(name: str) -> None:
    if name == "STATUS_LISTEN":
        value = "tcp:[::1]:9063"
        assert _defined(name, value).stdout == f"#!define {name} {value}\n"
        assert _defined(name, "tcp:[::1]:9063\nloadmodule").returncode != 0
        return
    assert _defined(name, "yes").stdout == f"#!define {name}\n"
    assert _defined(name, "no").stdout == ""
    said = f"{name}: set it to yes or no, not to 'true'\n"
    assert _defined(name, "true").stderr == said


def test_options_are_more_than_those_that_begin_with_with() -> None:
    assert {"NONCE_FOR_MANY_CALLS", "OFFER_MD5_ALONE", "WITHOUT_NAT", "STATUS_LISTEN"} <= set(
        _options()
    )
