"""The command `pointsman agent`: the node agent, beside a Kamailio."""

import asyncio

from pointsman.agent.agent import Task, run_agent
from pointsman.agent.endpoint_state import Hysteresis
from pointsman.agent.health import build_health_tasks
from pointsman.agent.probing import Probing
from pointsman.agent.registering import build_registration_tasks
from pointsman.agent.rpc import KamailioRpc
from pointsman.errors import BadSettings
from pointsman.platform_role import PlatformRole
from pointsman.settings import PREFIX, Settings, load_settings
from pointsman.telemetry import configure_logging


def agent() -> None:
    """Run the agent of a Kamailio node until it is told to stop: it brings Kamailio what the
    platform has for it, and tells the platform how that went. One beside each Kamailio."""
    settings = load_settings()
    if not settings.node_token.get_secret_value():
        raise BadSettings(f"{PREFIX}NODE_TOKEN: give what pointsman node create printed")
    configure_logging(settings.log_level, settings.log_format, "agent")
    asyncio.run(run_agent(_build_tasks(settings)))


def _build_tasks(settings: Settings) -> list[Task]:
    """What this agent does."""
    token = settings.node_token.get_secret_value()
    rpc = KamailioRpc(settings.kamailio_rpc_socket)
    router, records = (
        PlatformRole(url, token) for url in (settings.router_url, settings.records_url)
    )
    hysteresis = Hysteresis(
        settings.probe_down_after, settings.probe_up_after, settings.probe_call_evidence_s
    )
    probing = Probing(rpc, hysteresis, settings.probe_interval_s)
    # A report that is lost, or two, do no harm.
    tell_again_s = settings.health_max_age_s / 4
    return [
        *build_health_tasks(probing, router, records, tell_again_s=tell_again_s),
        *build_registration_tasks(rpc, router, records),
    ]
