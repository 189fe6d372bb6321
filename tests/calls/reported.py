"""What Kamailio writes of a call, as dictionaries to be changed by a test."""

from typing import Any

STARTED = 1_795_000_000
NODE = "node-1"


def moment(after_s: float = 0.0) -> str:
    """So long after the call started."""
    return f"{STARTED + after_s:.6f}"


def _event(kind: str, call_id: str, after_s: float, more: dict[str, Any]) -> dict[str, Any]:
    return {
        "kind": kind,
        "node": NODE,
        "call_id": call_id,
        "from_tag": "a1",
        "started": moment(),
        "at": moment(after_s),
        **more,
    }


def start(call_id: str = "call-1", after_s: float = 0.25, **more: Any) -> dict[str, Any]:
    """The router has decided."""
    said = {
        "tenant": "",
        "source_trunk": "trunk-0",
        "calling_number": "+390401234567",
        "called_number": "+390612345678",
        "decision": "4ba88ad0c149bf42",
        "revision": 25,
        "code": "ROUTING_RULE",
        "match": "102bc840-91fa-45df-875a-7c62e42441f7",
        "source_ip": "192.0.2.1",
        "source_port": 5060,
        "transport": "udp",
        "request_uri": "sip:+390612345678@192.0.2.9",
        "from_uri": "sip:+390401234567@acme.example",
        "to_uri": "sip:+390612345678@192.0.2.9",
        "received_ip": "192.0.2.9",
        "received_port": 5060,
    }
    return _event("start", call_id, after_s, {**said, **more})


def attempt(place: int = 0, **more: Any) -> dict[str, Any]:
    """One try, answered."""
    said = {
        "place": place,
        "trunk": "trunk-1",
        "endpoint": "endpoint-1",
        "carrier": "carrier-1",
        "sip_code": 200,
        "sip_reason": "OK",
        "q850": "",
        "sent": moment(0.25),
        "rang": moment(1),
        "ended": moment(2),
        "end": "ANSWERED",
    }
    return {**said, **more}


def answer(call_id: str = "call-1", after_s: float = 2.0, **more: Any) -> dict[str, Any]:
    """A 200 went to the caller."""
    said = {
        "to_tag": "b2",
        "trunk": "trunk-1",
        "endpoint": "endpoint-1",
        "carrier": "carrier-1",
        "sip_code": 200,
        "attempts": [attempt()],
    }
    return _event("answer", call_id, after_s, {**said, **more})


def end(call_id: str = "call-1", after_s: float = 62.5, **more: Any) -> dict[str, Any]:
    """The caller hung up."""
    said = {
        "cause": "bye_caller",
        "sip_code": 200,
        "sip_reason": "OK",
        "q850": "Q.850;cause=16",
        "to_tag": "b2",
        "attempts": [],
    }
    return _event("end", call_id, after_s, {**said, **more})
