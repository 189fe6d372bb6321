"""Which caller a trunk is told of: exact values for every policy, wish and switch."""

from typing import Any

import msgspec
import pytest

from pointsman.routing.call import Call
from pointsman.routing.emergency_plan import EmergencyPlan
from pointsman.routing.number import NumberFormat
from pointsman.routing.outcome import Headers, Party, RejectCode, Step, Trace
from pointsman.routing.routing_group import RoutingGroupTrunk
from pointsman.routing.trunk import CallerIdPolicy, DiversionPolicy, ExtraHeader
from tests.routing.world import (
    ACME_PBX_IP,
    ALPHA_IP,
    BETA_IP,
    World,
    carrier_trunk,
    group,
    make_call,
    make_world,
)

_PASS, _FORCE = CallerIdPolicy.PASS, CallerIdPolicy.FORCE
_OWNED, _NOBODY = CallerIdPolicy.DID_OWNED, CallerIdPolicy.ANONYMOUS
_MAIN = "+390401234000"

_ALICE = Party("Alice", "sip:+390401234567@acme.example")
_ANONYMOUS = Party("Anonymous", "sip:anonymous@anonymous.invalid")
_MAIN_AT_ACME = Party("", f"sip:{_MAIN}@acme.example")
_MAIN_AT_PBX = Party("", f"sip:{_MAIN}@{ACME_PBX_IP}")
_BOSS = Party("Boss", "sip:+390401234001@acme.example")

_ANONYMOUS_URI = "sip:anonymous@anonymous.invalid"
_ASSERTS_BOSS = '"Boss" <sip:+390401234001@acme.example>'
_ASSERTS_OTHER = '"Other" <sip:+390499999999@other.example>'
_OTHER_URI = "sip:+390499999999@other.example"
_OTHER = Party("Alice", _OTHER_URI)


def _world(policy: CallerIdPolicy, **more: Any) -> World:
    world = make_world()
    world.groups[0] = group("out", "acme", "alpha-1")
    world.replace_trunk(
        carrier_trunk("alpha-1", "alpha", ALPHA_IP, caller_id_policy=policy, **more)
    )
    return world


def _call(
    from_uri: str = "sip:+390401234567@acme.example",
    asserted: str | None = None,
    privacy: str = "",
    **more: Any,
) -> Call:
    display = "Anonymous" if from_uri == _ANONYMOUS_URI else "Alice"
    call = make_call(from_uri=from_uri, display=display, asserted=asserted)
    return msgspec.structs.replace(call, privacy=frozenset(privacy.split()), **more)


def _told(world: World, call: Call) -> tuple[Party, Party | None, tuple[str, ...]]:
    """From, identity, Privacy."""
    (leg,) = world.legs(call)
    return leg.from_, leg.headers.asserted_identity, leg.headers.privacy


@pytest.mark.parametrize(
    ("from_uri", "asserted", "privacy", "expected"),
    [
        ("", None, "", (_ALICE, _ALICE, ())),
        ("", _ASSERTS_BOSS, "", (_ALICE, _BOSS, ())),
        ("", None, "none", (_ALICE, _ALICE, ("none",))),
        ("", None, "id", (_ALICE, _ALICE, ("id",))),
        ("", None, "user critical", (_ALICE, _ALICE, ("user", "critical"))),
        ("", None, "history", (_ALICE, _ALICE, ("history",))),
        (_ANONYMOUS_URI, None, "", (_ANONYMOUS, None, ())),
        (_ANONYMOUS_URI, _ASSERTS_BOSS, "", (_ANONYMOUS, _BOSS, ("id",))),
        (_ANONYMOUS_URI, _ASSERTS_BOSS, "user", (_ANONYMOUS, _BOSS, ("user", "id"))),
        (_ANONYMOUS_URI, _ASSERTS_BOSS, "none", (_ANONYMOUS, _BOSS, ("none",))),
        (_OTHER_URI, None, "", (_OTHER, _OTHER, ())),
    ],
)
def test_pass_tells_of_the_caller(
    from_uri: str, asserted: str | None, privacy: str, expected: object
) -> None:
    call = _call(from_uri or "sip:+390401234567@acme.example", asserted, privacy)
    assert _told(_world(_PASS), call) == expected


