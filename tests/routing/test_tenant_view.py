"""A tenant's view has nothing of another tenant, and decides the tenant's calls as the whole."""

from ipaddress import ip_network
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from pointsman.routing.carrier import Carrier
from pointsman.routing.configuration import Configuration
from pointsman.routing.decide import decide
from pointsman.routing.did import Did
from pointsman.routing.domain import Domain
from pointsman.routing.emergency_plan import EmergencyPlan
from pointsman.routing.kamailio_node import KamailioNode
from pointsman.routing.normalization_profile import NormalizationProfile, NumberField
from pointsman.routing.number_list import ListKind, NumberList
from pointsman.routing.outcome import Routes
from pointsman.routing.reroute_policy import ReroutePolicy
from pointsman.routing.schedule import Schedule, Window
from pointsman.routing.snapshot import compile_snapshot
from pointsman.routing.tenant_view import view_of_tenant
from pointsman.routing.trunk_source import TrunkSource
from pointsman.routing.trusted_proxy import TrustedProxy
from tests.routing.world import (
    ACME_PBX_IP,
    ALPHA_IP,
    BETA_IP,
    NOW,
    ZEN_PBX_IP,
    World,
    carrier_trunk,
    group,
    make_call,
    make_world,
    pbx_trunk,
    rule,
)


def full_world() -> World:
    """Something of each kind for Acme and for Zen, and what the platform has for both."""
    world = make_world()
    world.carriers.append(Carrier("zen-only", "Zen's carrier", frozenset({"zen"})))
    world.trunks.append(carrier_trunk("zen-carrier-1", "zen-only", "198.51.100.9"))
    world.nodes = [KamailioNode("zen-node", "node", (("203.0.113.1", 5060),), b"token" * 6)]
    world.trusted_proxies = [TrustedProxy("p", "zen-proxy", ip_network("203.0.113.64/28"))]
    for tenant in ("acme", "zen"):
        every_day = (Window(tuple(range(7)), 0, 720),)
        world.schedules.append(
            Schedule(f"{tenant}-s", f"{tenant}-s", tenant, "UTC", ((-(2**62), 0),), every_day)
        )
        world.rules.append(
            rule(f"{tenant}-noon", tenant, "zen-out" if tenant == "zen" else "out", "+1",
                 schedule_id=f"{tenant}-s")
        )  # fmt: skip
        world.number_lists.append(
            NumberList(
                f"{tenant}-l", f"{tenant}-l", tenant, ListKind.BLOCK, NumberField.CALLED, ("+44",)
            )
        )
        world.reroute_policies.append(ReroutePolicy(f"{tenant}-r", f"{tenant}-r", tenant))
        world.profiles.append(NormalizationProfile(f"{tenant}-p", f"{tenant}-p", tenant, "IT"))
        world.emergency_plans.append(
            EmergencyPlan(f"{tenant}-e", tenant, "IT", ("112",), "+390401234000",
                          ("zen-out" if tenant == "zen" else "out",))
        )  # fmt: skip
    world.number_lists.append(
        NumberList("platform-l", "platform-l", "", ListKind.BLOCK, NumberField.CALLING, ("+7",),
                   trunk_ids=("alpha-1", "zen-carrier-1"))
    )  # fmt: skip
    world.number_lists.append(
        NumberList("hidden-l", "zen-hidden", "", ListKind.BLOCK, NumberField.CALLING, ("+7",),
                   trunk_ids=("zen-carrier-1",))
    )  # fmt: skip
    world.reroute_policies.append(ReroutePolicy("shared-r", "shared-r", ""))
    return world


def _text(configuration: Configuration) -> str:
    return msgspec.json.encode(configuration, enc_hook=str).decode()


def test_a_view_has_nothing_of_another_tenant() -> None:
    text = _text(view_of_tenant(full_world().configuration(), "acme")).lower()
    assert "zen" not in text
    assert ZEN_PBX_IP not in text
    assert "dg9rzw" not in text  # the start of a node's token in base64


def test_a_view_has_all_that_is_the_tenants_and_what_it_uses() -> None:
    view = view_of_tenant(full_world().configuration(), "acme")
    assert view.revision == 1
    assert [tenant.id for tenant in view.tenants] == ["acme"]
    assert [(carrier.id, carrier.tenant_ids) for carrier in view.carriers] == [
        ("alpha", frozenset({"acme"})),
        ("beta", frozenset({"acme"})),
    ]
    assert [trunk.id for trunk in view.trunks] == ["acme-pbx", "alpha-1", "beta-1"]
    assert [source.trunk_id for source in view.sources] == ["acme-pbx", "alpha-1", "beta-1"]
    assert [entry.id for entry in view.number_lists] == ["acme-l", "platform-l"]
    assert view.number_lists[1].trunk_ids == ("alpha-1",)
    assert [policy.id for policy in view.reroute_policies] == ["acme-r", "shared-r"]
    assert [node.sockets for node in view.kamailio_nodes] == [(("203.0.113.1", 5060),)]
    assert [proxy.name for proxy in view.trusted_proxies] == ["the platform's"]


