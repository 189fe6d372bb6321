import json
import re
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pointsman.kamailio.headers import format_display, format_name_addr
from pointsman.kamailio.rtjson import (
    MAX_ANSWER_BYTES,
    decision_id,
    write_answer,
)
from pointsman.routing.credential import Credential, make_credential
from pointsman.routing.digest_identity import DigestIdentity
from pointsman.routing.outcome import (
    NO_HEADERS,
    Account,
    Diverted,
    Headers,
    Leg,
    MatchKind,
    Party,
    Reject,
    RejectCode,
    Routes,
    Target,
)
from pointsman.routing.reroute import compile_reroute
from pointsman.routing.routing_group import GroupMode
from pointsman.routing.uri import (
    Uri,
    format_uri,
    has_control,
    parse_display,
    parse_name_addr,
    parse_uri,
)


def _leg(number: int = 1, display: str = "Alice", host: str = "198.51.100.1", **more: Any) -> Leg:
    """`more` is of its target."""
    target = Target(
        trunk_id=f"trunk-{number}",
        endpoint_id=f"endpoint-{number}",
        destination=f"sip:{host}:5060",
        fr_timer_ms=5_000,
        fr_inv_timer_ms=30_000,
        carrier_id=f"carrier-{number}",
        reroute=compile_reroute(None),
    )
    return Leg(
        target=msgspec.structs.replace(target, **more),
        request_uri=f"sip:+390612345678@{host}:5060",
        from_=Party(display, "sip:+390401234567@acme.example"),
        to=Party("", f"sip:+390612345678@{host}"),
        headers=Headers(Party(display, "sip:+390401234567@acme.example")),
    )


def _answer(outcome: Routes | Reject) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(write_answer(outcome, "call-1", "tag-1", 7))
    return answer


def _routes(*legs: Leg) -> Routes:
    account = Account("tenant-1", "trunk-0", "+390401234567", "+390612345678")
    return Routes("tenant-1", MatchKind.ROUTING_RULE, "rule-1", legs, account=account)


def test_the_answer_has_the_seeds_shape_and_more() -> None:
    answer = _answer(_routes(_leg()))
    assert answer == {
        "rtjson": {
            "success": True,
            "version": "1.0",
            "routing": "serial",
            "routes": [
                {
                    "uri": "sip:+390612345678@198.51.100.1:5060",
                    "dst_uri": "sip:198.51.100.1:5060",
                    "path": "",
                    "socket": "",
                    "headers": {
                        "from": {
                            "display": '"Alice"',
                            "uri": "sip:+390401234567@acme.example",
                        },
                        "to": {"display": "", "uri": "sip:+390612345678@198.51.100.1"},
                        "extra": 'P-Asserted-Identity: "Alice" '
                        "<sip:+390401234567@acme.example>\r\n",
                    },
                    "branch_flags": 0,
                    "fr_timer": 5000,
                    "fr_inv_timer": 30000,
                    "trunk": "trunk-1",
                    "endpoint": "endpoint-1",
                    "carrier": "carrier-1",
                    "replaces": "",
                    "reroute_before": compile_reroute(None).before_text,
                    "reroute_after": "",
                    "auth_user": "",
                    "auth_password": "",
                    "auth_realm": "",
                    "auth_ha1": "",
                    "auth_ha1_sha256": "",
                }
            ],
            "code": "ROUTING_RULE",
            "reason": "",
            "sip_code": 200,
            "sip_reason": "OK",
            "tenant": "tenant-1",
            "source_trunk": "trunk-0",
            "calling_number": "+390401234567",
            "called_number": "+390612345678",
            "match": "rule-1",
            "revision": 7,
            "decision": decision_id("call-1", "tag-1", 7),
        },
        "auth": None,
    }


def test_a_reject_has_every_key_of_a_route() -> None:
    answer = _answer(Reject(RejectCode.NO_ROUTE, "nothing matches"))
    assert answer["rtjson"].keys() == _answer(_routes(_leg()))["rtjson"].keys()
    assert answer["rtjson"]["success"] is False
    assert answer["rtjson"]["routes"] == []
    assert answer["rtjson"]["sip_code"] == 404
    assert answer["auth"] is None


def test_a_reject_tells_to_whose_account_it_goes() -> None:
    account = Account("tenant-1", "trunk-0", "+390401234567", "777")
    rtjson = _answer(Reject(RejectCode.NO_ROUTE, "nothing matches", account=account))["rtjson"]
    assert (rtjson["tenant"], rtjson["source_trunk"]) == ("tenant-1", "trunk-0")
    assert (rtjson["calling_number"], rtjson["called_number"]) == ("+390401234567", "777")


@pytest.mark.parametrize("code", RejectCode)
def test_every_reject_has_a_final_sip_response(code: RejectCode) -> None:
    rtjson = _answer(Reject(code, "reason"))["rtjson"]
    assert 400 <= rtjson["sip_code"] <= 699
    assert re.fullmatch(r"[A-Za-z ]+", rtjson["sip_reason"])


