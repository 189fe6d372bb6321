"""The published configuration, read in one consistent transaction."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from msgspec import Struct
from tortoise.backends.base.client import BaseDBAsyncClient

from pointsman.database import transaction
from pointsman.models import ConfigRevision
from pointsman.routing.configuration import Configuration
from pointsman.routing.sealed_trunk import SealedTrunk
from pointsman.services.carriers import load_carriers
from pointsman.services.config_revisions import get_current_revision
from pointsman.services.dids import load_dids
from pointsman.services.domains import load_domains
from pointsman.services.emergency_plans import load_emergency_plans
from pointsman.services.kamailio_nodes import load_kamailio_nodes
from pointsman.services.normalization_profiles import load_normalization_profiles
from pointsman.services.number_lists import load_number_lists
from pointsman.services.owner import EVERYBODY, Owner
from pointsman.services.reroute_policies import load_reroute_policies
from pointsman.services.routing_groups import load_routing_groups
from pointsman.services.routing_rules import load_routing_rules
from pointsman.services.schedules import load_schedules
from pointsman.services.secrets import NO_KEYS, Secrets
from pointsman.services.tenants import load_tenants
from pointsman.services.trunk_parts import load_sources
from pointsman.services.trunks import load_sealed_trunks, load_trunks
from pointsman.services.trusted_proxies import load_trusted_proxies


class SealedConfiguration(Struct, frozen=True):
    """Objects, their trunks without credentials, and these as they are stored."""

    configuration: Configuration
    sealed: tuple[SealedTrunk, ...]


class Reading(Struct, frozen=True):
    """A state of the database that does not move, and its newest revision."""

    connection: BaseDBAsyncClient
    revision: ConfigRevision


@asynccontextmanager
async def reading() -> AsyncIterator[Reading]:
    """One repeatable-read transaction sees one state of all tables, and the revision of that
    state: a change that commits meanwhile is wholly in it or not at all."""
    async with transaction() as connection:
        await connection.execute_script("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield Reading(connection, await get_current_revision())


async def load_configuration(secrets: Secrets = NO_KEYS) -> Configuration:
    """Everything that decisions depend on, as one revision has it, its secrets opened."""
    async with reading() as read:
        return Configuration(
            revision=read.revision.id,
            tenants=await load_tenants(),
            carriers=await load_carriers(),
            trunks=await load_trunks(secrets),
            sources=await load_sources(),
            domains=await load_domains(),
            dids=await load_dids(),
            routing_groups=await load_routing_groups(),
            routing_rules=await load_routing_rules(),
            kamailio_nodes=await load_kamailio_nodes(),
            number_lists=await load_number_lists(),
            emergency_plans=await load_emergency_plans(),
            reroute_policies=await load_reroute_policies(),
            normalization_profiles=await load_normalization_profiles(),
            trusted_proxies=await load_trusted_proxies(),
            schedules=await load_schedules(),
        )


async def load_objects(owner: Owner = EVERYBODY, *, lists: bool = True) -> SealedConfiguration:
    """The objects of an owner without DIDs and rules, and without number lists if these are not
    wanted; of the platform (None) also what all carriers are and use, whoever's they are. Within
    `reading`."""
    trunks, sealed = await load_sealed_trunks(owner)
    of_platform = owner is EVERYBODY or owner is None
    configuration = Configuration(
        revision=0,
        tenants=() if owner is None else await load_tenants(owner),
        carriers=await load_carriers() if of_platform else (),
        trunks=trunks,
        sources=await load_sources(owner),
        domains=() if owner is None else await load_domains(owner),
        routing_groups=() if owner is None else await load_routing_groups(owner),
        kamailio_nodes=await load_kamailio_nodes() if of_platform else (),
        number_lists=await load_number_lists(owner) if lists else (),
        emergency_plans=() if owner is None else await load_emergency_plans(owner),
        # Carriers of tenants use what is their tenants'.
        reroute_policies=await load_reroute_policies(EVERYBODY if of_platform else owner),
        normalization_profiles=await load_normalization_profiles(
            EVERYBODY if of_platform else owner
        ),
        trusted_proxies=await load_trusted_proxies() if of_platform else (),
        schedules=() if owner is None else await load_schedules(owner),
    )
    return SealedConfiguration(configuration, sealed)
