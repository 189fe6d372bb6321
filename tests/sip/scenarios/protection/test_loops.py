"""A call that comes back as it went ends with 482, one that comes back in another way with 483."""

import itertools
from collections.abc import Callable, Iterator

import httpx
import pytest

from tests.sip.conftest import Acme
from tests.sip.harness.busy import BusyCallee
from tests.sip.harness.raw import RawParty
from tests.sip.harness.stack import Stack
from tests.sip.scenarios.protection.forwarder import Forwarder

_FIRST = "+390401234567"
_SECOND = "+390409876543"


@pytest.fixture
def second_pbx(stack: Stack, acme: Acme) -> None:
    """Another PBX of the tenant, at Beta's address, with a DID of its own."""
    stack.operator.run("DeleteRoutingRule", id=acme.rule)
    stack.operator.run("DeleteRoutingGroup", id=acme.group)
    stack.operator.run("DeleteTrunk", id=acme.beta)
    other = stack.operator.make(
        "CreateTrunk",
        name="second-pbx",
        tenantId=acme.tenant,
        sources=[{"cidr": stack.beta.host}],
        endpoints=[{"host": stack.beta.host, "port": stack.beta.port}],
    )
    prefix = _SECOND[:-3]
    stack.operator.make("CreateDid", tenantId=acme.tenant, prefix=prefix, pbxTrunkId=other)
    stack.operator.wait_published()


@pytest.fixture
def forward(stack: Stack) -> Iterator[Callable[..., Forwarder]]:
    made = []

    def forward(
        host: str, port: int, number: Callable[[], str], *, joins: bool = False
    ) -> Forwarder:
        made.append(Forwarder(host, port, number, joins=joins))
        return made[-1]

    yield forward
    for forwarder in made:
        forwarder.stop()


def _decisions(stack: Stack) -> float:
    lines = httpx.get(f"{stack.router.url}/metrics").text.splitlines()
    counts = [line for line in lines if line.startswith("pointsman_decisions_total{")]
    return sum(float(line.split()[-1]) for line in counts)


@pytest.mark.usefixtures("second_pbx")
@pytest.mark.parametrize("joins", [False, True])
def test_a_loop_over_two_pbxs_ends_where_it_began(
    stack: Stack, forward: Callable[..., Forwarder], *, joins: bool
) -> None:
    first = forward(stack.pbx.host, stack.pbx.port, lambda: _SECOND, joins=joins)
    second = forward(stack.beta.host, stack.beta.port, lambda: _FIRST, joins=joins)
    before = _decisions(stack)
    with RawParty(stack.alpha.host, stack.kamailio.socket) as carrier:
        carrier.send(carrier.request("INVITE", _FIRST))
        assert carrier.final() == "SIP/2.0 482 Loop Detected"
    # Carrier to first, first to second, second to first; then first asks for second again.
    assert (first.forwarded, second.forwarded) == (2, 1)
    assert _decisions(stack) == before + 3


@pytest.mark.usefixtures("second_pbx")
@pytest.mark.parametrize("joins", [False, True])
def test_a_call_that_never_comes_back_the_same_has_ten_hops(
    stack: Stack, forward: Callable[..., Forwarder], *, joins: bool
) -> None:
    numbers = itertools.count(100)

    def another(number: str) -> Callable[[], str]:
        return lambda: f"{number[:-3]}{next(numbers)}"

    first = forward(stack.pbx.host, stack.pbx.port, another(_SECOND), joins=joins)
    second = forward(stack.beta.host, stack.beta.port, another(_FIRST), joins=joins)
    with RawParty(stack.alpha.host, stack.kamailio.socket) as carrier:
        carrier.send(carrier.request("INVITE", _FIRST))
        assert carrier.final() == "SIP/2.0 483 Too Many Hops"
    # Of each round there are two hops, this node and a PBX.
    assert first.forwarded + second.forwarded == 5


@pytest.mark.usefixtures("second_pbx")
def test_a_call_that_a_pbx_forwards_once_is_none(
    stack: Stack, forward: Callable[..., Forwarder]
) -> None:
    forward(stack.pbx.host, stack.pbx.port, lambda: _SECOND)
    callee = BusyCallee(stack.beta.host, stack.beta.port)
    try:
        with RawParty(stack.alpha.host, stack.kamailio.socket) as carrier:
            carrier.send(carrier.request("INVITE", _FIRST))
            assert carrier.final() == "SIP/2.0 486 Busy Here"
    finally:
        callee.stop()
    assert len(callee.invites) == 1


@pytest.mark.usefixtures("acme")
@pytest.mark.parametrize(("hops", "status"), [(10, "404 Not Found"), (11, "483 Too Many Hops")])
def test_a_call_may_come_through_ten_proxies(stack: Stack, hops: int, status: str) -> None:
    with RawParty(stack.pbx.host, stack.kamailio.socket) as party:
        vias = [f"Via: SIP/2.0/UDP 192.0.2.{n};branch=z9hG4bK{n}" for n in range(1, hops)]
        party.send(party.request("INVITE", "777", *vias))
        assert party.final() == f"SIP/2.0 {status}"


@pytest.mark.usefixtures("acme")
@pytest.mark.parametrize(
    ("hops", "status"),
    [(10, "404 Not Found"), (11, "483 Too Many Hops"), (12, "483 Too Many Hops")],
)
@pytest.mark.parametrize("comma", [",", ", ", "\r\n\t,"])
def test_proxies_may_stand_in_one_line(stack: Stack, hops: int, status: str, comma: str) -> None:
    with RawParty(stack.pbx.host, stack.kamailio.socket) as party:
        vias = [f"SIP/2.0/UDP 192.0.2.{n};branch=z9hG4bK{n}" for n in range(1, hops)]
        joined = comma.join(["", *vias]).encode()
        party.send(party.request("INVITE", "777").replace(b";rport", b";rport" + joined, 1))
        assert party.final() == f"SIP/2.0 {status}"


@pytest.mark.usefixtures("acme")
@pytest.mark.parametrize(
    ("max_forwards", "status"),
    [("0", "483 Too Many Hops"), ("1", "404 Not Found"), ("many", "400 Bad Max-Forwards")],
)
def test_max_forwards_is_kept_to(stack: Stack, max_forwards: str, status: str) -> None:
    with RawParty(stack.pbx.host, stack.kamailio.socket) as party:
        request = party.request("INVITE", "777")
        given = f"Max-Forwards: {max_forwards}".encode()
        party.send(request.replace(b"Max-Forwards: 70", given))
        assert party.final() == f"SIP/2.0 {status}"
