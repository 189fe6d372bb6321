"""An explanation has the router's own answer, every step, and no secret."""

import json
import time
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from pointsman.errors import InvalidInput
from pointsman.kamailio.answer import answer_question
from pointsman.kamailio.explanation import MASK, explain_question
from pointsman.kamailio.health_feed import HealthFeed
from pointsman.kamailio.metrics import RouterMetrics
from pointsman.kamailio.node_access import NodeAccess
from pointsman.kamailio.router import PATH, Router
from pointsman.kamailio.snapshot_feed import Published, SnapshotFeed
from pointsman.routing.credential import Credential, make_credential
from pointsman.routing.digest_identity import DigestIdentity
from pointsman.routing.failover import LegAnswer
from pointsman.routing.kamailio_node import KamailioNode
from pointsman.routing.outcome import Step
from pointsman.routing.routing_group import GroupMode
from pointsman.services.configuration_cache import compile_configuration
from pointsman.services.explanation import Explanation, LegAnswers
from pointsman.services.secrets import NO_KEYS
from tests.routing.world import ACME_PBX_IP, ALPHA_IP, NOW, ZEN_PBX_IP, World, make_world

QUESTION: dict[str, Any] = {
    "source_ip": ACME_PBX_IP,
    "from_uri": "+390401234567",
    "from_name": "Alice",
    "from_tag": "tag-1",
    "request_uri": "+390612345678",
}


def explain(
    world: World, answers: LegAnswers | None = None, now: float = NOW, **more: Any
) -> Explanation:
    """The explanation of QUESTION, changed, in a world."""
    configuration = compile_configuration(world.configuration())
    return explain_question({**QUESTION, **more}, configuration, now=now, answers=answers or {})


async def post(world: World, body: str) -> bytes:
    """What a router with this world's snapshot answers to a body."""
    trusting = KamailioNode("n", "n", trusted_cidrs=("192.0.2.99/32",))
    metrics = RouterMetrics()
    feed = SnapshotFeed(Path("nowhere"), NO_KEYS.unseal, metrics)
    feed.current = Published(world.snapshot(), NodeAccess([trusting]), time.time())
    router = Router(
        feed, HealthFeed(Path("nowhere"), 60.0), metrics, _nothing_behind, max_body_bytes=65_536
    )
    transport = httpx.ASGITransport(router, client=("192.0.2.99", 1234))
    async with httpx.AsyncClient(transport=transport, base_url="http://router") as client:
        answer = await client.post(PATH, content=body)
    assert answer.status_code == 200
    return answer.content


async def _nothing_behind(scope: Any, receive: Any, send: Any) -> None:
    raise AssertionError


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({}, "ROUTING_RULE"),
        ({"request_uri": "sip:100@acme.example", "source_ip": ALPHA_IP}, "DOMAIN"),
        ({"request_uri": "tel:+390401234567", "source_ip": ALPHA_IP}, "DID"),
        ({"source_ip": "203.0.113.9"}, "UNKNOWN_SOURCE"),
        ({"request_uri": "sip:%zz@h"}, "BAD_URI"),
        ({"from_name": "a\nb"}, "CONTROL_CHARACTER"),
        ({"from_name": 'Zoë "the \\ boss" \u2603'}, "ROUTING_RULE"),
        ({"p_asserted_identity": '"A, B" <sip:+39040123@x>, <tel:+1>'}, "ROUTING_RULE"),
        ({"source_port": 5060, "transport": "tls", "call_id": "c\u20ac"}, "ROUTING_RULE"),
    ],
)
async def test_the_answer_is_the_routers_byte_for_byte(changed: dict[str, Any], code: str) -> None:
    world = make_world()
    explained = explain(world, **changed)
    assert explained.code == code
    assert explained.masked is False
    assert await post(world, explained.request) == explained.answer.encode()


_TEXT = st.text(max_size=20)
_USER = st.from_regex(r"\+?[0-9*#]{0,14}|[a-z.]{1,8}", fullmatch=True)


@given(
    st.fixed_dictionaries(
        {
            "source_ip": st.sampled_from([ACME_PBX_IP, ZEN_PBX_IP, ALPHA_IP, "203.0.113.9"]),
            "request_uri": st.one_of(_USER, st.builds("sip:{}@acme.example".format, _USER)).filter(
                bool
            ),
            "from_uri": _USER.filter(bool),
            "from_name": _TEXT,
            "call_id": _TEXT,
            "p_asserted_identity": _TEXT,
            "privacy": _TEXT,
            "diversion": _TEXT,
        }
    )
)
def test_any_question_is_answered_as_the_router_answers_it(question: dict[str, Any]) -> None:
    world = make_world()
    explained = explain(world, **question)
    answered = answer_question(explained.request.encode(), world.snapshot(), now=NOW)
    assert answered.body == explained.answer.encode()


