"""The command `pointsman explain`: how a call, or each call of a file, is decided."""

import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.console import Console

from pointsman.call_report import report_calls
from pointsman.command_database import read_configuration_and_health
from pointsman.errors import BadEnvironment, InvalidInput, Problem
from pointsman.explanation_text import print_explanation
from pointsman.kamailio.explanation import explain_question
from pointsman.kamailio.question import read_question
from pointsman.routing.routing_rule import BadRegex
from pointsman.services.configuration_cache import compile_configuration
from pointsman.services.explanation import Question
from pointsman.services.explanations import moment_of
from pointsman.services.leg_outcomes import FAILURES, LegOutcome, LegOwner, resolve_outcomes

# The options of which a call needs each, and what may stand for one as a --field.
_NEEDED = {
    "--source": ("source_ip",),
    "--from": ("from_uri",),
    "--to": ("request_uri", "to_uri"),
}

_A_URI = "a SIP URI, or a number or user alone."

From = Annotated[str, typer.Option("--from", metavar="URI", help=f"Who calls: {_A_URI}")]
To = Annotated[str, typer.Option(metavar="URI", help=f"The Request-URI: {_A_URI}")]
Source = Annotated[str, typer.Option(metavar="ADDRESS", help="Where the call comes from.")]
Fields = Annotated[
    list[str] | None,
    typer.Option(
        "--field",
        metavar="NAME=VALUE",
        help="Anything else of the call, as the router is asked: transport=tls, from_name=Alice, "
        "p_asserted_identity=..., privacy=id, diversion=..., call_id=..., username=..., auth=1, "
        "forwarded_source=udp:192.0.2.1:5060. May be given often.",
    ),
]
Outcomes = Annotated[
    list[str] | None,
    typer.Option(
        "--outcome",
        metavar="WHO=HOW",
        help="How the legs of a carrier, trunk or endpoint end, to walk the failover: Alpha=486, "
        "trunk:alpha-1=timeout, endpoint:192.0.2.1=transport; Beta=ringing,480 when it rings "
        "before. May be given often.",
    ),
]
At = Annotated[
    str, typer.Option(metavar="TIME", help="When it is made: 2026-12-24T18:00+01:00; else now.")
]
HealthOf = Annotated[
    str | None,
    typer.Option(
        "--health-of",
        metavar="NODE",
        help="Skip the endpoints that this Kamailio node finds down, as its calls do; '' for those "
        "that all nodes find down.",
    ),
]
File = Annotated[
    Path | None,
    typer.Option(
        exists=True,
        dir_okay=False,
        help="Explain each call of a file: CSV (*.csv) with the names of the fields at its head "
        "(source, from, to, privacy ...), else a JSON object a line.",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON; a line for each call of a file.")]
Summary = Annotated[
    bool, typer.Option("--summary", help="Of a file's calls print only how many went where.")
]


def explain(
    *,
    from_: From = "",
    to: To = "",
    source: Source = "",
    field: Fields = None,
    outcome: Outcomes = None,
    at: At = "",
    health_of: HealthOf = None,
    file: File = None,
    json: Json = False,
    summary: Summary = False,
) -> None:
    """Explain how a call is decided and what the router answers, by the newest configuration.

    Works on the database of the settings and writes nothing; no role need run. Of a file the exit
    status is 1 when it has a call that cannot be explained.
    """
    given = _read_call({"from": from_, "to": to, "source": source}, field or ())
    if file is None:
        _check_complete(given)
    outcomes = [_read_outcome(text) for text in outcome or ()]
    now = _read_time(at)
    try:
        loaded, health = read_configuration_and_health(health_of)
        configuration = compile_configuration(loaded)
    except BadRegex as error:
        raise BadEnvironment(f"no router can load the configuration: {error}") from error
    answers = resolve_outcomes(outcomes, configuration.configuration)
    if file is not None:
        report = report_calls(file, given, configuration, now=now, answers=answers, health=health)
        if report.print(as_json=json, only_summary=summary):
            raise typer.Exit(1)
        return
    explained = explain_question(given, configuration, now=now, answers=answers, health=health)
    if json:
        typer.echo(msgspec.json.format(msgspec.json.encode(explained), indent=2))
    else:
        print_explanation(explained, Console(highlight=False))


def _read_call(named: dict[str, str], fields: Sequence[str]) -> Question:
    """What the options say of a call; raises InvalidInput."""
    given = {name: value for name, value in named.items() if value}
    for text in fields:
        name, equals, value = text.partition("=")
        if not equals:
            raise InvalidInput([Problem("--field", f"{text} has no value", "write NAME=VALUE")])
        if name in given:
            raise InvalidInput([Problem("--field", f"{name} is given twice", "leave one out")])
        given[name] = value
    return read_question(given)


def _check_complete(given: Question) -> None:
    """Raises InvalidInput for each option that a call cannot do without."""
    missing = [option for option, keys in _NEEDED.items() if not any(key in given for key in keys)]
    if missing:
        raise InvalidInput(
            [
                Problem(option, "is missing", f"give {option}, or a --file of calls")
                for option in missing
            ]
        )


def _read_outcome(text: str) -> LegOutcome:
    """An outcome written as WHO=HOW; raises InvalidInput."""
    who, _, how = text.rpartition("=")
    *before, ending = how.split(",")
    is_failure = ending.upper() in FAILURES
    if not who or before not in ([], ["ringing"]) or not (is_failure or _is_code(ending)):
        fix = "write WHO=HOW, as Alpha=486, trunk:alpha-1=timeout or Beta=ringing,480"
        raise InvalidInput([Problem("--outcome", f"{text} is no outcome", fix)])
    noun, colon, name = who.partition(":")
    owner = LegOwner(noun) if colon and noun in tuple(LegOwner) else None
    return LegOutcome(
        path="--outcome",
        name=name if owner else who,
        owner=owner,
        sip_code=0 if is_failure else int(ending),
        failure=ending.upper() if is_failure else "",
        ringing=bool(before),
    )


def _is_code(text: str) -> bool:
    return len(text) == 3 and text.isascii() and text.isdigit()


def _read_time(text: str) -> float:
    """Unix time; what has no zone is UTC."""
    if not text:
        return time.time()
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        fix = "write it as 2026-12-24T18:00+01:00"
        raise InvalidInput([Problem("at", f"{text} is no time", fix)]) from None
    return moment_of(at)
