"""DIDs within DIDs, lists that say a thing twice, gaps in what a tenant may call."""

from typing import Any

import phonenumbers
import pytest
from msgspec import structs

from pointsman.routing.did import Did
from pointsman.routing.domain import Domain
from pointsman.routing.lint.finding import FindingCode
from pointsman.routing.lint.numbering_plan import (
    DEPTH,
    country_code_of,
    leading_digits,
    regions_of,
    starts_of,
)
from pointsman.routing.normalization_profile import NumberField
from pointsman.routing.number_list import ListKind, NumberList
from pointsman.routing.routing_group import RoutingGroupTrunk
from tests.routing.lint.checked import clean_world, codes, findings, named
from tests.routing.world import World, group, pbx_trunk, rule


def test_a_did_within_another_is_told_once_for_the_closest_around_it() -> None:
    world = clean_world()
    for prefix in ("+39040", "+3904012345", "+390401235", "+39041"):
        world.dids.append(Did(prefix, prefix, "acme", "acme-pbx"))
    assert named(world, FindingCode.DIDS_NESTED) == [
        ["+39040", "+390401234", "+390401235"],
        ["+390401234", "+3904012345"],
    ]
    (first, _) = findings(world, FindingCode.DIDS_NESTED)
    assert first.message == (
        "within the DID +39040 there is +390401234, +390401235: a call goes by the longer one; "
        "+390401234, +390401235 leads to the same place"
    )
    world.trunks.append(pbx_trunk("two", "acme", "192.0.2.11"))
    world.dids = [Did("a", "+1", "acme", "acme-pbx"), Did("b", "+12", "acme", "two")]
    (finding,) = findings(world, FindingCode.DIDS_NESTED)
    assert finding.message.endswith("a call goes by the longer one")


def _lists(*lists: tuple[ListKind, tuple[str, ...], dict[str, Any]]) -> World:
    world = clean_world()
    world.number_lists = [
        NumberList(
            **{
                "id": f"list-{number}",
                "name": f"list-{number}",
                "tenant_id": "acme",
                "kind": kind,
                "field": NumberField.CALLED,
                "prefixes": prefixes,
                **more,
            }
        )
        for number, (kind, prefixes, more) in enumerate(lists)
    ]
    return world


def test_a_prefix_that_a_shorter_one_of_its_list_covers_is_told() -> None:
    world = _lists((ListKind.BLOCK, ("+390", "+39", "+44", "+3906", "+39"), {}))
    (finding,) = findings(world, FindingCode.LIST_PREFIX_COVERED)
    assert finding.message == (
        "the list list-0 has what it has already: +390 (by +39), +3906 (by +39)"
    )
    world = _lists((ListKind.BLOCK, ("1", ""), {}))
    (finding,) = findings(world, FindingCode.LIST_PREFIX_COVERED)
    assert "1 (by the empty prefix)" in finding.message
    assert codes(_lists((ListKind.BLOCK, ("+39", "+44"), {}))) == []


@pytest.mark.parametrize(
    ("allow", "block", "found"),
    [
        ({}, {}, True),
        ({}, {"trunk_ids": ("acme-pbx",)}, True),
        ({"trunk_ids": ("alpha-1",)}, {"trunk_ids": ("acme-pbx",)}, False),
        ({"trunk_ids": ("acme-pbx", "alpha-1")}, {"trunk_ids": ("alpha-1",)}, True),
        ({}, {"field": NumberField.CALLING}, False),
        ({}, {"tenant_id": "zen"}, False),
        ({}, {"enabled": False}, False),
        ({}, {"prefixes": ("+39069",)}, False),
        ({}, {"prefixes": ("",)}, True),
    ],
)
def test_what_is_allowed_and_blocked_is_told(
    allow: dict[str, Any], block: dict[str, Any], found: bool
) -> None:
    world = _lists(
        (ListKind.ALLOW, ("+3906", "+44"), allow),
        (ListKind.BLOCK, block.get("prefixes", ("+39",)), block),
    )
    expected = [["list-0", "list-1"]] if found else []
    assert named(world, FindingCode.LIST_ALLOWS_BLOCKED) == expected


