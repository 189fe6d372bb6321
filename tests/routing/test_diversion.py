"""Who was called before."""

from itertools import pairwise

import msgspec
import pytest

from pointsman.routing.call import Call, Diversion
from pointsman.routing.diversion import REASONS, read_diversion
from pointsman.routing.number import NumberFormat
from pointsman.routing.outcome import Diverted, Party
from pointsman.routing.routing_rule import RuleAction
from pointsman.routing.trunk import DiversionPolicy
from pointsman.routing.uri import BadUri, NameAddr, Uri, parse_name_addr
from tests.routing.world import ALPHA_IP, World, carrier_trunk, make_call, make_world, rule

_DESK = NameAddr("Desk", Uri("sip", "+390401234001", "acme.example"))


def _read(value: str) -> Diversion:
    return read_diversion(value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ('"Desk" <sip:+390401234001@acme.example>', Diversion(_DESK, "unknown")),
        (
            "Desk <sip:+390401234001@acme.example>;reason=no-answer;counter=3;privacy=full",
            Diversion(_DESK, "no-answer", 3, private=True),
        ),
        (
            'Desk <sip:+390401234001@acme.example> ; Reason = "User-Busy" ; Privacy=OFF',
            Diversion(_DESK, "user-busy"),
        ),
        (
            "Desk <sip:+390401234001@acme.example>;reason=lunch;counter=0;screen=yes",
            Diversion(_DESK, "unknown"),
        ),
        (
            "Desk <sip:+390401234001@acme.example>;counter=100;privacy=name",
            Diversion(_DESK, "unknown", 1, private=True),
        ),
        (
            "sip:+390401234001@acme.example;reason=away",
            Diversion(NameAddr("", _DESK.uri), "away"),
        ),
        (
            "<tel:+390401234001>",
            Diversion(NameAddr("", Uri("tel", "+390401234001", "")), "unknown"),
        ),
    ],
)
def test_a_diversion_is_read(value: str, expected: Diversion) -> None:
    assert _read(value) == expected


@pytest.mark.parametrize("reason", sorted(REASONS))
def test_each_reason_of_the_standard_is_kept(reason: str) -> None:
    assert _read(f"<sip:1@h>;reason={reason}").reason == reason


@pytest.mark.parametrize("value", ["", "Desk", "<urn:x>", '"Desk <sip:1@h>', "<sip:1@h"])
def test_what_is_no_diversion_is_refused(value: str) -> None:
    with pytest.raises(BadUri):
        _read(value)


def _world(policy: DiversionPolicy, **more: object) -> World:
    world = make_world()
    world.replace_trunk(
        carrier_trunk("alpha-1", "alpha", ALPHA_IP, diversion_policy=policy, **more)
    )
    return world


def _call(*values: str, privacy: str = "") -> Call:
    return msgspec.structs.replace(
        make_call(),
        diversions=tuple(map(read_diversion, values)),
        privacy=frozenset(privacy.split()),
    )


def _diversions(world: World, call: Call) -> tuple[Diverted, ...]:
    return world.legs(call)[0].headers.diversions


@pytest.mark.parametrize(
    ("policy", "diversions", "history"),
    [
        (DiversionPolicy.NONE, False, False),
        (DiversionPolicy.DIVERSION, True, False),
        (DiversionPolicy.HISTORY_INFO, False, True),
        (DiversionPolicy.BOTH, True, True),
    ],
)
def test_the_policy_says_which_headers_tell(
    policy: DiversionPolicy, diversions: bool, history: bool
) -> None:
    headers = _world(policy).legs(_call("Desk <sip:+390401234001@acme.example>"))[0].headers
    party = Party("Desk", "sip:+390401234001@acme.example")
    told = (Diverted(party, "unknown"),)
    assert headers.diversions == (told if diversions else ())
    assert headers.history == (told if history else ())
    undiverted = _world(policy).legs(make_call())[0].headers
    assert (undiverted.diversions, undiverted.history) == ((), ())


