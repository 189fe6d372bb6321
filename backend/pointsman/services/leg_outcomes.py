"""How legs are said to end, in the words of an operator: "carrier Alpha answers 486"."""

from collections import defaultdict
from collections.abc import Sequence
from enum import StrEnum

from msgspec import Struct

from pointsman.errors import InvalidInput, Problem
from pointsman.routing.configuration import Configuration
from pointsman.routing.failover import LegAnswer
from pointsman.routing.named_object import name_endpoint
from pointsman.routing.reroute import TIMEOUT, TRANSPORT
from pointsman.services.explanation import LegAnswers

FAILURES = (TIMEOUT, TRANSPORT)
MAX_OUTCOMES = 100
# Known names that a refusal lists.
_MAX_KNOWN = 20


class LegOwner(StrEnum):
    """Whose legs."""

    CARRIER = "carrier"
    TRUNK = "trunk"
    ENDPOINT = "endpoint"


class LegOutcome(Struct, frozen=True):
    """The legs of one carrier, trunk or endpoint, by its `name` or id (host or host:port for an
    endpoint), and how they end: by `sip_code` or by `failure`; with `ringing` after a 180. `owner`
    is None for whichever has that name. `path` names the input that it comes from."""

    path: str
    name: str
    owner: LegOwner | None = None
    sip_code: int = 0
    failure: str = ""
    ringing: bool = False


_Owner = tuple[LegOwner, str]
# By name and by id: who is called so.
_Known = dict[str, set[_Owner]]


def resolve_outcomes(outcomes: Sequence[LegOutcome], configuration: Configuration) -> LegAnswers:
    """Answers by the id of an endpoint, a trunk or a carrier; raises InvalidInput for a name that
    is none, or several's, with those there are."""
    if not outcomes:
        return {}
    if len(outcomes) > MAX_OUTCOMES:
        problem = Problem("outcomes", f"{len(outcomes)} are given", f"give {MAX_OUTCOMES} at most")
        raise InvalidInput([problem])
    known = _who_is_known(configuration)
    problems: list[Problem] = []
    answers: dict[str, LegAnswer] = {}
    for outcome in outcomes:
        found = _fault_of(outcome) or _look_up(outcome, known)
        if isinstance(found, Problem):
            problems.append(found)
        elif found in answers:
            message = f"how the legs of {outcome.name} end is said twice"
            problems.append(Problem(outcome.path, message, "leave one of them out"))
        else:
            cause = outcome.failure or str(outcome.sip_code)
            answers[found] = LegAnswer(cause, rang=outcome.ringing)
    if problems:
        raise InvalidInput(problems)
    return answers


def _fault_of(outcome: LegOutcome) -> Problem | None:
    if (outcome.sip_code != 0) == (outcome.failure != ""):
        fix = f"give a final SIP code or one of {', '.join(FAILURES)}"
        return Problem(outcome.path, "how the legs end is not said once", fix)
    if outcome.failure and outcome.failure not in FAILURES:
        fix = f"use one of {', '.join(FAILURES)}"
        return Problem(outcome.path, f"{outcome.failure} is no failure", fix)
    if outcome.sip_code and not 200 <= outcome.sip_code <= 699:
        return Problem(outcome.path, f"{outcome.sip_code} is no final SIP code", "use 200 to 699")
    return None


def _who_is_known(configuration: Configuration) -> _Known:
    known: _Known = defaultdict(set)

    def add(owner: LegOwner, object_id: str, *names: str) -> None:
        for name in (object_id, *names):
            known[name.lower()].add((owner, object_id))

    for carrier in configuration.carriers:
        add(LegOwner.CARRIER, carrier.id, carrier.name)
    for trunk in configuration.trunks:
        add(LegOwner.TRUNK, trunk.id, trunk.name)
        for endpoint in trunk.endpoints:
            add(LegOwner.ENDPOINT, endpoint.id, endpoint.host, name_endpoint(endpoint))
    return known


def _look_up(outcome: LegOutcome, known: _Known) -> str | Problem:
    """The id of whom the outcome names."""
    wanted = tuple(LegOwner) if outcome.owner is None else (outcome.owner,)
    matches = sorted(owner for owner in known.get(outcome.name.lower(), ()) if owner[0] in wanted)
    if len(matches) == 1:
        return matches[0][1]
    nouns = " or ".join(wanted)
    if matches:
        ids = ", ".join(f"{owner} {object_id}" for owner, object_id in matches[:_MAX_KNOWN])
        return Problem(outcome.path, f"{len(matches)} are called {outcome.name}", f"name {ids}")
    names = sorted(
        name
        for name, owners in known.items()
        if any(owner in wanted and object_id != name for owner, object_id in owners)
    )
    shown = ", ".join(names[:_MAX_KNOWN]) + (" ..." if len(names) > _MAX_KNOWN else "")
    fix = f"use one of {shown}" if names else f"there is no {nouns} yet"
    return Problem(outcome.path, f"there is no {nouns} {outcome.name}", fix)
