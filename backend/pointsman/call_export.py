"""GET /calls/export: all calls of a range of time, as a file, by the token that GraphQL takes."""

from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Header, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse

from pointsman.auth import authenticate
from pointsman.call_sheet import MEDIA_TYPES, SheetFormat, head_of, write_calls
from pointsman.calls.call import CallOutcome
from pointsman.errors import InvalidInput, NotFound, Problem
from pointsman.services.call_export import Row, export_calls
from pointsman.services.call_filter import CallFilter
from pointsman.services.validation import Problems, Refused

PATH = "/calls/export"


def build_call_export() -> APIRouter:
    """The path, for the control role; raises Unauthenticated for a caller without a good token."""
    router = APIRouter()

    @router.get(PATH)
    async def export(
        request: Request, authorization: Annotated[str | None, Header()] = None
    ) -> Response:
        """The calls, as they are read; what is wrong is told before the first of them."""
        principal = await authenticate(authorization)
        try:
            form, asked = read_query(request.query_params.multi_items())
            batches = export_calls(principal, asked)
            first: list[Row] = await anext(batches, [])
        except InvalidInput as error:
            return _refusal(400, error.code, error.problems)
        except NotFound as error:
            problem = Problem(error.path, str(error), "give an id that there is")
            return _refusal(404, error.code, [problem])
        return StreamingResponse(
            _written(form, first, batches),
            media_type=MEDIA_TYPES[form],
            headers={
                "Content-Disposition": f'attachment; filename="calls.{form}"',
                "Cache-Control": "no-store",
                "X-Content-Type-Options": "nosniff",
            },
        )

    return router


async def _written(
    form: SheetFormat, first: list[Row], batches: AsyncIterator[list[Row]]
) -> AsyncIterator[bytes]:
    yield head_of(form) + write_calls(form, first)
    async for rows in batches:
        yield write_calls(form, rows)


def _refusal(status: int, code: str, problems: Sequence[Problem]) -> JSONResponse:
    shown = [
        {
            "message": f"{problem.message}: {problem.fix}",
            "extensions": {"code": code, "field": problem.path},
        }
        for problem in problems
    ]
    return JSONResponse({"errors": shown}, status)


def read_query(given: Sequence[tuple[str, str]]) -> tuple[SheetFormat, CallFilter]:
    """The format and the filter in a query; raises InvalidInput for what is not read, since a
    condition that is left out would mean more calls."""
    problems = Problems()
    found: dict[str, Any] = {}
    for name, text in given:
        if name not in _FIELDS:
            problems.add(name, "is no condition", f"use {', '.join(_FIELDS)}")
        elif _FIELDS[name][0] in found:
            problems.add(name, "is given twice", "give it once")
        else:
            field, read = _FIELDS[name]
            found[field] = problems.check(name, read, text)
    problems.raise_if_any()
    form = found.pop("format", SheetFormat.CSV)
    return form, CallFilter(**found)


def _text(text: str) -> str:
    if "\0" in text:
        raise Refused("it has a NUL", "leave it out")
    return text


def _number(text: str) -> str:
    if text.startswith(" "):
        raise Refused("it begins with a blank", "write a plus as %2B")
    return _text(text)


def _time(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        fix = "write it as 2026-12-24T18:00Z, and a plus in it as %2B"
        raise Refused(f"{text!r} is no time", fix) from None


def _code(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 3):
        raise Refused(f"{text!r} is no SIP code", "give 100 to 699, or 0 for calls without one")
    return int(text)


def _outcome(text: str) -> CallOutcome:
    try:
        return CallOutcome(text)
    except ValueError:
        raise Refused(f"{text!r} is no outcome", f"use {', '.join(CallOutcome)}") from None


def _format(text: str) -> SheetFormat:
    try:
        return SheetFormat(text)
    except ValueError:
        raise Refused(f"{text!r} is no format", f"use {', '.join(SheetFormat)}") from None


# By the names of GraphQL's filter: the field of CallFilter, and how it is read.
_FIELDS: dict[str, tuple[str, Callable[[str], object]]] = {
    "format": ("format", _format),
    "startedFrom": ("started_from", _time),
    "startedTo": ("started_to", _time),
    "tenantId": ("tenant_id", _text),
    "callingNumber": ("calling_number", _number),
    "calledNumber": ("called_number", _number),
    "callingNumberPrefix": ("calling_number_prefix", _number),
    "calledNumberPrefix": ("called_number_prefix", _number),
    "sourceTrunkId": ("source_trunk_id", _text),
    "trunkId": ("trunk_id", _text),
    "carrierId": ("carrier_id", _text),
    "outcome": ("outcome", _outcome),
    "sipCode": ("sip_code", _code),
    "sipCallId": ("sip_call_id", _text),
}