@pytest.mark.parametrize(
    ("lists", "code"),
    [
        ([(ListKind.ALLOW, (), {})], FindingCode.ALLOW_LIST_EMPTY),
        ([(ListKind.BLOCK, (), {})], FindingCode.LIST_EMPTY),
        ([(ListKind.ALLOW, (), {}), (ListKind.ALLOW, ("+39",), {})], FindingCode.LIST_EMPTY),
        (
            [(ListKind.ALLOW, (), {}), (ListKind.ALLOW, ("+39",), {"trunk_ids": ("acme-pbx",)})],
            FindingCode.ALLOW_LIST_EMPTY,
        ),
        (
            [(ListKind.ALLOW, (), {}), (ListKind.ALLOW, (), {"anonymous": True})],
            FindingCode.LIST_EMPTY,
        ),
        ([(ListKind.ALLOW, (), {"enabled": False})], None),
        ([(ListKind.ALLOW, (), {"anonymous": True})], None),
    ],
)
def test_a_list_without_numbers_allows_nothing_or_does_nothing(
    lists: list[Any], code: FindingCode | None
) -> None:
    assert codes(_lists(*lists)) == ([code] if code else [])


def test_numbers_and_domains_that_reach_nobody_are_told_by_their_target() -> None:
    world = clean_world()
    world.replace_trunk(structs.replace(world.trunks[0], endpoints=()))
    world.dids.append(Did("second", "+39041", "acme", "acme-pbx"))
    world.dids.append(Did("off", "+39042", "acme", "acme-pbx", enabled=False))
    world.domains.append(Domain("b.example", "b.example", "acme", "acme-pbx"))
    assert named(world, FindingCode.DID_WITHOUT_LIVE_TRUNK) == [
        ["acme-pbx", "+390401234", "+39041"]
    ]
    assert named(world, FindingCode.DOMAIN_WITHOUT_LIVE_TRUNK) == [
        ["acme-pbx", "acme.example", "b.example"]
    ]
    (finding,) = findings(world, FindingCode.DID_WITHOUT_LIVE_TRUNK)
    assert finding.message == (
        "calls to the DID +390401234, +39041 reach nobody: acme-pbx has no endpoint"
    )
    world.tenants[0] = structs.replace(world.tenants[0], enabled=False)
    assert codes(world) == []


def test_an_internal_call_goes_to_no_carrier_of_a_group() -> None:
    world = clean_world()
    world.groups += [group("in", "acme", "alpha-1"), group("empty", "acme")]
    world.dids = [
        Did("a", "+1", "acme", routing_group_id="in"),
        Did("b", "+2", "acme", routing_group_id="empty"),
    ]
    messages = [f.message for f in findings(world, FindingCode.DID_WITHOUT_LIVE_TRUNK)]
    assert messages == [
        "calls to the DID +2 reach nobody: the group is empty",
        "calls to the DID +1 reach nobody: alpha-1 is a carrier's, which takes no internal call",
    ]
    world.groups[2] = group("in", "acme", "alpha-1", "acme-pbx")
    assert len(findings(world, FindingCode.DID_WITHOUT_LIVE_TRUNK)) == 1
    world.groups[3] = group("empty", "acme", RoutingGroupTrunk(member_group_id="in"))
    assert findings(world, FindingCode.DID_WITHOUT_LIVE_TRUNK) == []


