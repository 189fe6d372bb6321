"""The fields of a routing rule: what each may be, and what of them its action needs."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any, TypedDict

from pointsman.models import RoutingRule
from pointsman.routing.number import is_e164
from pointsman.routing.routing_rule import RoutingRule as RoutedRule
from pointsman.routing.routing_rule import RuleAction
from pointsman.routing.uri import has_control
from pointsman.services import validation
from pointsman.services.rows import get_reference
from pointsman.services.validation import Problems, Refused

MAX_REASON = 100
_DIALLED = re.compile(r"[0-9*#]{1,32}", re.ASCII)
# Without the challenge in their headers they are no valid answers (RFC 3261 section 22).
_CHALLENGES = (401, 407)


class RuleFields(TypedDict, total=False):
    """What may be given of a rule; what is absent has its default, or stays as it is."""

    name: str
    enabled: bool
    priority: int
    called_prefix: str
    called_regex: str
    calling_prefix: str
    calling_regex: str
    source_trunk_id: object | None
    schedule_id: object | None
    schedule_open: bool
    action: RuleAction
    routing_group_id: object | None
    reject_sip_code: int | None
    reject_sip_reason: str
    forward_number: str


# What belongs to each action: the column, its path, its value where there is none, and what the
# action needs it for; "" for what it may do without.
_OF_ACTION: dict[RuleAction, tuple[tuple[str, str, Any, str], ...]] = {
    RuleAction.GROUP: (
        ("routing_group_id", "routingGroupId", None, "give the routing group that calls use"),
    ),
    RuleAction.REJECT: (
        ("reject_sip_code", "rejectSipCode", None, "give the SIP code to answer, 400 to 699"),
        ("reject_sip_reason", "rejectSipReason", "", ""),
    ),
    RuleAction.CONTINUE: (
        ("forward_number", "forwardNumber", "", "give the number that is called instead"),
    ),
}


def check_fields(problems: Problems, fields: RuleFields) -> dict[str, Any]:
    """The columns of the given fields, each by itself; raises NotFound for an id that is none."""
    given: Mapping[str, Any] = fields
    columns = {name: given[name] for name in _AS_THEY_ARE if name in given}
    for name, (path, parse) in _CHECKS.items():
        if name in given:
            columns[name] = problems.check(path, parse, given[name])
    for name, (path, noun) in _REFERENCES.items():
        if name in given:
            value = given[name]
            columns[name] = None if value is None else get_reference(noun, value, path)
    return columns


def check_together(problems: Problems, row: RoutingRule, columns: dict[str, Any]) -> None:
    """What a rule as it will be must have, and must not. What belonged to another action than its
    own is cleared, and so is the say about a schedule that it no longer has."""
    _check_action(problems, row, columns)
    if columns.get("schedule_id", row.schedule_id) is None:
        if columns.get("schedule_open") is False:
            problems.add(
                "scheduleOpen",
                "without a schedule there is none that could be closed",
                "give scheduleId as well, or leave it out",
            )
        columns["schedule_open"] = True


def route_rule(row: RoutingRule) -> RoutedRule:
    """A row as the core knows it."""
    return RoutedRule(
        id=str(row.id),
        name=row.name,
        tenant_id=str(row.tenant_id),
        routing_group_id=str(row.routing_group_id or ""),
        called_prefix=row.called_prefix,
        called_regex=row.called_regex,
        priority=row.priority,
        enabled=row.enabled,
        calling_prefix=row.calling_prefix,
        calling_regex=row.calling_regex,
        source_trunk_id=str(row.source_trunk_id or ""),
        schedule_id=str(row.schedule_id or ""),
        schedule_open=row.schedule_open,
        action=row.action,
        reject_sip_code=row.reject_sip_code or 0,
        reject_sip_reason=row.reject_sip_reason,
        forward_number=row.forward_number,
    )


def _check_action(problems: Problems, row: RoutingRule, columns: dict[str, Any]) -> None:
    action = columns.get("action", row.action)
    for owner, parts in _OF_ACTION.items():
        for name, path, none, need in parts:
            if owner is action:
                if need and columns.get(name, getattr(row, name)) == none:
                    problems.add(path, f"the action {action.value} needs it", need)
                continue
            if columns.get(name, none) != none:
                problems.add(
                    path,
                    f"it belongs to the action {owner.value}, and the rule's is {action.value}",
                    f"leave it out, or give the action {owner.value} as well",
                )
            columns[name] = none


def _reject_code(code: int | None) -> int | None:
    if code is None:
        return None
    if not 400 <= code <= 699:
        raise Refused(f"SIP code {code} refuses no call", "use 400 to 699")
    if code in _CHALLENGES:
        raise Refused(
            f"SIP code {code} is a challenge for credentials", "use 403 to refuse the call"
        )
    return code


def _reject_reason(text: str) -> str:
    text = text.strip()
    if len(text) > MAX_REASON:
        raise Refused(f"a phrase of {len(text)} characters", f"use {MAX_REASON} at most")
    if has_control(text) or any(unicodedata.category(c) in ("Cf", "Cs") for c in text):
        raise Refused(
            "the phrase has a control character, or an invisible one",
            "write it on one line, with visible characters only",
        )
    return text


def _forward_number(text: str) -> str:
    text = text.strip()
    if text and not is_e164(text) and not _DIALLED.fullmatch(text):
        raise Refused(
            f"{text!r} is no number that can be called",
            "write E.164 with a plus, such as +390401234567, or what is dialled as it is in "
            "digits, * and #, 32 at most",
        )
    return text


_AS_THEY_ARE = ("enabled", "schedule_open", "action")
_CHECKS: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "name": ("name", validation.name),
    "called_prefix": ("calledPrefix", validation.dial_prefix),
    "called_regex": ("calledRegex", validation.regex),
    "calling_prefix": ("callingPrefix", validation.dial_prefix),
    "calling_regex": ("callingRegex", validation.regex),
    "priority": ("priority", validation.priority),
    "reject_sip_code": ("rejectSipCode", _reject_code),
    "reject_sip_reason": ("rejectSipReason", _reject_reason),
    "forward_number": ("forwardNumber", _forward_number),
}
_REFERENCES: dict[str, tuple[str, str]] = {
    "source_trunk_id": ("sourceTrunkId", "PBX trunk of the tenant"),
    "schedule_id": ("scheduleId", "schedule of the tenant"),
    "routing_group_id": ("routingGroupId", "routing group of the tenant"),
}
