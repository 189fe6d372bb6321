"""For how long counts what a node reports of itself."""

from datetime import UTC, datetime, timedelta

# What was told longer ago says nothing any more.
TOLD_FOR = timedelta(seconds=60)


def counts_still(confirmed_at: datetime) -> bool:
    """Whether what a node said then says something yet."""
    return confirmed_at > datetime.now(UTC) - TOLD_FOR
