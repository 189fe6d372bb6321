"""In a random configuration of two tenants no call ever gets anything of the other's.

Every object of a tenant is marked by the tenant's letter in its id, its name and every text that
could reach a leg; what is a carrier's has the carrier's. The configurations are wider than what
the services take: carriers that were revoked and groups in circles are among them.
"""

from ipaddress import ip_network
from typing import Any

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pointsman.routing.call import Call
from pointsman.routing.carrier import Carrier
from pointsman.routing.credential import Credential
from pointsman.routing.decide import decide
from pointsman.routing.did import Did
from pointsman.routing.digest_identity import DigestIdentity
from pointsman.routing.domain import Domain
from pointsman.routing.emergency_plan import EmergencyPlan
from pointsman.routing.normalization_profile import NumberField
from pointsman.routing.number_list import ListKind, NumberList
from pointsman.routing.outcome import MatchKind, Reject, RejectCode, Routes, Trace
from pointsman.routing.reroute_policy import RerouteAction, ReroutePolicy, RerouteRule
from pointsman.routing.routing_group import RoutingGroup, RoutingGroupTrunk, Strategy
from pointsman.routing.routing_rule import RoutingRule, RuleAction
from pointsman.routing.schedule import Schedule, Window
from pointsman.routing.tenant import Tenant
from pointsman.routing.trunk import CallerIdPolicy, Endpoint, ExtraHeader, Trunk, TrunkKind
from pointsman.routing.trunk_source import TrunkSource
from tests.routing.world import World, make_call

TENANTS = ("A", "B")
CARRIERS = ("K", "L", "M")
# Where each has its numbers; ranges of one tenant lie within each other.
RANGES = {"A": ["+390401", "+3904012", "+39040123"], "B": ["+390402", "+3904023", "+39040234"]}
NUMBERS = [
    "+39040123456",
    "+39040299999",
    "+390402345678",
    "+3904011",
    "+12025550123",
    "112",
    "911",
]
RARELY = st.sampled_from([False] * 9 + [True])
MOSTLY = RARELY.map(lambda rare: not rare)
ACTIONS = st.sampled_from([RuleAction.GROUP] * 6 + [RuleAction.CONTINUE, RuleAction.REJECT])
STRATEGIES = st.sampled_from([*Strategy][:4] * 3 + [Strategy.QUALITY])
KINDS = st.sampled_from([ListKind.BLOCK] * 5 + [ListKind.ALLOW])
ON_LISTS = st.lists(st.sampled_from(NUMBERS), max_size=2).map(tuple)
POLICIES = st.sampled_from([CallerIdPolicy.PASS, *CallerIdPolicy])
SHARES = st.sampled_from([0.0, 0.5, 1.0])
FEW = st.integers(0, 2)


def _mark(owner: str) -> str:
    """What is found in every text of the owner's, and in nobody else's."""
    return f"mark{owner}"


def _trunk(draw: st.DrawFn, owner: str, number: int) -> Trunk:
    mark, of_tenant = f"{_mark(owner)}-{number}", owner in TENANTS
    endpoints = tuple(
        Endpoint(f"{mark}-e{n}", f"{mark}-{n}.example", 5060, enabled=draw(MOSTLY))
        for n in range(draw(st.sampled_from([1, 1, 2, 0])))
    )
    return Trunk(
        id=f"trunk-{mark}",
        name=f"trunk {mark}",
        kind=TrunkKind.PBX if of_tenant else TrunkKind.CARRIER,
        tenant_id=owner if of_tenant else "",
        carrier_id="" if of_tenant else owner,
        enabled=draw(MOSTLY),
        draining=draw(RARELY),
        endpoints=endpoints,
        from_host=draw(st.sampled_from(["", f"{mark}.from.example"])),
        caller_id_policy=draw(POLICIES),
        caller_id_number=draw(st.sampled_from(["", f"+999{ord(owner)}{number}"])),
        trusted=draw(st.booleans()),
        tech_prefix=draw(st.sampled_from(["", f"{ord(owner)}#"])),
        extra_headers=(ExtraHeader("X-Trunk", mark),) if draw(st.booleans()) else (),
        reroute_policy_id=draw(st.sampled_from(["", f"policy-{_mark(owner)}"])),
        credential=Credential(f"{mark}-out", f"{mark}-secret") if draw(st.booleans()) else None,
        digest=DigestIdentity(f"{mark}-in", "realm.example", f"{mark}-ha1")
        if draw(st.booleans())
        else None,
    )


def _policy(owner: str) -> ReroutePolicy:
    rewrite = RerouteRule("486", RerouteAction.REWRITE, sip_code=480, sip_reason=_mark(owner))
    tenant_id = owner if owner in TENANTS else ""
    return ReroutePolicy(f"policy-{_mark(owner)}", _mark(owner), tenant_id, (rewrite,))


