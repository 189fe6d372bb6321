"""The control: a bare ASGI callable that parses the JSON and answers a constant."""

import json
import os
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any

DOCUMENT: dict[str, Any] = {
    "rtjson": {
        "success": True,
        "version": "1.0",
        "routing": "serial",
        "routes": [
            {
                "uri": "sip:+390612345678@127.0.0.21:5081",
                "dst_uri": "sip:127.0.0.21:5081",
                "path": "",
                "socket": "",
                "headers": {
                    "from": {"display": '"Alice"', "uri": "sip:+390401234567@acme.example"},
                    "to": {"display": "", "uri": "sip:+390612345678@127.0.0.21"},
                    "extra": "",
                },
                "branch_flags": 0,
                "fr_timer": 5000,
                "fr_inv_timer": 30000,
            }
        ]
        * 2,
    },
    "auth": None,
}
# An answer of the router's that it was given before, where a caller has to be able to use it.
_GIVEN = os.environ.get("BENCH_ANSWER")
_ANSWER = Path(_GIVEN).read_bytes() if _GIVEN else json.dumps(DOCUMENT).encode()
_HEADERS = [
    (b"content-type", b"application/json"),
    (b"content-length", b"%d" % len(_ANSWER)),
]


async def app(
    scope: MutableMapping[str, Any],
    receive: Callable[[], Awaitable[MutableMapping[str, Any]]],
    send: Callable[[MutableMapping[str, Any]], Awaitable[None]],
) -> None:
    """Answer one request."""
    if scope["type"] != "http":
        return
    message = await receive()
    body = message.get("body", b"")
    while message.get("more_body"):
        message = await receive()
        body += message.get("body", b"")
    json.loads(body or b"{}")
    await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
    await send({"type": "http.response.body", "body": _ANSWER})
