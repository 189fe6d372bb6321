"""One thing that happened to a call, as a node reports it: read strictly, once.

A call's events are one `start` (where the call goes has been decided), one `answer` at most (a 2xx
went to the caller) and one `end`. They come in any order and more than once; `key` is the same
whenever one is sent again, and no other event's. A Call-ID is the caller's to choose, so that it
names a call only together with the node, the From tag and the microsecond that the call started.

Keys begin with that microsecond, so that their order is that of time: what is stored together is
found together, and a page of calls is read by their keys alone.
"""

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

# What Kamailio writes for a pseudo-variable that is null.
_NULL = "<null>"
_MISSING = re.compile(r"missing required field `(\w+)`")
# Of a key: the microsecond (until the year 4253), and the hash.
TIME_BYTES, _HASH_BYTES = 7, 9
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# What may be half of a letter: JSON allows it (RFC 8259 section 8.2), UTF-8 and PostgreSQL do not.
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")

# "seconds.microseconds" since 1970; six digits, or a fraction would be ambiguous.
Moment = Annotated[str, Meta(pattern=r"^[0-9]{1,10}\.[0-9]{6}$")]
MomentOrNone = Annotated[str, Meta(pattern=r"^([0-9]{1,10}\.[0-9]{6})?$")]
PortNumber = Annotated[int, Meta(ge=0, le=65535)]
SipCode = Annotated[int, Meta(ge=0, le=699)]


class CallEnd(StrEnum):
    """How a call ended; UNKNOWN of one that was hung up, and nobody said by whom."""

    REJECTED = "rejected"
    FAILED = "failed"
    CANCELLED = "cancelled"
    BYE_CALLER = "bye_caller"
    BYE_CALLEE = "bye_callee"
    EXPIRED = "expired"
    ENDED = "ended"
    UNREACHABLE = "unreachable"
    UNKNOWN = "unknown"


class AttemptEnd(StrEnum):
    """How one try ended: `REPLY` is a final reply of 300 or more."""

    ANSWERED = "ANSWERED"
    REPLY = "REPLY"
    TIMEOUT = "TIMEOUT"
    TRANSPORT = "TRANSPORT"
    CANCELLED = "CANCELLED"


class Attempt(Struct, frozen=True, kw_only=True):
    """One try at one endpoint."""

    place: Annotated[int, Meta(ge=0, le=1_000)]
    end: AttemptEnd
    trunk: str = ""
    endpoint: str = ""
    carrier: str = ""
    sip_code: SipCode = 0
    sip_reason: str = ""
    q850: str = ""
    sent: MomentOrNone = ""
    rang: MomentOrNone = ""
    ended: MomentOrNone = ""


Attempts = Annotated[tuple[Attempt, ...], Meta(max_length=100)]


class Event(Struct, frozen=True, kw_only=True, tag_field="kind"):
    """What all events have. Keys that are not listed are kept, and mean nothing here."""

    node: Annotated[str, Meta(min_length=1, max_length=100)]
    call_id: Annotated[str, Meta(min_length=1)]
    from_tag: str
    started: Moment
    at: Moment

    @property
    def kind(self) -> str:
        """start, answer or end."""
        return str(self.__struct_config__.tag)

    @property
    def call_key(self) -> UUID:
        """Of the call that it is of."""
        return _key(self.started, self.node, self.call_id, self.from_tag)

    @property
    def key(self) -> UUID:
        """Its own."""
        return _key(self.started, self.node, self.call_id, self.from_tag, self.kind)


class StartEvent(Event, frozen=True, kw_only=True, tag="start"):
    """The router has decided."""

    tenant: str
    decision: str
    revision: Annotated[int, Meta(ge=0, le=2**63 - 1)]
    code: str
    source_ip: str
    source_trunk: str = ""
    calling_number: str = ""
    called_number: str = ""
    match: str = ""
    source_port: PortNumber = 0
    transport: str = ""
    request_uri: str = ""
    from_uri: str = ""
    to_uri: str = ""
    received_ip: str = ""
    received_port: PortNumber = 0


