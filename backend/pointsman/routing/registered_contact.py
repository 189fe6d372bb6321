"""Calls to a contact that is registered with a trunk's far end.

A registrar sends a call to the contact (RFC 3261 section 16.6, step 1), so that many a carrier's
Request-URI has the user of the contact instead of the number that was called. That is in To then,
which nobody on the way rewrites.
"""

from msgspec import structs

from pointsman.routing.call import Call
from pointsman.routing.node_registration import Contacts
from pointsman.routing.outcome import Note, Step, Trace
from pointsman.routing.trunk import Trunk
from pointsman.routing.uri import BadUri, Uri, parse_uri


def find_called(call: Call, trunk: Trunk, contacts: Contacts, trace: Trace | None) -> Call:
    """The call to the number in To, when its Request-URI has the contact of a registration with
    the far end of the trunk that sends it; else as it is."""
    registered = contacts.get(call.request_uri.user)
    if registered is None:
        return call
    is_same_carrier = trunk.carrier_id != "" and trunk.carrier_id == registered.carrier_id
    if not is_same_carrier and trunk.id != registered.trunk_id:
        return call
    try:
        to = parse_uri(call.to_uri)
    except BadUri:
        return call
    if not to.user:
        return call
    if trace is not None:
        contact = registered.contact_user
        text = f"the Request-URI is the registered contact {contact}: To has the called number"
        trace.append(Note(Step.NUMBERS, to.user, text))
    own = call.request_uri
    called = Uri(to.scheme, to.user, own.host, own.port, to.params)
    return structs.replace(call, request_uri=called)
