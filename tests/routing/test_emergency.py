"""Emergency calls: which calls are some, by which plan, and where they go."""

from dataclasses import replace

import pytest
from msgspec import structs

from pointsman.routing.carrier import Carrier
from pointsman.routing.destination_class import DestinationClass
from pointsman.routing.emergency_plan import EmergencyPlan
from pointsman.routing.normalization_profile import NormalizationRule, NumberDirection, NumberField
from pointsman.routing.number import NumberFormat
from pointsman.routing.outcome import MatchKind, Note, Reject, RejectCode, Routes, Step, Trace
from pointsman.routing.routing_group import GroupMode, RoutingGroup, RoutingGroupTrunk
from pointsman.routing.routing_rule import RuleAction
from pointsman.routing.tenant import Tenant
from tests.routing.emergency_world import NUMBERS, make_plan, world_of
from tests.routing.world import (
    ACME_PBX_IP,
    ALPHA_IP,
    BETA_IP,
    ZEN_PBX_IP,
    World,
    carrier_trunk,
    make_call,
    make_world,
    pbx_trunk,
    rule,
)


def test_a_call_to_a_plans_number_goes_to_its_groups_in_their_order() -> None:
    routes = world_of(make_plan()).routes(make_call("sip:112@h"))
    assert (routes.tenant_id, routes.match_kind, routes.match_id, routes.mode) == (
        "acme",
        MatchKind.EMERGENCY,
        "plan-IT",
        GroupMode.SERIAL,
    )
    assert [leg.target.trunk_id for leg in routes.legs] == ["beta-1", "alpha-1"]
    assert [leg.request_uri for leg in routes.legs] == [
        f"sip:112@{BETA_IP}:5060",
        f"sip:112@{ALPHA_IP}:5060",
    ]


@pytest.mark.parametrize(
    ("called", "expected"),
    [
        ("112", "112"),
        ("118", "118"),
        ("+112", "112"),
        ("+39112", "112"),
        ("*#", "*#"),
        ("0039112", "112"),
        ("tel:112", "112"),
        ("tel:1-1-2", "112"),
        ("tel:112;phone-context=+39", "112"),
        # one that is a telephone number as well
        ("800118118", "800118118"),
        ("+39800118118", "+39800118118"),
        # no emergency
        ("1120", None),
        ("11", None),
        ("+44112", None),
        ("0112", None),
        ("+391120", None),
        ("119", None),
        ("sos", None),
    ],
)
def test_what_is_an_emergency_call(called: str, expected: str | None) -> None:
    world = world_of(make_plan("IT", *NUMBERS, "*#", "800118118"))
    world.rules = []
    outcome = world.decide(
        make_call(called if called.startswith("tel:") else f"sip:{called}@h".replace("#", "%23"))
    )
    if expected is None:
        assert isinstance(outcome, Reject)
        assert outcome.code is RejectCode.NO_ROUTE
    else:
        assert isinstance(outcome, Routes)
        assert outcome.legs[0].request_uri == f"sip:{expected}@{BETA_IP}:5060".replace("#", "%23")


@pytest.mark.parametrize("number_format", NumberFormat)
def test_a_short_code_is_never_written_as_an_international_number(
    number_format: NumberFormat,
) -> None:
    world = world_of(make_plan())
    for name, carrier, ip in (("beta-1", "beta", BETA_IP), ("alpha-1", "alpha", ALPHA_IP)):
        world.replace_trunk(carrier_trunk(name, carrier, ip, number_format=number_format))
    for called in ("112", "+112", "+39112"):
        legs = world.legs(make_call(f"sip:{called}@h"))
        assert [leg.request_uri.partition("@")[0] for leg in legs] == ["sip:112", "sip:112"]


def test_no_profile_hides_a_number() -> None:
    """Short codes that libphonenumber does not know may look like local numbers."""
    world = world_of(make_plan("GB", "15555"), acme_pbx="GB")
    profile = structs.replace(
        world.profiles[0],
        rules=(NormalizationRule(NumberDirection.INBOUND, NumberField.CALLED, "^1", "+441"),),
    )
    world.profiles = [profile]
    legs = world.legs(make_call("sip:15555@h"))
    assert legs[0].request_uri == f"sip:15555@{BETA_IP}:5060"
    world.rules = [
        rule("on", "acme", "", action=RuleAction.CONTINUE, forward_number="+390612345678"),
        rule("all", "acme", "out", "+39"),
    ]
    assert world.routes(make_call("sip:15556@h")).match_id == "all"


def test_only_a_pbx_of_the_tenant_makes_emergency_calls() -> None:
    world = world_of(make_plan())
    world.rules = []
    call = make_call("sip:112@h", source_ip=ALPHA_IP)
    assert world.reject(call).code is RejectCode.NO_ROUTE
    assert world.reject(structs.replace(call, source_ip=ZEN_PBX_IP)).code is RejectCode.NO_ROUTE
    unknown = world.reject(structs.replace(call, source_ip="203.0.113.99"))
    assert unknown.code is RejectCode.UNKNOWN_SOURCE


