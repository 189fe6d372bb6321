import json
import subprocess
import sys

import pytest

_SCRIPT = """
import logging, sys, structlog
from pointsman.telemetry import configure_logging

configure_logging("info", sys.argv[1], "router")
structlog.get_logger().info("ours", revision=7)
structlog.get_logger().debug("not shown")
library = logging.getLogger("library")
library.info("not shown")
try:
    raise ConnectionRefusedError("refused")
except OSError:
    library.warning("trying %s", "again", exc_info=True)
    library.error("gave up", exc_info=True)
"""


def _logged(log_format: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", _SCRIPT, log_format], capture_output=True, text=True, check=True
    )
    assert done.stdout == ""
    return done.stderr.splitlines()


def test_as_json_every_line_is_an_object_of_ours_or_of_a_library() -> None:
    entries = [json.loads(line) for line in _logged("json")]
    assert [(entry["level"], entry["event"], entry["role"]) for entry in entries] == [
        ("info", "ours", "router"),
        ("warning", "trying again", "router"),
        ("error", "gave up", "router"),
    ]
    assert all("timestamp" in entry for entry in entries)
    assert entries[0]["revision"] == 7
    assert entries[1]["logger"] == entries[2]["logger"] == "library"


def test_of_a_librarys_warning_the_error_is_kept_and_of_its_error_the_traceback() -> None:
    _, warning, error = (json.loads(line) for line in _logged("json"))
    assert warning["error"] == "ConnectionRefusedError('refused')"
    assert "exception" not in warning
    assert error["exception"].startswith("Traceback (most recent call last)")


@pytest.mark.parametrize("shown", ["ours", "revision=7", "trying again", "gave up"])
def test_on_a_console_the_same_is_readable(shown: str) -> None:
    assert any(shown in line for line in _logged("console"))
