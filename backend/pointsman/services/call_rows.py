"""A call as rows: cut and cleaned to fit, which what a stranger sends need not."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from tortoise.fields import CharField
from tortoise.models import Model

from pointsman.calls.call import Call, read_moment
from pointsman.calls.event import Attempt, StartEvent, key_of
from pointsman.models import CallAttempt, CallRecord

Row = tuple[Any, ...]
_NO_START = StartEvent(
    node="", call_id="", from_tag="", started="0.000000", at="0.000000", tenant="", decision="",
    revision=0, code="", source_ip="",
)  # fmt: skip


def columns_of(model: type[Model]) -> tuple[str, ...]:
    """The columns that the rows here have, in their order."""
    return tuple(model._meta.fields_db_projection)


def record_row(call: Call, tenants: Mapping[str, UUID], now: datetime) -> Row:
    """The call's row, written now; `tenants` are those that exist, by what records name them."""
    event, answer, end = call.any_event, call.answer, call.end
    start = call.start or _NO_START
    return _RECORD.row(
        id=call.key,
        state=call.state.value,
        outcome=call.outcome.value,
        node=event.node,
        sip_call_id=event.call_id,
        from_tag=event.from_tag,
        to_tag=call.to_tag,
        tenant=start.tenant,
        tenant_id=tenants.get(start.tenant),
        source_trunk=start.source_trunk,
        calling_number=start.calling_number,
        called_number=start.called_number,
        decision=start.decision,
        revision=call.start.revision if call.start else None,
        code=start.code,
        match=start.match,
        source_ip=start.source_ip,
        source_port=start.source_port,
        transport=start.transport,
        received_ip=start.received_ip,
        received_port=start.received_port,
        request_uri=start.request_uri,
        from_uri=start.from_uri,
        to_uri=start.to_uri,
        trunk=answer.trunk if answer else "",
        endpoint=answer.endpoint if answer else "",
        carrier=answer.carrier if answer else "",
        started_at=call.started_at,
        answered_at=call.answered_at,
        ended_at=call.ended_at,
        duration_ms=call.duration_ms,
        pdd_ms=call.pdd_ms,
        clock_went_back=call.clock_went_back,
        sip_code=call.sip_code,
        sip_reason=end.sip_reason if end else "",
        q850=end.q850 if end else "",
        cause=end.cause.value if end else "",
        updated_at=now,
    )


def attempt_rows(call: Call) -> list[Row]:
    """A row for each of its tries."""
    return [_attempt_row(call, *each) for each in enumerate(call.attempts)]


def _attempt_row(call: Call, position: int, attempt: Attempt) -> Row:
    return _ATTEMPT.row(
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
        end=attempt.end.value,
    )


class _Fitting:
    """Rows of a table, their texts cut to its columns and without NULs, which PostgreSQL has no
    room for."""

    def __init__(self, model: type[Model]) -> None:
        self._columns = columns_of(model)
        fields = model._meta.fields_map
        self._lengths = {
            name: field.max_length
            for name in self._columns
            if isinstance(field := fields[name], CharField)
        }

    def row(self, **values: Any) -> Row:
        """The row with these values, one for each column."""
        for name, length in self._lengths.items():
            text = values[name]
            if len(text) > length or "\0" in text:
                values[name] = text.replace("\0", "\N{REPLACEMENT CHARACTER}")[:length]
        return tuple(values[name] for name in self._columns)


_RECORD, _ATTEMPT = _Fitting(CallRecord), _Fitting(CallAttempt)


def _attempt_key(call: UUID, position: int) -> UUID:
    return key_of(call.bytes, position.to_bytes(2))


def _moment(text: str) -> datetime | None:
    return read_moment(text) if text else None
