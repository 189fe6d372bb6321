"""The database's constraints in the operator's words, by their names.

A test fails for a constraint of the schema that this file does not know.
"""

import asyncpg
from tortoise.exceptions import IntegrityError

from pointsman.errors import Conflict, InvalidInput, NotFound, PointsmanError, Problem

# Unique and exclusion constraints: the field at fault, and what stands against it.
_TAKEN: dict[str, tuple[str, str]] = {
    "tenant_name_key": ("name", "another tenant has this name"),
    "carrier_name_key": ("name", "another carrier of this owner has this name"),
    "carrier_grant_tenant_id_key": ("tenantId", "the carrier is granted to this tenant already"),
    "trunk_name_key": ("name", "another trunk of this owner has this name"),
    "trunk_source_cidr_key": (
        "sources",
        "this source, with all that narrows it, is another trunk's already",
    ),
    "trunk_endpoint_host_key": (
        "endpoints",
        "two endpoints have the same host, port and transport",
    ),
    "domain_name_key": ("name", "this domain exists already on this platform"),
    "did_prefix_key": ("prefix", "this DID exists already on this platform"),
    "did_prefix_excl": ("prefix", "the range overlaps with a DID of another tenant"),
    "routing_group_name_key": ("name", "another routing group of the tenant has this name"),
    "routing_group_trunk_trunk_id_key": ("trunks", "a trunk is in the group twice"),
    "routing_rule_name_key": ("name", "another routing rule of the tenant has this name"),
    "kamailio_node_name_key": ("name", "another Kamailio node has this name"),
    "kamailio_node_token_sha256_key": ("token", "another Kamailio node has this token"),
    "api_token_token_sha256_key": ("token", "another API token is the same"),
    "trunk_digest_key": ("digestUsername", "another trunk has this digest user in this realm"),
    "trunk_registration_contact_user_key": (
        "registration.contactUser",
        "another trunk has this contact user",
    ),
    "registration_state_trunk_id_key": ("trunk", "the node has a state of this trunk already"),
    "normalization_profile_name_key": ("name", "another profile of this owner has this name"),
    "number_list_name_key": ("name", "another number list of this owner has this name"),
    "number_list_trunk_trunk_id_key": ("trunkIds", "a trunk is given twice"),
    "emergency_plan_country_key": ("country", "the tenant has a plan for this country already"),
    "emergency_plan_group_routing_group_id_key": ("routingGroupIds", "a group is given twice"),
    "reroute_policy_name_key": ("name", "another reroute policy of this owner has this name"),
    "schedule_name_key": ("name", "another schedule of the tenant has this name"),
    "trusted_proxy_name_key": ("name", "another trusted proxy has this name"),
    "trusted_proxy_cidr_key": ("cidr", "another trusted proxy has this network"),
    "endpoint_state_endpoint_id_node_id_key": ("endpoints", "a node tells of it twice"),
    "routing_group_trunk_member_group_id_key": ("trunks", "a group is in the group twice"),
    "webhook_name_key": ("name", "another webhook of this owner has this name"),
    "webhook_delivery_webhook_id_key": ("eventId", "the event is on its way there already"),
    "trouble_kind_key": ("kind", "it is told already"),
}

