"""A caller that wants not to be known is told of to those who are trusted to keep it (RFC 3325)."""

from pathlib import Path

import pytest

from tests.sip.conftest import Acme
from tests.sip.harness.expected import assert_message
from tests.sip.harness.operator import Operator
from tests.sip.harness.raw import RawParty
from tests.sip.harness.stack import Stack

_EXPECTED = Path(__file__).parent / "expected"
_ALICE = '"Alice" <sip:+390401234567@acme.example>'
_NOBODY = '"Anonymous" <sip:anonymous@anonymous.invalid>'
_ASSERTED = "P-Asserted-Identity: <sip:+390401234567@acme.example>"


@pytest.mark.parametrize(
    ("caller", "extra", "expected"),
    [
        (_ALICE, "Privacy: ID; Critical", "trusted"),
        (_ALICE, "Privacy: ID; Critical", "untrusted"),
        (_NOBODY, _ASSERTED, "trusted_anonymous"),
        (_NOBODY, _ASSERTED, "untrusted_anonymous"),
        (_ALICE, "Privacy: none", "untrusted_none"),
    ],
)
def test_who_is_trusted_is_told_and_nobody_else(
    stack: Stack, acme: Acme, caller: str, extra: str, expected: str
) -> None:
    trusted = expected.startswith("trusted")
    stack.operator.change("Trunk", acme.alpha, trusted=trusted, sendRemotePartyId=True)
    stack.operator.wait_published()
    stack.alpha.answer("callee")
    stack.pbx.call(
        "caller", stack.kamailio.socket, "+390612345678", extra=extra, **{"from": caller}
    )
    stack.pbx.wait()
    (invite, *_) = stack.alpha.wait()
    assert_message(invite, _EXPECTED / f"{expected}.txt", **stack.sockets)


@pytest.mark.parametrize(
    ("headers", "written"),
    [
        (("Privacy: user", "Privacy: id"), ["user;id"]),
        (("privacy: unknown , id",), ["id"]),
        (("Privacy: id;\xf6",), ["id"]),
        (("Privacy: id;X-Evil=1",), ["id"]),
    ],
)
def test_privacy_in_any_spelling_is_kept(
    stack: Stack, acme: Acme, operator: Operator, headers: tuple[str, ...], written: list[str]
) -> None:
    """In several headers, among what means nothing, and in one that is no text at all."""
    operator.change("Trunk", acme.alpha, trusted=False)
    operator.wait_published()
    stack.alpha.answer("callee_refuses", status="486")
    with RawParty(stack.pbx.host, stack.kamailio.socket) as party:
        from_ = f"{_ALICE};tag=1"
        party.send(party.request("INVITE", "+390612345678", _ASSERTED, *headers, from_=from_))
        assert party.final() == "SIP/2.0 486 Refused"
    (invite, *_) = stack.alpha.wait()
    assert invite.one("From") == f"{_NOBODY};tag=1"
    assert invite.all("Privacy") == written
    assert invite.all("P-Asserted-Identity") == []


def test_privacy_that_is_critical_and_out_of_reach_is_refused(
    stack: Stack, acme: Acme, operator: Operator
) -> None:
    for trunk in (acme.alpha, acme.beta):
        operator.change("Trunk", trunk, trusted=False)
    operator.wait_published()
    stack.alpha.answer("callee")
    stack.pbx.call(
        "caller_refused", stack.kamailio.socket, "+390612345678",
        status="500", extra="Privacy: header;critical",
    )  # fmt: skip
    stack.pbx.wait()
    assert stack.alpha.messages() == []
