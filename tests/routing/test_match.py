"""What a called number or domain matches: a DID, a domain, a routing rule."""

from pointsman.routing.did import Did
from pointsman.routing.outcome import MatchKind, RejectCode, Routes
from pointsman.routing.routing_rule import MAX_REGEX_INPUT
from tests.routing.world import (
    ACME_PBX_IP,
    ALPHA_IP,
    BETA_IP,
    group,
    make_call,
    make_world,
    pbx_trunk,
    rule,
)


def test_a_did_goes_to_its_pbx() -> None:
    inbound = make_call("sip:+390401234567@203.0.113.1", source_ip=ALPHA_IP)
    outcome = make_world().decide(inbound)
    assert isinstance(outcome, Routes)
    assert (outcome.match_kind, outcome.match_id) == (MatchKind.DID, "did-acme")
    assert [leg.target.trunk_id for leg in outcome.legs] == ["acme-pbx"]
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
    assert outcome.legs[0].target.destination == f"sip:{ACME_PBX_IP}:5060"
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
        assert [(leg.target.trunk_id, leg.request_uri) for leg in legs] == [
            ("beta-1", f"sip:{user}@{BETA_IP}:5060")
        ]
