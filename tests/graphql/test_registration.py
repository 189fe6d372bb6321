"""Registrations over the API: what is set of them, and who sees how they stand."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any

from pointsman.auth import Principal
from pointsman.models import KamailioNode, RegistrationState
from pointsman.routing.registration import RegistrationStatus
from pointsman.services.api_tokens import create_api_token
from pointsman.services.kamailio_nodes import create_kamailio_node
from pointsman.services.registration_states import (
    ReportedRegistration,
    store_registration_states,
)
from tests.graphql.conftest import Client, Ids

_CREDENTIAL = {"outboundUsername": "acme", "outboundPassword": "hunter2"}
_DEFAULTS = {
    "enabled": True,
    "registrar": "",
    "username": "",
    "domain": "",
    "expiresS": 3600,
    "contactUser": "",
    "node": "",
}


async def _node(name: str = "milan") -> str:
    await create_kamailio_node(Principal("test"), name=name)
    return str((await KamailioNode.get(name=name)).id)


async def _states(client: Client, trunk: str) -> list[dict[str, Any]]:
    found = await client.run("Registration", id=trunk)
    states: list[dict[str, Any]] = found["registration"]["states"]
    return states


async def test_absent_null_and_a_value_are_three_things(client: Client, acme: Ids) -> None:
    async def update(**changes: Any) -> Any:
        return (await client.run("UpdateTrunk", id=acme.trunk, input=changes))["registration"]

    assert await update(**_CREDENTIAL) is None
    assert await update(registration={}) == _DEFAULTS
    given = {"registrar": "sip.alpha.example;transport=tcp", "expiresS": 600}
    assert await update(registration=given) == {**_DEFAULTS, **given}
    assert await update(name="Renamed") == {**_DEFAULTS, **given}
    assert await update(registration={"username": "u"}) == {**_DEFAULTS, "username": "u"}
    assert await update(registration=None) is None


async def test_what_is_refused_names_the_field(client: Client, acme: Ids) -> None:
    changes = {**_CREDENTIAL, "registration": {"expiresS": 1, "contactUser": "<x>"}}
    refused = await client.run("UpdateTrunk", id=acme.trunk, input=changes)
    assert [problem["path"] for problem in refused["problems"]] == [
        "registration.expiresS",
        "registration.contactUser",
    ]


async def test_what_nodes_tell_is_shown_by_their_names(client: Client, acme: Ids) -> None:
    changes = {**_CREDENTIAL, "registration": {}}
    await client.run("UpdateTrunk", id=acme.trunk, input=changes)
    now = time.time()
    for name, told in {
        "rome": ReportedRegistration(
            acme.trunk, RegistrationStatus.FAILED, now - 60, 0.0, "403 Forbidden"
        ),
        "milan": ReportedRegistration(
            acme.trunk, RegistrationStatus.REGISTERED, now - 60, now + 600
        ),
    }.items():
        await store_registration_states(await _node(name), [told])
    milan, rome = await _states(client, acme.trunk)
    assert (milan["node"], milan["state"], milan["lastError"]) == ("milan", "REGISTERED", "")
    expires_at = datetime.fromisoformat(milan["expiresAt"])
    assert abs(expires_at.timestamp() - now - 600) < 0.001
    assert (rome["node"], rome["state"], rome["lastError"]) == ("rome", "FAILED", "403 Forbidden")
    assert rome["expiresAt"] is None


async def test_what_a_node_told_last_is_all_that_it_tells(client: Client, acme: Ids) -> None:
    for trunk in (acme.trunk, acme.carrier_trunk):
        changes = {**_CREDENTIAL, "registration": {}}
        await client.run("UpdateTrunk", id=trunk, input=changes)
    node = await _node()
    told = [
        ReportedRegistration(trunk, RegistrationStatus.TRYING, 0.0)
        for trunk in (acme.trunk, acme.carrier_trunk, "6f1c0bd0-9b43-4f43-9f0e-4b8f9a3f0f6e")
    ]
    await store_registration_states(node, told)
    await store_registration_states(node, told[1:])
    assert await _states(client, acme.trunk) == []
    assert len(await _states(client, acme.carrier_trunk)) == 1


async def test_a_node_that_is_silent_knows_nothing_any_more(client: Client, acme: Ids) -> None:
    changes = {**_CREDENTIAL, "registration": {}}
    await client.run("UpdateTrunk", id=acme.trunk, input=changes)
    told = ReportedRegistration(acme.trunk, RegistrationStatus.REGISTERED, 0.0)
    await store_registration_states(await _node(), [told])
    past = datetime.now(UTC) - timedelta(seconds=61)
    await RegistrationState.all().update(confirmed_at=past)
    (state,) = await _states(client, acme.trunk)
    assert state["state"] == "UNKNOWN"


async def test_whoever_sees_the_trunk_sees_how_it_stands(
    client: Client, acme: Ids, of_zen: Client
) -> None:
    changes = {**_CREDENTIAL, "registration": {}}
    await client.run("UpdateTrunk", id=acme.carrier_trunk, input=changes)
    told = ReportedRegistration(acme.carrier_trunk, RegistrationStatus.REGISTERED, 0.0)
    await store_registration_states(await _node(), [told])
    of_acme = client.with_token(await create_api_token("acme", "Acme"))
    assert len(await _states(of_acme, acme.carrier_trunk)) == 1
    assert await of_zen.run("Registration", id=acme.carrier_trunk) is None
