"""Whether a compiler makes snapshots of the newest configuration."""

from pointsman.database import transaction
from pointsman.models import EventKind
from pointsman.services.events import NewEvent, raise_events
from pointsman.services.troubles import Subject, begin_troubles, end_troubles

_ERROR = 1_000


async def store_snapshot_state(host: str, revision: int | None, failing: str) -> None:
    """What the compiler of a host says: `failing` is why it makes none, "" where it does."""
    subject = Subject(host=host)
    data = {"host": host, "revision": revision}
    async with transaction() as connection:
        if failing:
            data["error"] = failing.replace("\0", "")[:_ERROR]
            kind = EventKind.SNAPSHOT_FAILED
            changed = await begin_troubles(connection, kind, [subject])
        else:
            kind = EventKind.SNAPSHOT_RECOVERED
            changed = await end_troubles(connection, EventKind.SNAPSHOT_FAILED, [subject])
        await raise_events(connection, kind, [NewEvent(data) for _ in changed])
