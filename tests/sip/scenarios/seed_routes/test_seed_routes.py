"""The seed's own Kamailio routes, as they stand in its article, work against our router.

They send no Authorization header: credentials in the endpoint's URL or a listed address let them
in, and nobody else.
"""

import asyncio
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from pointsman.auth import Principal
from pointsman.services.kamailio_nodes import create_kamailio_node
from tests.conftest import bound
from tests.sip.conftest import Acme
from tests.sip.harness.kamailio import Kamailio
from tests.sip.harness.ports import free_udp_port
from tests.sip.harness.stack import KAMAILIO_HOST, Stack

_CFG = Path(__file__).parent / "seed.cfg"

pytestmark = pytest.mark.usefixtures("acme")


def _make_node(stack: Stack, name: str, *trusted: str) -> str:
    async def make() -> str:
        async with bound(stack.database_url):
            return await create_kamailio_node(
                Principal("test"), name=name, trusted_cidrs=list(trusted)
            )

    token = asyncio.run(make())
    stack.operator.wait_published()
    return token


Start = Callable[[str], Kamailio]


@pytest.fixture
def start(stack: Stack) -> Iterator[Start]:
    """Starts a Kamailio with the seed's routes and this authority of the router's URL."""
    directory = Path(tempfile.mkdtemp(prefix="pointsman-seed-"))
    kamailio = Kamailio(directory, KAMAILIO_HOST, free_udp_port(KAMAILIO_HOST))

    def run(authority: str) -> Kamailio:
        text = _CFG.read_text()
        text = text.replace("@LISTEN@", f"udp:{kamailio.host}:{kamailio.port}")
        text = text.replace("@ENDPOINT@", f"http://{authority}/kamailio/rtjson")
        kamailio.write("seed.cfg", text)
        kamailio.start("seed.cfg")
        return kamailio

    yield run
    kamailio.stop()
    shutil.rmtree(directory)


def _authority(stack: Stack, host: str = "127.0.0.1") -> str:
    return f"{host}:{stack.router.port}"


def test_credentials_in_the_endpoints_url_are_taken(stack: Stack, start: Start) -> None:
    token = _make_node(stack, "seed-by-url")
    kamailio = start(f"seed-by-url:{token}@{_authority(stack)}")
    stack.alpha.answer("callee_refuses", status="503")
    stack.beta.answer("callee")
    stack.pbx.call(
        "caller",
        kamailio.socket,
        "+390612345678",
        **{"from": '"Alice" <sip:+390401234567@acme.example>'},
    )
    stack.pbx.wait()
    stack.alpha.wait()
    (invite, *_) = stack.beta.wait()
    expected = '"Alice" <sip:+390401234567@sip.acme.example>'
    assert invite.start_line == f"INVITE sip:+390612345678@{stack.sockets['beta']} SIP/2.0"
    assert invite.one("From").startswith(expected + ";tag=")
    assert invite.one("To") == "<sip:+390612345678@127.0.0.22>"
    assert invite.one("P-Asserted-Identity") == expected


def test_a_listed_address_is_let_in_and_nobody_else(stack: Stack, start: Start) -> None:
    kamailio = start(_authority(stack))
    # Not listed yet: the router answers 401, and the seed's route says 500.
    stack.pbx.call("caller_refused", kamailio.socket, "+390612345678", status="500")
    stack.pbx.wait()
    _make_node(stack, "seed-by-address", "127.0.0.1/32")
    stack.alpha.answer("callee")
    stack.pbx.call("caller", kamailio.socket, "+390612345678")
    stack.pbx.wait()
    stack.alpha.wait()
    elsewhere = httpx.HTTPTransport(local_address="127.0.0.99")
    with httpx.Client(transport=elsewhere) as client:
        url = f"{stack.router.url}/kamailio/rtjson"
        for headers in ({}, {"x-forwarded-for": "127.0.0.1"}):
            assert client.post(url, json={}, headers=headers).status_code == 401


def test_what_is_rejected_is_not_found_as_the_seed_says_it(stack: Stack, start: Start) -> None:
    token = _make_node(stack, "seed-reject")
    kamailio = start(f"seed-reject:{token}@{_authority(stack)}")
    stack.pbx.call("caller_refused", kamailio.socket, "999", status="404")
    stack.pbx.wait()
    stack.stranger.call("caller_refused", kamailio.socket, "+390612345678", status="404")
    stack.stranger.wait()


def test_legs_at_once_are_tried_at_once(stack: Stack, acme: Acme, start: Start) -> None:
    """By the seed's routes each leg has the Request-URI of its own, and From as it came: its
    branch_route writes headers for serial routes alone."""
    stack.operator.change("RoutingGroup", acme.group, mode="PARALLEL")
    kamailio = start(f"seed-parallel:{_make_node(stack, 'seed-parallel')}@{_authority(stack)}")
    stack.alpha.answer("callee_refuses", status="486")
    stack.beta.answer("callee_rings_and_answers", delay="300")
    stack.pbx.call("caller", kamailio.socket, "+390612345678")
    stack.pbx.wait()
    stack.alpha.wait()
    (invite, *_) = stack.beta.wait()
    assert invite.start_line == f"INVITE sip:+390612345678@{stack.sockets['beta']} SIP/2.0"
    assert invite.one("From").startswith("<sip:caller@127.0.0.10:")


def test_who_would_have_to_sign_in_is_never_let_in_by_it(
    stack: Stack, acme: Acme, start: Start
) -> None:
    """The seed's question names no user, and it verifies none."""
    stack.operator.make(
        "CreateTrunk", name="remote", tenantId=acme.tenant, digestUsername="remote",
        digestPassword="secret", digestRealm="acme.example",
    )  # fmt: skip
    kamailio = start(f"seed-digest:{_make_node(stack, 'seed-digest')}@{_authority(stack)}")
    stack.alpha.answer("callee")
    proof = 'Proxy-Authorization: Digest username="remote", realm="acme.example", nonce="x"'
    for extra in ({}, {"extra": proof}):
        stack.stranger.call(
            "caller_refused", kamailio.socket, "+390612345678",
            status="404", **{"from": "<sip:+390401234567@acme.example>"}, **extra,
        )  # fmt: skip
        stack.stranger.wait()
    assert stack.alpha.messages() == []
