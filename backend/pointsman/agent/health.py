"""What the agent and the platform tell each other of endpoints: the router says which are to be
probed, and gets those that are down; the records role gets all that is known of each."""

import asyncio
from collections.abc import Callable, Sequence

import msgspec
import structlog
from msgspec import Struct

from pointsman.agent.agent import Task
from pointsman.agent.probing import Probing
from pointsman.kamailio.probed_endpoint import (
    HEALTH_PATH,
    LIST_PATH,
    HealthReport,
    ProbedEndpoints,
)
from pointsman.platform_role import PlatformError, PlatformRole

STATUS_PATH = "/kamailio/status"
_LIST_S = 1.0
_WAIT_S = 1.0

log = structlog.get_logger()


class _Listener(Struct, frozen=True):
    """Who is told, what, at which change, and how long after the last word again."""

    platform: PlatformRole
    path: str
    write: Callable[[Probing], bytes]
    change: asyncio.Event
    tell_again_s: float


def build_health_tasks(
    probing: Probing, router: PlatformRole, records: PlatformRole, *, tell_again_s: float
) -> Sequence[Task]:
    """What the agent does about the health of endpoints. All is told again after a while: who hears
    nothing for long forgets it."""
    is_known = asyncio.Event()

    def tell(
        name: str, platform: PlatformRole, path: str, write: Callable[[Probing], bytes]
    ) -> Task:
        listener = _Listener(platform, path, write, asyncio.Event(), tell_again_s)
        probing.changes.append(listener.change)

        async def run() -> None:
            # Before the list is known nothing is: an empty report would say that nothing is down.
            await is_known.wait()
            await _keep_telling(probing, listener)

        return Task(name, run)

    return [
        Task("list of endpoints", lambda: _follow_list(probing, router, is_known)),
        Task("probes", probing.send),
        Task("answers to probes", probing.fetch),
        tell("health for the router", router, HEALTH_PATH, _write_report),
        tell("states for the records role", records, STATUS_PATH, _write_status),
    ]


async def _follow_list(probing: Probing, router: PlatformRole, is_known: asyncio.Event) -> None:
    """Probe what the router's snapshot has, from what an agent before this one has found on."""
    etag, said, down = "", "", None
    while True:
        try:
            if down is None:
                down = await _load_down(router)
            answer = await router.get(LIST_PATH, etag=etag)
            if answer.status != 304:
                listed = msgspec.json.decode(answer.body, type=ProbedEndpoints)
                probing.take(listed.endpoints, down)
                etag, down = answer.headers.get("etag", ""), {}
                is_known.set()
            said = ""
        except (PlatformError, msgspec.MsgspecError) as error:
            said = _complain("the list of endpoints cannot be had, trying again", error, said)
        await asyncio.sleep(_LIST_S)


async def _load_down(router: PlatformRole) -> dict[str, float]:
    answer = await router.get(HEALTH_PATH)
    return msgspec.json.decode(answer.body, type=HealthReport).down


async def _keep_telling(probing: Probing, listener: _Listener) -> None:
    """Tell at each change, and again after a while; nothing while Kamailio is not heard of."""
    said = ""
    while True:
        listener.change.clear()
        try:
            if probing.is_in_touch:
                await listener.platform.post(listener.path, listener.write(probing))
            said = ""
        except PlatformError as error:
            said = _complain("what is known of endpoints cannot be told, trying again", error, said)
            listener.change.set()
            await asyncio.sleep(_WAIT_S)
        try:
            async with asyncio.timeout(listener.tell_again_s if probing.is_in_touch else _WAIT_S):
                await listener.change.wait()
        except TimeoutError:
            continue


def _write_report(probing: Probing) -> bytes:
    return msgspec.json.encode(HealthReport(probing.down()))


def _write_status(probing: Probing) -> bytes:
    """The names are those of services.endpoint_states.ReportedState."""
    told = [
        {
            "id": endpoint_id,
            "state": known.state,
            "since": known.since,
            "code": known.code,
            "reason": known.reason,
            "probed_at": known.probed_at,
            "note": known.note,
        }
        for endpoint_id, known in probing.states.items()
    ]
    return msgspec.json.encode({"endpoints": told})


def _complain(what: str, error: Exception, said: str) -> str:
    """Say it once for as long as it stays the same."""
    text = str(error)
    if text != said:
        log.warning(what, error=text)
    return text
