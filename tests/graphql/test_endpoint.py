"""GraphQL over HTTP: who is let in, what is taken, what is told of a fault."""

import json
from typing import Any

import asyncpg
import httpx
import pytest
from graphql import get_introspection_query
from tortoise.backends.asyncpg.client import AsyncpgDBClient

from pointsman.auth import Principal
from pointsman.control_app import build_control
from pointsman.graphql.schema import MAX_TOKENS
from pointsman.services import tenants
from pointsman.services.kamailio_nodes import create_kamailio_node
from pointsman.settings import Settings
from tests.conftest import bound
from tests.graphql.conftest import Client, Ids

_QUERY = {"query": "{ tenants { totalCount } }"}


@pytest.mark.parametrize("header", [None, "", "Bearer wrong", "Basic eA==", "bearer"])
async def test_who_is_nobody_gets_the_same_401(client: Client, header: str | None) -> None:
    headers = {} if header is None else {"authorization": header}
    answer = await client.http.post("/graphql", json=_QUERY, headers=headers)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    (error,) = answer.json()["errors"]
    assert error["extensions"] == {"code": "UNAUTHENTICATED"}


async def test_a_node_token_is_no_api_token(client: Client) -> None:
    token = await create_kamailio_node(Principal("test"), name="n")
    assert (await client.with_token(token).post(_QUERY)).status_code == 401


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"5",
        b'"text"',
        b"{",
        b"{}",
        b'{"query": null}',
        b'{"query": 5}',
        b'[{"query": "{ tenants { totalCount } }"}]',
        b'{"a":' * 5_000,
        b"[" * 50_000,
        b"\xff\xfe",
        b'{"query": "{ tenant(id: \\"\\\\u0000\\") { id } }"}',
        b'{"query": "{ tenant(id: \\"\\\\u{0}\\") { id } }"}',
        b'{"query": "query Q($i: ID!) { tenant(id: $i) { id } }", "variables": {"i": "\\u0000"}}',
        b'{"query": "query Q($i: ID!) { tenant(id: $i) { id } }", "variables": {"i": "\\ud800"}}',
        b'{"query": "{ tenants { totalCount } }", "variables": 5}',
        b'{"query": "{ tenants { totalCount } }", "operationName": "Other"}',
        b'{"query": "query A { a: tenants { totalCount } } query B { b: tenants { totalCount } }"}',
    ],
)
async def test_a_bad_body_is_the_clients_fault(client: Client, body: bytes) -> None:
    answer = await client.http.post(
        "/graphql",
        content=body,
        headers={"authorization": f"Bearer {client.token}", "content-type": "application/json"},
    )
    if answer.status_code == 200:  # understood as GraphQL, refused by GraphQL
        assert answer.json().get("data") is None
        assert answer.json()["errors"][0]["message"] != "Unexpected error."
    else:
        assert answer.status_code == 400


@pytest.mark.parametrize(
    "content_type",
    ["multipart/form-data; boundary=x", "application/x-www-form-urlencoded", "text/plain"],
)
async def test_only_json_is_taken(client: Client, content_type: str) -> None:
    """What a form of another site could send is refused (CSRF)."""
    answer = await client.http.post(
        "/graphql",
        content=json.dumps(_QUERY),
        headers={"authorization": f"Bearer {client.token}", "content-type": content_type},
    )
    assert answer.status_code in (400, 415)


async def test_nothing_is_run_by_get(client: Client) -> None:
    headers = {"authorization": f"Bearer {client.token}"}
    for query in (_QUERY["query"], 'mutation { deleteTenant(id: "x") { __typename } }'):
        answer = await client.http.get("/graphql", params={"query": query}, headers=headers)
        assert answer.headers["content-type"].startswith("text/html")


