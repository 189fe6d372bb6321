"""A proxy before Kamailio whose word on where a call comes from is believed."""

from msgspec import Struct

from pointsman.routing.source_table import IPNetwork


class TrustedProxy(Struct, frozen=True, gc=False):
    """A call whose socket is within `network` comes from the source that it says it forwards;
    one that says none is of no known source."""

    id: str
    name: str
    network: IPNetwork
