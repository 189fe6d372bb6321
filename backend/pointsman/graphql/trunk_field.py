"""The fields of a trunk in words, for its type and for its inputs, and their enums."""

import strawberry

from pointsman.routing.number import NumberFormat
from pointsman.routing.trunk import CallerIdPolicy, DiversionPolicy, TrunkKind
from pointsman.services.trunk_fields import MAX_EXTRA_HEADERS

strawberry.enum(
    TrunkKind,
    description="Who is at the far end: CARRIER, whose calls cost money, or a tenant's PBX.",
)
strawberry.enum(
    NumberFormat,
    description="How the far end writes E.164 numbers, in both directions: PLUS_E164 is "
    "+390401234567, E164 is 390401234567, INTERNATIONAL_00 is 00390401234567, LOCAL is as it is "
    "dialled in the country of the trunk's normalization profile. A number with a plus is "
    "understood in each; what is no E.164 number (an extension, *72, john.doe) passes as it is.",
)
strawberry.enum(
    CallerIdPolicy,
    description="Which caller the far end is told of. PASS: the caller's own number. FORCE: "
    "callerIdNumber. DID_OWNED: the caller's own if it is a DID of the tenant, else "
    "callerIdNumber, without which the trunk gets no such call. ANONYMOUS: nobody (RFC 3323).",
)
strawberry.enum(
    DiversionPolicy,
    description="How the far end is told that a call was forwarded: not at all, by Diversion "
    "(RFC 5806), by History-Info (RFC 7044), or by both.",
)

NAME = "Unique among its owner's trunks, 1 to 100 characters."
ENABLED = "A disabled trunk gets no calls, and calls from it are refused."
DRAINING = "A draining trunk gets no new calls, and may still send."
PROBING = (
    "Whether Kamailio nodes ask its endpoints by OPTIONS whether they are there; calls skip an "
    "endpoint that is not. Switch it off where the far end leaves OPTIONS unanswered."
)
NUMBER_FORMAT = "How the far end writes numbers; LOCAL needs a normalization profile."
NORMALIZATION_PROFILE = (
    "How numbers are dialled there: a profile of the platform or of the trunk's own tenant."
)
TECH_PREFIX = (
    "Goes before each called number that is sent there. Digits, * and #, 16 at most; empty for "
    "none. (What the trunk's own calls start with is techPrefix of its sources.)"
)
FROM_HOST = "Host of From and of the identity headers sent there; empty keeps the caller's."
CALLER_ID_POLICY = "Which caller the far end is told of; FORCE needs callerIdNumber."
CALLER_ID_NUMBER = "The number to tell, in E.164 such as +390401234567; empty for none."
SEND_ASSERTED_IDENTITY = "Whether P-Asserted-Identity is sent (RFC 3325)."
SEND_PREFERRED_IDENTITY = "Whether P-Preferred-Identity is sent (RFC 3325)."
SEND_REMOTE_PARTY_ID = "Whether Remote-Party-ID is sent, for far ends that know nothing newer."
TRUSTED = (
    "Whether it is within the trust domain of RFC 3325, and told who calls even when the caller "
    "wants privacy. Unless said otherwise a carrier is, a PBX is not."
)
DIVERSION_POLICY = "How the far end is told that a call was forwarded."
EXTRA_HEADERS = f"Headers that are added to each call sent there, {MAX_EXTRA_HEADERS} at most."
SOCKET = (
    "The socket of Kamailio to send from, such as udp:192.0.2.1:5060 or tls:[2001:db8::1]:5061: "
    "one of a Kamailio node of the platform. Empty for Kamailio's choice."
)
FR_TIMER_MS = "How long to wait for any reply, 100 to 32000 milliseconds."
FR_INV_TIMER_MS = "How long to wait for a final reply, 1000 to 180000 milliseconds."
REROUTE_POLICY = (
    "What happens when a call to it fails: a policy of the platform or of the trunk's own tenant. "
    "Without one the carrier's applies, else the tenant's."
)
OUTBOUND_USERNAME = (
    "The user that answers the far end's challenge, 128 characters at most; empty for none, which "
    "takes its password and realm away too."
)
OUTBOUND_REALM = (
    "The only realm whose challenge is answered, 128 characters at most; empty: any. With it "
    "Kamailio gets hashes of the password, without it the password itself."
)
OUTBOUND_CREDENTIAL = (
    "The user's password, 1 to 128 characters. Kept encrypted and never shown; leave it out to "
    "keep the one that is there."
)
HAS_OUTBOUND_CREDENTIAL = "Whether there is a password; it is never shown."
DIGEST_USERNAME = (
    "The user by whom the trunk's own calls are told where their address does not tell them "
    "(RFC 7616), 128 characters at most and without a colon; empty for none, which takes its "
    "password and realm away too. One trunk of the platform has it in a realm."
)
DIGEST_REALM = (
    "The domain or address that the user signs in to: callers are challenged in it whose From or "
    "Request-URI names it."
)
DIGEST_CREDENTIAL = (
    "The user's password, 1 to 128 characters. Only its hashes with user and realm (MD5 and "
    "SHA-256) are kept, encrypted and never shown: give it again with another digestUsername or "
    "digestRealm. Of one that was set before SHA-256 was kept there is MD5, and nobody in its "
    "realm signs in by SHA-256."
)
HAS_DIGEST_CREDENTIAL = "Whether there is a password; it is never shown."
