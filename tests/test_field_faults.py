"""The faults of the code that this project started from, one test each: we do not have them.

Numbered as the project's list of them has it. Number 22 (any failure tries the next trunk) is
tests/sip/scenarios/failover; 21 (From, To and timers that never act) and 23 (headers from outside
that are believed) are tests/sip/scenarios/outbound and hostile. Numbers 17, 18 and 20 are about
credentials and call records, which the platform does not have yet.
"""

import ast
import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from re2 import _Regexp

import pointsman
from pointsman.auth import Principal, hash_token
from pointsman.errors import Conflict, InvalidInput, NotFound
from pointsman.kamailio.node_access import NodeAccess
from pointsman.kamailio.request import read_request, to_call
from pointsman.kamailio.rtjson import write_answer
from pointsman.models import Tenant, Trunk
from pointsman.routing.call import Call
from pointsman.routing.decide import decide
from pointsman.routing.kamailio_node import KamailioNode
from pointsman.routing.number import NumberFormat
from pointsman.routing.outcome import RejectCode
from pointsman.routing.routing_rule import MAX_REGEX_INPUT, compile_regex
from pointsman.routing.snapshot import Snapshot, compile_snapshot
from pointsman.routing.uri import parse_name_addr
from pointsman.services.carriers import create_carrier, grant_carrier
from pointsman.services.dids import create_did, list_dids, update_did
from pointsman.services.domains import create_domain, update_domain
from pointsman.services.routing_groups import create_routing_group, update_routing_group
from pointsman.services.routing_rules import create_routing_rule, update_routing_rule
from pointsman.services.snapshots import load_configuration
from pointsman.services.tenants import create_tenant
from pointsman.services.trunk_parts import Endpoint
from pointsman.services.trunks import create_trunk, update_trunk
from pointsman.settings import load_settings
from tests.conftest import bound, copy_database
from tests.services.conftest import Place

_KAMAILIO = Path(__file__).parents[1] / "kamailio"
_PACKAGE = Path(pointsman.__file__).parent
_PBX, _CARRIER = "192.0.2.10", "198.51.100.1"


@dataclass
class Configured:
    """A tenant with a PBX and one carrier for everything; asked as Kamailio asks."""

    by: Principal
    tenant: Tenant
    pbx: Trunk
    out: Trunk

    async def snapshot(self) -> Snapshot:
        """The configuration as a router has it."""
        return compile_snapshot(await load_configuration())

    async def ask(self, to_uri: str, **more: object) -> dict[str, Any]:
        """The rtjson document for a call from the PBX, unless said otherwise."""
        return answer(await self.snapshot(), to_uri, **more)


def answer(snapshot: Snapshot, to_uri: str, **more: object) -> dict[str, Any]:
    """From the JSON of a question to the JSON of its answer."""
    question = {
        "source_ip": _PBX,
        "source_port": 5060,
        "call_id": "c",
        "from_uri": "sip:+390401234567@acme.example",
        "to_uri": to_uri,
        **more,
    }
    request = read_request(json.dumps(question).encode())
    call = to_call(request)
    outcome = decide(call, snapshot) if isinstance(call, Call) else call
    body = write_answer(outcome, request.call_id, request.from_tag, snapshot.revision)
    document: dict[str, Any] = json.loads(body)["rtjson"]
    return document


@pytest.fixture
async def configured(template_url: str, admin: Principal) -> AsyncIterator[Configured]:
    async with bound(await copy_database(template_url, "faults")):
        tenant = await create_tenant(admin, name="Acme")
        owner: dict[str, Any] = {"tenant_id": tenant.id}
        pbx = await create_trunk(
            admin, name="pbx", sources=[_PBX], endpoints=[Endpoint(_PBX, 5060)], **owner
        )
        carrier = await create_carrier(admin, name="Alpha")
        await grant_carrier(admin, carrier.id, tenant.id)
        out = await create_trunk(
            admin,
            name="alpha",
            carrier_id=carrier.id,
            sources=[_CARRIER],
            endpoints=[Endpoint(_CARRIER, 5060)],
        )
        group = await create_routing_group(admin, name="out", trunks=[Place(out.id)], **owner)
        await create_routing_rule(admin, name="all", routing_group_id=group.id, **owner)
        await create_did(admin, prefix="+39040123", pbx_trunk_id=pbx.id, **owner)
        await create_domain(admin, name="acme.example", pbx_trunk_id=pbx.id, **owner)
        yield Configured(admin, tenant, pbx, out)


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


