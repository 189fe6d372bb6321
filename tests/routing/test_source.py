"""Which trunk sends a call, and who is refused before anything else is looked at."""

from pointsman.routing.carrier import Carrier
from pointsman.routing.outcome import RejectCode
from pointsman.routing.tenant import Tenant
from tests.routing.world import (
    ACME_PBX_IP,
    ALPHA_IP,
    make_call,
    make_world,
    pbx_trunk,
)


def test_an_unknown_source_is_refused_whatever_it_asks_for() -> None:
    reject = make_world().reject(make_call(source_ip="203.0.113.99"))
    assert (reject.code, reject.sip_code) == (RejectCode.UNKNOWN_SOURCE, 403)


def test_a_disabled_source_trunk_is_refused() -> None:
    world = make_world()
    world.replace_trunk(pbx_trunk("acme-pbx", "acme", ACME_PBX_IP, enabled=False))
    assert world.reject(make_call()).code is RejectCode.TRUNK_DISABLED


def test_a_disabled_tenant_is_refused_as_source_and_as_destination() -> None:
    world = make_world()
    world.tenants = [Tenant("acme", "Acme", enabled=False), Tenant("zen", "Zen")]
    assert world.reject(make_call()).code is RejectCode.TENANT_DISABLED
    inbound = make_call("sip:+3904012345@h", source_ip=ALPHA_IP)
    assert world.reject(inbound).code is RejectCode.TENANT_DISABLED


def test_a_disabled_carrier_is_refused_as_source_and_dropped_as_destination() -> None:
    world = make_world()
    world.carriers = [
        Carrier("alpha", "Alpha", frozenset({"acme", "zen"}), enabled=False),
        world.carriers[1],
    ]
    inbound = make_call("sip:+3904012345@h", source_ip=ALPHA_IP)
    assert world.reject(inbound).code is RejectCode.CARRIER_DISABLED
    assert world.trunk_ids(make_call()) == ["beta-1"]


def test_the_source_is_found_by_the_longest_network() -> None:
    world = make_world()
    world.sources += [("192.0.2.0/24", "zen-pbx")]
    assert world.routes(make_call(source_ip=ACME_PBX_IP)).tenant_id == "acme"
    assert world.routes(make_call(source_ip="192.0.2.77")).tenant_id == "zen"
