"""A caller that is challenged, and what it answers."""

from typing import Self

from tests.sip.harness.digest import answer_params, read_params, write_params
from tests.sip.harness.raw import RawParty, header_of

CALLED = "+390612345678"
REALM = "acme.example"
USER, PASSWORD = "remote@acme.example", "s3cret:canary-51d0"
REQUIRED = b"SIP/2.0 407 Proxy Authentication Required\r\n"
# Alpha has been called.
CALL_WENT = b"SIP/2.0 486 Refused\r\n"


class DigestCaller:
    """Calls from an address, each call with a Call-ID of its own until another one is given."""

    def __init__(self, host: str, proxy: tuple[str, int]) -> None:
        self.party = RawParty(host, proxy)
        self.call_id = f"call-{self.party.port}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.party.__exit__(None, None, None)

    def towards(self, proxy: tuple[str, int]) -> Self:
        """The same socket, and another node."""
        self.party.turn_to(proxy)
        return self

    def invite(self, *headers: str, called: str = CALLED) -> bytes:
        """A call; its final answer."""
        from_ = f"<sip:+390401234567@{REALM}>;tag=1"
        invite = self.party.request("INVITE", called, *headers, from_=from_, call_id=self.call_id)
        self.party.send(invite)
        return self.party.final_message()

    def ask(self, algorithm: str = "MD5") -> dict[str, str]:
        """The challenge by an algorithm, of a call without credentials."""
        return challenge_in(self.invite(), algorithm)

    def sign_in(
        self, asked: dict[str, str], *, user: str = USER, password: str = PASSWORD, count: int = 1,
        uri: str = f"sip:{CALLED}@127.0.0.1",
    ) -> bytes:  # fmt: skip
        """The call again, with an answer to the challenge; its final answer."""
        return self.invite(proof(answer_params(asked, user, password, uri, count)))


def proof(params: dict[str, str]) -> str:
    """A header with these credentials."""
    return f"Proxy-Authorization: {write_params(params)}"


def challenges_in(answer: bytes) -> list[dict[str, str]]:
    """The challenges of a 407, in their order."""
    assert answer.startswith(REQUIRED), answer
    name = "Proxy-Authenticate: "
    lines = answer.decode().split("\r\n")
    return [read_params(line.removeprefix(name)) for line in lines if line.startswith(name)]


def challenge_in(answer: bytes, algorithm: str = "MD5") -> dict[str, str]:
    """The challenge by an algorithm."""
    (found,) = [each for each in challenges_in(answer) if each["algorithm"] == algorithm]
    return found


def is_stale(answer: bytes) -> bool:
    """Whether the challenges, all of them, say that the nonce alone was wrong."""
    said = {each.get("stale") for each in challenges_in(answer)}
    assert said in ({None}, {"true"}), answer
    return said == {"true"}


def without_chance(answer: bytes) -> str:
    """An answer but for what differs from call to call: the nonce and the To tag, of which the
    length stays, and the Via, which is the caller's."""
    text = answer.decode().replace(header_of(answer, "Via"), "")
    _, tag = header_of(answer, "To").split(";tag=")
    for chance in (challenges_in(answer)[0]["nonce"], tag):
        text = text.replace(chance, "#" * len(chance))
    return text
