"""Number lists: who may call whom."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pointsman.routing.normalization_profile import NumberField
from pointsman.routing.number_list import ListKind, NumberList
from pointsman.routing.outcome import Note, Reject, RejectCode, Step, Trace
from tests.routing.screened import code_of
from tests.routing.world import ALPHA_IP, World, make_call, make_world

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
    assert code_of(_world(*lists)) == code


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
    assert code_of(_world(*lists), _INBOUND, source_ip=ALPHA_IP, from_uri=from_uri) == code


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
    assert code_of(_world(*lists), from_uri=from_uri, asserted=asserted) == code


def test_what_is_dialled_as_it_is_can_be_listed() -> None:
    world = _world(_list(BLOCK, CALLED, "*", "118"))
    assert code_of(world, "sip:*72@h") == RejectCode.BLOCKED_CALLED
    assert code_of(world, "sip:11811@h") == RejectCode.BLOCKED_CALLED
    assert code_of(world, "sip:112@h") is None
    assert code_of(world, "sip:john@h") is None


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
