"""Passwords go in and never come out."""

import json
from typing import Any

import pytest

from pointsman.graphql.schema import build_schema
from pointsman.models import Trunk
from pointsman.routing.digest_hash import hash_a1
from tests.graphql.conftest import Client, Ids

_PASSWORDS = ("canary-outbound", "canary-digest")
_FIELDS: dict[str, Any] = {
    "outboundUsername": "acme",
    "outboundRealm": "carrier.example",
    "outboundPassword": _PASSWORDS[0],
    "digestUsername": "alice",
    "digestRealm": "acme.example",
    "digestPassword": _PASSWORDS[1],
}
_SHOWN = {
    "outboundUsername": "acme",
    "outboundRealm": "carrier.example",
    "hasOutboundPassword": True,
    "digestUsername": "alice",
    "digestRealm": "acme.example",
    "hasDigestPassword": True,
}


async def test_a_password_is_in_no_answer(
    client: Client, acme: Ids, capfd: pytest.CaptureFixture[str]
) -> None:
    answers = [
        await client.execute(
            "CreateTrunk", input={"name": "a", "tenantId": acme.tenant, **_FIELDS}
        ),
        # taken already, given twice over, half given
        await client.execute("UpdateTrunk", id=acme.trunk, input=_FIELDS),
        await client.execute(
            "UpdateTrunk", id=acme.trunk, input={"outboundPassword": _PASSWORDS[0]}
        ),
        await client.execute(
            "UpdateTrunk", id=acme.trunk, input={**_FIELDS, "digestPassword": "canary\n"}
        ),
        await client.execute("Trunks"),
        await client.execute("ChangeRecords", first=200),
    ]
    created = answers[0]["data"]["result"]
    assert {name: created[name] for name in _SHOWN} == _SHOWN
    assert [answer["data"]["result"].get("__typename") for answer in answers[1:4]] == [
        "Conflict",
        "InvalidInput",
        "InvalidInput",
    ]
    row = await Trunk.get(id=created["id"])
    assert row.digest_ha1 is not None
    logged = capfd.readouterr()
    for text in (json.dumps(answers), logged.out, logged.err):
        assert "canary" not in text
        assert hash_a1("alice", "acme.example", _PASSWORDS[1]) not in text
        assert row.digest_ha1.decode() not in text


async def test_a_change_of_a_password_alone_is_on_record(client: Client, acme: Ids) -> None:
    await client.run("UpdateTrunk", id=acme.trunk, input=_FIELDS)
    before = await client.run("ConfigRevision")
    for field in ("outboundPassword", "digestPassword"):
        await client.run("UpdateTrunk", id=acme.trunk, input={field: "canary-2"})
    records = await client.run("ChangeRecords", filter={"objectId": acme.trunk})
    assert (await client.run("ConfigRevision"))["id"] == before["id"] + 2
    for record, columns in zip(
        records["nodes"][-2:],
        ({"outbound_password"}, {"digest_ha1", "digest_ha1_sha256"}),
        strict=True,
    ):
        changed = {
            name for name, value in record["after"].items() if record["before"][name] != value
        }
        assert changed == columns


async def test_null_is_no_way_to_take_a_password_away(client: Client, acme: Ids) -> None:
    await client.run("UpdateTrunk", id=acme.trunk, input=_FIELDS)
    refused = await client.run("UpdateTrunk", id=acme.trunk, input={"outboundPassword": None})
    assert refused["problems"][0]["path"] == "outboundPassword"
    cleared = await client.run(
        "UpdateTrunk", id=acme.trunk, input={"outboundUsername": "", "digestUsername": ""}
    )
    assert {name: cleared[name] for name in _SHOWN} == {
        **dict.fromkeys(_SHOWN, ""),
        "hasOutboundPassword": False,
        "hasDigestPassword": False,
    }


def test_no_type_of_the_schema_has_a_password() -> None:
    types = build_schema()._schema.type_map
    for name, definition in types.items():
        if name.endswith("Input") or name.startswith("__"):
            continue
        for field, shown in getattr(definition, "fields", {}).items():
            if "password" in field.lower() or "ha1" in field.lower():
                assert field.startswith("has"), f"{name}.{field}"
                assert str(shown.type) == "Boolean!", f"{name}.{field}"
