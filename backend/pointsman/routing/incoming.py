"""A call of which the source and the numbers are known."""

from msgspec import Struct

from pointsman.routing.call import Call
from pointsman.routing.number import Numbers
from pointsman.routing.privacy import is_anonymous
from pointsman.routing.source import Source


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
        if is_anonymous(self.call.from_):
            return ""
        return "" if calling.text.startswith("+") and not calling.e164 else calling.text