async def test_a_body_that_is_too_long_is_not_read(client: Client) -> None:
    limit = Settings().graphql_max_body_bytes
    answer = await client.post({"query": "#" * limit})
    assert answer.status_code == 413

    async def pieces() -> Any:
        for _ in range(10_000):
            yield b"#" * 1_000

    headers = {"authorization": f"Bearer {client.token}", "content-type": "application/json"}
    answer = await client.http.post("/graphql", content=pieces(), headers=headers)
    assert answer.status_code == 413


async def test_a_clients_own_mistake_is_told(client: Client) -> None:
    answer = (await client.post({"query": "{ tenant { id } }"})).json()
    assert "'ID!' is required, but it was not provided" in answer["errors"][0]["message"]


async def test_an_expected_error_of_a_query_has_its_code(client: Client) -> None:
    body = await client.execute("Tenants", first=1_000)
    (error,) = body["errors"]
    assert error["message"] == "first: a page of 1000, ask for 0 to 200 at a time"
    assert error["extensions"] == {"code": "INVALID_INPUT"}


@pytest.mark.parametrize("operation", ["CreateTenant", "Tenants"])
async def test_an_unexpected_error_is_masked_and_logged(
    client: Client, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    operation: str,
) -> None:  # fmt: skip
    async def fail(*_: object, **__: object) -> None:
        raise RuntimeError("the secret is 42")

    monkeypatch.setattr(tenants, "create_tenant", fail)
    monkeypatch.setattr(tenants, "list_tenants", fail)
    given = {"input": {"name": "x"}} if operation == "CreateTenant" else {}
    body = await client.execute(operation, **given)
    assert body["errors"][0]["message"] == "Unexpected error."
    assert "42" not in json.dumps(body)
    assert "the secret is 42" in "".join(capsys.readouterr())


async def test_the_console_loads_nothing_from_elsewhere(http: httpx.AsyncClient) -> None:
    page = await http.get("/graphql", headers={"accept": "text/html"})
    assert page.status_code == 200
    assert "default-src 'self'" in page.headers["content-security-policy"]
    assert "://" not in page.text
    for name in ("graphiql.js", "graphiql.css", "react.js", "react-dom.js", "start.js"):
        assert f"console/{name}" in page.text
        file = await http.get(f"/console/{name}")
        assert file.status_code == 200
        assert len(file.text) > 500
    for name in ("", "nothing.js", "..%2Fschema.py", "graphiql.js.gz", "index.htm"):
        assert (await http.get(f"/console/{name}")).status_code in (200, 404)
    assert (await http.get("/console/..%2Fschema.py")).status_code == 404


async def test_the_console_may_be_off(transaction: None) -> None:
    app = build_control(Settings(graphiql=False), "postgresql://unused@localhost/unused")
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://control") as client:
        assert (await client.get("/graphql")).status_code in (401, 404, 405)
        assert (await client.get("/console/start.js")).status_code == 404


async def test_health_and_metrics(client: Client) -> None:
    http = client.http
    assert (await http.get("/healthz")).json()["status"] == "ok"
    ready = await http.get("/readyz")
    assert ready.status_code == 200
    assert ready.json() == {"ready": True, "revision": 1, "missing_migrations": []}

    async def counted(kind: str, outcome: str) -> float:
        name = f'pointsman_graphql_operations_total{{kind="{kind}",outcome="{outcome}"}} '
        lines = (await http.get("/metrics")).text.splitlines()
        return sum(float(line.removeprefix(name)) for line in lines if line.startswith(name))

    kinds = [("query", "ok"), ("query", "error"), ("unknown", "error")]
    before = [await counted(*kind) for kind in kinds]
    await client.run("Tenants")
    await client.execute("Tenants", first=1_000)
    await client.post({"query": "{ nonsense"})
    assert [await counted(*kind) for kind in kinds] == [count + 1 for count in before]


async def test_no_page_of_the_framework_is_served(http: httpx.AsyncClient) -> None:
    for path in ("/docs", "/redoc", "/openapi.json"):
        assert (await http.get(path)).status_code == 404


