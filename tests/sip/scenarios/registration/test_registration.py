"""Trunks are registered with their far ends, kept so, and taken back, without a restart."""

import pytest

from pointsman.routing.digest_hash import hash_a1
from tests.sip.conftest import Acme
from tests.sip.harness.raw import header_of
from tests.sip.harness.registrar import Registrar, wait_until
from tests.sip.scenarios.registration.conftest import PASSWORD, Register, Site


def test_a_trunk_is_registered_by_its_credential(
    site: Site, registrar: Registrar, register: Register
) -> None:
    trunk = register(expiresS=600)
    state = site.wait_state(trunk, "REGISTERED")
    assert state["lastError"] == ""
    assert state["expiresAt"] > state["since"]
    assert registrar.bindings == [f"<sip:{trunk}@{site.contact}>"]
    first, second = registrar.requests
    assert header_of(first, "Authorization") == ""
    assert header_of(first, "Expires") == "600"
    for request in (first, second):
        assert request.split(b"\r\n")[0] == b"REGISTER sip:sip.alpha.example SIP/2.0"
        assert header_of(request, "To") == "<sip:acme@sip.alpha.example>"
        assert header_of(request, "From").startswith("<sip:acme@sip.alpha.example>;tag=")


@pytest.mark.parametrize("realm", ["", "registrar.example"])
def test_a_wrong_password_is_told_of_and_corrected_without_a_restart(
    site: Site, registrar: Registrar, register: Register, realm: str
) -> None:
    """With the realm known, the node has a hash in the password's place."""
    trunk = register(password="canary-wrong")
    site.operator.change("Trunk", trunk, outboundRealm=realm)
    site.wait_state(trunk, "FAILED", "401 Unauthorized")
    assert registrar.bindings == []
    site.operator.change("Trunk", trunk, outboundPassword=PASSWORD)
    site.wait_state(trunk, "REGISTERED", "")
    assert len(registrar.bindings) == 1
    logs = site.logs()
    for secret in (PASSWORD, "canary-wrong"):
        assert secret not in logs
        assert hash_a1("acme", "registrar.example", secret) not in logs


def test_what_the_far_end_refuses_is_told_with_its_code(
    site: Site, registrar: Registrar, register: Register
) -> None:
    registrar.refusal = "403 Not Your Account"
    trunk = register()
    site.wait_state(trunk, "FAILED", "403 Not Your Account")
    registrar.refusal = ""
    site.wait_state(trunk, "REGISTERED", "")


def test_a_trunk_that_is_not_to_be_registered_any_more_is_taken_back(
    site: Site, registrar: Registrar, register: Register
) -> None:
    trunk = register()
    site.wait_state(trunk, "REGISTERED")
    site.operator.change("Trunk", trunk, registration=None)
    wait_until(lambda: registrar.bindings == [], lambda: registrar.requests)
    last = registrar.signed()[-1]
    assert (header_of(last, "Expires"), header_of(last, "Contact")) == (
        "0",
        f"<sip:{trunk}@{site.contact}>",
    )
    wait_until(lambda: site.state(trunk) == {})


def test_a_change_of_the_address_takes_the_old_one_back(
    site: Site, registrar: Registrar, register: Register
) -> None:
    trunk = register()
    site.wait_state(trunk, "REGISTERED")
    register(contactUser="acme-trunk")
    contact = f"<sip:acme-trunk@{site.contact}>"
    wait_until(lambda: registrar.bindings == [contact], lambda: registrar.contacts)
    site.wait_state(trunk, "REGISTERED")


def test_a_registrar_over_tcp_is_told_to_call_over_tcp(
    site: Site, registrar: Registrar, register: Register
) -> None:
    trunk = register(registrar=f"{registrar.address};transport=tcp")
    site.wait_state(trunk, "REGISTERED")
    assert registrar.bindings == [f"<sip:{trunk}@{site.contact};transport=tcp>"]
    assert {header_of(request, "Via").split()[0] for request in registrar.requests} == {
        "SIP/2.0/TCP"
    }
    site.operator.change("Trunk", trunk, enabled=False)
    wait_until(lambda: registrar.bindings == [], lambda: registrar.requests)


