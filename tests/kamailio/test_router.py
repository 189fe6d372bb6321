"""The router over HTTP, on the demo's configuration from a real database."""

import base64
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import jsonschema
import pytest

from pointsman.kamailio.health_feed import HealthFeed
from pointsman.kamailio.json_schema import answer_schema, request_schema
from pointsman.kamailio.metrics import RouterMetrics
from pointsman.kamailio.router import PATH, Router
from pointsman.kamailio.snapshot_feed import Published, SnapshotFeed
from pointsman.services.secrets import NO_KEYS
from tests.kamailio.conftest import Demo

QUESTION = {
    "event": "sip-routing",
    "source_ip": "127.0.0.10",
    "source_port": 5080,
    "call_id": "call-1",
    "from_name": "Alice",
    "from_uri": "sip:+390401234567@acme.example",
    "from_tag": "tag-1",
    "to_uri": "sip:+390612345678@127.0.0.1",
}
MAX_BODY = 4_096


async def _nothing_behind(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 418, "headers": []})
    await send({"type": "http.response.body", "body": b"behind"})


@pytest.fixture
def metrics() -> RouterMetrics:
    return RouterMetrics()


@pytest.fixture
def feed(metrics: RouterMetrics) -> SnapshotFeed:
    return SnapshotFeed(Path("nowhere"), NO_KEYS.unseal, metrics)


@pytest.fixture
def router(feed: SnapshotFeed, metrics: RouterMetrics) -> Router:
    return Router(
        feed, HealthFeed(Path("nowhere"), 60.0), metrics, _nothing_behind, max_body_bytes=MAX_BODY
    )


@pytest.fixture
async def client(
    published_demo: tuple[Demo, Published], feed: SnapshotFeed, router: Router
) -> AsyncIterator[httpx.AsyncClient]:
    demo, feed.current = published_demo
    transport = httpx.ASGITransport(router, client=("198.51.100.7", 1234))
    headers = {"authorization": f"Bearer {demo.token}"}
    async with httpx.AsyncClient(
        transport=transport, base_url="http://router", headers=headers
    ) as client:
        yield client


async def test_a_question_gets_its_routes(client: httpx.AsyncClient) -> None:
    answer = await client.post(PATH, json=QUESTION)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["content-length"] == str(len(answer.content))
    rtjson = answer.json()["rtjson"]
    assert rtjson["success"] is True
    assert [route["dst_uri"] for route in rtjson["routes"]] == [
        "sip:127.0.0.21:5081",
        "sip:127.0.0.22:5082",
    ]


async def test_a_reject_is_answered_with_200(client: httpx.AsyncClient) -> None:
    answer = await client.post(PATH, json={**QUESTION, "source_ip": "203.0.113.99"})
    assert answer.status_code == 200
    rtjson = answer.json()["rtjson"]
    assert (rtjson["success"], rtjson["code"]) == (False, "UNKNOWN_SOURCE")


async def test_questions_and_answers_are_what_the_schemas_say(client: httpx.AsyncClient) -> None:
    jsonschema.validate(QUESTION, json.loads(request_schema()))
    for source_ip in ("127.0.0.10", "203.0.113.99"):
        answer = await client.post(PATH, json={**QUESTION, "source_ip": source_ip})
        jsonschema.validate(answer.json(), json.loads(answer_schema()))


async def test_a_bad_field_is_named(client: httpx.AsyncClient) -> None:
    answer = await client.post(PATH, json={**QUESTION, "source_port": "5080"})
    assert answer.status_code == 400
    assert answer.json() == {
        "error": {
            "code": "BAD_REQUEST",
            "field": "source_port",
            "message": "Expected `int`, got `str`",
        }
    }


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "HEAD"])
async def test_only_post_is_allowed(client: httpx.AsyncClient, method: str) -> None:
    answer = await client.request(method, PATH)
    assert answer.status_code == 405
    assert answer.headers["allow"] == "POST"


async def test_a_probe_is_not_counted_as_refused(
    client: httpx.AsyncClient, metrics: RouterMetrics
) -> None:
    counted = b'pointsman_rtjson_refused_total{code="METHOD_NOT_ALLOWED",status="405"} '
    assert (await client.get(PATH)).status_code == 405
    assert counted + b"0.0" in metrics.exposition()
    assert (await client.put(PATH)).status_code == 405
    assert counted + b"1.0" in metrics.exposition()


