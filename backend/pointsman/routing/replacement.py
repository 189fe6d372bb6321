r"""What replaces the find of a pattern: text in which \1 to \9 are the pattern's groups."""

import re
from typing import Any, Protocol

from msgspec import Struct

_PARTS = re.compile(r"\\([1-9])|\\(\\)|([^\\]+)|\\")
_GROUP = re.compile(r"\$(?:[0-9]|\{)")


class BadReplacement(ValueError):
    """A replacement that cannot be; the message says why, `fix` what to write."""

    def __init__(self, message: str, fix: str) -> None:
        super().__init__(message)
        self.fix = fix


class Found(Protocol):
    """A match of `re` or of RE2."""

    def group(self, group: int, /) -> str | Any:
        """The text of a group, None when it took no part."""


class Replacement(Struct, frozen=True, gc=False):
    """Texts, and numbers of groups, one after the other."""

    parts: tuple[str | int, ...]

    def expand(self, found: Found) -> str:
        """The text for what was found; a group that took no part is empty."""
        return "".join(
            part if isinstance(part, str) else found.group(part) or "" for part in self.parts
        )


def compile_replacement(text: str, groups: int) -> Replacement:
    r"""Read a replacement for a pattern with so many groups; \\ is a backslash. Raises
    BadReplacement."""
    parts: list[str | int] = []
    for found in _PARTS.finditer(text):
        group, backslash, plain = found.groups()
        if group is not None:
            if int(group) > groups:
                raise BadReplacement(
                    f"\\{group} is a group that the pattern does not have",
                    f"put it in parentheses in `match`, which has {groups}"
                    if groups
                    else "put in parentheses what of `match` is to be kept",
                )
            parts.append(int(group))
        elif plain is not None:
            if wrong := _GROUP.search(plain):
                raise BadReplacement(
                    f"{wrong.group()} is no group here", "write \\1 to \\9 for the groups"
                )
            parts.append(plain)
        elif backslash is not None:
            parts.append(backslash)
        else:
            raise BadReplacement(
                "a backslash stands before something other than 1 to 9",
                "write \\1 to \\9 for the groups, and \\\\ for a backslash",
            )
    return Replacement(tuple(parts))
