"""What Kamailio sends: read strictly, once, into a Call.

The body is the seed's, with our additions. A body that is not what it should be is refused
with BadRequest (HTTP 400): it is a fault of the configuration that sent it, or an attack on
it, and never a call to guess at. A call whose URIs cannot be read gets a Reject (HTTP 200).
"""

import json
import re
from collections.abc import Iterator
from typing import Annotated, Any, Literal, NoReturn

import msgspec
from msgspec import Meta, Struct

from pointsman.routing.call import Call, Diversion, Sender
from pointsman.routing.diversion import MAX_DIVERSIONS, read_diversion
from pointsman.routing.outcome import Reject, RejectCode
from pointsman.routing.privacy import read_privacy
from pointsman.routing.source_table import parse_ip
from pointsman.routing.trunk import Transport
from pointsman.routing.uri import (
    BadUri,
    NameAddr,
    parse_display,
    parse_name_addr,
    parse_uri,
    split_values,
)

EVENT = "sip-routing"
# What Kamailio writes for a pseudo-variable that is null.
_NULL = "<null>"
_NULL_TEXT = _NULL.encode()
_decode_quickly = msgspec.json.Decoder(dict[str, Any]).decode
# A longer name is cut: it decides nothing, and each leg has it twice.
_MAX_DISPLAY = 128
_MAX_IDENTITY = 1_024
_MAX_DIVERSION = 4_096
_SENDER = re.compile(
    r"(udp|tcp|tls):(?:\[([0-9a-f]*:[0-9a-f:.]+)\]|([0-9.]+)):([0-9]{1,5})",
    re.ASCII | re.IGNORECASE,
)
_encode_quickly = msgspec.json.Encoder().encode

UriText = Annotated[str, Meta(max_length=1024)]
GivenUriText = Annotated[
    str, Meta(min_length=1, max_length=1024, examples=["sip:+390401234567@192.0.2.1"])
]
PortNumber = Annotated[int, Meta(ge=0, le=65535)]


class RtjsonRequest(Struct, kw_only=True, gc=False):
    """One initial INVITE that asks for its routes. Keys that are not listed are ignored."""

    source_ip: Annotated[str, Meta(min_length=1, max_length=45, description="$si, of the socket")]
    source_port: Annotated[PortNumber, Meta(description="$sp")]
    call_id: Annotated[str, Meta(min_length=1, description="$ci")]
    from_uri: Annotated[GivenUriText, Meta(description="$fu")]
    to_uri: Annotated[GivenUriText, Meta(description="$tu")]
    event: Annotated[str, Meta(pattern=f"^{EVENT}$")] = EVENT
    auth: Annotated[int, Meta(ge=0, le=1, description="1: the caller passed digest")] = 0
    from_name: Annotated[str, Meta(description="$fn")] = ""
    from_tag: Annotated[str, Meta(description="$ft")] = ""
    to_name: Annotated[str, Meta(description="$tn")] = ""
    to_tag: Annotated[str, Meta(description="$tt")] = ""
    domain: Annotated[str, Meta(description="$fd")] = ""
    username: Annotated[str, Meta(description="the digest user")] = ""
    realm: Annotated[str, Meta(description="the digest realm")] = ""
    forwarded_source: Annotated[
        str, Meta(description="of a proxy, whom it forwards: udp:192.0.2.1:5060")
    ] = ""
    request_uri: Annotated[UriText, Meta(description="$ru: the called number; to_uri without")] = ""
    transport: Literal["udp", "tcp", "tls", "UDP", "TCP", "TLS"] = "udp"
    received_ip: Annotated[str, Meta(max_length=45, description="$Ri")] = ""
    received_port: Annotated[PortNumber, Meta(description="$Rp")] = 0
    p_asserted_identity: Annotated[str, Meta(description="$hdr(P-Asserted-Identity)")] = ""
    privacy: Annotated[str, Meta(description="$hdr(Privacy)")] = ""
    diversion: Annotated[str, Meta(description="$hdr(Diversion)")] = ""
    node: Annotated[str, Meta(description="the node's name; the token tells who asks")] = ""


_TRANSPORTS = {name: Transport(name.upper()) for name in ("udp", "tcp", "tls", "UDP", "TCP", "TLS")}
_FIELDS = msgspec.structs.fields(RtjsonRequest)


