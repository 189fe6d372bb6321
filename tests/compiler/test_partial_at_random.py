"""Changes in any order, in batches of any length: a partial compile makes what a full one would."""

from collections.abc import Awaitable, Callable
from random import Random
from typing import Any
from uuid import UUID

import pytest
from tortoise.models import Model

from pointsman.auth import Principal
from pointsman.errors import PointsmanError
from pointsman.models import (
    Carrier,
    Did,
    Domain,
    NormalizationProfile,
    NumberList,
    ReroutePolicy,
    RoutingGroup,
    RoutingRule,
    Tenant,
    Trunk,
)
from pointsman.routing.normalization_profile import NumberField
from pointsman.routing.number_list import ListKind
from pointsman.routing.reroute_policy import RerouteAction
from pointsman.routing.routing_rule import RuleAction
from pointsman.services import (
    carriers,
    dids,
    domains,
    normalization_profiles,
    number_lists,
    reroute_policies,
    routing_groups,
    routing_rules,
    tenants,
    trunks,
)
from pointsman.services.group_places import Place
from pointsman.services.secrets import Secrets, new_key
from pointsman.services.trunk_parts import Source
from tests.compiler.both_ways import BothWays
from tests.kamailio.conftest import Demo

_BATCHES = 16
_MOST_AT_ONCE = 12
_DELETE: dict[type[Model], Callable[[Principal, object], Awaitable[object]]] = {
    Tenant: tenants.delete_tenant,
    Carrier: carriers.delete_carrier,
    Trunk: trunks.delete_trunk,
    Domain: domains.delete_domain,
    Did: dids.delete_did,
    RoutingGroup: routing_groups.delete_routing_group,
    RoutingRule: routing_rules.delete_routing_rule,
    NumberList: number_lists.delete_number_list,
    ReroutePolicy: reroute_policies.delete_reroute_policy,
    NormalizationProfile: normalization_profiles.delete_normalization_profile,
}