def test_an_answer_that_kamailio_would_cut_loses_its_last_legs() -> None:
    legs = [_leg(number, host="h" * 200 + ".example") for number in range(11)]
    body = write_answer(_routes(*legs), "call-1", "tag-1", 7)
    assert len(body) <= MAX_ANSWER_BYTES
    kept = [route["trunk"] for route in json.loads(body)["rtjson"]["routes"]]
    assert kept == [f"trunk-{number}" for number in range(len(kept))]
    assert 0 < len(kept) < 11
    longer = _routes(*legs[: len(kept) + 1])
    assert len(write_answer(longer, "call-1", "tag-1", 7)) <= MAX_ANSWER_BYTES


def test_an_emergency_call_keeps_two_carriers_whatever_is_left_out() -> None:
    wide = [
        _leg(number, display="x" * 128, carrier_id=carrier)
        for number, carrier in enumerate(["", *["alpha"] * 9, "beta"])
    ]
    routes = msgspec.structs.replace(_routes(*wide), match_kind=MatchKind.EMERGENCY)
    kept = [route["carrier"] for route in _answer(routes)["rtjson"]["routes"]]
    assert len(kept) < 11
    assert kept == ["", *["alpha"] * (len(kept) - 2), "beta"]
    ordinary = _answer(_routes(*wide))["rtjson"]["routes"]
    assert {route["carrier"] for route in ordinary} == {"", "alpha"}
    huge = [_leg(number, display="x" * 4_000) for number in range(2)]
    alone = msgspec.structs.replace(_routes(*huge), match_kind=MatchKind.EMERGENCY)
    assert _answer(alone)["rtjson"]["code"] == "ANSWER_TOO_LONG"


def test_a_leg_that_never_fits_is_a_reject() -> None:
    rtjson = _answer(_routes(_leg(display='"' * MAX_ANSWER_BYTES)))["rtjson"]
    assert rtjson["success"] is False
    assert rtjson["code"] == "ANSWER_TOO_LONG"


def test_a_decision_id_is_the_same_for_the_same_question() -> None:
    assert decision_id("a", "b", 1) == decision_id("a", "b", 1)
    assert len({decision_id(*key) for key in [("a", "b", 1), ("a", "b", 2), ("ab", "", 1)]}) == 3
    assert re.fullmatch(r"[0-9a-f]{16}", decision_id("a", "b", 1))


@pytest.mark.parametrize(
    ("display", "expected"),
    [
        ("", ""),
        ("Alice", '"Alice"'),
        ('Alice "A"', r'"Alice \"A\""'),
        ("back\\slash", r'"back\\slash"'),
        ("<sip:evil@example.com>", '"<sip:evil@example.com>"'),
        ('x" <sip:evil@example.com>;a="', r'"x\" <sip:evil@example.com>;a=\""'),
        ("Jörg", '"Jörg"'),
    ],
)
def test_a_display_name_is_quoted(display: str, expected: str) -> None:
    assert format_display(display) == expected


_displays = st.text(st.characters(codec="utf-8")).filter(lambda text: not has_control(text))
_users = st.text(st.characters(codec="utf-8"), max_size=40)


@given(_displays, _users)
def test_no_caller_whatever_yields_a_second_header_or_identity(display: str, user: str) -> None:
    """The value that reads back is the one that went in, and nothing follows it."""
    uri = Uri("sip", user, "acme.example")
    party = Party(display, format_uri(uri))
    leg = msgspec.structs.replace(_leg(), from_=party, headers=Headers(party))
    headers = _answer(_routes(leg))["rtjson"]["routes"][0]["headers"]
    name, _, value = headers["extra"].partition(": ")
    assert name == "P-Asserted-Identity"
    assert value.endswith("\r\n")
    assert not has_control(value[:-2])
    assert value[:-2] == format_name_addr(party)
    assert parse_name_addr(value[:-2]).uri == uri
    assert parse_display(headers["from"]["display"]) == display
    assert parse_uri(headers["from"]["uri"]) == uri
    if display:
        assert value.startswith(format_display(display) + " <")


def test_legs_of_different_callers_are_each_written_as_their_own() -> None:
    other = Party("Other", "sip:other@acme.example")
    second = msgspec.structs.replace(_leg(2), from_=other, headers=NO_HEADERS)
    first = _leg(1)
    third = msgspec.structs.replace(_leg(3), from_=first.from_)
    routes = _answer(_routes(first, second, third))["rtjson"]["routes"]
    identity = 'P-Asserted-Identity: "Alice" <sip:+390401234567@acme.example>\r\n'
    assert [(route["headers"]["from"]["uri"], route["headers"]["extra"]) for route in routes] == [
        ("sip:+390401234567@acme.example", identity),
        ("sip:other@acme.example", ""),
        ("sip:+390401234567@acme.example", identity),
    ]


def test_legs_of_the_same_caller_are_each_written_whole() -> None:
    first = _leg(1)
    second = msgspec.structs.replace(_leg(2), from_=first.from_, headers=first.headers)
    one, two = _answer(_routes(first, second))["rtjson"]["routes"]
    assert (one["trunk"], two["trunk"]) == ("trunk-1", "trunk-2")
    assert one["headers"] == two["headers"]


