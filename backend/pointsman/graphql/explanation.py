"""Explaining calls in the schema."""

from datetime import UTC, datetime
from typing import Annotated

import strawberry
from strawberry.scalars import JSON

from pointsman import errors
from pointsman.graphql.context import Info
from pointsman.graphql.errors import Forbidden, InvalidInput
from pointsman.graphql.explain_input import ExplainCallInput, LegFailure, LegOutcomeInput
from pointsman.graphql.named_object import NamedObject, optional
from pointsman.routing.outcome import Step
from pointsman.services import explanation as services
from pointsman.services.explanations import MAX_QUESTIONS, explain_route, explain_routes
from pointsman.services.leg_outcomes import FAILURES, LegOutcome

strawberry.enum(Step, description="The steps of a decision, in their order.")

Outcomes = Annotated[
    list[LegOutcomeInput] | None,
    strawberry.argument(
        description="How legs are said to end, to see which others are tried then. At most 100."
    ),
]
At = Annotated[
    datetime | None,
    strawberry.argument(description="When the call is made, which schedules look at; else now."),
]
HealthOf = Annotated[
    str | None,
    strawberry.argument(
        description="The name of a Kamailio node: endpoints that it finds down are skipped, as its "
        "own calls skip them. Empty: those that all nodes find down. Without it none is."
    ),
]


@strawberry.type(description="One line of how a call was decided.")
class ExplanationStep:
    """routing.outcome.Note."""

    step: Step = strawberry.field(description="At which step.")
    subject: str = strawberry.field(description="About what: a trunk, a number, a rule.")
    text: str = strawberry.field(description="What became of it.")


@strawberry.type(description="One try at one endpoint.")
class ExplainedLeg:
    """services.explanation.ExplainedLeg."""

    trunk: NamedObject = strawberry.field(description="The trunk that it goes to.")
    carrier: NamedObject | None = strawberry.field(
        description="The carrier of that trunk, null for a PBX."
    )
    endpoint: NamedObject = strawberry.field(description="The endpoint that it goes to.")
    destination: str = strawberry.field(description="Where the request is sent.")
    document: JSON = strawberry.field(
        description="The route in the rtjson document; *** in the place of a password."
    )
    headers: list[str] = strawberry.field(
        description="The lines of the INVITE that are decided here: the request line, From, To "
        "and the headers that are added. All others go out as they came."
    )

    @classmethod
    def of(cls, leg: services.ExplainedLeg) -> "ExplainedLeg":
        """Wrap one."""
        return cls(
            trunk=NamedObject.of(leg.trunk),
            carrier=optional(leg.carrier),
            endpoint=NamedObject.of(leg.endpoint),
            destination=leg.destination,
            document=JSON(leg.document),
            headers=list(leg.headers),
        )


@strawberry.type(description="A leg that was tried, and what came of it.")
class ExplainedAttempt:
    """services.explanation.ExplainedAttempt."""

    leg: int = strawberry.field(description="Which of the legs, 0 being the first.")
    sip_code: int | None = strawberry.field(
        description="How it ended: the final response, null for a failure without one."
    )
    failure: LegFailure | None = strawberry.field(
        description="How it failed, null where there was a response."
    )
    ringing: bool = strawberry.field(description="Whether the far end rang before.")
    action: str = strawberry.field(description="What happened then, in words.")

    @classmethod
    def of(cls, attempt: services.ExplainedAttempt) -> "ExplainedAttempt":
        """Wrap one."""
        answer = attempt.answer
        is_failure = answer.cause in FAILURES
        return cls(
            leg=attempt.leg,
            sip_code=None if is_failure else int(answer.cause),
            failure=LegFailure(answer.cause) if is_failure else None,
            ringing=answer.rang,
            action=attempt.action,
        )


@strawberry.type(description="The final response that the caller gets.")
class FinalAnswer:
    """services.explanation.FinalAnswer."""

    sip_code: int = strawberry.field(description="Its code.")
    sip_reason: str = strawberry.field(
        description="Its reason phrase; empty where it is the far end's own."
    )

    @classmethod
    def of(cls, final: services.FinalAnswer) -> "FinalAnswer":
        """Wrap one."""
        return cls(sip_code=final.sip_code, sip_reason=final.sip_reason)


