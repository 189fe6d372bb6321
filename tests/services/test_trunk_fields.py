"""The fields of a trunk beside its parts and its credentials."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest

from pointsman.auth import Principal
from pointsman.errors import InvalidInput, NotFound
from pointsman.models import NormalizationProfile, ReroutePolicy, Tenant, Trunk
from pointsman.routing.number import NumberFormat
from pointsman.routing.trunk import CallerIdPolicy, DiversionPolicy, ExtraHeader
from pointsman.routing.trunk import Trunk as RoutedTrunk
from pointsman.services.carriers import create_carrier
from pointsman.services.kamailio_nodes import create_kamailio_node
from pointsman.services.trunks import create_trunk, load_trunks, update_trunk
from tests.services.conftest import Objects

pytestmark = pytest.mark.usefixtures("transaction")

SOCKET = "udp:203.0.113.1:5060"


@dataclass
class Header:
    """An extra header as it is given."""

    name: str
    template: str


async def _loaded(row: Trunk) -> RoutedTrunk:
    (found,) = [trunk for trunk in await load_trunks() if trunk.id == str(row.id)]
    return found


async def _problems(attempt: Any) -> dict[str, tuple[str, str]]:
    with pytest.raises(InvalidInput) as caught:
        await attempt
    return {problem.path: (problem.message, problem.fix) for problem in caught.value.problems}


async def _profile(tenant: Tenant | None) -> NormalizationProfile:
    return await NormalizationProfile.create(
        name="Italy", tenant=tenant, country="IT", area_code="", international_prefix="00",
        national_prefix="", min_length=4, max_length=11, rules=[], examples=[],
    )  # fmt: skip


async def _policy(tenant: Tenant | None) -> ReroutePolicy:
    return await ReroutePolicy.create(name="patient", tenant=tenant, rules=[])


async def test_the_core_gets_every_field(admin: Principal, objects: Objects) -> None:
    await create_kamailio_node(admin, name="n", sockets=["203.0.113.1:5060"])
    profile, policy = await _profile(None), await _policy(None)
    fields: dict[str, Any] = {
        "draining": True,
        "number_format": NumberFormat.LOCAL,
        "tech_prefix": "9#*",
        "caller_id_policy": CallerIdPolicy.FORCE,
        "caller_id_number": "+390401234567",
        "send_preferred_identity": True,
        "send_remote_party_id": True,
        "trusted": False,
        "diversion_policy": DiversionPolicy.HISTORY_INFO,
        "socket": SOCKET,
    }
    references: dict[str, Any] = {
        "normalization_profile_id": profile.id,
        "reroute_policy_id": str(policy.id),
    }
    headers = [Header("X-Customer", "{tenant}"), Header("Subject", "a call")]
    made = await create_trunk(
        admin, name="new", carrier_id=objects.alpha.id, extra_headers=headers,
        **fields, **references,
    )  # fmt: skip
    changed = await update_trunk(
        admin, objects.alpha_trunk.id, extra_headers=headers, **fields, **references
    )
    for row in (made, changed):
        loaded = await _loaded(row)
        assert {name: getattr(loaded, name) for name in fields} == fields
        assert {name: getattr(loaded, name) for name in references} == {
            name: str(object_id) for name, object_id in references.items()
        }
        assert loaded.extra_headers == (
            ExtraHeader("X-Customer", "{tenant}"),
            ExtraHeader("Subject", "a call"),
        )


async def test_what_is_not_said_is_as_a_trunk_was_before(
    admin: Principal, objects: Objects
) -> None:
    for row, trusted in ((objects.acme_pbx, False), (objects.alpha_trunk, True)):
        loaded = await _loaded(row)
        assert loaded == RoutedTrunk(
            id=loaded.id,
            name=loaded.name,
            kind=loaded.kind,
            tenant_id=loaded.tenant_id,
            carrier_id=loaded.carrier_id,
            trusted=trusted,
        )


@pytest.mark.parametrize("trusted", [True, False])
async def test_a_carrier_is_trusted_and_a_pbx_is_not_unless_said(
    admin: Principal, objects: Objects, trusted: bool
) -> None:
    for owner in ({"tenant_id": objects.acme.id}, {"carrier_id": objects.alpha.id}):
        given: dict[str, Any] = {**owner, "trusted": trusted}
        assert (await create_trunk(admin, name="said", **given)).trusted is trusted


async def test_everything_wrong_is_said_at_once(admin: Principal, objects: Objects) -> None:
    headers = [Header("Via", "x"), Header("X-A", "a\r\nX-Evil: 1"), Header("X-a", "b")]
    problems = await _problems(
        create_trunk(
            admin,
            name="",
            tenant_id=objects.acme.id,
            tech_prefix="9a",
            caller_id_number="0401234567",
            number_format=NumberFormat.LOCAL,
            socket="sip:here",
            extra_headers=headers,
            outbound_username='"',
        )
    )
    assert problems.keys() == {
        "name",
        "techPrefix",
        "callerIdNumber",
        "normalizationProfileId",
        "socket",
        "extraHeaders[0]",
        "extraHeaders[1]",
        "extraHeaders[2]",
        "outboundUsername",
    }
    assert problems["extraHeaders[2]"] == ("X-a is given twice", "give it once")
    assert all(fix for _, fix in problems.values())


async def test_no_more_extra_headers_than_fit(admin: Principal, objects: Objects) -> None:
    headers = [Header(f"X-{number}", "a") for number in range(17)]
    problems = await _problems(update_trunk(admin, objects.acme_pbx.id, extra_headers=headers))
    assert problems == {"extraHeaders": ("17 are given", "give 16 at most")}


@pytest.mark.parametrize(
    "number", ["390401234567", "+0401234567", "+39040", "+3904012345678901", "+39 040 1234567"]
)
async def test_a_caller_id_is_a_whole_number(
    admin: Principal, objects: Objects, number: str
) -> None:
    problems = await _problems(update_trunk(admin, objects.acme_pbx.id, caller_id_number=number))
    assert problems.keys() == {"callerIdNumber"}


async def test_a_forced_caller_id_needs_its_number_then_and_later(
    admin: Principal, objects: Objects
) -> None:
    trunk_id, number = objects.acme_pbx.id, "+390401234567"
    fix = ("the caller-ID policy FORCE tells the far end a number",
           "give callerIdNumber, or another callerIdPolicy")  # fmt: skip
    force = CallerIdPolicy.FORCE
    assert await _problems(update_trunk(admin, trunk_id, caller_id_policy=force)) == {
        "callerIdNumber": fix
    }
    await update_trunk(admin, trunk_id, caller_id_policy=force, caller_id_number=number)
    assert await _problems(update_trunk(admin, trunk_id, caller_id_number="")) == {
        "callerIdNumber": fix
    }
    await update_trunk(
        admin, trunk_id, caller_id_number="", caller_id_policy=CallerIdPolicy.DID_OWNED
    )


async def test_a_local_format_needs_its_profile_then_and_later(
    admin: Principal, objects: Objects
) -> None:
    trunk_id, local = objects.acme_pbx.id, NumberFormat.LOCAL
    assert (await _problems(update_trunk(admin, trunk_id, number_format=local))).keys() == {
        "normalizationProfileId"
    }
    profile = await _profile(objects.acme)
    given: dict[str, Any] = {"normalization_profile_id": profile.id}
    await update_trunk(admin, trunk_id, number_format=local, **given)
    without = update_trunk(admin, trunk_id, normalization_profile_id=None)
    assert (await _problems(without)).keys() == {"normalizationProfileId"}
    row = await update_trunk(
        admin, trunk_id, normalization_profile_id=None, number_format=NumberFormat.E164
    )
    assert row.normalization_profile_id is None


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ("udp:203.0.113.1:5060", "udp:203.0.113.1:5060"),
        (" UDP:203.0.113.1:5060 ", "udp:203.0.113.1:5060"),
        ("tls:[2001:0DB8::1]:5061", "tls:[2001:db8::1]:5061"),
        ("", ""),
    ],
)
async def test_a_socket_is_one_of_a_node(
    admin: Principal, objects: Objects, given: str, stored: str
) -> None:
    sockets = ["203.0.113.1:5060", "[2001:db8::1]:5061"]
    await create_kamailio_node(admin, name="n", sockets=sockets)
    assert (await update_trunk(admin, objects.acme_pbx.id, socket=given)).socket == stored


@pytest.mark.parametrize(
    "socket",
    ["udp", "203.0.113.1:5060", "udp:203.0.113.1", "udp:sip.example:5060", "ws:203.0.113.1:80",
     "udp:203.0.113.1:0", "udp:203.0.113.1:70000", "udp:2001:db8::1:5060",
     "udp:[203.0.113.1]:5060", "udp:203.0.113.1:5060;x", "udp:203.0.113.256:5060"],
)  # fmt: skip
async def test_what_is_no_socket_is_refused(
    admin: Principal, objects: Objects, socket: str
) -> None:
    await create_kamailio_node(admin, name="n", sockets=["203.0.113.1:5060"])
    problems = await _problems(update_trunk(admin, objects.acme_pbx.id, socket=socket))
    assert problems.keys() == {"socket"}


async def test_which_sockets_there_are_is_told_to_the_platform_alone(
    admin: Principal, objects: Objects, of_zen: Principal
) -> None:
    unknown = "udp:203.0.113.9:5060"
    fix = "give the address of a Kamailio node of this platform, or nothing"
    message = f"no Kamailio node of this platform has the socket {unknown}"
    none = await _problems(update_trunk(admin, objects.zen_pbx.id, socket=unknown))
    assert none["socket"][1].endswith("none has one: pointsman node create --socket")
    await create_kamailio_node(admin, name="n", sockets=["203.0.113.1:5060", "[2001:db8::1]:5061"])
    assert await _problems(update_trunk(of_zen, objects.zen_pbx.id, socket=unknown)) == {
        "socket": (message, fix)
    }
    told = await _problems(update_trunk(admin, objects.zen_pbx.id, socket=unknown))
    assert told == {
        "socket": (message, f"{fix}; its nodes' sockets: 203.0.113.1:5060, [2001:db8::1]:5061")
    }


async def test_profiles_and_policies_are_the_owners_or_the_platforms(
    admin: Principal, objects: Objects
) -> None:
    own_carrier = await create_carrier(admin, name="Own", tenant_id=objects.acme.id)
    own_trunk = await create_trunk(admin, name="own", carrier_id=own_carrier.id)
    of_platform, of_acme, of_zen = None, objects.acme, objects.zen
    allowed = {
        objects.acme_pbx.id: (of_platform, of_acme),
        own_trunk.id: (of_platform, of_acme),
        objects.alpha_trunk.id: (of_platform,),
    }
    profiles = [(owner, await _profile(owner)) for owner in (of_platform, of_acme, of_zen)]
    policies = [(owner, await _policy(owner)) for owner in (of_platform, of_acme, of_zen)]
    for trunk_id, owners in allowed.items():
        for path, rows in (("normalizationProfileId", profiles), ("reroutePolicyId", policies)):
            for owner, row in rows:
                field = "normalization_profile_id" if rows is profiles else "reroute_policy_id"
                given: dict[str, Any] = {field: row.id}
                if owner in owners:
                    assert getattr(await update_trunk(admin, trunk_id, **given), field) == row.id
                else:
                    with pytest.raises(NotFound) as caught:
                        await update_trunk(admin, trunk_id, **given)
                    assert caught.value.path == path


@pytest.mark.parametrize("field", ["normalization_profile_id", "reroute_policy_id"])
async def test_a_tenant_never_uses_anothers_profile_or_policy(
    admin: Principal, objects: Objects, of_zen: Principal, field: str
) -> None:
    foreign = await (_profile if field.startswith("n") else _policy)(objects.acme)
    for object_id in (foreign.id, uuid4(), "x"):
        given: dict[str, Any] = {field: object_id}
        for attempt in (
            update_trunk(of_zen, objects.zen_pbx.id, **given),
            create_trunk(of_zen, name="new", tenant_id=objects.zen.id, **given),
        ):
            with pytest.raises(NotFound) as caught:
                await attempt
            assert str(object_id) in str(caught.value)
            assert str(caught.value).startswith("there is no ")
