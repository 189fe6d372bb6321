"""RFC 4475 sections 3.2, 3.3 and 3.4: what is well formed and means nothing good. Responses have
a test of their own."""

from tests.sip.scenarios.torture.message import BUSY, NOTHING, Torture, call

_REGISTER = "REGISTER sip:{proxy} SIP/2.0"
_CSEQ = "CSeq: 1 REGISTER"

SEMANTICS = [
    Torture(
        "3.2.1 a branch of the magic cookie alone",
        call(via="Via: SIP/2.0/UDP {own};branch=z9hG4bK"),
        BUSY,
        {"call_id": "{id}"},
    ),
    Torture(
        "3.3.1 headers that must be there are not",
        call(call_id=None, from_=None, to=None),
        NOTHING,
    ),
    Torture("3.3.1 no From", call(from_=None), NOTHING),
    Torture("3.3.1 no Call-ID", call(call_id=None), NOTHING),
    Torture("3.3.1 no CSeq", call(cseq=None), NOTHING),
    Torture(
        "3.3.2 a Request-URI of an unknown scheme",
        call("INVITE nobodyKnowsThisScheme:totallyopaquecontent SIP/2.0"),
        "416 Unsupported URI Scheme",
    ),
    Torture(
        "3.3.3 a Request-URI of a known scheme that is not for calls",
        call("INVITE soap.beep://192.0.2.103:3002 SIP/2.0"),
        "416 Unsupported URI Scheme",
    ),
    Torture(
        "3.3.4 unknown schemes in headers",
        call(
            "INVITE sip:+390612345678@{proxy} SIP/2.0",
            to="To: <isbn:2983792873>",
            from_="From: <http://www.example.com>;tag={id}",
            contact="Contact: <name:John_Smith>",
        ),
        "400 Invalid From Header",
    ),
    Torture(
        "3.3.5 Proxy-Require and Require of what nobody has",
        call(
            "INVITE sip:+390612345678@{proxy} SIP/2.0",
            "Require: nothingSupportsThis, nothingSupportsThisEither",
            "Proxy-Require: noProxiesSupportThis, norDoAnyProxiesSupportThis",
        ),
        "420 Bad Proxy Require Extension",
    ),
    Torture(
        "3.3.6 a body of an unknown type",
        call(
            "INVITE sip:+390612345678@{proxy} SIP/2.0",
            "Content-Type: application/unknownformat",
            length="Content-Length: 40",
        )
        + "<audio><pcmu port='443'/></audio>       ",
        BUSY,
        {"call_id": "{id}"},
    ),
    Torture(
        "3.3.7 an unknown way to sign in",
        call(
            "INVITE sip:+390612345678@{proxy} SIP/2.0",
            "Authorization: NoOneKnowsThisScheme opaque-data=here",
            "Proxy-Authorization: NoOneKnowsThisScheme opaque-data=here",
        ),
        BUSY,
        {"call_id": "{id}"},
    ),
    Torture(
        "3.3.8 several values where there is one",
        call(
            "INVITE sip:+390612345678@{proxy} SIP/2.0",
            "CSeq: 5 OPTIONS",
            "Call-ID: another.{id}",
            "From: <sip:evil@evil.example>;tag=other",
            "To: <sip:+390699999999@acme.example>",
            "Max-Forwards: 5",
        ),
        NOTHING,
    ),
    *(
        Torture(
            f"3.3.8 a second {header.partition(':')[0]}",
            call("INVITE sip:+390612345678@{proxy} SIP/2.0", header),
            NOTHING,
        )
        for header in (
            "Call-ID: another.{id}",
            "i : another.{id}",
            "From: <sip:evil@evil.example>;tag=other",
            "f: <sip:evil@evil.example>;tag=other",
            "To: <sip:+390699999999@acme.example>",
            "CSeq: 2 INVITE",
            "Max-Forwards: 5",
        )
    ),
    Torture(
        "3.3.9 several Content-Lengths",
        call(
            "INVITE sip:+390612345678@{proxy} SIP/2.0",
            "Content-Length: 5",
            length="Content-Length: 13",
        )
        + "There's no wa",
        NOTHING,
    ),
    Torture("3.3.11 Max-Forwards is 0", call(max_forwards="Max-Forwards: 0"), "483 Too Many Hops"),
    Torture(
        "3.3.12 REGISTER with a parameter of Contact",
        call(_REGISTER, cseq=_CSEQ, contact="Contact: sip:+19725552222@{own};unknownparam"),
        "405 Method Not Allowed",
    ),
    Torture(
        "3.3.13 REGISTER with a parameter of a URI",
        call(_REGISTER, cseq=_CSEQ, contact="Contact: <sip:+19725552222@{own};unknownparam>"),
        "405 Method Not Allowed",
    ),
    Torture(
        "3.3.14 REGISTER with an escaped header",
        call(
            _REGISTER,
            cseq=_CSEQ,
            contact="Contact: <sip:user@{own}?Route=%3Csip:sip.example.com%3E>",
        ),
        "405 Method Not Allowed",
    ),
    Torture(
        "3.3.15 nothing is offered that could be accepted",
        call("INVITE sip:+390612345678@{proxy} SIP/2.0", "Accept: text/nobodyKnowsThis"),
        BUSY,
        {"call_id": "{id}"},
    ),
    Torture(
        "3.4.1 an INVITE as RFC 2543 has it",
        "INVITE sip:+390612345678@{proxy} SIP/2.0\n"
        "Via: SIP/2.0/UDP {own}\n"
        "From: <sip:+390401234567@acme.example>\n"
        "To: sip:+390612345678@acme.example\n"
        "Call-ID: inv2543.{id}\n"
        "CSeq: 56 INVITE\n\n",
        # Without a Contact there is no dialog to follow, and a call would have no end on record.
        "400 Bad Contact",
    ),
]
