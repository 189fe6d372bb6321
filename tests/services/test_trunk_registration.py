"""The registration of a trunk: what is stored of it, and what is refused."""

from typing import Any

import pytest

from pointsman.auth import Principal
from pointsman.errors import Conflict, InvalidInput
from pointsman.graphql.registration import TrunkRegistrationInput
from pointsman.models import ChangeRecord, Trunk
from pointsman.routing.registration import Registration
from pointsman.services.kamailio_nodes import create_kamailio_node
from pointsman.services.trunk_parts import Endpoint
from pointsman.services.trunks import create_trunk, load_trunks, update_trunk
from tests.services.conftest import Objects
from tests.services.test_trunk_credentials import OUTBOUND, SECRETS

pytestmark = pytest.mark.usefixtures("transaction")


_NO_REGISTRAR = "write host, host:port or host:port;transport=tcp, without sip: before it"
_NODES = (
    "give the name of a Kamailio node of this platform, or nothing for each of them; its nodes: "
    "milan"
)


def _given(**fields: Any) -> TrunkRegistrationInput:
    return TrunkRegistrationInput(**fields)


async def _create(admin: Principal, objects: Objects, **fields: Any) -> Trunk:
    given = {
        "name": "home",
        "carrier_id": objects.alpha.id,
        "secrets": SECRETS,
        "endpoints": [Endpoint("192.0.2.90", 5060)],
        **OUTBOUND,
        **fields,
    }
    return await create_trunk(admin, **given)


async def _refused(attempt: Any) -> dict[str, tuple[str, str]]:
    with pytest.raises(InvalidInput) as caught:
        await attempt
    return {problem.path: (problem.message, problem.fix) for problem in caught.value.problems}


async def _loaded(row: Trunk) -> Registration | None:
    (found,) = [trunk for trunk in await load_trunks(SECRETS) if trunk.id == str(row.id)]
    return found.registration


async def test_the_core_gets_what_the_operator_wrote(admin: Principal, objects: Objects) -> None:
    await create_kamailio_node(admin, name="milan")
    given = _given(
        registrar=" SIP.Alpha.example:5061;transport=TLS ",
        username="+390401234000",
        domain="Alpha.example",
        expires_s=600,
        contact_user="acme-trunk",
        node="milan",
        enabled=False,
    )
    row = await _create(admin, objects, registration=given)
    assert await _loaded(row) == Registration(
        enabled=False,
        registrar="sip.alpha.example:5061;transport=tls",
        username="+390401234000",
        domain="alpha.example",
        expires_s=600,
        contact_user="acme-trunk",
        node="milan",
    )


async def test_a_trunk_has_none_unless_it_is_given(admin: Principal, objects: Objects) -> None:
    row = await _create(admin, objects)
    assert row.registration is None
    assert await _loaded(row) is None


async def test_it_is_replaced_taken_away_and_audited(admin: Principal, objects: Objects) -> None:
    row = await _create(admin, objects, registration=_given(expires_s=600))
    await update_trunk(admin, row.id, name="renamed")
    assert await _loaded(row) == Registration(expires_s=600)
    await update_trunk(admin, row.id, registration=_given(username="u"))
    assert await _loaded(row) == Registration(username="u")
    await update_trunk(admin, row.id, registration=None)
    assert await _loaded(row) is None
    record = await ChangeRecord.all().order_by("-id").first()
    assert record is not None
    assert record.before is not None
    assert record.after is not None
    assert record.before["registration"]["username"] == "u"
    assert record.after["registration"] is None


