"""The faults in what goes out to a carrier: more of 1, 12, 13, 14 and 15, which test_calls.py has
as well, and 18."""

import re
from typing import Any

import pytest

from pointsman.models import Trunk
from pointsman.routing.digest_hash import hash_a1
from pointsman.routing.snapshot import Snapshot, compile_snapshot
from pointsman.routing.trunk import CallerIdPolicy, DiversionPolicy
from pointsman.routing.uri import parse_name_addr, parse_uri, split_values
from pointsman.services.carriers import create_carrier
from pointsman.services.routing_groups import update_routing_group
from pointsman.services.secrets import Secrets, new_key
from pointsman.services.snapshots import load_configuration
from pointsman.services.trunk_parts import Endpoint
from pointsman.services.trunks import create_trunk, update_trunk
from tests.field_faults.conftest import PBX, Configured, answer
from tests.services.conftest import Place
from tests.services.test_trunk_fields import Header

_KEYS = Secrets([new_key()])
_CALLED = "sip:+390612345678@h"
_LINE = re.compile(r"([A-Za-z-]+): ([^\r\n]+)\r\n")


async def _add_trunk(configured: Configured, name: str, ip: str, **more: Any) -> Trunk:
    """A second way out, tried after the first."""
    carrier = await create_carrier(configured.by, name=name, tenant_id=configured.tenant.id)
    trunk = await create_trunk(
        configured.by, name=name, carrier_id=carrier.id, endpoints=[Endpoint(ip, 5060)],
        secrets=_KEYS, **more,
    )  # fmt: skip
    (group,) = (await load_configuration()).routing_groups
    places = [Place(configured.out.id, 0), Place(trunk.id, 1)]
    await update_routing_group(configured.by, group.id, trunks=places)
    return trunk


async def _snapshot() -> Snapshot:
    return compile_snapshot(await load_configuration(_KEYS))


def _headers(route: dict[str, Any]) -> dict[str, str]:
    lines = _LINE.findall(route["headers"]["extra"])
    assert len(dict(lines)) == len(lines)
    return dict(lines)


async def test_fault_01_nothing_of_a_caller_is_left_for_the_next_one(
    configured: Configured,
) -> None:
    """Callers that are told, forced and hidden, one after the other and back again."""
    await update_trunk(
        configured.by, configured.out.id, trusted=False,
        extra_headers=[Header("X-Caller", "{calling_number}")],
    )  # fmt: skip
    await _add_trunk(
        configured, "second", "198.51.100.2",
        caller_id_policy=CallerIdPolicy.FORCE, caller_id_number="+390401230000",
    )  # fmt: skip
    snapshot = await _snapshot()
    callers = ["+390401234001", "+390401234002"]
    for caller, privacy in [(c, p) for _ in range(2) for c in callers for p in ("", "id")]:
        from_uri = f"sip:{caller}@acme.example"
        document = answer(snapshot, _CALLED, from_uri=from_uri, from_name=caller, privacy=privacy)
        first, second = document["routes"]
        told = "anonymous" if privacy else caller
        assert told in first["headers"]["from"]["uri"]
        assert _headers(first)["X-Caller"] == told
        assert ("P-Asserted-Identity" in _headers(first)) is (not privacy)
        assert caller not in str(second)
        assert not set(callers) - {told} & set(re.findall(r"\+\d+", str(first)))


async def test_fault_12_each_leg_answers_challenges_with_its_own_credential(
    configured: Configured,
) -> None:
    await update_trunk(
        configured.by, configured.out.id, secrets=_KEYS,
        outbound_username="first", outbound_password="one", outbound_realm="alpha.example",
    )  # fmt: skip
    await _add_trunk(
        configured, "second", "198.51.100.2", outbound_username="second", outbound_password="two"
    )
    document = answer(await _snapshot(), _CALLED)
    credentials = [
        (route["auth_user"], route["auth_password"], route["auth_realm"], route["auth_ha1"])
        for route in document["routes"]
    ]
    ha1 = hash_a1("first", "alpha.example", "one")
    assert credentials == [("first", "", "alpha.example", ha1), ("second", "two", "", "")]
    beside = {key: value for key, value in document.items() if key != "routes"}
    assert not re.search(r"first|second|one\b|two|alpha\.example", str(beside))


