"""What a trunk's far end wants to know of us before it sends calls (RFC 3261 section 10)."""

from enum import StrEnum

from msgspec import Struct

DEFAULT_EXPIRES_S = 3_600
MIN_EXPIRES_S = 60
MAX_EXPIRES_S = 86_400


class RegistrationStatus(StrEnum):
    """REGISTERED: calls come. TRYING: asked, and not answered yet. FAILED: refused, or not
    answered; it is tried again. DISABLED: the node does not register. UNKNOWN: it cannot tell."""

    REGISTERED = "REGISTERED"
    TRYING = "TRYING"
    FAILED = "FAILED"
    DISABLED = "DISABLED"
    UNKNOWN = "UNKNOWN"


class Registration(Struct, frozen=True, gc=False):
    """A registration with the trunk's far end, which is made with the trunk's outbound credential.

    `registrar` is where it is made, as host[:port][;transport=tcp], "" for the trunk's first
    endpoint. `username`@`domain` is the address of record, "" for the credential's user and for
    the registrar's host. `contact_user` is the user of the contact that the far end sends calls
    to, "" for the trunk's id. `node` names the Kamailio node that registers, "" for each of them.
    """

    enabled: bool = True
    registrar: str = ""
    username: str = ""
    domain: str = ""
    expires_s: int = DEFAULT_EXPIRES_S
    contact_user: str = ""
    node: str = ""


def host_of(registrar: str) -> str:
    """The host of a registrar, IPv6 in brackets."""
    if registrar.startswith("["):
        return registrar.partition("]")[0] + "]"
    return registrar.partition(";")[0].partition(":")[0]


def transport_of(registrar: str) -> str:
    """The transport of a registrar, lower case."""
    return registrar.partition(";transport=")[2] or "udp"
