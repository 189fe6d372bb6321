import json
from typing import Any

import pytest

from pointsman.calls.event import AnswerEvent, BadEvent, EndEvent, StartEvent, read_event
from tests.calls import reported


def _read(said: object) -> Any:
    return read_event(json.dumps(said).encode())


def test_an_event_is_read_as_what_its_kind_says() -> None:
    assert isinstance(_read(reported.start()).event, StartEvent)
    assert isinstance(_read(reported.answer()).event, AnswerEvent)
    assert isinstance(_read(reported.end()).event, EndEvent)


def test_events_of_a_call_have_its_key_and_keys_of_their_own() -> None:
    events = [_read(said).event for said in (reported.start(), reported.answer(), reported.end())]
    assert len({event.call_key for event in events}) == 1
    assert len({event.key for event in events}) == 3


@pytest.mark.parametrize(
    "other",
    [
        {"node": "node-2"},
        {"call_id": "call-2"},
        {"from_tag": "a2"},
        {"started": reported.moment(0.000001)},
        # what would be the same text if the parts were joined
        {"call_id": "call-1a", "from_tag": "1"},
    ],
)
def test_a_call_is_named_by_node_call_id_tag_and_start_together(other: dict[str, str]) -> None:
    one, two = _read(reported.start()).event, _read({**reported.start(), **other}).event
    assert one.call_key != two.call_key
    assert one.key != two.key


def test_an_event_says_the_same_in_any_order_of_its_keys() -> None:
    said = reported.start()
    turned = dict(reversed(said.items()))
    assert _read(said).content_sha256 == _read(turned).content_sha256
    assert _read(said).content_sha256 != _read({**said, "code": "DID"}).content_sha256


def test_unknown_keys_are_kept_as_they_came() -> None:
    content = json.dumps({**reported.start(), "x_new": [1, None]}, indent=1)
    assert read_event(content.encode()).content == content


def test_a_null_of_kamailio_is_an_empty_text() -> None:
    found = _read({**reported.start(), "to_uri": "<null>", "from_tag": "<null>"}).event
    assert (found.to_uri, found.from_tag) == ("", "")


def _without(name: str) -> dict[str, Any]:
    return {key: value for key, value in reported.start().items() if key != name}


@pytest.mark.parametrize(
    ("said", "field", "reason"),
    [
        (_without("node"), "node", "missing"),
        (_without("tenant"), "tenant", "missing"),
        (_without("kind"), "kind", "missing"),
        (reported.start() | {"kind": "middle"}, "kind", "Invalid value"),
        (reported.start() | {"call_id": ""}, "call_id", "length >= 1"),
        (reported.start() | {"call_id": "<null>"}, "call_id", "length >= 1"),
        (reported.start() | {"started": "1795000000"}, "started", "matching"),
        (reported.start() | {"started": "1795000000.5"}, "started", "matching"),
        (reported.start() | {"at": "-1.000000"}, "at", "matching"),
        (reported.start() | {"at": 1795000000.5}, "at", "Expected `str`"),
        (reported.start() | {"revision": "25"}, "revision", "Expected `int`"),
        (reported.start() | {"revision": 2**63}, "revision", ""),
        (reported.start() | {"source_port": 65536}, "source_port", "<= 65535"),
        (reported.end() | {"cause": "bored"}, "cause", "Invalid enum value"),
        (reported.end() | {"sip_code": 700}, "sip_code", "<= 699"),
        (reported.end(attempts=[{"place": 0}]), "attempts[0]", "missing"),
        (reported.end(attempts=[reported.attempt(end="?")]), "attempts[0].end", "enum"),
        (reported.start() | {"tenant": "\ud800"}, "tenant", "half of a letter"),
        (reported.start() | {"call_id": "a\udc00"}, "call_id", "half of a letter"),
        (reported.start() | {"x_new": [{"y": "\udfff"}]}, "x_new", "half of a letter"),
        (reported.start() | {"\ud800": 1}, "?", "half of a letter"),
        (reported.end(attempts=[reported.attempt(q850="\udc00")]), "attempts", "half of a letter"),
        (["\ud800"], "", "half of a letter"),
        ([], "", "Expected `object`"),
    ],
)
def test_what_is_wrong_is_refused_by_its_field(said: Any, field: str, reason: str) -> None:
    with pytest.raises(BadEvent) as caught:
        _read(said)
    assert caught.value.field == field
    assert reason in str(caught.value)


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"\xff", b'{"a": "\x00"}', b"[" * 100_000, b"1" * 10_000, b'{"a": -Infinity}'],
)
def test_what_is_no_json_is_refused(content: bytes) -> None:
    with pytest.raises(BadEvent, match="it is no JSON"):
        read_event(content)


def test_a_key_given_twice_is_refused() -> None:
    content = json.dumps(reported.start())
    with pytest.raises(BadEvent, match="given twice") as caught:
        read_event(content.replace("{", '{"tenant": "another", ', 1).encode())
    assert caught.value.field == "tenant"
