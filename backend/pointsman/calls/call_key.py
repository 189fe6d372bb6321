"""The time in a call's key, with which keys begin (event.py): their order is that of time."""

from datetime import datetime, timedelta
from uuid import UUID

from pointsman.calls.call import EPOCH
from pointsman.calls.event import TIME_BYTES

_LAST = 2 ** (8 * TIME_BYTES) - 1
_MICROSECOND = timedelta(microseconds=1)


def started_at(key: UUID) -> datetime:
    """When the call started whose key it is, or whose attempt's or event's."""
    return EPOCH + timedelta(microseconds=int.from_bytes(key.bytes[:TIME_BYTES]))


def first_key(at: datetime) -> UUID:
    """The lowest key of what starts at this moment or later."""
    microsecond = min(max((at - EPOCH) // _MICROSECOND, 0), _LAST)
    return UUID(bytes=microsecond.to_bytes(TIME_BYTES) + bytes(16 - TIME_BYTES))
