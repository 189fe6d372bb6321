"""http_async_client as it comes, without deploy/kamailio/http_async_client.patch: calls are
decided, and an answer without end is ended by the call's own timer."""

import subprocess
from pathlib import Path

import pytest

from tests.conftest import require
from tests.sip.harness.kamailio import ANSWER_CAP, module_path, unpatched_path
from tests.sip.harness.small_router import SmallRouter, response, says
from tests.sip.scenarios.routers.answers import NO_ANSWERS
from tests.sip.scenarios.routers.conftest import (
    BY_FIRST,
    BY_SECOND,
    FIRST_SAYS,
    SECOND_SAYS,
    SENT_AWAY,
    Node,
    Start,
)


@pytest.fixture(scope="module")
def unpatched(real_parts: None) -> str:
    """The folder of the module."""
    found = unpatched_path()
    if found is None:
        require("http_async_client as it comes (deploy/development/sip-parts.sh)")
    assert found is not None
    return found


@pytest.fixture(scope="module")
def node(start_node: Start, unpatched: str) -> Node:
    """One that probes nobody and leaves no router alone."""
    return start_node(
        SmallRouter(says(response(BY_FIRST))),
        SmallRouter(says(response(BY_SECOND))),
        modules=unpatched,
        ROUTER_FAILURES=1_000_000,
        ROUTER_PROBES='"name=probe;interval=3600;mode=1;"',
    )


def _has_cap(folder: str) -> bool:
    return subprocess.run(["sh", str(ANSWER_CAP), folder], check=False).returncode == 0


def test_what_can_cap_answers_is_told_from_what_cannot(unpatched: str, tmp_path: Path) -> None:
    assert _has_cap(str(module_path()))
    assert not _has_cap(unpatched)
    assert not _has_cap(str(tmp_path))


def test_with_the_option_it_does_not_start(node: Node, unpatched: str) -> None:
    command = [*node.kamailio.command(), "-c", "-A", "WITH_ANSWER_CAP"]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode != 0
    assert "max_answer_bytes" in run.stderr


def test_calls_are_decided_by_the_router_and_by_the_next_one(node: Node) -> None:
    node.first.answer = says(response(BY_FIRST))
    assert node.call() == FIRST_SAYS
    node.first.answer = NO_ANSWERS["hanging"]
    assert node.call() == SECOND_SAYS


def test_a_long_answer_is_none(node: Node) -> None:
    node.first.answer = NO_ANSWERS["20 MB"]
    assert node.call() == SECOND_SAYS


def test_an_answer_byte_by_byte_is_ended_by_the_timer_of_the_call(node: Node) -> None:
    """It is not ended in time for another router to be asked."""
    node.second.forget()
    node.first.answer = NO_ANSWERS["drip-fed"]
    assert node.call() == SENT_AWAY
    assert node.second.questions == []
