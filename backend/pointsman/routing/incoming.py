"""A call of which the source and the numbers are known."""

from msgspec import Struct

from pointsman.routing.call import Call
from pointsman.routing.number import Numbers
from pointsman.routing.source import Source


class Incoming(Struct, frozen=True, gc=False):
    """The call as it came but for the source's tech prefix, its source, and its numbers in
    E.164 where they are such."""

    call: Call
    source: Source
    numbers: Numbers
