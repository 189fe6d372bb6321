"""How each leg is written for its trunk."""

import msgspec
import pytest

from pointsman.routing.credential import Credential
from pointsman.routing.diversion import read_diversion
from pointsman.routing.normalization_profile import (
    NormalizationProfile,
    NormalizationRule,
    NumberDirection,
    NumberField,
)
from pointsman.routing.number import NumberFormat
from pointsman.routing.outcome import Party
from pointsman.routing.trunk import (
    CallerIdPolicy,
    DiversionPolicy,
    Endpoint,
    ExtraHeader,
    Transport,
)
from tests.routing.world import (
    ACME_PBX_IP,
    ALPHA_IP,
    BETA_IP,
    carrier_trunk,
    group,
    make_call,
    make_world,
    pbx_trunk,
)


def test_at_most_eleven_legs() -> None:
    world = make_world()
    endpoints = tuple(Endpoint(f"e{n}", f"198.51.100.{n}", 5060, priority=n) for n in range(10, 30))
    world.replace_trunk(carrier_trunk("alpha-1", "alpha", ALPHA_IP, endpoints=endpoints))
    assert [leg.target.endpoint_id for leg in world.legs(make_call())] == [
        f"e{n}" for n in range(10, 21)
    ]


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
    assert (alpha.target.fr_timer_ms, alpha.target.fr_inv_timer_ms) == (1_500, 20_000)
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
    assert leg.target.destination == "sip:alpha.example;transport=tcp"


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


@pytest.mark.parametrize(
    ("tech_prefix", "called", "user"),
    [
        ("1234#", "sip:+390612345678@h", "1234%23390612345678"),
        ("99", "sip:*72@h", "99*72"),
        ("99", "sip:%2331%23@h", "99%2331%23"),
    ],
)
def test_a_tech_prefix_goes_before_the_called_number_and_no_other(
    tech_prefix: str, called: str, user: str
) -> None:
    world = make_world()
    world.replace_trunk(
        carrier_trunk(
            "alpha-1", "alpha", ALPHA_IP,
            tech_prefix=tech_prefix, number_format=NumberFormat.E164,
        )
    )  # fmt: skip
    alpha, beta = world.legs(make_call(called))
    assert alpha.request_uri == f"sip:{user}@{ALPHA_IP}:5060"
    assert alpha.to.uri == f"sip:{user}@{ALPHA_IP}"
    assert alpha.target.destination == f"sip:{ALPHA_IP}:5060"
    assert alpha.from_.uri == "sip:390401234567@acme.example"
    assert tech_prefix not in beta.request_uri


def test_a_pbx_is_called_with_its_tech_prefix_and_by_its_domain() -> None:
    world = make_world()
    world.replace_trunk(pbx_trunk("acme-pbx", "acme", ACME_PBX_IP, tech_prefix="8"))
    (leg,) = world.legs(make_call("sip:100@acme.example", source_ip=ALPHA_IP))
    assert leg.request_uri == leg.to.uri == "sip:8100@acme.example"


def test_each_leg_has_what_is_its_trunks_alone() -> None:
    """Of trunks that are alike in all that is said, too."""
    world = make_world()
    secret = Credential("acme", 'p"a\\ss')
    world.replace_trunk(
        carrier_trunk(
            "alpha-1", "alpha", ALPHA_IP,
            socket="tcp:192.0.2.1:5060", credential=secret, fr_timer_ms=700,
        )
    )  # fmt: skip
    world.replace_trunk(carrier_trunk("beta-1", "beta", BETA_IP, credential=Credential("b", "c")))
    world.groups[0] = group("out", "acme", "alpha-1", "beta-1", "acme-pbx-2")
    world.trunks.append(pbx_trunk("acme-pbx-2", "acme", "192.0.2.11"))
    legs = world.legs(make_call())
    targets = [leg.target for leg in legs]
    assert [
        (target.trunk_id, target.carrier_id, target.socket, target.credential, target.fr_timer_ms)
        for target in targets
    ] == [
        ("alpha-1", "alpha", "tcp:192.0.2.1:5060", secret, 700),
        ("beta-1", "beta", "", Credential("b", "c"), 5_000),
        ("acme-pbx-2", "", "", None, 5_000),
    ]
    assert legs[0].headers is legs[1].headers is legs[2].headers


