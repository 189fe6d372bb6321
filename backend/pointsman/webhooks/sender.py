"""Tries the deliveries that are due, and says what became of them."""

import asyncio
import random
import ssl
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Protocol

import httpcore
import structlog

from pointsman.database import DATABASE_ERRORS, error_text
from pointsman.models import DeliveryState
from pointsman.services.secrets import SETTING, Secrets
from pointsman.services.validation import Refused
from pointsman.services.webhook_queue import (
    DELAYS_S,
    Attempt,
    Taken,
    store_attempt,
    take_due,
)
from pointsman.services.webhook_targets import BadTarget, Targets, read_url
from pointsman.webhooks.pinned_http import post
from pointsman.webhooks.request import body_of, headers_of

TIMEOUT_S = 10.0
# Of all webhooks together, of this process.
_MOST = 32
_POLL_S = 1.0
_RETRY_S = 5.0

log = structlog.get_logger()


class Counted(Protocol):
    """Where it is counted."""

    def count_attempt(self, result: str) -> None:
        """An attempt that was "delivered", "failed", or the last one, "given_up"."""


def spread() -> float:
    """The part of a delay that is waited: what fails together is not tried again together."""
    return random.uniform(0.8, 1.0)  # noqa: S311 -- nothing to guess


async def _take_safely(most: int) -> list[Taken]:
    """What is due; nothing for a while where the database does not say."""
    try:
        return await take_due(most)
    except DATABASE_ERRORS as error:
        log.warning("webhooks are told later", error=error_text(error))
    except Exception:
        log.exception("what is due cannot be taken")
    await asyncio.sleep(_RETRY_S)
    return []


class Sender:
    """Sends with the keys, to the targets and by the delays that it is given."""

    def __init__(
        self,
        secrets: Secrets,
        targets: Targets,
        counted: Counted,
        *,
        tls: ssl.SSLContext | None = None,
        delays_s: Sequence[float] = DELAYS_S,
        jitter: Callable[[], float] = spread,
        timeout_s: float = TIMEOUT_S,
    ) -> None:
        self._secrets = secrets
        self._targets = targets
        self._counted = counted
        self._tls = tls or ssl.create_default_context()
        self._delays_s = delays_s
        self._jitter = jitter
        self._timeout_s = timeout_s

    async def follow(self) -> None:
        """Send what is due until cancelled; what is under way then is sent again by the next who
        looks, when its time is over."""
        running: set[asyncio.Task[None]] = set()
        try:
            while True:
                taken = await _take_safely(_MOST - len(running))
                running |= {asyncio.create_task(self._send_safely(each)) for each in taken}
                if running:
                    _, running = await asyncio.wait(
                        running, timeout=_POLL_S, return_when=asyncio.FIRST_COMPLETED
                    )
                else:
                    await asyncio.sleep(_POLL_S)
        finally:
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)

    async def send_due(self) -> int:
        """Send what is due now; how much that was."""
        taken = await take_due(_MOST)
        await asyncio.gather(*(self.send(each) for each in taken))
        return len(taken)

    async def send(self, taken: Taken) -> None:
        """Try a delivery and store what it came to."""
        at, started = datetime.now(UTC), time.monotonic()
        status, error = await self._try(taken, int(at.timestamp()))
        duration_ms = round((time.monotonic() - started) * 1_000)
        attempt = Attempt(at, duration_ms, status, error)
        state = await store_attempt(taken, attempt, self._jitter, self._delays_s)
        if attempt.is_delivered:
            self._counted.count_attempt("delivered")
        elif state is DeliveryState.FAILED:
            self._counted.count_attempt("given_up")
            log.warning("an event is given up", webhook=str(taken.webhook_id),
                        event_id=str(taken.event_id), status=status, error=error)  # fmt: skip
        else:
            self._counted.count_attempt("failed")

    async def _send_safely(self, taken: Taken) -> None:
        """What fails beyond the attempt itself is tried again when its time is over."""
        try:
            await self.send(taken)
        except DATABASE_ERRORS as error:
            log.warning("what became of a delivery is not stored", error=error_text(error))
        except Exception:
            log.exception("a delivery failed", webhook=str(taken.webhook_id))

    async def _try(self, taken: Taken, unix_time: int) -> tuple[int | None, str]:
        """The status that was answered, or why there was none."""
        secret = self._secrets.unseal(taken.secret)
        if secret is None:
            return None, f"no key of {SETTING} opens the webhook's secret"
        body = body_of(taken)
        headers = headers_of(taken, body, secret, unix_time)
        try:
            target = read_url(taken.url)
            addresses = await self._targets.find(target)
            status = await post(
                target,
                addresses,
                body=body,
                headers=headers,
                tls=self._tls,
                timeout_s=self._timeout_s,
            )
        except (BadTarget, Refused) as error:
            return None, str(error)
        except TimeoutError:
            return None, f"no answer within {self._timeout_s:g} s"
        except httpcore.ConnectError as error:
            return None, f"it cannot be connected to: {error}"
        except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError) as error:
            # Not its text, which may have some of the answer.
            return None, f"the connection failed: {type(error).__name__}"
        return status, ""
