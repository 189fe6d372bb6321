"""Number lists, and classes of destinations."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pointsman.routing.destination_class import DestinationClass
from pointsman.routing.normalization_profile import NormalizationProfile, NumberField
from pointsman.routing.number import NumberFormat
from pointsman.routing.number_list import ListKind, NumberList
from pointsman.routing.outcome import Note, Reject, RejectCode, Routes, Step, Trace
from pointsman.routing.routing_group import RoutingGroupTrunk
from pointsman.routing.tenant import Tenant
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

BLOCK, ALLOW = ListKind.BLOCK, ListKind.ALLOW
CALLED, CALLING = NumberField.CALLED, NumberField.CALLING
_ANONYMOUS = "sip:anonymous@anonymous.invalid"
_INBOUND = "sip:+390401234567@h"


def _list(kind: ListKind, field: NumberField, *prefixes: str, **more: Any) -> NumberList:
    name = more.pop("name", f"{kind} {field}".lower())
    return NumberList(name, name, more.pop("tenant", "acme"), kind, field, prefixes, **more)


def _world(*lists: NumberList) -> World:
    world = make_world()
    world.number_lists = list(lists)
    return world


def _code(world: World, *args: Any, **more: Any) -> RejectCode | None:
    outcome = world.decide(make_call(*args, **more))
    return outcome.code if isinstance(outcome, Reject) else None


@pytest.mark.parametrize(
    ("lists", "code"),
    [
        ([], None),
        ([_list(BLOCK, CALLED, "+39")], RejectCode.BLOCKED_CALLED),
        ([_list(BLOCK, CALLED, "+390612345678")], RejectCode.BLOCKED_CALLED),
        ([_list(BLOCK, CALLED, "")], RejectCode.BLOCKED_CALLED),
        ([_list(BLOCK, CALLED, "+3906123456789", "+40", "39", "06")], None),
        ([_list(BLOCK, CALLED, "+39", enabled=False)], None),
        ([_list(BLOCK, CALLING, "+39040")], RejectCode.BLOCKED_CALLING),
        ([_list(BLOCK, CALLING, "+3906")], None),
        ([_list(ALLOW, CALLED, "+39")], None),
        ([_list(ALLOW, CALLED, "+40")], RejectCode.NOT_ALLOWED_CALLED),
        ([_list(ALLOW, CALLED)], RejectCode.NOT_ALLOWED_CALLED),
        ([_list(ALLOW, CALLED, "+40", name="a"), _list(ALLOW, CALLED, "+39", name="b")], None),
        ([_list(ALLOW, CALLED, "+40", enabled=False)], None),
        ([_list(ALLOW, CALLING, "+39")], None),
        ([_list(ALLOW, CALLING, "+3906")], RejectCode.NOT_ALLOWED_CALLING),
        # block wins, however long the prefixes are
        (
            [_list(ALLOW, CALLED, "+390612345678"), _list(BLOCK, CALLED, "+39")],
            RejectCode.BLOCKED_CALLED,
        ),
        # what blocks anything is told before what does not allow something
        (
            [_list(ALLOW, CALLED, "+40"), _list(BLOCK, CALLING, "+39")],
            RejectCode.BLOCKED_CALLING,
        ),
        # fields do not mix
        ([_list(ALLOW, CALLED, "+39"), _list(ALLOW, CALLING, "+40")],
         RejectCode.NOT_ALLOWED_CALLING),
        # lists of trunks are for calls that come from them
        ([_list(BLOCK, CALLED, "", trunk_ids=("acme-pbx",))], RejectCode.BLOCKED_CALLED),
        ([_list(BLOCK, CALLED, "", trunk_ids=("alpha-1", "acme-pbx"))], RejectCode.BLOCKED_CALLED),
        ([_list(BLOCK, CALLED, "", trunk_ids=("alpha-1",))], None),
        # each level for itself
        (
            [
                _list(ALLOW, CALLED, "+39", name="trunk", trunk_ids=("acme-pbx",)),
                _list(ALLOW, CALLED, "+40", name="tenant"),
            ],
            RejectCode.NOT_ALLOWED_CALLED,
        ),
        (
            [
                _list(ALLOW, CALLED, "+40", name="trunk", trunk_ids=("acme-pbx",)),
                _list(ALLOW, CALLED, "+39", name="tenant"),
            ],
            RejectCode.NOT_ALLOWED_CALLED,
        ),
        (
            [
                _list(ALLOW, CALLED, "+39", name="trunk", trunk_ids=("acme-pbx",)),
                _list(ALLOW, CALLED, "+3906", name="tenant"),
            ],
            None,
        ),
        # another tenant's are nothing to this one
        ([_list(BLOCK, CALLED, "", tenant="zen")], None),
    ],
)  # fmt: skip
def test_what_lists_do_to_a_call_of_a_pbx(lists: list[NumberList], code: RejectCode | None) -> None:
    assert _code(_world(*lists)) == code


@pytest.mark.parametrize(
    ("lists", "code"),
    [
        ([_list(BLOCK, CALLED, "+390401234567")], RejectCode.BLOCKED_CALLED),
        ([_list(BLOCK, CALLING, "+4420")], RejectCode.BLOCKED_CALLING),
        ([_list(ALLOW, CALLING, "+39")], RejectCode.NOT_ALLOWED_CALLING),
        ([_list(BLOCK, CALLING, "+44", trunk_ids=("alpha-1",))], RejectCode.BLOCKED_CALLING),
        ([_list(BLOCK, CALLING, "+44", trunk_ids=("beta-1",))], None),
        # the platform's, for a trunk of its carrier
        ([_list(BLOCK, CALLING, "+44", tenant="", trunk_ids=("alpha-1",))],
         RejectCode.BLOCKED_CALLING),
        ([_list(BLOCK, CALLING, "+44", tenant="")], None),
        # a tenant cannot allow what the platform does not
        (
            [
                _list(ALLOW, CALLING, "+39", name="p", tenant="", trunk_ids=("alpha-1",)),
                _list(ALLOW, CALLING, "+44", name="t", trunk_ids=("alpha-1",)),
            ],
            RejectCode.NOT_ALLOWED_CALLING,
        ),
        # a carrier's trunk is shared: another tenant's list for it is for its own calls
        ([_list(BLOCK, CALLING, "", tenant="zen", trunk_ids=("alpha-1",))], None),
    ],
)  # fmt: skip
def test_what_lists_do_to_a_call_of_a_carrier(
    lists: list[NumberList], code: RejectCode | None
) -> None:
    from_uri = "sip:+442071234567@alpha.example"
    assert _code(_world(*lists), _INBOUND, source_ip=ALPHA_IP, from_uri=from_uri) == code


@pytest.mark.parametrize(
    ("lists", "from_uri", "asserted", "code"),
    [
        # who blocks sees either
        ([_list(BLOCK, CALLING, "+44")], "sip:+4420@a", "<sip:+3904@b>", "BLOCKED_CALLING"),
        ([_list(BLOCK, CALLING, "+44")], "sip:+3904@a", "<sip:+4420@b>", "BLOCKED_CALLING"),
        ([_list(BLOCK, CALLING, "+44")], _ANONYMOUS, "<sip:+4420@b>", "BLOCKED_CALLING"),
        ([_list(BLOCK, CALLING, "+44")], _ANONYMOUS, "<tel:+44-20>", "BLOCKED_CALLING"),
        ([_list(BLOCK, CALLING, "+44")], _ANONYMOUS, None, None),
        # who allows believes From, and what is asserted of the anonymous
        ([_list(ALLOW, CALLING, "+44")], "sip:+4420@a", "<sip:+3904@b>", None),
        ([_list(ALLOW, CALLING, "+44")], "sip:+3904@a", "<sip:+4420@b>", "NOT_ALLOWED_CALLING"),
        ([_list(ALLOW, CALLING, "+44")], _ANONYMOUS, "<sip:+4420@b>", None),
        ([_list(ALLOW, CALLING, "+44")], _ANONYMOUS, "<sip:+3904@b>", "NOT_ALLOWED_CALLING"),
        ([_list(ALLOW, CALLING, "+44")], _ANONYMOUS, None, "NOT_ALLOWED_CALLING"),
        # the anonymous themselves
        ([_list(BLOCK, CALLING, anonymous=True)], _ANONYMOUS, None, "BLOCKED_CALLING"),
        ([_list(BLOCK, CALLING, anonymous=True)], _ANONYMOUS, "<sip:+44@b>", "BLOCKED_CALLING"),
        ([_list(BLOCK, CALLING, anonymous=True)], "sip:h", None, "BLOCKED_CALLING"),
        ([_list(BLOCK, CALLING, anonymous=True)], "sip:Anonymous@h", None, "BLOCKED_CALLING"),
        ([_list(BLOCK, CALLING, anonymous=True)], "sip:x@anonymous.invalid", None,
         "BLOCKED_CALLING"),
        ([_list(BLOCK, CALLING, anonymous=True)], "sip:+4420@anonymous.invalid", None, None),
        ([_list(BLOCK, CALLING, anonymous=True)], "sip:100@h", None, None),
        ([_list(ALLOW, CALLING, anonymous=True)], _ANONYMOUS, None, None),
        ([_list(ALLOW, CALLING, anonymous=True)], "sip:+4420@h", None, "NOT_ALLOWED_CALLING"),
        ([_list(ALLOW, CALLING, anonymous=True, name="a"), _list(ALLOW, CALLING, "+44")],
         "sip:+4420@h", None, None),
        # the empty prefix is for everybody
        ([_list(BLOCK, CALLING, "")], _ANONYMOUS, None, "BLOCKED_CALLING"),
        ([_list(ALLOW, CALLING, "")], _ANONYMOUS, None, None),
    ],
)  # fmt: skip
def test_who_is_on_a_list_of_callers(
    lists: list[NumberList], from_uri: str, asserted: str | None, code: str | None
) -> None:
    assert _code(_world(*lists), from_uri=from_uri, asserted=asserted) == code


def test_what_is_dialled_as_it_is_can_be_listed() -> None:
    world = _world(_list(BLOCK, CALLED, "*", "118"))
    assert _code(world, "sip:*72@h") == RejectCode.BLOCKED_CALLED
    assert _code(world, "sip:11811@h") == RejectCode.BLOCKED_CALLED
    assert _code(world, "sip:112@h") is None
    assert _code(world, "sip:john@h") is None


@pytest.mark.parametrize(
    ("lists", "call", "reason"),
    [
        (
            [_list(BLOCK, CALLED, "+39", "+3906", name="Rome")],
            make_call(),
            "the called number +390612345678 is on the block list Rome, by the prefix +3906",
        ),
        (
            [_list(BLOCK, CALLED, "", name="Closed")],
            make_call(),
            "the called number +390612345678 is on the block list Closed, as all numbers",
        ),
        (
            [_list(BLOCK, CALLING, "+44", name="UK")],
            make_call(asserted="<sip:+4420@b>"),
            "the calling number +390401234567 or +4420 is on the block list UK, by the prefix +44",
        ),
        (
            [_list(BLOCK, CALLING, anonymous=True, name="Nobody")],
            make_call(from_uri=_ANONYMOUS),
            "the anonymous caller is on the block list Nobody, as all anonymous callers",
        ),
        (
            [_list(ALLOW, CALLED, "+40", name=name) for name in "edcba"],
            make_call(),
            "the called number +390612345678 is on none of the allow lists a, b, c and 2 more",
        ),
        (
            [_list(ALLOW, CALLING, "+40", name="Romania")],
            make_call(from_uri=_ANONYMOUS),
            "the anonymous caller is on none of the allow lists Romania",
        ),
    ],
)  # fmt: skip
def test_a_reject_names_the_list_and_the_prefix(
    lists: list[NumberList], call: Any, reason: str
) -> None:
    reject = _world(*lists).reject(call)
    assert (reject.reason, reject.sip_code) == (reason, 403)


def test_the_trace_tells_what_allowed_a_call() -> None:
    world = _world(_list(ALLOW, CALLED, "+39"), _list(ALLOW, CALLING, "", name="all"))
    trace: Trace = []
    world.decide(make_call(), trace)
    assert [note for note in trace if note.step is Step.SCREENING] == [
        Note(Step.SCREENING, "+390612345678", "on the allow list allow called, by the prefix +39"),
        Note(Step.SCREENING, "+390401234567", "on the allow list all, as all numbers"),
    ]


_PREFIXES = st.sampled_from(["", "+", "+39", "+3904", "+390612345678", "+44", "1", "*", "+3906"])
_NUMBER_LISTS = st.lists(
    st.builds(
        _list,
        st.sampled_from(ListKind),
        st.sampled_from(NumberField),
        _PREFIXES,
        _PREFIXES,
        name=st.text("ab", min_size=1),
        tenant=st.sampled_from(["", "acme", "zen"]),
        anonymous=st.booleans(),
        enabled=st.booleans(),
        trunk_ids=st.lists(st.sampled_from(["acme-pbx", "alpha-1", "zen-pbx"])).map(tuple),
    ),
    max_size=5,
)


@given(
    _NUMBER_LISTS,
    st.sampled_from(["+390612345678", "+442071234567", "112", "*72"]),
    st.sampled_from(["sip:+390401234567@h", "sip:+4420@h", "sip:100@h", _ANONYMOUS, "sip:h"]),
)
def test_no_call_passes_a_block_list_that_it_is_on(
    lists: list[NumberList], called: str, from_uri: str
) -> None:
    outcome = _world(*lists).decide(make_call(f"sip:{called}@h", from_uri=from_uri))
    calling = from_uri.removeprefix("sip:").partition("@")[0] if "@" in from_uri else ""
    is_anonymous = from_uri in (_ANONYMOUS, "sip:h")
    blocked = False
    for entry in lists:
        at_trunk = "acme-pbx" in entry.trunk_ids
        if not entry.enabled or entry.kind is not BLOCK or not (
            at_trunk if entry.tenant_id == "" else
            entry.tenant_id == "acme" and (at_trunk or not entry.trunk_ids)
        ):  # fmt: skip
            continue
        number = called if entry.field is CALLED else calling
        blocked |= any(number.startswith(prefix) for prefix in entry.prefixes)
        blocked |= entry.field is CALLING and entry.anonymous and is_anonymous
    is_blocked = isinstance(outcome, Reject) and outcome.code in (
        RejectCode.BLOCKED_CALLED,
        RejectCode.BLOCKED_CALLING,
    )
    assert is_blocked == blocked


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
    assert _code(make_world(), uri) == code


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
    assert _code(world, f"sip:{called}@203.0.113.1") == code


def test_a_number_is_understood_where_the_trunk_says_how_it_is_written() -> None:
    world = make_world()
    world.replace_trunk(
        pbx_trunk("acme-pbx", "acme", ACME_PBX_IP, number_format=NumberFormat.INTERNATIONAL_00)
    )
    assert _code(world, "sip:00390612345678@h") is None
    assert _code(world, "sip:0039899123456@h") == RejectCode.DESTINATION_DENIED


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
    assert (_code(world, f"sip:{called}@h") is None) == is_allowed


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
    assert _code(make(), f"sip:{called}@h") == code


def test_what_comes_from_carriers_is_of_no_class() -> None:
    world = make_world()
    world.dids = [*world.dids, world.dids[0].__class__("d", "+39899", "acme", "acme-pbx")]
    assert _code(world, f"sip:{_PREMIUM}@h", source_ip=ALPHA_IP) is None
    assert _code(world, f"sip:{_PREMIUM}@h", source_ip=ACME_PBX_IP) == RejectCode.LOOP


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
