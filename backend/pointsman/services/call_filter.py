"""Which calls are asked for: what of it cannot be, and the rest as a condition on their rows."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from tortoise.expressions import Q

from pointsman.auth import Principal, is_within_reach, scope
from pointsman.calls.call import CallOutcome
from pointsman.calls.call_key import first_key
from pointsman.errors import NotFound
from pointsman.models import CallRecord
from pointsman.services.rows import get_reference
from pointsman.services.validation import Problems, Refused

# Fewer characters of a number are half of all calls.
MIN_PREFIX = 3
# Of a number, as records have it.
_MAX_NUMBER = 64


@dataclass(frozen=True, kw_only=True)
class CallFilter:
    """All that is given holds of a call. The range begins with `started_from` and ends before
    `started_to`; what has no zone is UTC. `trunk_id` and `carrier_id` are whose leg was answered.
    """

    started_from: datetime | None = None
    started_to: datetime | None = None
    tenant_id: object | None = None
    calling_number: str | None = None
    called_number: str | None = None
    calling_number_prefix: str | None = None
    called_number_prefix: str | None = None
    source_trunk_id: object | None = None
    trunk_id: object | None = None
    carrier_id: object | None = None
    outcome: CallOutcome | None = None
    sip_code: int | None = None
    sip_call_id: str | None = None


def condition_of(principal: Principal, asked: CallFilter) -> Q:
    """The calls within the caller's reach for which all holds; raises InvalidInput and NotFound."""
    problems = Problems()
    where = scope(principal, CallRecord) & _range_of(problems, asked)
    for path, prefix in (
        ("callingNumberPrefix", asked.calling_number_prefix),
        ("calledNumberPrefix", asked.called_number_prefix),
    ):
        if prefix is not None:
            problems.check(path, _number_prefix, prefix)
    if asked.sip_code is not None:
        problems.check("sipCode", _sip_code, asked.sip_code)
    problems.raise_if_any()
    return where & _owners_of(principal, asked) & _values_of(asked)


def _range_of(problems: Problems, asked: CallFilter) -> Q:
    """Of the time and of the keys, which begin with it: by the one the database leaves out days, by
    the other it finds the place in an index."""
    begin, end = in_utc(asked.started_from), in_utc(asked.started_to)
    if begin is not None and end is not None and begin >= end:
        problems.add("startedTo", "the range is empty", "give a time after startedFrom")
    where = Q()
    if begin is not None:
        where &= Q(started_at__gte=begin, id__gte=first_key(begin))
    if end is not None:
        where &= Q(started_at__lt=end, id__lt=first_key(end))
    return where


def in_utc(at: datetime | None) -> datetime | None:
    """The moment; of a time without a zone in UTC."""
    return at.replace(tzinfo=UTC) if at is not None and at.tzinfo is None else at


def _owners_of(principal: Principal, asked: CallFilter) -> Q:
    """By ids, which may be those of objects that are no more."""
    where = Q()
    if asked.tenant_id is not None:
        tenant_id = get_reference("tenant", asked.tenant_id, "tenantId")
        if not is_within_reach(principal, tenant_id):
            raise NotFound("tenant", asked.tenant_id, "tenantId")
        where &= Q(tenant_id=tenant_id)
    if asked.source_trunk_id is not None:
        trunk_id = get_reference("trunk", asked.source_trunk_id, "sourceTrunkId")
        where &= Q(source_trunk=str(trunk_id))
    if asked.trunk_id is not None:
        where &= Q(trunk=str(get_reference("trunk", asked.trunk_id, "trunkId")))
    if asked.carrier_id is not None:
        where &= Q(carrier=str(get_reference("carrier", asked.carrier_id, "carrierId")))
    return where


def _values_of(asked: CallFilter) -> Q:
    given: dict[str, Any] = {
        "calling_number": asked.calling_number,
        "called_number": asked.called_number,
        "calling_number__startswith": asked.calling_number_prefix,
        "called_number__startswith": asked.called_number_prefix,
        "outcome": asked.outcome,
        "sip_code": asked.sip_code,
        "sip_call_id": asked.sip_call_id,
    }
    return Q(**{name: value for name, value in given.items() if value is not None})


def _number_prefix(text: str) -> str:
    if not MIN_PREFIX <= len(text) <= _MAX_NUMBER:
        fix = f"give {MIN_PREFIX} to {_MAX_NUMBER} characters, as calls have them: +39"
        raise Refused(f"a prefix of {len(text)} characters", fix)
    return text


def _sip_code(number: int) -> int:
    if not 0 <= number <= 699:
        raise Refused(f"{number} is no SIP code", "give 100 to 699, or 0 for calls without one")
    return number
