"""Configurations of any size, straight into the database's tables: seeded, so that the same numbers
come again, and by COPY, so that a million rules take seconds.

Every tenant has a PBX at an address of its own (`source_ip`), numbers, a routing group of two of
the platform's carriers, and rules for random prefixes beside one for all numbers.
"""

import random
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from ipaddress import IPv4Address
from typing import Any
from uuid import UUID

import asyncpg
from msgspec import Struct
from tortoise.models import Model

from pointsman.database_url import connection_parameters
from pointsman.models import (
    Carrier,
    CarrierGrant,
    ConfigRevision,
    Did,
    RoutingGroup,
    RoutingGroupTrunk,
    RoutingRule,
    Tenant,
    Trunk,
    TrunkEndpoint,
    TrunkSource,
)
from pointsman.routing.trunk import TrunkKind

CARRIERS = 10
_FIRST_SOURCE = int(IPv4Address("10.0.0.1"))
_AT = datetime(2026, 1, 1, tzinfo=UTC)


class Size(Struct, frozen=True):
    """How much of everything; `prefixes` and `dids` are of all tenants together."""

    tenants: int
    dids: int
    prefixes: int


def source_ip(tenant: int) -> str:
    """Where the PBX of a tenant sends from, by the tenant's number from 0."""
    return str(IPv4Address(_FIRST_SOURCE + tenant))


async def generate(database_url: str, size: Size, *, seed: int = 20191111) -> None:
    """Fill an empty, migrated database."""
    rows = _Rows(random.Random(seed), size)  # noqa: S311 -- nothing secret
    connection = await asyncpg.connect(**connection_parameters(database_url))
    try:
        async with connection.transaction():
            # What is made here refers to what is made here: looking that up takes minutes.
            await connection.execute("SET LOCAL session_replication_role = replica")
            # So does looking for ranges that overlap, of which none are made.
            await connection.execute("ALTER TABLE did DROP CONSTRAINT did_prefix_excl")
            for model, columns, records in rows.all():
                await _copy(connection, model, columns, records)
    finally:
        await connection.close()


async def _copy(
    connection: asyncpg.Connection,
    model: type[Model],
    columns: tuple[str, ...],
    records: Iterable[tuple[Any, ...]],
) -> None:
    """Copy records of some columns; the others have their models' defaults."""
    others = _defaults(model, columns)
    await connection.copy_records_to_table(
        model._meta.db_table,
        columns=[*columns, *others],
        records=((*record, *others.values()) for record in records),
    )


def _defaults(model: type[Model], columns: tuple[str, ...]) -> dict[str, Any]:
    """By column, as the database has them."""
    found = {}
    for name, column in model._meta.fields_db_projection.items():
        field = model._meta.fields_map[name]
        if column in columns or field.generated:
            continue
        if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
            found[column] = _AT
        else:
            default = field.default() if callable(field.default) else field.default
            found[column] = field.to_db_value(default, model)
    return found


