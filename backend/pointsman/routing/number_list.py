"""Numbers that calls may, or may not, have to do with."""

from enum import StrEnum

from msgspec import Struct

from pointsman.routing.normalization_profile import NumberField


class ListKind(StrEnum):
    """BLOCK: no call with a number on it. ALLOW: no call but with a number on it."""

    ALLOW = "ALLOW"
    BLOCK = "BLOCK"


class NumberList(Struct, frozen=True, gc=False):
    """Prefixes of called or calling numbers, after normalization: "+39" or as dialled, "".

    With `trunk_ids` it is for calls that come from these trunks, without for all calls of the
    tenant, from its PBXs and to its numbers. `anonymous`: callers without a number are on it.
    """

    id: str
    name: str
    tenant_id: str
    kind: ListKind
    field: NumberField
    prefixes: tuple[str, ...] = ()
    anonymous: bool = False
    trunk_ids: tuple[str, ...] = ()
    enabled: bool = True
