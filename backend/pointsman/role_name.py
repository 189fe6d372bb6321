"""The processes of the platform."""

from enum import StrEnum


class RoleName(StrEnum):
    """The processes of the platform; room is left for `records`."""

    CONTROL = "control"
    ROUTER = "router"
