"""What a call to be explained looks like, and how its legs are said to end."""

from enum import Enum

import strawberry

from pointsman.errors import InvalidInput, Problem
from pointsman.routing.reroute import TIMEOUT, TRANSPORT
from pointsman.routing.trunk import Transport
from pointsman.services.explanation import Question
from pointsman.services.leg_outcomes import LegOutcome, LegOwner

_URI = " A sip, sips or tel URI, or a bare number or user. At most 1024 characters."


@strawberry.input(
    description="A call to be explained: what Kamailio would ask about. Headers are given as they "
    "stand in the INVITE."
)
class ExplainCallInput:
    """The keys of a question of Kamailio's."""

    source_ip: str = strawberry.field(description="The address that it comes from.")
    from_uri: str = strawberry.field(description="Who calls: the URI of From." + _URI)
    request_uri: str = strawberry.field(
        default="", description="Whom it calls: the Request-URI; toUri when empty." + _URI
    )
    to_uri: str = strawberry.field(
        default="", description="The URI of To; requestUri when empty." + _URI
    )
    source_port: int = strawberry.field(default=5060, description="The port it comes from.")
    transport: Transport = strawberry.field(
        default=Transport.UDP, description="The transport it comes by."
    )
    call_id: str = strawberry.field(
        default="explain",
        description="Its Call-ID, which decides among trunks of equal priority by their weights.",
    )
    from_name: str = strawberry.field(default="", description="The display name of From.")
    from_tag: str = strawberry.field(default="", description="The tag of From.")
    to_name: str = strawberry.field(default="", description="The display name of To.")
    to_tag: str = strawberry.field(default="", description="The tag of To.")
    p_asserted_identity: str = strawberry.field(
        default="", description="The header P-Asserted-Identity (RFC 3325), as sent."
    )
    privacy: str = strawberry.field(
        default="", description="The header Privacy (RFC 3323), such as id."
    )
    diversion: str = strawberry.field(
        default="", description="The header Diversion (RFC 5806), as sent."
    )
    username: str = strawberry.field(
        default="", description="The user of the caller's digest credentials; empty without."
    )
    realm: str = strawberry.field(
        default="", description="The realm of the caller's digest credentials; empty without."
    )
    authenticated: bool = strawberry.field(
        default=False, description="Whether the node has verified these credentials."
    )
    received_ip: str = strawberry.field(
        default="", description="The address of the node that it reaches; empty when not said."
    )
    received_port: int = strawberry.field(
        default=0, description="The port of the node that it reaches; 0 when not said."
    )
    forwarded_source: str = strawberry.field(
        default="",
        description="Where a trusted proxy says that it comes from, as udp:192.0.2.1:5060.",
    )

    def question(self) -> Question:
        """In the keys of rtjson."""
        given = {key: value for key, value in vars(self).items() if value not in ("", None)}
        authenticated = given.pop("authenticated", False)
        return {**given, "transport": self.transport.value, "auth": int(authenticated)}


@strawberry.enum(
    description="How a leg fails without a response of the far end: TIMEOUT, no answer in time, or "
    "TRANSPORT, it cannot be sent."
)
class LegFailure(Enum):
    """services.leg_outcomes.FAILURES."""

    TIMEOUT = TIMEOUT
    TRANSPORT = TRANSPORT


@strawberry.input(
    description="How legs are said to end. Exactly one of carrier, trunk and endpoint says whose "
    "legs: an endpoint's go before its trunk's, and those before its carrier's. Legs of which "
    "nothing is said are answered with 200."
)
class LegOutcomeInput:
    """services.leg_outcomes.LegOutcome."""

    carrier: str = strawberry.field(default="", description="The name or id of a carrier.")
    trunk: str = strawberry.field(default="", description="The name or id of a trunk.")
    endpoint: str = strawberry.field(
        default="", description="The host, host:port or id of an endpoint."
    )
    sip_code: int | None = strawberry.field(
        default=None, description="The final response, 200 to 699; or give failure."
    )
    failure: LegFailure | None = strawberry.field(
        default=None, description="How it fails without a response; or give sipCode."
    )
    ringing: bool = strawberry.field(
        default=False, description="Whether the far end rings (180) before that."
    )

    def outcome(self, place: int) -> LegOutcome:
        """The service's, as the one of this place in the list; raises InvalidInput unless it says
        once whose legs it is about."""
        path = f"outcomes[{place}]"
        owners = [owner for owner in LegOwner if getattr(self, owner)]
        if len(owners) != 1:
            fix = "name one carrier, one trunk or one endpoint"
            raise InvalidInput([Problem(path, "whose legs end so is not said once", fix)])
        return LegOutcome(
            path=path,
            name=getattr(self, owners[0]),
            owner=owners[0],
            sip_code=self.sip_code or 0,
            failure=self.failure.value if self.failure else "",
            ringing=self.ringing,
        )
