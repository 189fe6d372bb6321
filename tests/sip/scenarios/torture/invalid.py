"""RFC 4475 section 3.1.2: messages that are wrong. Responses have a test
of their own."""

from tests.sip.scenarios.torture.message import BUSY, NOTHING, Torture, call

INVALID = [
    Torture(
        "3.1.2.1 separators without anything between them",
        call(
            via="Via: SIP/2.0/UDP {own};;branch=z9hG4bK{id};,;,,",
            contact='Contact: "Joe" <sip:pbx@{own}>;;;;',
        ),
        NOTHING,
    ),
    Torture(
        "3.1.2.2 Content-Length is larger than the message",
        call(length="Content-Length: 9999"),
        "400 Content-Length mis-match",
    ),
    Torture("3.1.2.3 a negative Content-Length", call(length="Content-Length: -999"), NOTHING),
    Torture(
        "3.1.2.4 numbers that are too large",
        call(
            "INVITE sip:+390612345678@{proxy} SIP/2.0",
            "Expires: 1" + "0" * 100,
            cseq="CSeq: 36893488147419103232 INVITE",
            max_forwards="Max-Forwards: 300",
        ),
        "400 CSeq number is illegal",
    ),
    Torture(
        "3.1.2.6 a quoted string without its end",
        call(to='To: "Mr. J. User <sip:+390612345678@acme.example>'),
        NOTHING,
    ),
    Torture(
        "3.1.2.7 the Request-URI in <>",
        call("INVITE <sip:+390612345678@{proxy}> SIP/2.0"),
        "416 Unsupported URI Scheme",
    ),
    Torture(
        "3.1.2.8 white space in the Request-URI",
        call("INVITE sip:+390612345678@{proxy}; lr SIP/2.0"),
        NOTHING,
    ),
    Torture(
        "3.1.2.9 several spaces in the request line",
        call("INVITE  sip:+390612345678@{proxy}  SIP/2.0"),
        NOTHING,
    ),
    Torture(
        "3.1.2.10 spaces at the end of the request line",
        call("INVITE sip:+390612345678@{proxy} SIP/2.0  "),
        BUSY,
        {"request_uri": "sip:+390612345678@{proxy}"},
    ),
    Torture(
        "3.1.2.11 headers in the Request-URI",
        call("INVITE sip:+390612345678@{proxy}?Route=%3Csip:127.0.0.99%3E SIP/2.0"),
        BUSY,
        {"request_uri": "sip:+390612345678@{proxy}?Route=%3Csip:127.0.0.99%3E"},
    ),
    Torture(
        "3.1.2.12 a time zone that is none",
        call("INVITE sip:+390612345678@{proxy} SIP/2.0", "Date: Fri, 01 Jan 2010 16:00:00 EST"),
        BUSY,
        {"request_uri": "sip:+390612345678@{proxy}"},
    ),
    Torture(
        "3.1.2.13 a URI with a header that stands in no <>",
        call(contact="Contact: sip:user@{own}?Route=%3Csip:sip.example.com%3E"),
        BUSY,
        {"from_uri": "sip:+390401234567@acme.example"},
    ),
    Torture(
        "3.1.2.14 spaces within a URI",
        call(to='To: "Watson, Thomas" < sip:t.watson@acme.example >'),
        BUSY,
        {"to_uri": "sip:t.watson@acme.example"},
    ),
    Torture(
        "3.1.2.15 a name that is no token and in no quotes",
        call(from_="From: Bell, Alexander <sip:+390401234567@acme.example>;tag={id}"),
        BUSY,
        {"from_name": "Bell, Alexander", "from_uri": "sip:+390401234567@acme.example"},
        {"From": '"Bell, Alexander" <sip:+390401234567@sip.acme.example>;tag={id}'},
    ),
    Torture(
        "3.1.2.16 an unknown version of the protocol",
        call("INVITE sip:+390612345678@{proxy} SIP/7.0", via="Via: SIP/7.0/UDP {own}"),
        NOTHING,
    ),
    Torture(
        "3.1.2.16 an unknown version, and a Via that can be read",
        call("INVITE sip:+390612345678@{proxy} SIP/7.0"),
        NOTHING,
    ),
    Torture(
        "3.1.2.17 another method in CSeq",
        call("OPTIONS sip:+390612345678@{proxy} SIP/2.0"),
        "400 CSeq method does not match request method",
    ),
    Torture(
        "3.1.2.18 an unknown method, another one in CSeq",
        call("NEWMETHOD sip:+390612345678@{proxy} SIP/2.0"),
        "400 CSeq method does not match request method",
    ),
]
