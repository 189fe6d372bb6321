"""`pointsman ship`, beside a Kamailio: what it records of calls goes to the platform."""

import fcntl
import os
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from pointsman.errors import BadEnvironment, BadSettings
from pointsman.settings import Settings, load_settings
from pointsman.shipper.platform import NotStored, Platform
from pointsman.shipper.shipper import REFUSED_NAME, Shipper
from pointsman.shipper.spool import Spool
from pointsman.telemetry import configure_logging

_LOCK_NAME = "ship.lock"


def ship(
    *,
    once: Annotated[
        bool, typer.Option("--once", help="Ship what is there, say what became of it, and end.")
    ] = False,
) -> None:
    """Ship the call records of the Kamailio on this machine until told to stop."""
    settings = load_settings()
    configure_logging(settings.log_level, settings.log_format, "ship")
    token = settings.node_token.get_secret_value()
    if not token:
        raise BadSettings(
            "POINTSMAN_NODE_TOKEN is not set: give it what pointsman node create printed"
        )
    with _only_one(settings.records_dir):
        shipper = _make_shipper(settings, token)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: shipper.stop())
        if once:
            _ship_once(shipper, settings)
        else:
            shipper.run()


def main(arguments: Sequence[str]) -> None:
    """The command by itself, without the others and what they need."""
    alone = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    alone.command()(ship)
    alone(args=list(arguments), prog_name="pointsman ship")


def _make_shipper(settings: Settings, token: str) -> Shipper:
    keep_s = settings.records_keep_h * 3_600
    try:
        return Shipper(
            Spool(settings.records_dir), Platform(settings.records_url, token), keep_s=keep_s
        )
    except OSError as error:
        raise _unusable(settings.records_dir, error) from None


def _ship_once(shipper: Shipper, settings: Settings) -> None:
    failure = None
    try:
        shipper.ship_all()
    except NotStored as error:
        failure = error
    done, refused, waiting = shipper.progress.delivered, shipper.progress.refused, shipper.waiting()
    typer.echo(
        f"{done.stored} stored, {done.duplicates} stored before, {done.conflicts} contradict what "
        f"is stored, {refused} refused, {waiting} bytes wait"
    )
    if failure is not None:
        raise BadEnvironment(f"not all could be shipped to {settings.records_url}: {failure}")
    if refused:
        raise BadEnvironment(
            f"{refused} lines are no records: see {settings.records_dir / REFUSED_NAME}"
        )


@contextmanager
def _only_one(directory: Path) -> Iterator[None]:
    """Hold the directory; raises BadEnvironment while another shipper does, or where it cannot be
    used."""
    try:
        lock = (directory / _LOCK_NAME).open("a+")
    except OSError as error:
        raise _unusable(directory, error) from None
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise BadEnvironment(
                f"another shipper (pid {lock.read().strip()}) ships {directory}: stop that one"
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def _unusable(directory: Path, error: OSError) -> BadEnvironment:
    return BadEnvironment(
        f"POINTSMAN_RECORDS_DIR={directory} cannot be used ({error.filename}: {error.strerror}): "
        "set it to the RECORDS_DIR of this Kamailio, and run as the user that Kamailio runs as"
    )
