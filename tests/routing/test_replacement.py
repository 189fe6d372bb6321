r"""What a rule puts in the place of what it finds."""

import re

import pytest

from pointsman.routing.replacement import BadReplacement, compile_replacement


@pytest.mark.parametrize(
    ("replace", "expected"),
    [
        (r"+39\1", "+39040"),
        (r"\2\1", "1040"),
        (r"\3", ""),  # a group that took no part
        (r"\10", "0400"),  # one digit names a group
        ("", ""),
        (r"a\\1", r"a\1"),
        ("1$", "1$"),
        ("é#*", "é#*"),
    ],
)
def test_groups_are_put_where_they_are_named(replace: str, expected: str) -> None:
    found = re.search("(040)(1)(2)?", "9040199")
    assert found is not None
    assert compile_replacement(replace, 3).expand(found) == expected


@pytest.mark.parametrize(
    ("replace", "groups", "message", "fix"),
    [
        (
            r"\2",
            1,
            r"\2 is a group that the pattern does not have",
            "put it in parentheses in `match`, which has 1",
        ),
        (
            r"\1",
            0,
            r"\1 is a group that the pattern does not have",
            "put in parentheses what of `match` is to be kept",
        ),
        ("+39$1", 1, "$1 is no group here", r"write \1 to \9 for the groups"),
        ("${1}", 1, "${ is no group here", r"write \1 to \9 for the groups"),
        (
            r"\g<1>",
            1,
            "a backslash stands before something other than 1 to 9",
            r"write \1 to \9 for the groups, and \\ for a backslash",
        ),
        (
            r"\0",
            1,
            "a backslash stands before something other than 1 to 9",
            r"write \1 to \9 for the groups, and \\ for a backslash",
        ),
        (
            "39\\",
            1,
            "a backslash stands before something other than 1 to 9",
            r"write \1 to \9 for the groups, and \\ for a backslash",
        ),
    ],
)
def test_what_is_no_replacement_is_refused_with_the_fix(
    replace: str, groups: int, message: str, fix: str
) -> None:
    with pytest.raises(BadReplacement) as caught:
        compile_replacement(replace, groups)
    assert (str(caught.value), caught.value.fix) == (message, fix)