def test_fault_02_one_success_lets_no_other_password_in() -> None:
    access = NodeAccess([KamailioNode("1", "n", token_sha256=hash_token("right"))])
    for _ in range(3):
        assert access.find(b"Bearer right", "192.0.2.1") is not None
        for wrong in (b"Bearer wrong", b"Bearer ", b"Basic bjp3cm9uZw=="):
            assert access.find(wrong, "192.0.2.1") is None


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
    assert route["uri"] == f"sip:00390612345678@{_CARRIER}:5060"
    assert route["headers"]["from"]["uri"] == "sip:00390401234567@acme.example"
    inbound = await configured.ask("sip:00390401234567@h", source_ip=_CARRIER)
    assert inbound["code"] == "DID"
    assert inbound["routes"][0]["uri"] == f"sip:00390401234567@{_PBX}:5060"


async def test_fault_06_an_exact_did_of_any_length_matches(configured: Configured) -> None:
    for prefix in ("+39040123456789", "+390401234567890", "+3904012345"):
        did = await create_did(
            configured.by,
            tenant_id=configured.tenant.id,
            prefix=prefix,
            pbx_trunk_id=configured.pbx.id,
        )
        document = await configured.ask(f"sip:{prefix}@h", source_ip=_CARRIER)
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


@pytest.mark.parametrize("user", ["*72", "%2331%23123", "john.doe", "1.2", "a-b"])
async def test_fault_08_stars_and_dots_are_kept(configured: Configured, user: str) -> None:
    outbound = await configured.ask(f"sip:{user}@h")
    assert outbound["routes"][0]["uri"] == f"sip:{user}@{_CARRIER}:5060"
    inbound = await configured.ask(f"sip:{user}@acme.example", source_ip=_CARRIER)
    assert inbound["routes"][0]["uri"] == f"sip:{user}@acme.example"


async def test_fault_09_the_longest_did_wins_and_no_regex_breaks_or_stalls_a_call(
    configured: Configured,
) -> None:
    owner: dict[str, Any] = {"tenant_id": configured.tenant.id}
    desk = await create_trunk(
        configured.by, name="desk", endpoints=[Endpoint("192.0.2.11", 5060)], **owner
    )
    longer = await create_did(configured.by, prefix="+39040123456", pbx_trunk_id=desk.id, **owner)
    document = await configured.ask("sip:+390401234567@h", source_ip=_CARRIER)
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


async def test_fault_10_a_domain_or_number_is_one_tenants_on_the_platform(
    configured: Configured,
) -> None:
    thief = await create_tenant(configured.by, name="Thief")
    trunk = await create_trunk(
        configured.by, name="pbx", tenant_id=thief.id, endpoints=[Endpoint("203.0.113.5")]
    )
    target: dict[str, Any] = {"tenant_id": thief.id, "pbx_trunk_id": trunk.id}
    for attempt in (
        create_domain(configured.by, name="ACME.example", **target),
        create_did(configured.by, prefix="+39040123", **target),
        create_did(configured.by, prefix="+390401234567", **target),
        create_did(configured.by, prefix="+39", **target),
    ):
        with pytest.raises(Conflict):
            await attempt
    for uri in ("sip:+390401234567@h", "sip:john@acme.example"):
        document = await configured.ask(uri, source_ip=_CARRIER)
        assert document["tenant"] == str(configured.tenant.id)


async def test_fault_11_a_declined_extension_never_goes_to_the_pstn(
    configured: Configured,
) -> None:
    """Asked by a carrier, to whom no rule applies, and by another PBX of the tenant, to whom the
    rule for everything does."""
    branch = "192.0.2.11"
    await create_trunk(
        configured.by, name="branch", tenant_id=configured.tenant.id, sources=[branch]
    )
    asked = [
        (uri, source_ip)
        for uri in ("sip:+390401234567@h", "sip:100@acme.example")
        for source_ip in (_CARRIER, branch)
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
        ("sip:+39-06-12345678@h;user=phone", _PBX),
        ("sip:+390401234567@h", _CARRIER),
        ("sip:100@acme.example", _CARRIER),
    ):
        for route in (await configured.ask(to_uri, source_ip=source_ip))["routes"]:
            assert re.fullmatch(r"sip:[^@\s]+@[^\s]+", route["uri"])
            assert route["dst_uri"].startswith("sip:")


