"""The whole decision, step by step; every reject code of the core has a test that meets it."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pointsman.routing.carrier import Carrier
from pointsman.routing.did import Did
from pointsman.routing.kamailio_node import KamailioNode
from pointsman.routing.number import NumberFormat
from pointsman.routing.outcome import Leg, MatchKind, Note, Party, RejectCode, Routes, Step, Trace
from pointsman.routing.routing_group import RoutingGroupTrunk
from pointsman.routing.routing_rule import MAX_REGEX_INPUT
from pointsman.routing.tenant import Tenant
from pointsman.routing.trunk import Endpoint, Transport
from tests.routing.world import (
    ACME_PBX_IP,
    ALPHA_IP,
    BETA_IP,
    ZEN_PBX_IP,
    World,
    carrier_trunk,
    group,
    make_call,
    make_world,
    pbx_trunk,
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
                trunk_id=trunk,
                endpoint_id=f"{trunk}-e",
                request_uri=f"sip:+390612345678@{ip}:5060",
                destination=f"sip:{ip}:5060",
                from_=Party("Alice", "sip:+390401234567@acme.example"),
                to=Party("", f"sip:+390612345678@{ip}"),
                asserted_identity=Party("Alice", "sip:+390401234567@acme.example"),
                fr_timer_ms=5_000,
                fr_inv_timer_ms=30_000,
            )
            for trunk, ip in (("alpha-1", ALPHA_IP), ("beta-1", BETA_IP))
        ),
    )


# Source


def test_an_unknown_source_is_refused_whatever_it_asks_for() -> None:
    reject = make_world().reject(make_call(source_ip="203.0.113.99"))
    assert (reject.code, reject.sip_code) == (RejectCode.UNKNOWN_SOURCE, 403)


def test_a_disabled_source_trunk_is_refused() -> None:
    world = make_world()
    world.replace_trunk(pbx_trunk("acme-pbx", "acme", ACME_PBX_IP, enabled=False))
    assert world.reject(make_call()).code is RejectCode.TRUNK_DISABLED


def test_a_disabled_tenant_is_refused_as_source_and_as_destination() -> None:
    world = make_world()
    world.tenants = [Tenant("acme", "Acme", enabled=False), Tenant("zen", "Zen")]
    assert world.reject(make_call()).code is RejectCode.TENANT_DISABLED
    inbound = make_call("sip:+3904012345@h", source_ip=ALPHA_IP)
    assert world.reject(inbound).code is RejectCode.TENANT_DISABLED


def test_a_disabled_carrier_is_refused_as_source_and_dropped_as_destination() -> None:
    world = make_world()
    world.carriers = [
        Carrier("alpha", "Alpha", frozenset({"acme", "zen"}), enabled=False),
        world.carriers[1],
    ]
    inbound = make_call("sip:+3904012345@h", source_ip=ALPHA_IP)
    assert world.reject(inbound).code is RejectCode.CARRIER_DISABLED
    assert world.trunk_ids(make_call()) == ["beta-1"]


def test_the_source_is_found_by_the_longest_network() -> None:
    world = make_world()
    world.sources += [("192.0.2.0/24", "zen-pbx")]
    assert isinstance(world.decide(make_call(source_ip="192.0.2.77")), Routes)
    assert world.decide(make_call(source_ip=ACME_PBX_IP)).tenant_id == "acme"  # type: ignore[union-attr]
    assert world.decide(make_call(source_ip="192.0.2.77")).tenant_id == "zen"  # type: ignore[union-attr]


# Numbers


@pytest.mark.parametrize(
    "call",
    [
        make_call(display="Eve\r\nX-Evil: 1"),
        make_call(from_uri="sip:eve%0D%0A@acme.example"),
        make_call("sip:+39%00@h"),
        make_call(asserted='"Eve\x7f" <sip:eve@acme.example>'),
    ],
)
def test_control_characters_are_refused(call: object) -> None:
    reject = make_world().reject(call)  # type: ignore[arg-type]
    assert (reject.code, reject.sip_code) == (RejectCode.CONTROL_CHARACTER, 400)


def test_a_request_uri_without_a_user_is_incomplete() -> None:
    reject = make_world().reject(make_call("sip:203.0.113.1"))
    assert (reject.code, reject.sip_code) == (RejectCode.NO_CALLED_NUMBER, 484)


def test_a_tel_uri_is_routed_by_its_number() -> None:
    legs = make_world().legs(make_call("tel:+39-06-12345678"))
    assert legs[0].request_uri == f"sip:+390612345678@{ALPHA_IP}:5060"


# Match


def test_a_did_goes_to_its_pbx() -> None:
    inbound = make_call("sip:+390401234567@203.0.113.1", source_ip=ALPHA_IP)
    outcome = make_world().decide(inbound)
    assert isinstance(outcome, Routes)
    assert (outcome.match_kind, outcome.match_id) == (MatchKind.DID, "did-acme")
    assert [leg.trunk_id for leg in outcome.legs] == ["acme-pbx"]
    assert outcome.legs[0].request_uri == f"sip:+390401234567@{ACME_PBX_IP}:5060"


def test_the_longest_did_prefix_wins_over_the_whole_number() -> None:
    world = make_world()
    world.trunks.append(pbx_trunk("acme-desk", "acme", "192.0.2.11"))
    world.dids += [Did("did-desk", "+390401234567", "acme", "acme-desk")]
    assert world.trunk_ids(make_call("sip:+390401234567@h", source_ip=ALPHA_IP)) == ["acme-desk"]
    assert world.trunk_ids(make_call("sip:+390401234568@h", source_ip=ALPHA_IP)) == ["acme-pbx"]


def test_a_disabled_did_is_not_found_and_never_goes_out() -> None:
    world = make_world()
    world.dids = [Did("did-acme", "+390401234", "acme", "acme-pbx", enabled=False)]
    for source_ip in (ALPHA_IP, ACME_PBX_IP):
        reject = world.reject(make_call("sip:+3904012349@h", source_ip=source_ip))
        assert (reject.code, reject.sip_code) == (RejectCode.DID_DISABLED, 404)


def test_a_did_may_lead_to_a_group_of_pbx_trunks() -> None:
    world = make_world()
    world.trunks.append(pbx_trunk("acme-spare", "acme", "192.0.2.11"))
    world.groups.append(group("pbxs", "acme", "acme-pbx", "acme-spare"))
    world.dids = [Did("did", "+390401234", "acme", routing_group_id="pbxs")]
    inbound = make_call("sip:+390401234567@h", source_ip=ALPHA_IP)
    assert world.trunk_ids(inbound) == ["acme-pbx", "acme-spare"]


def test_an_internal_destination_is_never_followed_by_a_carrier() -> None:
    world = make_world()
    world.groups.append(group("mixed", "acme", "acme-pbx", "beta-1"))
    world.dids = [Did("did", "+390401234", "acme", routing_group_id="mixed")]
    assert world.trunk_ids(make_call("sip:+390401234567@h", source_ip=ALPHA_IP)) == ["acme-pbx"]
    world.replace_trunk(pbx_trunk("acme-pbx", "acme", ACME_PBX_IP, enabled=False))
    inbound = make_call("sip:+390401234567@h", source_ip=ALPHA_IP)
    assert world.reject(inbound).code is RejectCode.NO_CANDIDATE


def test_a_domain_goes_to_its_pbx_by_that_domain() -> None:
    inbound = make_call("sip:john.doe@acme.example", source_ip=ALPHA_IP)
    outcome = make_world().decide(inbound)
    assert isinstance(outcome, Routes)
    assert outcome.match_kind is MatchKind.DOMAIN
    assert outcome.legs[0].request_uri == "sip:john.doe@acme.example"
    assert outcome.legs[0].destination == f"sip:{ACME_PBX_IP}:5060"
    assert outcome.legs[0].to.uri == "sip:john.doe@acme.example"


def test_a_did_comes_before_a_domain() -> None:
    inbound = make_call("sip:+390401234567@zen.example", source_ip=ALPHA_IP)
    assert make_world().trunk_ids(inbound) == ["acme-pbx"]


def test_a_pbx_that_dials_a_number_under_its_own_domain_goes_out() -> None:
    assert make_world().trunk_ids(make_call("sip:+390612345678@acme.example")) == [
        "alpha-1",
        "beta-1",
    ]


def test_a_pbx_that_dials_an_extension_of_its_own_domain_loops() -> None:
    reject = make_world().reject(make_call("sip:100@acme.example"))
    assert (reject.code, reject.sip_code) == (RejectCode.LOOP, 482)


def test_a_pbx_that_dials_its_own_did_loops() -> None:
    assert make_world().reject(make_call("sip:+390401234000@h")).code is RejectCode.LOOP


def test_another_tenants_did_is_reached_through_a_carrier_only() -> None:
    assert make_world().trunk_ids(make_call("sip:+390409999000@h")) == ["alpha-1", "beta-1"]


def test_a_carrier_reaches_only_the_tenants_it_is_granted_to() -> None:
    world = make_world()
    reaches_acme = make_call("sip:+390401234567@h", source_ip=BETA_IP)
    assert world.trunk_ids(reaches_acme) == ["acme-pbx"]
    for uri in ("sip:+390409999000@h", "sip:john@zen.example"):
        assert world.reject(make_call(uri, source_ip=BETA_IP)).code is RejectCode.NO_ROUTE


def test_a_carriers_call_never_leaves_by_a_routing_rule() -> None:
    reject = make_world().reject(make_call("sip:+390612345678@h", source_ip=BETA_IP))
    assert (reject.code, reject.sip_code) == (RejectCode.NO_ROUTE, 404)


def test_the_longest_called_prefix_wins_over_a_lower_priority() -> None:
    world = make_world()
    world.groups.append(group("rome", "acme", "beta-1"))
    world.rules = [
        rule("all", "acme", "out", "", priority=0),
        rule("italy", "acme", "out", "+39", priority=0),
        rule("rome", "acme", "rome", "+3906", priority=9),
    ]
    assert world.trunk_ids(make_call()) == ["beta-1"]


def test_then_the_lowest_priority_wins_and_then_the_name() -> None:
    world = make_world()
    world.groups += [group("a", "acme", "alpha-1"), group("b", "acme", "beta-1")]
    world.rules = [
        rule("y", "acme", "a", "+39", priority=2),
        rule("x", "acme", "b", "+39", priority=1),
    ]
    assert world.trunk_ids(make_call()) == ["beta-1"]
    world.rules = [rule("y", "acme", "a", "+39"), rule("x", "acme", "b", "+39")]
    assert world.trunk_ids(make_call()) == ["beta-1"]


def test_a_rule_with_a_regex_applies_to_whole_numbers_that_match() -> None:
    world = make_world()
    world.groups.append(group("mobile", "acme", "beta-1"))
    world.rules = [
        rule("mobile", "acme", "mobile", "+39", called_regex=r"\+393[0-9]{8,9}"),
        rule("italy", "acme", "out", "+39", priority=1),
    ]
    assert world.trunk_ids(make_call("sip:+393331234567@h")) == ["beta-1"]
    assert world.trunk_ids(make_call("sip:+390612345678@h")) == ["alpha-1", "beta-1"]
    assert world.trunk_ids(make_call("sip:+39333123456789@h")) == ["alpha-1", "beta-1"]


def test_a_regex_is_never_asked_about_a_number_that_is_too_long() -> None:
    world = make_world()
    world.rules = [rule("any", "acme", "out", "", called_regex=".*")]
    assert world.trunk_ids(make_call(f"sip:{'a' * MAX_REGEX_INPUT}@h")) == ["alpha-1", "beta-1"]
    too_long = make_call(f"sip:{'a' * (MAX_REGEX_INPUT + 1)}@h")
    assert world.reject(too_long).code is RejectCode.NO_ROUTE


def test_a_disabled_rule_is_not_looked_at() -> None:
    world = make_world()
    world.rules = [rule("all", "acme", "out", enabled=False)]
    assert world.reject(make_call()).code is RejectCode.NO_ROUTE


def test_another_tenants_rules_are_not_looked_at() -> None:
    world = make_world()
    world.rules = [rule("zen-all", "zen", "zen-out")]
    assert world.reject(make_call()).code is RejectCode.NO_ROUTE


def test_short_codes_and_star_codes_are_routed_as_dialled() -> None:
    world = make_world()
    world.groups.append(group("services", "acme", "beta-1"))
    world.rules += [
        rule("emergency", "acme", "services", "112"),
        rule("star", "acme", "services", "*7"),
    ]
    for user in ("112", "*72"):
        legs = world.legs(make_call(f"sip:{user}@h"))
        assert [(leg.trunk_id, leg.request_uri) for leg in legs] == [
            ("beta-1", f"sip:{user}@{BETA_IP}:5060")
        ]


# Candidates


def test_endpoints_are_tried_by_priority_within_their_trunk() -> None:
    world = make_world()
    endpoints = (
        Endpoint("second", "198.51.100.11", 5060, priority=2),
        Endpoint("first", "198.51.100.12", 5060, priority=1),
        Endpoint("off", "198.51.100.13", 5060, priority=0, enabled=False),
    )
    world.replace_trunk(carrier_trunk("alpha-1", "alpha", ALPHA_IP, endpoints=endpoints))
    assert [leg.endpoint_id for leg in world.legs(make_call())] == ["first", "second", "beta-1-e"]


def test_a_weighted_group_shares_calls_by_call_id() -> None:
    world = make_world()
    places = (RoutingGroupTrunk("alpha-1", 0, 70), RoutingGroupTrunk("beta-1", 0, 30))
    world.groups[0] = group("out", "acme", *places)
    firsts = [world.trunk_ids(make_call(sip_call_id=f"c{n}"))[0] for n in range(300)]
    assert {"alpha-1", "beta-1"} == set(firsts)
    assert firsts == [world.trunk_ids(make_call(sip_call_id=f"c{n}"))[0] for n in range(300)]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"enabled": False}, "is disabled"),
        ({"endpoints": ()}, None),
    ],
)
def test_a_trunk_that_cannot_take_calls_is_dropped(
    change: dict[str, object], reason: str | None
) -> None:
    world = make_world()
    world.replace_trunk(carrier_trunk("alpha-1", "alpha", ALPHA_IP, **change))
    trace: Trace = []
    outcome = world.decide(make_call(), trace)
    assert isinstance(outcome, Routes)
    assert [leg.trunk_id for leg in outcome.legs] == ["beta-1"]
    if reason:
        assert Note(Step.CANDIDATES, "alpha-1", f"dropped: {reason}") in trace


def test_a_place_disabled_in_the_group_is_dropped() -> None:
    world = make_world()
    off = RoutingGroupTrunk("alpha-1", 0, 1, enabled=False)
    world.groups[0] = group("out", "acme", off, "beta-1")
    assert world.trunk_ids(make_call()) == ["beta-1"]


def test_nobody_left_is_temporarily_unavailable() -> None:
    world = make_world()
    world.replace_trunk(carrier_trunk("alpha-1", "alpha", ALPHA_IP, enabled=False))
    world.replace_trunk(carrier_trunk("beta-1", "beta", BETA_IP, enabled=False))
    reject = world.reject(make_call())
    assert (reject.code, reject.sip_code) == (RejectCode.NO_CANDIDATE, 480)


def test_a_call_never_goes_back_to_the_socket_it_came_from() -> None:
    world = make_world()
    world.trunks.append(carrier_trunk("alpha-2", "alpha", ACME_PBX_IP))
    world.groups[0] = group("out", "acme", "alpha-2", "beta-1")
    assert world.trunk_ids(make_call(source_port=5060)) == ["beta-1"]
    assert world.trunk_ids(make_call(source_port=40_000)) == ["alpha-2", "beta-1"]


@pytest.mark.parametrize("known_by", ["the node's sockets", "the call's own socket"])
def test_a_call_never_goes_to_a_router_of_the_platform(known_by: str) -> None:
    world = make_world()
    world.replace_trunk(carrier_trunk("alpha-1", "alpha", "203.0.113.5"))
    received = ("203.0.113.5", 5060)
    if known_by == "the node's sockets":
        world.nodes = [KamailioNode("n", "n", sockets=(received,))]
        received = ("203.0.113.1", 5060)
    assert world.trunk_ids(make_call(received=received)) == ["beta-1"]


def test_a_carrier_that_is_no_longer_granted_is_dropped() -> None:
    world = make_world()
    world.carriers[1] = Carrier("beta", "Beta", frozenset({"zen"}))
    assert world.trunk_ids(make_call()) == ["alpha-1"]


def test_another_tenants_pbx_in_a_group_is_dropped() -> None:
    world = make_world()
    world.groups[0] = group("out", "acme", "zen-pbx", "beta-1")
    assert world.trunk_ids(make_call()) == ["beta-1"]


# Legs


def test_at_most_eleven_legs() -> None:
    world = make_world()
    endpoints = tuple(Endpoint(f"e{n}", f"198.51.100.{n}", 5060, priority=n) for n in range(10, 30))
    world.replace_trunk(carrier_trunk("alpha-1", "alpha", ALPHA_IP, endpoints=endpoints))
    assert [leg.endpoint_id for leg in world.legs(make_call())] == [f"e{n}" for n in range(10, 21)]


def test_each_leg_is_written_for_its_trunk_from_the_original_call() -> None:
    world = make_world()
    world.replace_trunk(
        carrier_trunk(
            "alpha-1", "alpha", ALPHA_IP,
            number_format=NumberFormat.INTERNATIONAL_00, from_host="acme.alpha.example",
            fr_timer_ms=1_500, fr_inv_timer_ms=20_000,
        )
    )  # fmt: skip
    world.replace_trunk(
        carrier_trunk(
            "beta-1", "beta", BETA_IP, number_format=NumberFormat.E164, send_asserted_identity=False
        )
    )
    alpha, beta = world.legs(make_call())
    assert alpha.request_uri == f"sip:00390612345678@{ALPHA_IP}:5060"
    assert alpha.to.uri == f"sip:00390612345678@{ALPHA_IP}"
    assert alpha.from_.uri == "sip:00390401234567@acme.alpha.example"
    assert alpha.asserted_identity == Party("Alice", alpha.from_.uri)
    assert (alpha.fr_timer_ms, alpha.fr_inv_timer_ms) == (1_500, 20_000)
    assert beta.request_uri == f"sip:390612345678@{BETA_IP}:5060"
    assert beta.to.uri == f"sip:390612345678@{BETA_IP}"
    assert beta.from_.uri == "sip:390401234567@acme.example"
    assert beta.asserted_identity is None


def test_a_leg_over_tcp_says_so_in_its_uris() -> None:
    world = make_world()
    endpoints = (Endpoint("e", "alpha.example", None, Transport.TCP),)
    world.replace_trunk(carrier_trunk("alpha-1", "alpha", ALPHA_IP, endpoints=endpoints))
    leg = world.legs(make_call())[0]
    assert leg.request_uri == "sip:+390612345678@alpha.example;transport=tcp"
    assert leg.destination == "sip:alpha.example;transport=tcp"


def test_an_anonymous_caller_stays_anonymous() -> None:
    call = make_call(from_uri="sip:anonymous@anonymous.invalid", display="Anonymous")
    leg = make_world().legs(call)[0]
    assert leg.from_ == Party("Anonymous", "sip:anonymous@anonymous.invalid")
    assert leg.asserted_identity is None


def test_the_identity_that_the_peer_asserts_is_asserted_onwards() -> None:
    call = make_call(
        from_uri="sip:anonymous@anonymous.invalid",
        asserted='"Alice" <sip:+390401234567@acme.example>',
    )
    leg = make_world().legs(call)[0]
    expected = Party("Alice", "sip:+390401234567@acme.example")
    assert leg.asserted_identity == expected


def test_a_caller_without_a_host_gets_the_one_that_says_so() -> None:
    leg = make_world().legs(make_call(from_uri="tel:+390401234567"))[0]
    assert leg.from_.uri == "sip:+390401234567@anonymous.invalid"


def test_an_extension_asserts_no_identity() -> None:
    assert make_world().legs(make_call(from_uri="sip:100@pbx"))[0].asserted_identity is None


# Trace


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
        Note(Step.MATCH, "fax", r"regex \+39069.* does not match"),
        Note(Step.MATCH, "all", "routing rule for all"),
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


# Properties


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
        used = {outcome.match_id, *(leg.trunk_id for leg in outcome.legs)}
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
