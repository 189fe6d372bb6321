"""The agent's loop, in this process and as the command."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pointsman.agent import agent
from pointsman.agent.agent import Task, run_agent
from tests.sip.harness.kamailio import Kamailio

_TIMEOUT_S = 30


async def test_a_task_that_fails_is_started_again_and_leaves_the_others_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(agent, "_FIRST_WAIT_S", 0.001)
    began = {"fails": 0, "goes on": 0}
    ended_in_order: list[str] = []

    async def fail() -> None:
        began["fails"] += 1
        if began["fails"] == 4:
            os.kill(os.getpid(), signal.SIGTERM)
        raise ValueError("no good")

    async def go_on() -> None:
        began["goes on"] += 1
        try:
            await asyncio.Event().wait()
        finally:
            ended_in_order.append("goes on")

    async with asyncio.timeout(_TIMEOUT_S):
        await run_agent([Task("fails", fail), Task("goes on", go_on)])
    assert began == {"fails": 4, "goes on": 1}
    assert ended_in_order == ["goes on"]


def test_the_command_runs_until_it_is_told_to_stop(kamailio: Kamailio, tmp_path: Path) -> None:
    log = tmp_path / "agent.log"
    environment = {k: v for k, v in os.environ.items() if not k.startswith("POINTSMAN_")} | {
        "POINTSMAN_NODE_TOKEN": "pmn_none",
        "POINTSMAN_KAMAILIO_RPC_SOCKET": str(kamailio.rpc_socket),
        "POINTSMAN_ROUTER_URL": "http://127.0.0.1:1",
        "POINTSMAN_RECORDS_URL": "http://127.0.0.1:1",
    }
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "pointsman", "agent"], env=environment, stderr=output
        )
    deadline = time.monotonic() + _TIMEOUT_S
    while "the agent is up" not in log.read_text():
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.02)
    process.terminate()
    assert process.wait(_TIMEOUT_S) == 0, log.read_text()
    assert "the agent has ended" in log.read_text()
    assert "pmn_none" not in log.read_text()


def test_the_command_says_which_setting_it_lacks() -> None:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("POINTSMAN_")}
    ended = subprocess.run(
        [sys.executable, "-m", "pointsman", "agent"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 1
    assert ended.stderr == (
        "pointsman: POINTSMAN_NODE_TOKEN: give what pointsman node create printed\n"
    )
