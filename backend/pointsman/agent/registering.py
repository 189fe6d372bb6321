"""Keeps Kamailio's registrations equal to what the platform lists, and tells how they stand.

Nothing of them is kept here: what Kamailio has is read each time, so that a Kamailio that was
started again gets them anew, and an agent that was started again takes over what is there.
"""

import asyncio
import time
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import structlog

from pointsman.agent.agent import Task
from pointsman.agent.registration import (
    Contacts,
    Known,
    Record,
    Step,
    Wanted,
    judge,
    plan,
    unknown,
    want,
)
from pointsman.agent.rpc import KamailioRpc, RpcError, RpcRefused
from pointsman.kamailio.listed_registration import (
    LIST_PATH,
    ListedRegistration,
    RegistrationList,
)
from pointsman.platform_role import PlatformError, PlatformRole
from pointsman.routing.uri import format_host

STATUS_PATH = "/kamailio/status"
_LOOK_S = 1.0
# All is told again: who hears nothing for a minute forgets it.
_TELL_AGAIN_S = 15.0
# As many fit into one answer of Kamailio's with room to spare; of more each is asked for.
_MOST_DUMPED = 100
_CLOCK_S = 3.0
# Kamailio logs each question that it does not know.
_ASK_AGAIN_S = 30.0

log = structlog.get_logger()


class NotConfigured(Exception):
    """This Kamailio is not to register."""


