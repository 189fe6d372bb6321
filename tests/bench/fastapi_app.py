"""The other control: a FastAPI route with a Pydantic body, as an application is usually written,
that answers a constant."""

from typing import Any

from fastapi import FastAPI
from pydantic import BaseModel

from tests.bench.control_app import DOCUMENT

app = FastAPI()


class Question(BaseModel):
    """What Kamailio sends."""

    event: str
    node: str = ""
    source_ip: str
    source_port: int
    transport: str = "udp"
    received_ip: str = ""
    received_port: int = 0
    auth: int = 0
    call_id: str
    request_uri: str = ""
    from_uri: str
    from_tag: str = ""
    from_name: str = ""
    to_uri: str


@app.post("/kamailio/rtjson", response_model=None)
async def answer(_: Question) -> dict[str, Any]:
    """A constant, returned as it is mostly done: without a word on its type."""
    return DOCUMENT
