"""Kamailio takes the configuration with the combinations of its options.

`make kamailio-check` tries every one, which takes minutes; here it is pairs.
"""

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.sip.harness.kamailio import CONFIGURATION

_CHECK = CONFIGURATION.parent / "deploy" / "kamailio" / "check-configuration.sh"
_SMALL = "listen=udp:127.0.0.1:5060\nrequest_route {\n\texit;\n}\n"


def _check(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", str(_CHECK), *arguments],
        capture_output=True,
        text=True,
        check=False,
    )


def _pairs(count: int) -> int:
    """None, each alone, each two, all but one, and all."""
    return 1 + count + count * (count - 1) // 2 + count + 1


def test_every_two_options_are_taken_together(real_parts: None) -> None:
    text = "\n".join(file.read_text() for file in CONFIGURATION.glob("*.cfg"))
    options = set(re.findall(r"^#!ifn?def (\w+)$", text, re.MULTILINE))
    options -= set(re.findall(r"^#!trydef (\w+) ", text, re.MULTILINE))
    run = _check("--pairs", CONFIGURATION)
    count = _pairs(len(options))
    said = f"Kamailio takes {count} of {count} combinations of {len(options)} options\n"
    assert (run.returncode, run.stdout) == (0, said), run.stderr


@pytest.fixture
def with_options(tmp_path: Path) -> Callable[..., Path]:
    """A small configuration with no options but these; BAD is one that Kamailio refuses."""

    def write(*names: str) -> Path:
        text = _SMALL
        for name in names:
            module = 'loadmodule "there_is_none.so"' if name == "BAD" else ""
            text += f"#!ifdef {name}\n{module}\n#!endif\n"
        (tmp_path / "kamailio.cfg").write_text(text)
        (tmp_path / "kamailio-local.cfg.example").write_text("")
        return tmp_path

    return write


def _refused(run: subprocess.CompletedProcess[str]) -> list[str]:
    return [line for line in run.stderr.splitlines() if line.startswith("refused:")]


def test_the_combinations_that_are_refused_are_named(
    real_parts: None, with_options: Callable[..., Path]
) -> None:
    run = _check(with_options("BAD", "WITH_GOOD"))
    assert run.returncode == 1
    assert run.stdout == "Kamailio takes 2 of 4 combinations of 2 options\n"
    assert _refused(run) == ["refused: -A BAD", "refused: -A BAD -A WITH_GOOD"]
    assert "there_is_none" in run.stderr


def test_of_many_options_all_combinations_are_tried(
    real_parts: None, with_options: Callable[..., Path]
) -> None:
    run = _check(with_options("BAD", "C", "D", "E", "F", "G", "H"))
    assert run.stdout == "Kamailio takes 64 of 128 combinations of 7 options\n"
    assert len({*_refused(run)}) == 64
    assert "128 of 128 checked" in run.stderr


def test_one_with_a_value_has_that_of_the_example(
    real_parts: None, with_options: Callable[..., Path]
) -> None:
    directory = with_options()
    with (directory / "kamailio.cfg").open("a") as main:
        main.write("#!ifdef LISTEN\nlisten=LISTEN\n#!endif\n")
    example = directory / "kamailio-local.cfg.example"
    for value, taken in (("udp:127.0.0.1:5062", 2), ("there:is:none", 1)):
        example.write_text(f"# #!define LISTEN {value}\n")
        said = f"Kamailio takes {taken} of 2 combinations of 1 options\n"
        assert _check(directory).stdout == said


def test_what_is_asked_for_in_the_file_of_another_option_is_tried_with_that_one(
    real_parts: None, with_options: Callable[..., Path]
) -> None:
    directory = with_options("BAD")
    with (directory / "kamailio.cfg").open("a") as main:
        main.write('#!ifdef OUTER\ninclude_file "outer.cfg"\n#!endif\n')
    (directory / "outer.cfg").write_text("#!ifndef INNER\n#!endif\n")
    assert _check(directory).stdout == "Kamailio takes 3 of 6 combinations of 3 options\n"
    # Asked for elsewhere, too.
    directory.joinpath("outer.cfg").write_text("#!ifdef BAD\n#!endif\n#!ifdef INNER\n#!endif\n")
    with (directory / "kamailio.cfg").open("a") as main:
        main.write("#!ifdef INNER\n#!endif\n")
    assert _check(directory).stdout == "Kamailio takes 4 of 8 combinations of 3 options\n"


def test_as_pairs_each_two_are_tried_and_all_but_one(
    real_parts: None, with_options: Callable[..., Path]
) -> None:
    names = ["BAD", "C", "D", "E", "F", "G"]
    run = _check("--pairs", with_options(*names))
    total = _pairs(6)
    # Alone, with each of five, in all but one of those, and in all.
    assert run.stdout == f"Kamailio takes {total - 12} of {total} combinations of 6 options\n"
    found = {tuple(line.split()[2::2]) for line in _refused(run)}
    pairs = {("BAD", name) for name in names[1:]}
    all_but_one = {tuple(n for n in names if n != name) for name in names[1:]}
    assert found == {("BAD",), *pairs, *all_but_one, tuple(names)}