def _group(
    draw: st.DrawFn, owner: str, name: str, trunks: list[Trunk], names: list[str]
) -> RoutingGroup:
    """Of any trunks at all, and of any of the tenant's groups, itself among them."""
    trunk_ids = draw(
        st.lists(st.sampled_from([t.id for t in trunks]), min_size=3, max_size=8, unique=True)
    )
    members = draw(st.lists(st.sampled_from(names), max_size=2, unique=True))
    priorities = st.integers(0, 1)
    return RoutingGroup(
        name,
        name,
        owner,
        (
            *(RoutingGroupTrunk(trunk, draw(priorities)) for trunk in trunk_ids),
            *(RoutingGroupTrunk("", draw(priorities), member_group_id=m) for m in members),
        ),
        draw(STRATEGIES),
        max_candidates=draw(st.sampled_from([1, 4, 11])),
    )


def _rule(
    draw: st.DrawFn, owner: str, number: int, groups: list[str], pbxs: list[str]
) -> RoutingRule:
    mark = f"{_mark(owner)}-{number}"
    return RoutingRule(
        f"rule-{mark}",
        f"rule {mark}",
        owner,
        draw(st.sampled_from(groups)),
        priority=number,
        called_prefix=draw(st.sampled_from(["", "", "+", "+39", "+390402"])),
        calling_prefix=draw(st.sampled_from(["", "", "+39"])),
        source_trunk_id=draw(st.sampled_from(["", "", *pbxs])),
        schedule_id=draw(st.sampled_from(["", "", f"schedule-{owner}"])),
        action=draw(ACTIONS),
        reject_sip_code=486,
        reject_sip_reason=mark,
        forward_number=draw(st.sampled_from(NUMBERS)),
    )


