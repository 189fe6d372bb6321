"""What a router does with a snapshot that is too old."""

from enum import StrEnum


class PastMaxAge(StrEnum):
    """What becomes of calls when the snapshot is older than it may be: SERVE decides them by it all
    the same, and says so; REFUSE answers 503, so that Kamailio asks another router."""

    SERVE = "serve"
    REFUSE = "refuse"
