"""An explanation for people, in a terminal."""

from datetime import UTC, datetime

from rich.console import Console
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from pointsman.routing.reroute import TIMEOUT, TRANSPORT
from pointsman.services.explanation import ExplainedAttempt, ExplainedLeg, Explanation

_CAUSES = {TIMEOUT: "no answer in time", TRANSPORT: "cannot be sent"}


def print_explanation(explained: Explanation, console: Console) -> None:
    """All of it: the outcome, the steps, the legs, the attempts, the router's answer."""
    console.print(_outcome(explained), _steps(explained))
    for number, leg in enumerate(explained.legs, 1):
        console.print(_title(number, leg))
        _print_whole("\n".join(f"  {visible(line)}" for line in leg.headers), console)
    if explained.final is not None:
        console.print(Rule("when the legs end so", align="left"), _attempts(explained))
    console.print(Rule("the router's answer", align="left"))
    _print_whole(visible(explained.answer), console)


def _print_whole(text: str, console: Console) -> None:
    """Not wrapped, so that it can be copied and searched."""
    console.print(Text(text), soft_wrap=True)


def visible(text: str) -> str:
    """A text without characters that a terminal obeys."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def _outcome(explained: Explanation) -> Text:
    text = Text()
    if explained.routed:
        matched = explained.matched
        text.append("ROUTED", "bold green")
        text.append(f" by {explained.code}")
        text.append(f" {visible(matched.name)}" if matched else "", "bold")
        text.append(f", {len(explained.legs)} legs")
    else:
        text.append(f"REJECTED {explained.sip_code} {visible(explained.sip_reason)}", "bold red")
        text.append(f", {explained.code}: {visible(explained.reason)}")
    at = datetime.fromtimestamp(explained.at, UTC).isoformat(sep=" ", timespec="seconds")
    names = [
        f"{noun} {visible(named.name)}"
        for noun, named in (("from", explained.source), ("tenant", explained.tenant))
        if named is not None
    ]
    facts = [*names, f"revision {explained.revision}", f"decision {explained.decision}", at]
    text.append("\n" + ", ".join(facts), "dim")
    return text


def _steps(explained: Explanation) -> Table:
    table = Table("Step", "About", "What became of it")
    last = ""
    for note in explained.steps:
        table.add_row(
            Text("" if note.step == last else note.step, "bold"),
            Text(visible(note.subject)),
            Text(visible(note.text)),
        )
        last = note.step
    return table


def _title(number: int, leg: ExplainedLeg) -> Rule:
    carrier = f" of {visible(leg.carrier.name)}" if leg.carrier else ""
    title = f"leg {number}: {visible(leg.trunk.name)}{carrier}, to {leg.destination}"
    return Rule(Text(title), align="left")


def _attempts(explained: Explanation) -> Text:
    text = Text()
    for number, attempt in enumerate(explained.attempts, 1):
        leg = explained.legs[attempt.leg]
        text.append(f"{number}. {visible(leg.trunk.name)} {visible(leg.endpoint.name)} ", "bold")
        text.append(f"{_ending(attempt)}: {visible(attempt.action)}\n")
    final = explained.final
    if final is not None:
        reason = f" {visible(final.sip_reason)}" if final.sip_reason else ""
        text.append(f"The caller gets {final.sip_code}{reason}", "bold")
    return text


def _ending(attempt: ExplainedAttempt) -> str:
    cause = attempt.answer.cause
    ending = _CAUSES.get(cause, f"answers {cause}")
    return f"rings, then {ending}" if attempt.answer.rang else ending
