"""What a caller wants the far end not to know."""

import msgspec
import pytest

from pointsman.routing.privacy import (
    is_anonymous,
    is_out_of_reach,
    read_privacy,
    wants_privacy,
    write_privacy,
)
from pointsman.routing.uri import parse_name_addr
from tests.routing.world import make_call

_ALICE = "sip:+390401234567@acme.example"
_NOBODY = "sip:anonymous@anonymous.invalid"


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("id", {"id"}),
        ("ID; Critical", {"id", "critical"}),
        ("user;header;session", {"user", "header", "session"}),
        ("none", {"none"}),
        ("history,id", {"history", "id"}),
        (" id ;\tuser\r\n ;critical", {"id", "user", "critical"}),
        ("unknown;x=1;idx", set()),
        ("id\r\nX-Evil: 1", {"id"}),
        (";;,,", set()),
        ("x" * 10_000, set()),
    ],
)
def test_values_with_a_meaning_are_read(header: str, expected: set[str]) -> None:
    assert read_privacy(header) == expected


@pytest.mark.parametrize(
    ("party", "expected"),
    [
        (_NOBODY, True),
        ("sip:anonymous.invalid", True),
        ("sip:+390401234567@anonymous.invalid", True),
        ("sip:Anonymous@acme.example", True),
        ("sip:restricted@carrier.example", True),
        ("sip:unavailable@carrier.example", False),
        ("sip:anonymous1@acme.example", False),
        (_ALICE, False),
        ("tel:+39040", False),
    ],
)
def test_who_is_nobody(party: str, expected: bool) -> None:
    assert is_anonymous(parse_name_addr(party)) is expected


@pytest.mark.parametrize(
    ("asked", "from_uri", "expected"),
    [
        ("", _ALICE, False),
        ("", _NOBODY, True),
        ("id", _ALICE, True),
        ("user", _ALICE, True),
        ("header", _ALICE, True),
        ("session", _ALICE, True),
        ("history", _ALICE, False),
        ("history", _NOBODY, True),
        ("critical", _ALICE, False),
        ("none", _ALICE, False),
        ("none", _NOBODY, False),
        ("none critical", _NOBODY, False),
        ("none id", _ALICE, True),
    ],
)
def test_who_wants_privacy(asked: str, from_uri: str, expected: bool) -> None:
    call = msgspec.structs.replace(make_call(from_uri=from_uri), privacy=frozenset(asked.split()))
    assert wants_privacy(call, withheld=is_anonymous(call.from_)) is expected


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("id critical", False),
        ("user", False),
        ("critical", False),
        ("none critical", False),
        ("user critical", True),
        ("header critical", True),
        ("id session critical", True),
    ],
)
def test_what_is_critical_and_out_of_a_proxys_reach(asked: str, expected: bool) -> None:
    assert is_out_of_reach(frozenset(asked.split())) is expected


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("", ()),
        ("none", ("none",)),
        ("none critical", ("none", "critical")),
        ("none id", ("id",)),
        ("critical id user", ("user", "id", "critical")),
        ("history session header", ("header", "session", "history")),
    ],
)
def test_values_are_written_in_one_order(asked: str, expected: tuple[str, ...]) -> None:
    assert write_privacy(frozenset(asked.split())) == expected
