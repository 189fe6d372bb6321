"""The headers of a leg as text."""

import pytest

from pointsman.kamailio.headers import write_headers, write_replaced
from pointsman.routing.outcome import NO_HEADERS, Diverted, Headers, Party

_URI = "sip:+390612345680@198.51.100.1:5060;transport=tcp"
_ALICE = Party('Alice "A"', "sip:+390401234567@acme.example")
_QUOTED = '"Alice \\"A\\"" <sip:+390401234567@acme.example>'
_DESK = Diverted(Party("Desk", "sip:1@h"), "no-answer")
_HALL = Diverted(Party("", "sip:2@h"), "unconditional", 3)
_ROOM = Diverted(Party("", "sip:3@h"), "do-not-disturb", private=True)


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        (NO_HEADERS, ""),
        (Headers(), ""),
        (Headers(asserted_identity=_ALICE), f"P-Asserted-Identity: {_QUOTED}\r\n"),
        (Headers(preferred_identity=_ALICE), f"P-Preferred-Identity: {_QUOTED}\r\n"),
        (
            Headers(remote_party=_ALICE),
            f"Remote-Party-ID: {_QUOTED};party=calling;privacy=off;screen=yes\r\n",
        ),
        (
            Headers(remote_party=_ALICE, is_remote_party_private=True),
            f"Remote-Party-ID: {_QUOTED};party=calling;privacy=full;screen=yes\r\n",
        ),
        (Headers(privacy=("user", "id", "critical")), "Privacy: user;id;critical\r\n"),
        (
            Headers(diversions=(_DESK,)),
            'Diversion: "Desk" <sip:1@h>;reason=no-answer;counter=1\r\n',
        ),
        (
            Headers(diversions=(_ROOM, _HALL)),
            (
                "Diversion: <sip:3@h>;reason=do-not-disturb;counter=1;privacy=full, "
                "<sip:2@h>;reason=unconditional;counter=3\r\n"
            ),
        ),
        (
            Headers(history=(_DESK,)),
            (
                'History-Info: "Desk" <sip:1@h>;index=1, '
                "<sip:+390612345680@198.51.100.1:5060;transport=tcp;cause=408>;index=1.1;mp=1\r\n"
            ),
        ),
        (
            Headers(history=(_ROOM, _HALL, _DESK)),
            (
                'History-Info: "Desk" <sip:1@h>;index=1, '
                "<sip:2@h;cause=408>;index=1.1;mp=1, "
                "<sip:3@h;cause=302?Privacy=history>;index=1.1.1;mp=1.1, "
                "<sip:+390612345680@198.51.100.1:5060;transport=tcp;cause=404>"
                ";index=1.1.1.1;mp=1.1.1\r\n"
            ),
        ),
        (
            Headers(geolocation="https://lis.example/a?b=c"),
            "Geolocation: <https://lis.example/a?b=c>\r\nGeolocation-Routing: yes\r\n",
        ),
        (Headers(extra=(("X-A", "1"), ("Subject", "b"))), "X-A: 1\r\nSubject: b\r\n"),
        (
            Headers(_ALICE, _ALICE, None, False, ("id",), (_HALL,), (), "geo:1,2", (("X-A", "1"),)),
            (
                f"P-Asserted-Identity: {_QUOTED}\r\nP-Preferred-Identity: {_QUOTED}\r\n"
                "Privacy: id\r\nDiversion: <sip:2@h>;reason=unconditional;counter=3\r\n"
                "Geolocation: <geo:1,2>\r\nGeolocation-Routing: yes\r\nX-A: 1\r\n"
            ),
        ),
    ],
)
def test_each_header_is_written_on_a_line(headers: Headers, expected: str) -> None:
    assert write_headers(headers, _URI) == expected


@pytest.mark.parametrize(
    "geolocation", ["https://h/a>\r\nX-Evil: 1", "https://h/ a", 'https://h/"', "https://h/ä", "<x"]
)
def test_a_location_that_is_no_uri_is_left_out(geolocation: str) -> None:
    headers = Headers(geolocation=geolocation)
    assert (write_headers(headers, _URI), write_replaced(headers)) == ("", "")


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        (Headers(asserted_identity=_ALICE, privacy=("id",), diversions=(_DESK,)), ""),
        (Headers(extra=(("X-A", "1"),)), "^(x-a)$"),
        (Headers(extra=(("Subject", "1"), ("X-A", "2"))), "^(subject|x-a|s)$"),
        (Headers(geolocation="geo:1,2"), "^(geolocation|geolocation-routing)$"),
        (
            Headers(extra=(("X-A", "1"),), geolocation="geo:1,2"),
            "^(x-a|geolocation|geolocation-routing)$",
        ),
    ],
)
def test_the_callers_headers_that_ours_replace_are_named(headers: Headers, expected: str) -> None:
    assert write_replaced(headers) == expected
