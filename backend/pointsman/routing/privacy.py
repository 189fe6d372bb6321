"""What a caller wants the far end not to know (RFC 3323)."""

import re

from pointsman.routing.call import Call
from pointsman.routing.outcome import Party
from pointsman.routing.uri import NameAddr

# RFC 3323 section 4.1.1.3: the host of a caller that is not to be known, and its whole From.
ANONYMOUS_HOST = "anonymous.invalid"
ANONYMOUS_USER = "anonymous"
ANONYMOUS = Party("Anonymous", f"sip:{ANONYMOUS_USER}@{ANONYMOUS_HOST}")
# What is written as the number of a caller that withholds it, or whose number nobody knows.
_WITHHELD_NUMBERS = frozenset({ANONYMOUS_USER, "private", "restricted", "withheld"})
NO_NUMBERS = _WITHHELD_NUMBERS | {"", "unavailable", "unknown"}

# RFC 3323 section 4.2, RFC 3325 section 9.3 (id), RFC 7044 section 10.1 (history); in the order
# in which they are written.
PRIVACY_VALUES = ("none", "header", "session", "user", "id", "history", "critical")
_KNOWN = frozenset(PRIVACY_VALUES)
_HIDING = frozenset({"header", "session", "user", "id"})
# What a proxy cannot do itself: it leaves Contact, Via and SDP as they are.
_OUT_OF_REACH = frozenset({"header", "session", "user"})
_SEPARATORS = re.compile(r"[;,\s]+")


def read_privacy(header: str) -> frozenset[str]:
    """The values of Privacy headers (RFC 3323 section 4.2) that have a meaning, lower case."""
    return _KNOWN.intersection(_SEPARATORS.split(header.lower()))


def is_anonymous(party: NameAddr) -> bool:
    """Whether a header names nobody, since somebody wants it so."""
    return party.uri.host == ANONYMOUS_HOST or party.uri.user.lower() in _WITHHELD_NUMBERS


def wants_privacy(call: Call, *, withheld: bool) -> bool:
    """Whether the caller wants not to be known: by its Privacy, or by a From that names nobody
    (`withheld`) unless Privacy is "none". Beside a value that hides something "none" means
    nothing."""
    asked = call.privacy
    if not asked:
        return withheld
    return not asked.isdisjoint(_HIDING) or ("none" not in asked and withheld)


def is_out_of_reach(asked: frozenset[str]) -> bool:
    """Whether the caller wants to be refused rather than known (critical, RFC 3323 section 4.2)
    by what a proxy cannot hide."""
    return "critical" in asked and not asked.isdisjoint(_OUT_OF_REACH)


def write_privacy(asked: frozenset[str]) -> tuple[str, ...]:
    """The values in the order in which they are written; "none" stands for itself or not at all."""
    if not asked:
        return ()
    if not asked.isdisjoint(_HIDING):
        asked -= {"none"}
    return tuple(value for value in PRIVACY_VALUES if value in asked)
