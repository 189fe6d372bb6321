"""Emergency calls: nothing stands in their way."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from pointsman.routing.call import Diversion
from pointsman.routing.did import Did
from pointsman.routing.domain import Domain
from pointsman.routing.normalization_profile import NumberField
from pointsman.routing.number_list import ListKind, NumberList
from pointsman.routing.outcome import MatchKind, Party, Reject, RejectCode, Routes
from pointsman.routing.reroute_policy import (
    RerouteAction,
    ReroutePhase,
    ReroutePolicy,
    RerouteRule,
)
from pointsman.routing.routing_rule import RuleAction
from pointsman.routing.trunk import CallerIdPolicy, DiversionPolicy, Endpoint
from pointsman.routing.uri import parse_name_addr
from tests.routing.emergency_world import make_plan, world_of
from tests.routing.world import (
    ALPHA_IP,
    BETA_IP,
    World,
    carrier_trunk,
    group,
    make_call,
    pbx_trunk,
    rule,
)


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
    world = world_of(make_plan())
    hinder(world)
    routes = world.routes(make_call(f"sip:{called}@h"))
    assert routes.match_kind is MatchKind.EMERGENCY
    assert [leg.target.trunk_id for leg in routes.legs] == expected


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
    world = world_of(make_plan(calling_number="+390400000000"))
    for name, carrier, ip in (("beta-1", "beta", BETA_IP), ("alpha-1", "alpha", ALPHA_IP)):
        world.replace_trunk(carrier_trunk(name, carrier, ip, **policy))
    call = make_call("sip:112@h", from_uri="sip:anonymous@anonymous.invalid")
    call = structs.replace(call, privacy=frozenset({"user", "critical"}))
    legs = world.legs(call)
    assert [leg.target.trunk_id for leg in legs] == ["beta-1", "alpha-1"]
    assert {leg.from_.uri.partition("@")[0] for leg in legs} == {"sip:+390400000000"}


@pytest.mark.parametrize(
    "cause", ["302", "403", "404", "408", "480", "486", "488", "500", "503", "603", "TIMEOUT",
              "TRANSPORT"],
)  # fmt: skip
def test_no_answer_of_a_carrier_is_the_last_one(cause: str) -> None:
    world = world_of(make_plan())
    rules = tuple(
        RerouteRule(stopped, RerouteAction.STOP, ReroutePhase.ANY)
        for stopped in ("3xx", "4xx", "5xx", "6xx", "TIMEOUT", "TRANSPORT")
    )
    world.reroute_policies = [ReroutePolicy("stop", "stop", "", rules)]
    world.replace_trunk(carrier_trunk("beta-1", "beta", BETA_IP, reroute_policy_id="stop"))
    for leg in world.legs(make_call("sip:112@h")):
        assert leg.target.reroute.verdict(cause, rang=False).action is RerouteAction.NEXT


@pytest.mark.parametrize("cause", ["404", "486", "503", "TIMEOUT"])
def test_not_even_after_it_has_rung(cause: str) -> None:
    for leg in world_of(make_plan()).legs(make_call("sip:112@h")):
        assert leg.target.reroute.verdict(cause, rang=True).action is RerouteAction.NEXT


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
    outcome = world_of(make_plan()).decide(structs.replace(call, to_display="\n"))
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
    world = world_of(make_plan())
    for name, carrier, ip in (("beta-1", "beta", BETA_IP), ("alpha-1", "alpha", ALPHA_IP)):
        both = carrier_trunk(name, carrier, ip, diversion_policy=DiversionPolicy.BOTH)
        world.replace_trunk(both)
    before = Diversion(parse_name_addr(f"<sip:{'#' * 900}@h>"), "unconditional")
    call = structs.replace(make_call("sip:112@h"), diversions=(before,) * 5)
    told = [leg.headers for leg in world.legs(call)]
    assert [headers.diversions + headers.history for headers in told] == [(), ()]


@given(
    alphas=st.integers(1, 14), betas=st.integers(0, 3), pbxs=st.integers(0, 13),
    order=st.permutations(["alphas", "betas", "pbxs"]),
)  # fmt: skip
def test_two_carriers_are_tried_whatever_the_first_one_has(
    alphas: int, betas: int, pbxs: int, order: list[str]
) -> None:
    """Kamailio tries eleven legs of a call."""
    world = world_of(make_plan(routing_group_ids=tuple(order)))
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
