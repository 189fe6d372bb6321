"""Deliveries, to a real server by real HTTP."""

import re
import time
from pathlib import Path
from typing import Any

import pytest

from pointsman.models import DeliveryState, Event, EventKind, Webhook
from pointsman.services.secrets import Secrets, new_key
from pointsman.webhooks.sender import Sender
from tests.webhooks.conftest import (
    LOOPBACK,
    SECRET,
    Counts,
    happen,
    logged,
    make_webhook,
    sender,
    the_delivery,
)
from tests.webhooks.receiver import NOTHING, OK, Receiver, receiving

_DOCUMENT = Path(__file__).parents[2] / "docs" / "events.md"
_ERROR = b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n"


def _documented() -> dict[str, Any]:
    """The code with which a receiver proves who sends."""
    found = re.search(r"```python\n(.*?)```", _DOCUMENT.read_text(), re.DOTALL)
    assert found
    namespace: dict[str, Any] = {}
    exec(found[1], namespace)  # noqa: S102 -- of our own documentation
    return namespace


async def test_an_event_is_posted_as_json_with_its_signature(
    receiver: Receiver, webhook: Webhook
) -> None:
    await happen()
    counts = Counts()
    assert await sender(counts).send_due() == 1
    (row,) = await Event.all()
    (request,) = receiver.received
    assert request.line == "POST /hook HTTP/1.1"
    assert request.event == {
        "id": str(row.id),
        "kind": "TRUNK_DOWN",
        "at": row.at.isoformat().replace("+00:00", "Z"),
        "tenant": None,
        "data": {"trunk": {"name": "t0"}},
    }
    assert request.headers["Host"] == f"127.0.0.1:{receiver.port}"
    assert request.headers["Content-Type"] == "application/json"
    assert request.headers["Pointsman-Event-Id"] == str(row.id)
    header = request.headers["Pointsman-Signature"]
    is_genuine = _documented()["is_genuine"]
    assert is_genuine(header, request.body, SECRET)
    assert not is_genuine(header, request.body + b" ", SECRET)
    assert not is_genuine(header, request.body, "another")
    assert not is_genuine(header.replace("t=1", "t=2"), request.body, SECRET)
    assert not is_genuine(header, request.body, SECRET, tolerance_s=-1)
    assert abs(int(re.findall(r"t=(\d+)", header)[0]) - time.time()) < 3_600
    delivery = await the_delivery()
    assert (delivery.state, delivery.claimed_until) == (DeliveryState.DELIVERED, None)
    assert delivery.ended_at is not None
    assert await logged() == [(204, "")]
    assert counts == {"delivered": 1}
    assert await sender().send_due() == 0


async def test_only_what_is_wanted_is_sent(receiver: Receiver, webhook: Webhook) -> None:
    await happen(kind=EventKind.TRUNK_UP)
    assert await sender().send_due() == 0
    webhook.enabled = False
    await webhook.save()
    await happen()
    assert await sender().send_due() == 0
    assert receiver.received == []


async def test_what_waits_for_a_disabled_webhook_is_sent_once_it_is_enabled(
    receiver: Receiver, webhook: Webhook
) -> None:
    await happen()
    await Webhook.all().update(enabled=False)
    assert await sender().send_due() == 0
    await Webhook.all().update(enabled=True)
    assert await sender().send_due() == 1
    assert len(receiver.received) == 1


async def test_what_fails_is_sent_again_the_same(receiver: Receiver, webhook: Webhook) -> None:
    await happen()
    receiver.answers = [_ERROR, b"what?\r\n\r\n", OK]
    counts = Counts()
    while await sender(counts).send_due():
        pass
    assert [status for status, _ in await logged()] == [500, None, 204]
    assert len({request.body for request in receiver.received}) == 1
    assert (await the_delivery()).state is DeliveryState.DELIVERED
    assert counts == {"failed": 2, "delivered": 1}


async def test_after_the_last_delay_it_is_given_up(
    receiver: Receiver, webhook: Webhook, capfd: pytest.CaptureFixture[str]
) -> None:
    await happen()
    receiver.answers = [_ERROR]
    counts = Counts()
    while await sender(counts).send_due():
        pass
    assert [status for status, _ in await logged()] == [500] * 4
    delivery = await the_delivery()
    assert (delivery.state, delivery.attempts) == (DeliveryState.FAILED, 4)
    assert delivery.ended_at is not None
    assert counts == {"failed": 3, "given_up": 1}
    told = "".join(capfd.readouterr())
    assert str(webhook.id) in told
    assert SECRET not in told
    assert "/hook" not in told


@pytest.mark.parametrize(
    ("answer", "logs"),
    [
        (b"HTTP/1.1 199 Odd\r\nContent-Length: 0\r\n\r\n", (None, "the connection failed: ")),
        (b"HTTP/1.1 300 Choices\r\nContent-Length: 0\r\n\r\n", (300, "")),
        (b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", (404, "")),
        (b"canary canary\r\n\r\n", (None, "the connection failed: RemoteProtocolError")),
        (b"HTTP/1.1 200 OK\r\nX: " + b"x" * 1_000_000, (None, "the connection failed: ")),
    ],
)
async def test_what_is_no_2xx_is_no_delivery(
    receiver: Receiver, webhook: Webhook, answer: bytes, logs: tuple[int | None, str]
) -> None:
    await happen()
    receiver.answers = [answer]
    await sender().send_due()
    ((status, error),) = await logged()
    assert status == logs[0]
    assert error.startswith(logs[1])
    assert (await the_delivery()).state is DeliveryState.PENDING


async def test_a_redirect_is_not_followed(receiver: Receiver, webhook: Webhook) -> None:
    await happen()
    async with receiving() as other:
        location = f"Location: {other.url()}\r\nContent-Length: 0\r\n\r\n"
        receiver.answers = [b"HTTP/1.1 307 Temporary Redirect\r\n" + location.encode()]
        await sender().send_due()
        assert other.received == []
    assert await logged() == [(307, "")]


async def test_no_proxy_of_the_environment_is_asked(
    receiver: Receiver, webhook: Webhook, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with receiving() as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url())
        await happen()
        await sender().send_due()
        assert proxy.received == []
    assert len(receiver.received) == 1


async def test_an_answer_that_is_long_is_a_delivery_and_not_kept(
    receiver: Receiver, webhook: Webhook
) -> None:
    await happen()
    receiver.answers = [b"HTTP/1.1 200 OK\r\nContent-Length: 9000000\r\n\r\n" + b"x" * 100_000]
    await sender().send_due()
    assert await logged() == [(200, "")]
    assert (await the_delivery()).state is DeliveryState.DELIVERED


async def test_who_does_not_answer_is_not_waited_for(receiver: Receiver, webhook: Webhook) -> None:
    await happen()
    receiver.answers = [NOTHING]
    await sender(timeout_s=0.05).send_due()
    assert await logged() == [(None, "no answer within 0.05 s")]


async def test_nobody_there_is_a_failure_that_names_no_more_than_that(committed: str) -> None:
    async with receiving() as gone:
        url = gone.url()
    await make_webhook(url)
    await happen()
    await sender().send_due()
    ((status, error),) = await logged()
    assert status is None
    assert error.startswith("it cannot be connected to: ")


async def test_without_the_key_of_its_secret_nothing_is_sent(
    receiver: Receiver, webhook: Webhook
) -> None:
    await happen()
    await Sender(Secrets([new_key()]), LOOPBACK, Counts()).send_due()
    assert await logged() == [(None, "no key of POINTSMAN_SECRET_KEYS opens the webhook's secret")]
    assert receiver.received == []
