"""A message that is hard to read, and what has to become of it."""

from dataclasses import dataclass, field

NOTHING = ""
"""Expected of what gets no answer."""

BUSY = "486 Busy Here"
"""What the callee answers to every call that reaches it."""


@dataclass(frozen=True)
class Torture:
    """`text` has {own} and {proxy} for the sockets, {id} for what is new in each message.

    `answer` is the final response; `asked` has fields of the question to the router, None when
    there is to be no question; `reached` has headers of the INVITE that reaches the callee.
    """

    section: str
    text: str
    answer: str
    asked: dict[str, str] | None = None
    reached: dict[str, str] = field(default_factory=dict)

    def message(self, *, own: str, proxy: str, number: int) -> bytes:
        """It, to be sent."""
        text = self.text.replace("\n", "\r\n")
        return fill(text, own=own, proxy=proxy, number=number).encode("latin-1")


def fill(text: str, *, own: str, proxy: str, number: int) -> str:
    """It, with the sockets and what is new."""
    text = text.replace("{own}", own).replace("{proxy}", proxy)
    return text.replace("{id}", f"{number}-{own.rpartition(':')[2]}")


def call(
    start: str = "INVITE sip:+390612345678@{proxy} SIP/2.0",
    *more: str,
    body: str = "",
    **replaced: str | None,
) -> str:
    """An INVITE with one header or another in another form, or without it (None)."""
    headers = {
        "via": "Via: SIP/2.0/UDP {own};branch=z9hG4bK{id}",
        "max_forwards": "Max-Forwards: 70",
        "from_": "From: <sip:+390401234567@acme.example>;tag={id}",
        "to": "To: <sip:+390612345678@{proxy}>",
        "call_id": "Call-ID: {id}",
        "cseq": "CSeq: 1 INVITE",
        "contact": "Contact: <sip:pbx@{own}>",
        "length": f"Content-Length: {len(body)}",
        **replaced,
    }
    lines = [start, *(line for line in headers.values() if line is not None), *more]
    return "\n".join(lines) + "\n\n" + body
