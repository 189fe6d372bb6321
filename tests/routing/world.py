"""A small configuration for core tests: two tenants, a platform carrier and one of a tenant."""

from dataclasses import dataclass, field
from ipaddress import ip_network
from typing import Any

from pointsman.routing.call import Call
from pointsman.routing.carrier import Carrier
from pointsman.routing.configuration import Configuration
from pointsman.routing.decide import decide
from pointsman.routing.did import Did
from pointsman.routing.domain import Domain
from pointsman.routing.emergency_plan import EmergencyPlan
from pointsman.routing.health import Health
from pointsman.routing.kamailio_node import KamailioNode
from pointsman.routing.normalization_profile import NormalizationProfile
from pointsman.routing.number_list import NumberList
from pointsman.routing.outcome import Leg, Reject, Routes, Trace
from pointsman.routing.reroute_policy import ReroutePolicy
from pointsman.routing.routing_group import RoutingGroup, RoutingGroupTrunk
from pointsman.routing.routing_rule import RoutingRule
from pointsman.routing.schedule import Schedule
from pointsman.routing.snapshot import Snapshot, compile_snapshot
from pointsman.routing.tenant import Tenant
from pointsman.routing.trunk import Endpoint, Transport, Trunk, TrunkKind
from pointsman.routing.trunk_source import TrunkSource
from pointsman.routing.trusted_proxy import TrustedProxy
from pointsman.routing.uri import NameAddr, parse_name_addr, parse_uri
from tests.snapshots.memory import map_configuration

ACME_PBX_IP = "192.0.2.10"
ZEN_PBX_IP = "192.0.2.20"
ALPHA_IP = "198.51.100.1"
BETA_IP = "198.51.100.2"
# Monday 2026-11-23, 12:00 UTC.
NOW = 1_795_435_200.0


def pbx_trunk(name: str, tenant: str, ip: str, **more: Any) -> Trunk:
    endpoints = (Endpoint(f"{name}-e", ip, 5060),)
    return Trunk(**{
        "id": name, "name": name, "kind": TrunkKind.PBX, "tenant_id": tenant,
        "endpoints": endpoints, **more,
    })  # fmt: skip


def carrier_trunk(name: str, carrier: str, ip: str, **more: Any) -> Trunk:
    endpoints = (Endpoint(f"{name}-e", ip, 5060),)
    return Trunk(**{
        "id": name, "name": name, "kind": TrunkKind.CARRIER, "carrier_id": carrier,
        "endpoints": endpoints, **more,
    })  # fmt: skip


def group(name: str, tenant: str, *trunks: str | RoutingGroupTrunk, **more: Any) -> RoutingGroup:
    """Trunks by name get the priority of their place."""
    places = [
        RoutingGroupTrunk(trunk, priority) if isinstance(trunk, str) else trunk
        for priority, trunk in enumerate(trunks)
    ]
    return RoutingGroup(name, name, tenant, tuple(places), **more)


def rule(name: str, tenant: str, to: str, prefix: str = "", **more: Any) -> RoutingRule:
    return RoutingRule(name, name, tenant, to, prefix, **more)


