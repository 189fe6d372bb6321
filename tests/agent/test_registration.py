"""What an agent does about the registrations that Kamailio has, and what it makes of them."""

from typing import Any

import pytest
from msgspec import structs

from pointsman.agent.registration import (
    NO_TLS_CONTACT,
    Contacts,
    Known,
    Record,
    Wanted,
    explain,
    judge,
    plan,
    unknown,
    want,
)
from pointsman.kamailio.listed_registration import ListedRegistration
from pointsman.routing.registration import RegistrationStatus

_NOW = 1_000_000.0
_ONGOING, _ONLINE, _SEEN = 2, 4, 16
_LISTED = ListedRegistration(
    id="trunk-1",
    contact_user="acme",
    username="user",
    domain="alpha.example",
    registrar="sip:192.0.2.1:5060",
    transport="udp",
    realm="",
    auth_username="auth-user",
    auth_password="hunter2",
    auth_ha1="",
    expires_s=600,
    socket="",
)
_OWN = frozenset({"192.0.2.8", "192.0.2.9", "[2001:db8::8]", "[::9]"})
_CONTACTS = Contacts("192.0.2.9:5060", "192.0.2.9:5061")
_WANTED = want(_LISTED, _CONTACTS)


def _wanted(**changes: Any) -> Wanted:
    return want(structs.replace(_LISTED, **changes), _CONTACTS)


def _record(wanted: Wanted = _WANTED, flags: int = _ONLINE | _SEEN, **more: Any) -> Record:
    """As uac.reg_dump tells of what was added."""
    contact_user, trunk_id, mark, username, domain = (str(each) for each in wanted.arguments[:5])
    given: dict[str, Any] = {
        "l_uuid": contact_user,
        "l_username": trunk_id,
        "l_domain": mark,
        "r_username": username,
        "r_domain": domain,
        "auth_proxy": wanted.listed.registrar,
        "contact_addr": wanted.contact_addr,
        "expires": wanted.listed.expires_s,
        "flags": flags,
        "diff_expires": 500,
    }
    return Record(**{**given, **more})


def _steps(wanted: Wanted | None, *records: Record) -> list[str]:
    """The methods of a plan, in their order."""
    by_contact = {} if wanted is None else {wanted.listed.contact_user: wanted}
    return [step.method.removeprefix("uac.reg_") for step in plan(by_contact, records)]


def test_what_is_not_there_is_added() -> None:
    (step,) = plan({"acme": _WANTED}, [])
    assert step.method == "uac.reg_add"
    assert step.arguments == (
        "acme",
        "trunk-1",
        _WANTED.mark,
        "user",
        "alpha.example",
        "",
        "auth-user",
        "hunter2",
        ".",
        "sip:192.0.2.1:5060",
        600,
        0,
        0,
        "",
        "192.0.2.9:5060",
    )
    assert "hunter2" not in repr(step)


def test_what_is_there_as_it_is_wanted_stays() -> None:
    assert _steps(_WANTED, _record()) == []
    # The registrar has asked for longer (423), and the module has taken note.
    assert _steps(_WANTED, _record(expires=1_800)) == []


@pytest.mark.parametrize("changes", [{"auth_password": "x"}, {"expires_s": 60}, {"realm": "r"}])
@pytest.mark.parametrize("flags", [0, _SEEN, _ONGOING | _SEEN, _ONLINE | _SEEN])
def test_what_the_registrar_does_not_tell_apart_is_replaced(
    changes: dict[str, Any], flags: int
) -> None:
    assert _steps(_wanted(**changes), _record(flags=flags)) == ["remove", "add"]


@pytest.mark.parametrize("changes", [{"username": "x"}, {"registrar": "sip:192.0.2.2"}])
def test_another_address_is_registered_when_the_old_one_is_taken_back(
    changes: dict[str, Any],
) -> None:
    wanted = _wanted(**changes)
    assert _steps(wanted, _record()) == ["unregister"]
    assert _steps(wanted, _record(flags=_ONGOING | _SEEN, expires=0)) == []
    assert _steps(wanted, _record(expires=0)) == ["remove", "add"]


def test_another_contact_does_not_wait_for_the_old_one() -> None:
    assert _steps(_wanted(contact_user="new"), _record()) == ["unregister", "add"]


def test_what_is_not_wanted_is_taken_back_and_removed() -> None:
    assert _steps(None, _record()) == ["unregister"]
    # The answer to a challenge needs the credentials still.
    assert _steps(None, _record(flags=_ONGOING | _SEEN, expires=0)) == []
    assert _steps(None, _record(flags=_SEEN, expires=0)) == ["remove"]


def test_what_the_registrar_does_not_have_is_not_taken_back() -> None:
    assert _steps(None, _record(flags=_SEEN)) == ["remove"]
    assert _steps(None, _record(flags=0)) == ["remove"]
    # It may have it in a moment.
    assert _steps(None, _record(flags=_ONGOING | _SEEN)) == []


def test_what_is_wanted_again_while_it_is_taken_back_is_made_again() -> None:
    assert _steps(_WANTED, _record(flags=_ONGOING | _SEEN, expires=0)) == []
    assert _steps(_WANTED, _record(expires=0)) == ["remove", "add"]


def test_the_contact_says_by_what_transport_it_is_reached() -> None:
    for transport, contact in {
        "udp": "192.0.2.9:5060",
        "tcp": "192.0.2.9:5060;transport=tcp",
        "tls": "192.0.2.9:5061;transport=tls",
    }.items():
        assert _wanted(transport=transport).arguments[-1] == contact