class BadRequest(ValueError):
    """A body that is refused; `field` is "" for the body as a whole."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        super().__init__(message)


def read_request(body: bytes) -> RtjsonRequest:
    """The request in a JSON body; raises BadRequest.

    A key given twice is refused (a second source_ip is how glued JSON is attacked). A null
    pseudo-variable is an empty value where a value may be missing, and refused where not.
    """
    try:
        request = msgspec.convert(_read_object(body), RtjsonRequest)
    except BadRequest:
        raise
    except msgspec.ValidationError as error:
        message, _, path = str(error).partition(" - at `$.")
        raise BadRequest(path.rstrip("`"), message) from None
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise BadRequest("", f"the body is no JSON: {error}") from None
    if b"\\u" in body:
        _refuse_surrogates(request)
    return request


def _read_object(body: bytes) -> dict[str, Any]:
    """The JSON object in a body, no key twice, nulls of Kamailio as empty values.

    What jansson writes is, byte for byte, what msgspec writes, and what others write but for
    spaces behind commas and colons: a body that is the encoding of what it decodes to has each of
    its keys once. Any other body is read the slower way.
    """
    try:
        plain = _decode_quickly(body)
        if _NULL_TEXT not in body:
            written = _encode_quickly(plain)
            if written == body or written == _without_spaces(body):
                return plain
    except msgspec.DecodeError:
        pass
    plain = _JSON.decode(body.decode())
    if not isinstance(plain, dict):
        raise BadRequest("", "the body is no JSON object")
    return {key: "" if value == _NULL else value for key, value in plain.items()}


def _without_spaces(body: bytes) -> bytes:
    """A body without spaces before keys and values; those within a text that look alike are gone
    too, so that it is equal to nothing any more."""
    return body.replace(b'": ', b'":').replace(b', "', b',"')


def to_call(request: RtjsonRequest) -> Call | Reject:
    """The call, parsed; a Reject when a URI of it cannot be read."""
    try:
        request_uri = parse_uri(request.request_uri or request.to_uri)
        from_uri = parse_uri(request.from_uri)
    except BadUri as error:
        return Reject(RejectCode.BAD_URI, str(error))
    asserted = _read_asserted(request.p_asserted_identity)
    call = Call(
        request.call_id,
        request.source_ip,
        request.source_port,
        _TRANSPORTS[request.transport],
        request_uri,
        NameAddr(_display(request.from_name), from_uri),
        _display(request.to_name),
        asserted,
        asserted is None and request.p_asserted_identity != "",
        request.received_ip,
        request.received_port,
        to_uri=request.to_uri,
    )
    if request.username or request.forwarded_source or request.privacy or request.diversion:
        return _add_rest(call, request)
    return call


def _add_rest(call: Call, request: RtjsonRequest) -> Call:
    """The same with what few calls have."""
    return msgspec.structs.replace(
        call,
        forwarded=_read_sender(request.forwarded_source) if request.forwarded_source else None,
        username=request.username,
        realm=request.realm,
        authenticated=request.auth == 1,
        privacy=read_privacy(request.privacy),
        diversions=tuple(_read_diversions(request.diversion)),
    )


def _read_sender(text: str) -> Sender | None:
    """Whom a proxy says that it forwards, as udp:192.0.2.1:5060 or tls:[2001:db8::1]:5061; None
    for anything else, which leaves a trusted proxy's call without a source."""
    found = _SENDER.fullmatch(text)
    address = None if found is None else parse_ip(found[2] or found[3])
    if found is None or address is None or not 1 <= int(found[4]) <= 65_535:
        return None
    return Sender(str(address), int(found[4]), Transport(found[1].upper()))


def _read_diversions(header: str) -> Iterator[Diversion]:
    """The first diversions of Diversion headers that can be read, which are the last ones made."""
    if len(header) > _MAX_DIVERSION:
        return
    values = split_values(header)[:MAX_DIVERSIONS]
    for value in values:
        try:
            diversion = read_diversion(value)
        except BadUri:
            continue
        party = diversion.party
        party = NameAddr(party.display[:_MAX_DISPLAY], party.uri)
        yield msgspec.structs.replace(diversion, party=party)


def _read_asserted(header: str) -> NameAddr | None:
    """The first identity of a P-Asserted-Identity header that can be read, if any."""
    if not 1 <= len(header) <= _MAX_IDENTITY:
        return None
    for value in split_values(header):
        try:
            identity = parse_name_addr(value)
        except BadUri:
            continue
        return NameAddr(identity.display[:_MAX_DISPLAY], identity.uri)
    return None


def _display(text: str) -> str:
    return parse_display(text)[:_MAX_DISPLAY]


def _refuse_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    plain = dict(pairs)
    if len(plain) != len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise BadRequest(twice.encode(errors="backslashreplace").decode(), "is given twice")
    return plain


def _refuse_constant(name: str) -> NoReturn:
    raise BadRequest("", f"the body is no JSON: {name}")


def _refuse_surrogates(request: RtjsonRequest) -> None:
    for field in _FIELDS:
        value = getattr(request, field.name)
        if isinstance(value, str):
            try:
                value.encode()
            except UnicodeEncodeError:
                raise BadRequest(field.name, "is no Unicode text") from None


_JSON = json.JSONDecoder(
    object_pairs_hook=_refuse_duplicates, parse_constant=_refuse_constant, strict=True
)