def test_a_disabled_plan_is_as_if_it_were_not_there() -> None:
    world = world_of(make_plan(enabled=False))
    assert world.routes(make_call("sip:112@h")).match_kind is MatchKind.ROUTING_RULE


@pytest.mark.parametrize(
    ("plans", "profile", "called", "expected"),
    [
        ([make_plan("DE", "112", "110"), make_plan("IT", "112")], "IT", "112", "plan-IT"),
        ([make_plan("DE", "112", "110"), make_plan("IT", "112")], "DE", "112", "plan-DE"),
        # no plan of the source's own country has it: the first by country
        ([make_plan("IT", "112"), make_plan("DE", "112", "110")], "FR", "112", "plan-DE"),
        ([make_plan("IT", "112"), make_plan("DE", "112", "110")], None, "112", "plan-DE"),
        ([make_plan("IT", "112"), make_plan("DE", "112", "110")], "IT", "110", "plan-DE"),
        ([make_plan("DE", "112"), make_plan("IT", "112", enabled=False)], "IT", "112", "plan-DE"),
        # the country's code tells
        ([make_plan("DE", "112"), make_plan("IT", "112")], None, "+39112", "plan-IT"),
    ],
)
def test_the_plan_is_of_the_country_of_the_source(
    plans: list[EmergencyPlan], profile: str | None, called: str, expected: str
) -> None:
    world = world_of(*plans, **({"acme_pbx": profile} if profile else {}))
    assert world.routes(make_call(f"sip:{called}@h")).match_id == expected


def test_an_international_prefix_of_the_country_is_one_too() -> None:
    world = world_of(make_plan("US", "911"))
    for called in ("0111911", "001911", "+1911"):
        assert world.routes(make_call(f"sip:{called}@h")).match_kind is MatchKind.EMERGENCY


@pytest.mark.parametrize(
    ("number", "called"),
    [
        ("899123456", "899123456"),
        ("899123456", "+39899123456"),
        ("892424", "892424"),
        ("0088161234567", "0088161234567"),
    ],
)
def test_a_plan_is_no_way_to_numbers_of_a_class_that_the_tenant_is_denied(
    number: str, called: str
) -> None:
    world = world_of(make_plan("IT", "112", number))
    world.rules = []
    call = make_call(f"sip:{called}@h")
    assert world.reject(call).code is RejectCode.NO_ROUTE
    world.tenants[0] = Tenant("acme", "Acme", allowed_classes=frozenset(DestinationClass))
    assert world.routes(call).match_kind is MatchKind.EMERGENCY


@pytest.mark.parametrize(
    ("world", "code"),
    [
        (replace(world_of(make_plan()), tenants=[Tenant("acme", "Acme", enabled=False),
                                           Tenant("zen", "Zen")]), RejectCode.TENANT_DISABLED),
        (replace(world_of(make_plan()), trunks=[
            pbx_trunk("acme-pbx", "acme", ACME_PBX_IP, enabled=False), *make_world().trunks[1:]
        ]), RejectCode.TRUNK_DISABLED),
        (replace(world_of(make_plan()), carriers=[
            Carrier("alpha", "Alpha", frozenset({"acme", "zen"}), enabled=False),
            Carrier("beta", "Beta", frozenset()),
        ]), RejectCode.NO_CANDIDATE),
    ],
)  # fmt: skip
def test_what_is_disabled_stays_disabled(world: World, code: RejectCode) -> None:
    assert world.reject(make_call("sip:112@h")).code is code


def test_a_number_that_a_rule_sends_on_to_may_be_one() -> None:
    world = world_of(make_plan())
    world.rules = [rule("old", "acme", "", "999", action=RuleAction.CONTINUE, forward_number="112")]
    routes = world.routes(make_call("sip:999@h"))
    assert (routes.match_kind, len(routes.legs)) == (MatchKind.EMERGENCY, 2)


def test_the_trace_tells_the_plan() -> None:
    trace: Trace = []
    world_of(make_plan()).decide(make_call("sip:+39112@h"), trace)
    assert Note(Step.EMERGENCY, "+39112", "a number of the emergency plan for IT") in trace
    assert {note.step for note in trace} == {Step.SOURCE, Step.NUMBERS, Step.EMERGENCY, Step.LEGS}


def test_a_plan_of_groups_within_groups_reaches_their_trunks() -> None:
    world = world_of(make_plan(routing_group_ids=("outer",)))
    members = [
        RoutingGroupTrunk(member_group_id=name, priority=priority)
        for priority, name in enumerate(("by-alpha", "by-beta"))
    ]
    world.groups.append(RoutingGroup("outer", "outer", "acme", tuple(members)))
    assert world.trunk_ids(make_call("sip:112@h")) == ["alpha-1", "beta-1"]