class _Rows:
    """The rows of all tables, each with the ids of those that it refers to."""

    def __init__(self, rng: random.Random, size: Size) -> None:
        self._rng = rng
        self._size = size
        self._tenants = self._ids(size.tenants)
        self._pbxs = self._ids(size.tenants)
        self._groups = self._ids(size.tenants)
        self._carriers = self._ids(CARRIERS)
        self._trunks = self._ids(CARRIERS)

    def all(self) -> Iterator[tuple[type[Model], tuple[str, ...], Iterable[tuple[Any, ...]]]]:
        """What is referred to first."""
        yield Tenant, ("id", "name"), self._named("tenant", self._tenants)
        yield Carrier, ("id", "name"), self._named("carrier", self._carriers)
        yield CarrierGrant, ("id", "carrier_id", "tenant_id"), self._grants()
        yield Trunk, ("id", "name", "kind", "tenant_id", "carrier_id"), self._all_trunks()
        yield TrunkSource, ("id", "trunk_id", "cidr"), self._sources()
        yield TrunkEndpoint, ("id", "trunk_id", "host"), self._endpoints()
        yield RoutingGroup, ("id", "name", "tenant_id"), self._all_groups()
        places = ("id", "routing_group_id", "trunk_id", "tenant_id", "carrier_id", "priority")
        yield RoutingGroupTrunk, places, self._places()
        rules = ("id", "name", "tenant_id", "routing_group_id", "called_prefix")
        yield RoutingRule, rules, self._rules()
        yield Did, ("id", "prefix", "tenant_id", "pbx_trunk_id"), self._dids()
        yield ConfigRevision, ("actor",), [("generator",)]

    def _id(self) -> UUID:
        return UUID(int=self._rng.getrandbits(128))

    def _ids(self, count: int) -> list[UUID]:
        return [self._id() for _ in range(count)]

    def _named(self, name: str, ids: list[UUID]) -> list[tuple[Any, ...]]:
        return [(row_id, f"{name} {number}") for number, row_id in enumerate(ids)]

    def _grants(self) -> Iterator[tuple[Any, ...]]:
        for carrier in self._carriers:
            for tenant in self._tenants:
                yield self._id(), carrier, tenant

    def _all_trunks(self) -> Iterator[tuple[Any, ...]]:
        for number, (tenant, trunk) in enumerate(zip(self._tenants, self._pbxs, strict=True)):
            yield trunk, f"pbx {number}", TrunkKind.PBX, tenant, None
        for number, (carrier, trunk) in enumerate(zip(self._carriers, self._trunks, strict=True)):
            yield trunk, f"trunk {number}", TrunkKind.CARRIER, None, carrier

    def _sources(self) -> Iterator[tuple[Any, ...]]:
        for number, trunk in enumerate(self._pbxs):
            yield self._id(), trunk, f"{source_ip(number)}/32"

    def _endpoints(self) -> Iterator[tuple[Any, ...]]:
        for number, trunk in enumerate(self._pbxs):
            yield self._id(), trunk, source_ip(number)
        for number, trunk in enumerate(self._trunks):
            yield self._id(), trunk, f"192.0.2.{number + 1}"

    def _all_groups(self) -> Iterator[tuple[Any, ...]]:
        for number, (group, tenant) in enumerate(zip(self._groups, self._tenants, strict=True)):
            yield group, f"group {number}", tenant

    def _places(self) -> Iterator[tuple[Any, ...]]:
        for group, tenant in zip(self._groups, self._tenants, strict=True):
            for priority, place in enumerate(self._rng.sample(range(CARRIERS), 2)):
                trunk, carrier = self._trunks[place], self._carriers[place]
                yield self._id(), group, trunk, tenant, carrier, priority

    def _rules(self) -> Iterator[tuple[Any, ...]]:
        for number, (tenant, group) in enumerate(zip(self._tenants, self._groups, strict=True)):
            yield self._id(), "all", tenant, group, ""
            known: set[str] = set()
            share = _share(self._size.prefixes, self._size.tenants, number) - 1
            while len(known) < share:
                prefix = f"+{self._rng.randrange(10, 10 ** self._rng.randint(4, 9))}"
                if prefix not in known:
                    known.add(prefix)
                    yield self._id(), prefix, tenant, group, prefix

    def _dids(self) -> Iterator[tuple[Any, ...]]:
        known: set[int] = set()
        for number, (tenant, trunk) in enumerate(zip(self._tenants, self._pbxs, strict=True)):
            for _ in range(_share(self._size.dids, self._size.tenants, number)):
                did = self._rng.randrange(10**11, 10**12)
                while did in known:
                    did = self._rng.randrange(10**11, 10**12)
                known.add(did)
                yield self._id(), f"+{did}", tenant, trunk


def _share(count: int, parts: int, place: int) -> int:
    """How many of a count are of a part."""
    return count // parts + (place < count % parts)
