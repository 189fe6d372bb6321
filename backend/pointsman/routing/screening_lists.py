"""Number lists, ready to look numbers up."""

from msgspec import Struct

from pointsman.routing.configuration import Configuration


class ScreeningLists(Struct, frozen=True):
    """The lists of all tenants and trunks."""


def compile_lists(configuration: Configuration) -> ScreeningLists:
    """The lists of a configuration."""
    return ScreeningLists()
