"""Kamailio takes the configuration with every combination of its options."""

import re
import shutil
import subprocess
from pathlib import Path

from tests.sip.harness.kamailio import CONFIGURATION

_CHECK = CONFIGURATION.parent / "deploy" / "kamailio" / "check-configuration.sh"


def _check(directory: Path) -> subprocess.CompletedProcess[str]:
    command = ["sh", str(_CHECK), str(directory)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_every_combination_of_options_is_taken(real_parts: None) -> None:
    options = set()
    for file in CONFIGURATION.glob("*.cfg"):
        options |= set(re.findall(r"^#!ifn?def (WITH[A-Z]*_\w+)$", file.read_text(), re.MULTILINE))
    run = _check(CONFIGURATION)
    count = 2 ** len(options)
    said = f"Kamailio takes {count} of {count} combinations of {len(options)} options\n"
    assert (run.returncode, run.stdout) == (0, said), run.stderr


def test_the_combinations_that_are_refused_are_named(real_parts: None, tmp_path: Path) -> None:
    shutil.copytree(CONFIGURATION, tmp_path, dirs_exist_ok=True)
    for file in tmp_path.glob("*.cfg"):
        file.write_text(
            re.sub(
                r"^#!ifn?def WITH[A-Z]*_.*$", "#!ifndef NEVER", file.read_text(), flags=re.MULTILINE
            )
        )
    with (tmp_path / "kamailio.cfg").open("a") as main:
        main.write('#!ifdef WITH_BAD\nloadmodule "there_is_none.so"\n#!endif\n')
        main.write("#!ifdef WITH_GOOD\n#!endif\n")
    run = _check(tmp_path)
    assert run.returncode == 1
    assert run.stdout == "Kamailio takes 2 of 4 combinations of 2 options\n"
    refused = [line for line in run.stderr.splitlines() if line.startswith("refused:")]
    assert refused == ["refused: -A WITH_BAD", "refused: -A WITH_BAD -A WITH_GOOD"]
    assert "there_is_none" in run.stderr
