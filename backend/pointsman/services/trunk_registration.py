"""The registration of a trunk with its far end: what it may be, and what it needs."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from msgspec import structs

from pointsman.auth import Principal, is_within_reach
from pointsman.models import Trunk, TrunkEndpoint
from pointsman.routing.kamailio_node import KamailioNode
from pointsman.routing.registration import (
    MAX_EXPIRES_S,
    MIN_EXPIRES_S,
    Registration,
)
from pointsman.routing.trunk import DEFAULT_PORTS
from pointsman.routing.uri import format_host
from pointsman.services import validation
from pointsman.services.rows import read_id
from pointsman.services.trunk_parts import Endpoint
from pointsman.services.validation import Problems, Refused

_REGISTRAR = re.compile(
    r"(?P<host>\[[^\]]*\]|[^:;\s]+)(?::(?P<port>[0-9]{1,5}))?(?:;transport=(?P<transport>udp|tcp|tls))?",
    re.IGNORECASE | re.ASCII,
)
# What stands in a URI as it is (RFC 3261 section 25.1), and between quotes in a script.
_USER = re.compile(r"[A-Za-z0-9_.!~*+-]+", re.ASCII)
_DEFAULT_PORTS = {transport.lower(): port for transport, port in DEFAULT_PORTS.items()}


class RegistrationInput(Protocol):
    """What is given of a registration."""

    enabled: bool
    registrar: str
    username: str
    domain: str
    expires_s: int
    contact_user: str
    node: str


def check_registration(
    problems: Problems,
    principal: Principal,
    row: Trunk,
    given: RegistrationInput | None,
    nodes: Sequence[KamailioNode],
) -> dict[str, Any]:
    """The column of a registration that is given, each field by itself; None takes it away."""
    if given is None:
        return {"registration": None}
    known = len(problems.found)
    registration = Registration(
        enabled=given.enabled,
        registrar=problems.check("registration.registrar", registrar, given.registrar),
        username=problems.check("registration.username", record_user, given.username),
        domain=problems.check("registration.domain", validation.optional_host, given.domain),
        expires_s=problems.check("registration.expiresS", expires_s, given.expires_s),
        contact_user=problems.check("registration.contactUser", contact_user, given.contact_user),
        node=given.node.strip(),
    )
    if registration.contact_user == str(row.id):
        registration = structs.replace(registration, contact_user="")
    elif read_id(registration.contact_user) is not None:
        problems.add(
            "registration.contactUser",
            "an id is the contact of the trunk that has it",
            "leave it out for the trunk's own id, or give another user",
        )
    if registration.node:
        _check_node(problems, principal, registration.node, nodes)
    if len(problems.found) == known:
        _check_not_own(problems, registration, nodes)
    return {"registration": structs.asdict(registration)}


def _check_node(
    problems: Problems, principal: Principal, name: str, nodes: Sequence[KamailioNode]
) -> None:
    names = sorted(node.name for node in nodes)
    if name in names:
        return
    fix = "give the name of a Kamailio node of this platform, or nothing for each of them"
    if is_within_reach(principal, None):  # the platform's nodes are not for everybody
        fix = f"{fix}; its nodes: {', '.join(names) or 'none'}"
    problems.add("registration.node", f"no Kamailio node of this platform is named {name!r}", fix)


def _check_not_own(
    problems: Problems, registration: Registration, nodes: Sequence[KamailioNode]
) -> None:
    """Who registers with itself is never answered."""
    found = _REGISTRAR.fullmatch(registration.registrar)
    if found is None:
        return
    port = found["port"] or _DEFAULT_PORTS[(found["transport"] or "udp").lower()]
    host = found["host"].strip("[]")
    if any((host, int(port)) in node.sockets for node in nodes):
        problems.add(
            "registration.registrar",
            f"{registration.registrar} is a Kamailio node of this platform",
            "give the address of the carrier or PBX",
        )


async def check_needs(
    problems: Problems, row: Trunk, columns: Mapping[str, Any], endpoints: list[Endpoint] | None
) -> None:
    """What a trunk with a registration, as it will be, must not lack."""
    stored = columns.get("registration", row.registration)
    if stored is None or problems.found:
        return
    registration = Registration(**stored)
    username = columns.get("outbound_username", row.outbound_username)
    if not username:
        problems.add(
            "registration",
            "a registration signs in with the trunk's outbound credential, and there is none",
            "give outboundUsername and outboundPassword, or take the registration away (null)",
        )
    elif not registration.username and not _USER.fullmatch(username):
        problems.add(
            "registration.username",
            f"the outbound user {username!r} is no user of an address of record",
            "give the user of the address that is registered",
        )
    if not registration.registrar and not await _has_endpoint(row, endpoints):
        problems.add(
            "registration.registrar",
            "the trunk has no enabled endpoint that could be the registrar",
            "give the registrar, as sip.example.com or 192.0.2.1:5060;transport=tcp",
        )


async def _has_endpoint(row: Trunk, endpoints: list[Endpoint] | None) -> bool:
    if endpoints is not None:
        return any(endpoint.enabled for endpoint in endpoints)
    return await TrunkEndpoint.exists(trunk_id=row.id, enabled=True)


def registrar(text: str) -> str:
    """host[:port][;transport=udp|tcp|tls], without what is the default; "" for none."""
    text = text.strip()
    if not text:
        return text
    found = _REGISTRAR.fullmatch(text)
    if found is None:
        raise Refused(
            f"{text!r} is no registrar",
            "write host, host:port or host:port;transport=tcp, without sip: before it",
        )
    host = format_host(validation.host(found["host"]))
    port = "" if found["port"] is None else f":{validation.port(int(found['port']))}"
    transport = (found["transport"] or "udp").lower()
    return f"{host}{port}" + ("" if transport == "udp" else f";transport={transport}")


def record_user(text: str) -> str:
    """The user of an address of record; "" for the credential's."""
    return _user(text, 128)


def contact_user(text: str) -> str:
    """The user of a contact; "" for the trunk's id."""
    return _user(text, 64)


def expires_s(number: int) -> int:
    """How long a registration is asked for, in seconds."""
    if not MIN_EXPIRES_S <= number <= MAX_EXPIRES_S:
        raise Refused(f"{number} s is out of range", f"use {MIN_EXPIRES_S} to {MAX_EXPIRES_S}")
    return number


def _user(text: str, most: int) -> str:
    text = text.strip()
    if text and (len(text) > most or not _USER.fullmatch(text)):
        raise Refused(
            f"{text!r} is no user of a SIP address",
            f"use letters, digits and _.!~*+-, {most} characters at most",
        )
    return text
