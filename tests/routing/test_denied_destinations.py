"""Classes of destinations: what costs more is denied unless a tenant is allowed it."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pointsman.routing.destination_class import DestinationClass
from pointsman.routing.normalization_profile import NormalizationProfile
from pointsman.routing.number import NumberFormat
from pointsman.routing.outcome import RejectCode, Routes, Step, Trace
from pointsman.routing.routing_group import RoutingGroupTrunk
from pointsman.routing.tenant import Tenant
from tests.routing.screened import code_of
from tests.routing.world import (
    ACME_PBX_IP,
    ALPHA_IP,
    ZEN_PBX_IP,
    World,
    group,
    make_call,
    make_world,
    pbx_trunk,
)

_PREMIUM = "+39899123456"
_GIVE_A_PROFILE = (
    "give the trunk acme-pbx a number format or a normalization profile that reads it, or the "
    "tenant all classes"
)


def _of_tenant(**allowed: Any) -> World:
    world = make_world()
    world.tenants[0] = Tenant("acme", "Acme", **allowed)
    return world


@pytest.mark.parametrize(
    ("called", "code"),
    [
        ("+39899123456", "DESTINATION_DENIED"),
        ("+39848123456", "DESTINATION_DENIED"),
        ("+870773111632", "DESTINATION_DENIED"),
        ("+881612345678", "DESTINATION_DENIED"),
        ("+883510012345678", "DESTINATION_DENIED"),
        ("+979123456789", "DESTINATION_DENIED"),
        ("+3989912345678", "DESTINATION_DENIED"),  # longer than any
        ("tel:+39-899-12.34(56)", "DESTINATION_DENIED"),
        ("+80012345678", None),
        ("+390612345678", None),
        # not E.164: of no class
        ("0039899123456", "DESTINATION_DENIED"),
        ("01139899123456", "DESTINATION_DENIED"),
        ("39899123456", "DESTINATION_DENIED"),
        ("899123456", "DESTINATION_DENIED"),
        ("tel:899123456;phone-context=+39", "DESTINATION_DENIED"),
        ("*31*899123456", "DESTINATION_DENIED"),
        ("%2331%23899123456", "DESTINATION_DENIED"),
        ("0039-899-123-456", "DESTINATION_DENIED"),
        ("00.39.899.123.456", "DESTINATION_DENIED"),
        ("100;x=39899123456", "DESTINATION_DENIED"),
        ("%20+39899123456", "DESTINATION_DENIED"),
        ("x39899123456", "DESTINATION_DENIED"),
        # Arabic-Indic, full-width and superscript digits
        ("%D9%A0%D9%A0%D9%A3%D9%A9%D9%A8%D9%A9%D9%A9", "DESTINATION_DENIED"),
        ("%EF%BC%8B%EF%BC%93%EF%BC%99%EF%BC%98%EF%BC%99%EF%BC%99%EF%BC%91%EF%BC%92",
         "DESTINATION_DENIED"),
        ("%C2%B9%C2%B9%C2%B9%C2%B9%C2%B9%C2%B9%C2%B9", "DESTINATION_DENIED"),
        ("+39%D9%A8%D9%A9%D9%A9123456", "BAD_NUMBER"),
        # what nobody takes for a telephone number
        ("112", None),
        ("*72", None),
        ("123456", None),
        ("john.doe", None),
    ],
)  # fmt: skip
def test_what_costs_more_is_denied_by_default(called: str, code: str | None) -> None:
    uri = called if called.startswith("tel:") else f"sip:{called}@203.0.113.1"
    assert code_of(make_world(), uri) == code


@pytest.mark.parametrize(
    ("country", "called", "code"),
    [
        ("AL", "808123", "DESTINATION_DENIED"),
        ("AL", "900123", "DESTINATION_DENIED"),
        ("NC", "36.67.11", "DESTINATION_DENIED"),
        ("NC", "75.12.34", None),
        ("AL", "129", None),
        ("AL", "123456", None),
        ("XX", "900123", None),
    ],
)
def test_a_whole_number_of_few_digits_is_of_its_class(
    country: str, called: str, code: str | None
) -> None:
    world = make_world()
    world.profiles = [NormalizationProfile("p", "p", "", country)]
    pbx = pbx_trunk("acme-pbx", "acme", ACME_PBX_IP, normalization_profile_id="p")
    world.replace_trunk(pbx)
    assert code_of(world, f"sip:{called}@203.0.113.1") == code


def test_a_number_is_understood_where_the_trunk_says_how_it_is_written() -> None:
    world = make_world()
    world.replace_trunk(
        pbx_trunk("acme-pbx", "acme", ACME_PBX_IP, number_format=NumberFormat.INTERNATIONAL_00)
    )
    assert code_of(world, "sip:00390612345678@h") is None
    assert code_of(world, "sip:0039899123456@h") == RejectCode.DESTINATION_DENIED


@pytest.mark.parametrize(
    ("allowed", "called", "is_allowed"),
    [
        ({"allowed_classes": {"PREMIUM_RATE"}}, _PREMIUM, True),
        ({"allowed_classes": {"SHARED_COST", "SATELLITE"}}, _PREMIUM, False),
        ({"allowed_countries": {"IT"}}, _PREMIUM, True),
        ({"allowed_countries": {"IT"}}, "+39848123456", True),
        ({"allowed_countries": {"CH"}}, _PREMIUM, False),
        ({"allowed_countries": {"IT"}}, "+41900123456", False),
        ({"allowed_countries": {"US"}}, "+19002345678", True),
        ({"allowed_countries": {"", "001"}}, "+870773111632", False),
        ({"allowed_classes": {"SATELLITE"}}, "+870773111632", True),
        ({"allowed_classes": {"SATELLITE"}}, "+883510012345678", False),
        ({"allowed_classes": {"INTERNATIONAL_NETWORK"}}, "+979123456789", True),
        ({"allowed_classes": {"PREMIUM_RATE"}}, "+979123456789", False),
        ({"allowed_classes": set(DestinationClass)}, "0039899123456", True),
        ({"allowed_classes": set(DestinationClass) - {"SATELLITE"}}, "0039899123456", False),
        ({"allowed_countries": {"IT"}}, "0039899123456", False),
    ],
)
def test_a_tenant_may_be_allowed_a_class_or_a_country(
    allowed: dict[str, set[str]], called: str, is_allowed: bool
) -> None:
    world = _of_tenant(**{
        name: frozenset(map(DestinationClass, values) if "classes" in name else values)
        for name, values in allowed.items()
    })  # fmt: skip
    assert (code_of(world, f"sip:{called}@h") is None) == is_allowed


@pytest.mark.parametrize(
    ("called", "what", "fix"),
    [
        (
            _PREMIUM,
            "a number of the class PREMIUM_RATE in IT",
            "add PREMIUM_RATE to its allowed classes, or IT to its allowed countries",
        ),
        (
            "+870773111632",
            "a number of the class SATELLITE",
            "add SATELLITE to its allowed classes",
        ),
        (
            "0039899123456",
            "a number that is not in E.164 and so could be of any class",
            _GIVE_A_PROFILE,
        ),
    ],
)  # fmt: skip
def test_a_denied_destination_says_why_and_how_to_allow_it(
    called: str, what: str, fix: str
) -> None:
    reject = make_world().reject(make_call(f"sip:{called}@h"))
    assert (reject.code, reject.sip_code) == (RejectCode.DESTINATION_DENIED, 403)
    assert reject.reason == f"{called} is {what}, which the tenant Acme is denied: {fix}"


def test_the_trace_tells_that_a_class_was_allowed() -> None:
    trace: Trace = []
    _of_tenant(allowed_countries=frozenset({"IT"})).decide(make_call(f"sip:{_PREMIUM}@h"), trace)
    (note,) = [note for note in trace if note.step is Step.SCREENING]
    assert note.text == "a number of the class PREMIUM_RATE in IT, which is allowed"


def _to_own_pbxs() -> World:
    world = make_world()
    world.trunks.append(pbx_trunk("acme-2", "acme", "192.0.2.11"))
    world.groups = [
        group("inner", "acme", "acme-2"),
        group("out", "acme", RoutingGroupTrunk(member_group_id="inner")),
        group("zen-out", "zen", "alpha-1"),
    ]
    return world


def _to_own_pbxs_and_carrier() -> World:
    world = _to_own_pbxs()
    inner = group("inner", "acme", "acme-2", "alpha-1")
    world.groups = [inner, *world.groups[1:]]
    return world


@pytest.mark.parametrize(
    ("make", "code"),
    [(_to_own_pbxs, None), (_to_own_pbxs_and_carrier, "DESTINATION_DENIED")],
)
@pytest.mark.parametrize("called", ["8001234", _PREMIUM])
def test_calls_among_a_tenants_own_pbxs_are_of_no_class(
    make: Callable[[], World], code: str | None, called: str
) -> None:
    assert code_of(make(), f"sip:{called}@h") == code


def test_what_comes_from_carriers_is_of_no_class() -> None:
    world = make_world()
    world.dids = [*world.dids, world.dids[0].__class__("d", "+39899", "acme", "acme-pbx")]
    assert code_of(world, f"sip:{_PREMIUM}@h", source_ip=ALPHA_IP) is None
    assert code_of(world, f"sip:{_PREMIUM}@h", source_ip=ACME_PBX_IP) == RejectCode.LOOP


@given(
    number=st.sampled_from(
        [_PREMIUM, "+39848123456", "+19002345678", "+870773111632", "+979123456789"]
    ),
    classes=st.frozensets(st.sampled_from(DestinationClass)),
    countries=st.frozensets(st.sampled_from(["IT", "US", "GB"])),
    more=st.text("0123456789", max_size=4),
    written=st.sampled_from(["+", "00", "", "011", "*31#", "+0"]),
    source_ip=st.sampled_from([ACME_PBX_IP, ZEN_PBX_IP]),
)
def test_no_number_of_a_denied_class_gets_a_leg(
    *,
    number: str,
    classes: frozenset[DestinationClass],
    countries: frozenset[str],
    more: str,
    written: str,
    source_ip: str,
) -> None:
    """However it is written, and whatever is behind it."""
    world = _of_tenant(allowed_classes=classes, allowed_countries=countries)
    called = f"{written}{number[1:]}{more}".replace("#", "%23")
    outcome = world.decide(make_call(f"sip:{called}@h", source_ip=source_ip))
    if isinstance(outcome, Routes):
        assert source_ip == ACME_PBX_IP
        assert classes or countries
        if not called.startswith("+"):
            assert classes == set(DestinationClass)