@pytest.mark.parametrize(
    ("given", "path", "refusal"),
    [
        ({"registrar": "sip:alpha.example"}, "registrar", ("'sip:alpha.example'", _NO_REGISTRAR)),
        ({"registrar": "a;transport=sctp"}, "registrar", ("'a;transport=sctp'", _NO_REGISTRAR)),
        ({"registrar": "a:0"}, "registrar", ("port 0 is out of range", "use 1 to 65535")),
        ({"username": "a@b"}, "username", ("'a@b'", "use letters, digits and _.!~*+-, 128")),
        ({"contact_user": 'a"\r\nX: y'}, "contactUser", ("'a\"\\r\\nX: y'", "use letters")),
        (
            {"contact_user": "6f1c0bd0-9b43-4f43-9f0e-4b8f9a3f0f6e"},
            "contactUser",
            ("an id is the contact of the trunk that has it", "leave it out for the trunk's own"),
        ),
        ({"expires_s": 59}, "expiresS", ("59 s is out of range", "use 60 to 86400")),
        ({"expires_s": 86_401}, "expiresS", ("86401 s is out of range", "use 60 to 86400")),
        ({"node": "rome"}, "node", ("no Kamailio node of this platform is named 'rome'", _NODES)),
        (
            {"registrar": "192.0.2.1"},
            "registrar",
            ("192.0.2.1 is a Kamailio node of this platform", "give the address of the carrier"),
        ),
    ],
)
async def test_what_cannot_be_is_refused_with_what_to_write(
    admin: Principal, objects: Objects, given: dict[str, Any], path: str, refusal: tuple[str, str]
) -> None:
    await create_kamailio_node(admin, name="milan", sockets=["192.0.2.1:5060"])
    refused = await _refused(_create(admin, objects, registration=_given(**given)))
    assert list(refused) == [f"registration.{path}"]
    for said, expected in zip(refused[f"registration.{path}"], refusal, strict=True):
        assert said.startswith(expected)


async def test_a_registration_needs_a_credential_and_a_registrar(
    admin: Principal, objects: Objects
) -> None:
    lacking: dict[str, Any] = {"outbound_username": "", "outbound_password": None, "endpoints": []}
    refused = await _refused(_create(admin, objects, registration=_given(), **lacking))
    assert refused == {
        "registration": (
            "a registration signs in with the trunk's outbound credential, and there is none",
            "give outboundUsername and outboundPassword, or take the registration away (null)",
        ),
        "registration.registrar": (
            "the trunk has no enabled endpoint that could be the registrar",
            "give the registrar, as sip.example.com or 192.0.2.1:5060;transport=tcp",
        ),
    }


@pytest.mark.parametrize(
    ("change", "path"),
    [({"outbound_username": ""}, "registration"), ({"endpoints": []}, "registration.registrar")],
)
async def test_what_a_registration_needs_stays(
    admin: Principal, objects: Objects, change: dict[str, Any], path: str
) -> None:
    row = await _create(admin, objects, registration=_given())
    assert list(await _refused(update_trunk(admin, row.id, **change))) == [path]
    await update_trunk(admin, row.id, registration=None, **change)


async def test_a_user_that_is_no_user_of_an_address_needs_one_for_it(
    admin: Principal, objects: Objects
) -> None:
    fields = {"outbound_username": "acme@alpha.example"}
    assert await _refused(_create(admin, objects, registration=_given(), **fields)) == {
        "registration.username": (
            "the outbound user 'acme@alpha.example' is no user of an address of record",
            "give the user of the address that is registered",
        )
    }
    row = await _create(admin, objects, registration=_given(username="acme"), **fields)
    assert row.outbound_username == "acme@alpha.example"


async def test_a_contact_is_one_trunks(admin: Principal, objects: Objects) -> None:
    await _create(admin, objects, registration=_given(contact_user="acme"))
    with pytest.raises(Conflict, match="another trunk has this contact user"):
        await _create(admin, objects, name="two", registration=_given(contact_user="acme"))


async def test_many_trunks_have_their_ids_for_contacts(admin: Principal, objects: Objects) -> None:
    row = await _create(admin, objects, registration=_given())
    await _create(admin, objects, name="two", registration=_given())
    await update_trunk(admin, row.id, registration=_given(contact_user=str(row.id)))
    assert await _loaded(row) == Registration()


async def test_a_tenant_is_not_told_of_the_platforms_nodes(
    admin: Principal, objects: Objects
) -> None:
    await create_kamailio_node(admin, name="milan")
    attempt = create_trunk(
        Principal("acme", objects.acme.id),
        name="home",
        tenant_id=objects.acme.id,
        secrets=SECRETS,
        endpoints=[Endpoint("192.0.2.90")],
        registration=_given(node="rome"),
        **OUTBOUND,
    )
    ((_, fix),) = (await _refused(attempt)).values()
    assert "milan" not in fix
