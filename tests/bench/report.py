"""Figures as a table, each with what is asked of it, and as JSON."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.table import Table


@dataclass(frozen=True)
class Figure:
    """`value` is what is asked about: a ratio where there is a control, whose own figure is in
    `detail`; `asked` is the least it may be, or with `at_most` the most."""

    name: str
    value: float
    unit: str
    asked: float | None = None
    at_most: bool = False
    detail: str = ""

    @property
    def holds(self) -> bool:
        """Whether it is what is asked."""
        if self.asked is None:
            return True
        return self.value <= self.asked if self.at_most else self.value >= self.asked


def table_of(figures: list[Figure]) -> Table:
    """For people."""
    table = Table("what", "measured", "asked", "", "beside it")
    for figure in figures:
        asked = ""
        if figure.asked is not None:
            asked = f"{'≤' if figure.at_most else '≥'} {figure.asked:g}"
        mark = "" if figure.asked is None else ("yes" if figure.holds else "NO")
        shown = f"{figure.value:.2f}" if figure.value < 10 else f"{figure.value:,.1f}"
        table.add_row(figure.name, f"{shown} {figure.unit}".strip(), asked, mark, figure.detail)
    return table


def write(file: Path, machine: str, figures: list[Figure]) -> None:
    """For machines."""
    found = [{**asdict(figure), "holds": figure.holds} for figure in figures]
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps({"machine": machine, "figures": found}, indent=2) + "\n")
