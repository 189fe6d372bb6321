"""A field that an update leaves alone, apart from one that it sets to null."""

from enum import Enum
from typing import Any, Final


class Unset(Enum):
    """The type of UNSET."""

    UNSET = "UNSET"


UNSET: Final = Unset.UNSET


def given(**fields: Any) -> dict[str, Any]:
    """The fields that an update sets."""
    return {name: value for name, value in fields.items() if value is not UNSET}
