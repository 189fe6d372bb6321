"""Emergency calls: nothing stands in their way."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from pointsman.routing.call import Diversion
from pointsman.routing.carrier import Carrier
from pointsman.routing.destination_class import DestinationClass
from pointsman.routing.did import Did
from pointsman.routing.domain import Domain
from pointsman.routing.emergency_plan import EmergencyPlan
from pointsman.routing.normalization_profile import (
    NormalizationProfile,
    NormalizationRule,
    NumberDirection,
    NumberField,
)
from pointsman.routing.number import NumberFormat
from pointsman.routing.number_list import ListKind, NumberList
from pointsman.routing.outcome import (
    MatchKind,
    Note,
    Party,
    Reject,
    RejectCode,
    Routes,
    Step,
    Trace,
)
from pointsman.routing.reroute_policy import (
    RerouteAction,
    ReroutePhase,
    ReroutePolicy,
    RerouteRule,
)
from pointsman.routing.routing_group import GroupMode, RoutingGroup, RoutingGroupTrunk
from pointsman.routing.routing_rule import RuleAction
from pointsman.routing.tenant import Tenant
from pointsman.routing.trunk import CallerIdPolicy, DiversionPolicy, Endpoint
from pointsman.routing.uri import parse_name_addr
from tests.routing.world import (
    ACME_PBX_IP,
    ALPHA_IP,
    BETA_IP,
    ZEN_PBX_IP,
    World,
    carrier_trunk,
    group,
    make_call,
    make_world,
    pbx_trunk,
    rule,
)

_NUMBERS = ("112", "113", "115", "118")


def _plan(country: str = "IT", *numbers: str, **more: Any) -> EmergencyPlan:
    return EmergencyPlan(**{
        "id": f"plan-{country}", "tenant_id": "acme", "country": country,
        "numbers": numbers or _NUMBERS, "calling_number": "+390400000000",
        "routing_group_ids": ("by-beta", "by-alpha"), **more,
    })  # fmt: skip


def _world(*plans: EmergencyPlan, **profiles: str) -> World:
    """Acme, with emergency groups by Beta and by Alpha; PBXs with a profile of a country."""
    world = make_world()
    world.emergency_plans = list(plans)
    world.groups += [group("by-beta", "acme", "beta-1"), group("by-alpha", "acme", "alpha-1")]
    for name, country in profiles.items():
        world.profiles.append(NormalizationProfile(country, country, "", country))
        world.replace_trunk(
            pbx_trunk(name.replace("_", "-"), "acme", ACME_PBX_IP, normalization_profile_id=country)
        )
    return world


def test_a_call_to_a_plans_number_goes_to_its_groups_in_their_order() -> None:
    routes = _world(_plan()).routes(make_call("sip:112@h"))
    assert (routes.tenant_id, routes.match_kind, routes.match_id, routes.mode) == (
        "acme",
        MatchKind.EMERGENCY,
        "plan-IT",
        GroupMode.SERIAL,
    )
    assert [leg.trunk_id for leg in routes.legs] == ["beta-1", "alpha-1"]
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
    world = _world(_plan("IT", *_NUMBERS, "*#", "800118118"))
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
    world = _world(_plan())
    for name, carrier, ip in (("beta-1", "beta", BETA_IP), ("alpha-1", "alpha", ALPHA_IP)):
        world.replace_trunk(carrier_trunk(name, carrier, ip, number_format=number_format))
    for called in ("112", "+112", "+39112"):
        legs = world.legs(make_call(f"sip:{called}@h"))
        assert [leg.request_uri.partition("@")[0] for leg in legs] == ["sip:112", "sip:112"]


def test_no_profile_hides_a_number() -> None:
    """Short codes that libphonenumber does not know may look like local numbers."""
    world = _world(_plan("GB", "15555"), acme_pbx="GB")
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
    world = _world(_plan())
    world.rules = []
    call = make_call("sip:112@h", source_ip=ALPHA_IP)
    assert world.reject(call).code is RejectCode.NO_ROUTE
    assert world.reject(structs.replace(call, source_ip=ZEN_PBX_IP)).code is RejectCode.NO_ROUTE
    unknown = world.reject(structs.replace(call, source_ip="203.0.113.99"))
    assert unknown.code is RejectCode.UNKNOWN_SOURCE


def test_a_disabled_plan_is_as_if_it_were_not_there() -> None:
    world = _world(_plan(enabled=False))
    assert world.routes(make_call("sip:112@h")).match_kind is MatchKind.ROUTING_RULE


@pytest.mark.parametrize(
    ("plans", "profile", "called", "expected"),
    [
        ([_plan("DE", "112", "110"), _plan("IT", "112")], "IT", "112", "plan-IT"),
        ([_plan("DE", "112", "110"), _plan("IT", "112")], "DE", "112", "plan-DE"),
        # no plan of the source's own country has it: the first by country
        ([_plan("IT", "112"), _plan("DE", "112", "110")], "FR", "112", "plan-DE"),
        ([_plan("IT", "112"), _plan("DE", "112", "110")], None, "112", "plan-DE"),
        ([_plan("IT", "112"), _plan("DE", "112", "110")], "IT", "110", "plan-DE"),
        ([_plan("DE", "112"), _plan("IT", "112", enabled=False)], "IT", "112", "plan-DE"),
        # the country's code tells
        ([_plan("DE", "112"), _plan("IT", "112")], None, "+39112", "plan-IT"),
    ],
)
def test_the_plan_is_of_the_country_of_the_source(
    plans: list[EmergencyPlan], profile: str | None, called: str, expected: str
) -> None:
    world = _world(*plans, **({"acme_pbx": profile} if profile else {}))
    assert world.routes(make_call(f"sip:{called}@h")).match_id == expected


def _block_all(world: World) -> None:
    world.number_lists = [
        NumberList(f"{kind}{field}{at}", f"{kind}{field}{at}", "acme", kind, field,
                   ("",) if kind is ListKind.BLOCK else ("+44",), trunk_ids=at, anonymous=True)
        for kind in ListKind for field in NumberField for at in ((), ("acme-pbx",))
    ]  # fmt: skip


def _own_did(world: World) -> None:
    world.dids.append(Did("short", "+112", "acme", "acme-pbx"))


def _own_domain(world: World) -> None:
    world.domains.append(Domain("h", "h", "acme", "acme-pbx"))


def _rejecting_rule(world: World) -> None:
    world.rules = [rule("no", "acme", "", "112", action=RuleAction.REJECT, reject_sip_code=403)]


def _bad_health(world: World) -> None:
    world.health = {"beta-1-e": 1.0, "alpha-1-e": 1.0}


def _draining(world: World) -> None:
    world.replace_trunk(carrier_trunk("beta-1", "beta", BETA_IP, draining=True))


@pytest.mark.parametrize(
    ("hinder", "expected"),
    [
        (_block_all, ["beta-1", "alpha-1"]),
        (_own_did, ["beta-1", "alpha-1"]),
        (_own_domain, ["beta-1", "alpha-1"]),
        (_rejecting_rule, ["beta-1", "alpha-1"]),
        (_bad_health, ["beta-1", "alpha-1"]),
        (_draining, ["alpha-1", "beta-1"]),
    ],
)
@pytest.mark.parametrize("called", ["112", "+112"])
def test_nothing_stands_in_its_way(hinder: Any, expected: list[str], called: str) -> None:
    world = _world(_plan())
    hinder(world)
    routes = world.routes(make_call(f"sip:{called}@h"))
    assert routes.match_kind is MatchKind.EMERGENCY
    assert [leg.trunk_id for leg in routes.legs] == expected


_WITHOUT_CALLER: list[dict[str, Any]] = [
    {"caller_id_policy": CallerIdPolicy.DID_OWNED},
    {"caller_id_policy": CallerIdPolicy.ANONYMOUS},
    {"caller_id_policy": CallerIdPolicy.FORCE, "caller_id_number": "+390499999999"},
    {"trusted": False},
]


@pytest.mark.parametrize("policy", _WITHOUT_CALLER)
def test_the_plans_caller_is_told_whatever_the_trunk_and_the_caller_want(
    policy: dict[str, Any],
) -> None:
    world = _world(_plan(calling_number="+390400000000"))
    for name, carrier, ip in (("beta-1", "beta", BETA_IP), ("alpha-1", "alpha", ALPHA_IP)):
        world.replace_trunk(carrier_trunk(name, carrier, ip, **policy))
    call = make_call("sip:112@h", from_uri="sip:anonymous@anonymous.invalid")
    call = structs.replace(call, privacy=frozenset({"user", "critical"}))
    legs = world.legs(call)
    assert [leg.trunk_id for leg in legs] == ["beta-1", "alpha-1"]
    assert {leg.from_.uri.partition("@")[0] for leg in legs} == {"sip:+390400000000"}


@pytest.mark.parametrize(
    "cause", ["302", "403", "404", "408", "480", "486", "488", "500", "503", "603", "TIMEOUT",
              "TRANSPORT"],
)  # fmt: skip
def test_no_answer_of_a_carrier_is_the_last_one(cause: str) -> None:
    world = _world(_plan())
    rules = tuple(
        RerouteRule(stopped, RerouteAction.STOP, ReroutePhase.ANY)
        for stopped in ("3xx", "4xx", "5xx", "6xx", "TIMEOUT", "TRANSPORT")
    )
    world.reroute_policies = [ReroutePolicy("stop", "stop", "", rules)]
    world.replace_trunk(carrier_trunk("beta-1", "beta", BETA_IP, reroute_policy_id="stop"))
    for leg in world.legs(make_call("sip:112@h")):
        assert leg.reroute.verdict(cause, rang=False).action is RerouteAction.NEXT


@pytest.mark.parametrize("cause", ["404", "486", "503", "TIMEOUT"])
def test_not_even_after_it_has_rung(cause: str) -> None:
    for leg in _world(_plan()).legs(make_call("sip:112@h")):
        assert leg.reroute.verdict(cause, rang=True).action is RerouteAction.NEXT


def test_an_international_prefix_of_the_country_is_one_too() -> None:
    world = _world(_plan("US", "911"))
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
    world = _world(_plan("IT", "112", number))
    world.rules = []
    call = make_call(f"sip:{called}@h")
    assert world.reject(call).code is RejectCode.NO_ROUTE
    world.tenants[0] = Tenant("acme", "Acme", allowed_classes=frozenset(DestinationClass))
    assert world.routes(call).match_kind is MatchKind.EMERGENCY


@pytest.mark.parametrize("called", ["112", "39061234567", "112%0D%0AX"])
def test_no_control_character_in_a_name_keeps_an_emergency_call_from_getting_through(
    called: str,
) -> None:
    call = make_call(
        f"sip:{called}@h",
        display="Alice\tin\r\nX-Evil: 1",
        from_uri="sip:al%0Dice@acme.example",
        asserted='"A\tB" <sip:+390401234567@acme.example>',
    )
    outcome = _world(_plan()).decide(structs.replace(call, to_display="\n"))
    if called != "112":
        assert isinstance(outcome, Reject)
        assert outcome.code is RejectCode.CONTROL_CHARACTER
        return
    assert isinstance(outcome, Routes)
    assert outcome.match_kind is MatchKind.EMERGENCY
    home = Party("", "sip:+390400000000@acme.example")
    for leg in outcome.legs:
        assert (leg.from_, leg.headers.asserted_identity, leg.to.display) == (home, home, "")


def test_nobody_makes_an_emergency_call_too_long_by_telling_who_was_called_before() -> None:
    world = _world(_plan())
    for name, carrier, ip in (("beta-1", "beta", BETA_IP), ("alpha-1", "alpha", ALPHA_IP)):
        both = carrier_trunk(name, carrier, ip, diversion_policy=DiversionPolicy.BOTH)
        world.replace_trunk(both)
    before = Diversion(parse_name_addr(f"<sip:{'#' * 900}@h>"), "unconditional")
    call = structs.replace(make_call("sip:112@h"), diversions=(before,) * 5)
    told = [leg.headers for leg in world.legs(call)]
    assert [headers.diversions + headers.history for headers in told] == [(), ()]


@pytest.mark.parametrize(
    ("world", "code"),
    [
        (replace(_world(_plan()), tenants=[Tenant("acme", "Acme", enabled=False),
                                           Tenant("zen", "Zen")]), RejectCode.TENANT_DISABLED),
        (replace(_world(_plan()), trunks=[
            pbx_trunk("acme-pbx", "acme", ACME_PBX_IP, enabled=False), *make_world().trunks[1:]
        ]), RejectCode.TRUNK_DISABLED),
        (replace(_world(_plan()), carriers=[
            Carrier("alpha", "Alpha", frozenset({"acme", "zen"}), enabled=False),
            Carrier("beta", "Beta", frozenset()),
        ]), RejectCode.NO_CANDIDATE),
    ],
)  # fmt: skip
def test_what_is_disabled_stays_disabled(world: World, code: RejectCode) -> None:
    assert world.reject(make_call("sip:112@h")).code is code


def test_a_number_that_a_rule_sends_on_to_may_be_one() -> None:
    world = _world(_plan())
    world.rules = [rule("old", "acme", "", "999", action=RuleAction.CONTINUE, forward_number="112")]
    routes = world.routes(make_call("sip:999@h"))
    assert (routes.match_kind, len(routes.legs)) == (MatchKind.EMERGENCY, 2)


def test_the_trace_tells_the_plan() -> None:
    trace: Trace = []
    _world(_plan()).decide(make_call("sip:+39112@h"), trace)
    assert Note(Step.EMERGENCY, "+39112", "a number of the emergency plan for IT") in trace
    assert {note.step for note in trace} == {Step.SOURCE, Step.NUMBERS, Step.EMERGENCY, Step.LEGS}


@given(
    alphas=st.integers(1, 14), betas=st.integers(0, 3), pbxs=st.integers(0, 13),
    order=st.permutations(["alphas", "betas", "pbxs"]),
)  # fmt: skip
def test_two_carriers_are_tried_whatever_the_first_one_has(
    alphas: int, betas: int, pbxs: int, order: list[str]
) -> None:
    """Kamailio tries eleven legs of a call."""
    world = _world(_plan(routing_group_ids=tuple(order)))
    world.trunks += [
        carrier_trunk("alphas", "alpha", "", endpoints=_endpoints("198.51.100", alphas)),
        carrier_trunk("betas", "beta", "", endpoints=_endpoints("203.0.113", betas)),
        pbx_trunk("pbxs", "acme", "", endpoints=_endpoints("192.0.2", pbxs)),
    ]
    world.groups += [group(name, "acme", name) for name in order]
    tried = world.trunk_ids(make_call("sip:112@h"))
    wanted = {"alphas"} | ({"betas"} if betas else set())
    assert wanted <= set(tried)
    assert len(tried) == min(11, alphas + betas + pbxs)
    by_place = sorted(tried, key=order.index)
    assert tried == by_place


def _endpoints(network: str, count: int) -> tuple[Endpoint, ...]:
    hosts = [f"{network}.{100 + number}" for number in range(count)]
    return tuple(Endpoint(host, host, 5060, priority=n) for n, host in enumerate(hosts))


def test_a_plan_of_groups_within_groups_reaches_their_trunks() -> None:
    world = _world(_plan(routing_group_ids=("outer",)))
    members = [
        RoutingGroupTrunk(member_group_id=name, priority=priority)
        for priority, name in enumerate(("by-alpha", "by-beta"))
    ]
    world.groups.append(RoutingGroup("outer", "outer", "acme", tuple(members)))
    assert world.trunk_ids(make_call("sip:112@h")) == ["alpha-1", "beta-1"]
