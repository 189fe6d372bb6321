"""What is done when a leg fails: a policy's rules over the default."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from pointsman.routing.reroute import TIMEOUT, TRANSPORT, Verdict, compile_reroute
from pointsman.routing.reroute_policy import RerouteAction, ReroutePhase, ReroutePolicy, RerouteRule
from tests.routing.world import make_call, make_world

STOP, NEXT, CARRIER = RerouteAction.STOP, RerouteAction.NEXT, RerouteAction.NEXT_CARRIER
REWRITE = RerouteAction.REWRITE
BEFORE, AFTER, ANY = ReroutePhase.BEFORE_RINGING, ReroutePhase.AFTER_RINGING, ReroutePhase.ANY
_DEFAULT = "408=next;5=next;timeout=next;transport=next"


def _policy(*rules: RerouteRule, name: str = "p") -> ReroutePolicy:
    return ReroutePolicy(name, name, "acme", rules)


@pytest.mark.parametrize(
    ("cause", "expected"),
    [
        ("408", NEXT), ("500", NEXT), ("503", NEXT), ("599", NEXT), (TIMEOUT, NEXT),
        (TRANSPORT, NEXT), ("477", NEXT), ("478", NEXT),
        ("300", STOP), ("302", STOP), ("401", STOP), ("404", STOP), ("407", STOP), ("480", STOP),
        ("486", STOP), ("487", STOP), ("600", STOP), ("603", STOP), ("608", STOP),
    ],
)  # fmt: skip
def test_without_a_policy_only_what_failed_goes_on_and_nothing_after_ringing(
    cause: str, expected: RerouteAction
) -> None:
    compiled = compile_reroute(None)
    assert compiled.verdict(cause, rang=False) == Verdict(expected)
    assert compiled.verdict(cause, rang=True) == Verdict(STOP)
    assert (compiled.before_text, compiled.after_text) == (_DEFAULT, "")


@pytest.mark.parametrize(
    ("rules", "before", "after"),
    [
        # a rule stands beside the default
        ([RerouteRule("486", NEXT)], "408=next;486=next;5=next;timeout=next;transport=next", ""),
        # and over it; what then goes without saying is not said
        ([RerouteRule("5xx", STOP)], "408=next;timeout=next;transport=next", ""),
        ([RerouteRule("408", STOP)], "5=next;timeout=next;transport=next", ""),
        ([RerouteRule("503", NEXT)], _DEFAULT, ""),
        ([RerouteRule("404", STOP)], _DEFAULT, ""),
        # the default for a code ends where a rule for its class begins
        ([RerouteRule("4xx", STOP)], "5=next;timeout=next;transport=next", ""),
        ([RerouteRule("4xx", NEXT)], "4=next;5=next;timeout=next;transport=next", ""),
        # a code goes before its class, whatever their phases and their order
        (
            [RerouteRule("5xx", CARRIER, ANY), RerouteRule("503", STOP)],
            "408=next;5=carrier;503=stop;timeout=next;transport=next",
            "5=carrier",
        ),
        (
            [RerouteRule("503", STOP, ANY), RerouteRule("5xx", CARRIER)],
            "408=next;5=carrier;503=stop;timeout=next;transport=next",
            "",
        ),
        # a rule for one phase goes before one for any
        (
            [RerouteRule("486", STOP, AFTER), RerouteRule("486", NEXT, ANY)],
            "408=next;486=next;5=next;timeout=next;transport=next",
            "",
        ),
        # no answer in time is no 408 of the far end
        ([RerouteRule(TIMEOUT, STOP)], "408=next;5=next;transport=next", ""),
        (
            [RerouteRule(TIMEOUT, NEXT, AFTER), RerouteRule(TRANSPORT, CARRIER)],
            "408=next;5=next;timeout=next;transport=carrier",
            "timeout=next",
        ),
        # another answer, in quotes
        (
            [RerouteRule("404", REWRITE, ANY, 480, "Temporarily Unavailable")],
            '404="480 Temporarily Unavailable";408=next;5=next;timeout=next;transport=next',
            '404="480 Temporarily Unavailable"',
        ),
        # a 6xx goes on before ringing only
        (
            [RerouteRule("603", NEXT, ANY)],
            "408=next;5=next;603=next;timeout=next;transport=next",
            "",
        ),
        ([RerouteRule("6xx", CARRIER, AFTER)], _DEFAULT, ""),
        (
            [RerouteRule("603", REWRITE, AFTER, 480, "Not There")],
            _DEFAULT,
            '603="480 Not There"',
        ),
        # what a Kamailio behind the trunk could not send
        (
            [RerouteRule("477", STOP)],
            "408=next;477=stop;5=next;timeout=next;transport=next",
            "",
        ),
    ],
)
def test_rules_stand_over_the_default(rules: list[RerouteRule], before: str, after: str) -> None:
    compiled = compile_reroute(_policy(*rules))
    assert (compiled.before_text, compiled.after_text) == (before, after)


def test_a_rewrite_says_what_the_caller_gets() -> None:
    compiled = compile_reroute(_policy(RerouteRule("4xx", REWRITE, ANY, 480, 'So "it\\is"; x=1')))
    expected = Verdict(REWRITE, 480, "So 'it/is'; x=1")
    assert compiled.verdict("404", rang=True) == expected
    assert compiled.verdict("486", rang=False) == expected
    assert compiled.after_text == "4=\"480 So 'it/is'; x=1\""


_CODES = st.integers(300, 699).map(str)
_CAUSES = st.one_of(_CODES, st.sampled_from(["3xx", "4xx", "5xx", "6xx", TIMEOUT, TRANSPORT]))
_RULES = st.builds(
    RerouteRule,
    _CAUSES,
    st.sampled_from([STOP, NEXT, CARRIER]),
    st.sampled_from(list(ReroutePhase)),
)


def _as_kamailio_reads_it(text: str, cause: str) -> str:
    """What kamailio/legs.cfg does with a text."""
    entries = dict(entry.split("=", 1) for entry in text.split(";") if entry)
    key = cause.lower()
    keys = [key, "transport", key[0]] if key in ("477", "478") else [key, key[0]]
    return next((entries[k] for k in keys if k in entries), "stop")


@given(
    rules=st.lists(_RULES, max_size=6),
    cause=st.one_of(_CODES, st.just(TIMEOUT), st.just(TRANSPORT)),
)
def test_the_texts_say_what_the_verdicts_are(rules: list[RerouteRule], cause: str) -> None:
    compiled = compile_reroute(_policy(*rules))
    for rang, text in ((False, compiled.before_text), (True, compiled.after_text)):
        word = {STOP: "stop", NEXT: "next", CARRIER: "carrier"}
        verdict = compiled.verdict(cause, rang=rang)
        assert _as_kamailio_reads_it(text, cause) == word[verdict.action]
        assert set(text) <= set(string.ascii_lowercase + string.digits + "=;")


@given(rules=st.lists(_RULES, max_size=6), code=_CODES)
def test_a_rule_for_the_code_and_the_phase_is_what_happens(
    rules: list[RerouteRule], code: str
) -> None:
    compiled = compile_reroute(_policy(*rules, RerouteRule(code, CARRIER, BEFORE)))
    assert compiled.verdict(code, rang=False) == Verdict(CARRIER)


@pytest.mark.parametrize(
    ("of", "expected"),
    [
        ({}, ""),
        ({"tenant"}, "tenant"),
        ({"tenant", "carrier"}, "carrier"),
        ({"tenant", "carrier", "trunk"}, "trunk"),
        ({"trunk"}, "trunk"),
    ],
)
def test_a_trunks_policy_goes_before_its_carriers_before_the_tenants(
    of: set[str], expected: str
) -> None:
    codes = {"tenant": "481", "carrier": "482", "trunk": "483"}
    world = make_world()
    world.reroute_policies = [
        _policy(RerouteRule(code, NEXT), name=name) for name, code in codes.items()
    ]
    if "tenant" in of:
        world.tenants[0] = structs.replace(world.tenants[0], reroute_policy_id="tenant")
    if "carrier" in of:
        world.carriers[0] = structs.replace(world.carriers[0], reroute_policy_id="carrier")
    if "trunk" in of:
        world.replace_trunk(structs.replace(world.trunks[2], reroute_policy_id="trunk"))
    alpha, beta = world.legs(make_call())
    own = {code for code in codes.values() if f"{code}=next" in alpha.target.reroute.before_text}
    assert own == ({codes[expected]} if expected else set())
    assert ("481=next" in beta.target.reroute.before_text) == ("tenant" in of)
    assert (alpha.target.carrier_id, beta.target.carrier_id) == ("alpha", "beta")


def test_a_pbx_has_the_tenants_policy_and_no_carrier() -> None:
    world = make_world()
    world.reroute_policies = [_policy(RerouteRule("486", NEXT))]
    world.tenants[0] = structs.replace(world.tenants[0], reroute_policy_id="p")
    (leg,) = world.legs(make_call("sip:+390401234@x", source_ip="198.51.100.1"))
    assert leg.target.carrier_id == ""
    assert "486=next" in leg.target.reroute.before_text
