import os
import pwd
import signal
import stat
import subprocess
import sys
import tempfile
import textwrap
import time
from pathlib import Path

import asyncpg
import pytest
from structlog.testing import capture_logs

from pointsman.database_url import connection_parameters
from pointsman.errors import BadEnvironment
from pointsman.postgres import ACCOUNT, EmbeddedPostgres
from tests.conftest import discard, require, start_postgres


@pytest.fixture
def as_root() -> None:
    if os.geteuid() != 0:
        require("root, which this is about")


async def _value(server: EmbeddedPostgres, sql: str) -> object:
    connection = await asyncpg.connect(**connection_parameters(server.url))
    try:
        return await connection.fetchval(sql)
    finally:
        await connection.close()


async def test_it_listens_on_a_socket_of_its_owner_alone() -> None:
    server = start_postgres()
    try:
        assert await _value(server, "SHOW listen_addresses") == ""
        assert int(str(await _value(server, "SHOW server_version_num"))) >= 150_000
        mode = stat.S_IMODE((server.directory / "socket").stat().st_mode)
        assert mode == stat.S_IMODE((server.directory / "data").stat().st_mode) == 0o700
    finally:
        discard(server)


async def test_what_is_written_is_there_after_a_restart() -> None:
    server = start_postgres()
    try:
        connection = await asyncpg.connect(**connection_parameters(server.url))
        await connection.execute("CREATE TABLE kept AS SELECT 42 AS value")
        await connection.close()
        server.stop()
        assert not server.running
        server.start()
        assert server.running
        assert await _value(server, "SELECT value FROM kept") == 42
    finally:
        discard(server)


def test_kept_running_it_is_started_again_on_its_data() -> None:
    server = start_postgres()
    try:
        kept = server.kept()
        server.stop(signal.SIGKILL)
        kept.check(time.monotonic() + 60)
        assert server.running
        assert kept.process is server._server
    finally:
        discard(server)


def test_kept_running_it_is_not_started_on_an_empty_database_when_its_data_is_gone() -> None:
    server = start_postgres()
    try:
        kept = server.kept()
        server.stop(signal.SIGKILL)
        data = server.directory / "data"
        data.rename(server.directory / "away")
        with capture_logs() as logs:
            kept.check(time.monotonic() + 60)
        assert not server.running
        assert not data.exists()
        assert f"data is gone from {data}: bring it back" in logs[-1]["why"]
    finally:
        discard(server)


@pytest.mark.usefixtures("as_root")
def test_under_root_it_runs_as_a_user_of_ours_and_opens_nobodys_folder() -> None:
    before = {path: path.stat().st_mode for path in [Path(sys.prefix), *Path(sys.prefix).parents]}
    server = start_postgres()
    try:
        assert server._server is not None
        owner = Path(f"/proc/{server._server.pid}").stat().st_uid
        assert owner == pwd.getpwnam(ACCOUNT).pw_uid != 0
        assert {path: path.stat().st_mode for path in before} == before
    finally:
        discard(server)


@pytest.mark.usefixtures("as_root")
def test_a_state_directory_that_our_user_cannot_reach_is_named() -> None:
    # Not pytest's own folder, whose path may be too long for a socket.
    with tempfile.TemporaryDirectory(prefix="pointsman-") as directory:
        closed = Path(directory)
        with pytest.raises(BadEnvironment, match=r"cannot reach .* is closed to others"):
            EmbeddedPostgres(closed / "postgresql").start()
        assert stat.S_IMODE(closed.stat().st_mode) == 0o700


def test_a_path_that_is_too_long_for_a_socket_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadEnvironment, match="too long for a unix socket"):
        EmbeddedPostgres(tmp_path / ("x" * 120)).start()


def test_data_of_another_version_is_left_alone() -> None:
    server = start_postgres()
    server.stop()
    try:
        version = server.directory / "data" / "PG_VERSION"
        version.write_text("9.6\n")
        with pytest.raises(BadEnvironment, match=r"made by PostgreSQL 9\.6"):
            server.start()
        assert version.read_text() == "9.6\n"
    finally:
        discard(server)


def test_it_ends_with_the_process_that_started_it() -> None:
    server = start_postgres()
    server.stop()
    script = textwrap.dedent(
        """
        import sys, time
        from pathlib import Path
        from pointsman.postgres import EmbeddedPostgres
        server = EmbeddedPostgres(Path(sys.argv[1]))
        server.start()
        print(server._server.pid, flush=True)
        time.sleep(600)
        """
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", script, str(server.directory)], stdout=subprocess.PIPE
    )
    assert parent.stdout is not None
    try:
        pid = int(parent.stdout.readline())
        parent.send_signal(signal.SIGKILL)
        parent.wait()
        deadline = time.monotonic() + 60
        while Path(f"/proc/{pid}").exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        assert not Path(f"/proc/{pid}").exists()
        server.start()
        assert server.running
    finally:
        parent.kill()
        parent.wait()
        parent.stdout.close()
        discard(server)
