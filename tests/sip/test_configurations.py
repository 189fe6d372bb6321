"""Kamailio takes the configuration with the combinations of its options."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.sip.harness.kamailio import CONFIGURATION

_CHECK = CONFIGURATION.parent / "deploy" / "kamailio" / "check-configuration.sh"
_MAX = 10
"""Of more options than this not all combinations are tried."""


def _check(directory: Path, max_options: int = _MAX) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", str(_CHECK), str(directory)],
        env=os.environ | {"MAX_OPTIONS": str(max_options)},
        capture_output=True,
        text=True,
        check=False,
    )


def _combinations(count: int, max_options: int) -> int:
    """All; of many options none, each alone, each two, all but one, and all."""
    if count <= max_options:
        return 1 << count
    return 1 + count + count * (count - 1) // 2 + count + 1


def test_every_combination_of_options_is_taken(real_parts: None) -> None:
    options = set()
    for file in CONFIGURATION.glob("*.cfg"):
        options |= set(re.findall(r"^#!ifn?def (WITH[A-Z]*_\w+)$", file.read_text(), re.MULTILINE))
    run = _check(CONFIGURATION)
    count = _combinations(len(options), _MAX)
    said = f"Kamailio takes {count} of {count} combinations of {len(options)} options\n"
    assert (run.returncode, run.stdout) == (0, said), run.stderr


@pytest.fixture
def with_options(tmp_path: Path) -> Callable[..., Path]:
    """The configuration with no options but these; WITH_BAD is one that Kamailio refuses."""

    def write(*names: str) -> Path:
        shutil.copytree(CONFIGURATION, tmp_path, dirs_exist_ok=True)
        for file in tmp_path.glob("*.cfg"):
            text = file.read_text()
            file.write_text(
                re.sub(r"^#!ifn?def WITH[A-Z]*_.*$", "#!ifndef NEVER", text, flags=re.MULTILINE)
            )
        with (tmp_path / "kamailio.cfg").open("a") as main:
            for name in names:
                module = 'loadmodule "there_is_none.so"' if name == "WITH_BAD" else ""
                main.write(f"#!ifdef {name}\n{module}\n#!endif\n")
        return tmp_path

    return write


def _refused(run: subprocess.CompletedProcess[str]) -> list[str]:
    return [line for line in run.stderr.splitlines() if line.startswith("refused:")]


def test_the_combinations_that_are_refused_are_named(
    real_parts: None, with_options: Callable[..., Path]
) -> None:
    run = _check(with_options("WITH_BAD", "WITH_GOOD"))
    assert run.returncode == 1
    assert run.stdout == "Kamailio takes 2 of 4 combinations of 2 options\n"
    assert _refused(run) == ["refused: -A WITH_BAD", "refused: -A WITH_BAD -A WITH_GOOD"]
    assert "there_is_none" in run.stderr


def test_of_many_options_each_two_are_tried_and_all_but_one(
    real_parts: None, with_options: Callable[..., Path]
) -> None:
    names = ["WITH_BAD", "WITH_C", "WITH_D", "WITH_E", "WITH_F", "WITH_G"]
    run = _check(with_options(*names), max_options=5)
    total = _combinations(6, 5)
    # Alone, with each of five, in all but one of those, and in all.
    assert run.stdout == f"Kamailio takes {total - 12} of {total} combinations of 6 options\n"
    found = {tuple(line.split()[2::2]) for line in _refused(run)}
    pairs = {("WITH_BAD", name) for name in names[1:]}
    all_but_one = {tuple(n for n in names if n != name) for name in names[1:]}
    assert found == {("WITH_BAD",), *pairs, *all_but_one, tuple(names)}