class AnswerEvent(Event, frozen=True, kw_only=True, tag="answer"):
    """A 2xx went to the caller."""

    sip_code: SipCode
    to_tag: str = ""
    trunk: str = ""
    endpoint: str = ""
    carrier: str = ""
    attempts: Attempts = ()


class EndEvent(Event, frozen=True, kw_only=True, tag="end"):
    """The call is over. `attempts` is empty where the answer had them."""

    cause: CallEnd
    sip_code: SipCode
    sip_reason: str = ""
    q850: str = ""
    to_tag: str = ""
    attempts: Attempts = ()

    @property
    def is_by_bye(self) -> bool:
        """Whether a party has hung up."""
        return self.cause in (CallEnd.BYE_CALLER, CallEnd.BYE_CALLEE)


class BadEvent(ValueError):
    """What is refused; `field` is "" for the whole of it."""

    def __init__(self, field: str, reason: str) -> None:
        self.field = field
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class ReportedEvent:
    """An event, its key and that of its call, the JSON that it came as, and what that says whatever
    the order of its keys."""

    event: Event
    key: UUID
    call_key: UUID
    content: str
    content_sha256: bytes


def read_event(content: bytes) -> ReportedEvent:
    """The event in a JSON object; raises BadEvent.

    A key given twice is refused: that is how glued JSON is attacked. So is what no database takes:
    it would fail for ever, and hold up all that is behind it.
    """
    text, said, digest = read_json(content)
    try:
        event = msgspec.convert(said, StartEvent | AnswerEvent | EndEvent)
    except msgspec.ValidationError as error:
        raise refusal_of(error) from None
    return ReportedEvent(event, event.key, event.call_key, text, digest)


def read_json(content: bytes) -> tuple[str, Any, bytes]:
    """A text, what it says as JSON (without nulls of Kamailio), and a hash of that; raises
    BadEvent."""
    try:
        text = content.decode()
        said = json.loads(text, object_pairs_hook=_read_pairs, parse_constant=_refuse_constant)
        digest = hashlib.sha256(json.dumps(said, sort_keys=True).encode()).digest()
    except BadEvent:
        raise
    except (ValueError, RecursionError) as error:
        raise BadEvent("", f"it is no JSON: {error}") from None
    if _SURROGATE.search(text):
        _refuse_half_letters(said)
    return text, said, digest


def refusal_of(error: msgspec.ValidationError) -> BadEvent:
    """What is wrong, and with which field."""
    reason, _, path = str(error).partition(" - at `$.")
    missing = _MISSING.search(reason)
    return BadEvent(path.rstrip("`") or (missing[1] if missing else ""), reason)


def _read_pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise BadEvent(_printable(name), "the key is given twice")
        found[name] = "" if value == _NULL else value
    return found


def key_of(of: bytes, name: bytes) -> UUID:
    """The key of something by its name: `of` is the key of what it belongs to, or that one's
    microsecond alone, with which it begins."""
    digest = hashlib.blake2b(of + name, digest_size=_HASH_BYTES).digest()
    return UUID(bytes=of[:TIME_BYTES] + digest)


def _refuse_constant(name: str) -> None:
    raise BadEvent("", f"it is no JSON: {name}")


def _refuse_half_letters(said: object) -> None:
    for name, value in said.items() if isinstance(said, dict) else [("", said)]:
        try:
            json.dumps([name, value], ensure_ascii=False).encode()
        except UnicodeEncodeError:
            raise BadEvent(_printable(name), "half of a letter, a lone surrogate") from None


def _printable(name: str) -> str:
    return name.encode(errors="replace").decode()


def first_key(moment: datetime) -> UUID:
    """What no key of this moment, or of a later one, is less than."""
    microsecond = (moment - _EPOCH) // timedelta(microseconds=1)
    return UUID(bytes=microsecond.to_bytes(TIME_BYTES) + bytes(_HASH_BYTES))


def _key(started: str, *parts: str) -> UUID:
    microsecond = int(started.replace(".", ""))
    return key_of(microsecond.to_bytes(TIME_BYTES), msgspec.json.encode(parts))