@pytest.mark.parametrize(
    ("prefixes", "gaps"),
    [
        (("+39",), None),
        (("+3906", "+"), None),
        (("+3906", "+3"), None),
        (("+3906", ""), None),
        (("+390",), "+393 (mobiles), +394 (mobiles), +395 (VoIP)"),
        (("+390", "+393", "+394", "+395"), None),
        (("+390", "+3931", "+3932", "+3933", "+3935"), "+3934 (mobiles)"),
        (("+3", "112", "0"), None),
        (("112", "*72"), None),
        (("+999",), None),
    ],
)
def test_parts_of_a_country_without_a_rule_are_told(
    prefixes: tuple[str, ...], gaps: str | None
) -> None:
    world = clean_world()
    world.rules = [rule(f"r{prefix}", "acme", "out", prefix) for prefix in prefixes]
    world.rules.append(rule("zen-all", "zen", "zen-out"))
    found = findings(world, FindingCode.PREFIX_GAP)
    assert bool(found) == (gaps is not None)
    for finding in found:
        assert gaps is not None
        assert finding.message.startswith(
            f"Acme has rules for some numbers of +39 (IT/VA), and none for {gaps}"
        )
        assert finding.objects[0].name == "Acme"


def test_a_did_or_a_part_of_a_prefix_counts_as_a_rule() -> None:
    world = clean_world()
    world.dids.append(Did("mobiles", "+393", "acme", "acme-pbx"))
    world.rules[0] = rule("r", "acme", "out", "+390")
    (finding,) = findings(world, FindingCode.PREFIX_GAP)
    assert "+393" not in finding.message
    world.rules.append(rule("far", "acme", "out", "+3945678"))
    (finding,) = findings(world, FindingCode.PREFIX_GAP)
    assert "for +3943 (mobiles), +395 (VoIP)" in finding.message
    world.rules[2] = structs.replace(world.rules[2], enabled=False)
    (finding,) = findings(world, FindingCode.PREFIX_GAP)
    assert "for +394 (mobiles), +395 (VoIP)" in finding.message


def test_countries_of_a_common_code_are_one() -> None:
    world = clean_world()
    world.rules[0] = rule("r", "acme", "out", "+1212")
    (finding,) = findings(world, FindingCode.PREFIX_GAP)
    assert "+1 (US/AG/AI)" in finding.message
    assert len(finding.message) < 400


@pytest.mark.parametrize(
    ("pattern", "starts"),
    [
        ("12", {"12"}),
        ("1234", {"123"}),
        ("[1-3]5", {"15", "25", "35"}),
        (r"[18]\d?", {"1", "8"} | {f"{a}{b}" for a in "18" for b in range(10)}),
        ("(?:12|3)4", {"124", "34"}),
        ("(?:1|23)?4", {"4", "14", "234"}),
        ("1{2}", {"11"}),
        ("1{0,2}", {"", "1", "11"}),
        ("(12)", {"12"}),
        ("1|", {"1", ""}),
        ("1{5,9}2", {"111"}),
        (r"[\d]", set("0123456789")),
    ],
)
def test_leading_digits_are_worked_out_of_a_pattern(pattern: str, starts: set[str]) -> None:
    assert starts_of(pattern) == starts


@pytest.mark.parametrize("pattern", ["a", "1)", "1+"])
def test_a_pattern_that_is_not_understood_is_not_guessed_at(pattern: str) -> None:
    with pytest.raises(ValueError, match="is not understood"):
        starts_of(pattern)


def test_every_countrys_own_examples_start_as_its_plan_says() -> None:
    kinds = (
        phonenumbers.PhoneNumberType.FIXED_LINE,
        phonenumbers.PhoneNumberType.MOBILE,
        phonenumbers.PhoneNumberType.VOIP,
    )
    for region in phonenumbers.SUPPORTED_REGIONS:
        for kind in kinds:
            example = phonenumbers.example_number_for_type(region, kind)
            if example is None:
                continue
            e164 = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)
            code = country_code_of(e164[1:])
            assert code is not None
            assert code == example.country_code
            national = e164.removeprefix(f"+{code}")
            assert national[:DEPTH] in leading_digits(code), e164
            assert region in regions_of(code)


def test_digits_that_are_no_countrys_have_no_plan() -> None:
    assert country_code_of("999") is None
    assert country_code_of("4") is None
    assert leading_digits(999) == {}
    assert regions_of(999) == ()
