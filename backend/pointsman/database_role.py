"""What the roles have in common that answer from the database, and that no call waits for."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

import uvicorn
from fastapi import FastAPI
from fastapi.responses import JSONResponse

from pointsman.app import http_options
from pointsman.database import DATABASE_ERRORS, error_text, missing_migrations
from pointsman.priority import OTHERS_NICE, set_priority

# A probe does not wait longer.
_READY_TIMEOUT_S = 2.0


def serve_role(application: FastAPI, host: str, port: int) -> None:
    """Serve a role in this process until it is told to stop."""
    # Calls come first where there is no core for each.
    set_priority(OTHERS_NICE)
    uvicorn.run(application, host=host, port=port, http="httptools", **http_options())


def add_readiness(app: FastAPI, tell: Callable[[], Awaitable[Mapping[str, object]]]) -> None:
    """/readyz: whether the database answers and is migrated; `tell` says more where it is."""

    @app.get("/readyz")
    async def readyz() -> JSONResponse:
        """Whether it may be asked."""
        try:
            async with asyncio.timeout(_READY_TIMEOUT_S):
                missing = await missing_migrations()
                more = {} if missing else await tell()
        except DATABASE_ERRORS as error:
            return JSONResponse({"ready": False, "database": error_text(error)}, 503)
        ready = {"ready": not missing, "missing_migrations": missing, **more}
        return JSONResponse(ready, 503 if missing else 200)
