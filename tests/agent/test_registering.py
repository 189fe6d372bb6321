"""The agent brings a real Kamailio what a router lists, and tells a records role how it stands."""

import asyncio
import socket
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from pointsman.agent.registering import Registering
from pointsman.agent.registration import NO_TLS_CONTACT
from pointsman.agent.rpc import KamailioRpc, RpcRefused
from pointsman.kamailio.listed_registration import ListedRegistration, RegistrationList
from pointsman.platform_role import PlatformRole
from tests.conftest import require
from tests.sip.harness.kamailio import Kamailio, missing_parts
from tests.sip.harness.ports import free_udp_port
from tests.test_platform_role import serving

_HOST = "127.0.0.1"
_TIMEOUT_S = 30


@pytest.fixture(scope="module")
def registering_kamailio() -> Iterator[Kamailio]:
    require(*missing_parts())
    with tempfile.TemporaryDirectory(prefix="pointsman-agent-") as directory:
        kamailio = Kamailio(Path(directory), _HOST, free_udp_port(_HOST))
        kamailio.configure(
            "http://127.0.0.1:1/kamailio/rtjson",
            "pmn_none",
            "#!define WITH_REGISTRATION",
            f'#!define REGISTRATION_CONTACT "{_HOST}:{kamailio.port}"',
            "#!define REGISTRATION_TIMER_S 1",
        )
        kamailio.start()
        yield kamailio
        kamailio.stop()


