"""The faults of the code that this project started from, one test each: we do not have them.

Numbered as the project's list of them has it. Number 22 (any failure tries the next trunk) is
tests/sip/scenarios/failover; 21 (From, To and timers that never act) and 23 (headers from outside
that are believed) are tests/sip/scenarios/outbound and hostile. Number 18 is in test_legs.py.
Numbers 17 and 20 are about callers' credentials and call records.
"""

import re
from collections.abc import Sequence
from typing import Any

import pytest
from re2 import _Regexp

from pointsman.errors import InvalidInput
from pointsman.models import Trunk
from pointsman.routing.normalization_profile import NumberDirection, NumberField
from pointsman.routing.number import NumberFormat
from pointsman.routing.outcome import RejectCode
from pointsman.routing.routing_rule import MAX_REGEX_INPUT, compile_regex
from pointsman.routing.uri import parse_name_addr
from pointsman.services.carriers import create_carrier
from pointsman.services.dids import create_did
from pointsman.services.normalization_profiles import create_normalization_profile
from pointsman.services.routing_groups import create_routing_group, update_routing_group
from pointsman.services.routing_rules import create_routing_rule, update_routing_rule
from pointsman.services.snapshots import load_configuration
from pointsman.services.trunk_parts import Endpoint, Source
from pointsman.services.trunks import create_trunk, update_trunk
from tests.field_faults.conftest import CARRIER, PBX, Configured, answer
from tests.services.conftest import Place, Rule

_IN, _OUT = NumberDirection.INBOUND, NumberDirection.OUTBOUND


async def _dials_as_in_italy(
    configured: Configured, trunk: Trunk, rules: Sequence[Rule] = ()
) -> None:
    profile = await create_normalization_profile(
        configured.by, name=trunk.name, country="IT", rules=rules
    )
    await update_trunk(
        configured.by,
        trunk.id,
        number_format=NumberFormat.LOCAL,
        normalization_profile_id=profile.id,
    )


async def test_fault_01_one_callers_identity_never_goes_out_on_anothers_call(
    configured: Configured,
) -> None:
    snapshot = await configured.snapshot()
    for caller in ("+390401234001", "+390401234002", "+390401234001"):
        document = answer(
            snapshot,
            "sip:+390612345678@h",
            from_uri=f"sip:{caller}@acme.example",
            from_name=caller,
        )
        headers = document["routes"][0]["headers"]
        assert headers["from"] == {
            "display": f'"{caller}"',
            "uri": f"sip:{caller}@acme.example",
        }
        assert headers["extra"] == (
            f'P-Asserted-Identity: "{caller}" <sip:{caller}@acme.example>\r\n'
        )


async def test_fault_03_a_question_flushes_nothing_and_nothing_is_stale(
    configured: Configured,
) -> None:
    snapshot = await configured.snapshot()
    before = answer(snapshot, "sip:+390612345678@h")
    for number in range(100):
        answer(snapshot, f"sip:+39061234{number:04}@h", source_ip="203.0.113.9")
    assert answer(snapshot, "sip:+390612345678@h") == before
    await update_trunk(configured.by, configured.out.id, enabled=False)
    after = await configured.ask("sip:+390612345678@h")
    assert (after["code"], after["revision"]) == ("NO_CANDIDATE", before["revision"] + 1)


async def test_fault_04_rules_and_groups_decide_not_the_lowest_id(
    configured: Configured,
) -> None:
    carrier = await create_carrier(configured.by, name="Own", tenant_id=configured.tenant.id)
    later = await create_trunk(
        configured.by,
        name="later",
        carrier_id=carrier.id,
        endpoints=[Endpoint("198.51.100.2", 5060)],
    )
    owner: dict[str, Any] = {"tenant_id": configured.tenant.id}
    group = await create_routing_group(
        configured.by, name="rome", trunks=[Place(later.id)], **owner
    )
    await create_routing_rule(
        configured.by, name="rome", called_prefix="+3906", routing_group_id=group.id, **owner
    )
    rome = await configured.ask("sip:+390612345678@h")
    assert [route["trunk"] for route in rome["routes"]] == [str(later.id)]
    milan = await configured.ask("sip:+390212345678@h")
    assert [route["trunk"] for route in milan["routes"]] == [str(configured.out.id)]


