"""The processes of the platform."""

from enum import StrEnum


class RoleName(StrEnum):
    """The processes of the platform. A router starts a compiler of its own unless it is told not
    to."""

    CONTROL = "control"
    ROUTER = "router"
    COMPILER = "compiler"
    RECORDS = "records"