# Foreign keys: the field that refers, the noun it refers to, and who refers to it.
_REFERENCES: dict[str, tuple[str, str, str]] = {
    "api_token_tenant_id_fkey": ("tenantId", "tenant", "an API token"),
    "carrier_tenant_id_fkey": ("tenantId", "tenant", "a carrier"),
    "carrier_grant_carrier_id_fkey": ("carrierId", "carrier", "a carrier grant"),
    "carrier_grant_tenant_id_fkey": ("tenantId", "tenant", "a carrier grant"),
    "change_record_revision_id_fkey": ("revision", "revision", "a change record"),
    "did_pbx_trunk_id_fkey": ("pbxTrunkId", "PBX trunk of the tenant", "a DID"),
    "did_routing_group_id_fkey": ("routingGroupId", "routing group of the tenant", "a DID"),
    "did_tenant_id_fkey": ("tenantId", "tenant", "a DID"),
    "domain_pbx_trunk_id_fkey": ("pbxTrunkId", "PBX trunk of the tenant", "a domain"),
    "domain_tenant_id_fkey": ("tenantId", "tenant", "a domain"),
    "routing_group_tenant_id_fkey": ("tenantId", "tenant", "a routing group"),
    "routing_group_trunk_carrier_id_fkey": ("trunks", "carrier", "a routing group"),
    "routing_group_trunk_grant_fkey": (
        "trunks",
        "trunk of a carrier granted to the tenant",
        "a routing group of the tenant",
    ),
    "routing_group_trunk_pbx_tenant_id_fkey": (
        "trunks",
        "PBX trunk of the tenant",
        "a routing group",
    ),
    "routing_group_trunk_routing_group_id_fkey": ("id", "routing group", "its trunks"),
    "routing_group_trunk_tenant_id_fkey": ("tenantId", "tenant", "a routing group"),
    "routing_group_trunk_trunk_carrier_id_fkey": ("trunks", "trunk", "a routing group"),
    "routing_group_trunk_trunk_id_fkey": ("trunks", "trunk", "a routing group"),
    "routing_rule_routing_group_id_fkey": (
        "routingGroupId",
        "routing group of the tenant",
        "a routing rule",
    ),
    "routing_rule_tenant_id_fkey": ("tenantId", "tenant", "a routing rule"),
    "trunk_carrier_id_fkey": ("carrierId", "carrier", "a trunk"),
    "trunk_endpoint_trunk_id_fkey": ("id", "trunk", "its endpoints"),
    "trunk_source_trunk_id_fkey": ("id", "trunk", "its sources"),
    "trunk_tenant_id_fkey": ("tenantId", "tenant", "a trunk"),
    "emergency_plan_tenant_id_fkey": ("tenantId", "tenant", "an emergency plan"),
    "emergency_plan_group_emergency_plan_id_fkey": ("id", "emergency plan", "its groups"),
    "emergency_plan_group_routing_group_id_fkey": (
        "routingGroupIds",
        "routing group of the tenant",
        "an emergency plan",
    ),
    "endpoint_state_endpoint_id_fkey": ("endpoints", "endpoint", "what a node tells of it"),
    "endpoint_state_node_id_fkey": ("node", "Kamailio node", "what it tells of endpoints"),
    "normalization_profile_tenant_id_fkey": ("tenantId", "tenant", "a normalization profile"),
    "number_list_tenant_id_fkey": ("tenantId", "tenant", "a number list"),
    "number_list_trunk_number_list_id_fkey": ("id", "number list", "its trunks"),
    "number_list_trunk_trunk_id_fkey": ("trunkIds", "trunk", "a number list"),
    "registration_state_node_id_fkey": ("node", "Kamailio node", "a registration's state"),
    "registration_state_trunk_id_fkey": ("trunk", "trunk", "a registration's state"),
    "reroute_policy_tenant_id_fkey": ("tenantId", "tenant", "a reroute policy"),
    "schedule_tenant_id_fkey": ("tenantId", "tenant", "a schedule"),
    "trunk_normalization_profile_id_fkey": (
        "normalizationProfileId",
        "normalization profile",
        "a trunk",
    ),
    "trunk_reroute_policy_id_fkey": ("reroutePolicyId", "reroute policy", "a trunk"),
    "carrier_reroute_policy_id_fkey": ("reroutePolicyId", "reroute policy", "a carrier"),
    "tenant_reroute_policy_id_fkey": ("reroutePolicyId", "reroute policy", "a tenant"),
    "routing_rule_source_trunk_id_fkey": (
        "sourceTrunkId",
        "PBX trunk of the tenant",
        "a routing rule",
    ),
    "routing_rule_schedule_id_fkey": ("scheduleId", "schedule of the tenant", "a routing rule"),
    "routing_group_trunk_member_group_id_fkey": (
        "trunks",
        "routing group of the tenant",
        "a routing group",
    ),
    "webhook_tenant_id_fkey": ("tenantId", "tenant", "a webhook"),
    "webhook_delivery_webhook_id_fkey": ("webhookId", "webhook", "a delivery"),
    "webhook_delivery_event_id_fkey": ("eventId", "event", "a delivery"),
    "webhook_attempt_delivery_id_fkey": ("delivery", "delivery", "its log"),
    "trouble_trunk_id_fkey": ("trunk", "trunk", "what is wrong with it"),
    "trouble_node_id_fkey": ("node", "Kamailio node", "what is wrong there"),
}

