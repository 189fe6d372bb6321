"""How legs are said to end, in the words of an operator: "carrier Alpha answers 486"."""

from collections import defaultdict
from collections.abc import Sequence
from enum import StrEnum

from msgspec import Struct

from pointsman.errors import InvalidInput, Problem
from pointsman.routing.configuration import Configuration
from pointsman.routing.named_object import name_endpoint
from pointsman.services.explanation import LegResult

FAILURES = ("TIMEOUT", "TRANSPORT")
MAX_OUTCOMES = 100
# Known names that a refusal lists.
_MAX_KNOWN = 20


class LegOwner(StrEnum):
    """Whose legs: what is said of a later one goes before what is said of an earlier one."""

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
# By name and by id: who is called so, and the ids of the endpoints.
_Known = dict[str, dict[_Owner, list[str]]]


def resolve_outcomes(
    outcomes: Sequence[LegOutcome], configuration: Configuration
) -> dict[str, LegResult]:
    """Results by the id of an endpoint: what is said of an endpoint goes before what is said of
    its trunk, and that before what is said of its carrier. Raises InvalidInput for a name that is
    none, or several's, with those there are."""
    if not outcomes:
        return {}
    if len(outcomes) > MAX_OUTCOMES:
        problem = Problem("outcomes", f"{len(outcomes)} are given", f"give {MAX_OUTCOMES} at most")
        raise InvalidInput([problem])
    known = _who_is_known(configuration)
    problems: list[Problem] = []
    said: dict[_Owner, tuple[list[str], LegResult]] = {}
    for outcome in outcomes:
        found = _fault_of(outcome) or _look_up(outcome, known)
        if isinstance(found, Problem):
            problems.append(found)
            continue
        owner, endpoint_ids = found
        if owner in said:
            message = f"how the legs of {outcome.name} end is said twice"
            problems.append(Problem(outcome.path, message, "leave one of them out"))
        result = LegResult(outcome.sip_code, outcome.failure, outcome.ringing)
        said[owner] = endpoint_ids, result
    if problems:
        raise InvalidInput(problems)
    return {
        endpoint_id: said[owner][1]
        for noun in LegOwner
        for owner in said
        if owner[0] is noun
        for endpoint_id in said[owner][0]
    }


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
    carriers = {carrier.id: carrier for carrier in configuration.carriers}
    known: _Known = defaultdict(lambda: defaultdict(list))
    for trunk in configuration.trunks:
        carrier = carriers.get(trunk.carrier_id)
        for endpoint in trunk.endpoints:
            owner = LegOwner.ENDPOINT, endpoint.id
            for spelling in {endpoint.id, endpoint.host, name_endpoint(endpoint)}:
                known[spelling][owner].append(endpoint.id)
            owner = LegOwner.TRUNK, trunk.id
            for spelling in {trunk.id, trunk.name.lower()}:
                known[spelling][owner].append(endpoint.id)
            if carrier is not None:
                owner = LegOwner.CARRIER, carrier.id
                for spelling in {carrier.id, carrier.name.lower()}:
                    known[spelling][owner].append(endpoint.id)
    return known


def _look_up(outcome: LegOutcome, known: _Known) -> tuple[_Owner, list[str]] | Problem:
    wanted = tuple(LegOwner) if outcome.owner is None else (outcome.owner,)
    called_so = known.get(outcome.name.lower(), {})
    matches = [(owner, ids) for owner, ids in called_so.items() if owner[0] in wanted]
    if len(matches) == 1:
        return matches[0]
    if matches:
        ids = ", ".join(sorted(f"{noun} {object_id}" for (noun, object_id), _ in matches))
        return Problem(outcome.path, f"{len(matches)} are called {outcome.name}", f"name {ids}")
    nouns = " or ".join(wanted)
    names = sorted(
        name
        for name, owners in known.items()
        if any(noun in wanted and object_id != name for noun, object_id in owners)
    )
    shown = ", ".join(names[:_MAX_KNOWN]) + (" ..." if len(names) > _MAX_KNOWN else "")
    fix = f"use one of {shown}" if names else f"there is no {nouns} with an endpoint"
    return Problem(outcome.path, f"there is no {nouns} {outcome.name}", fix)
