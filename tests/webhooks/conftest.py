"""A database of a test's own, a webhook that leads to a receiver on loopback, and who sends."""

import ipaddress
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any

import pytest

from pointsman.auth import Principal
from pointsman.database import transaction
from pointsman.models import Event, EventKind, Webhook, WebhookAttempt, WebhookDelivery
from pointsman.services.events import NewEvent, raise_events
from pointsman.services.secrets import Secrets, new_key
from pointsman.services.webhook_targets import Targets
from pointsman.services.webhooks import create_webhook
from pointsman.webhooks.sender import Sender
from tests.services.conftest import committed
from tests.webhooks.receiver import Receiver, receiving

__all__ = ["committed"]

SECRETS = Secrets([new_key()])
SECRET = "canary-0123456789"
LOOPBACK = Targets((ipaddress.ip_network("127.0.0.0/8"),))


class Counts(Counter[str]):
    """What a sender counts."""

    def count_attempt(self, result: str) -> None:
        """An attempt."""
        self[result] += 1


def sender(counts: Counts | None = None, targets: Targets = LOOPBACK, **more: Any) -> Sender:
    """One that tries again at once, three times."""
    given: dict[str, Any] = {"delays_s": (0, 0, 0), **more}
    return Sender(SECRETS, targets, counts if counts is not None else Counts(), **given)


def resolving(*answers: Sequence[str]) -> Callable[[str], Any]:
    """A resolver that answers these in turn, the last one again and again."""
    left = list(answers)

    async def resolve(_host: str) -> Sequence[str]:
        return left.pop(0) if len(left) > 1 else left[0]

    return resolve


async def make_webhook(url: str, targets: Targets = LOOPBACK, **more: Any) -> Webhook:
    """A webhook of the platform that is told of trunks."""
    given: dict[str, Any] = {
        "name": "hook",
        "kinds": [EventKind.TRUNK_DOWN],
        "secret": SECRET,
        "secrets": SECRETS,
        **more,
    }
    admin = Principal("test administrator")
    return await create_webhook(admin, url=url, targets=targets, **given)


async def happen(count: int = 1, kind: EventKind = EventKind.TRUNK_DOWN) -> None:
    """Events."""
    async with transaction() as connection:
        told = [NewEvent({"trunk": {"name": f"t{number}"}}) for number in range(count)]
        await raise_events(connection, kind, told)


async def the_delivery() -> WebhookDelivery:
    """The one there is."""
    (row,) = await WebhookDelivery.all()
    return row


async def logged() -> list[tuple[int | None, str]]:
    """What all attempts came to."""
    return [(row.status, row.error) for row in await WebhookAttempt.all().order_by("at")]


async def event_ids() -> set[str]:
    """Of all events."""
    return {str(row.id) for row in await Event.all()}


@pytest.fixture
async def receiver(committed: str) -> AsyncIterator[Receiver]:
    async with receiving() as made:
        yield made


@pytest.fixture
async def webhook(receiver: Receiver) -> Webhook:
    return await make_webhook(receiver.url())
