"""What a router tells the agent beside it of the registrations to make."""

from msgspec import Struct

LIST_PATH = "/kamailio/registrations"


class ListedRegistration(Struct, frozen=True):
    """A registration as the module uac makes it. `id` is the trunk's. Where `auth_ha1` is given,
    `auth_password` is ""; `realm` "" answers any realm's challenge. `socket` "" is Kamailio's
    choice."""

    id: str
    contact_user: str
    username: str
    domain: str
    registrar: str
    transport: str
    realm: str
    auth_username: str
    auth_password: str
    auth_ha1: str
    expires_s: int
    socket: str

    def __repr__(self) -> str:
        return f"ListedRegistration({self.id!r})"


class RegistrationList(Struct, frozen=True):
    """What a node registers, by the ids of the trunks, and nothing else."""

    revision: int
    registrations: list[ListedRegistration]