def test_a_bare_number_is_a_caller_at_its_address_and_a_called_at_the_node() -> None:
    request = json.loads(explain(make_world(), received_ip="2001:db8::1").request)
    assert request == {
        "source_ip": ACME_PBX_IP,
        "source_port": 5060,
        "call_id": "explain",
        "from_uri": f"sip:+390401234567@{ACME_PBX_IP}",
        "from_name": "Alice",
        "from_tag": "tag-1",
        "request_uri": "sip:+390612345678@[2001:db8::1]",
        "to_uri": "sip:+390612345678@[2001:db8::1]",
        "received_ip": "2001:db8::1",
    }
    for given_uri, written in (
        ("*72", "sip:*72@pointsman.invalid"),
        ("#31#", "sip:%2331%23@pointsman.invalid"),
        ("bob@acme.example", "sip:bob@acme.example"),
        ("tel:+39", "tel:+39"),
        ("http://x", "http://x"),
    ):
        request = json.loads(explain(make_world(), request_uri=given_uri).request)
        assert request["request_uri"] == written


def test_it_says_whose_call_it_is_and_what_matched() -> None:
    explained = explain(make_world())
    assert (explained.revision, explained.at, explained.routed) == (1, NOW, True)
    assert explained.source is not None
    assert (explained.source.noun, explained.source.name) == ("Trunk", "acme-pbx")
    assert explained.source_tenant == "acme"
    assert explained.tenant is not None
    assert (explained.tenant.noun, explained.tenant.name) == ("Tenant", "Acme")
    assert explained.matched is not None
    assert (explained.matched.noun, explained.matched.name) == ("RoutingRule", "all")
    rejected = explain(make_world(), source_ip="203.0.113.9")
    assert (rejected.routed, rejected.sip_code, rejected.sip_reason) == (False, 403, "Forbidden")
    assert (rejected.source, rejected.tenant, rejected.matched) == (None, None, None)
    assert rejected.reason == "no trunk has the source 203.0.113.9"


def test_every_step_is_told_and_every_candidate_that_is_dropped() -> None:
    world = make_world()
    world.trunks = [structs.replace(trunk, enabled=trunk.id != "alpha-1") for trunk in world.trunks]
    explained = explain(world)
    steps = [(note.step, note.subject) for note in explained.steps]
    assert [step for step, _ in steps] == sorted([step for step, _ in steps], key=list(Step).index)
    assert ("CANDIDATES", "alpha-1") in steps
    dropped = next(note for note in explained.steps if note.subject == "alpha-1")
    assert dropped.text.startswith("dropped: is disabled")


def test_legs_are_shown_as_rtjson_and_as_headers() -> None:
    world = make_world()
    alpha, beta = explain(world).legs
    assert (alpha.trunk.name, alpha.endpoint.name) == ("alpha-1", f"{ALPHA_IP}:5060")
    assert (alpha.carrier and alpha.carrier.name, beta.trunk.name) == ("Alpha", "beta-1")
    assert alpha.destination == f"sip:{ALPHA_IP}:5060"
    assert alpha.headers == (
        f"INVITE sip:+390612345678@{ALPHA_IP}:5060 SIP/2.0",
        f'From: "Alice" <sip:+390401234567@{ACME_PBX_IP}>;tag=tag-1',
        f"To: <sip:+390612345678@{ALPHA_IP}>",
        f'P-Asserted-Identity: "Alice" <sip:+390401234567@{ACME_PBX_IP}>',
    )
    document = json.loads(explain(world).answer)
    assert alpha.document == document["rtjson"]["routes"][0]
    (untagged,) = {leg.headers[1] for leg in explain(world, from_tag="", from_name="").legs}
    assert untagged == f"From: <sip:+390401234567@{ACME_PBX_IP}>"


def test_legs_that_do_not_fit_into_the_answer_are_told() -> None:
    world = make_world()
    endpoint = world.trunks[2].endpoints[0]
    many = tuple(
        structs.replace(endpoint, id=f"e{number}", host=f"{'x' * 60}.{number}.example")
        for number in range(11)
    )
    world.replace_trunk(structs.replace(world.trunks[2], endpoints=many))
    name = "\u20ac" * 128
    explained = explain(world, from_name=name, p_asserted_identity=f'"{name}" <sip:+3904@x>')
    left_out = [note for note in explained.steps if note.text.startswith("left out")]
    assert left_out
    assert len(explained.legs) + len(left_out) == 11
    assert len(explained.answer.encode()) <= 8_000


