"""Calls are decided by the published configuration when the database and the API are gone."""

import asyncio
from collections.abc import Iterator

import pytest

from pointsman.database import migrate
from pointsman.postgres import EmbeddedPostgres
from tests.conftest import discard, start_postgres
from tests.sip.conftest import provision_acme
from tests.sip.harness.stack import Stack


@pytest.fixture
def server() -> Iterator[EmbeddedPostgres]:
    server = start_postgres()
    asyncio.run(migrate(server.url))
    yield server
    discard(server)


@pytest.fixture
def own_stack(real_parts: None, server: EmbeddedPostgres) -> Iterator[Stack]:
    stack = Stack(server.url)
    stack.start()
    yield stack
    stack.stop()


def _assert_call_reaches(stack: Stack, name: str) -> None:
    carriers = {"alpha": stack.alpha, "beta": stack.beta}
    for actor in carriers.values():
        actor.answer("callee")
    stack.pbx.call("caller", stack.kamailio.socket, "+390612345678")
    stack.pbx.wait()
    assert [key for key, actor in carriers.items() if actor.messages()] == [name]


def test_calls_flow_without_a_database_and_changes_arrive_after_it(
    own_stack: Stack, server: EmbeddedPostgres
) -> None:
    acme = provision_acme(own_stack)
    server.stop()
    own_stack.control.stop()
    for _ in range(3):
        _assert_call_reaches(own_stack, "alpha")
    assert own_stack.router.readiness() is not None
    server.start()
    own_stack.control.start()
    own_stack.operator.change("RoutingGroup", acme.group, trunks=[{"trunkId": acme.beta}])
    own_stack.operator.wait_published()
    _assert_call_reaches(own_stack, "beta")
