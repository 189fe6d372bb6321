"""Groups, trunks and emergency plans by which no call gets anywhere."""

from typing import Any

import pytest
from msgspec import structs

from pointsman.routing.carrier import Carrier
from pointsman.routing.credential import Credential
from pointsman.routing.digest_identity import DigestIdentity
from pointsman.routing.emergency_plan import EmergencyPlan
from pointsman.routing.kamailio_node import KamailioNode
from pointsman.routing.lint.finding import FindingCode
from pointsman.routing.named_object import name_endpoint
from pointsman.routing.normalization_profile import NormalizationProfile
from pointsman.routing.number import NumberFormat
from pointsman.routing.outcome import RejectCode
from pointsman.routing.registration import Registration
from pointsman.routing.routing_group import RoutingGroup, RoutingGroupTrunk
from pointsman.routing.routing_rule import RuleAction
from pointsman.routing.trunk import Endpoint
from tests.routing.lint.checked import clean_world, codes, findings, named
from tests.routing.world import ALPHA_IP, World, carrier_trunk, group, make_call, pbx_trunk, rule

DEAD = FindingCode.GROUP_WITHOUT_LIVE_TRUNK
UNREACHABLE = FindingCode.EMERGENCY_UNREACHABLE


def _member(group_id: str, priority: int = 0) -> RoutingGroupTrunk:
    return RoutingGroupTrunk(member_group_id=group_id, priority=priority)


def _alone(world: World) -> World:
    """Acme's group with one trunk, and no emergency plan that would need two."""
    world.groups[0] = group("out", "acme", "alpha-1")
    world.emergency_plans = world.emergency_plans[1:]
    return world


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"enabled": False}, "alpha-1 is disabled"),
        ({"draining": True}, "alpha-1 is draining"),
        ({"endpoints": ()}, "alpha-1 has no endpoint"),
        (
            {"endpoints": (Endpoint("e", "h", enabled=False), Endpoint("f", "g", enabled=False))},
            "alpha-1 h is disabled, alpha-1 g is disabled",
        ),
        (
            {"endpoints": (Endpoint("e", "203.0.113.1"),)},
            "alpha-1 203.0.113.1 is a Kamailio node of this platform",
        ),
    ],
)
def test_a_group_without_a_live_trunk_is_told_with_the_reason(
    change: dict[str, Any], why: str
) -> None:
    world = _alone(clean_world())
    world.nodes = [KamailioNode("n", "n", (("203.0.113.1", 5060),))]
    world.replace_trunk(structs.replace(world.trunks[2], **change))
    (finding, *_) = findings(world, DEAD)
    assert finding.message == (
        f"the group out takes no call: {why}; calls by the rule all are rejected"
    )
    assert [each.name for each in finding.objects] == ["out", "all"]
    outcome = world.decide(make_call())
    assert getattr(outcome, "code", None) is RejectCode.NO_CANDIDATE


def test_other_reasons_why_a_group_takes_no_call() -> None:
    world = _alone(clean_world())
    world.carriers[0] = Carrier("alpha", "Alpha", frozenset({"acme", "zen"}), enabled=False)
    assert "alpha-1 is of a disabled carrier" in findings(world, DEAD)[0].message
    world.carriers[0] = Carrier("alpha", "Alpha", frozenset({"zen"}))
    assert "alpha-1 is of a carrier not granted" in findings(world, DEAD)[0].message
    world.groups[0] = group("out", "acme", RoutingGroupTrunk("beta-1", enabled=False))
    assert "beta-1 is disabled in its group" in findings(world, DEAD)[0].message
    world.groups[0] = group("out", "acme")
    assert "the group out takes no call: it is empty;" in findings(world, DEAD)[0].message


def test_a_group_that_no_rule_uses_or_of_a_disabled_tenant_takes_no_call_in_peace() -> None:
    world = _alone(clean_world())
    world.groups[0] = group("out", "acme")
    world.rules[0] = rule("no", "acme", "", action=RuleAction.REJECT, reject_sip_code=403)
    assert DEAD not in codes(world)
    world.rules[0] = rule("all", "acme", "out", enabled=False)
    assert DEAD not in codes(world)
    world.rules[0] = rule("all", "acme", "out")
    assert DEAD in codes(world)
    world.tenants[0] = structs.replace(world.tenants[0], enabled=False)
    assert DEAD not in codes(world)


def test_a_group_lives_by_a_group_within_it() -> None:
    world = clean_world()
    world.groups.append(group("outer", "acme", _member("out")))
    world.rules[0] = rule("all", "acme", "outer")
    assert codes(world) == []
    for number in (2, 3):
        world.replace_trunk(structs.replace(world.trunks[number], draining=True))
    (finding,) = [f for f in findings(world, DEAD) if f.tenant_id == "acme"]
    assert "alpha-1 is draining, beta-1 is draining" in finding.message


