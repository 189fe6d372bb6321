"""All checks together: a clean configuration has no finding, and a large one is checked."""

from ipaddress import ip_network

from msgspec import structs

from pointsman.routing.did import Did
from pointsman.routing.lint.finding import (
    MAX_OBJECTS,
    MEANINGS,
    Finding,
    FindingCode,
    Severity,
    listed,
    make_finding,
    order_of,
)
from pointsman.routing.lint.lint import lint
from pointsman.routing.named_object import NamedObject
from pointsman.routing.normalization_profile import NumberField
from pointsman.routing.number_list import ListKind, NumberList
from pointsman.routing.routing_rule import RuleAction
from pointsman.routing.trunk_source import TrunkSource
from tests.routing.lint.checked import clean_world, codes
from tests.routing.world import rule


def test_nothing_is_found_where_nothing_is_wrong() -> None:
    assert codes(clean_world()) == []


def test_errors_come_first_then_codes_then_names() -> None:
    world = clean_world()
    world.rules += [rule("b", "acme", "out"), rule("a", "acme", "out", priority=9)]
    world.trunks = [structs.replace(trunk, enabled=False) for trunk in world.trunks]
    found = lint(world.configuration())
    assert list(found) == sorted(found, key=order_of)
    severities = [finding.severity for finding in found]
    assert severities == [Severity.ERROR] * severities.count(Severity.ERROR) + [
        Severity.WARNING
    ] * severities.count(Severity.WARNING)


def test_each_code_has_one_severity_and_both_are_used() -> None:
    named = NamedObject("Tenant", "t", "T")
    severities = {
        code: make_finding(code, "", [named], "m", fix="f").severity for code in FindingCode
    }
    assert severities[FindingCode.WEIGHT_ZERO] is Severity.ERROR
    assert severities[FindingCode.UNUSED] is Severity.WARNING


def test_each_code_has_a_meaning() -> None:
    assert list(MEANINGS) == list(FindingCode)


def test_names_and_objects_are_bounded() -> None:
    many = [NamedObject("Did", str(number), str(number)) for number in range(99)]
    finding = make_finding(FindingCode.DIDS_NESTED, "t", many, "m", fix="f")
    assert finding.objects == tuple(many[:MAX_OBJECTS])
    assert listed([]) == ""
    assert listed(["a", "b"]) == "a, b"
    assert listed(list("abcdefg")) == "a, b, c, d, e and 2 more"
    assert isinstance(finding, Finding)


def test_thousands_of_objects_are_checked() -> None:
    world = clean_world()
    numbers = range(20_000)
    world.dids += [Did(f"d{n}", f"+390401234{n}", "acme", "acme-pbx") for n in numbers]
    world.rules += [
        rule(f"r{n:04}", "acme", "out", f"+{n % 50}", called_regex=f"\\+{n}.*")
        for n in range(4_000)
    ]
    world.rules += [
        rule(
            f"f{n:04}",
            "acme",
            "",
            f"*{n}",
            action=RuleAction.CONTINUE,
            forward_number=f"*{n + 1}",
        )
        for n in range(2_000)
    ]
    world.number_lists = [
        NumberList(kind, kind, "acme", kind, NumberField.CALLED, tuple(f"+{n:09}" for n in numbers))
        for kind in ListKind
    ]
    world.more_sources = [
        TrunkSource(ip_network(f"10.{n // 250}.{n % 250}.1/32"), "acme-pbx", tech_prefix=str(n))
        for n in range(5_000)
    ]
    found = codes(world)
    assert FindingCode.DIDS_NESTED in found
    assert FindingCode.LIST_ALLOWS_BLOCKED in found
    assert FindingCode.FORWARD_IN_CIRCLE in found