async def test_fault_05_a_trunks_number_format_applies_in_both_directions(
    configured: Configured,
) -> None:
    for trunk in (configured.pbx, configured.out):
        await update_trunk(configured.by, trunk.id, number_format=NumberFormat.INTERNATIONAL_00)
    outbound = await configured.ask(
        "sip:00390612345678@h", from_uri="sip:00390401234567@acme.example"
    )
    route = outbound["routes"][0]
    assert route["uri"] == f"sip:00390612345678@{CARRIER}:5060"
    assert route["headers"]["from"]["uri"] == "sip:00390401234567@acme.example"
    inbound = await configured.ask("sip:00390401234567@h", source_ip=CARRIER)
    assert inbound["code"] == "DID"
    assert inbound["routes"][0]["uri"] == f"sip:00390401234567@{PBX}:5060"


async def test_fault_05_normalization_rules_apply_in_both_directions(
    configured: Configured,
) -> None:
    """The trunk keeps its profile and the profile its rules, from the database to the call."""
    for trunk, rules in (
        (
            configured.pbx,
            [
                Rule(r"^\*1(\d+)$", r"+39\1", _IN, NumberField.CALLED),
                Rule(r"^(\d{3})$", r"+390401234\1", _IN, NumberField.CALLING),
            ],
        ),
        (
            configured.out,
            [
                Rule(r"^\+3906", "99#06", _OUT, NumberField.CALLED),
                Rule(r"^\+39040", "040/", _OUT, NumberField.CALLING),
            ],
        ),
    ):
        await _dials_as_in_italy(configured, trunk, rules)
    for dialled, sent in (
        ("*10612345678", "99%230612345678"),  # a rule in, a rule out
        ("0612345678", "99%230612345678"),  # as in Italy, a rule out
        ("3471234567", "3471234567"),  # as in Italy, both ways
        ("004930123456", "004930123456"),
        ("*72", "*72"),
        ("118", "118"),
    ):
        document = await configured.ask(f"sip:{dialled}@h", from_uri="sip:567@acme.example")
        route = document["routes"][0]
        assert route["uri"] == f"sip:{sent}@{CARRIER}:5060"
        assert route["headers"]["from"]["uri"] == "sip:040%2F1234567@acme.example"
    inbound = await configured.ask("sip:0401234567@h", source_ip=CARRIER)
    assert inbound["code"] == "DID"
    assert inbound["routes"][0]["uri"] == f"sip:0401234567@{PBX}:5060"


async def test_fault_06_an_exact_did_of_any_length_matches(configured: Configured) -> None:
    for prefix in ("+39040123456789", "+390401234567890", "+3904012345"):
        did = await create_did(
            configured.by,
            tenant_id=configured.tenant.id,
            prefix=prefix,
            pbx_trunk_id=configured.pbx.id,
        )
        document = await configured.ask(f"sip:{prefix}@h", source_ip=CARRIER)
        assert document["match"] == str(did.id)


@pytest.mark.parametrize(
    ("pattern", "matching", "other"),
    [
        ("390?1", ["391", "3901"], ["390", "39", "39001"]),
        ("39|40", ["39", "40"], ["390", "3940", "4"]),
        ("^390*12", ["3912", "39012", "390012"], ["39", "390", "3901"]),
    ],
)
async def test_fault_07_a_regex_means_what_it_says(
    configured: Configured, pattern: str, matching: list[str], other: list[str]
) -> None:
    (rule,) = (await load_configuration()).routing_rules
    await update_routing_rule(configured.by, rule.id, called_regex=pattern)
    snapshot = await configured.snapshot()
    codes = {user: answer(snapshot, f"sip:{user}@h")["code"] for user in [*matching, *other]}
    assert codes == {**dict.fromkeys(matching, "ROUTING_RULE"), **dict.fromkeys(other, "NO_ROUTE")}


