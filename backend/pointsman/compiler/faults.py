"""What keeps a configuration from becoming a snapshot."""

from msgspec import MsgspecError

from pointsman.routing.routing_rule import BadRegex


class DoesNotCompile(Exception):
    """The configuration cannot be decided by; the message says what of it, and why."""


# What compiling a part raises for one that no router could use.
FAULTS = (BadRegex, KeyError, ValueError, OverflowError, MsgspecError)


def explain_fault(what: str, error: Exception) -> DoesNotCompile:
    """The fault of an object, in words."""
    why = f"there is no {error}" if isinstance(error, KeyError) else str(error)
    return DoesNotCompile(f"{what}: {why}")
