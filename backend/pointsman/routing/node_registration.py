"""A registration as a Kamailio node makes it: all that it needs, and nothing to look up."""

from collections.abc import Iterable, Mapping

from msgspec import Struct

from pointsman.routing.carrier import Carrier
from pointsman.routing.credential import Credential
from pointsman.routing.registration import Registration, host_of, transport_of
from pointsman.routing.trunk import Trunk
from pointsman.routing.uri import format_host


class NodeRegistration(Struct, frozen=True, gc=False):
    """`registrar` is as in Registration, never ""; `username`@`domain` the address of record.
    Where the realm is known the password is "" and `auth_ha1` stands for it. `node` is "" where
    each node registers. `carrier_id` is "" for a PBX."""

    trunk_id: str
    registrar: str
    transport: str
    username: str
    domain: str
    realm: str
    auth_username: str
    auth_password: str
    auth_ha1: str
    expires_s: int
    contact_user: str
    socket: str
    node: str
    carrier_id: str

    def __repr__(self) -> str:
        return f"NodeRegistration({self.trunk_id!r})"


# By the user of the contact, of which each has its own.
Contacts = Mapping[str, NodeRegistration]


def compile_registrations(
    trunks: Iterable[Trunk], carriers: Mapping[str, Carrier]
) -> dict[str, NodeRegistration]:
    """What nodes register for these trunks, by the user of the contact."""
    found = (_compile(trunk, carriers) for trunk in trunks)
    return {each.contact_user: each for each in found if each is not None}


def _compile(trunk: Trunk, carriers: Mapping[str, Carrier]) -> NodeRegistration | None:
    registration, credential = trunk.registration, trunk.credential
    if registration is None or credential is None or not is_wanted(trunk, carriers):
        return None
    registrar = registration.registrar or first_endpoint(trunk)
    return None if not registrar else _of(trunk, registration, credential, registrar)


def _of(
    trunk: Trunk, registration: Registration, credential: Credential, registrar: str
) -> NodeRegistration:
    return NodeRegistration(
        trunk_id=trunk.id,
        registrar=registrar,
        transport=transport_of(registrar),
        username=registration.username or credential.username,
        domain=format_host(registration.domain) or host_of(registrar),
        realm=credential.realm,
        auth_username=credential.username,
        auth_password=credential.password,
        auth_ha1=credential.ha1,
        expires_s=registration.expires_s,
        contact_user=registration.contact_user or trunk.id,
        socket=trunk.socket,
        node=registration.node,
        carrier_id=trunk.carrier_id,
    )


def is_wanted(trunk: Trunk, carriers: Mapping[str, Carrier]) -> bool:
    """Whether a trunk is to be registered."""
    carrier = carriers.get(trunk.carrier_id)
    is_enabled = trunk.enabled and (carrier is None or carrier.enabled)
    return is_enabled and trunk.registration is not None and trunk.registration.enabled


def first_endpoint(trunk: Trunk) -> str:
    """The trunk's first endpoint as a registrar, "" where none is enabled."""
    enabled = [endpoint for endpoint in trunk.endpoints if endpoint.enabled]
    if not enabled:
        return ""
    first = min(enabled, key=lambda each: (each.priority, each.host, each.port or 0))
    port = "" if first.port is None else f":{first.port}"
    return f"{format_host(first.host)}{port}{first.uri_params}"
