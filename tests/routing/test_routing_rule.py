"""A rule's pattern: RE2's, compiled once, matched against whole numbers."""

import pytest

from pointsman.routing.routing_rule import (
    MAX_REGEX_INPUT,
    BadRegex,
    RoutingRule,
    compile_regex,
)
from pointsman.routing.rule_table import takes_called


def _rule(called_regex: str) -> RoutingRule:
    return RoutingRule("id", "name", "tenant", "group", called_regex=called_regex)


@pytest.mark.parametrize(
    ("pattern", "called", "expected"),
    [
        ("", "+39040", True),
        (r"\+39.*", "+39040", True),
        (r"\+39", "+39040", False),
        ("39040", "+39040", False),
        ("1.*", "1" * MAX_REGEX_INPUT, True),
        ("1.*", "1" * (MAX_REGEX_INPUT + 1), False),
    ],
)
def test_a_pattern_takes_whole_numbers(pattern: str, called: str, expected: bool) -> None:
    assert takes_called(_rule(pattern), called) is expected


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ("(", "missing )"),
        ("(?=a)", "invalid perl operator"),
        (r"(a)\1", "invalid escape sequence"),
        ("\ud800", "half of a surrogate pair"),
    ],
)
def test_what_re2_does_not_take_is_named(pattern: str, reason: str) -> None:
    with pytest.raises(BadRegex, match=reason.replace(")", r"\)")):
        compile_regex(pattern)
