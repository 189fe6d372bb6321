"""Ports that nothing else uses."""

import socket
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path


def free_udp_port(host: str) -> int:
    """A UDP port that is free on this address, and on TCP too."""
    while True:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
            udp.bind((host, 0))
            port: int = udp.getsockname()[1]
            with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as tcp:
                try:
                    tcp.bind((host, port))
                except OSError:
                    continue
            return port


def free_tcp_port(host: str = "127.0.0.1") -> int:
    """A TCP port that is free on this address."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as tcp:
        tcp.bind((host, 0))
        port: int = tcp.getsockname()[1]
        return port


def udp_is_bound(host: str, port: int, within: Sequence[str] = ()) -> bool:
    """Whether somebody listens there; asked of the kernel, since whoever tries to bind a port is
    in the way of those who want to. `within` is what a command in a namespace begins with."""
    address = int.from_bytes(socket.inet_aton(host), sys.byteorder)
    listed = _bound_within(within) if within else Path("/proc/net/udp").read_text()
    bound = [line.split()[1] for line in listed.splitlines()[1:]]
    return f"{address:08X}:{port:04X}" in bound


def _bound_within(within: Sequence[str]) -> str:
    command = [*within, "cat", "/proc/net/udp"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout
