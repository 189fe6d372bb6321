"""What nodes register for trunks, and how calls to what they registered are read."""

from typing import Any

import pytest
from msgspec import structs

from pointsman.routing.call import Call
from pointsman.routing.carrier import Carrier
from pointsman.routing.credential import Credential, make_credential
from pointsman.routing.digest_hash import hash_a1
from pointsman.routing.node_registration import NodeRegistration
from pointsman.routing.outcome import RejectCode, Step, Trace
from pointsman.routing.registration import Registration
from pointsman.routing.trunk import Endpoint, Transport
from tests.routing.world import (
    ACME_PBX_IP,
    ALPHA_IP,
    BETA_IP,
    World,
    carrier_trunk,
    make_call,
    make_world,
    pbx_trunk,
)
from tests.snapshots.memory import map_configuration

CREDENTIAL = Credential("acme", "hunter2")


def _world(registration: Registration | None = None, **more: Any) -> World:
    """Alpha's trunk has a registration."""
    world = make_world()
    given = {"registration": registration or Registration(), "credential": CREDENTIAL, **more}
    world.replace_trunk(carrier_trunk("alpha-1", "alpha", ALPHA_IP, **given))
    return world


def _registered(world: World) -> list[NodeRegistration]:
    """By the user of the contact: in memory, and as a router maps it."""
    contacts = world.snapshot().contacts
    # What is sealed is a password: of hashes alone no configuration is compiled.
    if not any(each.auth_ha1 for each in contacts.values()):
        assert map_configuration(world.configuration()).contacts == contacts
    assert all(user == each.contact_user for user, each in contacts.items())
    return list(contacts.values())


def test_a_registration_has_defaults_for_all_but_the_credential() -> None:
    assert _registered(_world()) == [
        NodeRegistration(
            trunk_id="alpha-1",
            registrar=f"{ALPHA_IP}:5060",
            transport="udp",
            username="acme",
            domain=ALPHA_IP,
            realm="",
            auth_username="acme",
            auth_password="hunter2",
            auth_ha1="",
            expires_s=3600,
            contact_user="alpha-1",
            socket="",
            node="",
            carrier_id="alpha",
        )
    ]


def test_what_is_given_is_registered() -> None:
    registration = Registration(
        registrar="[2001:db8::1]:5062;transport=tcp",
        username="+390401234000",
        domain="sip.alpha.example",
        expires_s=600,
        contact_user="acme-trunk",
        node="milan",
    )
    (found,) = _registered(_world(registration, socket="tcp:192.0.2.1:5060"))
    assert (found.registrar, found.transport) == ("[2001:db8::1]:5062;transport=tcp", "tcp")
    assert (found.username, found.domain) == ("+390401234000", "sip.alpha.example")
    assert (found.expires_s, found.contact_user, found.node) == (600, "acme-trunk", "milan")
    assert found.socket == "tcp:192.0.2.1:5060"


def test_the_host_of_a_registrar_is_the_domain() -> None:
    for registrar, domain in {
        "sip.alpha.example": "sip.alpha.example",
        "sip.alpha.example:5061;transport=tls": "sip.alpha.example",
        "[2001:db8::1]": "[2001:db8::1]",
    }.items():
        (found,) = _registered(_world(Registration(registrar=registrar)))
        assert found.domain == domain


def test_a_domain_that_is_an_ipv6_address_stands_in_brackets() -> None:
    (found,) = _registered(_world(Registration(registrar="alpha.example", domain="2001:db8::1")))
    assert found.domain == "[2001:db8::1]"


def test_the_first_enabled_endpoint_is_the_registrar() -> None:
    endpoints = (
        Endpoint("a", "192.0.2.91", 5060, priority=0, enabled=False),
        Endpoint("b", "192.0.2.92", None, Transport.TCP, priority=1),
        Endpoint("c", "192.0.2.93", 5060, priority=2),
    )
    (found,) = _registered(_world(endpoints=endpoints))
    assert (found.registrar, found.transport) == ("192.0.2.92;transport=tcp", "tcp")
    assert _registered(_world(endpoints=endpoints[:1])) == []


