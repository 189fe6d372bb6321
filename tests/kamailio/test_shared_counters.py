"""Numbers that several processes count in."""

import os
import subprocess
import sys

from pointsman.kamailio.shared_counters import SharedCounters

_NAMES = ("asked", "answered")
_COUNT = """
import sys
from pointsman.kamailio.shared_counters import SharedCounters

counters = SharedCounters(("asked", "answered"), 3, int(sys.argv[1]), int(sys.argv[2]))
for _ in range(1_000):
    counters.own[counters.places["asked"]] += 1
counters.own[counters.places["answered"]] += 0.5
"""


def test_each_row_is_its_own_and_the_total_is_of_all() -> None:
    first = SharedCounters(_NAMES, 3, 0)
    second = SharedCounters(_NAMES, 3, 1, first.descriptor)
    assert first.each(*_NAMES) == [(0.0, 0.0)] * 3
    first.own[first.places["asked"]] += 2
    second.own[second.places["asked"]] += 3
    second.own[second.places["answered"]] = 0.25
    for counters in (first, second):
        assert counters.total("asked") == 5.0
        assert counters.total("answered") == 0.25
        assert counters.each("answered", "asked") == [(0.0, 2.0), (0.25, 3.0), (0.0, 0.0)]


def test_those_of_another_counters_are_others() -> None:
    one, other = SharedCounters(_NAMES, 1, 0), SharedCounters(_NAMES, 1, 0)
    one.own[0] = 1
    assert other.total("asked") == 0.0


def test_a_count_is_exact_as_far_as_floating_point_goes() -> None:
    counters = SharedCounters(_NAMES, 1, 0)
    counters.own[0] = 2**53 - 1
    counters.own[0] += 1
    assert counters.total("asked") == 2**53


def test_what_a_process_has_counted_outlives_it() -> None:
    counters = SharedCounters(_NAMES, 3, 0)
    for row in (1, 2, 2):
        command = [sys.executable, "-c", _COUNT, str(row), str(counters.descriptor)]
        subprocess.run(command, pass_fds=[counters.descriptor], check=True)
    assert counters.each("asked", "answered") == [(0.0, 0.0), (1_000.0, 0.5), (2_000.0, 1.0)]
    assert counters.total("asked") == 3_000.0


def test_the_memory_is_nobody_elses() -> None:
    counters = SharedCounters(_NAMES, 2, 0)
    assert not os.get_inheritable(counters.descriptor)
    assert os.fstat(counters.descriptor).st_size == 2 * 2 * 8
