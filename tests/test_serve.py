"""`pointsman serve --demo` as a user starts it: everything up, restarted, and stopped."""

import json
import os
import re
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

_TIMEOUT_S = 90


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Served:
    """A running `pointsman serve --demo` on a state directory and ports of its own."""

    def __init__(self, directory: Path) -> None:
        self.state_dir = directory / "made" / "by" / "the start"
        self.control, self.router, self.records = (_free_port() for _ in range(3))
        self.output = directory / "output"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> dict[str, str]:
        """Its settings and nothing of those here; and what a machine may have in the way of it:
        a proxy for the world, what leads to another PostgreSQL."""
        inherited = {k: v for k, v in os.environ.items() if not k.startswith("POINTSMAN_")}
        return {
            **inherited,
            "POINTSMAN_STATE_DIR": str(self.state_dir),
            "POINTSMAN_CONTROL_PORT": str(self.control),
            "POINTSMAN_ROUTER_PORT": str(self.router),
            "POINTSMAN_RECORDS_PORT": str(self.records),
            "http_proxy": "http://127.0.0.1:1",
            "PGPORT": "5999",
            "PGSSLMODE": "verify-full",
            "PGTARGETSESSIONATTRS": "standby",
        }

    def start(self) -> str:
        """Start it and wait until it says that it is up; what it printed."""
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "pointsman", "serve", "--demo"],
                env=self.environment,
                stdout=output,
                stderr=output,
                stdin=subprocess.DEVNULL,
                umask=0o077,
            )
        wait_until(lambda: "make call" in self.output.read_text() or self.ended)
        printed = self.output.read_text()
        assert not self.ended, printed
        return printed

    @property
    def ended(self) -> bool:
        """Whether the process has ended."""
        return self.process is not None and self.process.poll() is not None

    def descendants(self) -> dict[int, str]:
        """All processes that it started, with their command lines."""
        assert self.process is not None
        found: dict[int, str] = {}
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                command = (
                    (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                )
                environment = (folder / "environ").read_bytes()
            except OSError:
                continue
            ours = f"POINTSMAN_STATE_DIR={self.state_dir}".encode() in environment
            if int(folder.name) != self.process.pid and ours:
                found[int(folder.name)] = command
        return found

    def pid_of(self, part: str) -> int:
        """The process whose command line has this part."""
        (pid,) = [pid for pid, command in self.descendants().items() if part in command]
        return pid

    def ready(self, port: int) -> dict[str, object] | None:
        """What /readyz says, or None."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
                found: dict[str, object] = json.load(answer)
                return found
        except OSError:
            return None

    def graphql(self, query: str, **variables: Any) -> Any:
        """The result of an operation of the first administrator's."""
        token = (self.state_dir / "tokens" / "admin").read_text().strip()
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.control}/graphql",
            data=json.dumps({"query": query, "variables": variables}).encode(),
            headers={"authorization": f"Bearer {token}", "content-type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)["data"]["result"]

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        """Stop it as a Ctrl-C does; its exit status."""
        assert self.process is not None
        self.process.send_signal(number)
        return self.process.wait(_TIMEOUT_S)


def wait_until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + _TIMEOUT_S
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    directory = Path(tempfile.mkdtemp(prefix="pointsman-serve-"))
    directory.chmod(0o755)
    running = Served(directory)
    yield running
    if running.process is not None and not running.ended:
        running.stop()
    shutil.rmtree(directory)


@pytest.fixture
def first_output(served: Served) -> str:
    """What the first start printed; later tests find it running."""
    if served.process is None:
        served.start()
    return served.output.read_text()


def test_the_first_start_prints_the_tokens_and_keeps_them_for_the_owner(
    served: Served, first_output: str
) -> None:
    for name, prefix in (("admin", "pma_"), ("node", "pmn_")):
        file = served.state_dir / "tokens" / name
        token = file.read_text().strip()
        assert token.startswith(prefix)
        assert token in first_output
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


@pytest.mark.usefixtures("first_output")
def test_the_first_start_makes_a_key_for_secrets_and_shows_it_nowhere(served: Served) -> None:
    file = served.state_dir / "tokens" / "secrets"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    key = file.read_text().strip()
    tenant = served.graphql("{ result: tenants { nodes { id } } }")["nodes"][0]["id"]
    fields = {"outboundUsername": "u", "outboundPassword": "canary"}
    created = served.graphql(
        "mutation ($input: CreateTrunkInput!) { result: createTrunk(input: $input) "
        "{ __typename ... on Trunk { id hasOutboundPassword } } }",
        input={"name": "signs in", "tenantId": tenant, **fields},
    )
    assert (created["__typename"], created["hasOutboundPassword"]) == ("Trunk", True)
    delete = "mutation ($id: ID!) { result: deleteTrunk(id: $id) { __typename } }"
    assert served.graphql(delete, id=created["id"]) == {"__typename": "Deleted"}
    printed = served.output.read_text()
    assert key not in printed
    assert "canary" not in printed


def test_the_printed_curl_gets_a_route(first_output: str) -> None:
    command = re.search(r"^  (curl(?:.*\\\n)+.*)$", first_output, re.MULTILINE)
    assert command is not None
    answer = subprocess.run(["bash", "-c", command[1]], capture_output=True, text=True, check=True)
    rtjson = json.loads(answer.stdout)["rtjson"]
    assert rtjson["success"] is True
    assert rtjson["routes"][0]["dst_uri"] == "sip:127.0.0.21:5081"


def test_the_printed_address_serves_graphql_and_its_console(
    served: Served, first_output: str
) -> None:
    url = f"http://127.0.0.1:{served.control}/graphql"
    assert url in first_output
    with urllib.request.urlopen(url, timeout=10) as page:
        assert b"GraphiQL" in page.read()
    token = (served.state_dir / "tokens" / "admin").read_text().strip()
    request = urllib.request.Request(
        url,
        data=json.dumps({"query": "{ tenants { nodes { name } } }"}).encode(),
        headers={"authorization": f"Bearer {token}", "content-type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        assert json.load(answer) == {"data": {"tenants": {"nodes": [{"name": "Acme"}]}}}


@pytest.mark.usefixtures("first_output")
def test_health_tells_the_revision(served: Served) -> None:
    def revisions() -> list[object]:
        said = [served.ready(port) for port in (served.router, served.control)]
        return [each["revision"] for each in said if each is not None]

    # The newest of them may have just been made.
    wait_until(lambda: len(revisions()) == 2 and len({*revisions()}) == 1)
    router = served.ready(served.router)
    assert router is not None
    assert isinstance(router["age_s"], float)
    with urllib.request.urlopen(f"http://127.0.0.1:{served.router}/metrics", timeout=5) as answer:
        assert f"pointsman_snapshot_revision {router['revision']}.0" in answer.read().decode()


@pytest.mark.usefixtures("first_output")
def test_the_records_role_is_ready_too(served: Served) -> None:
    assert served.ready(served.records) == {"ready": True, "missing_migrations": []}


@pytest.mark.usefixtures("first_output")
def test_a_forwarded_address_is_not_believed(served: Served) -> None:
    """From loopback, where a web server would take X-Forwarded-For for the peer's address."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{served.router}/kamailio/rtjson",
        data=b"{}",
        headers={"x-forwarded-for": "127.0.0.1", "forwarded": "for=127.0.0.1"},
    )
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(request, timeout=5)
    assert caught.value.code == 401
    caught.value.close()


@pytest.mark.usefixtures("first_output")
@pytest.mark.parametrize("part", ["serve control", "serve router", "serve records", "postgres -D"])
def test_what_dies_is_started_again(served: Served, part: str) -> None:
    pid = served.pid_of(part)
    os.kill(pid, signal.SIGKILL)
    wait_until(lambda: any(part in c and p != pid for p, c in served.descendants().items()))
    ports = (served.router, served.control, served.records)
    wait_until(lambda: all(served.ready(port) for port in ports))


@pytest.mark.usefixtures("first_output")
def test_another_one_on_the_same_state_or_port_is_refused(served: Served) -> None:
    def refused(environment: dict[str, str]) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "pointsman", "serve", "--demo"],
            env=environment, capture_output=True, text=True, check=False, timeout=_TIMEOUT_S,
        )  # fmt: skip
        assert done.returncode == 1
        assert "Traceback" not in done.stderr
        return done.stderr

    assert served.process is not None
    same_state = refused(served.environment)
    assert f"another pointsman (pid {served.process.pid}) runs on" in same_state
    other = Path(tempfile.mkdtemp(prefix="pointsman-serve-"))
    other.chmod(0o755)
    same_port = refused({**served.environment, "POINTSMAN_STATE_DIR": str(other)})
    assert f"cannot listen on 127.0.0.1:{served.control}" in same_port
    assert "POINTSMAN_CONTROL_PORT" in same_port
    shutil.rmtree(other)
    assert served.ready(served.router)


@pytest.mark.usefixtures("first_output")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_everything_and_starts_again_as_it_was(
    served: Served, number: signal.Signals
) -> None:
    tokens = {file.name: file.read_text() for file in (served.state_dir / "tokens").iterdir()}
    before = served.ready(served.router)
    started = set(served.descendants())
    assert len(started) >= 3
    assert served.stop(number) == 0
    wait_until(lambda: not set(served.descendants()) & started)
    printed = served.start()
    assert not any(token.strip() in printed for token in tokens.values())
    after = {file.name: file.read_text() for file in (served.state_dir / "tokens").iterdir()}
    assert after == tokens
    again = served.ready(served.router)
    assert before is not None
    assert again is not None
    assert again["revision"] == before["revision"]


@pytest.mark.usefixtures("first_output")
def test_a_lost_token_file_is_made_anew(served: Served) -> None:
    served.stop()
    for file in (served.state_dir / "tokens").iterdir():
        file.unlink()
    printed = served.start()
    for name in ("admin", "node"):
        assert (served.state_dir / "tokens" / name).read_text().strip() in printed


@pytest.mark.usefixtures("first_output")
def test_killed_it_leaves_nothing_running(served: Served) -> None:
    started = set(served.descendants())
    served.stop(signal.SIGKILL)
    wait_until(lambda: not set(served.descendants()) & started)