def test_where_the_realm_is_known_nobody_gets_the_password() -> None:
    credential = make_credential("acme", "hunter2", "alpha.example")
    (found,) = _registered(_world(credential=credential))
    assert (found.realm, found.auth_password) == ("alpha.example", "")
    assert found.auth_ha1 == hash_a1("acme", "alpha.example", "hunter2")


def test_a_registration_shows_no_secret() -> None:
    credential = make_credential("acme", "hunter2", "alpha.example")
    shown = repr(_registered(_world()) + _registered(_world(credential=credential)))
    assert "hunter2" not in shown
    assert hash_a1("acme", "alpha.example", "hunter2") not in shown


@pytest.mark.parametrize(
    "more",
    [
        {"enabled": False},
        {"credential": None, "lacks_secret": True},
        {"registration": Registration(enabled=False)},
        {"registration": None},
    ],
)
def test_what_is_not_wanted_or_cannot_be_is_not_registered(more: dict[str, Any]) -> None:
    world = _world()
    trunk = next(trunk for trunk in world.trunks if trunk.id == "alpha-1")
    world.replace_trunk(structs.replace(trunk, **more))
    assert world.snapshot().contacts == {}


def test_a_disabled_carriers_trunk_is_not_registered() -> None:
    world = _world()
    world.carriers[0] = Carrier("alpha", "Alpha", frozenset({"acme"}), enabled=False)
    assert _registered(world) == []


def test_a_tenants_pbx_may_want_to_be_registered_with_too() -> None:
    world = make_world()
    given = {"registration": Registration(), "credential": CREDENTIAL}
    world.replace_trunk(pbx_trunk("zen-pbx", "zen", "192.0.2.20", **given))
    assert [each.trunk_id for each in _registered(world)] == ["zen-pbx"]


def _call(to_uri: str, contact: str = "alpha-1", source_ip: str = ALPHA_IP) -> Call:
    call = make_call(f"sip:{contact}@203.0.113.1", source_ip=source_ip)
    return structs.replace(call, to_uri=to_uri)


@pytest.mark.parametrize(
    "to_uri",
    ["sip:+390401234567@alpha.example", "tel:+390401234567", "sips:+390401234567@a.example;x=y"],
)
def test_a_call_to_the_contact_goes_to_the_number_in_to(to_uri: str) -> None:
    (leg,) = _world().legs(_call(to_uri))
    assert leg.target.trunk_id == "acme-pbx"
    assert leg.request_uri.startswith("sip:+390401234567@")


def test_a_call_to_a_number_goes_there_whatever_to_has() -> None:
    call = _call("sip:+390409999567@alpha.example", contact="+390401234567")
    assert _world().trunk_ids(call) == ["acme-pbx"]


def test_another_trunk_of_the_carrier_may_send_calls_to_the_contact() -> None:
    """A carrier sends the calls of all its registrations from one address."""
    world = _world()
    world.trunks.append(carrier_trunk("alpha-2", "alpha", "198.51.100.9"))
    world.sources.append(("198.51.100.9/32", "alpha-2"))
    call = _call("sip:+390401234567@alpha.example", source_ip="198.51.100.9")
    assert world.trunk_ids(call) == ["acme-pbx"]


def test_to_counts_for_nobody_but_the_far_end_of_the_registration() -> None:
    to_uri = "sip:+390401234567@beta.example"
    assert _world().reject(_call(to_uri, source_ip=BETA_IP)).code is RejectCode.NO_ROUTE
    for leg in _world().legs(_call(to_uri, source_ip=ACME_PBX_IP)):
        assert leg.request_uri.startswith("sip:alpha-1@")


@pytest.mark.parametrize("to_uri", ["", "sip:alpha.example", "urn:service:sos", "<null>"])
def test_a_to_without_a_number_leaves_the_contact(to_uri: str) -> None:
    assert _world().reject(_call(to_uri)).code is RejectCode.NO_ROUTE


def test_the_explanation_says_why_to_was_read() -> None:
    trace: Trace = []
    _world().decide(_call("sip:+390401234567@alpha.example"), trace)
    (note,) = [note for note in trace if "contact" in note.text]
    assert (note.step, note.subject) == (Step.NUMBERS, "+390401234567")
    assert note.text == (
        "the Request-URI is the registered contact alpha-1: To has the called number"
    )
