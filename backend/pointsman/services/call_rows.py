"""A call as rows: cut and cleaned to fit, which what a stranger sends need not."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from tortoise.fields import CharField
from tortoise.models import Model

from pointsman.calls.call import Call, read_moment
from pointsman.models import CallAttempt, CallRecord

M = TypeVar("M", bound=Model)


def record_row(call: Call, tenants: Mapping[str, UUID]) -> CallRecord:
    """The call's row; `tenants` are those that exist, by what records name them."""
    event, start, answer, end = call.any_event, call.start, call.answer, call.end
    tenant = start.tenant if start else ""
    row = CallRecord(
        id=call.key,
        state=call.state,
        node=event.node,
        sip_call_id=event.call_id,
        from_tag=event.from_tag,
        to_tag=call.to_tag,
        tenant=tenant,
        tenant_id=tenants.get(tenant),
        decision=start.decision if start else "",
        revision=start.revision if start else None,
        code=start.code if start else "",
        match=start.match if start else "",
        source_ip=start.source_ip if start else "",
        source_port=start.source_port if start else 0,
        transport=start.transport if start else "",
        received_ip=start.received_ip if start else "",
        received_port=start.received_port if start else 0,
        request_uri=start.request_uri if start else "",
        from_uri=start.from_uri if start else "",
        to_uri=start.to_uri if start else "",
        trunk=answer.trunk if answer else "",
        endpoint=answer.endpoint if answer else "",
        carrier=answer.carrier if answer else "",
        started_at=call.started_at,
        answered_at=call.answered_at,
        ended_at=call.ended_at,
        duration_ms=call.duration_ms,
        clock_went_back=call.clock_went_back,
        sip_code=call.sip_code,
        sip_reason=end.sip_reason if end else "",
        q850=end.q850 if end else "",
        cause=end.cause if end else "",
    )
    return _fitting(row)


def attempt_rows(call: Call) -> list[CallAttempt]:
    """A row for each of its tries."""
    return [
        _fitting(
            CallAttempt(
                id=_attempt_key(call.key, position),
                call_record_id=call.key,
                started_at=call.started_at,
                position=position,
                place=attempt.place,
                trunk=attempt.trunk,
                endpoint=attempt.endpoint,
                carrier=attempt.carrier,
                sip_code=attempt.sip_code,
                sip_reason=attempt.sip_reason,
                q850=attempt.q850,
                sent_at=_moment(attempt.sent),
                rang_at=_moment(attempt.rang),
                ended_at=_moment(attempt.ended),
                end=attempt.end,
            )
        )
        for position, attempt in enumerate(call.attempts)
    ]


def _fitting(row: M) -> M:
    """With its texts cut to their columns, and without NULs, which PostgreSQL has no room for."""
    for name, field in row._meta.fields_map.items():
        value = getattr(row, name)
        if isinstance(field, CharField) and type(value) is str:
            text = value.replace("\0", "\N{REPLACEMENT CHARACTER}")
            setattr(row, name, text[: field.max_length])
    return row


def _attempt_key(call: UUID, position: int) -> UUID:
    whole = call.bytes + position.to_bytes(2)
    return UUID(bytes=hashlib.blake2b(whole, digest_size=16).digest())


def _moment(text: str) -> datetime | None:
    return read_moment(text) if text else None
