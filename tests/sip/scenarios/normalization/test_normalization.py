"""A PBX dials as in Italy, a carrier wants numbers as they are dialled in Germany, with an
exception each."""

from tests.sip.conftest import Acme
from tests.sip.harness.operator import Operator
from tests.sip.harness.stack import Stack

_ALICE = {"from": '"Alice" <sip:567@acme.example>'}


def _rule(direction: str, field: str, match: str, replace: str) -> dict[str, str]:
    return {"direction": direction, "field": field, "match": match, "replace": replace}


def _profile(
    operator: Operator, country: str, rule: dict[str, str], given: str, expected: str
) -> str:
    example = {"direction": rule["direction"], "field": rule["field"]}
    return operator.make(
        "CreateNormalizationProfile",
        name=country,
        country=country,
        rules=[rule],
        examples=[{**example, "given": given, "expected": expected}],
    )


def _call(stack: Stack, dialled: str) -> tuple[str, str]:
    """Where the carrier's INVITE goes, and whose it says that it is."""
    stack.alpha.answer("callee")
    stack.pbx.call("caller", stack.kamailio.socket, dialled, **_ALICE)
    stack.pbx.wait()
    (invite, *_) = stack.alpha.wait()
    return invite.start_line.split()[1].partition("@")[0], invite.one("From").partition("@")[0]


def test_numbers_are_read_and_written_as_they_are_dialled(
    stack: Stack, acme: Acme, operator: Operator
) -> None:
    extension = _rule("INBOUND", "CALLING", r"^(\d{3})$", r"+390401234\1")
    italian = _profile(operator, "IT", extension, "567", "+390401234567")
    german = _profile(
        operator, "DE", _rule("OUTBOUND", "CALLED", r"^\+3906", "99*06"), "+39061", "99*061"
    )
    fields = {"numberFormat": "LOCAL"}
    operator.change("Trunk", acme.pbx, normalizationProfileId=italian, **fields)
    operator.change("Trunk", acme.alpha, normalizationProfileId=german, **fields)
    operator.change("RoutingRule", acme.rule, calledPrefix="+")
    operator.wait_published()
    caller = '"Alice" <sip:00390401234567'
    assert _call(stack, "0612345678") == ("sip:99*0612345678", caller)
    assert _call(stack, "0212345678") == ("sip:00390212345678", caller)
    assert _call(stack, "004930123456") == ("sip:030123456", caller)
    assert _call(stack, "0012125551234") == ("sip:0012125551234", caller)
