"""JSON Schema of the request and the answer, generated from what reads and writes them."""

import json
from typing import Any

import msgspec

from pointsman.kamailio.request import RtjsonRequest
from pointsman.kamailio.rtjson import RtjsonAnswer

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def request_schema() -> str:
    """What POST /kamailio/rtjson takes."""
    return _text(RtjsonRequest, "What POST /kamailio/rtjson takes")


def answer_schema() -> str:
    """What it answers with status 200."""
    return _text(RtjsonAnswer, "What POST /kamailio/rtjson answers with status 200")


def _text(model: type[msgspec.Struct], title: str) -> str:
    schema: dict[str, Any] = {
        "$schema": _DIALECT,
        "title": title,
        **msgspec.json.schema(model),
    }
    return json.dumps(schema, indent=2) + "\n"