@pytest.mark.parametrize(
    ("transport", "socket", "contacts", "contact"),
    [
        ("udp", "udp:192.0.2.8:5062", Contacts("192.0.2.9:5060", "", _OWN), "192.0.2.8:5062"),
        ("tcp", "udp:192.0.2.8:5062", Contacts("192.0.2.9:5060", "", _OWN), "192.0.2.9:5060"),
        ("tls", "tls:192.0.2.8:5063", Contacts("192.0.2.9:5060", "", _OWN), "192.0.2.8:5063"),
        ("tls", "tls:[2001:db8::8]:5063", Contacts("[::9]:5060", "", _OWN), "[2001:db8::8]:5063"),
        # Behind a NAT.
        ("udp", "udp:192.0.2.8:5062", Contacts("198.51.100.1:5060", "", _OWN), "198.51.100.1:5060"),
        ("tls", "tls:192.0.2.8:5063", Contacts("198.51.100.1:5060", "", _OWN), ""),
        (
            "tls",
            "tls:192.0.2.8:5063",
            Contacts("192.0.2.9:5060", "198.51.100.1:5061", _OWN),
            "198.51.100.1:5061",
        ),
    ],
)
def test_the_contact_of_a_trunk_with_a_socket_is_that_but_behind_a_nat(
    transport: str, socket: str, contacts: Contacts, contact: str
) -> None:
    found = want(structs.replace(_LISTED, transport=transport, socket=socket), contacts)
    assert found.contact_addr.partition(";")[0] == contact


def test_without_a_contact_for_tls_nothing_is_registered_by_tls() -> None:
    listed = structs.replace(_LISTED, transport="tls")
    wanted = want(listed, Contacts("192.0.2.9:5060"))
    assert _steps(wanted) == []
    # What was registered with another contact is taken back.
    assert _steps(wanted, _record(want(listed, _CONTACTS))) == ["unregister"]
    for record in (None, _record(want(listed, _CONTACTS))):
        found = judge(wanted, record, "", None, _NOW)
        assert (found.state, found.last_error) == (RegistrationStatus.FAILED, NO_TLS_CONTACT)


def test_a_mark_changes_with_anything_of_it() -> None:
    others = {name: "other" for name in ListedRegistration.__struct_fields__ if name != "expires_s"}
    marks = {_wanted(**{name: value}).mark for name, value in others.items()}
    marks |= {
        _WANTED.mark,
        _wanted(expires_s=1).mark,
        want(_LISTED, Contacts("192.0.2.8:5060")).mark,
    }
    assert len(marks) == len(others) + 3


def _judge(record: Record | None, before: Known | None = None, reply: str = "") -> Known:
    return judge(_WANTED, record, reply, before, _NOW)


def _known(state: RegistrationStatus, **more: Any) -> Known:
    return Known(_WANTED.mark, state, _NOW - 60, **more)


def test_what_the_registrar_has_is_registered_until_it_expires() -> None:
    assert _judge(_record()) == Known(
        _WANTED.mark, RegistrationStatus.REGISTERED, _NOW, _NOW + 500, ""
    )
    before = _known(RegistrationStatus.REGISTERED, expires_at=_NOW)
    assert _judge(_record(), before).since == _NOW - 60


@pytest.mark.parametrize(
    "record",
    [None, _record(flags=0), _record(flags=_ONGOING | _SEEN), _record(_wanted(expires_s=61))],
)
def test_what_is_not_answered_yet_is_tried(record: Record | None) -> None:
    assert _judge(record).state is RegistrationStatus.TRYING


def test_what_is_renewed_or_tried_again_is_what_it_was() -> None:
    ongoing = _record(flags=_ONGOING | _SEEN)
    for before in (
        _known(RegistrationStatus.REGISTERED, expires_at=_NOW + 3),
        _known(RegistrationStatus.FAILED, last_error="403 No"),
    ):
        assert _judge(ongoing, before) == before
    gone = _known(RegistrationStatus.REGISTERED, expires_at=_NOW - 1)
    assert _judge(ongoing, gone).state is RegistrationStatus.TRYING
    # What was said of another password says nothing of this one.
    other = structs.replace(_known(RegistrationStatus.FAILED), mark="other")
    assert _judge(ongoing, other).state is RegistrationStatus.TRYING


def test_what_was_refused_has_failed_with_the_reply() -> None:
    found = _judge(_record(flags=_SEEN), None, "403 Forbidden")
    assert (found.state, found.last_error) == (RegistrationStatus.FAILED, "403 Forbidden")
    expired = _record(diff_expires=-1)
    assert _judge(expired).state is RegistrationStatus.FAILED


def test_what_kamailio_does_not_take_has_failed() -> None:
    found = _judge(None, None, "uac.reg_add: 500 no")
    assert (found.state, found.last_error) == (RegistrationStatus.FAILED, "uac.reg_add: 500 no")


def test_what_was_switched_off_by_hand_is_told() -> None:
    assert _judge(_record(flags=1)).state is RegistrationStatus.DISABLED


def test_a_reply_is_explained() -> None:
    assert [explain(reply) for reply in ("", "0 No Reply", "200 OK", "503 Busy")] == [
        "no reply",
        "no reply",
        "200 without the contact of this node",
        "503 Busy",
    ]


def test_of_a_silent_kamailio_nothing_is_known() -> None:
    first = unknown(_WANTED, "gone", _known(RegistrationStatus.REGISTERED), _NOW)
    assert first == Known(_WANTED.mark, RegistrationStatus.UNKNOWN, _NOW, 0.0, "gone")
    assert unknown(_WANTED, "gone", first, _NOW + 9).since == _NOW