@pytest.mark.parametrize(
    ("from_uri", "asserted", "privacy", "expected"),
    [
        ("", None, "", (_MAIN_AT_ACME, _MAIN_AT_ACME, ())),
        ("", _ASSERTS_BOSS, "", (_MAIN_AT_ACME, _MAIN_AT_ACME, ())),
        ("", None, "id", (_MAIN_AT_ACME, _MAIN_AT_ACME, ("id",))),
        ("tel:+390401234567", None, "", (_MAIN_AT_PBX, _MAIN_AT_PBX, ())),
        (_ANONYMOUS_URI, None, "", (_ANONYMOUS, _MAIN_AT_PBX, ("id",))),
        (_ANONYMOUS_URI, _ASSERTS_BOSS, "none", (_MAIN_AT_PBX, _MAIN_AT_PBX, ("none",))),
    ],
)
def test_force_tells_of_the_trunks_number(
    from_uri: str, asserted: str | None, privacy: str, expected: object
) -> None:
    call = _call(from_uri or "sip:+390401234567@acme.example", asserted, privacy)
    assert _told(_world(_FORCE, caller_id_number=_MAIN), call) == expected


@pytest.mark.parametrize(
    ("policy", "from_uri", "asserted", "withheld"),
    [
        (_PASS, _ALICE.uri, _ASSERTS_BOSS, False),
        (_FORCE, _ALICE.uri, None, True),
        (_FORCE, _ANONYMOUS_URI, None, False),
        (_OWNED, _ALICE.uri, _ASSERTS_BOSS, False),
        (_OWNED, _OTHER_URI, None, True),
        (_NOBODY, _ALICE.uri, None, False),
    ],
)
def test_a_name_is_withheld_where_the_number_is_not_the_callers(
    policy: CallerIdPolicy, from_uri: str, asserted: str | None, withheld: bool
) -> None:
    """Also with Privacy, which leaves From to the caller where the trunk is trusted."""
    world = _world(policy, caller_id_number=_MAIN)
    for privacy in ("", "id"):
        (leg,) = world.legs(_call(from_uri, asserted, privacy))
        assert leg.headers.is_name_withheld is withheld
    assert _world(_OWNED).legs(_call(_OTHER_URI, _ASSERTS_BOSS))[0].headers.is_name_withheld


def test_a_forced_number_is_told_whatever_the_peers_identity_looks_like() -> None:
    call = _call(has_unreadable_identity=True)
    assert _told(_world(_FORCE, caller_id_number=_MAIN), call)[1] == _MAIN_AT_ACME


@pytest.mark.parametrize(
    ("from_uri", "asserted", "expected"),
    [
        # the caller's own number is a DID of the tenant
        ("", None, (_ALICE, _ALICE, ())),
        ("", _ASSERTS_BOSS, (_ALICE, _BOSS, ())),
        ("", _ASSERTS_OTHER, (_ALICE, _ALICE, ())),
        ("", f"<{_ANONYMOUS_URI}>", (_ALICE, None, ())),
        # it is not
        (_OTHER_URI, None, (Party("", f"sip:{_MAIN}@other.example"),) * 2 + ((),)),
        (_OTHER_URI, _ASSERTS_BOSS, (Party("", f"sip:{_MAIN}@other.example"), _BOSS, ())),
        ("sip:100@acme.example", None, (_MAIN_AT_ACME, _MAIN_AT_ACME, ())),
        # a DID, but of another tenant
        ("sip:+390409999001@acme.example", None, (_MAIN_AT_ACME, _MAIN_AT_ACME, ())),
        # nobody
        (_ANONYMOUS_URI, None, (_ANONYMOUS, _MAIN_AT_PBX, ("id",))),
        (_ANONYMOUS_URI, _ASSERTS_BOSS, (_ANONYMOUS, _BOSS, ("id",))),
        (_ANONYMOUS_URI, _ASSERTS_OTHER, (_ANONYMOUS, _MAIN_AT_PBX, ("id",))),
    ],
)
def test_did_owned_tells_of_numbers_of_the_tenant_only(
    from_uri: str, asserted: str | None, expected: object
) -> None:
    call = _call(from_uri or "sip:+390401234567@acme.example", asserted)
    assert _told(_world(_OWNED, caller_id_number=_MAIN), call) == expected