@dataclass
class World:
    """Parts of a configuration, to be changed by a test before it decides."""

    tenants: list[Tenant] = field(default_factory=list)
    carriers: list[Carrier] = field(default_factory=list)
    trunks: list[Trunk] = field(default_factory=list)
    sources: list[tuple[str, str]] = field(default_factory=list)
    domains: list[Domain] = field(default_factory=list)
    dids: list[Did] = field(default_factory=list)
    groups: list[RoutingGroup] = field(default_factory=list)
    rules: list[RoutingRule] = field(default_factory=list)
    nodes: list[KamailioNode] = field(default_factory=list)
    more_sources: list[TrunkSource] = field(default_factory=list)
    profiles: list[NormalizationProfile] = field(default_factory=list)
    number_lists: list[NumberList] = field(default_factory=list)
    emergency_plans: list[EmergencyPlan] = field(default_factory=list)
    schedules: list[Schedule] = field(default_factory=list)
    reroute_policies: list[ReroutePolicy] = field(default_factory=list)
    trusted_proxies: list[TrustedProxy] = field(default_factory=list)
    now: float = NOW
    health: Health = field(default_factory=dict)

    def configuration(self) -> Configuration:
        """As one revision has it."""
        return Configuration(
            revision=1,
            tenants=tuple(self.tenants),
            carriers=tuple(self.carriers),
            trunks=tuple(self.trunks),
            sources=tuple(TrunkSource(ip_network(text), trunk) for text, trunk in self.sources)
            + tuple(self.more_sources),
            domains=tuple(self.domains),
            dids=tuple(self.dids),
            routing_groups=tuple(self.groups),
            routing_rules=tuple(self.rules),
            kamailio_nodes=tuple(self.nodes),
            normalization_profiles=tuple(self.profiles),
            number_lists=tuple(self.number_lists),
            emergency_plans=tuple(self.emergency_plans),
            schedules=tuple(self.schedules),
            reroute_policies=tuple(self.reroute_policies),
            trusted_proxies=tuple(self.trusted_proxies),
        )

    def snapshot(self) -> Snapshot:
        """Compiled."""
        return compile_snapshot(self.configuration())

    def replace_trunk(self, trunk: Trunk) -> None:
        """Put a trunk in the place of the one with its id."""
        self.trunks = [trunk if old.id == trunk.id else old for old in self.trunks]

    def decide(self, call: Call, trace: Trace | None = None) -> Routes | Reject:
        """The decision on the world as it stands: in memory, and as a router maps it."""
        outcome = decide(call, self.snapshot(), now=self.now, health=self.health, trace=trace)
        mapped = map_configuration(self.configuration())
        mapped_trace: Trace | None = None if trace is None else []
        same = decide(call, mapped, now=self.now, health=self.health, trace=mapped_trace)
        assert same == outcome
        assert trace is None or mapped_trace == trace[-len(mapped_trace or ()) :]
        return outcome

    def routes(self, call: Call) -> Routes:
        """The routes of a call that has some."""
        outcome = self.decide(call)
        assert isinstance(outcome, Routes), outcome
        return outcome

    def legs(self, call: Call) -> tuple[Leg, ...]:
        """Its legs."""
        return self.routes(call).legs

    def trunk_ids(self, call: Call) -> list[str]:
        """The trunks of the legs, in their order."""
        return [leg.target.trunk_id for leg in self.legs(call)]

    def reject(self, call: Call) -> Reject:
        """The reject of a call that has no route."""
        outcome = self.decide(call)
        assert isinstance(outcome, Reject), outcome
        return outcome


def make_world() -> World:
    """Acme and Zen, each with a PBX; carrier Alpha granted to both, Beta to Acme alone."""
    return World(
        tenants=[Tenant("acme", "Acme"), Tenant("zen", "Zen")],
        carriers=[
            Carrier("alpha", "Alpha", frozenset({"acme", "zen"})),
            Carrier("beta", "Beta", frozenset({"acme"})),
        ],
        trunks=[
            pbx_trunk("acme-pbx", "acme", ACME_PBX_IP),
            pbx_trunk("zen-pbx", "zen", ZEN_PBX_IP),
            carrier_trunk("alpha-1", "alpha", ALPHA_IP),
            carrier_trunk("beta-1", "beta", BETA_IP),
        ],
        sources=[
            (f"{ACME_PBX_IP}/32", "acme-pbx"),
            (f"{ZEN_PBX_IP}/32", "zen-pbx"),
            (f"{ALPHA_IP}/32", "alpha-1"),
            (f"{BETA_IP}/32", "beta-1"),
        ],
        domains=[
            Domain("acme.example", "acme.example", "acme", "acme-pbx"),
            Domain("zen.example", "zen.example", "zen", "zen-pbx"),
        ],
        dids=[
            Did("did-acme", "+390401234", "acme", "acme-pbx"),
            Did("did-zen", "+390409999", "zen", "zen-pbx"),
        ],
        groups=[group("out", "acme", "alpha-1", "beta-1"), group("zen-out", "zen", "alpha-1")],
        rules=[rule("all", "acme", "out"), rule("zen-all", "zen", "zen-out")],
    )


def make_call(
    request_uri: str = "sip:+390612345678@203.0.113.1",
    *,
    source_ip: str = ACME_PBX_IP,
    source_port: int = 40_000,
    from_uri: str = "sip:+390401234567@acme.example",
    display: str = "Alice",
    sip_call_id: str = "call-1",
    asserted: str | None = None,
    received: tuple[str, int] = ("203.0.113.1", 5060),
) -> Call:
    """A call from Acme's PBX to a number in Rome, unless said otherwise."""
    return Call(
        sip_call_id=sip_call_id,
        source_ip=source_ip,
        source_port=source_port,
        transport=Transport.UDP,
        request_uri=parse_uri(request_uri),
        from_=NameAddr(display, parse_uri(from_uri)),
        to_display="",
        asserted=parse_name_addr(asserted) if asserted else None,
        received_ip=received[0],
        received_port=received[1],
    )