def test_numbers_are_written_as_the_trunk_writes_them() -> None:
    world = _world(
        DiversionPolicy.DIVERSION, number_format=NumberFormat.E164, from_host="sip.acme.example"
    )
    call = _call(
        "<sip:+390401234001@acme.example>;counter=2", "<tel:+39-040-1234002>", "<sip:100@pbx>",
        "<sip:anonymous@anonymous.invalid>",
    )  # fmt: skip
    assert [diverted.party.uri for diverted in _diversions(world, call)] == [
        "sip:390401234001@sip.acme.example",
        "sip:390401234002@sip.acme.example",
        "sip:100@sip.acme.example",
        "sip:anonymous@anonymous.invalid",
    ]
    assert [diverted.counter for diverted in _diversions(world, call)] == [2, 1, 1, 1]


def test_one_without_a_host_is_at_the_callers_address() -> None:
    world = _world(DiversionPolicy.DIVERSION)
    (diverted,) = _diversions(world, _call("<tel:+390401234001>"))
    assert diverted.party.uri == f"sip:+390401234001@{make_call().source_ip}"


@pytest.mark.parametrize("value", ["<sip:pbx>", "<sip:a%0d%0ab@h>", '"a\x07" <sip:1@h>'])
def test_one_that_cannot_be_told_is_left_out(value: str) -> None:
    assert _diversions(_world(DiversionPolicy.DIVERSION), _call(value)) == ()


def _forwarding(policy: DiversionPolicy, *numbers: str, **more: object) -> World:
    """From a number to the next one, by rules."""
    world = _world(policy, **more)
    for number, to in pairwise(numbers):
        forward = {"action": RuleAction.CONTINUE, "forward_number": to}
        world.rules.append(rule(number, "acme", "", number, **forward))
    return world


def test_forwards_of_rules_are_told_before_those_of_the_peer() -> None:
    world = _forwarding(
        DiversionPolicy.DIVERSION, "+390612345678", "+390612345679", "+390612345680"
    )
    call = _call('"Desk" <sip:+390401234001@acme.example>;reason=no-answer')
    assert _diversions(world, call) == (
        Diverted(Party("", "sip:+390612345679@203.0.113.1"), "unconditional"),
        Diverted(Party("", "sip:+390612345678@203.0.113.1"), "unconditional"),
        Diverted(Party("Desk", "sip:+390401234001@acme.example"), "no-answer"),
    )
    assert world.legs(call)[0].request_uri == f"sip:+390612345680@{ALPHA_IP}:5060"


def test_at_most_five_are_told_the_last_ones() -> None:
    world = _forwarding(DiversionPolicy.BOTH, "+390612345678", "+390612345679")
    call = _call(*(f"<sip:{number}@h>" for number in range(5)))
    users = [diverted.party.uri for diverted in _diversions(world, call)]
    assert users == [
        "sip:+390612345678@203.0.113.1", "sip:0@h", "sip:1@h", "sip:2@h", "sip:3@h",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("trusted", "privacy", "expected"),
    [
        (True, "", ["a", "b"]),
        (True, "id", ["a", "b"]),
        (True, "history", ["a", "b"]),
        (False, "", ["a"]),
        (False, "none", ["a"]),
        (False, "id", []),
        (False, "history", []),
    ],
)
def test_who_is_not_trusted_hears_of_nobody_private(
    trusted: bool, privacy: str, expected: list[str]
) -> None:
    world = _world(DiversionPolicy.DIVERSION, trusted=trusted)
    call = _call("<sip:a@h>", "<sip:b@h>;privacy=full", privacy=privacy)
    told = [parse_name_addr(d.party.uri).uri.user for d in _diversions(world, call)]
    assert told == expected
    assert all(d.private == (d.party.uri == "sip:b@h") for d in _diversions(world, call))
