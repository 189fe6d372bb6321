"""The one record of a whole call that a configuration written for wazo-router-confd posts: when it
began and how many seconds it was. It becomes the three records that a call has here.

    {"event": "sip-routing", "tenant_uuid": "...", "source_ip": "...", "source_port": 5060,
     "call_id": "...", "from_uri": "...", "to_uri": "...", "call_start": 1795000000, "duration": 60}
"""

from collections.abc import Mapping
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from pointsman.calls.event import (
    BadEvent,
    PortNumber,
    ReportedEvent,
    read_event,
    read_json,
    refusal_of,
)

# The last second of a moment (calls/event.py), and the longest duration that fits before it.
_LAST_S = 9_999_999_999


class _SimpleCdr(Struct, frozen=True):
    """What is read of it; other keys mean nothing here."""

    call_id: Annotated[str, Meta(min_length=1)]
    call_start: Annotated[float, Meta(ge=0, le=_LAST_S)]
    duration: Annotated[float, Meta(ge=0, le=_LAST_S)]
    tenant_uuid: str | None = None
    source_ip: str | None = None
    source_port: PortNumber | None = None
    from_uri: str | None = None
    to_uri: str | None = None
    from_tag: str | None = None
    to_tag: str | None = None


def is_simple(found: Mapping[str, object]) -> bool:
    """Whether a body is one: ours have a kind."""
    return "kind" not in found and "call_start" in found


def read_simple(body: bytes, node: str) -> list[ReportedEvent]:
    """The records of a node that say what the body says; raises BadEvent."""
    _, said, _ = read_json(body)
    try:
        cdr = msgspec.convert(said, _SimpleCdr, strict=False)
    except msgspec.ValidationError as error:
        raise refusal_of(error) from None
    ended = cdr.call_start + cdr.duration
    if ended > _LAST_S:
        raise BadEvent("duration", "the call would end too late")
    name = {
        "node": node,
        "call_id": cdr.call_id,
        "from_tag": cdr.from_tag or "",
        "started": f"{cdr.call_start:.6f}",
    }
    to_tag = cdr.to_tag or ""
    start = {
        "kind": "start", "at": name["started"], "tenant": cdr.tenant_uuid or "", "decision": "",
        "revision": 0, "code": "", "source_ip": cdr.source_ip or "",
        "source_port": cdr.source_port or 0, "from_uri": cdr.from_uri or "",
        "to_uri": cdr.to_uri or "", "request_uri": cdr.to_uri or "", "cdr": said,
    }  # fmt: skip
    answer = {"kind": "answer", "at": name["started"], "sip_code": 200, "to_tag": to_tag}
    # Who hung up it does not say.
    end = {
        "kind": "end",
        "at": f"{ended:.6f}",
        "cause": "unknown",
        "sip_code": 200,
        "to_tag": to_tag,
    }
    return [_event(name | each) for each in (start, answer, end)]


def _event(said: dict[str, Any]) -> ReportedEvent:
    return read_event(msgspec.json.encode(said))
