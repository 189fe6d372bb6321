"""A call of which the source and the numbers are known."""

from msgspec import Struct

from pointsman.routing.call import Call
from pointsman.routing.number import Numbers
from pointsman.routing.source import Source
from pointsman.routing.uri import ANONYMOUS_HOST

# What is written as the user of a caller that withholds its number (RFC 3323 section 4.1.1.3), or
# that a carrier may not tell or does not know.
ANONYMOUS_USERS = frozenset(
    {"", "anonymous", "private", "restricted", "unavailable", "unknown", "withheld"}
)


class Incoming(Struct, frozen=True, gc=False):
    """The call as it came but for the source's tech prefix, its source, and its numbers in
    E.164 where they are such."""

    call: Call
    source: Source
    numbers: Numbers

    @property
    def caller(self) -> str:
        """The calling number as an operator's conditions know it: "" for one that is withheld,
        and for one with a plus that is no E.164 number."""
        calling, uri = self.numbers.calling, self.call.from_.uri
        if uri.host == ANONYMOUS_HOST or uri.user.lower() in ANONYMOUS_USERS:
            return ""
        return "" if calling.text.startswith("+") and not calling.e164 else calling.text
