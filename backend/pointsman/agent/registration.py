"""What Kamailio has of the registrations that the platform wants: what to do about it, and how each
of them stands. No I/O.

Kamailio's module uac keeps them in memory, each by the user of its contact. Two of its fields mean
nothing to it and are ours: `l_username` is the trunk's id, `l_domain` tells apart what was added
from what is wanted now.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence

import msgspec
from msgspec import Struct

from pointsman.kamailio.listed_registration import ListedRegistration
from pointsman.routing.registration import RegistrationStatus

# uac_reg.h: switched off by hand, asked and not answered yet, registered, seen by its timer.
_DISABLED, _ONGOING, _ONLINE, _SEEN = 1, 2, 4, 16
_NONE = "."
NO_TLS_CONTACT = (
    "this node has no contact for calls by TLS: define REGISTRATION_CONTACT_TLS in "
    "kamailio-local.cfg, or let the trunk have a socket of TLS"
)


class Record(Struct, frozen=True):
    """A registration in Kamailio's memory, as uac.reg_dump tells it. With `expires` 0 it is being
    taken back at the registrar, or has been."""

    l_uuid: str
    l_username: str
    l_domain: str
    r_username: str
    r_domain: str
    auth_proxy: str
    contact_addr: str
    expires: int
    flags: int
    diff_expires: int

    @property
    def is_ongoing(self) -> bool:
        """Whether an answer is waited for."""
        return bool(self.flags & _ONGOING)

    @property
    def is_online(self) -> bool:
        """Whether the registrar has it."""
        return bool(self.flags & _ONLINE)

    @property
    def binding(self) -> tuple[str, ...]:
        """What the registrar knows it by."""
        return self.l_uuid, self.contact_addr, self.r_username, self.r_domain, self.auth_proxy


class Contacts(Struct, frozen=True):
    """Where this node is reached, as host:port: by UDP and TCP, and by TLS, "" for nowhere. `own`
    are the addresses that it listens on, IPv6 in brackets."""

    plain: str
    tls: str = ""
    own: frozenset[str] = frozenset()


class Wanted(Struct, frozen=True):
    """A registration that the platform wants, with this node's contact, "" where it has none."""

    listed: ListedRegistration
    contact_addr: str

    @property
    def mark(self) -> str:
        """Another one whenever anything of it is."""
        text = msgspec.json.encode((self.listed, self.contact_addr))
        return hashlib.blake2b(text, digest_size=16).hexdigest()

    @property
    def binding(self) -> tuple[str, ...]:
        """As Record.binding."""
        listed = self.listed
        return (
            listed.contact_user,
            self.contact_addr,
            listed.username,
            listed.domain,
            listed.registrar,
        )

    @property
    def arguments(self) -> tuple[str | int, ...]:
        """Those of uac.reg_add, in its order."""
        listed = self.listed
        return (
            listed.contact_user,
            listed.id,
            self.mark,
            listed.username,
            listed.domain,
            listed.realm,
            listed.auth_username,
            listed.auth_password or _NONE,
            listed.auth_ha1 or _NONE,
            listed.registrar,
            listed.expires_s,
            0,
            0,
            listed.socket,
            self.contact_addr,
        )


class Known(Struct, frozen=True):
    """How a registration stands, and since when (Unix time); `mark` is that of what stands so. The
    other fields are those of services.registration_states.ReportedRegistration."""

    mark: str
    state: RegistrationStatus
    since: float
    expires_at: float = 0.0
    last_error: str = ""


class Step(Struct, frozen=True):
    """A method of Kamailio's JSON-RPC, with its arguments, of which some are secret."""

    method: str
    arguments: tuple[str | int, ...]
    contact_user: str

    def __repr__(self) -> str:
        return f"Step({self.method!r}, {self.contact_user!r})"


def want(listed: ListedRegistration, contacts: Contacts) -> Wanted:
    """What is listed, to be reached by the transport of the registrar (RFC 3261 section 19.1.5:
    without one it is UDP)."""
    contact = _contact(listed, contacts)
    if contact and listed.transport != "udp":
        contact += f";transport={listed.transport}"
    return Wanted(listed, contact)


