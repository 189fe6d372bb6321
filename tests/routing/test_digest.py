"""Callers that no address tells: challenged, and then known by what they sign in as."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from pointsman.routing.call import Call
from pointsman.routing.digest_identity import DigestIdentity
from pointsman.routing.outcome import Note, Reject, RejectCode, Routes, Step, Trace
from pointsman.routing.tenant import Tenant
from pointsman.routing.uri import parse_uri
from tests.routing.world import ACME_PBX_IP, World, make_call, make_world, pbx_trunk

ALICE = DigestIdentity("alice", "acme.example", "a" * 32, "c" * 64)
ZOE = DigestIdentity("zoe", "zen.example", "b" * 32, "d" * 64)
# Whose password was set when MD5 alone was kept.
ABEL = DigestIdentity("abel", "acme.example", "e" * 32)
NOMAD_IP = "203.0.113.99"
REALMS = ("acme.example", "zen.example")


def _world(**of_home: Any) -> World:
    """Acme's home office signs in as alice, Zen's as zoe; neither has a source."""
    world = make_world()
    world.trunks += [
        pbx_trunk("home", "acme", NOMAD_IP, **{"digest": ALICE, **of_home}),
        pbx_trunk("zen-home", "zen", NOMAD_IP, digest=ZOE),
    ]
    return world


def _call(of: str = "sip:100@acme.example", to: str = "sip:+390612345678@h", **more: Any) -> Call:
    return structs.replace(make_call(to, source_ip=NOMAD_IP, from_uri=of), **more)


@pytest.mark.parametrize(
    ("call", "realm"),
    [
        (_call("sip:100@acme.example"), "acme.example"),
        (_call("sip:100@ACME.example."), "acme.example"),
        (_call("sip:100@zen.example"), "zen.example"),
        (_call("sip:100@elsewhere.example", to="sip:+39@zen.example"), "zen.example"),
        (_call("sip:100@acme.example", to="sip:+39@zen.example"), "acme.example"),
        (_call("tel:+39040", to="sip:+39@acme.example"), "acme.example"),
        # credentials of another realm are none for this one
        (_call(username="alice", realm="carrier.example"), "acme.example"),
        (_call(username="alice"), "acme.example"),
        (_call(realm="zen.example"), "acme.example"),
        (_call(authenticated=True), "acme.example"),
        (_call(username="alice", authenticated=True), "acme.example"),
    ],
)
def test_a_caller_of_a_realm_has_to_sign_in(call: Call, realm: str) -> None:
    reject = _world().reject(call)
    assert reject == Reject(
        RejectCode.AUTHENTICATION_REQUIRED, f"a user of {realm} has to sign in", realm=realm
    )
    assert (reject.sip_code, reject.sip_reason) == (407, "Proxy Authentication Required")


@pytest.mark.parametrize(
    "call",
    [
        _call("sip:100@elsewhere.example"),
        _call("tel:+39040"),
        _call("sip:100@elsewhere.example", username="alice", realm="elsewhere.example"),
        _call("sip:100@elsewhere.example", username="alice", authenticated=True),
        _call("sip:100@sub.acme.example"),
    ],
)
def test_whoever_names_no_realm_of_ours_is_not_challenged(call: Call) -> None:
    assert _world().reject(call).code is RejectCode.UNKNOWN_SOURCE


def test_without_any_digest_user_nobody_is_challenged() -> None:
    call = _call(username="alice", realm="acme.example", authenticated=True)
    assert make_world().reject(call).code is RejectCode.UNKNOWN_SOURCE


def test_who_signs_in_gets_routes_once_verified() -> None:
    outcome = _world().routes(_call(username="alice", realm="acme.example"))
    assert (outcome.tenant_id, outcome.verify) == ("acme", ALICE)


def test_whom_the_node_has_verified_gets_routes() -> None:
    call = _call(username="alice", realm="acme.example", authenticated=True)
    outcome = _world().routes(call)
    assert (outcome.tenant_id, outcome.verify) == ("acme", None)


@pytest.mark.parametrize("authenticated", [False, True])
@pytest.mark.parametrize(
    ("username", "realm"),
    [("mallory", "acme.example"), ("zoe", "acme.example"), ("ALICE", "acme.example")],
)
def test_an_unknown_user_is_told_what_one_is_who_has_not_signed_in(
    username: str, realm: str, authenticated: bool
) -> None:
    world = _world()
    given_user = _call(username=username, realm=realm, authenticated=authenticated)
    assert world.reject(given_user) == world.reject(_call())


@pytest.mark.parametrize("of", ["sip:100@zen.example", "sip:+390409999@zen.example", "tel:+1"])
@pytest.mark.parametrize("to", ["sip:100@zen.example", "sip:+390612345678@h"])
def test_a_caller_is_who_it_signs_in_as_whatever_from_says(of: str, to: str) -> None:
    """Nothing of Zen's is Alice's, who only writes that she is of Zen."""
    outcome = _world().decide(_call(of, to, username="alice", realm="acme.example"))
    assert outcome.verify == ALICE
    assert isinstance(outcome, Reject) or outcome.tenant_id == "acme"


def test_an_address_that_is_known_needs_no_credentials() -> None:
    world = _world(enabled=False)
    call = structs.replace(_call(username="zoe", realm="zen.example"), source_ip=ACME_PBX_IP)
    outcome = world.routes(call)
    assert (outcome.tenant_id, outcome.verify) == ("acme", None)


@pytest.mark.parametrize("code", [RejectCode.TRUNK_DISABLED, RejectCode.TENANT_DISABLED])
def test_what_is_disabled_refuses_and_tells_so_to_its_user_alone(code: RejectCode) -> None:
    world = _world(enabled=code is not RejectCode.TRUNK_DISABLED)
    if code is RejectCode.TENANT_DISABLED:
        world.tenants = [Tenant("acme", "Acme", enabled=False), Tenant("zen", "Zen")]
    signed_in = _call(username="alice", realm="acme.example")
    assert (world.reject(signed_in).code, world.reject(signed_in).verify) == (code, ALICE)
    verified = structs.replace(signed_in, authenticated=True)
    assert (world.reject(verified).code, world.reject(verified).verify) == (code, None)


@pytest.mark.parametrize(
    ("to", "code"),
    [
        ("sip:h", RejectCode.NO_CALLED_NUMBER),
        ("sip:+39%00@h", RejectCode.CONTROL_CHARACTER),
        ("sip:1234@h", RejectCode.NO_ROUTE),
    ],
)
def test_a_reject_is_told_to_who_proves_to_be_the_user(to: str, code: RejectCode) -> None:
    """Else the answers to a guessed user would tell that it is one, and what it may call."""
    world = _world()
    world.rules = [structs.replace(rule, called_prefix="+39") for rule in world.rules]
    reject = world.reject(_call(to=to, username="alice", realm="acme.example"))
    assert (reject.code, reject.verify) == (code, ALICE)


@pytest.mark.parametrize("of", [ALICE, ABEL, DigestIdentity("eve", "acme.example", "")])
def test_a_realm_with_a_user_of_md5_is_one_of_md5_for_all(of: DigestIdentity) -> None:
    """Also for who is not there: else it would tell which users are."""
    world = _world()
    signed_in = _call(username=of.username, realm=of.realm)
    assert world.reject(_call()).is_md5_realm is False
    world.trunks.append(pbx_trunk("old-home", "acme", NOMAD_IP, digest=ABEL))
    assert world.reject(_call()).is_md5_realm is True
    assert world.reject(_call("sip:100@zen.example")).is_md5_realm is False
    if of.ha1:
        assert world.routes(signed_in).verify == structs.replace(of, ha1_sha256="")
    else:
        assert world.reject(signed_in) == world.reject(_call())
    zoe = world.decide(_call(username="zoe", realm="zen.example"))
    assert zoe.verify == ZOE


@pytest.mark.parametrize("username", ["\nabel", "alice\n", "\n"])
def test_nobody_is_found_by_what_no_user_has(username: str) -> None:
    world = _world()
    world.trunks.append(pbx_trunk("old-home", "acme", NOMAD_IP, digest=ABEL))
    assert world.reject(_call(username=username, realm="acme.example")) == world.reject(_call())


def test_the_trace_tells_who_signs_in() -> None:
    trace: Trace = []
    _world().decide(_call(username="alice", realm="acme.example"), trace)
    assert trace[0] == Note(Step.SOURCE, "home", "signs in as alice of acme.example")
    trace = []
    _world().decide(_call(username="eve\x1b[2J", realm="acme.example"), trace)
    text = r"no trunk has the digest user 'eve\x1b[2J' here"
    assert trace == [Note(Step.SOURCE, "acme.example", text)]


def test_a_ha1_is_in_no_text_of_a_decision() -> None:
    world = _world()
    for outcome in (
        world.decide(_call(username="alice", realm="acme.example")),
        world.decide(_call(to="sip:h", username="alice", realm="acme.example")),
        world.snapshot().sources,
    ):
        for digit in "abcd":
            assert digit * 32 not in repr(outcome)


_TEXTS = st.sampled_from(["", "alice", "zoe", *REALMS, "x"]) | st.text(max_size=5)
_HOSTS = st.sampled_from([*REALMS, "elsewhere.example", "203.0.113.1"])


@given(_TEXTS, _TEXTS, st.booleans(), _HOSTS, _HOSTS)
def test_nobody_gets_a_route_without_being_verified(
    username: str, realm: str, authenticated: bool, from_host: str, to_host: str
) -> None:
    """Whatever they write: routes are of a user's own tenant, and for that user alone."""
    world = _world()
    call = _call(
        f"sip:100@{from_host}",
        f"sip:+390612345678@{to_host}",
        username=username,
        realm=realm,
        authenticated=authenticated,
    )
    outcome = world.decide(call)
    known = {(ALICE.username, ALICE.realm): ALICE, (ZOE.username, ZOE.realm): ZOE}
    identity = known.get((username, realm))
    if isinstance(outcome, Routes):
        assert identity is not None
        assert outcome.tenant_id == identity.realm.removesuffix(".example")
    if identity is None:
        assert outcome.verify is None
        assert isinstance(outcome, Reject)
        named = {from_host, to_host, realm if username else ""}
        challenged = named & set(REALMS)
        assert outcome.code is (
            RejectCode.AUTHENTICATION_REQUIRED if challenged else RejectCode.UNKNOWN_SOURCE
        )
    else:
        assert outcome.verify == (None if authenticated else identity)


def test_a_realm_may_be_an_address() -> None:
    realm = "2001:db8::1"
    world = _world(digest=DigestIdentity("alice", realm, "c" * 32))
    call = structs.replace(_call(), request_uri=parse_uri("sip:100@[2001:0DB8::1]:5060"))
    call = structs.replace(call, from_=make_call(from_uri="sip:x@elsewhere.example").from_)
    assert world.reject(call).realm == realm