# Checks: the services refuse such values first, with more to say.
_CHECKS: dict[str, tuple[str, str]] = {
    "did_prefix_check": ("prefix", "write it in E.164 with a plus"),
    "did_target_check": ("pbxTrunkId", "give either pbxTrunkId or routingGroupId"),
    "domain_name_check": ("name", "write it in lower case"),
    "routing_group_trunk_weight_check": (
        "trunks",
        "use a weight of 1 to 65535 and a priority of 0 to 65535",
    ),
    "routing_rule_called_prefix_check": ("calledPrefix", "use digits, * and #"),
    "endpoint_state_state_check": ("state", "use UP, DOWN or UNKNOWN"),
    "trunk_endpoint_port_check": ("endpoints", "use a port of 1 to 65535"),
    "trunk_endpoint_weight_check": (
        "endpoints",
        "use a weight of 1 to 65535 and a priority of 0 to 65535",
    ),
    "trunk_fr_timer_ms_check": ("frTimerMs", "use timers above 0"),
    "trunk_owner_check": ("kind", "give a PBX trunk a tenant, a carrier's trunk a carrier"),
    "routing_group_trunk_member_check": ("trunks", "give either trunkId or routingGroupId"),
    "routing_group_max_candidates_check": ("maxCandidates", "use 1 to 11"),
    "routing_group_strategy_check": ("strategy", "use PRIORITY, WEIGHTED, ROUND or STICKY"),
    "routing_rule_action_check": (
        "action",
        "give routingGroupId for GROUP, rejectSipCode for REJECT, forwardNumber for CONTINUE",
    ),
    "trunk_source_port_check": ("sources", "use a port of 1 to 65535"),
    "trunk_digest_check": ("digestPassword", "give digestUsername and digestPassword, or neither"),
    "trunk_digest_sha256_check": ("digestPassword", "give digestUsername, or no digestPassword"),
    "trunk_outbound_check": (
        "outboundPassword",
        "give outboundUsername and outboundPassword, or neither",
    ),
    "trunk_caller_id_check": ("callerIdNumber", "FORCE needs the number to tell"),
    "normalization_profile_length_check": ("minLength", "use 1 to 15, minLength not the longer"),
}

# Keys that other tables' foreign keys refer to: an id is never given by a caller.
_INTERNAL = frozenset(
    {
        "emergency_plan_id_tenant_id_key",
        "routing_group_id_tenant_id_key",
        "schedule_id_tenant_id_key",
        "trunk_id_carrier_id_key",
        "trunk_id_tenant_id_key",
    }
)

KNOWN = frozenset(_TAKEN) | frozenset(_REFERENCES) | frozenset(_CHECKS) | _INTERNAL


def explain_violation(error: IntegrityError, removes: str) -> PointsmanError | IntegrityError:
    """The error for the operator, or the given one when the constraint is not known.

    `removes` is the path of the object that a deletion was of: what refers to it stands against
    it. Else it is the change that refers to what is not there. (The server says which, in its
    own language.)
    """
    cause = error.args[0]
    if not isinstance(cause, asyncpg.IntegrityConstraintViolationError):
        return error
    name = cause.constraint_name or ""
    if name in _TAKEN:
        path, message = _TAKEN[name]
        return Conflict(path, message)
    if name in _REFERENCES:
        return _explain_reference(name, cause.detail or "", removes)
    if name in _CHECKS:
        path, fix = _CHECKS[name]
        return InvalidInput([Problem(path, f"the database refuses this value ({name})", fix)])
    return error


def _explain_reference(name: str, detail: str, removes: str) -> PointsmanError:
    path, noun, user = _REFERENCES[name]
    if removes:
        return Conflict(removes, f"it is still used by {user}: change or delete that first")
    values = detail.partition(")=(")[2].partition(")")[0]
    return NotFound(noun, values.partition(",")[0], path)