@pytest.mark.parametrize(
    ("from_uri", "asserted", "expected"),
    [
        ("", None, (_ALICE, _ALICE, ())),
        ("", _ASSERTS_OTHER, (_ALICE, _ALICE, ())),
        (_OTHER_URI, _ASSERTS_BOSS, (_BOSS, _BOSS, ())),
        (_ANONYMOUS_URI, _ASSERTS_BOSS, (_ANONYMOUS, _BOSS, ("id",))),
    ],
)
def test_did_owned_without_a_number_of_its_own_takes_what_the_caller_has(
    from_uri: str, asserted: str | None, expected: object
) -> None:
    call = _call(from_uri or "sip:+390401234567@acme.example", asserted)
    assert _told(_world(_OWNED), call) == expected


def test_an_identity_that_cannot_be_read_is_replaced_by_no_owned_one() -> None:
    call = _call(has_unreadable_identity=True)
    world = _world(_OWNED, caller_id_number=_MAIN)
    assert _told(world, call) == (_ALICE, None, ())
    stranger = _call(_OTHER_URI, has_unreadable_identity=True)
    main = Party("", f"sip:{_MAIN}@other.example")
    assert _told(world, stranger) == (main, main, ())


@pytest.mark.parametrize(
    ("policy", "from_uri", "asserted", "fault"),
    [
        (_OWNED, _OTHER_URI, None, "takes callers with a DID of the tenant only"),
        (_OWNED, _OTHER_URI, _ASSERTS_OTHER, "takes callers with a DID of the tenant only"),
        (_OWNED, "sip:100@acme.example", None, "takes callers with a DID of the tenant only"),
        (_OWNED, "sip:+390409999001@acme.example", None, "takes callers with a DID"),
        (_OWNED, _ANONYMOUS_URI, None, "takes callers with a DID of the tenant only"),
        (_FORCE, _ALICE.uri, None, "has no caller ID to force"),
    ],
)
def test_a_trunk_without_a_number_to_tell_is_no_candidate(
    policy: CallerIdPolicy, from_uri: str, asserted: str | None, fault: str
) -> None:
    world = _world(policy)
    call = _call(from_uri, asserted)
    reject = world.reject(call)
    assert (reject.code, reject.sip_code) == (RejectCode.NO_CANDIDATE, 480)
    assert reject.reason.startswith(f"alpha-1 {fault}")
    world.groups[0] = group("out", "acme", "alpha-1", "beta-1")
    trace: Trace = []
    world.decide(call, trace)
    assert world.trunk_ids(call) == ["beta-1"]
    (drop,) = [note for note in trace if note.subject == f"alpha-1 {ALPHA_IP}"]
    assert drop.step is Step.CANDIDATES
    assert drop.text.startswith(f"dropped: {fault}")


def test_the_bound_of_a_group_is_on_the_legs_that_are_left() -> None:
    world = _world(_OWNED)
    world.groups[0] = group("out", "acme", "alpha-1", "beta-1", max_candidates=1)
    assert world.trunk_ids(_call(_OTHER_URI)) == ["beta-1"]
    assert world.trunk_ids(_call()) == ["alpha-1"]