@pytest.mark.parametrize("name", ['Eve" <sip:boss@acme.example>', "sip:100@domain", 'a\\"b', "é<>"])
async def test_fault_13_every_header_is_well_formed_whatever_the_names(
    configured: Configured, name: str
) -> None:
    await update_trunk(
        configured.by, configured.out.id, send_preferred_identity=True,
        send_remote_party_id=True, diversion_policy=DiversionPolicy.BOTH,
    )  # fmt: skip
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    document = await configured.ask(
        _CALLED, from_name=f'"{quoted}"', diversion=f'"{quoted}" <sip:+390401234002@h>'
    )
    headers = _headers(document["routes"][0])
    assert headers.keys() == {
        "P-Asserted-Identity", "P-Preferred-Identity", "Remote-Party-ID", "Diversion",
        "History-Info",
    }  # fmt: skip
    for header, value in headers.items():
        party = parse_name_addr(split_values(value)[0])
        assert party.display == name
        of_before = header in ("Diversion", "History-Info")
        assert party.uri.user == ("+390401234002" if of_before else "+390401234567")


async def test_fault_14_the_request_uri_is_the_trunks_to_the_last_character(
    configured: Configured,
) -> None:
    await update_trunk(configured.by, configured.out.id, tech_prefix="99#")
    for dialled, user in (
        ("sip:+390612345678@h", "99%23+390612345678"),
        ("tel:+39-06-12345678", "99%23+390612345678"),
        ("sip:*72@h;user=phone", "99%23*72"),
    ):
        (route,) = (await configured.ask(dialled))["routes"]
        assert route["uri"] == f"sip:{user}@198.51.100.1:5060"
        assert route["headers"]["to"]["uri"] == f"sip:{user}@198.51.100.1"
        assert route["dst_uri"] == "sip:198.51.100.1:5060"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("<tel:+39-040-1234567>", f"sip:+390401234567@{PBX}"),
        ("<sip:+390401234567@[2001:db8::1]:5080>", "sip:+390401234567@[2001:db8::1]"),
        ("<sips:+390401234567@pbx.example;transport=tcp>", "sip:+390401234567@pbx.example"),
        ("sip:+390401234567@pbx.example", "sip:+390401234567@pbx.example"),
    ],
)
async def test_fault_15_every_form_of_a_uri_is_read_in_every_header(
    configured: Configured, given: str, expected: str
) -> None:
    by, out = configured.by, configured.out
    await update_trunk(by, out.id, diversion_policy=DiversionPolicy.DIVERSION)
    document = await configured.ask(_CALLED, p_asserted_identity=given, diversion=given)
    headers = _headers(document["routes"][0])
    assert headers["P-Asserted-Identity"] == f"<{expected}>"
    assert headers["Diversion"] == f"<{expected}>;reason=unknown;counter=1"
    parse_uri(expected)


@pytest.mark.parametrize("password", ["hunter2", 'p"a\\ss', "pässwörd", "$2b$12$looks.like.a.hash"])
async def test_fault_18_a_password_goes_to_the_carriers_challenge_as_it_is(
    configured: Configured, password: str
) -> None:
    """Not a hash of it; nor does the database have it in clear."""
    await update_trunk(
        configured.by, configured.out.id, secrets=_KEYS,
        outbound_username="acme", outbound_password=password,
    )  # fmt: skip
    (route,) = answer(await _snapshot(), _CALLED)["routes"]
    assert (route["auth_user"], route["auth_password"]) == ("acme", password)
    stored = (await Trunk.get(id=configured.out.id)).outbound_password
    assert stored is not None
    assert password.encode() not in bytes(stored)
