"""What compiling needs of the world."""

from msgspec import Struct

from pointsman.routing.sealed_trunk import Unseal
from pointsman.snapshots.tables import Add, Read


class Store(Struct, frozen=True):
    """Where parts are read and added, and what opens secrets."""

    read: Read
    add: Add
    unseal: Unseal
