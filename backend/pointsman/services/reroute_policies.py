"""Reroute policies: what happens when a leg fails."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from tortoise.expressions import Q

from pointsman.auth import Principal, require_owner
from pointsman.models import ReroutePolicy, Tenant
from pointsman.routing.reroute import TIMEOUT, TRANSPORT
from pointsman.routing.reroute_policy import RerouteAction, ReroutePhase, RerouteRule
from pointsman.routing.reroute_policy import ReroutePolicy as RoutedPolicy
from pointsman.services import validation
from pointsman.services.changes import change, describe
from pointsman.services.owner import EVERYBODY, Owner, owned_by
from pointsman.services.rows import DEFAULT_PAGE, Page, get_row, list_rows, save_fields
from pointsman.services.unset import UNSET, Unset, given
from pointsman.services.validation import Problems

MAX_RULES = 50
# An answer that only says something with the challenge that stands in it.
_CHALLENGES = (401, 407)
_CODE_OR_CLASS = re.compile(r"[3-6](?:[0-9]{2}|xx)", re.ASCII)


class RuleInput(Protocol):
    """What is given of a rule."""

    cause: str
    action: RerouteAction
    phase: ReroutePhase
    sip_code: int | None
    sip_reason: str


@dataclass
class Rule:
    """A rule as it is given."""

    cause: str
    action: RerouteAction
    phase: ReroutePhase = ReroutePhase.BEFORE_RINGING
    sip_code: int | None = None
    sip_reason: str = ""


async def list_reroute_policies(
    principal: Principal,
    *,
    first: int = DEFAULT_PAGE,
    after: str | None = None,
    name_contains: str = "",
    tenant_id: object | None = None,
) -> Page[ReroutePolicy]:
    """Policies by name; `tenant_id` keeps those that the tenant may use."""
    where = Q(name__icontains=name_contains) if name_contains else Q()
    if tenant_id is not None:
        tenant = await get_row(principal, Tenant, tenant_id, "tenantId")
        where &= Q(tenant_id=tenant.id) | Q(tenant_id=None)
    return await list_rows(
        principal, ReroutePolicy, where, order=("name",), first=first, after=after
    )


async def create_reroute_policy(
    principal: Principal,
    *,
    name: str,
    rules: Sequence[RuleInput] = (),
    tenant_id: object | None = None,
) -> ReroutePolicy:
    """Make a policy of a tenant, or of the platform, which all may use."""
    tenant = None
    if tenant_id is not None:
        tenant = await get_row(principal, Tenant, tenant_id, "tenantId")
    require_owner(principal, tenant.id if tenant else None, "create a policy of the platform")
    problems = Problems()
    name = problems.check("name", validation.name, name)
    checked = _check_rules(problems, rules)
    problems.raise_if_any()
    async with change(principal) as made:
        row = await ReroutePolicy.create(name=name, rules=checked, tenant=tenant)
        made.created(row, describe(row))
    return row


async def update_reroute_policy(
    principal: Principal,
    reroute_policy_id: object,
    *,
    name: str | Unset = UNSET,
    rules: Sequence[RuleInput] | Unset = UNSET,
) -> ReroutePolicy:
    """Change the given fields; `rules` are all that there are from now on."""
    await _check_own(principal, reroute_policy_id, "change a policy of the platform")
    problems = Problems()
    fields = given(
        name=problems.check_given("name", validation.name, name),
        rules=rules if isinstance(rules, Unset) else _check_rules(problems, rules),
    )
    problems.raise_if_any()
    async with change(principal) as made:
        row = await get_row(principal, ReroutePolicy, reroute_policy_id)
        before = describe(row)
        await save_fields(row, fields)
        await made.updated(row, before, describe(row))
    return row


async def delete_reroute_policy(principal: Principal, reroute_policy_id: object) -> ReroutePolicy:
    """Delete a policy; raises Conflict while a trunk, a carrier or a tenant has it."""
    await _check_own(principal, reroute_policy_id, "delete a policy of the platform")
    async with change(principal, removes="id") as made:
        row = await get_row(principal, ReroutePolicy, reroute_policy_id)
        await row.delete()
        made.deleted(row, describe(row))
    return row


async def _check_own(principal: Principal, reroute_policy_id: object, what: str) -> None:
    row = await get_row(principal, ReroutePolicy, reroute_policy_id)
    require_owner(principal, row.tenant_id, what)


def _check_rules(problems: Problems, rules: Sequence[RuleInput]) -> list[dict[str, Any]]:
    """The rules as they are stored, none for the same cause and phase as another."""
    if problems.check_count("rules", rules, MAX_RULES):
        return []
    checked: dict[tuple[str, ReroutePhase], dict[str, Any]] = {}
    for index, rule in enumerate(rules):
        path = f"rules[{index}]"
        stored = _check_rule(problems, path, rule)
        key = (stored["cause"], rule.phase)
        if key in checked:
            text = f"there is a rule for {stored['cause']} and {rule.phase} already"
            problems.add(path, text, "give one rule for each cause and phase")
        checked[key] = stored
    return list(checked.values())


def _check_rule(problems: Problems, path: str, rule: RuleInput) -> dict[str, Any]:
    cause = _check_cause(problems, f"{path}.cause", rule.cause)
    code, reason = rule.sip_code, rule.sip_reason
    if rule.action is RerouteAction.REWRITE:
        code = problems.check(f"{path}.sipCode", validation.sip_code, code or 0)
        if code in _CHALLENGES:
            text = f"{code} asks for credentials, and there is no challenge to answer"
            problems.add(f"{path}.sipCode", text, "use another code, such as 403")
        reason = problems.check(f"{path}.sipReason", validation.sip_reason, reason)
    elif code is not None or reason:
        text = f"{rule.action} sends no answer of its own"
        problems.add(path, text, "give sipCode and sipReason with REWRITE only")
    elif (
        cause.startswith("6")
        and rule.action is not RerouteAction.STOP
        and rule.phase is not ReroutePhase.BEFORE_RINGING
    ):
        text = "who has heard it ring and answers 6xx is not to be called elsewhere"
        problems.add(f"{path}.phase", text, "give BEFORE_RINGING, or STOP or REWRITE as the action")
    return {
        "cause": cause,
        "action": rule.action.value,
        "phase": rule.phase.value,
        "sip_code": code or 0,
        "sip_reason": reason,
    }


def _check_cause(problems: Problems, path: str, text: str) -> str:
    """A code, or a class such as 5xx, or a word."""
    cause = text.strip()
    if cause.upper() in (TIMEOUT, TRANSPORT):
        return cause.upper()
    if not _CODE_OR_CLASS.fullmatch(cause.lower()):
        problems.add(
            path,
            f"{text!r} is no cause of a failure",
            f"give a SIP code from 300 to 699, a class from 3xx to 6xx, {TIMEOUT} or {TRANSPORT}",
        )
    return cause.lower()


async def load_reroute_policies(owner: Owner = EVERYBODY) -> tuple[RoutedPolicy, ...]:
    """All policies, as the core knows them."""
    return tuple(
        RoutedPolicy(
            id=str(row.id),
            name=row.name,
            tenant_id=str(row.tenant_id or ""),
            rules=tuple(
                RerouteRule(
                    cause=rule["cause"],
                    action=RerouteAction(rule["action"]),
                    phase=ReroutePhase(rule["phase"]),
                    sip_code=rule["sip_code"],
                    sip_reason=rule["sip_reason"],
                )
                for rule in row.rules
            ),
        )
        for row in await ReroutePolicy.filter(owned_by(owner)).order_by("id")
    )
