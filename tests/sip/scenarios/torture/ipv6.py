"""RFC 5118: messages with IPv6 addresses, well written and badly."""

from tests.sip.scenarios.torture.message import BUSY, Torture, call

_SDP = (
    "v=0\no=assistant 971731711378798081 0 IN IP6 2001:db8::20\ns=-\nc=IN IP6 2001:db8::20\n"
    "t=3338481189 3370017201\nm=audio 6000 RTP/AVP 2\nc=IN IP4 192.0.2.1\n"
    "m=video 6024 RTP/AVP 107\n"
)
_SDP_LENGTH = len(_SDP.replace("\n", "\r\n"))

IPV6 = [
    Torture(
        "4.1 an IPv6 reference",
        call(
            from_="From: sip:+390401234567@[2001:db8::9:1];tag={id}",
            to="To: <sip:+390612345678@[2001:db8::10]>",
            contact="Contact: <sip:caller@[2001:db8::1]>",
        ),
        BUSY,
        {
            "from_uri": "sip:+390401234567@[2001:db8::9:1]",
            "to_uri": "sip:+390612345678@[2001:db8::10]",
        },
    ),
    Torture(
        "4.2 an IPv6 address without its brackets",
        call("INVITE sip:2001:db8::10 SIP/2.0"),
        "400 Bad Request URI",
    ),
    Torture(
        "4.3 a port that may be part of the address",
        call(from_="From: <sip:+390401234567@[2001:db8::10:5070]>;tag={id}"),
        BUSY,
        {"from_uri": "sip:+390401234567@[2001:db8::10:5070]"},
    ),
    Torture(
        "4.4 a port that is none",
        call(from_="From: <sip:+390401234567@[2001:db8::10]:5070>;tag={id}"),
        BUSY,
        {"from_uri": "sip:+390401234567@[2001:db8::10]:5070"},
    ),
    Torture(
        "4.5 received with brackets in Via",
        call(via="Via: SIP/2.0/UDP [2001:db8::9:1];received=[2001:db8::9:255];branch=z9hG4bK{id}"),
        BUSY,
        {"call_id": "{id}"},
    ),
    Torture(
        "4.5 received without brackets in Via",
        call(via="Via: SIP/2.0/UDP [2001:db8::9:1];received=2001:db8::9:255;branch=z9hG4bK{id}"),
        BUSY,
        {"call_id": "{id}"},
    ),
    Torture(
        "4.6 IPv6 addresses in SDP",
        call(
            "INVITE sip:+390612345678@{proxy} SIP/2.0",
            "Content-Type: application/sdp",
            length=f"Content-Length: {_SDP_LENGTH}",
        )
        + _SDP,
        BUSY,
        {"call_id": "{id}"},
    ),
    Torture(
        "4.7 addresses of both kinds in headers",
        call(
            "INVITE sip:+390612345678@{proxy} SIP/2.0",
            "Via: SIP/2.0/TCP [2001:db8::9:1];branch=z9hG4bK87a",
            "Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKas3",
            "Record-Route: <sip:[2001:db8::9:1];lr>",
            contact="Contact: <sip:caller@[2001:db8::9:1]>, <sip:caller@192.0.2.1>",
        ),
        # One Contact is what an INVITE has (RFC 3261 section 8.1.1.8).
        "400 Bad Contact",
    ),
    Torture(
        "4.8 addresses of both kinds in SDP",
        call(
            "INVITE sip:+390612345678@{proxy} SIP/2.0",
            "c: application/sdp",
            length=f"l: {_SDP_LENGTH}",
        )
        + _SDP,
        BUSY,
        {"call_id": "{id}"},
    ),
    Torture(
        "4.9 IPv4 addresses as IPv6",
        call(
            "INVITE sip:+390612345678@{proxy} SIP/2.0",
            "Via: SIP/2.0/UDP [::ffff:192.0.2.10]:19823;branch=z9hG4bKbh19",
            from_="From: <sip:+390401234567@[::ffff:192.0.2.2]>;tag={id}",
            contact='Contact: "T. desk phone" <sip:ted@[::ffff:192.0.2.2]>',
        ),
        BUSY,
        {"from_uri": "sip:+390401234567@[::ffff:192.0.2.2]"},
    ),
    Torture(
        "4.10 three colons, which a bug of the grammar in RFC 3261 allows",
        call(from_="From: <sip:+390401234567@[2001:db8:::192.0.2.1]>;tag={id}"),
        "400 Bad Request",
        {"from_uri": "sip:+390401234567@[2001:db8:::192.0.2.1]"},
    ),
    Torture(
        "4.10 a Via with three colons, answered where it came from",
        call(via="Via: SIP/2.0/UDP [2001:db8:::192.0.2.1];branch=z9hG4bK{id}"),
        BUSY,
        {"call_id": "{id}"},
    ),
]
