"""RFC 4475 section 3.1.1: messages that look wrong and are not. Responses have a test of their
own."""

from tests.sip.scenarios.torture.message import BUSY, NOTHING, Torture, call

_LONG = "long-value-" * 40
_SDP = (
    "v=0\no=mhandley 29739 7272939 IN IP4 192.0.2.3\ns=-\nc=IN IP4 192.0.2.4\nt=0 0\n"
    "m=audio 49217 RTP/AVP 0 12\n"
)
_SDP_LENGTH = len(_SDP.replace("\n", "\r\n"))
_PARTS = (
    "--7a9cbec02ceef655\nContent-Type: text/plain\nContent-Transfer-Encoding: binary\n\n"
    "Let's talk.\n--7a9cbec02ceef655\nContent-Type: application/octet-stream\n\n"
    "\x00\x01\x80\xff\x00\n--7a9cbec02ceef655--\n"
)

VALID = [
    Torture(
        "3.1.1.1 a short tortuous INVITE, all but its CSeq",
        "INVITE sip:+390612345678@{proxy};unknownparam SIP/2.0\n"
        "TO :\n sip:+390612345678@acme.example ;   x    = 1918181833n\n"
        'from   : "J Rosenberg \\\\\\""       <sip:+390401234567@acme.example>\n  ;\n'
        "  tag = 98asjd8\n"
        "MaX-fOrWaRdS: 0068\n"
        "Call-ID: wsinv.{id}\n"
        f"Content-Length   : {_SDP_LENGTH}\n"
        "cseq: 0009   INVITE\n"
        "Via  : SIP  /   2.0\n /UDP\n    {own};branch=390skdjuw{id}\n"
        "s :\n"
        "NewFangledHeader:   newfangled value\n continued newfangled value\n"
        "UnknownHeaderWithUnusualValue: ;;,,;;,;\n"
        "Content-Type: application/sdp\n"
        "Route:\n <sip:services.example.com;lr;unknownwith=value;unknown-no-value>\n"
        "v:  SIP  / 2.0  / TCP     spindle.example.com   ;\n  branch  =   z9hG4bK9ikj8  ,\n"
        " SIP  /    2.0   / UDP  192.168.255.111   ; branch=\n z9hG4bK30239\n"
        'm:"Quoted string \\"\\"" <sip:jdrosen@{own}> ; newparam =\n      newvalue ;\n'
        "  secondparam ; q = 0.33\n\n" + _SDP,
        BUSY,
        {
            "request_uri": "sip:+390612345678@{proxy};unknownparam",
            "from_uri": "sip:+390401234567@acme.example",
            "from_tag": "98asjd8",
            "from_name": '"J Rosenberg \\\\\\""',
            "to_uri": "sip:+390612345678@acme.example",
            "call_id": "wsinv.{id}",
        },
        {"from   ": '"J Rosenberg \\\\\\""       <sip:+390401234567@sip.acme.example>'},
    ),
    # It is valid, and Kamailio's parser cannot read it: nobody is known to write a CSeq so.
    Torture(
        "3.1.1.1 a CSeq over several lines",
        call(cseq="cseq: 0009\n  INVITE"),
        NOTHING,
    ),
    Torture(
        "3.1.1.2 a wide range of valid characters, in a method",
        call(
            "!interesting-Method0123456789_*+`.%indeed'~ sip:1_unusual.URI~(to-be!sure)&isn't+it$"
            "/crazy?,/;;*:&it+has=1,weird!*pas$wd_too.(doesn't-it)@{proxy} SIP/2.0",
            cseq="CSeq: 139122385 !interesting-Method0123456789_*+`.%indeed'~",
            call_id="Call-ID: intmeth.word%ZK-!.*_+'@word`~)(><:\\/\"][?{id}",
        ),
        "405 Method Not Allowed",
    ),
    Torture(
        "3.1.1.2 a wide range of valid characters, in an INVITE",
        call(
            call_id="Call-ID: intmeth.word%ZK-!.*_+'@word`~)(><:\\/\"][?{id}",
            from_='From: "BEL:\x07 NUL:\x01 DEL:\x7f" <sip:+390401234567@acme.example>'
            ";tag=_token~1'+`*%!-.{id};fromParam''~+*_!.-%=\"\xe7\xe8\"",
            to='To: "\\x\\"" <sip:1_unusual.URI~(to-be!sure)&isn\'t+it$/crazy?,/;;*@acme.example>',
        ),
        "400 Bad Request",
        {
            "call_id": "intmeth.word%ZK-!.*_+'@word`~)(><:\\/\"][?{id}",
            "from_tag": "_token~1'+`*%!-.{id}",
            "to_uri": "sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*@acme.example",
        },
    ),
    Torture(
        "3.1.1.3 % as an escape",
        call(
            from_="From: <sip:I%20have%20spaces@acme.example>;tag={id}",
            to="To: <sip:%75se%72@acme.example>",
        ),
        BUSY,
        {
            "from_uri": "sip:I%20have%20spaces@acme.example",
            "to_uri": "sip:%75se%72@acme.example",
        },
    ),
    Torture(
        "3.1.1.3 % as an escape, in the Request-URI",
        call("INVITE sip:sips%3Auser%40example.com@{proxy} SIP/2.0"),
        "404 Not Found",
        {"request_uri": "sip:sips%3Auser%40example.com@{proxy}"},
    ),
    Torture(
        "3.1.1.4 escaped nulls in URIs",
        call(
            "INVITE sip:null-%00-null@{proxy} SIP/2.0",
            from_="From: sip:null-%00-null@acme.example;tag={id}",
            to="To: sip:null-%00-null@acme.example",
            contact="Contact: <sip:%00@{own}>",
        ),
        "400 Bad Request",
        {"request_uri": "sip:null-%00-null@{proxy}", "from_uri": "sip:null-%00-null@acme.example"},
    ),
    Torture(
        "3.1.1.5 % where it is no escape, in a method",
        call("RE%47IST%45R sip:{proxy} SIP/2.0", cseq="CSeq: 29344 RE%47IST%45R"),
        "405 Method Not Allowed",
    ),
    Torture(
        "3.1.1.5 % where it is no escape, in a name",
        call(from_='From: "%Z%45" <sip:+390401234567@acme.example>;tag={id}'),
        BUSY,
        {"from_name": '"%Z%45"'},
        {"From": '"%Z%45" <sip:+390401234567@sip.acme.example>;tag={id}'},
    ),
    Torture(
        "3.1.1.6 no space between a name and <",
        call(from_="From: caller<sip:+390401234567@acme.example>;tag={id}"),
        BUSY,
        {"from_name": "caller", "from_uri": "sip:+390401234567@acme.example"},
        {"From": '"caller"<sip:+390401234567@sip.acme.example>;tag={id}'},
    ),
    Torture(
        "3.1.1.7 long values",
        call(
            "INVITE sip:+390612345678@{proxy} SIP/2.0",
            f"Unknown-{_LONG}: {_LONG}",
            f"Via: SIP/2.0/TCP sip33.example.com;branch=z9hG4bK{_LONG}",
            f"Via: SIP/2.0/TCP sip32.example.com;{_LONG}",
            call_id=f"Call-ID: {_LONG}{{id}}",
            contact=f"Contact: <sip:amazinglylongcallername{_LONG}@{{own}}>",
        ),
        BUSY,
        {"call_id": f"{_LONG}{{id}}"},
    ),
    Torture(
        "3.1.1.7 a long name and number",
        call(from_=f'From: "{_LONG}" <sip:{_LONG}@acme.example;unknownparam={_LONG}>;tag={{id}}'),
        BUSY,
        {"from_uri": f"sip:{_LONG}@acme.example;unknownparam={_LONG}"},
    ),
    # They are to be left out, and would go on to the far end, which over TCP takes them for another
    # request: refused.
    Torture(
        "3.1.1.8 more octets than Content-Length says",
        call() + call("INVITE sip:+390699999999@{proxy} SIP/2.0", call_id="Call-ID: second.{id}"),
        "400 Content-Length mis-match",
    ),
    Torture(
        "3.1.1.9 parameters in the user part",
        call("INVITE sip:+390612345678;par=u%40example.net@{proxy} SIP/2.0"),
        BUSY,
        {"request_uri": "sip:+390612345678;par=u%40example.net@{proxy}"},
    ),
    Torture(
        "3.1.1.10 transports of every kind",
        call(
            "INVITE sip:+390612345678@{proxy} SIP/2.0",
            "Via: SIP/2.0/SCTP t2.example.com;branch=z9hG4bKklasjdhf",
            "Via: SIP/2.0/TLS t3.example.com;branch=z9hG4bK2980unddj",
            "Via: SIP/2.0/UNKNOWN t4.example.com;branch=z9hG4bKasd0f3en",
            "Via: SIP/2.0/TCP t5.example.com;branch=z9hG4bK0a9idfnee",
            to="To: <sip:+390612345678@acme.example>",
        ),
        BUSY,
        {"to_uri": "sip:+390612345678@acme.example"},
    ),
    Torture(
        "3.1.1.11 a body of several parts with octets of any kind",
        call(
            "INVITE sip:+390612345678@{proxy} SIP/2.0",
            "Content-Type: multipart/mixed;boundary=7a9cbec02ceef655",
            "MIME-Version: 1.0",
            length=f"Content-Length: {len(_PARTS.replace(chr(10), chr(13) + chr(10)))}",
        )
        + _PARTS,
        BUSY,
        {"from_uri": "sip:+390401234567@acme.example"},
    ),
]
