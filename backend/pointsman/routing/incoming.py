"""A call of which the source and the numbers are known."""

from msgspec import Struct

from pointsman.routing.call import Call
from pointsman.routing.number import Numbers
from pointsman.routing.privacy import ANONYMOUS_HOST, NO_NUMBERS
from pointsman.routing.sources import Source


class Incoming(Struct, frozen=True, gc=False):
    """The call as it came but for the source's tech prefix, its source, and its numbers in
    E.164 where they are such."""

    call: Call
    source: Source
    numbers: Numbers

    @property
    def caller(self) -> str:
        """The calling number as an operator's conditions know it: "" for one that is withheld
        (RFC 3323 section 4.1.1.3), and for one with a plus that is no E.164 number."""
        calling = self.numbers.calling
        if self.call.from_.uri.host == ANONYMOUS_HOST:
            return ""
        if calling.e164:
            return calling.text
        is_none = calling.text.startswith("+") or calling.text.lower() in NO_NUMBERS
        return "" if is_none else calling.text
