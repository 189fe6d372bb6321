"""Several processes share the deliveries, and one that is killed loses none."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest

from pointsman.database import transaction
from pointsman.models import (
    DeliveryState,
    Event,
    EventKind,
    Webhook,
    WebhookAttempt,
    WebhookDelivery,
)
from pointsman.services.events import GIVE_UP_AFTER_H, NewEvent, forget_events, raise_events
from pointsman.services.webhook_queue import (
    DELAYS_S,
    Attempt,
    count_waiting,
    store_attempt,
    take_due,
)
from pointsman.webhooks.sender import Sender, spread
from tests.waiting import until
from tests.webhooks.conftest import (
    event_ids,
    happen,
    logged,
    make_webhook,
    sender,
    the_delivery,
)
from tests.webhooks.receiver import NOTHING, OK, Receiver, receiving


async def _send_all(by: Sender) -> None:
    while await by.send_due():
        pass


async def test_two_who_send_do_not_send_the_same(receiver: Receiver, webhook: Webhook) -> None:
    await happen(40)
    await asyncio.gather(*(_send_all(sender()) for _ in range(4)))
    await _send_all(sender())
    assert sorted(receiver.ids) == sorted(await event_ids())
    assert await WebhookDelivery.filter(state=DeliveryState.DELIVERED).count() == 40


async def test_what_one_has_taken_nobody_else_takes(webhook: Webhook) -> None:
    await happen(20)
    taken = await asyncio.gather(*(take_due(2) for _ in range(4)))
    ids = [each.id for some in taken for each in some]
    assert len(ids) == len(set(ids))


async def test_what_a_killed_one_had_is_sent_by_the_next(
    receiver: Receiver, webhook: Webhook
) -> None:
    await happen()
    receiver.answers = [NOTHING, OK]
    killed = asyncio.create_task(sender().follow())
    await receiver.arrived.wait()
    killed.cancel()
    with suppress(asyncio.CancelledError):
        await killed
    assert await sender().send_due() == 0
    past = datetime.now(UTC) - timedelta(seconds=1)
    await WebhookDelivery.all().update(claimed_until=past)
    assert await sender().send_due() == 1
    assert len(set(receiver.ids)) == 1
    assert len(receiver.ids) == 2
    assert (await the_delivery()).state is DeliveryState.DELIVERED


async def test_whose_time_is_over_changes_nothing_any_more(webhook: Webhook) -> None:
    await happen()
    (slow,) = await take_due(1, lease_s=0)
    (quick,) = await take_due(1)
    at = datetime.now(UTC)
    assert await store_attempt(quick, Attempt(at, 1, 200), spread) is DeliveryState.DELIVERED
    assert await store_attempt(slow, Attempt(at, 1, 500), spread) is None
    assert (await the_delivery()).state is DeliveryState.DELIVERED
    assert len(await logged()) == 2


async def test_one_that_does_not_answer_holds_up_nobody_else(
    receiver: Receiver, webhook: Webhook
) -> None:
    await happen(10)
    async with receiving() as other:
        await make_webhook(other.url(), name="other", kinds=[EventKind.TRUNK_UP])
        await happen(kind=EventKind.TRUNK_UP)
        taken = await take_due(100)
        assert sorted(each.kind for each in taken) == ["TRUNK_DOWN"] * 4 + ["TRUNK_UP"]
        assert await take_due(100) == []


async def test_it_is_sent_without_being_asked_and_ends_when_it_is_told_to(
    receiver: Receiver, webhook: Webhook
) -> None:
    following = asyncio.create_task(sender().follow())
    await happen(5)
    await until(lambda: len(receiver.received) == 5)
    following.cancel()
    with suppress(asyncio.CancelledError):
        await following
    assert sorted(receiver.ids) == sorted(await event_ids())


def test_the_delays_grow_and_end_within_a_day() -> None:
    assert list(DELAYS_S) == sorted(DELAYS_S)
    assert 0.95 * GIVE_UP_AFTER_H < sum(DELAYS_S) / 3_600 < GIVE_UP_AFTER_H
    parts = [spread() for _ in range(1_000)]
    assert all(0.8 <= part <= 1 for part in parts)
    assert len(set(parts)) > 500


@pytest.mark.parametrize(("failed", "delay_s"), [(1, 10), (2, 30), (11, 28_800), (12, 28_800)])
async def test_the_next_attempt_is_after_the_delay_of_this_one(
    webhook: Webhook, failed: int, delay_s: float
) -> None:
    await happen()
    await WebhookDelivery.all().update(attempts=failed - 1)
    (taken,) = await take_due(1)
    before = datetime.now(UTC)
    await store_attempt(taken, Attempt(before, 1, 500), lambda: 0.5)
    due_at = (await the_delivery()).due_at
    waited = timedelta(seconds=delay_s / 2)
    slack = timedelta(seconds=60)
    assert before + waited - slack < due_at < datetime.now(UTC) + waited + slack
    assert await take_due(1) == []


async def test_after_a_day_it_is_given_up_however_often_it_was_tried(webhook: Webhook) -> None:
    await happen()
    await WebhookDelivery.all().update(give_up_at=datetime.now(UTC) - timedelta(seconds=1))
    (taken,) = await take_due(1)
    state = await store_attempt(taken, Attempt(datetime.now(UTC), 1, 500), spread)
    assert state is DeliveryState.FAILED


async def test_what_waits_is_counted(receiver: Receiver, webhook: Webhook) -> None:
    assert await count_waiting() == (0, 0.0)
    await happen(3)
    await WebhookDelivery.all().update(due_at=datetime.now(UTC) - timedelta(hours=1))
    pending, overdue_s = await count_waiting()
    assert pending == 3
    assert overdue_s >= 3_600
    await Webhook.all().update(enabled=False)
    assert await count_waiting() == (0, 0.0)


async def test_old_events_go_with_their_deliveries(receiver: Receiver, webhook: Webhook) -> None:
    await happen(2)
    await sender().send_due()
    old, kept = await Event.all()
    old.at = datetime.now(UTC) - timedelta(days=31)
    await old.save()
    assert await forget_events(30) == 1
    assert await event_ids() == {str(kept.id)}
    assert await WebhookAttempt.all().count() == await WebhookDelivery.all().count() == 1


async def test_an_event_that_is_rolled_back_is_told_to_nobody(webhook: Webhook) -> None:
    class Undone(Exception):
        pass

    with suppress(Undone):
        async with transaction() as connection:
            await raise_events(connection, EventKind.TRUNK_DOWN, [NewEvent({})])
            raise Undone
    assert await take_due(1) == []
    assert await Event.all().count() == 0
