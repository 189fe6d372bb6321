"""Numbers that calls may, or may not, have to do with."""

from enum import StrEnum

from msgspec import Struct

from pointsman.routing.normalization_profile import NumberField


class ListKind(StrEnum):
    """BLOCK: no call with a number on it. ALLOW: no call but with a number on it."""

    ALLOW = "ALLOW"
    BLOCK = "BLOCK"


class NumberList(Struct, frozen=True, gc=False):
    """Prefixes of called or calling numbers as they are after normalization: "+39" of E.164,
    "112" of what is dialled as it is, "" of all there is.

    With `trunk_ids` it is for the tenant's calls that come from these trunks, without for all of
    the tenant, from its PBXs and to its numbers. One without tenant is the platform's, for all
    calls from these trunks. `anonymous`: callers without a number are on it.
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
