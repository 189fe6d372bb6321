"""Whatever a record has in whatever key: it is stored, or refused by its place. What failed on the
database instead would be sent again for ever, and hold up all records behind it."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pointsman.models import CallEvent
from tests.calls import reported
from tests.kamailio.call_records.conftest import ReportingNode

_HALVES = ["\ud800", "a\udc00b", "\udc00\ud800"]
_TEXTS = st.one_of(
    st.text(max_size=2_000),
    # Halves of letters, too, which `st.text()` has none of.
    st.text(st.characters(exclude_categories=()), max_size=20),
    st.sampled_from(["", "<null>", "\0", "a\0b", "x" * 2_000, "\U0001f4de" * 1_025, *_HALVES]),
)
_NUMBERS = st.one_of(
    st.integers(),
    st.sampled_from([0, 699, 65_535, 2**31, 2**63 - 1, 2**63, -1, 10**400, float("nan"), 1e300]),
)
_MOMENTS = st.sampled_from(
    ["9999999999.999999", "0.000000", reported.moment(-3_600), "1", "", "9999999999.999999\n"]
)
_ATTEMPTS = st.lists(
    st.builds(
        reported.attempt,
        st.integers(0, 1_001),
        trunk=_TEXTS,
        sip_code=st.integers(-1, 700),
        q850=_TEXTS,
        rang=_MOMENTS,
    ),
    max_size=3,
)
_DEEP: Any = []
for _ in range(400):
    _DEEP = [_DEEP]
_ANYTHING = st.one_of(
    st.none(), st.booleans(), st.floats(), _TEXTS, _NUMBERS, st.just(_DEEP),
    st.dictionaries(_TEXTS, _TEXTS, max_size=2),
)  # fmt: skip


_OF_KIND: dict[type, st.SearchStrategy[Any]] = {str: _TEXTS, int: _NUMBERS, list: _ATTEMPTS}


@st.composite
def _values(draw: st.DrawFn, key: str, value: object) -> Any:
    """What a key may have instead of its value: mostly something of its kind."""
    if draw(st.integers(0, 9)) == 9:
        return draw(_ANYTHING)
    return draw(_MOMENTS if key in ("started", "at") else _OF_KIND[type(value)])


@st.composite
def _records(draw: st.DrawFn) -> dict[str, Any]:
    """Of a call of its own, so that it is not one that was stored already."""
    made = draw(st.sampled_from([reported.start, reported.answer, reported.end]))
    record: dict[str, Any] = made(str(draw(st.uuids())))
    changed = draw(st.sets(st.sampled_from(sorted(record)), max_size=3))
    unknown = draw(st.dictionaries(_TEXTS, _ANYTHING, max_size=1))
    return unknown | record | {key: draw(_values(key, record[key])) for key in sorted(changed)}


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(_records(), min_size=1, max_size=10))
async def test_any_record_is_stored_or_refused(
    node: ReportingNode, records: list[dict[str, Any]]
) -> None:
    answer = await node.send(json.dumps({"records": records}).encode())
    assert answer.status_code == 200, answer.text
    said = answer.json()
    counted = said["stored"] + said["duplicates"] + said["conflicts"] + len(said["refused"])
    assert counted == len(records)


@pytest.mark.parametrize("bad", [
    '"tenant": "\\ud800"', '"x_new": ["\\uDC00"]', '"\\ud800": 1', '"revision": NaN',
    '"\\ud800": 1, "\\ud800": 1',
])  # fmt: skip
async def test_one_that_no_database_takes_is_refused_and_those_beside_it_are_stored(
    node: ReportingNode, bad: str
) -> None:
    good = [json.dumps(made()) for made in (reported.start, reported.end)]
    spoilt = json.dumps(reported.answer("call-2"))[:-1] + f", {bad}}}"
    answer = await node.send(f'{{"records": [{good[0]}, {spoilt} ,{good[1]}]}}'.encode())
    assert answer.status_code == 200, answer.text
    (refused,) = answer.json()["refused"]
    assert (answer.json()["stored"], refused["index"]) == (2, 1)
    assert {event.content for event in await CallEvent.all()} == set(good)