async def test_a_body_that_is_too_long_is_not_read(client: httpx.AsyncClient) -> None:
    read = 0

    async def body() -> AsyncIterator[bytes]:
        nonlocal read
        for _ in range(1_000):
            read += 1_000
            yield b"x" * 1_000

    answer = await client.post(PATH, content=body())
    assert answer.status_code == 413
    assert read <= MAX_BODY + 2_000


async def test_a_body_in_pieces_is_put_together(client: httpx.AsyncClient) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for byte in json.dumps(QUESTION).encode():
            yield bytes([byte])

    assert (await client.post(PATH, content=pieces())).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"authorization": "Bearer wrong"},
        {"authorization": "Basic " + base64.b64encode(b"node-1:wrong").decode()},
        {"x-forwarded-for": "192.0.2.1"},
        {"x-real-ip": "192.0.2.1", "forwarded": "for=192.0.2.1"},
        {"host": "127.0.0.1"},
        {"x-auth-user": "node-1", "x_authorization": "Bearer"},
    ],
)
@pytest.mark.parametrize("method", ["POST", "GET"])
async def test_who_is_no_node_gets_the_same_401(
    client: httpx.AsyncClient, headers: dict[str, str], method: str
) -> None:
    del client.headers["authorization"]
    answer = await client.request(method, PATH, content=json.dumps(QUESTION), headers=headers)
    assert answer.status_code == 401
    assert answer.headers.get_list("www-authenticate") == ["Bearer", 'Basic realm="pointsman"']
    assert answer.json() == {
        "error": {
            "code": "UNAUTHENTICATED",
            "field": "",
            "message": "send the token of a Kamailio node",
        }
    }


async def test_credentials_in_the_url_are_taken(
    client: httpx.AsyncClient, published_demo: tuple[Demo, Published]
) -> None:
    demo, _ = published_demo
    del client.headers["authorization"]
    url = f"http://node-1:{demo.token}@router{PATH}"
    assert (await client.post(url, json=QUESTION)).status_code == 200


async def test_a_listed_address_needs_no_token(client: httpx.AsyncClient, router: Router) -> None:
    for ip, status in (("192.0.2.1", 200), ("192.0.2.4", 401), ("127.0.0.1", 401)):
        transport = httpx.ASGITransport(router, client=(ip, 1234))
        async with httpx.AsyncClient(transport=transport, base_url="http://router") as trusted:
            answer = await trusted.post(PATH, json=QUESTION)
        assert answer.status_code == status, ip


async def test_without_a_snapshot_nothing_is_decided(
    client: httpx.AsyncClient, feed: SnapshotFeed
) -> None:
    feed.current = None
    answer = await client.post(PATH, json=QUESTION)
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "1"


@pytest.mark.parametrize("path", ["/", "/healthz", "/kamailio/rtjson/", "/kamailio"])
async def test_every_other_path_is_for_what_is_behind(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(path)).content == b"behind"


async def test_what_is_answered_is_counted(
    client: httpx.AsyncClient, metrics: RouterMetrics
) -> None:
    await client.post(PATH, json=QUESTION)
    await client.post(PATH, json={**QUESTION, "source_ip": "203.0.113.99"})
    await client.post(PATH, content=b"nonsense")
    text = metrics.exposition().decode()
    assert 'pointsman_decisions_total{outcome="ROUTING_RULE"} 1.0' in text
    assert 'pointsman_decisions_total{outcome="UNKNOWN_SOURCE"} 1.0' in text
    assert 'pointsman_rtjson_refused_total{code="BAD_REQUEST",status="400"} 1.0' in text
    assert "pointsman_rtjson_request_seconds_count 2.0" in text


async def test_two_tenants_questions_in_turn_never_cross(client: httpx.AsyncClient) -> None:
    """1,000 questions from two callers: each answer has its own caller's identity."""
    for number in range(1_000):
        caller = f"+39040123{number % 2}{number:03}"
        question = {
            **QUESTION,
            "from_uri": f"sip:{caller}@acme.example",
            "from_name": caller,
            "call_id": f"call-{number}",
        }
        for route in (await client.post(PATH, json=question)).json()["rtjson"]["routes"]:
            headers = route["headers"]
            assert headers["from"] == {
                "display": f'"{caller}"',
                "uri": f"sip:{caller}@sip.acme.example",
            }
            assert headers["extra"].count(caller) == 2