def _of_tenant(draw: st.DrawFn, world: World, owner: str, trunks: list[Trunk]) -> None:
    """What the tenant has."""
    mark = _mark(owner)
    pbxs = [trunk.id for trunk in trunks if trunk.tenant_id == owner]
    names = [f"group-{mark}-{n}" for n in range(3)]
    world.groups += [_group(draw, owner, name, trunks, names) for name in names]
    world.schedules.append(
        Schedule(f"schedule-{owner}", mark, owner, "UTC", ((0, 0),), (Window((0, 1), 0, 1440),))
    )
    world.rules += [_rule(draw, owner, n, names, pbxs) for n in range(draw(FEW))]
    world.rules.append(RoutingRule(f"rule-{mark}", mark, owner, names[0], priority=9))
    world.domains.append(
        Domain(f"domain-{mark}", f"{mark}.example", owner, draw(st.sampled_from(pbxs)))
    )
    for number, prefix in enumerate(RANGES[owner]):
        to_group = draw(st.booleans())
        target = draw(st.sampled_from(names if to_group else pbxs))
        key = "routing_group_id" if to_group else "pbx_trunk_id"
        enabled = draw(MOSTLY)
        targets: dict[str, Any] = {key: target, "enabled": enabled}
        world.dids.append(Did(f"did-{mark}-{number}", prefix, owner, **targets))
    world.emergency_plans.append(
        EmergencyPlan(
            f"plan-{mark}", owner, "IT", ("112",), f"+888{ord(owner)}", tuple(names[:2]),
            location=mark, geolocation_uri=f"https://{mark}.example",
            enabled=draw(st.booleans()),
        )
    )  # fmt: skip
    world.number_lists += [
        NumberList(
            f"list-{mark}-{n}", f"list {mark}", owner, draw(KINDS),
            draw(st.sampled_from(NumberField)), draw(ON_LISTS),
            trunk_ids=tuple(draw(st.lists(st.sampled_from(pbxs), max_size=1))),
        )
        for n in range(draw(FEW))
    ]  # fmt: skip


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Two tenants and three carriers, with everything that each may have."""
    world = World()
    world.reroute_policies = [_policy(owner) for owner in (*TENANTS, *CARRIERS)]
    for owner in TENANTS:
        policy_id = draw(st.sampled_from(["", f"policy-{_mark(owner)}"]))
        enabled = draw(MOSTLY)
        world.tenants.append(Tenant(owner, _mark(owner), enabled, reroute_policy_id=policy_id))
    for owner in CARRIERS:
        granted = draw(st.sampled_from([TENANTS, ("A",), ("B",), ()]))
        enabled = draw(MOSTLY)
        world.carriers.append(Carrier(owner, _mark(owner), frozenset(granted), enabled))
    for owner in (*TENANTS, *CARRIERS):
        for number in range(draw(st.integers(1, 2))):
            world.trunks.append(_trunk(draw, owner, number))
    for index, trunk in enumerate(world.trunks):
        world.more_sources.append(TrunkSource(ip_network(f"192.0.2.{index}"), trunk.id))
        if draw(st.booleans()):
            prefix = str(index)
            shared = TrunkSource(ip_network("198.51.100.0/24"), trunk.id, tech_prefix=prefix)
            world.more_sources.append(shared)
    for owner in TENANTS:
        _of_tenant(draw, world, owner, world.trunks)
    world.health = {e.id: draw(SHARES) for trunk in world.trunks for e in trunk.endpoints}
    return world


@st.composite
def calls(draw: st.DrawFn) -> Call:
    """From any source that there may be, to any number or domain."""
    # PBXs come first, carriers behind them.
    addresses = [*(f"192.0.2.{n}" for n in (0, 1, 2, 0, 1, 2, 3, 4, 5, 6, 7, 8)), "198.51.100.7"]
    prefix = draw(st.sampled_from(["", "", "", "", "0", "5"]))
    user = prefix + draw(st.sampled_from([*NUMBERS, "alice"]))
    host = draw(st.sampled_from(["203.0.113.1", "markA.example", "markB.example"]))
    caller = draw(st.sampled_from([*NUMBERS[:5], "bob", "anonymous"]))
    call = make_call(
        f"sip:{user}@{host}",
        source_ip=draw(st.sampled_from(addresses)),
        from_uri=f"sip:{caller}@caller.example",
        sip_call_id=draw(st.text("abc", max_size=3)),
    )
    digest = draw(st.sampled_from(["", "", "", "markA-0-in", "markB-0-in", "markK-0-in"]))
    if not digest:
        return call
    verified = draw(st.booleans())
    return msgspec.structs.replace(
        call, username=digest, realm="realm.example", authenticated=verified
    )


def _source_tenants(world: World, call: Call) -> frozenset[str]:
    """Whose numbers the call may reach, by its source as far as a test may know it: of the trunk
    that has the very address, or of anybody where a prefix or a credential tells."""
    address, _, number = call.source_ip.rpartition(".")
    if address != "192.0.2" or int(number) >= len(world.trunks):
        return frozenset(TENANTS)
    trunk = world.trunks[int(number)]
    if trunk.tenant_id:
        return frozenset((trunk.tenant_id,))
    (carrier,) = [c for c in world.carriers if c.id == trunk.carrier_id]
    return carrier.tenant_ids


def _check_routes(world: World, call: Call, routes: Routes) -> None:
    tenant = routes.tenant_id
    assert tenant in _source_tenants(world, call)
    assert _mark(tenant) in routes.match_id
    granted = {carrier.id for carrier in world.carriers if tenant in carrier.tenant_ids}
    trunks = {trunk.id: trunk for trunk in world.trunks}
    for leg in routes.legs:
        trunk = trunks[leg.target.trunk_id]
        assert trunk.tenant_id == tenant or trunk.carrier_id in granted
        assert trunk.enabled
        assert leg.target.endpoint_id in {e.id for e in trunk.endpoints if e.enabled}
        assert leg.target.credential == trunk.credential
        if routes.match_kind in (MatchKind.DID, MatchKind.DOMAIN):
            assert trunk.tenant_id == tenant
        if routes.match_kind is not MatchKind.EMERGENCY:
            assert not trunk.draining
        # Nothing of this leg is of anybody but its trunk's owner and the tenant itself.
        own = {tenant, trunk.carrier_id or tenant}
        _check_marks(msgspec.json.encode(leg).decode(), own, call)


def _check_marks(text: str, own: set[str], call: Call) -> None:
    said = f"{call.request_uri.host} {call.username}"
    for owner in {*TENANTS, *CARRIERS} - own:
        assert _mark(owner) not in text or _mark(owner) in said
        for number in (f"+999{ord(owner)}", f"+888{ord(owner)}"):
            assert number not in text


def _check_reject(world: World, call: Call, reject: Reject) -> None:
    """Who is refused hears nothing of a tenant that is not its own."""
    if reject.code is RejectCode.UNKNOWN_SOURCE:
        return
    own = set(_source_tenants(world, call))
    address, _, number = call.source_ip.rpartition(".")
    if address == "192.0.2" and int(number) < len(world.trunks) and len(own) == 1:
        granted = {carrier.id for carrier in world.carriers if carrier.tenant_ids & own}
    else:
        granted = set(CARRIERS)
    _check_marks(f"{reject.reason} {reject.answer}", own | granted, call)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(worlds(), st.lists(calls(), min_size=8, max_size=20))
def test_no_call_ever_gets_anything_of_another_tenants(world: World, asked: list[Call]) -> None:
    snapshot = world.snapshot()
    for call in asked:
        outcome = decide(call, snapshot, now=world.now, health=world.health)
        trace: Trace = []
        assert decide(call, snapshot, now=world.now, health=world.health, trace=trace) == outcome
        if isinstance(outcome, Routes):
            _check_routes(world, call, outcome)
        else:
            _check_reject(world, call, outcome)