async def test_a_list_with_its_relations_costs_a_few_statements(
    client: Client, acme: Ids, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An N+1 shows here as another number."""
    statements: list[str] = []
    for name in ("execute_query", "execute_query_dict"):
        original = getattr(AsyncpgDBClient, name)

        async def counted(self: Any, query: str, *args: Any, _run: Any = original) -> Any:
            statements.append(query)
            return await _run(self, query, *args)

        monkeypatch.setattr(AsyncpgDBClient, name, counted)
    owner = {"tenantId": acme.tenant}
    for number in range(20):
        policy = await client.make("CreateReroutePolicy", name=f"p{number}", rules=[], **owner)
        profile = await client.make(
            "CreateNormalizationProfile", name=f"p{number}", country="IT", **owner
        )
        await client.make(
            "CreateTrunk",
            name=f"t{number}",
            tenantId=acme.tenant,
            reroutePolicyId=policy["id"],
            normalizationProfileId=profile["id"],
            endpoints=[{"host": f"h{number}.example"}],
        )
    counts = {}
    for operation in (
        "Tenants", "Domains", "Carriers", "Trunks", "Dids", "RoutingGroups", "RoutingRules",
        "Schedules", "NumberLists", "EmergencyPlans", "ReroutePolicies",
        "NormalizationProfiles", "TrustedProxies", "ChangeRecords",
    ):  # fmt: skip
        statements.clear()
        await client.run(operation)
        counts[operation] = len(statements)
    # One for the token, one for the page, one for the total, one a kind of relation.
    assert counts == {
        "Tenants": 3,
        "Domains": 5,
        "Carriers": 6,
        "Trunks": 9,
        "Dids": 5,
        "RoutingGroups": 6,
        "RoutingRules": 5,
        "NumberLists": 6,
        "EmergencyPlans": 6,
        "Schedules": 4,
        "ReroutePolicies": 4,
        "NormalizationProfiles": 4,
        "TrustedProxies": 3,
        "ChangeRecords": 4,
    }


async def test_without_a_database_it_says_so() -> None:
    """The token cannot be looked up: that is no fault of the client's."""
    url = "postgresql://nobody@127.0.0.1:1/none"
    app = build_control(Settings(), url)
    transport = httpx.ASGITransport(app)
    async with (
        bound(url),
        httpx.AsyncClient(transport=transport, base_url="http://control") as client,
    ):
        headers = {"authorization": "Bearer pma_x"}
        answer = await client.post("/graphql", json={"query": "{ x }"}, headers=headers)
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "1"
    assert answer.json()["errors"][0]["extensions"] == {"code": "UNAVAILABLE"}


async def test_a_document_is_bounded(client: Client) -> None:
    """Many aliases make one request many; GraphiQL's own question is far below the bound."""
    fits = await client.post({"query": get_introspection_query()})
    assert "errors" not in fits.json()
    for query in (
        "{ " + " ".join(f"a{n}: tenants(first: 1) {{ totalCount }}" for n in range(400)) + " }",
        "{ " + "__typename " * 80_000 + "}",
    ):
        (error,) = (await client.post({"query": query})).json()["errors"]
        expected = f"Syntax Error: Document contains more than {MAX_TOKENS} tokens."
        assert error["message"].startswith(expected)


@pytest.mark.parametrize("operation", ["CreateTenant", "Tenants"])
async def test_a_database_that_goes_meanwhile_is_said_to_be_gone(
    client: Client, monkeypatch: pytest.MonkeyPatch, operation: str
) -> None:
    async def fail(*_: object, **__: object) -> None:
        raise asyncpg.ConnectionDoesNotExistError("connection was closed")

    monkeypatch.setattr(tenants, "create_tenant", fail)
    monkeypatch.setattr(tenants, "list_tenants", fail)
    given = {"input": {"name": "x"}} if operation == "CreateTenant" else {}
    (error,) = (await client.execute(operation, **given))["errors"]
    assert error["message"] == "the database does not answer: try again"
    assert error["extensions"] == {"code": "UNAVAILABLE"}