@pytest.fixture
def silent() -> Iterator[str]:
    """The URI of a registrar that answers nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.bind((_HOST, 0))
        yield f"sip:{_HOST}:{udp.getsockname()[1]}"


class Parties:
    """The router and the records role: what one lists, and what the other was told."""

    def __init__(self) -> None:
        self.listed: list[ListedRegistration] = []
        self.answer = "HTTP/1.1 200 OK"
        self.takes = True
        self.told: list[list[dict[str, Any]]] = []

    def reply(self, request: bytes) -> bytes:
        """The answer to either request."""
        if request.startswith(b"GET /kamailio/registrations "):
            body = msgspec.json.encode(RegistrationList(1, self.listed))
            head = f"{self.answer}\r\nContent-Length: {len(body)}\r\n\r\n"
            return head.encode() + body
        assert request.startswith(b"POST /kamailio/status ")
        if not self.takes:
            return b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n"
        self.told.append(msgspec.json.decode(request.partition(b"\r\n\r\n")[2])["registrations"])
        return b"HTTP/1.1 204 No Content\r\n\r\n"

    def states(self) -> dict[str, tuple[str, str]]:
        """State and error by trunk, as told last."""
        return {each["id"]: (each["state"], each["last_error"]) for each in self.told[-1]}


@pytest.fixture
async def parties() -> AsyncIterator[tuple[Parties, PlatformRole]]:
    parties = Parties()
    async with serving(parties.reply) as url:
        yield parties, PlatformRole(url, "pmn_one")


def _listed(number: int, registrar: str, **more: Any) -> ListedRegistration:
    given: dict[str, Any] = {
        "id": f"trunk-{number}",
        "contact_user": f"contact-{number}",
        "username": "acme",
        "domain": "alpha.example",
        "registrar": registrar,
        "transport": "udp",
        "realm": "",
        "auth_username": "acme",
        "auth_password": "hunter2",
        "auth_ha1": "",
        "expires_s": 600,
        "socket": "",
    }
    return ListedRegistration(**{**given, **more})


async def _look_until(registering: Registering, is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(_TIMEOUT_S):
        await registering.look()
        while not is_so():
            await asyncio.sleep(0.1)
            await registering.look()


async def _contacts(rpc: KamailioRpc) -> set[str]:
    """What Kamailio has, each asked for by itself."""
    found = set()
    for number in range(200):
        try:
            found.add((await rpc.ask("uac.reg_info", "l_uuid", f"contact-{number}"))["l_uuid"])
        except RpcRefused:  # 404 Record not found
            continue
    return found


async def test_more_than_fit_into_one_answer_are_added_and_removed(
    registering_kamailio: Kamailio, parties: tuple[Parties, PlatformRole], silent: str
) -> None:
    told, platform = parties
    rpc = KamailioRpc(registering_kamailio.rpc_socket)
    registering = Registering(rpc, platform, platform)
    told.listed = [_listed(number, silent) for number in range(150)]
    await registering.look()
    assert await _contacts(rpc) == {f"contact-{number}" for number in range(150)}
    told.listed = told.listed[20:]
    failed = {f"trunk-{number}": ("FAILED", "no reply") for number in range(20, 150)}
    await _look_until(registering, lambda: told.states() == failed)
    assert await _contacts(rpc) == {f"contact-{number}" for number in range(20, 150)}
    told.listed = []
    await _look_until(registering, lambda: told.told[-1] == [])
    assert await _contacts(rpc) == set()


async def test_what_kamailio_refuses_is_told_and_stands_in_nobodys_way(
    registering_kamailio: Kamailio, parties: tuple[Parties, PlatformRole], silent: str
) -> None:
    """A password that is a dot stands for none in uac.reg_add."""
    told, platform = parties
    rpc = KamailioRpc(registering_kamailio.rpc_socket)
    registering = Registering(rpc, platform, platform)
    told.listed = [_listed(1, silent, auth_password="."), _listed(2, silent)]
    await _look_until(registering, lambda: told.states()["trunk-1"][0] == "FAILED")
    assert told.states()["trunk-1"][1] == (
        "uac.reg_add: 500 Failed to add record - invalid password or ha1"
    )
    assert await _contacts(rpc) == {"contact-2"}
    told.listed = []
    await _look_until(registering, lambda: told.told[-1] == [])
    assert await _contacts(rpc) == set()


async def test_by_tls_nothing_is_registered_without_a_contact_for_it(
    registering_kamailio: Kamailio, parties: tuple[Parties, PlatformRole], silent: str
) -> None:
    told, platform = parties
    rpc = KamailioRpc(registering_kamailio.rpc_socket)
    registering = Registering(rpc, platform, platform)
    told.listed = [_listed(1, f"{silent};transport=tls", transport="tls"), _listed(2, silent)]
    await registering.look()
    assert told.states()["trunk-1"] == ("FAILED", NO_TLS_CONTACT)
    assert await _contacts(rpc) == {"contact-2"}
    told.listed = []
    await _look_until(registering, lambda: told.told[-1] == [])
    assert await _contacts(rpc) == set()


async def test_a_router_that_lists_nothing_readable_changes_nothing(
    registering_kamailio: Kamailio, parties: tuple[Parties, PlatformRole], silent: str
) -> None:
    told, platform = parties
    rpc = KamailioRpc(registering_kamailio.rpc_socket)
    registering = Registering(rpc, platform, platform)
    told.answer = "HTTP/1.1 503 Service Unavailable"
    await registering.look()
    assert told.told == []
    told.answer, told.listed = "HTTP/1.1 200 OK", [_listed(1, silent)]
    await registering.look()
    told.answer, told.listed = "HTTP/1.1 503 Service Unavailable", []
    await registering.look()
    assert await _contacts(rpc) == {"contact-1"}
    told.answer = "HTTP/1.1 200 OK"
    await _look_until(registering, lambda: told.told[-1] == [])


async def test_what_could_not_be_told_is_told_later(
    registering_kamailio: Kamailio, parties: tuple[Parties, PlatformRole], silent: str
) -> None:
    told, platform = parties
    registering = Registering(KamailioRpc(registering_kamailio.rpc_socket), platform, platform)
    told.listed, told.takes = [_listed(1, silent)], False
    await registering.look()
    assert told.told == []
    told.takes = True
    await registering.look()
    assert list(told.states()) == ["trunk-1"]
    told.listed = []
    await _look_until(registering, lambda: told.told[-1] == [])


async def test_a_kamailio_that_does_not_register_is_told_of(
    kamailio: Kamailio, parties: tuple[Parties, PlatformRole], silent: str
) -> None:
    told, platform = parties
    registering = Registering(KamailioRpc(kamailio.rpc_socket), platform, platform)
    await registering.look()
    assert told.told == [[]]
    told.listed = [_listed(1, silent)]
    await registering.look()
    why = "this Kamailio does not register: WITH_REGISTRATION is not defined"
    assert told.states() == {"trunk-1": ("UNKNOWN", why)}
    # Kamailio complains of each question that it does not know, so it is asked seldom.
    await registering.look()
    assert kamailio.log.read_text().count("cfg.get") == 1


async def test_an_agent_that_was_started_again_removes_what_is_not_wanted_any_more(
    registering_kamailio: Kamailio, parties: tuple[Parties, PlatformRole], silent: str
) -> None:
    told, platform = parties
    rpc = KamailioRpc(registering_kamailio.rpc_socket)
    told.listed = [_listed(1, silent), _listed(2, silent)]
    await Registering(rpc, platform, platform).look()
    told.listed = told.listed[:1]
    again = Registering(rpc, platform, platform)
    failed = {"trunk-1": ("FAILED", "no reply")}
    await _look_until(again, lambda: told.states() == failed)
    assert await _contacts(rpc) == {"contact-1"}
    told.listed = []
    await _look_until(again, lambda: told.told[-1] == [])
    assert await _contacts(rpc) == set()