@pytest.mark.parametrize(
    ("from_uri", "expected"),
    [
        ("sip:pbx.example", "sip:pbx.example"),
        ("tel:+39-040-1234567", f"sip:+390401234567@{_PBX}"),
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
    assert route["uri"] == f"sip:+390612345678@{_CARRIER}:5060"


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


async def test_fault_19_references_to_another_tenants_objects_are_refused(
    configured: Configured,
) -> None:
    by = configured.by
    other = await create_tenant(by, name="Other")
    owner: dict[str, Any] = {"tenant_id": other.id}
    own = await create_trunk(by, name="pbx", **owner)
    group = await create_routing_group(by, name="g", trunks=[Place(own.id)], **owner)
    domain = await create_domain(by, name="other.example", pbx_trunk_id=own.id, **owner)
    did = await create_did(by, prefix="+1202", pbx_trunk_id=own.id, **owner)
    rule = await create_routing_rule(by, name="r", routing_group_id=group.id, **owner)
    foreign = (await load_configuration()).routing_groups
    foreign_group = next(g.id for g in foreign if g.tenant_id == str(configured.tenant.id))
    for attempt in (
        create_domain(by, name="x.example", pbx_trunk_id=configured.pbx.id, **owner),
        update_domain(by, domain.id, pbx_trunk_id=configured.pbx.id),
        create_did(by, prefix="+1", pbx_trunk_id=configured.pbx.id, **owner),
        update_did(by, did.id, pbx_trunk_id=configured.pbx.id),
        update_did(by, did.id, pbx_trunk_id=None, routing_group_id=foreign_group),
        create_routing_rule(by, name="x", routing_group_id=foreign_group, **owner),
        update_routing_rule(by, rule.id, routing_group_id=foreign_group),
        create_routing_group(by, name="x", trunks=[Place(configured.pbx.id)], **owner),
        update_routing_group(by, group.id, trunks=[Place(configured.out.id)]),
    ):
        with pytest.raises((NotFound, InvalidInput)):
            await attempt


def test_fault_24_no_data_is_ever_put_into_a_shell_command() -> None:
    for file in _KAMAILIO.glob("*.cfg"):
        assert not re.search(r"exec(_dset|_msg|_avp|\.so)|\$shell|pipe", file.read_text()), file
    for file in _PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call):
                called = ast.unparse(node.func)
                assert called not in ("os.system", "os.popen", "eval", "exec"), file
                assert not re.search(r"getoutput|getstatusoutput|_shell|os\.spawn", called), file
                assert not any(word.arg == "shell" for word in node.keywords), file
            # A shell that is started as a program is a shell as well.
            is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
            assert not (is_text and re.fullmatch(r"(/\S*/)?(ba|da)?sh", ast.literal_eval(node)))


async def test_fault_25_lists_have_an_order_and_a_total_and_fields_can_be_cleared(
    configured: Configured, monkeypatch: pytest.MonkeyPatch
) -> None:
    by, owner = configured.by, configured.tenant.id
    for prefix in ("+39049", "+39041", "+39045"):
        await create_did(by, tenant_id=owner, prefix=prefix, pbx_trunk_id=configured.pbx.id)
    page = await list_dids(by, first=2)
    assert [row.prefix for row in page.rows] == ["+39040123", "+39041"]
    assert (await page.total(), page.has_next) == (4, True)
    group = await create_routing_group(
        by, tenant_id=owner, name="pbxs", trunks=[Place(configured.pbx.id)]
    )
    moved = await update_did(by, page.rows[0].id, pbx_trunk_id=None, routing_group_id=group.id)
    assert (moved.pbx_trunk_id, moved.routing_group_id) == (None, group.id)
    with pytest.raises(NotFound) as missing:
        await create_did(
            by,
            tenant_id="00000000-0000-0000-0000-000000000000",
            prefix="+1",
            pbx_trunk_id=configured.pbx.id,
        )
    assert missing.value.path == "tenantId"
    monkeypatch.setenv("POINTSMAN_GRAPHIQL", "false")
    assert load_settings().graphiql is False