@pytest.mark.parametrize("has_profile", [False, True])
@pytest.mark.parametrize("user", ["*72", "%2331%23123", "john.doe", "1.2", "a-b"])
async def test_fault_08_stars_and_dots_are_kept(
    configured: Configured, user: str, has_profile: bool
) -> None:
    if has_profile:
        for trunk in (configured.pbx, configured.out):
            await _dials_as_in_italy(configured, trunk)
    outbound = await configured.ask(f"sip:{user}@h")
    assert outbound["routes"][0]["uri"] == f"sip:{user}@{CARRIER}:5060"
    inbound = await configured.ask(f"sip:{user}@acme.example", source_ip=CARRIER)
    assert inbound["routes"][0]["uri"] == f"sip:{user}@acme.example"


async def test_fault_09_the_longest_did_wins_and_no_regex_breaks_or_stalls_a_call(
    configured: Configured,
) -> None:
    owner: dict[str, Any] = {"tenant_id": configured.tenant.id}
    desk = await create_trunk(
        configured.by, name="desk", endpoints=[Endpoint("192.0.2.11", 5060)], **owner
    )
    longer = await create_did(configured.by, prefix="+39040123456", pbx_trunk_id=desk.id, **owner)
    document = await configured.ask("sip:+390401234567@h", source_ip=CARRIER)
    assert document["match"] == str(longer.id)
    (rule,) = (await load_configuration()).routing_rules
    with pytest.raises(InvalidInput) as caught:
        await update_routing_rule(configured.by, rule.id, called_regex="(unclosed")
    assert caught.value.problems[0].path == "calledRegex"
    # Catastrophic for a backtracking engine; this one is linear, and its input is bounded.
    await update_routing_rule(configured.by, rule.id, called_regex="^(a+)+$")
    assert isinstance(compile_regex("^(a+)+$"), _Regexp)
    snapshot = await configured.snapshot()
    stall = answer(snapshot, f"sip:{'a' * (MAX_REGEX_INPUT - 1)}b@h")
    assert stall["code"] == "NO_ROUTE"
    for length, code in ((MAX_REGEX_INPUT, "ROUTING_RULE"), (MAX_REGEX_INPUT + 1, "NO_ROUTE")):
        assert answer(snapshot, f"sip:{'a' * length}@h")["code"] == code


async def test_fault_11_a_declined_extension_never_goes_to_the_pstn(
    configured: Configured,
) -> None:
    """Asked by a carrier, to whom no rule applies, and by another PBX of the tenant, to whom the
    rule for everything does."""
    branch = "192.0.2.11"
    await create_trunk(
        configured.by, name="branch", tenant_id=configured.tenant.id, sources=[Source(branch)]
    )
    asked = [
        (uri, source_ip)
        for uri in ("sip:+390401234567@h", "sip:100@acme.example")
        for source_ip in (CARRIER, branch)
    ]
    assert (await configured.ask("sip:+12@h", source_ip=branch))["code"] == "ROUTING_RULE"
    for uri, source_ip in asked:
        document = await configured.ask(uri, source_ip=source_ip)
        assert [route["trunk"] for route in document["routes"]] == [str(configured.pbx.id)]
    await update_trunk(configured.by, configured.pbx.id, enabled=False)
    for uri, source_ip in asked:
        document = await configured.ask(uri, source_ip=source_ip)
        assert (document["code"], document["routes"]) == ("NO_CANDIDATE", [])


