"""The records role: it stores what Kamailio nodes report of their calls, apart from the roles that
calls wait for."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import structlog
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from pointsman.app import build_application
from pointsman.calls.call_statistics import StatisticsResolution
from pointsman.database import DATABASE_ERRORS, connected, error_text
from pointsman.database_role import add_readiness, serve_role
from pointsman.database_url import connection_parameters
from pointsman.errors import Unauthenticated
from pointsman.kamailio.call_records import build_call_records
from pointsman.kamailio.status import status_routes
from pointsman.services.incomplete_calls import mark_incomplete_calls
from pointsman.services.record_intake import TooManyRecords
from pointsman.services.record_partitions import keep_days
from pointsman.services.statistics_due import waiting_minutes
from pointsman.services.statistics_marks import clear_statistics
from pointsman.services.statistics_recount import recount_due
from pointsman.settings import Settings
from pointsman.telemetry import RecordsMetrics

# How often calls are looked for whose end did not come.
_MARK_EVERY_S = 30.0
# How often days are looked for that are missing, or whose time has come; and sooner when the last
# look came to nothing.
_DAYS_EVERY_S = 3600.0
_DAYS_AGAIN_S = 30.0

log = structlog.get_logger()


def serve(settings: Settings, database_url: str) -> None:
    """Serve the role in this process until it is told to stop."""
    application = build_records(settings, database_url)
    serve_role(application, settings.records_host, settings.records_port)


def build_records(settings: Settings, database_url: str) -> FastAPI:
    """The application: what nodes report, health and metrics."""
    metrics = RecordsMetrics()
    connection_parameters(database_url)  # a bad one stops the start

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with connected(database_url):
            tasks = [
                asyncio.create_task(_mark_incomplete(settings, metrics)),
                asyncio.create_task(_keep_days(settings.records_retention_days)),
                asyncio.create_task(_count_calls(settings.statistics_every_s, metrics)),
                asyncio.create_task(_clear_statistics(settings)),
            ]
            try:
                yield
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.wait(tasks)

    app = build_application(lifespan, metrics, None)
    _add_refusals(app, metrics)
    app.include_router(build_call_records(metrics, settings.records_max_body_bytes))
    app.include_router(status_routes)
    add_readiness(app, _no_more)
    return app


async def _no_more() -> dict[str, object]:
    """To say of readiness."""
    return {}


def _add_refusals(app: FastAPI, metrics: RecordsMetrics) -> None:
    """Why a report is refused, as the router says why it refuses a question."""

    def refuse(status: int, code: str, message: str, headers: dict[str, str]) -> JSONResponse:
        metrics.reports_refused.labels(code).inc()
        error = {"code": code, "field": "", "message": message}
        return JSONResponse({"error": error}, status, headers)

    async def unauthenticated(_: Request, error: Exception) -> JSONResponse:
        return refuse(401, Unauthenticated.code, str(error), {"www-authenticate": "Bearer"})

    async def unavailable(_: Request, error: Exception) -> JSONResponse:
        """Whoever reports keeps what it has and reports it again."""
        log.error("nothing can be stored", error=error_text(error))
        message = "the database does not answer: send it again"
        return refuse(503, "UNAVAILABLE", message, {"retry-after": "1"})

    async def full(_: Request, _error: Exception) -> JSONResponse:
        message = "more records wait than can be stored in time: send it again"
        return refuse(503, "TOO_MANY_RECORDS", message, {"retry-after": "1"})

    app.add_exception_handler(Unauthenticated, unauthenticated)
    app.add_exception_handler(TooManyRecords, full)
    for kind in DATABASE_ERRORS:
        app.add_exception_handler(kind, unavailable)


async def _mark_incomplete(settings: Settings, metrics: RecordsMetrics) -> None:
    limits = settings.records_longest_ringing_s, settings.records_longest_call_s
    while True:
        try:
            metrics.incomplete.inc(await mark_incomplete_calls(*limits))
        except DATABASE_ERRORS as error:
            log.warning("calls without an end are looked for later", error=error_text(error))
        await asyncio.sleep(_MARK_EVERY_S)


async def _keep_days(retention_days: int) -> None:
    while True:
        try:
            days = await keep_days(datetime.now(UTC).date(), retention_days)
        except DATABASE_ERRORS as error:
            log.warning("days of calls are made later", error=error_text(error))
            await asyncio.sleep(_DAYS_AGAIN_S)
            continue
        for day in days.dropped:
            log.info(
                "calls dropped: they were older than POINTSMAN_RECORDS_RETENTION_DAYS", day=str(day)
            )
        await asyncio.sleep(_DAYS_EVERY_S)


async def _count_calls(every_s: float, metrics: RecordsMetrics) -> None:
    while True:
        try:
            await recount_due()
            minutes, seconds = await waiting_minutes()
        except DATABASE_ERRORS as error:
            log.warning("calls are counted later", error=error_text(error))
        else:
            metrics.due_minutes.set(minutes)
            metrics.due_seconds.set(seconds)
        await asyncio.sleep(every_s)


async def _clear_statistics(settings: Settings) -> None:
    keep_days = {
        StatisticsResolution.MINUTE: settings.statistics_minutes_keep_days,
        StatisticsResolution.HOUR: settings.statistics_hours_keep_days,
        StatisticsResolution.DAY: settings.statistics_days_keep_days,
    }
    while True:
        try:
            await clear_statistics(datetime.now(UTC), keep_days)
        except DATABASE_ERRORS as error:
            log.warning("old statistics are deleted later", error=error_text(error))
        await asyncio.sleep(_DAYS_EVERY_S)
