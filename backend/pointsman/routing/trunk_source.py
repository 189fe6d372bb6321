"""Who may send as a trunk."""

from msgspec import Struct

from pointsman.routing.source_table import IPNetwork
from pointsman.routing.trunk import Transport


class TrunkSource(Struct, frozen=True, gc=False):
    """Calls from `network` are the trunk's when everything else that is given holds too.

    `transport` and `port` (of the sender) are None for any. `tech_prefix` is what the called
    user starts with, which is cut off before anything else looks at it; `called_prefix` and
    `calling_prefix` are what the called user behind it and the calling user start with, as the
    sender writes them, before any normalization. "" is any.
    """

    network: IPNetwork
    trunk_id: str
    transport: Transport | None = None
    port: int | None = None
    tech_prefix: str = ""
    called_prefix: str = ""
    calling_prefix: str = ""