def test_groups_in_a_circle_are_told_once() -> None:
    world = clean_world()
    world.groups += [
        group("a", "acme", "alpha-1", _member("b")),
        group("b", "acme", "beta-1", _member("c")),
        group("c", "acme", "beta-1", _member("a")),
        group("self", "acme", "beta-1", _member("self")),
        group("outside", "acme", "beta-1", _member("a"), _member("out")),
    ]
    world.rules[0] = rule("all", "acme", "outside")
    found = {tuple(sorted(names)) for names in named(world, FindingCode.GROUP_IN_CIRCLE)}
    assert found == {("a", "b", "c"), ("self",)}
    assert len(findings(world, FindingCode.GROUP_IN_CIRCLE)) == 2
    assert any("self -> self" in f.message for f in findings(world, FindingCode.GROUP_IN_CIRCLE))


def test_places_that_no_call_ever_takes_are_told() -> None:
    world = clean_world()
    world.carriers.append(Carrier("gamma", "Gamma", frozenset({"zen"})))
    world.trunks.append(carrier_trunk("gamma-1", "gamma", "198.51.100.3"))
    world.sources.append(("198.51.100.3/32", "gamma-1"))
    world.groups[0] = group("out", "acme", "alpha-1", "beta-1", "gamma-1", "zen-pbx")
    assert named(world, FindingCode.PLACE_UNUSABLE) == [["out", "gamma-1"], ["out", "zen-pbx"]]
    world = clean_world()
    world.groups += [
        group("g1", "acme", "beta-1", _member("g2")),
        group("g2", "acme", "beta-1", _member("g3")),
        group("g3", "acme", "beta-1", _member("g4")),
        group("g4", "acme", "beta-1", _member("g5")),
        group("g5", "acme", "beta-1"),
    ]
    world.rules[0] = rule("all", "acme", "g1")
    (finding,) = findings(world, FindingCode.PLACE_UNUSABLE)
    assert finding.message == ("in the group g1 no call takes g5: it lies more than 4 groups deep")
    world.groups[-1] = RoutingGroup("g5", "g5", "zen", world.groups[-1].trunks)
    assert named(world, FindingCode.PLACE_UNUSABLE)[-1] == ["g4", "g5"]


def test_a_group_that_brings_too_many_trunks_is_told() -> None:
    world = clean_world()
    world.trunks += [carrier_trunk(f"t{n}", "alpha", f"198.51.100.{n + 9}") for n in range(60)]
    world.groups += [
        group("half", "acme", *(f"t{n}" for n in range(60))),
        group("twice", "acme", _member("half"), _member("again", 1)),
        group(
            "again",
            "acme",
            _member("half"),
            RoutingGroupTrunk(member_group_id="out", enabled=False),
        ),
    ]
    world.rules[0] = rule("all", "acme", "twice")
    assert named(world, FindingCode.PLACE_UNUSABLE) == [["twice", "again"]]


def test_a_way_that_leads_back_only_is_told() -> None:
    world = clean_world()
    world.groups.append(group("home", "acme", "acme-pbx"))
    world.rules.append(rule("home", "acme", "home", "+1"))
    back = FindingCode.RULE_LEADS_BACK
    assert named(world, back) == [["home", "home", "acme-pbx"]]
    assert world.reject(make_call("sip:+12025550123@h")).code is RejectCode.LOOP
    world.trunks.append(pbx_trunk("two", "acme", "192.0.2.11"))
    world.sources.append(("192.0.2.11/32", "two"))
    assert named(world, back) == []
    world.rules[-1] = structs.replace(world.rules[-1], source_trunk_id="acme-pbx")
    assert named(world, back) == [["home", "home", "acme-pbx"]]
    world.groups[-1] = group("home", "acme", "acme-pbx", "beta-1")
    assert named(world, back) == []


def test_an_endpoint_that_is_a_router_is_told() -> None:
    world = clean_world()
    world.nodes = [KamailioNode("n", "n", ((ALPHA_IP, 5060), ("192.0.2.10", 5060)))]
    found = findings(world, FindingCode.ENDPOINT_IS_ROUTER)
    assert [(f.objects[0].name, f.tenant_id) for f in found] == [
        ("192.0.2.10:5060", "acme"),
        (f"{ALPHA_IP}:5060", ""),
    ]
    world.replace_trunk(structs.replace(world.trunks[2], enabled=False))
    world.replace_trunk(
        structs.replace(world.trunks[0], endpoints=(Endpoint("x", "192.0.2.10", enabled=False),))
    )
    assert findings(world, FindingCode.ENDPOINT_IS_ROUTER) == []
    assert name_endpoint(Endpoint("x", "2001:db8::1", 5060)) == "[2001:db8::1]:5060"
    assert name_endpoint(Endpoint("x", "sip.example")) == "sip.example"


