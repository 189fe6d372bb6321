"""Step 1: which trunk sends this call? Fails closed."""

from msgspec import Struct, structs

from pointsman.routing.call import Call, Sender
from pointsman.routing.digest_identity import DigestIdentity
from pointsman.routing.network_sources import NetworkSources, explain_loss
from pointsman.routing.outcome import Note, Reject, RejectCode, Step, Trace
from pointsman.routing.sources import Source, SourceRef, Sources, user_key
from pointsman.routing.trunk_source import TrunkSource


class Identified(Struct, frozen=True, gc=False):
    """A call whose source is known: `call` is without the tech prefix of the source. With
    `verify` the caller has yet to prove that it is that identity."""

    source: Source
    call: Call
    verify: DigestIdentity | None = None


def identify_source(call: Call, sources: Sources, trace: Trace | None) -> Identified | Reject:
    """The source: by where the call comes from, else by its digest credentials.

    Of all sources whose network holds the sender's address and that ask for nothing the call does
    not have, the one of the longest network wins, then the most specific. One that is disabled
    refuses the call; it never leaves it to a wider network.
    """
    if trace is None and sources.proxies is None:
        source = sources.find_plain(call.source_ip)
        if source is not None:
            return Identified(source, call) if source.reject is None else source.reject
    sender = _find_sender(call, sources, trace)
    if isinstance(sender, Reject):
        return sender
    return (
        _identify_by_address(call, sender, sources, trace)
        or _identify_by_digest(call, sources, trace)
        or Reject(RejectCode.UNKNOWN_SOURCE, f"no trunk has the source {sender.ip}")
    )


def _find_sender(call: Call, sources: Sources, trace: Trace | None) -> Sender | Reject:
    """Whom the call comes from: a listed proxy's word for it counts, and nobody else's."""
    proxy = None if sources.proxies is None else sources.proxies.longest(call.source_ip)
    if proxy is None:
        if call.forwarded is not None:
            _note(trace, call.source_ip, "says whom it forwards, and is no trusted proxy: ignored")
        return Sender(call.source_ip, call.source_port, call.transport)
    if call.forwarded is None:
        text = f"the trusted proxy {proxy.name} does not say whom it forwards"
        return Reject(RejectCode.UNKNOWN_SOURCE, text)
    _note(trace, proxy.name, f"trusted proxy, forwards a call of {call.forwarded.ip}")
    return call.forwarded


def _identify_by_address(
    call: Call, sender: Sender, sources: Sources, trace: Trace | None
) -> Identified | Reject | None:
    called, calling = call.request_uri.user, call.from_.uri.user
    for network in sources.by_network.holding(sender.ip):
        found = network.find(sender, called, calling)
        if trace is not None:
            _note_sources(trace, network, found, sources, (sender, called, calling))
        if found is None:
            continue
        criteria, source = found[0], sources.find(found[1])
        if source.reject is not None:
            return source.reject
        if criteria.tech_prefix:
            user = called.removeprefix(criteria.tech_prefix)
            call = structs.replace(call, request_uri=structs.replace(call.request_uri, user=user))
        return Identified(source, call)
    return None


def _identify_by_digest(
    call: Call, sources: Sources, trace: Trace | None
) -> Identified | Reject | None:
    """Whom the credentials name, which are still to be verified unless the node has done so; a
    challenge where they name nobody. What From names decides nothing but the realm to sign in to:
    an unknown user is told what a user is with a wrong password."""
    if call.username and call.realm in sources.realms:
        # By one with a line feed something else is found: see md5_user_key.
        is_user = "\n" not in call.username
        key = user_key(call.realm, call.username)
        found = sources.by_user.get(key) if is_user else None
        source = None if found is None else sources.find(found)
        if source is None or source.trunk.digest is None:
            _note(trace, call.realm, f"no trunk has the digest user {call.username!r} here")
            return _challenge(call.realm, sources)
        verify = None if call.authenticated else _by_the_realms_hash(source.trunk.digest, sources)
        _note(trace, source.trunk.name, f"signs in as {call.username} of {call.realm}")
        if source.reject is not None:
            return structs.replace(source.reject, verify=verify)
        return Identified(source, call, verify)
    for realm in (call.from_.uri.host, call.request_uri.host):
        if realm in sources.realms:
            return _challenge(realm, sources)
    return None


def _challenge(realm: str, sources: Sources) -> Reject:
    text = f"a user of {realm} has to sign in"
    is_md5 = realm in sources.md5_realms
    return Reject(RejectCode.AUTHENTICATION_REQUIRED, text, realm=realm, is_md5_realm=is_md5)


def _by_the_realms_hash(identity: DigestIdentity, sources: Sources) -> DigestIdentity:
    """Whoever is challenged by SHA-256 answers by it, also a user of whom there is MD5 alone. So
    a realm that has such a user is one of MD5 for all: of each user for itself it would tell
    which ones there are."""
    if identity.ha1_sha256 and identity.realm in sources.md5_realms:
        return structs.replace(identity, ha1_sha256="")
    return identity


def _note(trace: Trace | None, subject: str, text: str) -> None:
    if trace is not None:
        trace.append(Note(Step.SOURCE, subject, text))


def _note_sources(
    trace: Trace,
    network: NetworkSources[SourceRef],
    found: tuple[TrunkSource, SourceRef] | None,
    sources: Sources,
    of_call: tuple[Sender, str, str],
) -> None:
    """The sources that were looked at, and why each but the last lost."""
    for entry in network.entries:
        criteria, source = entry[0], sources.find(entry[1])
        if entry is found:
            _note(trace, source.trunk.name, f"sends from {of_call[0].ip}")
            return
        loss = explain_loss(criteria, *of_call)
        _note(trace, source.trunk.name, f"its source {criteria.network} {loss}")