def test_each_route_has_its_own_credential_and_socket() -> None:
    credential = make_credential("acme", 'p"\\w', "a.example")
    first = _leg(1, socket="udp:192.0.2.1:5060", credential=credential)
    second = _leg(2, credential=Credential("other", "secret"))
    routes = _answer(_routes(first, second, _leg(3)))["rtjson"]["routes"]
    keys = (
        "socket", "auth_user", "auth_password", "auth_realm", "auth_ha1", "auth_ha1_sha256",
    )  # fmt: skip
    hashes = (credential.ha1, credential.ha1_sha256)
    assert [tuple(route[key] for key in keys) for route in routes] == [
        ("udp:192.0.2.1:5060", "acme", "", "a.example", *hashes),
        ("", "other", "secret", "", "", ""),
        ("", "", "", "", "", ""),
    ]


@pytest.mark.parametrize(
    ("mode", "routing"), [(GroupMode.SERIAL, "serial"), (GroupMode.PARALLEL, "parallel")]
)
def test_the_mode_is_one_of_the_two_words_that_kamailio_knows(
    mode: GroupMode, routing: str
) -> None:
    routes = msgspec.structs.replace(_routes(_leg()), mode=mode)
    assert _answer(routes)["rtjson"]["routing"] == routing


def test_an_ha1_goes_only_with_what_is_for_that_identity() -> None:
    identity = DigestIdentity("acme", "pbx.example", "0123456789abcdef" * 2, "fedcba98" * 8)
    verified = msgspec.structs.replace(_routes(_leg()), verify=identity)
    assert _answer(verified)["auth"] == {
        "realm": "pbx.example",
        "username": "acme",
        "algorithms": "SHA-256,MD5",
        "ha1": "0123456789abcdef" * 2,
        "ha1_sha256": "fedcba98" * 8,
    }
    of_md5 = msgspec.structs.replace(identity, ha1_sha256="")
    assert _answer(msgspec.structs.replace(verified, verify=of_md5))["auth"] == {
        **_answer(verified)["auth"],
        "algorithms": "MD5",
        "ha1_sha256": "",
    }
    assert _answer(_routes(_leg()))["auth"] is None
    too_long = msgspec.structs.replace(verified, legs=(_leg(display="x" * MAX_ANSWER_BYTES),))
    assert _answer(too_long)["auth"] == _answer(verified)["auth"]
    reject = Reject(RejectCode.NO_ROUTE, "nothing", verify=identity)
    assert _answer(reject)["auth"] == _answer(verified)["auth"]


def test_a_challenge_names_its_realm_and_nothing_else() -> None:
    reject = Reject(RejectCode.AUTHENTICATION_REQUIRED, "who is it?", realm="pbx.example")
    answer = _answer(reject)
    assert answer["rtjson"]["sip_code"] == 407
    asked = {"realm": "pbx.example", "username": "", "ha1": "", "ha1_sha256": ""}
    assert answer["auth"] == {**asked, "algorithms": "SHA-256,MD5"}
    of_md5 = msgspec.structs.replace(reject, is_md5_realm=True)
    assert _answer(of_md5)["auth"] == {**asked, "algorithms": "MD5"}
    assert _answer(Reject(RejectCode.NO_ROUTE, "nothing", realm="pbx.example"))["auth"] is None


def test_the_history_of_each_leg_ends_in_its_own_uri() -> None:
    headers = Headers(history=(Diverted(Party("", "sip:1@h"), "unconditional"),))
    legs = [
        msgspec.structs.replace(_leg(number, host=f"198.51.100.{number}"), headers=headers)
        for number in (1, 2)
    ]
    routes = _answer(_routes(*legs))["rtjson"]["routes"]
    for number, route in enumerate(routes, 1):
        assert route["headers"]["extra"] == (
            "History-Info: <sip:1@h>;index=1, "
            f"<sip:+390612345678@198.51.100.{number}:5060;cause=302>;index=1.1;mp=1\r\n"
        )


def test_a_route_names_the_headers_that_its_own_replace() -> None:
    plain = _leg(1)
    adding = msgspec.structs.replace(_leg(2), headers=Headers(extra=(("X-A", "1"),)))
    routes = _answer(_routes(plain, adding))["rtjson"]["routes"]
    assert [route["replaces"] for route in routes] == ["", "^(x-a)$"]
    assert routes[1]["headers"]["extra"] == "X-A: 1\r\n"


@pytest.mark.parametrize(
    ("display", "withheld", "expected"),
    [("", False, ""), ("", True, '""'), ("Alice", False, '"Alice"'), ("Main", True, '"Main"')],
)
def test_a_name_that_is_withheld_is_replaced_by_one_that_is_none(
    display: str, withheld: bool, expected: str
) -> None:
    """Without a display name rtjson leaves the caller's in its place."""
    leg = msgspec.structs.replace(_leg(display=display), headers=Headers(is_name_withheld=withheld))
    route = _answer(_routes(leg))["rtjson"]["routes"][0]
    assert route["headers"]["from"]["display"] == expected