@strawberry.type(
    description="How a call is decided, step by step, and the answer that a router with this "
    "revision gives."
)
class RouteExplanation:
    """services.explanation.Explanation."""

    revision: int = strawberry.field(description="The configuration's revision that decided.")
    at: datetime = strawberry.field(description="The time at which it was decided.")
    decision: str = strawberry.field(description="Names the decision in every log.")
    routed: bool = strawberry.field(description="Whether there are legs to try.")
    outcome: str = strawberry.field(
        description="What the call matched (DID, DOMAIN, ROUTING_RULE, EMERGENCY), or why it is "
        "rejected (NO_ROUTE, BLOCKED_CALLED ...)."
    )
    reason: str = strawberry.field(description="The reject in words; empty with routes.")
    sip_code: int = strawberry.field(description="The response to a reject; 200 with routes.")
    sip_reason: str = strawberry.field(description="Its reason phrase.")
    source: NamedObject | None = strawberry.field(
        description="The trunk that the call comes from; null when it is refused for its source."
    )
    tenant: NamedObject | None = strawberry.field(
        description="Whose call it is; null for a reject."
    )
    matched: NamedObject | None = strawberry.field(
        description="The DID, domain, rule or emergency plan that matched; null for a reject."
    )
    steps: list[ExplanationStep] = strawberry.field(
        description="How it was decided, with every candidate that was dropped and why."
    )
    legs: list[ExplainedLeg] = strawberry.field(description="The legs, in the order to try them.")
    attempts: list[ExplainedAttempt] = strawberry.field(
        description="The legs that are tried when they end as given in outcomes; none without."
    )
    final: FinalAnswer | None = strawberry.field(
        description="What the caller gets when the legs end as given; null without outcomes."
    )
    request: str = strawberry.field(description="The body that Kamailio would post.")
    answer: str = strawberry.field(
        description="The router's answer to that body at that time, byte for byte; where it has "
        "passwords, *** stands in their place."
    )
    masked: bool = strawberry.field(description="Whether the answer has *** for a password.")

    @classmethod
    def of(cls, made: services.Explanation) -> "RouteExplanation":
        """Wrap one."""
        final = made.final
        return cls(
            revision=made.revision,
            at=datetime.fromtimestamp(made.at, UTC),
            decision=made.decision,
            routed=made.routed,
            outcome=made.code,
            reason=made.reason,
            sip_code=made.sip_code,
            sip_reason=made.sip_reason,
            source=optional(made.source),
            tenant=optional(made.tenant),
            matched=optional(made.matched),
            steps=[
                ExplanationStep(step=n.step, subject=n.subject, text=n.text) for n in made.steps
            ],
            legs=[ExplainedLeg.of(leg) for leg in made.legs],
            attempts=[ExplainedAttempt.of(attempt) for attempt in made.attempts],
            final=None if final is None else FinalAnswer.of(final),
            request=made.request,
            answer=made.answer,
            masked=made.masked,
        )


ExplainResult = Annotated[
    RouteExplanation | InvalidInput | Forbidden,
    strawberry.union("ExplainResult", description="The explanation, or why there is none."),
]


@strawberry.type
class ExplanationQuery:
    """Explaining calls."""

    @strawberry.field(
        description="How a call would be decided, and the router's answer to it. A tenant's token "
        "explains calls from the tenant's own trunks, and from carriers to its own numbers and "
        "domains."
    )
    async def explain_route(
        self,
        info: Info,
        call: Annotated[ExplainCallInput, strawberry.argument(description="The call.")],
        outcomes: Outcomes = None,
        at: At = None,
        health_of: HealthOf = None,
    ) -> ExplainResult:
        """One."""
        given = info.context
        made = await explain_route(
            given.principal,
            given.configurations,
            given.explainer,
            call.question(),
            at=at,
            outcomes=_outcomes(outcomes),
            health_of=health_of,
        )
        return RouteExplanation.of(made)

    @strawberry.field(
        description="As explainRoute, for many calls at once, all by the same revision and at the "
        "same time; one result for each call, in their order."
    )
    async def explain_routes(
        self,
        info: Info,
        calls: Annotated[
            list[ExplainCallInput],
            strawberry.argument(description=f"The calls, {MAX_QUESTIONS} at most."),
        ],
        outcomes: Outcomes = None,
        at: At = None,
        health_of: HealthOf = None,
    ) -> list[ExplainResult]:
        """Many."""
        given = info.context
        made = await explain_routes(
            given.principal,
            given.configurations,
            given.explainer,
            [call.question() for call in calls],
            at=at,
            outcomes=_outcomes(outcomes),
            health_of=health_of,
        )
        return [_wrap(result) for result in made]


def _outcomes(given: list[LegOutcomeInput] | None) -> list[LegOutcome]:
    return [outcome.outcome(place) for place, outcome in enumerate(given or ())]


def _wrap(
    result: services.Explanation | errors.InvalidInput | errors.Forbidden,
) -> RouteExplanation | InvalidInput | Forbidden:
    if isinstance(result, errors.InvalidInput):
        return InvalidInput.of(result)
    if isinstance(result, errors.Forbidden):
        return Forbidden.of(result)
    return RouteExplanation.of(result)
