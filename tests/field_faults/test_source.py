"""The faults that are about who sends a call and how that is known."""

import json
from itertools import product
from typing import Any

import pytest

from pointsman.errors import Conflict, InvalidInput
from pointsman.kamailio.answer import answer_question
from pointsman.models import Trunk
from pointsman.routing.digest_hash import DigestAlgorithm, hash_a1
from pointsman.routing.outcome import MatchKind, RejectCode
from pointsman.routing.snapshot import Snapshot, compile_snapshot
from pointsman.services.secrets import Secrets, new_key
from pointsman.services.snapshots import load_configuration
from pointsman.services.tenants import create_tenant
from pointsman.services.trunk_parts import Endpoint, Source
from pointsman.services.trunks import create_trunk, update_trunk
from pointsman.services.trusted_proxies import create_trusted_proxy
from tests.field_faults.conftest import CARRIER, PBX, Configured

_SECRETS = Secrets([new_key()])
_NOMAD, _PROXY = "203.0.113.99", "198.18.0.1"
_ALICE = {"username": "alice", "realm": "acme.example"}
_A1 = ("alice", "acme.example", "hunter2")
_HA1, _HA1_SHA256 = hash_a1(*_A1), hash_a1(*_A1, DigestAlgorithm.SHA_256)
_OUT = "sip:+390612345678@h"


async def _alice(configured: Configured, **more: Any) -> Snapshot:
    """Alice's home office signs in; it has no source."""
    await create_trunk(
        configured.by,
        name="home",
        tenant_id=configured.tenant.id,
        secrets=_SECRETS,
        digest_username="alice",
        digest_realm="acme.example",
        digest_password="hunter2",
        **more,
    )
    return compile_snapshot(await load_configuration(_SECRETS))


def _ask(snapshot: Snapshot, to_uri: str = _OUT, **more: object) -> dict[str, Any]:
    """The whole answer to a call from nowhere known, unless said otherwise."""
    question = {
        "source_ip": _NOMAD,
        "source_port": 5060,
        "call_id": "c",
        "from_uri": "sip:100@acme.example",
        "to_uri": to_uri,
        **more,
    }
    body = answer_question(json.dumps(question).encode(), snapshot, now=0).body
    answer: dict[str, Any] = json.loads(body)
    return answer


async def test_fault_02_each_call_is_verified_by_itself(configured: Configured) -> None:
    """What one call has proved is nothing to the next one."""
    snapshot = await _alice(configured)
    for _ in range(3):
        verified = _ask(snapshot, **_ALICE, auth=1)
        assert (verified["rtjson"]["success"], verified["auth"]) == (True, None)
        unproved = _ask(snapshot, **_ALICE)
        assert unproved["auth"] == {
            **_ALICE,
            "algorithms": "SHA-256,MD5",
            "ha1": _HA1,
            "ha1_sha256": _HA1_SHA256,
        }
        for wrong in ({}, {"username": "mallory", "realm": "acme.example"}, {"username": "alice"}):
            answer = _ask(snapshot, **wrong)
            assert answer["rtjson"]["code"] == RejectCode.AUTHENTICATION_REQUIRED
            assert answer["rtjson"]["routes"] == []


async def test_fault_10_a_source_and_a_user_are_one_trunks_on_the_platform(
    configured: Configured,
) -> None:
    await _alice(configured)
    thief = await create_tenant(configured.by, name="Thief")
    for fields in (
        {"sources": [Source(PBX)]},
        {"sources": [Source(CARRIER)]},
        {
            "digest_username": "alice",
            "digest_realm": "ACME.example",
            "digest_password": "x",
            "secrets": _SECRETS,
        },
    ):
        given: dict[str, Any] = fields
        with pytest.raises(Conflict):
            await create_trunk(configured.by, name="mine", tenant_id=thief.id, **given)
    assert not await Trunk.exists(tenant_id=thief.id)


async def test_fault_16_whoever_fails_to_sign_in_gets_nobodys_routes(
    configured: Configured,
) -> None:
    """By any words in the question: routes are of the user's own tenant, and to be verified."""
    snapshot = await _alice(configured)
    users, realms = ("", "alice", "mallory", "<null>"), ("", "acme.example", "zen.example")
    hosts = ("acme.example", "zen.example", _NOMAD)
    targets = ("sip:+390401234567@h", "sip:100@acme.example", _OUT)
    for user, realm, host, to_uri, auth in product(users, realms, hosts, targets, (0, 1)):
        answer = _ask(
            snapshot, to_uri, username=user, realm=realm, from_uri=f"sip:1@{host}", auth=auth
        )
        document = answer["rtjson"]
        if (user, realm) == ("alice", "acme.example"):
            assert document["tenant"] in ("", str(configured.tenant.id))
            assert (answer["auth"] is None) == (auth == 1)
        else:
            assert document["routes"] == []
            assert document["tenant"] == ""
            assert document["code"] in (
                RejectCode.AUTHENTICATION_REQUIRED,
                RejectCode.UNKNOWN_SOURCE,
            )


