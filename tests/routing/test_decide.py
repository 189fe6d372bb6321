"""The whole decision: numbers, trace, and what holds for every call."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pointsman.routing.call import Call
from pointsman.routing.outcome import (
    Account,
    Headers,
    Leg,
    MatchKind,
    Note,
    Party,
    RejectCode,
    Routes,
    Step,
    Target,
    Trace,
)
from pointsman.routing.reroute import compile_reroute
from tests.routing.world import (
    ACME_PBX_IP,
    ALPHA_IP,
    BETA_IP,
    ZEN_PBX_IP,
    World,
    carrier_trunk,
    make_call,
    make_world,
    rule,
)


def test_an_outbound_call_gets_a_leg_for_each_trunk_of_the_rules_group() -> None:
    outcome = make_world().decide(make_call())
    assert outcome == Routes(
        tenant_id="acme",
        match_kind=MatchKind.ROUTING_RULE,
        match_id="all",
        legs=tuple(
            Leg(
                target=Target(
                    trunk_id=trunk,
                    endpoint_id=f"{trunk}-e",
                    destination=f"sip:{ip}:5060",
                    fr_timer_ms=5_000,
                    fr_inv_timer_ms=30_000,
                    carrier_id=trunk.removesuffix("-1"),
                    reroute=compile_reroute(None),
                ),
                request_uri=f"sip:+390612345678@{ip}:5060",
                from_=Party("Alice", "sip:+390401234567@acme.example"),
                to=Party("", f"sip:+390612345678@{ip}"),
                headers=Headers(Party("Alice", "sip:+390401234567@acme.example")),
            )
            for trunk, ip in (("alpha-1", ALPHA_IP), ("beta-1", BETA_IP))
        ),
        account=Account("acme", "acme-pbx", "+390401234567", "+390612345678"),
    )


@pytest.mark.parametrize(
    ("call", "account"),
    [
        (make_call(source_ip="203.0.113.99"), Account()),
        (make_call("sip:192.0.2.1"), Account("acme", "acme-pbx")),
        # One of seven digits or more that is no E.164 number could be of any class.
        (
            make_call("sip:7777777@192.0.2.1"),
            Account("acme", "acme-pbx", "+390401234567", "7777777"),
        ),
        # A carrier's, which reaches nobody's number.
        (
            make_call("sip:+12025550123@192.0.2.1", source_ip=ALPHA_IP),
            Account("", "alpha-1", "+390401234567", "+12025550123"),
        ),
    ],
)
def test_a_reject_tells_whose_call_it_is_as_far_as_that_was_known(
    call: Call, account: Account
) -> None:
    assert make_world().reject(call).account == account


def test_a_carriers_call_to_a_did_goes_to_the_account_of_its_tenant() -> None:
    outcome = make_world().decide(make_call("sip:+39040123499@192.0.2.1", source_ip=ALPHA_IP))
    assert isinstance(outcome, Routes)
    assert outcome.account == Account("acme", "alpha-1", "+390401234567", "+39040123499")


@pytest.mark.parametrize(
    "call",
    [
        make_call(display="Eve\r\nX-Evil: 1"),
        make_call(from_uri="sip:eve%0D%0A@acme.example"),
        make_call("sip:+39%00@h"),
        make_call(asserted='"Eve\x7f" <sip:eve@acme.example>'),
        make_call(asserted="<sip:+39%0d%0aX@acme.example>"),
    ],
)
def test_control_characters_are_refused(call: Call) -> None:
    reject = make_world().reject(call)
    assert (reject.code, reject.sip_code) == (RejectCode.CONTROL_CHARACTER, 400)


def test_a_request_uri_without_a_user_is_incomplete() -> None:
    reject = make_world().reject(make_call("sip:203.0.113.1"))
    assert (reject.code, reject.sip_code) == (RejectCode.NO_CALLED_NUMBER, 484)


@pytest.mark.parametrize(
    "user",
    ["+390401234567%23", "+390401234567*1", "+390401234567x", "+390401234567%2C1",
     "+390401234567890123", "+39040%201234567", "+39040%D9%A1234567", "+", "+0390"],
)  # fmt: skip
def test_a_did_written_oddly_never_goes_to_a_carrier(user: str) -> None:
    world = make_world()
    world.rules = [rule("all", "acme", "out")]
    reject = world.reject(make_call(f"sip:{user}@h"))
    assert (reject.code, reject.sip_code) == (RejectCode.BAD_NUMBER, 484)


def test_a_tel_uri_is_routed_by_its_number() -> None:
    legs = make_world().legs(make_call("tel:+39-06-12345678"))
    assert legs[0].request_uri == f"sip:+390612345678@{ALPHA_IP}:5060"


def test_the_trace_tells_every_step_and_every_drop() -> None:
    world = make_world()
    world.rules = [
        rule("fax", "acme", "out", "+39", called_regex=r"\+39069.*"),
        rule("all", "acme", "out", priority=1),
    ]
    world.replace_trunk(carrier_trunk("alpha-1", "alpha", ALPHA_IP, enabled=False))
    trace: Trace = []
    world.decide(make_call("sip:+390612345678@acme.example"), trace)
    assert trace == [
        Note(Step.SOURCE, "acme-pbx", f"sends from {ACME_PBX_IP}"),
        Note(Step.NUMBERS, "+390612345678", "called number, E.164"),
        Note(Step.MATCH, "acme.example", "the source's own domain: rules decide"),
        Note(
            Step.MATCH,
            "fax",
            r"routing rule, does not apply: the called number does not match \+39069.*",
        ),
        Note(Step.MATCH, "all", "routing rule for all: it applies, and wins"),
        Note(Step.CANDIDATES, "alpha-1", "dropped: is disabled"),
        Note(Step.LEGS, "beta-1", BETA_IP),
    ]


def test_the_trace_tells_why_a_carriers_call_finds_nothing() -> None:
    trace: Trace = []
    make_world().decide(make_call("sip:+390409999000@zen.example", source_ip=BETA_IP), trace)
    assert [note.text for note in trace if note.step is Step.MATCH] == [
        "DID of a tenant out of this source's reach",
        "domain of a tenant out of this source's reach",
        "routing rules serve calls from a PBX only",
    ]


@pytest.mark.parametrize("uri", ["sip:+390401234567@h", "sip:john@acme.example"])
def test_the_trace_tells_what_matched(uri: str) -> None:
    trace: Trace = []
    make_world().decide(make_call(uri, source_ip=ALPHA_IP), trace)
    assert [note.step for note in trace] == [Step.SOURCE, Step.NUMBERS, Step.MATCH, Step.LEGS]


def _texts(value: object) -> str:
    return msgspec.json.encode(value).decode()


@given(
    st.sampled_from([ACME_PBX_IP, ZEN_PBX_IP, ALPHA_IP, BETA_IP]),
    st.sampled_from(["+390401234567", "+390409999000", "+390612345678", "100", "*72", "john"]),
    st.sampled_from(["acme.example", "zen.example", "203.0.113.1"]),
)
def test_no_tenants_call_ever_gets_anything_of_the_others(
    source_ip: str, user: str, host: str
) -> None:
    outcome = make_world().decide(make_call(f"sip:{user}@{host}", source_ip=source_ip))
    if isinstance(outcome, Routes):
        of_zen = {"zen-pbx", "zen-out", "zen-all", "did-zen", "zen.example"}
        of_acme = {"acme-pbx", "out", "all", "did-acme", "acme.example", "beta-1"}
        foreign = of_zen if outcome.tenant_id == "acme" else of_acme
        used = {outcome.match_id, *(leg.target.trunk_id for leg in outcome.legs)}
        assert not used & foreign
        if source_ip == ACME_PBX_IP:
            assert outcome.tenant_id == "acme"
        if source_ip == ZEN_PBX_IP:
            assert outcome.tenant_id == "zen"
        if source_ip == BETA_IP:
            assert outcome.tenant_id == "acme"


@given(st.text(min_size=1, max_size=20))
def test_the_same_call_is_always_decided_the_same(sip_call_id: str) -> None:
    call = make_call(sip_call_id=sip_call_id)
    world = World(**vars(make_world()))
    assert _texts(world.decide(call)) == _texts(world.decide(call, []))
