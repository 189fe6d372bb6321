"""Refuses a request body that is too long, without reading it to its end."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from starlette.responses import JSONResponse

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
ASGIApp = Callable[[MutableMapping[str, Any], Receive, Send], Awaitable[None]]


class _TooLong(Exception):
    pass


class BodyLimit:
    """Answers 413 to a body of more than `max_bytes`."""

    def __init__(self, app: ASGIApp, max_bytes: int) -> None:
        self._app = app
        self._max_bytes = max_bytes

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        read = 0

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > self._max_bytes:
                raise _TooLong
            return message

        try:
            if self._announced(scope) > self._max_bytes:
                raise _TooLong
            await self._app(scope, counted, send)
        except _TooLong:
            message = f"the body is too long: send {self._max_bytes} bytes at most"
            error = {"message": message, "extensions": {"code": "TOO_LARGE"}}
            refusal = JSONResponse({"errors": [error]}, 413, {"connection": "close"})
            await refusal(scope, receive, send)

    @staticmethod
    def _announced(scope: MutableMapping[str, Any]) -> int:
        for name, value in scope["headers"]:
            if name == b"content-length" and value.isdigit():
                return int(value)
        return 0