def test_what_a_carriers_trunk_uses_is_in_the_view_whosesoever_it_is() -> None:
    world = full_world()
    world.carriers[0] = structs.replace(world.carriers[0], reroute_policy_id="zen-r")
    world.replace_trunk(structs.replace(world.trunks[2], normalization_profile_id="zen-p"))
    view = view_of_tenant(world.configuration(), "acme")
    assert [policy.id for policy in view.reroute_policies] == ["acme-r", "zen-r", "shared-r"]
    assert [profile.id for profile in view.normalization_profiles] == ["acme-p", "zen-p"]


_CALLED = ["+390612345678", "+12025550123", "+442071838750", "+390409999123", "+390401234567",
           "112", "100", "+7495"]  # fmt: skip


@pytest.mark.parametrize("called", _CALLED)
@pytest.mark.parametrize("host", ["h", "acme.example", "zen.example"])
@pytest.mark.parametrize("now", [NOW - 3_600, NOW + 3_600])
def test_a_tenants_own_calls_are_decided_as_by_the_whole(
    called: str, host: str, now: float
) -> None:
    configuration = full_world().configuration()
    whole = compile_snapshot(configuration)
    for tenant, ip in (("acme", ACME_PBX_IP), ("zen", ZEN_PBX_IP)):
        seen = compile_snapshot(view_of_tenant(configuration, tenant))
        call = make_call(f"sip:{called}@{host}", source_ip=ip)
        assert decide(call, seen, now=now) == decide(call, whole, now=now)


@pytest.mark.parametrize("called", _CALLED)
@pytest.mark.parametrize("host", ["h", "acme.example", "zen.example"])
def test_a_carriers_calls_are_those_of_the_whole_where_they_are_the_tenants(
    called: str, host: str
) -> None:
    configuration = full_world().configuration()
    whole = compile_snapshot(configuration)
    seen = compile_snapshot(view_of_tenant(configuration, "acme"))
    for ip in (ALPHA_IP, BETA_IP):
        call = make_call(f"sip:{called}@{host}", source_ip=ip, from_uri="sip:+4412345678@h")
        outcome = decide(call, whole, now=NOW)
        if isinstance(outcome, Routes) and outcome.tenant_id == "acme":
            assert decide(call, seen, now=NOW) == outcome


_PREFIX = st.sampled_from(["+39", "+3904", "+390401", "+1", "112", ""])
_TENANT = st.sampled_from(["acme", "zen"])


@settings(deadline=None)
@given(
    st.lists(st.tuples(_TENANT, _PREFIX, st.sampled_from(["", "+39", "+1"])), max_size=6),
    st.lists(st.tuples(_TENANT, st.sampled_from(["+390401", "+390402", "+12"])), max_size=3,
             unique_by=lambda did: did[1]),
    st.lists(st.tuples(_TENANT, st.sampled_from(["10.0.0.0/24", "10.0.0.0/25", "10.0.0.7/32"])),
             max_size=3, unique_by=lambda source: source[1]),
    st.sampled_from(["+39040123456", "+390402123", "+1202555012", "112", "+39061"]),
)  # fmt: skip
def test_whatever_two_tenants_have_a_view_decides_as_the_whole(
    rules: list[Any], dids: list[Any], sources: list[Any], called: str
) -> None:
    world = full_world()
    world.trunks += [pbx_trunk(f"{t}-2", t, f"192.0.2.1{n}") for n, t in enumerate(("acme", "zen"))]
    world.rules += [
        rule(f"r{n}", tenant, {"acme": "out", "zen": "zen-out"}[tenant], called_prefix,
             calling_prefix=calling)
        for n, (tenant, called_prefix, calling) in enumerate(rules)
    ]  # fmt: skip
    world.dids += [Did(f"d{prefix}", prefix, tenant, f"{tenant}-2") for tenant, prefix in dids]
    world.domains.append(Domain("x.example", "x.example", "zen", "zen-2"))
    world.groups.append(group("spare", "acme", "beta-1"))
    world.more_sources = [TrunkSource(ip_network(text), f"{tenant}-2") for tenant, text in sources]
    configuration = world.configuration()
    whole = compile_snapshot(configuration)
    for ip in ("10.0.0.7", "10.0.0.200", ACME_PBX_IP):
        call = make_call(f"sip:{called}@x.example", source_ip=ip)
        outcome = decide(call, whole, now=NOW)
        of_zen = any(tenant == "zen" for tenant, _ in sources)
        if ip == ACME_PBX_IP or not of_zen:
            assert decide(
                call, compile_snapshot(view_of_tenant(configuration, "acme")), now=NOW
            ) == (outcome)
