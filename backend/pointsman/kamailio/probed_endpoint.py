"""What a router and the agent beside it tell each other of the endpoints that are probed."""

from msgspec import Struct

LIST_PATH = "/kamailio/endpoints"
HEALTH_PATH = "/kamailio/health"


class ProbedEndpoint(Struct, frozen=True):
    """An endpoint to ask by OPTIONS: its URI, the socket of Kamailio to ask from as
    udp:192.0.2.1:5060 ("" for Kamailio's choice), and the host of From ("" for the endpoint's)."""

    id: str
    uri: str
    socket: str = ""
    from_host: str = ""


class ProbedEndpoints(Struct, frozen=True):
    """All that a node has to ask."""

    endpoints: list[ProbedEndpoint]


class HealthReport(Struct, frozen=True):
    """The endpoints that are down as a node finds them: since when (Unix time) by their ids. All
    others take calls."""

    down: dict[str, float] = {}
