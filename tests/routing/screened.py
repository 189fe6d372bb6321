"""What screening says to calls of a world."""

from typing import Any

from pointsman.routing.outcome import Reject, RejectCode
from tests.routing.world import World, make_call


def code_of(world: World, *args: Any, **more: Any) -> RejectCode | None:
    """Why a call is rejected, if it is."""
    outcome = world.decide(make_call(*args, **more))
    return outcome.code if isinstance(outcome, Reject) else None