def test_a_trunk_that_neither_sends_nor_takes_calls_is_told() -> None:
    world = clean_world()
    purposeless = FindingCode.TRUNK_WITHOUT_PURPOSE
    world.trunks.append(carrier_trunk("idle", "alpha", "h", endpoints=()))
    assert named(world, purposeless) == [["idle"]]
    for change in (
        {"enabled": False},
        {"endpoints": (Endpoint("x", "h"),)},
        {"digest": DigestIdentity("u", "r", "0" * 32)},
    ):
        world.trunks[-1] = carrier_trunk("idle", "alpha", "h", **{"endpoints": (), **change})
        assert named(world, purposeless) == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"routing_group_ids": ("one",)},
            "only the carrier Alpha takes calls of the emergency plan IT",
        ),
        ({"routing_group_ids": ("home",)}, "no carrier takes calls of the emergency plan IT"),
        (
            {"routing_group_ids": ("one", "off")},
            "only the carrier Alpha takes calls of the emergency plan IT: off-1 is disabled",
        ),
    ],
)
def test_an_emergency_plan_needs_two_live_carriers(change: dict[str, Any], message: str) -> None:
    world = clean_world()
    world.trunks.append(carrier_trunk("off-1", "beta", "198.51.100.3", enabled=False))
    world.groups += [
        group("one", "acme", "alpha-1"),
        group("home", "acme", "acme-pbx"),
        group("off", "acme", "off-1"),
    ]
    world.emergency_plans[0] = structs.replace(world.emergency_plans[0], **change)
    (finding,) = findings(world, UNREACHABLE)
    assert (finding.message, finding.tenant_id) == (message, "acme")
    world.emergency_plans[0] = structs.replace(world.emergency_plans[0], enabled=False)
    assert findings(world, UNREACHABLE) == []


def test_an_emergency_plan_does_not_count_on_what_is_draining() -> None:
    world = clean_world()
    world.replace_trunk(structs.replace(world.trunks[3], draining=True))
    assert [f.tenant_id for f in findings(world, UNREACHABLE)] == ["acme", "zen"]


def test_a_tenant_whose_pbx_calls_wants_an_emergency_plan() -> None:
    world = clean_world()
    without = FindingCode.EMERGENCY_WITHOUT_PLAN
    world.emergency_plans.pop()
    assert named(world, without) == [["Zen", "zen-pbx"]]
    world.sources.remove(("192.0.2.20/32", "zen-pbx"))
    assert named(world, without) == []
    world.replace_trunk(structs.replace(world.trunks[1], digest=DigestIdentity("u", "r", "0" * 32)))
    assert named(world, without) == [["Zen", "zen-pbx"]]
    world.tenants[1] = structs.replace(world.tenants[1], enabled=False)
    assert named(world, without) == []


def test_plans_of_two_countries_want_to_know_where_callers_are() -> None:
    world = clean_world()
    unknown = FindingCode.EMERGENCY_COUNTRY_UNKNOWN
    world.emergency_plans.append(
        EmergencyPlan("plan-de", "acme", "DE", ("112",), "+390401234000", ("out",))
    )
    (finding,) = findings(world, unknown)
    assert "Acme has emergency plans for DE, IT, and the trunk acme-pbx" in finding.message
    world.profiles = [NormalizationProfile("it", "Italy", "", "IT")]
    world.replace_trunk(structs.replace(world.trunks[0], normalization_profile_id="it"))
    assert codes(world) == []


def test_a_local_format_wants_a_profile() -> None:
    world = clean_world()
    world.replace_trunk(structs.replace(world.trunks[0], number_format=NumberFormat.LOCAL))
    assert named(world, FindingCode.LOCAL_WITHOUT_PROFILE) == [["acme-pbx"]]
    world.profiles = [NormalizationProfile("it", "Italy", "", "IT")]
    world.replace_trunk(structs.replace(world.trunks[0], normalization_profile_id="it"))
    assert codes(world) == []


def test_a_pbx_that_dials_nationally_wants_a_profile() -> None:
    world = clean_world()
    missing = FindingCode.PROFILE_MISSING
    world.rules.append(rule("national", "acme", "out", "00"))
    (finding,) = findings(world, missing)
    assert "there is a rule for what is dialled so, national (00)" in finding.message
    world.rules.pop()
    world.profiles = [NormalizationProfile("it", "Italy", "", "IT")]
    world.trunks.append(pbx_trunk("two", "acme", "192.0.2.11", normalization_profile_id="it"))
    world.sources.append(("192.0.2.11/32", "two"))
    (finding,) = findings(world, missing)
    assert "two of the same tenant has one" in finding.message
    assert [each.name for each in finding.objects] == ["acme-pbx"]


def test_a_registered_trunk_has_to_take_the_calls_that_it_asks_for() -> None:
    code = FindingCode.REGISTERED_WITHOUT_SOURCE
    world = clean_world()
    given: dict[str, Any] = {
        "registration": Registration(),
        "credential": Credential("acme", "hunter2"),
    }
    world.trunks.append(carrier_trunk("alpha-2", "alpha", "198.51.100.9", **given))
    # Calls come from another trunk of the carrier.
    assert named(world, code) == []
    world.sources = [source for source in world.sources if source[1] != "alpha-1"]
    assert named(world, code) == [["alpha-2"]]
    (finding,) = findings(world, code)
    assert finding.message == (
        "the trunk alpha-2 is registered with its far end, whose calls are refused then: it has "
        "no source and no digest credential"
    )
    given["registration"] = Registration(enabled=False)
    world.replace_trunk(carrier_trunk("alpha-2", "alpha", "198.51.100.9", **given))
    assert named(world, code) == []