def test_extra_headers_tell_what_their_templates_say() -> None:
    world = make_world()
    templates = {
        "X-Called": "{called_number}",
        "X-Calling": "{calling_number}",
        "X-Call": "{sip_call_id}",
        "X-Way": "{tenant}/{source_trunk}/{carrier}/{trunk}",
        "Subject": "fixed",
        "Via": "refused",
    }
    extra_headers = tuple(ExtraHeader(*item) for item in templates.items())
    for trunk, carrier, ip in (("alpha-1", "alpha", ALPHA_IP), ("beta-1", "beta", BETA_IP)):
        world.replace_trunk(
            carrier_trunk(
                trunk, carrier, ip, extra_headers=extra_headers, number_format=NumberFormat.E164
            )
        )
    alpha, beta = world.legs(make_call(sip_call_id='x"@h'))
    assert alpha.headers.extra == (
        ("X-Called", "+390612345678"),
        ("X-Calling", "+390401234567"),
        ("X-Call", "x%22@h"),
        ("X-Way", "Acme/acme-pbx/Alpha/alpha-1"),
        ("Subject", "fixed"),
    )
    assert dict(beta.headers.extra)["X-Way"] == "Acme/acme-pbx/Beta/beta-1"


def test_an_extra_header_tells_of_the_caller_that_the_policy_picks() -> None:
    world = make_world()
    extra_headers = (ExtraHeader("X-Calling", "{calling_number}"),)
    for trunk, carrier, ip, policy in (
        ("alpha-1", "alpha", ALPHA_IP, CallerIdPolicy.FORCE),
        ("beta-1", "beta", BETA_IP, CallerIdPolicy.ANONYMOUS),
    ):
        world.replace_trunk(
            carrier_trunk(
                trunk, carrier, ip, extra_headers=extra_headers, caller_id_policy=policy,
                caller_id_number="+390401234000",
            )
        )  # fmt: skip
    told = [leg.headers.extra for leg in world.legs(make_call())]
    assert told == [(("X-Calling", "+390401234000"),), (("X-Calling", "anonymous"),)]


def test_every_number_of_a_leg_is_written_by_the_profile_of_its_trunk() -> None:
    """The caller, its identity, who was called before: as dialled in Italy, called by a rule."""
    world = make_world()
    rules = (NormalizationRule(NumberDirection.OUTBOUND, NumberField.CALLED, r"^\+39", "#39;"),)
    world.profiles.append(NormalizationProfile("it", "Italy", "", "IT", rules=rules))
    world.replace_trunk(
        carrier_trunk(
            "alpha-1", "alpha", ALPHA_IP,
            number_format=NumberFormat.LOCAL, normalization_profile_id="it", tech_prefix="9",
            diversion_policy=DiversionPolicy.DIVERSION, from_host="sip.acme.example",
        )
    )  # fmt: skip
    call = msgspec.structs.replace(
        make_call(asserted="<sip:+390401234001@acme.example>"),
        diversions=(read_diversion("<tel:+390401234002>"), read_diversion("<sip:+4312345678@h>")),
    )
    leg, beta = world.legs(call)
    assert leg.request_uri == f"sip:9%2339%3B0612345678@{ALPHA_IP}:5060"
    assert leg.to.uri == f"sip:9%2339%3B0612345678@{ALPHA_IP}"
    assert leg.from_.uri == "sip:0401234567@sip.acme.example"
    assert leg.headers.asserted_identity == Party("", "sip:0401234001@sip.acme.example")
    assert [diverted.party.uri for diverted in leg.headers.diversions] == [
        "sip:0401234002@sip.acme.example",
        "sip:004312345678@sip.acme.example",
    ]
    assert beta.request_uri == f"sip:+390612345678@{BETA_IP}:5060"