@pytest.mark.parametrize("source_ip", ["", "0.0.0.0", "::", "<null>", "127.0.0.1"])  # noqa: S104
async def test_fault_17_a_trunk_without_a_source_is_nobodys(
    configured: Configured, source_ip: str
) -> None:
    await update_trunk(configured.by, configured.pbx.id, sources=[])
    snapshot = await configured.snapshot()
    if source_ip in ("", "<null>"):
        with pytest.raises(ValueError, match=r"source_ip|Expected"):
            _ask(snapshot, source_ip=source_ip)
        return
    assert _ask(snapshot, source_ip=source_ip)["rtjson"]["code"] == RejectCode.UNKNOWN_SOURCE


async def test_fault_17_a_ha1_is_told_of_the_user_in_question_alone(
    configured: Configured,
) -> None:
    snapshot = await _alice(configured)
    for question in (
        {},
        {"username": "mallory", "realm": "acme.example"},
        {"username": "alice", "realm": "zen.example"},
        {**_ALICE, "auth": 1},
        {**_ALICE, "source_ip": PBX},
        {**_ALICE, "source_ip": CARRIER},
    ):
        answered = json.dumps(_ask(snapshot, **question))
        assert _HA1 not in answered
        assert _HA1_SHA256 not in answered


async def test_fault_18_a_user_signs_in_with_the_password_that_was_given(
    configured: Configured,
) -> None:
    """What is kept verifies it, and cannot be read where it is kept."""
    snapshot = await _alice(configured)
    assert _ask(snapshot, **_ALICE)["auth"]["ha1"] == _HA1
    stored = await Trunk.get(name="home")
    assert stored.digest_ha1 is not None
    assert _HA1.encode() not in stored.digest_ha1
    await update_trunk(configured.by, stored.id, secrets=_SECRETS, digest_password="correct horse")
    renewed = compile_snapshot(await load_configuration(_SECRETS))
    assert _ask(renewed, **_ALICE)["auth"]["ha1"] == hash_a1(
        "alice", "acme.example", "correct horse"
    )
    with pytest.raises(InvalidInput):
        await update_trunk(configured.by, stored.id, secrets=_SECRETS, digest_realm="other.example")


async def test_fault_18_a_lost_key_shuts_users_out_and_stops_no_other_call(
    configured: Configured,
) -> None:
    await _alice(configured)
    snapshot = compile_snapshot(await load_configuration(Secrets([new_key()])))
    for auth in (0, 1):
        answer = _ask(snapshot, **_ALICE, auth=auth)
        assert answer["rtjson"]["code"] == RejectCode.UNKNOWN_SOURCE
        assert answer["auth"] is None
    others = _ask(snapshot, source_ip=PBX)
    assert others["rtjson"]["code"] == MatchKind.ROUTING_RULE


async def test_fault_23_what_a_caller_says_of_its_source_is_believed_of_listed_proxies_only(
    configured: Configured,
) -> None:
    await create_trusted_proxy(configured.by, name="edge", cidr=f"{_PROXY}/32")
    snapshot = await configured.snapshot()
    claim = f"udp:{PBX}:5060"
    for source_ip in (_NOMAD, "198.18.0.2", "127.0.0.1"):
        answer = _ask(snapshot, source_ip=source_ip, forwarded_source=claim)
        assert answer["rtjson"]["code"] == RejectCode.UNKNOWN_SOURCE
    behind = _ask(snapshot, source_ip=_PROXY, forwarded_source=claim)
    assert behind["rtjson"]["tenant"] == str(configured.tenant.id)
    for unreadable in ("", PBX, "unreadable", f"{claim}, udp:{CARRIER}:5060", f"udp:{_NOMAD}:1"):
        answer = _ask(snapshot, source_ip=_PROXY, forwarded_source=unreadable)
        assert answer["rtjson"]["code"] == RejectCode.UNKNOWN_SOURCE


async def test_fault_23_nothing_that_a_caller_writes_is_a_credential(
    configured: Configured,
) -> None:
    """The keys that the seed's API took from headers are not read."""
    snapshot = await configured.snapshot()
    for key in ("x_forwarded_for", "X-Auth-User", "x_destination_uri", "domain", "node"):
        answer = _ask(snapshot, **{key: PBX})
        assert answer["rtjson"]["code"] == RejectCode.UNKNOWN_SOURCE
    endpoint = Endpoint("192.0.2.77", 5060)
    await create_trunk(
        configured.by, name="spare", tenant_id=configured.tenant.id, endpoints=[endpoint]
    )
    spare = _ask(await configured.snapshot(), source_ip="192.0.2.77")
    assert spare["rtjson"]["code"] == RejectCode.UNKNOWN_SOURCE
