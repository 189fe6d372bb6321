"""What an explanation says: how a call was decided, and what would come of it.

Made by an `Explainer`, which is the Kamailio delivery's, since the answer has to be the router's
own; the role that explains gives it to who asks.
"""

from collections.abc import Mapping
from typing import Any, Protocol

from msgspec import Struct

from pointsman.routing.failover import LegAnswer
from pointsman.routing.health import Health
from pointsman.routing.named_object import NamedObject
from pointsman.routing.outcome import Note
from pointsman.services.configuration_cache import CompiledConfiguration

# The keys of a question of Kamailio's with their values.
Question = Mapping[str, str | int]


# How legs end, by the id of an endpoint, a trunk or a carrier: the closest one counts. A leg of
# which nothing is said answers the call.
LegAnswers = Mapping[str, LegAnswer]


class ExplainedLeg(Struct, frozen=True, gc=False):
    """A leg with its route as it stands in the answer, secrets masked, and the lines of the
    INVITE that it decides."""

    trunk: NamedObject
    carrier: NamedObject | None
    endpoint: NamedObject
    destination: str
    document: dict[str, Any]
    headers: tuple[str, ...]


class ExplainedAttempt(Struct, frozen=True, gc=False):
    """A leg that was tried, by its place among the legs (0 is the first), how it ended, and what
    came of that in words."""

    leg: int
    answer: LegAnswer
    action: str


class FinalAnswer(Struct, frozen=True, gc=False):
    """What the caller gets in the end; the reason phrase is "" where it is the far end's own."""

    sip_code: int
    sip_reason: str


class Explanation(Struct, frozen=True):
    """A decision with its reasons.

    `request` is the body that Kamailio would post, `answer` the router's to it at that time
    (Unix time in seconds): the same byte for byte, but for secrets, in whose place *** stands;
    `masked` tells whether there are any. `source` is the trunk that the call comes from,
    `source_tenant` the tenant whose PBX that is ("" for a carrier or none). Unless
    answers of legs were given nothing is attempted.
    """

    revision: int
    at: float
    decision: str
    code: str
    reason: str
    sip_code: int
    sip_reason: str
    routed: bool
    source: NamedObject | None
    source_tenant: str
    tenant: NamedObject | None
    matched: NamedObject | None
    steps: tuple[Note, ...]
    legs: tuple[ExplainedLeg, ...]
    attempts: tuple[ExplainedAttempt, ...]
    final: FinalAnswer | None
    request: str
    answer: str
    masked: bool


class Explainer(Protocol):
    """Explains what the router would answer; raises InvalidInput for what it would refuse."""

    def __call__(
        self,
        question: Question,
        configuration: CompiledConfiguration,
        *,
        now: float,
        answers: LegAnswers,
        health: Health,
    ) -> Explanation:
        """Explain one call."""