async def test_fault_12_each_leg_carries_what_is_its_own_trunks(
    configured: Configured,
) -> None:
    """Nothing of a leg stands at the document, where the first leg would get it."""
    carrier = await create_carrier(configured.by, name="Own", tenant_id=configured.tenant.id)
    second = await create_trunk(
        configured.by,
        name="second",
        carrier_id=carrier.id,
        from_host="second.example",
        fr_timer_ms=1_500,
        endpoints=[Endpoint("198.51.100.2", 5060)],
    )
    (group,) = (await load_configuration()).routing_groups
    places = [Place(configured.out.id, 0), Place(second.id, 1)]
    await update_routing_group(configured.by, group.id, trunks=places)
    document = await configured.ask("sip:+390612345678@h")
    of_legs = [
        (route["trunk"], route["fr_timer"], route["headers"]["from"]["uri"].split("@")[1])
        for route in document["routes"]
    ]
    assert of_legs == [
        (str(configured.out.id), 5_000, "acme.example"),
        (str(second.id), 1_500, "second.example"),
    ]
    assert not {"username", "password", "ha1", "credentials"} & document.keys()


@pytest.mark.parametrize("name", ['Eve" <sip:boss@acme.example>', "sip:100@domain", 'a\\"b'])
async def test_fault_13_an_identity_is_well_formed_whatever_the_display_name(
    configured: Configured, name: str
) -> None:
    document = await configured.ask("sip:+390612345678@h", from_name=name)
    header = document["routes"][0]["headers"]["extra"]
    assert header.count("\r\n") == 1
    assert header.endswith("\r\n")
    identity = parse_name_addr(header.removeprefix("P-Asserted-Identity: ").rstrip())
    assert (identity.display, identity.uri.user) == (name, "+390401234567")
    injected = await configured.ask("sip:+390612345678@h", from_name="Eve\r\nX-Evil: 1")
    assert (injected["code"], injected["routes"]) == (RejectCode.CONTROL_CHARACTER, [])


async def test_fault_14_every_route_has_its_request_uri(configured: Configured) -> None:
    for to_uri, source_ip in (
        ("sip:+39-06-12345678@h;user=phone", PBX),
        ("sip:+390401234567@h", CARRIER),
        ("sip:100@acme.example", CARRIER),
    ):
        for route in (await configured.ask(to_uri, source_ip=source_ip))["routes"]:
            assert re.fullmatch(r"sip:[^@\s]+@[^\s]+", route["uri"])
            assert route["dst_uri"].startswith("sip:")


@pytest.mark.parametrize(
    ("from_uri", "expected"),
    [
        ("sip:pbx.example", "sip:pbx.example"),
        ("tel:+39-040-1234567", f"sip:+390401234567@{PBX}"),
        ("sip:100@[2001:db8::1]:5080", "sip:100@[2001:db8::1]"),
        ("sip:100@pbx.example;transport=tcp", "sip:100@pbx.example"),
        ("sips:100@pbx.example:5061", "sip:100@pbx.example"),
    ],
)
async def test_fault_15_every_form_of_a_uri_is_read(
    configured: Configured, from_uri: str, expected: str
) -> None:
    document = await configured.ask("tel:+39-06-12345678", from_uri=from_uri)
    route = document["routes"][0]
    assert route["headers"]["from"]["uri"] == expected
    assert route["uri"] == f"sip:+390612345678@{CARRIER}:5060"


@pytest.mark.parametrize("source_ip", ["203.0.113.99", "0.0.0.0", "::", "nobody"])  # noqa: S104
async def test_fault_16_who_is_not_known_gets_nobodys_routes(
    configured: Configured, source_ip: str
) -> None:
    for uri in ("sip:+390401234567@h", "sip:100@acme.example", "sip:+390612345678@h"):
        document = await configured.ask(
            uri, source_ip=source_ip, username="acme", domain="acme.example", auth=1
        )
        assert (document["code"], document["routes"], document["tenant"]) == (
            RejectCode.UNKNOWN_SOURCE,
            [],
            "",
        )
