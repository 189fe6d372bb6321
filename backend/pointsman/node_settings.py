"""What is set for the processes beside a Kamailio: pointsman agent and pointsman ship."""

from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings


class NodeSettings(BaseSettings):
    """The part of the settings (settings.py) that is theirs."""

    node_token: SecretStr = Field(
        default=SecretStr(""),
        description="The token of this Kamailio node, as pointsman node create printed it; for "
        "pointsman agent and pointsman ship.",
    )
    router_url: str = Field(
        default="http://127.0.0.1:8081",
        description="Where the router beside this Kamailio is; for pointsman agent.",
    )
    records_url: str = Field(
        default="http://127.0.0.1:8082",
        description="Where the records role is; for pointsman agent and pointsman ship.",
    )
    records_dir: Path = Field(
        default=Path("/var/spool/pointsman"),
        description="Where Kamailio writes call records (RECORDS_DIR), which pointsman ship sends.",
    )
    records_keep_h: float = Field(
        default=48.0,
        ge=1.0,
        description="How long pointsman ship leaves a file that it has sent as a whole, in hours.",
    )
    kamailio_rpc_socket: Path = Field(
        default=Path("/run/kamailio/pointsman.sock"),
        description="The socket of this Kamailio's JSON-RPC (RPC_SOCKET of its configuration); "
        "for pointsman agent.",
    )
    probe_interval_s: float = Field(
        default=15.0,
        ge=0.1,
        le=3600,
        description="How often pointsman agent has each endpoint of the trunks probed, in seconds.",
    )
    probe_down_after: int = Field(
        default=3,
        ge=1,
        le=20,
        description="After how many probes in a row without an answer an endpoint is down.",
    )
    probe_up_after: int = Field(
        default=2,
        ge=1,
        le=20,
        description="After how many answered probes in a row an endpoint that was down is up.",
    )
    probe_call_evidence_s: float = Field(
        default=900.0,
        ge=0.0,
        le=7200,
        description="For how long what a call to an endpoint came to counts for more than probes "
        "that go unanswered, in seconds; for pointsman agent.",
    )
