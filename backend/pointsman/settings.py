"""Settings: typed, from environment variables that start with POINTSMAN_.

Read by `app` and `cli` only; everything below gets values, not settings.
"""

import os
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import SettingsConfigDict

from pointsman.database_url import connection_parameters
from pointsman.errors import BadSettings
from pointsman.kamailio.past_max_age import PastMaxAge
from pointsman.node_settings import NodeSettings
from pointsman.services.secrets import Secrets
from pointsman.services.webhook_targets import check_networks
from pointsman.statistics_settings import StatisticsSettings

PREFIX = "POINTSMAN_"

Host = Annotated[str, Field(min_length=1)]
Port = Annotated[int, Field(ge=1, le=65535)]


class LogLevel(StrEnum):
    """From most to least."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class LogFormat(StrEnum):
    """For people or for machines."""

    CONSOLE = "console"
    JSON = "json"


def _default_state_dir() -> Path:
    if os.geteuid() == 0:
        return Path("/var/lib/pointsman")
    home = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(home) / "pointsman"


class Settings(NodeSettings, StatisticsSettings):
    """What an installation may set."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid")

    database_url: str = Field(
        default="",
        description="PostgreSQL 15 or newer, as postgresql://user:password@host:5432/name. "
        "Empty: a PostgreSQL of our own, under the state directory.",
    )
    state_dir: Path = Field(
        default_factory=_default_state_dir,
        description="Where the embedded PostgreSQL and the first tokens are kept. Default: "
        "/var/lib/pointsman for root, else pointsman under $XDG_STATE_HOME (~/.local/state).",
    )
    secret_keys: SecretStr = Field(
        default=SecretStr(""),
        description="Keys that encrypt secrets at rest, parted by commas: the "
        "first one encrypts, each of them decrypts. A key is what pointsman secret key "
        "prints. Empty: with a PostgreSQL of our own the key of "
        "the state directory (tokens/secrets), with another no secret can be saved.",
    )
    control_host: Host = Field(
        default="127.0.0.1", description="Address the control role listens on (GraphQL)."
    )
    control_port: Port = Field(default=8080, description="Port of the control role.")
    router_host: Host = Field(
        default="127.0.0.1", description="Address the router role listens on (Kamailio asks it)."
    )
    router_port: Port = Field(default=8081, description="Port of the router role.")
    records_host: Host = Field(
        default="127.0.0.1",
        description="Address the records role listens on (nodes report calls and states there).",
    )
    records_port: Port = Field(default=8082, description="Port of the records role.")
    router_poll_s: float = Field(
        default=2.0,
        ge=0.1,
        le=3600,
        description="How often, in seconds, the compiler looks for a new revision by itself; "
        "notifications reach it at once.",
    )
    router_workers: int = Field(
        default=1,
        ge=1,
        le=64,
        description="How many processes answer on the router's port; give each a core.",
    )
    router_compiles: bool = Field(
        default=True,
        description="Whether a router keeps a compiler of its own running, which writes the "
        "snapshots that it answers from. Off where pointsman serve compiler does, on the same "
        "state directory.",
    )
    snapshot_max_age_s: float = Field(
        default=0.0,
        ge=0.0,
        description="How long after the database last confirmed it, in seconds, a snapshot is "
        "too old (at least twice the poll). 0: never.",
    )
    snapshot_past_max_age: PastMaxAge = Field(
        default=PastMaxAge.SERVE,
        description="What becomes of calls then: serve decides them all the same, with an alarm; "
        "refuse answers 503, so that Kamailio asks another router.",
    )
    rtjson_max_body_bytes: int = Field(
        default=16_384,
        ge=1_024,
        le=1_048_576,
        description="The longest request body, in bytes, that a router reads.",
    )
    records_max_body_bytes: int = Field(
        default=4_194_304,
        ge=65_536,
        le=67_108_864,
        description="The longest report of a node, in bytes, that the records role reads.",
    )
    records_longest_ringing_s: float = Field(
        default=600.0,
        ge=60.0,
        description="How long after its start, in seconds, a call without an answer and without an "
        "end is marked as incomplete: more than MAX_INVITE_MS and MAX_HUNT_MS of Kamailio's "
        "together. An answer or an end that comes later still counts.",
    )
    records_longest_call_s: float = Field(
        default=90_000.0,
        ge=60.0,
        description="How long after its start, in seconds, an answered call without an end is "
        "marked as incomplete: the longest call, and some slack. An end that comes later still "
        "counts.",
    )
    records_retention_days: int = Field(
        default=0,
        ge=0,
        le=36_500,
        description="For how many days after their start calls are kept on record; 0: for ever. "
        "What is older is dropped, a whole day at a time.",
    )
    health_max_age_s: float = Field(
        default=60.0,
        ge=1.0,
        le=3600,
        description="How long a router believes what an agent told of endpoints, in seconds; the "
        "agent tells it four times as often.",
    )
    graphql_max_body_bytes: int = Field(
        default=1_048_576,
        ge=1_024,
        le=67_108_864,
        description="The longest GraphQL request body, in bytes.",
    )
    webhook_private_targets: Annotated[str, AfterValidator(check_networks)] = Field(
        default="",
        description="Networks that webhooks may lead to though they are not public, parted by "
        "commas, as 10.1.0.0/16,127.0.0.1. Empty: none.",
    )
    events_keep_days: int = Field(
        default=30, ge=1, le=3650, description="How long events are kept, in days."
    )
    graphiql: bool = Field(
        default=True, description="Serve the GraphiQL console at /graphql to browsers."
    )
    log_level: LogLevel = Field(default=LogLevel.INFO, description="The least that is logged.")
    log_format: LogFormat = Field(
        default=LogFormat.CONSOLE, description="console for people, json for machines."
    )

    @property
    def given_secret_keys(self) -> list[str]:
        """The keys of `secret_keys`."""
        return [key for text in self.secret_keys.get_secret_value().split(",")
                if (key := text.strip())]  # fmt: skip


