"""How each leg is written for its trunk."""

import msgspec

from pointsman.routing.number import NumberFormat
from pointsman.routing.outcome import Party
from pointsman.routing.trunk import Endpoint, Transport
from tests.routing.world import (
    ACME_PBX_IP,
    ALPHA_IP,
    BETA_IP,
    carrier_trunk,
    make_call,
    make_world,
)


def test_at_most_eleven_legs() -> None:
    world = make_world()
    endpoints = tuple(Endpoint(f"e{n}", f"198.51.100.{n}", 5060, priority=n) for n in range(10, 30))
    world.replace_trunk(carrier_trunk("alpha-1", "alpha", ALPHA_IP, endpoints=endpoints))
    assert [leg.endpoint_id for leg in world.legs(make_call())] == [f"e{n}" for n in range(10, 21)]


def test_each_leg_is_written_for_its_trunk_from_the_original_call() -> None:
    world = make_world()
    world.replace_trunk(
        carrier_trunk(
            "alpha-1", "alpha", ALPHA_IP,
            number_format=NumberFormat.INTERNATIONAL_00, from_host="acme.alpha.example",
            fr_timer_ms=1_500, fr_inv_timer_ms=20_000,
        )
    )  # fmt: skip
    world.replace_trunk(
        carrier_trunk(
            "beta-1", "beta", BETA_IP, number_format=NumberFormat.E164, send_asserted_identity=False
        )
    )
    alpha, beta = world.legs(make_call())
    assert alpha.request_uri == f"sip:00390612345678@{ALPHA_IP}:5060"
    assert alpha.to.uri == f"sip:00390612345678@{ALPHA_IP}"
    assert alpha.from_.uri == "sip:00390401234567@acme.alpha.example"
    assert alpha.headers.asserted_identity == Party("Alice", alpha.from_.uri)
    assert (alpha.fr_timer_ms, alpha.fr_inv_timer_ms) == (1_500, 20_000)
    assert beta.request_uri == f"sip:390612345678@{BETA_IP}:5060"
    assert beta.to.uri == f"sip:390612345678@{BETA_IP}"
    assert beta.from_.uri == "sip:390401234567@acme.example"
    assert beta.headers.asserted_identity is None


def test_a_leg_over_tcp_says_so_in_its_uris() -> None:
    world = make_world()
    endpoints = (Endpoint("e", "alpha.example", None, Transport.TCP),)
    world.replace_trunk(carrier_trunk("alpha-1", "alpha", ALPHA_IP, endpoints=endpoints))
    leg = world.legs(make_call())[0]
    assert leg.request_uri == "sip:+390612345678@alpha.example;transport=tcp"
    assert leg.destination == "sip:alpha.example;transport=tcp"


def test_an_anonymous_caller_stays_anonymous() -> None:
    call = make_call(from_uri="sip:anonymous@anonymous.invalid", display="Anonymous")
    leg = make_world().legs(call)[0]
    assert leg.from_ == Party("Anonymous", "sip:anonymous@anonymous.invalid")
    assert leg.headers.asserted_identity is None


def test_the_identity_that_the_peer_asserts_is_asserted_onwards() -> None:
    call = make_call(
        from_uri="sip:anonymous@anonymous.invalid",
        asserted='"Alice" <sip:+390401234567@acme.example>',
    )
    leg = make_world().legs(call)[0]
    expected = Party("Alice", "sip:+390401234567@acme.example")
    assert leg.headers.asserted_identity == expected


def test_a_caller_without_a_host_is_known_by_its_address() -> None:
    leg = make_world().legs(make_call(from_uri="tel:+390401234567"))[0]
    assert leg.from_.uri == f"sip:+390401234567@{ACME_PBX_IP}"
    assert leg.headers.asserted_identity == Party("Alice", f"sip:+390401234567@{ACME_PBX_IP}")


def test_an_anonymous_caller_with_an_identity_is_asserted_by_a_real_host() -> None:
    call = make_call(from_uri="sip:anonymous@anonymous.invalid;x=1", asserted="<tel:+390401234567>")
    leg = make_world().legs(call)[0]
    assert leg.from_.uri == "sip:anonymous@anonymous.invalid"
    assert leg.headers.asserted_identity == Party("", f"sip:+390401234567@{ACME_PBX_IP}")


def test_nobody_anonymous_is_asserted() -> None:
    world = make_world()
    world.replace_trunk(carrier_trunk("alpha-1", "alpha", ALPHA_IP, from_host="sip.acme.example"))
    call = make_call(asserted="<sip:anonymous@anonymous.invalid>")
    assert world.legs(call)[0].headers.asserted_identity is None


def test_an_identity_that_cannot_be_read_is_replaced_by_no_other() -> None:
    call = msgspec.structs.replace(make_call(), has_unreadable_identity=True)
    assert make_world().legs(call)[0].headers.asserted_identity is None
    assert make_world().legs(make_call())[0].headers.asserted_identity is not None


def test_an_extension_asserts_no_identity() -> None:
    assert make_world().legs(make_call(from_uri="sip:100@pbx"))[0].headers.asserted_identity is None
