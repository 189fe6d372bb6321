"""Numbers that the workers of a router share: each writes a row of its own, each may read all.

A row outlives its worker, so that nothing is counted backwards when one is started again.
"""

import mmap
import os
from collections.abc import Sequence

_NUMBER = 8


class SharedCounters:
    """Rows of named numbers (64-bit floating point, exact for counts up to 2**53) in memory that
    is handed on to other processes by its file descriptor."""

    def __init__(
        self, names: Sequence[str], rows: int, row: int, descriptor: int | None = None
    ) -> None:
        """The rows, all at 0, or those behind a descriptor; `row` is the one to write."""
        self.places = {name: place for place, name in enumerate(names)}
        size = len(names) * rows * _NUMBER
        if descriptor is None:
            descriptor = os.memfd_create("pointsman-counters", os.MFD_CLOEXEC)
            os.truncate(descriptor, size)
        self.descriptor = descriptor
        numbers = memoryview(mmap.mmap(descriptor, size)).cast("d")
        width = len(names)
        self._rows = [numbers[width * at : width * (at + 1)] for at in range(rows)]
        self.own = self._rows[row]

    def total(self, name: str) -> float:
        """The sum of all rows."""
        place = self.places[name]
        return float(sum(row[place] for row in self._rows))

    def each(self, *names: str) -> list[tuple[float, ...]]:
        """Some numbers of each row."""
        places = [self.places[name] for name in names]
        return [tuple(row[place] for place in places) for row in self._rows]
