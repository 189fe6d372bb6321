"""Which caller the far end of a trunk is told of: by the trunk's policy and the caller's wish.

An emergency call has the caller of its plan. Else the policy picks the number and the identity;
then privacy (RFC 3323, RFC 3325 section 7) takes both from a far end that is not trusted. With a
forced number goes no display name: that is the caller's, not the number's. A From that names
nobody stays so under every policy; the policy's number is then told in the identity headers, to
a far end that is trusted.
"""

from msgspec import Struct

from pointsman.routing.call import Call
from pointsman.routing.incoming import Incoming
from pointsman.routing.match import Match
from pointsman.routing.normalization import read_number
from pointsman.routing.normalization_profile import NumberField
from pointsman.routing.number import Number
from pointsman.routing.outcome import Reject, RejectCode
from pointsman.routing.presentation import Presentation, read_caller_id
from pointsman.routing.privacy import is_anonymous, is_out_of_reach, wants_privacy
from pointsman.routing.snapshot import Snapshot
from pointsman.routing.trunk import CallerIdPolicy


class Caller(Struct, frozen=True, gc=False):
    """A display name, a number, and the host that it is known by."""

    display: str
    number: Number
    host: str


class CallerId(Struct, frozen=True, gc=False):
    """Who is told of: `from_` in From, None for nobody; `identity` in the identity headers, None
    where none is known or may be told. `replaced` when `from_` is another than the caller.
    `private` when whoever is told has to keep it to itself; `anonymous` when From names nobody."""

    from_: Caller | None
    identity: Caller | None
    replaced: bool = False
    private: bool = False
    anonymous: bool = False


def find_caller_id(
    incoming: Incoming, match: Match, presentation: Presentation, snapshot: Snapshot
) -> CallerId | Reject:
    """Whom to tell of; a reject where the trunk can have no call of this caller."""
    call = incoming.call
    if match.emergency_plan is not None:
        caller = _at_home(read_caller_id(match.emergency_plan.calling_number), call)
        return CallerId(caller, caller, replaced=True)
    own = Caller(call.from_.display, incoming.numbers.calling, call.from_.uri.host)
    withheld = is_anonymous(call.from_)
    caller_id = CallerId(own, _find_identity(incoming, own, withheld=withheld))
    if presentation.chooses_caller:
        chosen = _choose(caller_id, incoming, match, presentation, snapshot)
        if not isinstance(chosen, CallerId):
            return chosen
        caller_id = chosen
    if not wants_privacy(call, withheld=withheld):
        if presentation.caller_id_policy is not CallerIdPolicy.ANONYMOUS:
            return caller_id
    elif not presentation.trusted and is_out_of_reach(call.privacy):
        text = "is not trusted, and the privacy that is critical to the caller is out of reach"
        return Reject(RejectCode.PRIVACY_UNAVAILABLE, text)
    return _hide(caller_id, own, call, presentation)


def _hide(caller_id: CallerId, own: Caller, call: Call, presentation: Presentation) -> CallerId:
    """The same for a caller who is not to be known: a far end that is not trusted hears nothing,
    one that is hears the identity, and is asked to keep it to itself."""
    if not presentation.trusted:
        return CallerId(None, None, private=True, anonymous=True)
    identity = caller_id.identity
    if presentation.caller_id_policy is CallerIdPolicy.ANONYMOUS:
        return CallerId(None, identity, private=True, anonymous=True)
    if is_anonymous(call.from_):
        return CallerId(own, identity, private=True, anonymous=True)
    return CallerId(caller_id.from_, identity, caller_id.replaced, private=True)


def _choose(
    given: CallerId,
    incoming: Incoming,
    match: Match,
    presentation: Presentation,
    snapshot: Snapshot,
) -> CallerId | Reject:
    """The same by a policy that does not leave it to the caller."""
    number = presentation.caller_id
    forced = _at_home(number, incoming.call) if number is not None else None
    if presentation.caller_id_policy is CallerIdPolicy.FORCE:
        if forced is None:
            return Reject(RejectCode.NO_CANDIDATE, "has no caller ID to force")
        return CallerId(forced, forced, replaced=True)
    own, identity = given.from_, given.identity
    has_own_identity = identity is not None and _is_did_of(match, identity.number, snapshot)
    if _is_did_of(match, incoming.numbers.calling, snapshot):
        # An identity that the peer withholds, or that cannot be read, is replaced by no other.
        return given if has_own_identity or identity is None else CallerId(own, own)
    if forced is not None:
        return CallerId(forced, identity if has_own_identity else forced, replaced=True)
    if has_own_identity:
        return CallerId(identity, identity, replaced=True)
    text = "takes callers with a DID of the tenant only, and has no caller ID for others"
    return Reject(RejectCode.NO_CANDIDATE, text)


def _find_identity(incoming: Incoming, own: Caller, *, withheld: bool) -> Caller | None:
    """The identity that the peer asserts (RFC 3325), else the caller's own where that is a
    number. Nobody anonymous is asserted."""
    call, source = incoming.call, incoming.source
    if call.asserted is None:
        if withheld or call.has_unreadable_identity or not own.number.e164:
            return None
        return own
    uri = call.asserted.uri
    form = source.trunk.number_format
    number = read_number(uri, NumberField.CALLING, form, source.profile)
    if not number.text or is_anonymous(call.asserted):
        return None
    return Caller(call.asserted.display, number, uri.host)


def _at_home(number: Number, call: Call) -> Caller:
    """A number that is not the caller's, at the caller's host if that is known."""
    return Caller("", number, "" if is_anonymous(call.from_) else call.from_.uri.host)


def _is_did_of(match: Match, number: Number, snapshot: Snapshot) -> bool:
    did = snapshot.dids.longest(number.text) if number.e164 else None
    return did is not None and did.tenant_id == match.tenant_id
