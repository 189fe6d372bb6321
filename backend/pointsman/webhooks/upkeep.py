"""What is done about events beside sending them: how many wait is shown, and old ones go."""

import asyncio
import time
from typing import Protocol

import structlog

from pointsman.database import DATABASE_ERRORS, error_text
from pointsman.services.events import forget_events
from pointsman.services.webhook_queue import count_waiting

_SHOW_EVERY_S = 15.0
_FORGET_EVERY_S = 3_600.0

log = structlog.get_logger()


class Shown(Protocol):
    """Where it is shown."""

    def show_waiting(self, pending: int, overdue_s: float) -> None:
        """Of services.webhook_queue.count_waiting."""


async def keep_up(shown: Shown, keep_days: int) -> None:
    """Do it until cancelled."""
    forgotten_at: float | None = None
    while True:
        try:
            shown.show_waiting(*await count_waiting())
            if forgotten_at is None or time.monotonic() - forgotten_at > _FORGET_EVERY_S:
                await forget_events(keep_days)
                forgotten_at = time.monotonic()
        except DATABASE_ERRORS as error:
            log.warning("events are looked after later", error=error_text(error))
        except Exception:
            log.exception("events are not looked after")
        await asyncio.sleep(_SHOW_EVERY_S)
