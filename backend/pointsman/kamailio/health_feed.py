"""The health of endpoints that decides calls: what the agent of each Kamailio node has told last.

A file for each node beside the snapshot, written by whichever worker is told and followed by all.
It is no configuration: what was not confirmed for a while counts no more, and a router without any
of it decides as if all were well.
"""

import asyncio
import os
import time
from collections.abc import Mapping
from pathlib import Path

import msgspec
import structlog
from msgspec import Struct

from pointsman.kamailio.probed_endpoint import HealthReport
from pointsman.routing.health import Health

DIRECTORY = "health"
_LOOK_S = 0.05
_SETTLES_S = 0.5
# An agent that is started anew goes on from what was found, also where calls do not any more.
_TAKEN_OVER_S = 600.0

log = structlog.get_logger()


class StoredReport(Struct, frozen=True):
    """A node's report, and when it was told (Unix time)."""

    told_at: float
    report: HealthReport


_DECODER = msgspec.json.Decoder(StoredReport)


class HealthFeed:
    """Follows the reports in a directory; each is believed for `max_age_s`."""

    def __init__(self, directory: Path, max_age_s: float) -> None:
        self._directory = directory / DIRECTORY
        self._max_age_s = max_age_s
        self._seen = 0
        self._expires_at = float("inf")
        self._told: dict[str, StoredReport] = {}
        # The health of endpoints by the id of the node that finds it so; of nodes that find
        # nothing wrong there is none.
        self.by_node: Mapping[str, Health] = {}

    def report_of(self, node_id: str) -> HealthReport:
        """What a node told last, unless that was long ago."""
        told = self._told.get(node_id)
        if told is None or abs(time.time() - told.told_at) > max(_TAKEN_OVER_S, self._max_age_s):
            return HealthReport()
        return told.report

    def store(self, node_id: str, report: HealthReport) -> None:
        """Keep what a node tells, for all workers."""
        self._directory.mkdir(mode=0o700, exist_ok=True)
        written = self._directory / f".{node_id}.{os.getpid()}"
        written.write_bytes(msgspec.json.encode(StoredReport(time.time(), report)))
        written.replace(self._directory / node_id)
        self.look()

    async def follow(self) -> None:
        """Follow until cancelled."""
        while True:
            try:
                self.look()
            except Exception:
                log.exception("the health of endpoints cannot be followed, trying again")
            await asyncio.sleep(_LOOK_S)

    def look(self) -> None:
        """Take what is new, and leave what is too old."""
        try:
            changed = self._directory.stat().st_mtime_ns
        except FileNotFoundError:
            changed = 0
        # Two changes within a moment may have one time: it takes a while to know what is last.
        if changed != self._seen or time.time() - changed / 1e9 < _SETTLES_S:
            self._seen = changed
            self._told = self._read()
        elif time.time() < self._expires_at:
            return
        counting = {node_id: told for node_id, told in self._told.items() if self._counts(told)}
        self._expires_at = min(
            (told.told_at + self._max_age_s for told in counting.values()), default=float("inf")
        )
        self.by_node = {
            node_id: dict.fromkeys(told.report.down, 1.0)
            for node_id, told in counting.items()
            if told.report.down
        }

    def _counts(self, told: StoredReport) -> bool:
        """A clock that was set back a little makes no report last for ever."""
        return abs(time.time() - told.told_at) < self._max_age_s

    def _read(self) -> dict[str, StoredReport]:
        """What the files say; one that cannot be read says nothing."""
        found: dict[str, StoredReport] = {}
        for file in self._directory.glob("[!.]*"):
            try:
                found[file.name] = _DECODER.decode(file.read_bytes())
            except (OSError, msgspec.MsgspecError) as error:
                log.warning("a report of health is left out", file=str(file), error=str(error))
        return found
