"""The records role's application, called over HTTP as a node would."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from pointsman.auth import Principal
from pointsman.records_app import build_records
from pointsman.services.kamailio_nodes import create_kamailio_node
from pointsman.settings import Settings
from tests.calls import reported


@dataclass
class ReportingNode:
    """A node that reports."""

    http: httpx.AsyncClient
    token: str

    async def send(self, content: bytes) -> httpx.Response:
        """Any body."""
        given = {"authorization": f"Bearer {self.token}"}
        return await self.http.post("/kamailio/cdr", content=content, headers=given)

    async def report(self, *records: object) -> dict[str, Any]:
        """Records in a list; the answer to them."""
        answer = await self.send(json.dumps({"records": records}).encode())
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found


@pytest.fixture
def records() -> FastAPI:
    """Its lifespan does not run: the database is the one that the test is bound to."""
    return build_records(Settings(), "postgresql://unused@localhost/unused")


@pytest.fixture
async def http(records: FastAPI, transaction: None) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(records)
    async with httpx.AsyncClient(transport=transport, base_url="http://records") as client:
        yield client


@pytest.fixture
async def node(http: httpx.AsyncClient) -> ReportingNode:
    return ReportingNode(http, await create_kamailio_node(Principal("test"), name=reported.NODE))