class Registering:
    """The registrations of one Kamailio."""

    def __init__(self, rpc: KamailioRpc, router: PlatformRole, records: PlatformRole) -> None:
        self._rpc, self._router, self._records = rpc, router, records
        self._listed: Sequence[ListedRegistration] | None = None
        self._etag = ""
        # The users of contacts that Kamailio may have.
        self._seen: set[str] = set()
        # Nothing is listed, and Kamailio has nothing either.
        self._is_idle = False
        self._ask_again_at = 0.0
        self.known: dict[str, Known] = {}
        self._told: dict[str, Known] | None = None
        self._told_at = 0.0
        # What Kamailio does not take, and why, by the users of contacts.
        self._refused: dict[str, str] = {}
        self._said: dict[str, str] = {}

    async def run(self) -> None:
        """Go on for ever."""
        while True:
            await self.look()
            await asyncio.sleep(_LOOK_S)

    async def look(self) -> None:
        """Bring Kamailio what is listed, and tell what has changed."""
        await self._read_list()
        if self._listed is None:
            return
        now = time.time()
        fault = ""
        try:
            await self._compare(self._listed, now)
        except NotConfigured:
            # Most nodes have nothing to register, and need not be able to.
            fault = "this Kamailio does not register: WITH_REGISTRATION is not defined"
            self._is_idle = not self._listed
        except RpcError as error:
            log.debug("Kamailio cannot be asked", error=str(error))
            fault = "Kamailio does not answer"
        if fault:
            self.known = {
                each.id: unknown(Wanted(each, ""), fault, self.known.get(each.id), now)
                for each in self._listed
            }
        self._say("kamailio", fault if self._listed else "")
        await self._tell()

    async def _read_list(self) -> None:
        """What was listed last holds until there is another list."""
        try:
            answer = await self._router.get(LIST_PATH, etag=self._etag)
            if answer.status != 304:
                read = msgspec.json.decode(answer.body, type=RegistrationList)
                self._listed, self._etag = read.registrations, answer.headers.get("etag", "")
            self._say("router", "")
        except PlatformError as error:
            self._say("router", str(error))
        except msgspec.MsgspecError:
            # What is wrong with it may be a secret.
            self._say("router", "the list of registrations cannot be read")

    async def _compare(self, listed: Sequence[ListedRegistration], now: float) -> None:
        if not listed and self._is_idle:
            return
        contacts = await self._ask_contacts(listed)
        wanted = {each.contact_user: want(each, contacts) for each in listed}
        records = {each.l_uuid: each for each in await self._read_records([*wanted])}
        self._seen = {*records}
        self._is_idle = not listed and not records
        for step in plan(wanted, [*records.values()]):
            await self._do(step)
        self._refused = {user: why for user, why in self._refused.items() if user in wanted}
        self.known = {
            each.listed.id: judge(
                each,
                records.get(contact_user),
                self._refused.get(contact_user)
                or await self._read_reply(records.get(contact_user)),
                self.known.get(each.listed.id),
                now,
            )
            for contact_user, each in wanted.items()
        }

    async def _ask_contacts(self, listed: Sequence[ListedRegistration]) -> Contacts:
        """Where this node is reached, as far as what is listed needs it; raises NotConfigured."""
        if time.monotonic() < self._ask_again_at:
            raise NotConfigured
        try:
            plain = await self._rpc.ask("cfg.get", "registration", "contact")
            tls = ""
            if any(each.transport == "tls" for each in listed):
                tls = await self._rpc.ask("cfg.get", "registration", "contact_tls")
        except RpcRefused as error:
            self._ask_again_at = time.monotonic() + _ASK_AGAIN_S
            raise NotConfigured from error
        own: frozenset[str] = frozenset()
        if any(each.socket for each in listed):
            found = await self._rpc.ask("core.sockets_list")
            own = frozenset(format_host(each["socket"]["address"]) for each in found)
        return Contacts(str(plain), str(tls), own)

    async def _read_records(self, wanted: Sequence[str]) -> list[Record]:
        if len(wanted) <= _MOST_DUMPED:
            found = await self._rpc.ask("uac.reg_dump")
            return msgspec.convert(found or [], list[Record])
        records = []
        for contact_user in {*wanted} | self._seen:
            try:
                found = await self._rpc.ask("uac.reg_info", "l_uuid", contact_user)
            except RpcRefused:  # it is not there
                continue
            records.append(msgspec.convert(found, Record))
        return records

    async def _read_reply(self, record: Record | None) -> str:
        """What the last request of one that is not registered came to."""
        if record is None or record.is_online:
            return ""
        try:
            found: Mapping[str, Any] = await self._rpc.ask(
                "htable.get", "registrations", record.l_uuid
            )
        except RpcRefused:  # there was none
            return ""
        return str(found["item"]["value"])

    async def _do(self, step: Step) -> None:
        """One that Kamailio refuses does not stand in the way of others."""
        try:
            await self._rpc.ask(step.method, *step.arguments)
        except RpcRefused as error:
            self._refused[step.contact_user] = str(error)
            self._say(step.contact_user, str(error))
            return
        self._seen.add(step.contact_user)
        self._refused.pop(step.contact_user, None)
        self._say(step.contact_user, "")
        log.info("a registration is changed", step=step.method, contact_user=step.contact_user)

    async def _tell(self) -> None:
        """Tell the platform when there is something new, and again after a while."""
        is_old = time.monotonic() - self._told_at > _TELL_AGAIN_S
        if self._told is not None and not is_old and not _differ(self._told, self.known):
            return
        told = [
            {
                "id": trunk_id,
                "state": known.state,
                "since": known.since,
                "expires_at": known.expires_at,
                "last_error": known.last_error,
            }
            for trunk_id, known in self.known.items()
        ]
        try:
            await self._records.post(STATUS_PATH, msgspec.json.encode({"registrations": told}))
            self._told, self._told_at = dict(self.known), time.monotonic()
            self._say("records", "")
        except PlatformError as error:
            self._say("records", str(error))

    def _say(self, about: str, fault: str) -> None:
        """Log a fault once for as long as it stays the same."""
        if fault and self._said.get(about) != fault:
            log.warning("registrations are not as they should be", about=about, fault=fault)
        self._said[about] = fault


def _differ(told: Mapping[str, Known], known: Mapping[str, Known]) -> bool:
    """Whether there is something new; a second more or less is none."""
    if told.keys() != known.keys():
        return True
    return any(
        (old.state, old.since, old.last_error) != (new.state, new.since, new.last_error)
        or abs(old.expires_at - new.expires_at) > _CLOCK_S
        for old, new in ((told[key], known[key]) for key in known)
    )


def build_registration_tasks(
    rpc: KamailioRpc, router: PlatformRole, records: PlatformRole
) -> Sequence[Task]:
    """What the agent does about registrations."""
    return [Task("registrations", Registering(rpc, router, records).run)]