@pytest.mark.parametrize(
    ("asserted", "privacy", "identity", "written"),
    [
        (None, "", _ALICE, ("id",)),
        (_ASSERTS_BOSS, "", _BOSS, ("id",)),
        (None, "none", _ALICE, ("id",)),
        (None, "header", _ALICE, ("header", "id")),
        (f"<{_ANONYMOUS_URI}>", "", None, ()),
    ],
)
def test_anonymous_tells_a_trusted_trunk_the_identity_to_keep(
    asserted: str | None, privacy: str, identity: Party | None, written: tuple[str, ...]
) -> None:
    call = _call(asserted=asserted, privacy=privacy)
    assert _told(_world(_NOBODY), call) == (_ANONYMOUS, identity, written)


@pytest.mark.parametrize("policy", [_PASS, _FORCE, _OWNED, _NOBODY])
@pytest.mark.parametrize(
    ("from_uri", "privacy", "written"),
    [
        (_ALICE.uri, "id", ("id",)),
        (_ALICE.uri, "user", ("user",)),
        (_ALICE.uri, "header", ("header",)),
        (_ALICE.uri, "session", ("session",)),
        (_ALICE.uri, "id critical", ("id", "critical")),
        (_ALICE.uri, "none id", ("id",)),
        (_ANONYMOUS_URI, "", ()),
        ("sip:anonymous@acme.example", "", ()),
    ],
)
def test_who_is_not_trusted_hears_nothing_of_a_caller_who_wants_privacy(
    policy: CallerIdPolicy, from_uri: str, privacy: str, written: tuple[str, ...]
) -> None:
    world = _world(
        policy, caller_id_number=_MAIN, trusted=False, send_preferred_identity=True,
        send_remote_party_id=True, diversion_policy=DiversionPolicy.BOTH,
        extra_headers=(ExtraHeader("X-Caller", "{calling_number}"),), from_host="sip.acme.example",
    )  # fmt: skip
    (leg,) = world.legs(_call(from_uri, _ASSERTS_BOSS, privacy))
    assert leg.from_ == _ANONYMOUS
    assert leg.headers == Headers(
        is_remote_party_private=True, privacy=written, extra=(("X-Caller", "anonymous"),)
    )


@pytest.mark.parametrize("privacy", ["", "none", "critical", "history"])
def test_who_is_not_trusted_hears_of_a_caller_who_wants_none(privacy: str) -> None:
    told = _told(_world(_PASS, trusted=False), _call(privacy=privacy))
    assert told == (_ALICE, _ALICE, (privacy,) if privacy else ())


def test_privacy_none_lets_nobody_be_hidden_but_by_policy() -> None:
    call = _call(_ANONYMOUS_URI, _ASSERTS_BOSS, "none")
    assert _told(_world(_PASS, trusted=False), call) == (_ANONYMOUS, _BOSS, ("none",))
    assert _told(_world(_NOBODY, trusted=False), call) == (_ANONYMOUS, None, ())


@pytest.mark.parametrize("privacy", ["user critical", "header id critical", "session critical"])
def test_critical_privacy_that_is_out_of_reach_needs_a_trusted_trunk(privacy: str) -> None:
    world = _world(_PASS, trusted=False)
    reject = world.reject(_call(privacy=privacy))
    assert (reject.code, reject.sip_code) == (RejectCode.PRIVACY_UNAVAILABLE, 500)
    assert reject.reason == (
        "alpha-1 is not trusted, and the privacy that is critical to the caller is out of reach"
    )
    world.groups[0] = group("out", "acme", "alpha-1", "beta-1")
    assert world.trunk_ids(_call(privacy=privacy)) == ["beta-1"]


