"""Every call at the callee against its record."""

from dataclasses import dataclass, field
from datetime import datetime

import asyncpg

from pointsman.database_url import connection_parameters
from tests.soak.parties import Talk

# A record's duration may differ by this from what the parties have seen, in seconds.
MOST_APART_S = 1.0
_SHOWN = 5


@dataclass
class Account:
    """What was found; each list has Call-IDs, and of durations both."""

    talks: int = 0
    recorded: int = 0
    records: int = 0
    states: dict[str, int] = field(default_factory=dict)
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    invented: list[str] = field(default_factory=list)
    durations_off: list[str] = field(default_factory=list)
    incomplete: list[str] = field(default_factory=list)

    @property
    def faults(self) -> list[str]:
        """What must not be, in words."""
        wrong = {
            "acknowledged at the callee, without a record": self.lost,
            "more than one record that was answered": self.doubled,
            "recorded as answered, and never answered at the callee": self.invented,
            f"durations more than {MOST_APART_S} s apart": self.durations_off,
        }
        return [
            f"{len(found)} calls: {what}, such as {', '.join(found[:_SHOWN])}"
            for what, found in wrong.items()
            if found
        ]


async def settle(
    database_url: str, since: datetime, talks: dict[str, Talk], calls: dict[str, Talk]
) -> Account:
    """Hold the records of a database, from a moment on, against the calls that the callee saw, and
    their durations against both parties': what one of them sent when Kamailio was killed reaches
    the other when it is sent again."""
    connection = await asyncpg.connect(**connection_parameters(database_url))
    try:
        rows = await connection.fetch(
            "SELECT sip_call_id, state, answered_at, ended_at FROM call_record "
            "WHERE started_at >= $1 ORDER BY started_at",
            since,
        )
    finally:
        await connection.close()
    talked = {call_id for call_id, talk in talks.items() if talk.acknowledged_at is not None}
    account = Account(talks=len(talked), records=len(rows))
    durations: dict[str, float | None] = {}
    for row in rows:
        account.states[row["state"]] = account.states.get(row["state"], 0) + 1
        if row["answered_at"] is None:
            continue
        call_id = row["sip_call_id"]
        if call_id in durations:
            account.doubled.append(call_id)
        ended = row["ended_at"]
        durations[call_id] = (ended - row["answered_at"]).total_seconds() if ended else None
    account.recorded = len(durations)
    account.lost = [call_id for call_id in sorted(talked) if call_id not in durations]
    account.invented = [call_id for call_id in durations if call_id not in talks]
    for call_id, talk in talks.items():
        recorded = durations.get(call_id)
        if not talk.durations_s or call_id not in durations:
            continue
        if recorded is None:
            account.incomplete.append(call_id)
            continue
        seen = talk.durations_s + (calls[call_id].durations_s if call_id in calls else [])
        if not min(seen) - MOST_APART_S <= recorded <= max(seen) + MOST_APART_S:
            account.durations_off.append(
                f"{call_id} ({min(seen):.1f} to {max(seen):.1f} s, on record {recorded:.1f} s)"
            )
    return account
