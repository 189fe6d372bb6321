"""What a decision depends on besides the call itself."""

from msgspec import Struct

from pointsman.routing.health import Health
from pointsman.routing.outcome import Trace
from pointsman.routing.snapshot import Snapshot


class Circumstances(Struct, frozen=True, gc=False):
    """The configuration, the time (Unix time in seconds), the health of the endpoints, and where
    steps are noted, if anywhere."""

    snapshot: Snapshot
    now: float
    health: Health
    trace: Trace | None
