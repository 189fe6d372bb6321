"""Step 3: is it an emergency call?"""

from collections.abc import Mapping

from msgspec import Struct

from pointsman.routing.choice import Choice
from pointsman.routing.configuration import Configuration
from pointsman.routing.emergency_plan import EmergencyPlan
from pointsman.routing.number import Numbers
from pointsman.routing.objects import Objects
from pointsman.routing.outcome import Trace
from pointsman.routing.source import Source


class CompiledPlan(Struct, frozen=True):
    """A plan with the choice that its groups are, in their order."""

    plan: EmergencyPlan
    choice: Choice


def compile_emergency(
    configuration: Configuration, objects: Objects
) -> dict[str, tuple[CompiledPlan, ...]]:
    """The plans by tenant."""
    return {}


def find_plan(
    numbers: Numbers,
    source: Source,
    plans: Mapping[str, tuple[CompiledPlan, ...]],
    trace: Trace | None,
) -> CompiledPlan | None:
    """The plan that the called number belongs to, if it is an emergency call of a PBX."""
    return None