def _contact(listed: ListedRegistration, contacts: Contacts) -> str:
    """The trunk's socket, which is the one that its far end knows. But where the node is told to
    name an address that is none of its own it is behind a NAT, and so are its sockets."""
    given = contacts.tls if listed.transport == "tls" else contacts.plain
    transport, _, socket = listed.socket.partition(":")
    known = given or contacts.plain
    if transport == listed.transport and known.rpartition(":")[0] in contacts.own:
        return socket
    return given


def plan(wanted: Mapping[str, Wanted], records: Sequence[Record]) -> Iterator[Step]:
    """What to do now so that Kamailio has what is wanted, by the users of contacts. What has to
    wait for a registrar's answer is planned when it is asked again later. What has no contact is
    not registered."""
    wanted = {user: each for user, each in wanted.items() if each.contact_addr}
    there = set()
    for record in records:
        each = wanted.get(record.l_uuid)
        is_same = each is not None and record.l_domain == each.mark and record.expires > 0
        may_go = not is_same and _may_be_removed(record, each)
        if not may_go:
            there.add(record.l_uuid)
        if may_go:
            yield Step("uac.reg_remove", (record.l_uuid,), record.l_uuid)
        elif not is_same and record.expires > 0 and not record.is_ongoing:
            yield Step("uac.reg_unregister", ("l_uuid", record.l_uuid), record.l_uuid)
    for contact_user, each in wanted.items():
        if contact_user not in there:
            yield Step("uac.reg_add", each.arguments, contact_user)


def _may_be_removed(record: Record, wanted: Wanted | None) -> bool:
    """Whether nothing is left to be said to the registrar: what takes its place is the same to it,
    or it has nothing. A request that is under way still needs the credentials."""
    if wanted is not None and record.binding == wanted.binding and record.expires > 0:
        return True
    return not record.is_ongoing and (record.expires == 0 or not record.is_online)


def judge(
    wanted: Wanted, record: Record | None, reply: str, before: Known | None, now: float
) -> Known:
    """How it stands; `reply` is what the last request came to, or why Kamailio does not take it."""
    if before is not None and before.mark != wanted.mark:
        before = None
    state, expires_at, error = _judge(wanted, record, reply, before, now)
    since = before.since if before is not None and before.state is state else now
    return Known(wanted.mark, state, since, expires_at, error)


def _judge(
    wanted: Wanted, record: Record | None, reply: str, before: Known | None, now: float
) -> tuple[RegistrationStatus, float, str]:
    if not wanted.contact_addr:
        return RegistrationStatus.FAILED, 0.0, NO_TLS_CONTACT
    if record is None and reply:
        return RegistrationStatus.FAILED, 0.0, reply
    if record is None or record.l_domain != wanted.mark or record.expires == 0:
        return RegistrationStatus.TRYING, 0.0, ""
    if record.flags & _DISABLED:
        return RegistrationStatus.DISABLED, 0.0, "switched off at the node"
    if record.is_online and record.diff_expires > 0:
        return RegistrationStatus.REGISTERED, now + record.diff_expires, ""
    if record.is_ongoing or not record.flags & _SEEN:
        # While it is renewed it holds, and while it is tried again it has failed.
        if before is not None and (
            before.state is RegistrationStatus.FAILED or before.expires_at > now
        ):
            return before.state, before.expires_at, before.last_error
        return RegistrationStatus.TRYING, 0.0, ""
    return RegistrationStatus.FAILED, 0.0, explain(reply)


def explain(reply: str) -> str:
    """What the last request came to, for an operator."""
    code = reply.partition(" ")[0]
    if code in ("", "0"):
        return "no reply"
    if code == "200":
        return "200 without the contact of this node"
    return reply


def unknown(wanted: Wanted, why: str, before: Known | None, now: float) -> Known:
    """One of which Kamailio tells nothing."""
    is_so = before is not None and before.state is RegistrationStatus.UNKNOWN
    since = before.since if before is not None and is_so else now
    return Known(wanted.mark, RegistrationStatus.UNKNOWN, since, 0.0, why)
