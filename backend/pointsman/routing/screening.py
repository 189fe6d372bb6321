"""Step 4: numbers that a call may have nothing to do with."""

from pointsman.routing.circumstances import Circumstances
from pointsman.routing.incoming import Incoming
from pointsman.routing.outcome import Reject


def screen_numbers(incoming: Incoming, tenant_id: str, given: Circumstances) -> Reject | None:
    """A reject when a list of the source trunk or of the tenant stands against the call."""
    return None


def screen_destination(incoming: Incoming, given: Circumstances) -> Reject | None:
    """A reject when the number is of a class that the tenant is denied, for calls that leave
    its own PBXs."""
    return None