def test_a_registrar_over_tls_is_told_the_port_of_tls(
    site: Site, acme: Acme, register: Register
) -> None:
    tls = site.authority.issue("127.0.0.43").server()
    with Registrar("127.0.0.43", "acme", PASSWORD, tls) as registrar:
        trunk = register(registrar=f"{registrar.address};transport=tls")
        site.wait_state(trunk, "REGISTERED")
        assert registrar.bindings == [f"<sip:{trunk}@{site.tls_contact};transport=tls>"]
        assert {header_of(request, "Via").split()[0] for request in registrar.requests} == {
            "SIP/2.0/TLS"
        }
        site.operator.change("Trunk", trunk, registration=None)
        wait_until(lambda: registrar.bindings == [], lambda: registrar.requests)


def test_a_trunk_with_a_socket_is_called_there(
    site: Site, registrar: Registrar, register: Register
) -> None:
    trunk = register()
    site.wait_state(trunk, "REGISTERED")
    site.operator.change("Trunk", trunk, socket=f"udp:{site.other_socket}")
    contact = f"<sip:{trunk}@{site.other_socket}>"
    wait_until(lambda: registrar.bindings == [contact], lambda: registrar.contacts)
    assert header_of(registrar.requests[-1], "Via").split()[1].startswith(site.other_socket)


def test_a_registration_is_renewed_before_it_expires(
    site: Site, registrar: Registrar, register: Register
) -> None:
    registrar.granted_s = 6
    trunk = register()
    wait_until(lambda: len(registrar.signed()) >= 3, lambda: registrar.requests)
    assert site.state(trunk)["state"] == "REGISTERED"
    assert len(registrar.bindings) == 1
    calls = {header_of(request, "Call-ID") for request in registrar.requests}
    numbers = [int(header_of(request, "CSeq").split()[0]) for request in registrar.requests]
    # One client's renewals have one Call-ID and rising numbers (RFC 3261 section 10.2.4).
    assert len(calls) == 1
    assert numbers == sorted(numbers)


def test_a_registrar_that_was_silent_is_registered_with_again(
    site: Site, registrar: Registrar, register: Register
) -> None:
    registrar.is_silent = True
    trunk = register()
    site.wait_state(trunk, "FAILED", "no reply")
    registrar.is_silent = False
    site.wait_state(trunk, "REGISTERED", "")


def test_a_kamailio_that_was_started_again_registers_again(
    site: Site, registrar: Registrar, register: Register
) -> None:
    trunk = register()
    site.wait_state(trunk, "REGISTERED")
    site.kamailio.stop()
    site.wait_state(trunk, "UNKNOWN", "Kamailio does not answer")
    before = len(registrar.signed())
    site.kamailio.start()
    wait_until(lambda: len(registrar.signed()) > before, lambda: registrar.requests)
    site.wait_state(trunk, "REGISTERED")


def test_an_agent_that_was_started_again_leaves_what_is_registered(
    site: Site, registrar: Registrar, register: Register
) -> None:
    trunk = register()
    since = site.wait_state(trunk, "REGISTERED")["confirmedAt"]
    site.agent.stop()
    before = len(registrar.requests)
    site.agent.start()
    wait_until(lambda: site.state(trunk)["confirmedAt"] > since)
    assert site.state(trunk)["state"] == "REGISTERED"
    assert len(registrar.requests) == before


def test_a_trunk_of_another_node_is_left_to_it(
    site: Site, acme: Acme, registrar: Registrar, register: Register
) -> None:
    register(node="test", contactUser="of-test")
    mine = {"registrar": registrar.address, "contactUser": "of-milan", "node": "milan"}
    site.operator.change(
        "Trunk",
        acme.beta,
        outboundUsername="acme",
        outboundPassword=PASSWORD,
        registration=mine,
    )
    # By then the node has had both in its list, if it is given them.
    site.wait_state(acme.beta, "REGISTERED")
    assert {header_of(request, "Contact") for request in registrar.requests} == {
        f"<sip:of-milan@{site.contact}>"
    }
    assert site.state(acme.alpha) == {}
