"""What was read of a tenant stays for as long as nothing that it is made of changes."""

from collections.abc import Callable

import pytest
from msgspec import structs

from pointsman.routing.carrier import Carrier
from pointsman.routing.decide import decide
from pointsman.routing.domain import Domain
from pointsman.routing.normalization_profile import NormalizationProfile
from pointsman.routing.outcome import Routes
from pointsman.routing.reroute_policy import RerouteAction, ReroutePolicy, RerouteRule
from pointsman.routing.snapshot import Snapshot
from pointsman.routing.tenant import Tenant
from pointsman.routing.trunk import Endpoint
from pointsman.snapshots.mapped import Mapper
from pointsman.snapshots.mapped_tenants import MappedTenants
from tests.routing.world import NOW, World, carrier_trunk, group, make_call, make_world, rule
from tests.snapshots.memory import MemoryFile, catalog_of, unseal


class Mapping:
    """A router's snapshots of a world, each made of the one before."""

    def __init__(self) -> None:
        self._file = MemoryFile()
        self._mapper = Mapper(unseal)

    def map(self, world: World) -> Snapshot:
        """The world's, of which every tenant has been asked for."""
        catalog = catalog_of(world.configuration(), self._file.read, self._file.add)
        snapshot = self._mapper.map(catalog, self._file)
        assert isinstance(snapshot.tenants, MappedTenants)
        for tenant_id in snapshot.tenants.ids:
            assert snapshot.tenants[tenant_id].tenant.id == tenant_id
        return snapshot


def _change_alpha(world: World) -> None:
    world.replace_trunk(carrier_trunk("alpha-1", "alpha", "198.51.100.99"))


def _change_beta(world: World) -> None:
    world.replace_trunk(carrier_trunk("beta-1", "beta", "198.51.100.99"))


def _disable(name: str) -> Callable[[World], None]:
    def change(world: World) -> None:
        world.carriers = [structs.replace(each, enabled=each.id != name) for each in world.carriers]

    return change


def _change_policy(name: str) -> Callable[[World], None]:
    def change(world: World) -> None:
        rules = (RerouteRule("503", RerouteAction.STOP),)
        world.reroute_policies = [
            structs.replace(each, rules=rules if each.id == name else each.rules)
            for each in world.reroute_policies
        ]

    return change


def _change_profile(world: World) -> None:
    world.profiles = [structs.replace(each, area_code="1") for each in world.profiles]


def _add_a_trunk(world: World) -> None:
    world.trunks.append(carrier_trunk("beta-2", "beta", "198.51.100.98"))


def _add_a_tenant(world: World) -> None:
    world.tenants.append(Tenant("new", "New"))


def _add_a_domain(world: World) -> None:
    world.domains.append(Domain("d", "more.example", "zen", "zen-pbx"))


def _change_acme(world: World) -> None:
    world.tenants = [
        structs.replace(each, name="Renamed") if each.id == "acme" else each
        for each in world.tenants
    ]


def _add_a_rule(world: World) -> None:
    world.rules.append(rule("more", "zen", "zen-out", "+1"))


def _nothing(world: World) -> None:
    del world


@pytest.mark.parametrize(
    ("change", "changed"),
    [
        (_nothing, set()),
        (_change_alpha, {"acme", "zen"}),
        (_change_beta, {"acme"}),
        (_disable("alpha"), {"acme", "zen"}),
        (_disable("beta"), {"acme"}),
        # Beta's, and that of Zen itself.
        (_change_policy("b-p"), {"acme"}),
        (_change_policy("zen-p"), {"zen"}),
        (_change_policy("nobody's"), set()),
        # That of beta-1.
        (_change_profile, {"acme"}),
        (_add_a_trunk, set()),
        (_add_a_tenant, set()),
        # Its part says which domains are its own.
        (_add_a_domain, {"zen"}),
        (_change_acme, {"acme"}),
        (_add_a_rule, {"zen"}),
    ],
)
def test_those_are_read_again_that_use_what_has_changed_and_no_others(
    change: Callable[[World], None], changed: set[str]
) -> None:
    world = make_world()
    world.reroute_policies = [
        ReroutePolicy(name, name, "") for name in ("zen-p", "b-p", "nobody's")
    ]
    world.profiles = [NormalizationProfile("at", "Austria", "", "AT")]
    world.carriers = [
        structs.replace(each, reroute_policy_id="b-p" if each.id == "beta" else "")
        for each in world.carriers
    ]
    world.tenants = [
        structs.replace(each, reroute_policy_id="zen-p" if each.id == "zen" else "")
        for each in world.tenants
    ]
    world.trunks = [
        structs.replace(each, normalization_profile_id="at" if each.id == "beta-1" else "")
        for each in world.trunks
    ]
    mapping = Mapping()
    before = mapping.map(world)
    change(world)
    now = mapping.map(world)
    found = {
        tenant_id for tenant_id in before.tenants
        if now.tenants[tenant_id] is not before.tenants[tenant_id]
    }  # fmt: skip
    assert found == changed


def test_a_change_of_a_carriers_trunk_is_seen_by_whoever_uses_it() -> None:
    world, mapping = make_world(), Mapping()
    mapping.map(world)
    trunk = carrier_trunk("alpha-1", "alpha", "198.51.100.99")
    world.replace_trunk(structs.replace(trunk, endpoints=(Endpoint("e", "198.51.100.99", 5099),)))
    outcome = decide(make_call(), mapping.map(world), now=NOW, health={})
    assert isinstance(outcome, Routes)
    first = outcome.legs[0].target
    assert (first.trunk_id, first.destination) == (
        "alpha-1",
        "sip:198.51.100.99:5099",
    )


def test_a_trunk_that_a_group_gets_later_counts_from_then_on() -> None:
    world, mapping = make_world(), Mapping()
    mapping.map(world)
    world.groups = [each for each in world.groups if each.id != "zen-out"]
    world.groups.append(group("zen-out", "zen", "alpha-1", "beta-1"))
    before = mapping.map(world)
    _change_beta(world)
    now = mapping.map(world)
    assert now.tenants["zen"] is not before.tenants["zen"]


def test_a_tenant_that_is_gone_is_not_kept() -> None:
    world, mapping = make_world(), Mapping()
    world.tenants.append(Tenant("new", "New"))
    assert "new" in mapping.map(world).tenants
    world.tenants.pop()
    now = mapping.map(world)
    assert [*now.tenants] == ["acme", "zen"]
    with pytest.raises(KeyError):
        now.tenants["new"]
    world.tenants.append(Tenant("new", "Another"))
    assert mapping.map(world).tenants["new"].tenant.name == "Another"


def test_a_carrier_of_one_tenant_touches_no_other() -> None:
    world, mapping = make_world(), Mapping()
    before = mapping.map(world)
    world.carriers.append(Carrier("own", "Own", frozenset({"acme"})))
    world.trunks.append(carrier_trunk("own-1", "own", "198.51.100.77"))
    now = mapping.map(world)
    assert all(now.tenants[each] is before.tenants[each] for each in before.tenants)
    assert "own-1" in now.sources.by_owner[""]
