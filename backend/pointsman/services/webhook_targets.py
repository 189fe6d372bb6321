"""Where webhooks may lead: to public addresses, and to what an operator of the platform allows.

Whoever may save a URL has the platform ask it. So every address that its host has, when it is saved
and each time it is asked, has to be one of the Internet: not of this machine or its networks, nor
of a cloud's metadata (IANA's special-purpose registries, RFC 6890).
"""

import asyncio
import ipaddress
import re
import socket
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from pointsman.models.network_field import IPNetwork
from pointsman.services import validation
from pointsman.services.validation import Refused

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
# All addresses of a host; raises OSError.
Resolve = Callable[[str], Awaitable[Sequence[str]]]

MAX_URL = 2_000
_RESOLVE_TIMEOUT_S = 5.0
_PORTS = {"https": 443, "http": 80}
_FIX = "write a URL such as https://hooks.example.com/pointsman"
# What a request line and a log take; a backslash is a slash to some.
_CHARACTERS = re.compile(r"[!#-\[\]^_`a-z|~-]+")
_NOT_PUBLIC = [
    ipaddress.ip_network(text)
    for text in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
        "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16",
        "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        # Of 2000::/3: protocols (with Teredo), documentation, 6to4, 6bone.
        "2001::/23", "2001:db8::/32", "2002::/16", "3ffe::/16", "3fff::/20",
    )
]  # fmt: skip
_GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class BadTarget(Exception):
    """It may not be asked, or cannot be found; the message says why, and no address."""


@dataclass(frozen=True)
class Target:
    """The parts of a URL; `path` is with its query."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """As the header Host has it (RFC 9110 section 7.2)."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"


async def resolve_host(host: str) -> Sequence[str]:
    """By the system's resolver."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


@dataclass(frozen=True)
class Targets:
    """`allowed` are the networks that are not public and may be asked all the same."""

    allowed: tuple[IPNetwork, ...] = ()
    resolve: Resolve = resolve_host

    async def find(self, target: Target) -> list[IPAddress]:
        """The addresses to ask; raises BadTarget unless each of them may be asked."""
        try:
            async with asyncio.timeout(_RESOLVE_TIMEOUT_S):
                texts = await self.resolve(target.host)
            addresses = [_plain(ipaddress.ip_address(text)) for text in texts]
        except (OSError, TimeoutError, ValueError):
            raise BadTarget(f"the host {target.host} cannot be resolved") from None
        if not addresses:
            raise BadTarget(f"the host {target.host} has no address")
        if not all(self._may_be_asked(address) for address in addresses):
            raise BadTarget(f"the host {target.host} has an address that is not public")
        if target.scheme != "https" and not all(address.is_loopback for address in addresses):
            raise BadTarget("without TLS only this machine is asked")
        return addresses

    def _may_be_asked(self, address: IPAddress) -> bool:
        return is_public(address) or any(address in network for network in self.allowed)


def read_url(text: str) -> Target:
    """The parts of a URL; raises Refused for one that no webhook has."""
    if len(text) > MAX_URL:
        raise Refused(f"a URL of {len(text)} characters", f"use {MAX_URL} at most")
    if not _CHARACTERS.fullmatch(text):
        raise Refused("the URL has a character that no URL has", "escape it by % and two digits")
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise Refused("this is no URL", _FIX) from None
    if parts.scheme not in _PORTS or not parts.hostname:
        raise Refused("this is no URL of HTTP", _FIX)
    if "@" in parts.netloc or parts.fragment:
        raise Refused(
            "the URL has a user or a fragment", "leave it out: the signature proves who sends"
        )
    host = validation.host(parts.hostname)
    number = _PORTS[parts.scheme] if port is None else validation.port(port)
    query = f"?{parts.query}" if parts.query else ""
    return Target(parts.scheme, host, number or 0, f"{parts.path or '/'}{query}")


def is_public(address: IPAddress) -> bool:
    """Whether it is an address of one host of the Internet."""
    address = _plain(address)
    if isinstance(address, ipaddress.IPv6Address):
        if address in _NAT64:
            return is_public(ipaddress.IPv4Address(address.packed[-4:]))
        if address not in _GLOBAL_UNICAST:
            return False
    return not any(address in network for network in _NOT_PUBLIC)


def read_networks(text: str) -> tuple[IPNetwork, ...]:
    """Networks that are parted by commas; raises ValueError."""
    return tuple(ipaddress.ip_network(part.strip()) for part in text.split(",") if part.strip())


def check_networks(text: str) -> str:
    """The text, whose networks can be read; raises ValueError."""
    read_networks(text)
    return text


def _plain(address: IPAddress) -> IPAddress:
    """Of an IPv4 address that is written as an IPv6 one, itself (RFC 4291 section 2.5.5.2)."""
    mapped = getattr(address, "ipv4_mapped", None)
    return address if mapped is None else mapped
