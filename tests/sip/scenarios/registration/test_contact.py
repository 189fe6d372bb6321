"""What comes to a registered contact: calls, and whether it is there."""

from tests.sip.conftest import Acme
from tests.sip.harness.raw import RawParty, header_of
from tests.sip.harness.registrar import Registrar, wait_until
from tests.sip.scenarios.registration.conftest import Register, Site


def test_a_call_to_the_contact_reaches_the_number_in_to(
    site: Site, acme: Acme, registrar: Registrar, register: Register
) -> None:
    site.wait_state(register(), "REGISTERED")
    pbx = site.stack.pbx
    site.wait_probed(acme.pbx)
    pbx.answer("callee")
    with RawParty(site.stack.alpha.host, site.kamailio.socket) as carrier:
        to = "<sip:+390401234567@sip.alpha.example>"
        carrier.send(carrier.request("INVITE", acme.alpha, to=to))
        answer = carrier.final_message()
        assert answer.startswith(b"SIP/2.0 200 ")
        carrier.send(carrier.within(answer, "ACK"))
        # Else a worker of Kamailio's that is quicker brings the BYE before it.
        wait_until(lambda: any(m.start_line.startswith("ACK ") for m in pbx.messages()))
        carrier.send(carrier.within(answer, "BYE"))
        assert carrier.final() == "SIP/2.0 200 OK"
    pbx.wait()
    invite = next(m for m in pbx.messages() if m.start_line.startswith("INVITE "))
    assert invite.start_line.startswith(f"INVITE sip:+390401234567@{pbx.host}")


def test_the_contact_is_nobodys_but_the_far_ends(
    site: Site, acme: Acme, registrar: Registrar, register: Register
) -> None:
    site.wait_state(register(), "REGISTERED")
    to = "<sip:+390401234567@sip.alpha.example>"
    for host, final in (
        (site.stack.beta.host, "SIP/2.0 404 Not Found"),
        (site.stack.stranger.host, "SIP/2.0 403 Forbidden"),
    ):
        with RawParty(host, site.kamailio.socket) as party:
            party.send(party.request("INVITE", acme.alpha, to=to))
            assert party.final() == final


def test_whoever_asks_for_the_contact_is_told_that_it_is_there(
    site: Site, acme: Acme, registrar: Registrar, register: Register
) -> None:
    site.wait_state(register(), "REGISTERED")
    with RawParty(registrar.host, site.kamailio.socket) as party:
        asked = party.request("OPTIONS", acme.alpha)
        party.send(asked)
        answer = party.final_message()
        assert answer.startswith(b"SIP/2.0 200 OK")
        assert header_of(answer, "Call-ID") == header_of(asked, "Call-ID")
        party.send(party.request("OPTIONS", "somebody-else"))
        assert party.final() == "SIP/2.0 405 Method Not Allowed"
