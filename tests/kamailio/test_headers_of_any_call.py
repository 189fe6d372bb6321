"""Whatever a call contains: each header of each leg once, on one line, and nothing else."""

import json
import re
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from pointsman.kamailio.rtjson import write_answer
from pointsman.routing.call import Call, Diversion
from pointsman.routing.credential import Credential
from pointsman.routing.decide import decide
from pointsman.routing.outcome import Reject
from pointsman.routing.privacy import PRIVACY_VALUES
from pointsman.routing.snapshot import Snapshot
from pointsman.routing.trunk import CallerIdPolicy, DiversionPolicy, ExtraHeader, Trunk
from pointsman.routing.uri import NameAddr, Uri, has_control, parse_name_addr, parse_uri
from tests.routing.world import ALPHA_IP, BETA_IP, carrier_trunk, make_call, make_world

_TEMPLATES = (
    ExtraHeader("X-Numbers", '"{called_number}" <sip:{calling_number}@h>;a={sip_call_id}'),
    ExtraHeader("P-Charging-Vector", "icid-value={sip_call_id};orig-ioi={tenant}"),
    ExtraHeader("Subject", "{trunk} {carrier} {source_trunk}"),
)
_ALWAYS = ["X-Numbers", "P-Charging-Vector", "Subject"]
_OPTIONAL = {
    "P-Asserted-Identity", "P-Preferred-Identity", "Remote-Party-ID", "Privacy", "Diversion",
    "History-Info",
}  # fmt: skip
_LINE = re.compile(r"([A-Za-z-]+): ([^\r\n]+)\r\n")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')


def _trunk(name: str, carrier: str, ip: str, **more: Any) -> Trunk:
    return carrier_trunk(
        name, carrier, ip, send_preferred_identity=True, send_remote_party_id=True,
        diversion_policy=DiversionPolicy.BOTH, extra_headers=_TEMPLATES,
        caller_id_number="+390401234000", credential=Credential("u", "p"), **more,
    )  # fmt: skip


def _compile(policy: CallerIdPolicy, trusted: bool, tenant: str) -> Snapshot:
    world = make_world()
    world.domains.clear()
    world.tenants[0] = msgspec.structs.replace(world.tenants[0], name=tenant)
    world.replace_trunk(_trunk("alpha-1", "alpha", ALPHA_IP, caller_id_policy=policy))
    world.replace_trunk(
        _trunk(
            "beta-1", "beta", BETA_IP, caller_id_policy=policy, trusted=trusted, tech_prefix="1#"
        )
    )
    return world.snapshot()


_SNAPSHOTS = [
    _compile(policy, trusted, tenant)
    for policy in CallerIdPolicy
    for trusted in (True, False)
    for tenant in ("Acme", 'Ac"me\\;,<>\r\nVia: x')
]

_any = st.text(st.characters(codec="utf-8"), max_size=30)
_calm = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Zl", "Zp"]), max_size=30)
_odd = st.sampled_from(['"', "\\", 'a"b\\', "x\r\nVia: y", "anonymous", "+390401234567", "<a>;b,"])
# Most without controls: a call with one in a name or a number is refused as a whole.
_texts = st.one_of(*[_calm] * 6, *[_odd] * 2, _any)
_hosts = st.sampled_from(["acme.example", "", "2001:db8::1", "anonymous.invalid"])
_uris = st.builds(Uri, st.sampled_from(["sip", "sips", "tel"]), _texts, _hosts)
_parties = st.builds(NameAddr, _texts, _uris)
_diverting = st.builds(NameAddr, _any | _odd, st.builds(Uri, st.just("sip"), _any | _odd, _hosts))
_reasons = st.sampled_from(["away", "unconditional"])
_diversions = st.builds(Diversion, _diverting, _reasons, st.integers(1, 99), st.booleans())


@st.composite
def _calls(draw: st.DrawFn) -> Call:
    call = make_call(
        "sip:+390612345678@h",
        sip_call_id=draw(_any.filter(bool)),
    )
    if draw(st.booleans()):
        call = msgspec.structs.replace(call, request_uri=draw(_uris))
    return msgspec.structs.replace(
        call,
        from_=draw(_parties),
        to_display=draw(_texts),
        asserted=draw(st.none() | _parties),
        privacy=draw(st.frozensets(st.sampled_from(PRIVACY_VALUES))),
        diversions=tuple(draw(st.lists(_diversions, max_size=6))),
    )


@settings(max_examples=400)
@given(_calls(), st.integers(0, len(_SNAPSHOTS) - 1))
def test_no_call_whatever_yields_a_control_character_or_another_header(
    call: Call, place: int
) -> None:
    outcome = decide(call, _SNAPSHOTS[place], now=0)
    document = json.loads(write_answer(outcome, call.sip_call_id, "tag", 1))["rtjson"]
    if isinstance(outcome, Reject):
        assert document["routes"] == []
        return
    assert document["routes"]
    for route in document["routes"]:
        _assert_well_formed(route)


def _assert_well_formed(route: dict[str, Any]) -> None:
    headers = route["headers"]
    extra = headers["extra"]
    lines = _LINE.findall(extra)
    assert "".join(f"{name}: {value}\r\n" for name, value in lines) == extra
    names = [name for name, _ in lines]
    assert len(names) == len(set(names))
    assert set(names) - _OPTIONAL == set(_ALWAYS)
    for _, value in lines:
        assert not has_control(value)
        assert '"' not in _QUOTED.sub("", value)
    for name, value in lines:
        if name in ("P-Asserted-Identity", "P-Preferred-Identity"):
            parse_name_addr(value)
    for party in (headers["from"], headers["to"]):
        assert not has_control(party["display"] + party["uri"])
        assert party["display"] == "" or _QUOTED.fullmatch(party["display"])
        assert not set(party["uri"]) & set(' "<>,')
        parse_uri(party["uri"])
    for uri in (route["uri"], route["dst_uri"]):
        assert not has_control(uri)
        parse_uri(uri)
