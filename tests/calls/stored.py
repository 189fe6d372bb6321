"""Calls that are stored, to be looked up by a test."""

import json
from typing import Any

from pointsman.calls.event import read_event
from pointsman.services.call_records import store_events
from tests.calls import reported


def at(second: float) -> dict[str, str]:
    """Of a call that starts so long after the first one."""
    return {"started": reported.moment(second), "at": reported.moment(second + 1)}


def rejected(call_id: str, second: float, **more: Any) -> list[dict[str, Any]]:
    """A call that the router refuses."""
    start = reported.start(call_id, **{"code": "NO_ROUTE", "match": "", **more})
    end = reported.end(call_id, cause="rejected", sip_code=404, to_tag="")
    return [start | at(second), end | at(second)]


def answered(call_id: str, second: float, **more: Any) -> list[dict[str, Any]]:
    """A call that was answered, and is over."""
    said: list[dict[str, Any]] = [
        reported.start(call_id, **more),
        reported.answer(call_id),
        reported.end(call_id),
    ]
    return [each | {"started": reported.moment(second)} for each in said]


async def store(*calls: list[dict[str, Any]]) -> None:
    """As a node reports them."""
    said = [each for call in calls for each in call]
    await store_events("node-1", [read_event(json.dumps(each).encode()) for each in said])
