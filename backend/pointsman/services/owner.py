"""Whose objects are read for a snapshot."""

from enum import Enum
from typing import Any
from uuid import UUID

from tortoise.expressions import Q


class Everybody(Enum):
    """All owners."""

    EVERYBODY = "EVERYBODY"


EVERYBODY = Everybody.EVERYBODY

# A tenant by its id, None for the platform.
Owner = UUID | None | Everybody


def owned_by(owner: Owner, path: str = "tenant_id") -> Q:
    """The condition that `path` is the owner's."""
    if owner is EVERYBODY:
        return Q()
    condition: dict[str, Any] = {f"{path}__isnull": True} if owner is None else {path: owner}
    return Q(**condition)