class Operator:
    """Whoever changes at random what there is. Few names, networks and prefixes, so that they go
    from one owner to another; the services refuse what may not be."""

    def __init__(self, by: Principal, random: Random, secrets: Secrets) -> None:
        self._by, self._random, self._secrets = by, random, secrets
        self.done: set[str] = set()

    async def change(self) -> None:
        """Something, if it is let."""
        operations = [
            self._make_tenant, self._change_tenant, self._make_carrier, self._change_carrier,
            self._make_trunk, self._change_trunk, self._change_trunk, self._make_domain,
            self._make_did, self._make_group, self._change_group, self._make_rule,
            self._change_rule, self._make_list,
            self._change_list, self._make_of_country, self._change_of_country, self._delete,
            self._delete, self._delete, self._delete,
        ]  # fmt: skip
        operation = self._random.choice(operations)
        try:
            await operation()
        except PointsmanError:
            return
        self.done.add(operation.__name__)

    async def _any(self, model: type[Model], **of: Any) -> UUID | None:
        rows: list[Any] = await model.filter(**of).order_by("created_at", "id")
        return self._random.choice(rows).id if rows else None

    def _name(self) -> str:
        return f"n{self._random.randrange(10**9)}"

    def _number(self) -> str:
        return "+4" + "".join(self._random.choices("12", k=self._random.randrange(4)))

    async def _owner(self) -> UUID | None:
        return self._random.choice([None, await self._any(Tenant)])

    async def _sources(self) -> dict[str, Any]:
        networks = ("192.0.2.1", "192.0.2.0/24", "192.0.2.0/25", "2001:db8::/32")
        digest: dict[str, Any] = self._random.choice(
            [
                {},
                {"digest_username": ""},
                {"digest_username": self._random.choice("ab"), "digest_realm": "r.example",
                 "digest_password": "secret-word"},
            ]
        )  # fmt: skip
        return {
            **digest,
            "sources": [
                Source(network, tech_prefix=self._random.choice(["", "7"]))
                for network in networks
                if self._random.random() < 0.4
            ],
            "secrets": self._secrets,
            "reroute_policy_id": await self._any(ReroutePolicy),
            "normalization_profile_id": await self._any(NormalizationProfile),
        }

    async def _make_tenant(self) -> None:
        await tenants.create_tenant(self._by, name=self._name())

    async def _change_tenant(self) -> None:
        policy = await self._any(ReroutePolicy)
        await tenants.update_tenant(
            self._by, await self._any(Tenant), name=self._name(), reroute_policy_id=policy
        )

    async def _make_carrier(self) -> None:
        owner = await self._owner()
        row = await carriers.create_carrier(self._by, name=self._name(), tenant_id=owner)
        if owner is None:
            await carriers.grant_carrier(self._by, row.id, await self._any(Tenant))

    async def _change_carrier(self) -> None:
        policy = await self._any(ReroutePolicy)
        await carriers.update_carrier(
            self._by, await self._any(Carrier), enabled=False, reroute_policy_id=policy
        )

    async def _make_trunk(self) -> None:
        of = self._random.choice([("tenant_id", Tenant), ("carrier_id", Carrier)])
        owner: dict[str, Any] = {of[0]: await self._any(of[1])}
        await trunks.create_trunk(self._by, name=self._name(), **owner, **await self._sources())

    async def _change_trunk(self) -> None:
        await trunks.update_trunk(self._by, await self._any(Trunk), **await self._sources())

    async def _make_domain(self) -> None:
        tenant = await self._any(Tenant)
        await domains.create_domain(
            self._by, tenant_id=tenant, name=f"{self._random.choice('ab')}.example",
            pbx_trunk_id=await self._any(Trunk, tenant_id=tenant),
        )  # fmt: skip

    async def _make_did(self) -> None:
        tenant = await self._any(Tenant)
        await dids.create_did(
            self._by, tenant_id=tenant, prefix=self._number(),
            pbx_trunk_id=await self._any(Trunk, tenant_id=tenant),
        )  # fmt: skip

    async def _make_group(self) -> None:
        await routing_groups.create_routing_group(
            self._by, tenant_id=await self._any(Tenant), name=self._name(),
            trunks=[Place(await self._any(Trunk))],
        )  # fmt: skip

    async def _change_group(self) -> None:
        await routing_groups.update_routing_group(
            self._by, await self._any(RoutingGroup), trunks=[Place(await self._any(Trunk))]
        )

    async def _make_rule(self) -> None:
        await routing_rules.create_routing_rule(
            self._by, tenant_id=await self._any(Tenant), name=self._name(),
            called_prefix=self._number(), calling_prefix=self._random.choice(["", "+39"]),
            action=RuleAction.REJECT, reject_sip_code=403,
        )  # fmt: skip

    async def _change_rule(self) -> None:
        await routing_rules.update_routing_rule(
            self._by, await self._any(RoutingRule), called_prefix=self._number()
        )

    async def _make_list(self) -> None:
        await number_lists.create_number_list(
            self._by, tenant_id=await self._owner(), name=self._name(), kind=ListKind.BLOCK,
            field=NumberField.CALLED, prefixes=[self._number()],
            trunk_ids=[await self._any(Trunk)],
        )  # fmt: skip

    async def _change_list(self) -> None:
        await number_lists.update_number_list(
            self._by, await self._any(NumberList), prefixes=[self._number(), self._number()]
        )

    async def _make_of_country(self) -> None:
        owner = await self._owner()
        await reroute_policies.create_reroute_policy(self._by, name=self._name(), tenant_id=owner)
        await normalization_profiles.create_normalization_profile(
            self._by, name=self._name(), country="AT", tenant_id=owner
        )

    async def _change_of_country(self) -> None:
        rules = [reroute_policies.Rule(self._random.choice(["486", "503"]), RerouteAction.STOP)]
        await reroute_policies.update_reroute_policy(
            self._by, await self._any(ReroutePolicy), rules=rules
        )
        await normalization_profiles.update_normalization_profile(
            self._by, await self._any(NormalizationProfile),
            area_code=str(self._random.randrange(1, 9)),
        )  # fmt: skip

    async def _delete(self) -> None:
        model = self._random.choice([*_DELETE])
        await _DELETE[model](self._by, await self._any(model))


@pytest.mark.parametrize("seed", [1, 2])
async def test_whatever_is_changed(demo: Demo, admin: Principal, seed: int) -> None:
    random, secrets = Random(seed), Secrets([new_key()])  # noqa: S311 -- to be had again
    both = BothWays(secrets.unseal)
    await both.begin()
    operator = Operator(admin, random, secrets)
    for _ in range(_BATCHES):
        for _ in range(random.randrange(1, _MOST_AT_ONCE)):
            await operator.change()
        await both.catch_up()
    assert len(operator.done) >= 12