@pytest.mark.parametrize(
    ("changed", "path"),
    [
        ({"source_port": 70_000}, "sourcePort"),
        ({"from_uri": ""}, "fromUri: is missing"),
        ({"source_ip": "x" * 46}, "sourceIp"),
        ({"transport": "sctp"}, "transport"),
        ({"request_uri": ""}, "requestUri: is missing"),
        ({"call_id": "\ud800"}, "no Unicode text"),
    ],
)
def test_what_the_router_would_refuse_is_an_invalid_input(
    changed: dict[str, Any], path: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        explain(make_world(), **changed)
    assert path in str(refused.value)


def _walked(world: World, **answers: LegAnswer) -> tuple[list[tuple[int, str, str]], Any]:
    given_ids = {name.replace("_", "-"): answer for name, answer in answers.items()}
    explained = explain(world, given_ids)
    attempts = [(a.leg, a.answer.cause, a.action) for a in explained.attempts]
    return attempts, explained.final and (explained.final.sip_code, explained.final.sip_reason)


def test_the_failover_is_walked_as_the_legs_are_said_to_end() -> None:
    world = make_world()
    assert _walked(world) == ([], None)
    assert _walked(world, alpha=LegAnswer("503"), beta_1=LegAnswer("486")) == (
        [(0, "503", "the next leg is tried"), (1, "486", "is final")],
        (486, ""),
    )
    assert _walked(world, alpha=LegAnswer("TIMEOUT")) == (
        [(0, "TIMEOUT", "the next leg is tried"), (1, "200", "answers the call")],
        (200, ""),
    )
    assert _walked(world, alpha=LegAnswer("500"), beta=LegAnswer("TRANSPORT")) == (
        [
            (0, "500", "the next leg is tried"),
            (1, "TRANSPORT", "is final, since no leg is left"),
        ],
        (480, "Temporarily Unavailable"),
    )
    assert _walked(world, alpha=LegAnswer("500", rang=True))[0] == [(0, "500", "is final")]


def test_legs_that_are_tried_at_once_are_cancelled_when_one_answers() -> None:
    world = make_world()
    world.groups[0] = structs.replace(world.groups[0], mode=GroupMode.PARALLEL)
    attempts, final = _walked(world, alpha=LegAnswer("486"))
    assert attempts == [(0, "486", "fails, and the others go on"), (1, "200", "answers the call")]
    assert final == (200, "")
    attempts, _ = _walked(world, alpha=LegAnswer("200"))
    assert attempts[1][2] == "is cancelled, since another leg answers first"
    attempts, final = _walked(world, alpha=LegAnswer("603"))
    assert attempts[0] == (0, "603", "declines for everybody")
    assert attempts[1][2] == "is cancelled, since another leg answers first"
    assert final == (603, "")


def test_a_reject_is_not_walked() -> None:
    explained = explain(make_world(), {"alpha": LegAnswer("486")}, source_ip="203.0.113.9")
    assert (explained.attempts, explained.final) == ((), None)


_OF_ANY_REALM = Credential("acme", "hunter2")
_OF_ONE_REALM = make_credential("acme", "hunter2", "alpha.example")
_HA1S = ("0123456789abcdef" * 2, "fedcba9876543210" * 4)
_SECRETS = ("hunter2", *_HA1S, _OF_ONE_REALM.ha1, _OF_ONE_REALM.ha1_sha256)


def _secretive_world(credential: Credential) -> World:
    """Alpha wants a password of us, and Acme's PBX may sign in."""
    world = make_world()
    world.replace_trunk(structs.replace(world.trunks[2], credential=credential))
    identity = DigestIdentity("pbx", "acme.example", *_HA1S)
    world.replace_trunk(structs.replace(world.trunks[0], digest=identity))
    return world


@pytest.mark.parametrize(
    ("credential", "changed", "masks"),
    [
        (_OF_ANY_REALM, {}, 1),
        (_OF_ONE_REALM, {}, 2),
        (
            _OF_ANY_REALM,
            {"source_ip": "203.0.113.9", "username": "pbx", "realm": "acme.example"},
            3,
        ),
        (_OF_ANY_REALM, {"source_ip": ALPHA_IP, "request_uri": "+390401234567"}, 0),
        (_OF_ONE_REALM, {"source_ip": "203.0.113.9", "from_uri": "sip:pbx@acme.example"}, 0),
    ],
)
def test_secrets_are_masked_and_nothing_else_is_changed(
    credential: Credential, changed: dict[str, Any], masks: int
) -> None:
    world = _secretive_world(credential)
    explained = explain(world, **changed)
    answered = answer_question(explained.request.encode(), world.snapshot(), now=NOW).body.decode()
    assert explained.masked is (masks > 0)
    assert explained.answer.count(f'"{MASK}"') == masks
    for secret in _SECRETS:
        assert secret not in repr(explained)
        assert secret not in msgspec.json.encode(explained).decode()
        answered = answered.replace(f'"{secret}"', f'"{MASK}"')
    assert explained.answer == answered


def test_a_reject_of_a_user_shows_no_secret_either() -> None:
    world = _secretive_world(_OF_ONE_REALM)
    world.replace_trunk(structs.replace(world.trunks[0], enabled=False))
    explained = explain(world, source_ip="203.0.113.9", username="pbx", realm="acme.example")
    assert explained.code == "TRUNK_DISABLED"
    assert not any(secret in repr(explained) for secret in _SECRETS)


def test_the_encoding_that_masks_is_the_routers_own() -> None:
    explained = explain(make_world(), from_name='"\\/\u20ac\x7f')
    document = msgspec.json.decode(explained.answer)
    assert msgspec.json.encode(document).decode() == explained.answer
    assert MASK not in explained.answer
