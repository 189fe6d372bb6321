"""A router's processes: each that is lost is replaced, and with the first one all of them end."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import pytest

from pointsman.kamailio.snapshot_feed import Published
from pointsman.listening import listen
from tests.faults.calls import Caller, Calls, routed
from tests.faults.running_router import RunningRouter, is_running, wait_until
from tests.kamailio.conftest import Demo

_WORKERS = 3
_DECIDED = 'pointsman_decisions_total{outcome="ROUTING_RULE"}'
_FULL = 'pointsman_snapshot_compiles_total{kind="full",result="done"}'
_RESTARTS = "pointsman_worker_restarts_total"


@pytest.fixture(scope="module")
def kept(
    published_demo: tuple[Demo, Published], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningRouter]:
    """A router of three workers and a compiler, for all tests."""
    url = published_demo[0].url
    router = RunningRouter(url, tmp_path_factory.mktemp("workers"), router_workers=_WORKERS)
    yield router
    router.stop()


@pytest.fixture
def three(kept: RunningRouter) -> RunningRouter:
    """It, as a whole."""
    if kept.process is None:
        kept.start()
    kept.wait(lambda: len(kept.workers()) == _WORKERS - 1 and _workers_up(kept) == _WORKERS)
    kept.wait(kept.compiler)
    return kept


def _is_answered(caller: Caller) -> bool:
    return caller.ask()[0] == 200


def _workers_up(router: RunningRouter) -> float:
    return router.metrics()["pointsman_workers"]


@contextmanager
def _stopped(pids: list[int]) -> Iterator[None]:
    """Processes that get no processor for a while."""
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)


@pytest.fixture
def callers(three: RunningRouter, token: str) -> Iterator[dict[int, Caller]]:
    """A connection to each worker, by its pid: made while the others are stopped."""
    workers = [three.pid, *three.workers()]
    callers = {pid: Caller(three.port, token) for pid in workers}
    for pid, caller in callers.items():
        with _stopped([other for other in workers if other != pid]):
            # After the very first start one may have the snapshot before another.
            wait_until(partial(_is_answered, caller))
    yield callers
    for caller in callers.values():
        caller.close()


async def test_all_workers_answer_on_one_port(
    three: RunningRouter, callers: dict[int, Caller]
) -> None:
    assert len(callers) == _WORKERS
    before = three.metrics()
    assert [caller.ask()[0] for caller in callers.values()] == [200] * _WORKERS
    assert three.metrics()[_DECIDED] == before[_DECIDED] + _WORKERS


async def test_a_worker_that_is_killed_is_replaced_and_the_others_go_on(
    token: str, three: RunningRouter, callers: dict[int, Caller]
) -> None:
    victim = three.workers()[0]
    callers.pop(victim).close()
    before = three.metrics()
    with Calls([*callers.values()], look=routed) as calls:
        os.kill(victim, signal.SIGKILL)
        three.wait(lambda: three.metrics()[_RESTARTS] == before[_RESTARTS] + 1)
        three.wait(lambda: len(three.workers()) == _WORKERS - 1)
        (started,) = set(three.workers()) - callers.keys()
        # New connections are for whoever is up: none of them hears of the loss.
        with Calls([Caller(three.port, token)], look=routed) as others:
            three.wait(lambda: _workers_up(three) == _WORKERS)
            three.wait(lambda: others.decided > 10)
        rest = [pid for pid in (three.pid, *three.workers()) if pid != started]
        with _stopped(rest):
            caller = Caller(three.port, token)
            assert caller.ask()[0] == 200
            caller.close()
    assert (calls.lost, others.lost) == ({}, {})
    after = three.metrics()
    counted = [name for name in before if "_total" in name or "_bucket" in name]
    assert {name for name in counted if after[name] < before[name]} == set()
    assert after[_DECIDED] == before[_DECIDED] + calls.decided + others.decided + 1


async def test_a_worker_that_starts_refuses_no_call(token: str, three: RunningRouter) -> None:
    """It takes none before it has the snapshot that the others answer from."""
    killed = three.workers()
    for victim in killed:
        os.kill(victim, signal.SIGKILL)
    three.wait(lambda: len({*three.workers()} - {*killed}) == _WORKERS - 1)
    with _stopped([three.pid]):
        caller = Caller(three.port, token)
        status, _ = caller.ask()
        caller.close()
    assert status == 200


async def test_a_compiler_that_is_killed_is_replaced_without_a_word_to_callers(
    token: str, three: RunningRouter
) -> None:
    killed = three.compiler()
    assert killed is not None
    before = three.metrics()
    with Calls([Caller(three.port, token)], look=routed) as calls:
        os.kill(killed, signal.SIGKILL)
        three.wait(lambda: three.compiler() not in (None, killed))
        three.wait(lambda: three.metrics()[_RESTARTS] == before[_RESTARTS] + 1)
        three.wait(lambda: three.metrics()[_FULL] > before[_FULL])
    assert calls.lost == {}
    after = three.metrics()
    assert {n for n in before if "_total" in n and after[n] < before[n]} == set()


async def test_a_worker_that_hangs_leaves_the_others_answering(
    token: str, three: RunningRouter, callers: dict[int, Caller]
) -> None:
    hanging = three.workers()[0]
    callers.pop(hanging).close()
    before = three.metrics()
    with _stopped([hanging]), Calls([*callers.values()], look=routed) as calls:
        three.wait(lambda: calls.decided > 50)
        three.wait(lambda: _workers_up(three) == _WORKERS - 1)
        for _ in range(20):
            caller = Caller(three.port, token)
            assert caller.ask()[0] == 200
            caller.close()
    assert calls.lost == {}
    three.wait(lambda: _workers_up(three) == _WORKERS)
    assert three.metrics()[_RESTARTS] == before[_RESTARTS]


async def test_with_the_first_worker_everything_ends(three: RunningRouter) -> None:
    kept = [*three.children()]
    assert len(kept) == _WORKERS
    assert three.stop(signal.SIGKILL) == -signal.SIGKILL
    wait_until(lambda: not any(map(is_running, kept)))
    listen("router", "127.0.0.1", three.port).close()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_told_to_stop_all_end_in_order(
    token: str, three: RunningRouter, number: signal.Signals
) -> None:
    """A Ctrl-C reaches the whole group of a terminal; only the first worker takes it from there."""
    kept = [*three.children()]
    caller = Caller(three.port, token)
    status, _ = caller.ask()
    assert status == 200
    assert three.process is not None
    before = three.log.read_text()
    if number is signal.SIGINT:
        os.killpg(three.pid, number)
    else:
        three.process.send_signal(number)
    ended = three.process.wait(60)
    three.process = None
    caller.close()
    # The command says 130 of a Ctrl-C itself.
    assert ended == (-number if number is signal.SIGTERM else 130)
    assert not any(map(is_running, kept))
    listen("router", "127.0.0.1", three.port).close()
    said = three.log.read_text().removeprefix(before)
    assert "died" not in said
    assert "Traceback" not in said