def load_settings() -> Settings:
    """The settings of this process; raises BadSettings naming each one that is wrong."""
    known = {f"{PREFIX}{name}".upper() for name in Settings.model_fields}
    unknown = [name for name in os.environ if name.startswith(PREFIX) and name not in known]
    faults = [_unknown(name, known) for name in unknown]
    try:
        settings = Settings()
    except ValidationError as error:
        for fault in error.errors():
            name = f"{PREFIX}{fault['loc'][0]}".upper() if fault["loc"] else PREFIX
            faults.append(f"{name}={fault.get('input')!s}: {fault['msg']}")
    else:
        faults += _contradictions(settings)
    if faults:
        raise BadSettings("; ".join(faults) + " (see: pointsman settings)")
    return settings


def _contradictions(settings: Settings) -> list[str]:
    """What no single field tells."""
    faults = _unusable_places(settings)
    taken = {(settings.control_host, settings.control_port): "control"}
    for role in ("router", "records"):
        host, port = getattr(settings, f"{role}_host"), getattr(settings, f"{role}_port")
        if (host, port) in taken:
            faults.append(
                f"{PREFIX}{role.upper()}_PORT={port}: the {taken[host, port]} role has it"
            )
        taken.setdefault((host, port), role)
    if 0 < settings.snapshot_max_age_s < 2 * settings.router_poll_s:
        faults.append(
            f"{PREFIX}SNAPSHOT_MAX_AGE_S={settings.snapshot_max_age_s}: between two looks at the "
            f"database it would be too old; give at least {2 * settings.router_poll_s}"
        )
    try:
        Secrets(settings.given_secret_keys)
    except ValueError:  # which key it is would say a part of it
        faults.append(
            f"{PREFIX}SECRET_KEYS: a key is not 32 bytes in URL-safe base64, of which a comma "
            "parts it from the next"
        )
    if settings.database_url:
        try:
            connection_parameters(settings.database_url)
        except BadSettings as error:
            faults.append(str(error))
    return faults


def _unusable_places(settings: Settings) -> list[str]:
    faults = []
    for name in ("state_dir", "records_dir"):
        path = getattr(settings, name)
        if not path.is_absolute():
            faults.append(f"{PREFIX}{name.upper()}={path}: write the whole path, from /")
    for name, port in (("router_url", 8081), ("records_url", 8082)):
        url = getattr(settings, name)
        if not _is_url(url):
            faults.append(f"{PREFIX}{name.upper()}={url}: write it as http://127.0.0.1:{port}")
    return faults


def _is_url(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _unknown(name: str, known: set[str]) -> str:
    close = get_close_matches(name, known, n=1)
    return f"{name} is no setting" + (f", did you mean {close[0]}?" if close else "")