def test_several_reasons_why_no_trunk_is_left_are_told_together() -> None:
    world = _world(_OWNED)
    world.replace_trunk(carrier_trunk("beta-1", "beta", BETA_IP, trusted=False))
    world.groups[0] = group("out", "acme", "alpha-1", "beta-1")
    reject = world.reject(_call(_OTHER_URI, privacy="header critical"))
    assert reject.code is RejectCode.NO_CANDIDATE
    first, second = reject.reason.split("; ")
    assert first.startswith("alpha-1 takes callers")
    assert second.startswith("beta-1 is not trusted")


def test_a_reject_names_a_few_trunks_only() -> None:
    world = _world(_OWNED)
    names = [f"t{number}" for number in range(10)]
    world.trunks += [
        carrier_trunk(name, "alpha", f"198.51.100.{number + 10}", caller_id_policy=_OWNED)
        for number, name in enumerate(names)
    ]
    world.groups[0] = group("out", "acme", *names)
    reason = world.reject(_call(_OTHER_URI)).reason
    assert [part.split()[0] for part in reason.split("; ")] == ["t0", "t1", "t2"]


@pytest.mark.parametrize("asserted", [False, True])
@pytest.mark.parametrize("preferred", [False, True])
@pytest.mark.parametrize("remote_party", [False, True])
def test_each_identity_header_has_its_own_switch(
    asserted: bool, preferred: bool, remote_party: bool
) -> None:
    world = _world(
        _PASS, send_asserted_identity=asserted, send_preferred_identity=preferred,
        send_remote_party_id=remote_party,
    )  # fmt: skip
    headers = world.legs(_call(_ANONYMOUS_URI, _ASSERTS_BOSS))[0].headers
    assert headers == Headers(
        asserted_identity=_BOSS if asserted else None,
        preferred_identity=_BOSS if preferred else None,
        remote_party=_BOSS if remote_party else None,
        is_remote_party_private=True,
        # With no identity told there is none to keep.
        privacy=("id",) if asserted or preferred or remote_party else (),
    )


def test_the_forced_number_is_written_as_the_trunk_writes_numbers() -> None:
    world = _world(
        _FORCE, caller_id_number=_MAIN, number_format=NumberFormat.INTERNATIONAL_00,
        from_host="sip.acme.example",
    )  # fmt: skip
    main = Party("", "sip:00390401234000@sip.acme.example")
    assert _told(world, _call()) == (main, main, ())


@pytest.mark.parametrize("policy", [_PASS, _FORCE, _OWNED, _NOBODY])
@pytest.mark.parametrize("trusted", [True, False])
def test_an_emergency_call_tells_of_the_plans_number_whatever_else_is_said(
    policy: CallerIdPolicy, trusted: bool
) -> None:
    world = _emergency(caller_id_policy=policy, trusted=trusted)
    for call in (
        make_call("sip:112@h"),
        _emergency_call(_ANONYMOUS_URI, "id user critical"),
        _emergency_call("sip:100@acme.example", "header critical"),
    ):
        for leg in world.legs(call):
            assert leg.from_.uri.startswith("sip:+390401234111@")
            assert leg.from_.display == ""
            assert leg.headers == Headers(
                leg.from_, geolocation="https://lis.example/acme", is_name_withheld=True
            )


def _emergency(**more: Any) -> World:
    world = make_world()
    for trunk, carrier, ip in (("alpha-1", "alpha", ALPHA_IP), ("beta-1", "beta", BETA_IP)):
        world.replace_trunk(carrier_trunk(trunk, carrier, ip, **more))
    world.groups.append(group("sos", "acme", *map(RoutingGroupTrunk, ("alpha-1", "beta-1"))))
    world.emergency_plans.append(
        EmergencyPlan(
            "sos", "acme", "IT", ("112",), "+390401234111", ("sos",),
            geolocation_uri="https://lis.example/acme",
        )
    )  # fmt: skip
    return world


def _emergency_call(from_uri: str, privacy: str) -> Call:
    call = make_call("sip:112@h", from_uri=from_uri, asserted=_ASSERTS_BOSS)
    return msgspec.structs.replace(call, privacy=frozenset(privacy.split()))
