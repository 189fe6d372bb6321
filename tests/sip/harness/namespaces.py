"""Networks of a test's own: namespaces of the kernel, with wires between them (root only)."""

import ctypes
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

_T = TypeVar("_T")
_CLONE_NEWNET = 0x40000000  # linux/sched.h; os.setns() is there from Python 3.12 on
_LIBC = ctypes.CDLL(None, use_errno=True)


def missing_for_namespaces() -> list[str]:
    """What a test with namespaces needs and this machine lacks."""
    if shutil.which("ip") is None:
        return ["ip (iproute2)"]
    if os.geteuid() != 0:
        return ["root, for network namespaces"]
    if shutil.which("iptables") is None:
        return ["iptables"]
    made = _try("ip", "netns", "add", f"pointsman-try-{os.getpid()}")
    _try("ip", "netns", "del", f"pointsman-try-{os.getpid()}")
    return [] if made else ["the right to make network namespaces"]


@dataclass
class Namespace:
    """A machine of the test's own, as far as its network goes."""

    name: str
    wires: int = 0
    prefix: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        # ip enters one with its mounts as well, which it cannot where / is none (in a chroot).
        self.prefix = ("nsenter", f"--net=/run/netns/{self.name}")

    def ip(self, *command: str) -> None:
        """ip (iproute2), there."""
        _run(*self.prefix, "ip", *command)

    def route(self, network: str, via: str) -> None:
        """Reach a network by a neighbour."""
        self.ip("route", "add", network, "via", via)

    def add_address(self, end: str, address: str) -> None:
        """Another address, as 10.0.0.2/24, at its end of a wire: w1, or w2 of the second one."""
        self.ip("addr", "add", address, "dev", end)

    @contextmanager
    def entered(self) -> Iterator[None]:
        """This thread within it: sockets that are made and processes that are started meanwhile are
        of this network, and stay so."""
        with (
            Path("/proc/thread-self/ns/net").open("rb") as own,
            Path(f"/run/netns/{self.name}").open("rb") as other,
        ):
            _enter(other.fileno())
            try:
                yield
            finally:
                _enter(own.fileno())

    def translate(self, inside: str, ports: str, forwarded: str = "") -> None:
        """Be a NAT for what comes from the network `inside`: it goes on with the address of the way
        out, and one of `ports`, such as 20000-29999. What comes to UDP port 5060 from outside goes
        to `forwarded`, an address and port inside."""
        within = (*self.prefix, "iptables", "-t", "nat", "-A")
        _run(*self.prefix, "sh", "-c", "echo 1 >/proc/sys/net/ipv4/ip_forward")
        for protocol in ("udp", "tcp"):
            masquerade = ("-j", "MASQUERADE", "--to-ports", ports)
            _run(*within, "POSTROUTING", "-s", inside, "-p", protocol, *masquerade)
        if forwarded:
            chosen = ("!", "-s", inside, "-p", "udp", "--dport", "5060")
            _run(*within, "PREROUTING", *chosen, "-j", "DNAT", "--to-destination", forwarded)

    def pids(self) -> list[int]:
        """The processes that are in it."""
        run = subprocess.run(
            ["ip", "netns", "pids", self.name], capture_output=True, text=True, check=True
        )
        return [int(pid) for pid in run.stdout.split()]


@contextmanager
def namespaces(*names: str) -> Iterator[list[Namespace]]:
    """Namespaces that know of nobody but themselves, each named after the test's process too."""
    made = [Namespace(f"{name}-{os.getpid()}") for name in names]
    try:
        for each in made:
            _run("ip", "netns", "add", each.name)
            each.ip("link", "set", "lo", "up")
        yield made
    finally:
        for each in made:
            _try("ip", "netns", "del", each.name)


def inside(namespace: Namespace | None, make: Callable[[], _T]) -> _T:
    """What `make` makes there, here for None: a socket belongs to the namespace that it was made
    in, whoever uses it after that."""
    if namespace is None:
        return make()
    with namespace.entered():
        return make()


def wire(one: Namespace, one_address: str, other: Namespace, other_address: str) -> None:
    """Connect two of them; addresses are as 10.0.0.1/24 or fd00::1/64."""
    ends = []
    for each in (one, other):
        each.wires += 1
        # A name of an interface has 15 characters at most.
        ends.append(f"w{each.wires}")
    _run(
        *("ip", "link", "add", ends[0], "netns", one.name),
        *("type", "veth", "peer", "name", ends[1], "netns", other.name),
    )
    for each, end, address in zip((one, other), ends, (one_address, other_address), strict=True):
        # Of IPv6 nobody else is asked for first, so that it is there at once.
        once = ("nodad",) if ":" in address else ()
        each.ip("addr", "add", address, "dev", end, *once)
        each.ip("link", "set", end, "up")


def _enter(network: int) -> None:
    if _LIBC.setns(network, _CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "setns")


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)


def _try(*command: str) -> bool:
    return subprocess.run(command, check=False, capture_output=True).returncode == 0
