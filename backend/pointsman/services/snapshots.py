"""The published configuration, read in one consistent transaction."""

from tortoise.transactions import in_transaction

from pointsman.routing.configuration import Configuration
from pointsman.services.carriers import load_carriers
from pointsman.services.config_revisions import get_current_revision
from pointsman.services.dids import load_dids
from pointsman.services.domains import load_domains
from pointsman.services.emergency_plans import load_emergency_plans
from pointsman.services.kamailio_nodes import load_kamailio_nodes
from pointsman.services.normalization_profiles import load_normalization_profiles
from pointsman.services.number_lists import load_number_lists
from pointsman.services.reroute_policies import load_reroute_policies
from pointsman.services.routing_groups import load_routing_groups
from pointsman.services.routing_rules import load_routing_rules
from pointsman.services.schedules import load_schedules
from pointsman.services.secrets import NO_KEYS, Secrets
from pointsman.services.tenants import load_tenants
from pointsman.services.trunk_parts import load_sources
from pointsman.services.trunks import load_trunks
from pointsman.services.trusted_proxies import load_trusted_proxies


async def load_configuration(secrets: Secrets = NO_KEYS) -> Configuration:
    """Everything that decisions depend on, as one revision has it, its secrets opened.

    One repeatable-read transaction sees one state of all tables, and the revision of that
    state: a change that commits meanwhile is wholly in it or not at all.
    """
    async with in_transaction() as connection:
        await connection.execute_script("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        return Configuration(
            revision=(await get_current_revision()).id,
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
