"""Events, webhooks and their deliveries over HTTP."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from pointsman.database import transaction
from pointsman.graphql.schema import build_schema
from pointsman.models import DeliveryState, Event, EventKind, Webhook, WebhookDelivery
from pointsman.services.events import NewEvent, raise_events
from pointsman.services.webhook_queue import Attempt, store_attempt, take_due
from tests.graphql.conftest import Client, Ids

_AT = datetime(2026, 5, 1, 12, tzinfo=UTC)


async def _happen(ids: Ids | None, kind: EventKind = EventKind.TRUNK_DOWN, days: int = 0) -> str:
    """An event of a tenant, or of the platform; its id."""
    known = set(await Event.all().values_list("id", flat=True))
    told = NewEvent({"n": days}, UUID(ids.tenant), UUID(ids.trunk)) if ids else NewEvent({})
    async with transaction() as connection:
        await raise_events(connection, kind, [told])
    (made,) = [row for row in await Event.all() if row.id not in known]
    await Event.filter(id=made.id).update(at=_AT + timedelta(days=days))
    return str(made.id)


def _ids(listed: dict[str, Any]) -> list[str]:
    return [node["id"] for node in listed["nodes"]]


async def test_events_are_listed_by_time_and_filtered(client: Client, acme: Ids, zen: Ids) -> None:
    third = await _happen(acme, days=2)
    first = await _happen(acme)
    second = await _happen(zen, EventKind.TRUNK_UP, days=1)
    fourth = await _happen(None, EventKind.RECORDS_CONFLICT, days=3)
    all_four = [first, second, third, fourth]
    later = (_AT + timedelta(days=1)).isoformat()
    for filter_, expected in (
        (None, all_four),
        ({"kinds": ["TRUNK_DOWN"]}, [first, third]),
        ({"kinds": []}, []),
        ({"tenantId": zen.tenant}, [second]),
        ({"from": later}, [second, third, fourth]),
        ({"to": later}, [first]),
        ({"from": later, "to": later}, []),
    ):
        listed = await client.run("Events", filter=filter_)
        assert _ids(listed) == expected, filter_
        assert listed["totalCount"] == len(expected)
    page = await client.run("Events", first=3)
    assert page["pageInfo"]["hasNextPage"]
    rest = await client.run("Events", after=page["pageInfo"]["endCursor"])
    assert _ids(page) + _ids(rest) == all_four
    assert await client.run("Event", id=first) == {
        "id": first,
        "at": _AT.isoformat(),
        "kind": "TRUNK_DOWN",
        "trunkId": acme.trunk,
        "data": {"n": 0},
        "tenant": {"id": acme.tenant},
    }


async def test_a_tenant_sees_its_own_events_only(acme: Ids, zen: Ids, of_zen: Client) -> None:
    foreign = [await _happen(acme), await _happen(None, EventKind.SNAPSHOT_FAILED)]
    own = await _happen(zen)
    listed = await of_zen.run("Events")
    assert (_ids(listed), listed["totalCount"]) == ([own], 1)
    for event in foreign:
        assert await of_zen.run("Event", id=event) is None
        refused = await of_zen.run("RedeliverEvent", eventId=event, webhookId=zen.webhook)
        assert (refused["__typename"], refused["path"]) == ("NotFound", "eventId")
    body = await of_zen.execute("Events", filter={"tenantId": acme.tenant})
    assert [error["extensions"]["code"] for error in body["errors"]] == ["NOT_FOUND"]


async def test_a_webhook_of_the_platform_is_not_for_a_tenant(
    client: Client, zen: Ids, of_zen: Client
) -> None:
    given = {"name": "w", "url": "https://127.0.0.1/", "kinds": ["PING"], "secret": "s" * 16}
    refused = await of_zen.run("CreateWebhook", input=given)
    assert refused["__typename"] == "Forbidden"
    webhook = await client.make("CreateWebhook", **{**given, "kinds": ["TRUNK_DOWN"]})
    assert webhook["tenant"] is None
    for operation in ("TestWebhook", "DeleteWebhook"):
        result = await of_zen.run(operation, id=webhook["id"])
        assert result["__typename"] == "NotFound"
    event = await _happen(zen)
    result = await of_zen.run("RedeliverEvent", eventId=event, webhookId=webhook["id"])
    assert (result["__typename"], result["path"]) == ("NotFound", "webhookId")


async def test_nobody_has_an_event_told_to_another_tenant(
    client: Client, acme: Ids, zen: Ids
) -> None:
    for event in (await _happen(acme), await _happen(None)):
        refused = await client.run("RedeliverEvent", eventId=event, webhookId=zen.webhook)
        assert (refused["__typename"], refused["path"]) == ("NotFound", "eventId")
    assert await WebhookDelivery.filter(webhook_id=zen.webhook).count() == 0


async def test_deliveries_are_shown_with_what_each_try_came_to(client: Client, acme: Ids) -> None:
    event = await _happen(acme)
    (taken,) = await take_due(1)
    await store_attempt(taken, Attempt(_AT, 12, 503), lambda: 0.0)
    (taken,) = await take_due(1)
    later = _AT + timedelta(seconds=10)
    await store_attempt(taken, Attempt(later, 10_000, None, "no answer"), lambda: 1.0)
    shown = await client.run("WebhookDeliveries", id=acme.webhook)
    (delivery,) = shown["deliveries"]["nodes"]
    assert (delivery["state"], delivery["endedAt"]) == ("PENDING", None)
    assert delivery["event"] == {"id": event, "kind": "TRUNK_DOWN", "data": {"n": 0}}
    assert delivery["attempts"] == [
        {"at": _AT.isoformat(), "status": 503, "error": "", "durationMs": 12},
        {"at": later.isoformat(), "status": None, "error": "no answer", "durationMs": 10_000},
    ]
    failed = await client.run("WebhookDeliveries", id=acme.webhook, state="FAILED")
    assert failed["deliveries"] == {
        "totalCount": 0,
        "pageInfo": {"hasNextPage": False, "endCursor": None},
        "nodes": [],
    }


async def test_a_webhook_is_tested_by_one_ping_at_a_time(client: Client, acme: Ids) -> None:
    sent = await client.run("TestWebhook", id=acme.webhook)
    assert (sent["__typename"], sent["state"], sent["attempts"]) == (
        "WebhookDelivery",
        "PENDING",
        [],
    )
    assert (sent["event"]["kind"], sent["event"]["data"]) == (
        "PING",
        {"webhook": {"id": acme.webhook, "name": "Acme hook"}},
    )
    again = await client.run("TestWebhook", id=acme.webhook)
    assert (again["__typename"], again["path"]) == ("Conflict", "id")
    await WebhookDelivery.all().update(state=DeliveryState.DELIVERED)
    assert (await client.run("TestWebhook", id=acme.webhook))["__typename"] == "WebhookDelivery"


async def test_a_disabled_webhook_is_asked_for_nothing(client: Client, acme: Ids) -> None:
    event = await _happen(acme)
    await client.run("UpdateWebhook", id=acme.webhook, input={"enabled": False})
    for operation, given in (
        ("TestWebhook", {"id": acme.webhook}),
        ("RedeliverEvent", {"eventId": event, "webhookId": acme.webhook}),
    ):
        refused = await client.run(operation, **given)
        assert refused["__typename"] == "Conflict"
        assert refused["message"] == "the webhook is disabled: enable it first"


async def test_an_event_is_delivered_again(client: Client, acme: Ids) -> None:
    event = await _happen(acme)
    both = {"eventId": event, "webhookId": acme.webhook}
    refused = await client.run("RedeliverEvent", **both)
    assert (refused["__typename"], refused["path"]) == ("Conflict", "eventId")
    ended = {"state": DeliveryState.FAILED, "attempts": 13, "ended_at": _AT, "give_up_at": _AT}
    await WebhookDelivery.all().update(**ended)
    again = await client.run("RedeliverEvent", **both)
    assert (again["state"], again["endedAt"]) == ("PENDING", None)
    (taken,) = await take_due(1)
    assert (str(taken.event_id), taken.attempts) == (event, 1)
    # One that the webhook did not want, or that is older than it.
    other = await _happen(acme, EventKind.REGISTRATION_LOST)
    sent = await client.run("RedeliverEvent", eventId=other, webhookId=acme.webhook)
    assert (sent["state"], sent["event"]["id"]) == ("PENDING", other)


async def test_a_secret_is_in_no_answer(
    client: Client, acme: Ids, capfd: pytest.CaptureFixture[str]
) -> None:
    given = {"url": "https://127.0.0.1/", "kinds": ["TRUNK_DOWN"], "tenantId": acme.tenant}
    secret = "canary-in-an-answer"
    answers = [
        await client.execute("CreateWebhook", input={**given, "name": "a", "secret": secret}),
        await client.execute(
            "CreateWebhook", input={**given, "name": "b", "secret": f"{secret}\n"}
        ),
        await client.execute("CreateWebhook", input={**given, "name": "a", "secret": secret}),
        await client.execute("UpdateWebhook", id=acme.webhook, input={"secret": secret}),
        await client.execute("UpdateWebhook", id=acme.webhook, input={"secret": None}),
        await client.execute("TestWebhook", id=acme.webhook),
        await client.execute("Webhooks"),
        await client.execute("Events"),
        await client.execute("ChangeRecords", first=200),
    ]
    kinds = [answer["data"]["result"].get("__typename") for answer in answers[:5]]
    assert kinds == ["Webhook", "InvalidInput", "Conflict", "Webhook", "InvalidInput"]
    row = await Webhook.get(id=acme.webhook)
    logged = capfd.readouterr()
    for text in (json.dumps(answers), logged.out, logged.err):
        assert "canary" not in text
        assert row.secret.decode() not in text


@pytest.mark.parametrize("field", ["name", "url", "kinds", "secret", "enabled"])
async def test_null_is_no_value_of_a_webhook(client: Client, acme: Ids, field: str) -> None:
    refused = await client.run("UpdateWebhook", id=acme.webhook, input={field: None})
    (problem,) = refused["problems"]
    assert (problem["path"], problem["message"]) == (field, "null is no value for it")


def test_no_type_of_the_schema_has_a_secret() -> None:
    for name, definition in build_schema()._schema.type_map.items():
        if not name.endswith("Input") and not name.startswith("__"):
            assert not any("secret" in field.lower() for field in getattr(definition, "fields", {}))
