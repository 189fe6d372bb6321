"""What becomes of the calls of a file: a line for each, or how many went where."""

import csv
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import msgspec
import typer
from msgspec import Struct
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from pointsman.call_file import CallLine, read_calls
from pointsman.errors import InvalidInput
from pointsman.explanation_text import visible
from pointsman.kamailio.explanation import explain_question
from pointsman.routing.health import Health
from pointsman.services.configuration_cache import CompiledConfiguration
from pointsman.services.explanation import Explanation, LegAnswers, Question

# Lines between two looks at the progress bar.
_STRIDE = 100
_COLUMNS = (
    "line", "source", "from", "to", "code", "sip_code", "matched", "tenant", "trunks", "final",
    "reason", "decision",
)  # fmt: skip
# How a spreadsheet tells a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class CallReport(Struct):
    """Counts of what has been printed, and the file with what is common to all its calls."""

    file: Path
    common: Question
    configuration: CompiledConfiguration
    now: float
    answers: LegAnswers
    health: Health
    by_code: Counter[str]
    by_trunk: Counter[str]
    by_carrier: Counter[str]
    by_final: Counter[str]
    errors: int = 0

    def print(self, *, as_json: bool, only_summary: bool) -> int:
        """Print a line for each call as it is explained, or the counts in the end, and on
        standard error what is wrong with lines; how many those are."""
        rows = csv.writer(sys.stdout, lineterminator="\n")
        if not as_json and not only_summary:
            rows.writerow(_COLUMNS)
        for line, explained in self._explain():
            if isinstance(explained, InvalidInput):
                self._count_error(line, explained)
                if as_json and not only_summary:
                    _print_json({"line": line.number, "error": explained.problems})
                continue
            self._count(explained)
            if only_summary:
                continue
            if as_json:
                _print_json({"line": line.number, "explanation": explained})
            else:
                rows.writerow([_cell(cell) for cell in _row(line.number, explained)])
        if only_summary:
            self._print_summary(as_json=as_json)
        return self.errors

    def _explain(self) -> Iterator[tuple[CallLine, Explanation | InvalidInput]]:
        bar = _progress_bar()
        with bar:
            task = bar.add_task("explaining", total=_size_of(self.file))
            for line in read_calls(self.file):
                yield line, self._explain_line(line)
                if line.number % _STRIDE == 0:
                    bar.update(task, completed=line.read)

    def _explain_line(self, line: CallLine) -> Explanation | InvalidInput:
        if isinstance(line.question, InvalidInput):
            return line.question
        own = {key: value for key, value in line.question.items() if value != ""}
        question = {**self.common, **own}
        try:
            return explain_question(
                question,
                self.configuration,
                now=self.now,
                answers=self.answers,
                health=self.health,
            )
        except InvalidInput as error:
            return error

    def _count_error(self, line: CallLine, error: InvalidInput) -> None:
        self.errors += 1
        text = visible(str(error))
        typer.echo(f"{self.file}:{line.number}: {text}", err=True)

    def _count(self, explained: Explanation) -> None:
        self.by_code[explained.code] += 1
        if explained.legs:
            first = explained.legs[0]
            self.by_trunk[first.trunk.name] += 1
            self.by_carrier[first.carrier.name if first.carrier else "(PBX)"] += 1
        if explained.final is not None:
            self.by_final[str(explained.final.sip_code)] += 1

    def _print_summary(self, *, as_json: bool) -> None:
        counts = {
            "outcome": self.by_code,
            "first trunk": self.by_trunk,
            "first carrier": self.by_carrier,
            "final response": self.by_final,
        }
        calls = self.by_code.total()
        if as_json:
            plain = {name.replace(" ", "_"): dict(count) for name, count in counts.items()}
            _print_json({"calls": calls, "errors": self.errors, **plain})
            return
        console = Console(highlight=False)
        console.print(f"calls explained: {calls}; lines with an error: {self.errors}")
        for name, count in counts.items():
            if count:
                console.print(_table_of(name, count))


def report_calls(
    file: Path,
    common: Question,
    configuration: CompiledConfiguration,
    *,
    now: float,
    answers: LegAnswers,
    health: Health,
) -> CallReport:
    """A report on the calls of a file, of which what is `common` holds where a line does not say
    otherwise."""
    counts = (Counter[str](), Counter[str](), Counter[str](), Counter[str]())
    return CallReport(file, common, configuration, now, answers, health, *counts)


def _row(number: int, explained: Explanation) -> list[object]:
    request = msgspec.json.decode(explained.request)
    final = explained.final
    return [
        number,
        request["source_ip"],
        request["from_uri"],
        request.get("request_uri", request["to_uri"]),
        explained.code,
        explained.sip_code,
        explained.matched.name if explained.matched else "",
        explained.tenant.name if explained.tenant else "",
        " ".join(leg.trunk.name for leg in explained.legs),
        final.sip_code if final else "",
        explained.reason,
        explained.decision,
    ]


def _cell(value: object) -> object:
    """A cell that neither a terminal nor a spreadsheet obeys."""
    text = visible(value) if isinstance(value, str) else value
    return f"'{text}" if isinstance(text, str) and text.startswith(_FORMULA) else text


def _print_json(value: object) -> None:
    sys.stdout.write(msgspec.json.encode(value).decode() + "\n")


def _table_of(name: str, count: Counter[str]) -> Table:
    table = Table(name, "calls", "share")
    total = count.total()
    for key, number in count.most_common():
        table.add_row(Text(visible(key)), str(number), f"{number / total:.1%}")
    return table


def _progress_bar() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
    console = Console(stderr=True)
    return Progress(
        *columns,
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )


def _size_of(file: Path) -> int | None:
    try:
        return file.stat().st_size
    except OSError:
        return None
