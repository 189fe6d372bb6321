"""A question as a person puts it, completed to the one that Kamailio would send."""

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from pointsman.errors import InvalidInput, Problem
from pointsman.kamailio.request import RtjsonRequest
from pointsman.routing.uri import escape_user, format_host
from pointsman.services.explanation import Question

DEFAULT_CALL_ID = "explain"
DEFAULT_PORT = 5060
# A name that nobody has (RFC 2606 section 2), for a Request-URI of which only the user is given.
_NOWHERE = "pointsman.invalid"
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:")
_KEYS = frozenset(field.encode_name for field in msgspec.structs.fields(RtjsonRequest))
_NUMBERS = frozenset({"source_port", "received_port", "auth"})
# What a question cannot do without: one of each.
_NEEDED = (("source_ip",), ("from_uri",), ("request_uri", "to_uri"))
# What a file may say instead of the names of rtjson.
_ALIASES = {"from": "from_uri", "to": "request_uri", "source": "source_ip"}


def complete_question(given: Question) -> dict[str, str | int]:
    """The question with what was left out: a Call-ID, a port, and the URIs of bare numbers; raises
    InvalidInput when it says not where the call comes from, who calls, or whom.

    A URI without a scheme is a number or a user: of the caller at its address, of the called at
    the node that was asked. Empty values are as if they were not given.
    """
    question = {key: value for key, value in given.items() if value != ""}
    missing = [keys for keys in _NEEDED if not any(key in question for key in keys)]
    if missing:
        raise InvalidInput(
            [
                Problem(to_camel_case(keys[0]), "is missing", f"give {to_camel_case(keys[0])}")
                for keys in missing
            ]
        )
    question.setdefault("call_id", DEFAULT_CALL_ID)
    question.setdefault("source_port", DEFAULT_PORT)
    if "to_uri" not in question and "request_uri" in question:
        question["to_uri"] = question["request_uri"]
    hosts = {
        "from_uri": question.get("source_ip", _NOWHERE),
        "request_uri": question.get("received_ip", _NOWHERE),
        "to_uri": question.get("received_ip", _NOWHERE),
    }
    for key, host in hosts.items():
        if key in question:
            question[key] = _as_uri(str(question[key]), str(host))
    return question


def read_question(fields: Mapping[str, Any]) -> Question:
    """A question from the named fields of a file's line, in rtjson's names or camelCase; raises
    InvalidInput for a name that is none, and for a port that is no number."""
    question: dict[str, str | int] = {}
    problems = []
    for name, value in fields.items():
        key = _snake_case(name)
        key = _ALIASES.get(key, key)
        if key not in _KEYS:
            known = ", ".join(sorted(_KEYS | _ALIASES.keys()))
            problems.append(Problem(name, "there is no such field", f"use one of {known}"))
        elif key in question:
            problems.append(Problem(name, f"{key} is given twice", "leave one out"))
        elif value is not None:
            question[key] = int(value) if key in _NUMBERS and _is_number(value) else value
    if problems:
        raise InvalidInput(problems)
    return question


def _is_number(value: object) -> bool:
    return isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 10


def _as_uri(text: str, host: str) -> str:
    if _SCHEME.match(text):
        return text
    if "@" in text:
        return f"sip:{text}"
    return f"sip:{escape_user(text)}@{format_host(host)}"


def to_camel_case(key: str) -> str:
    """A key of rtjson as GraphQL writes it."""
    first, *more = key.split("_")
    return first + "".join(word.capitalize() for word in more)


def _snake_case(name: str) -> str:
    return re.sub(r"(?<=[a-z])([A-Z])", r"_\1", name.strip()).lower().replace("-", "_")
