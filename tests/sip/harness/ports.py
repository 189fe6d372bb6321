"""Ports that nothing else uses."""

import socket
import sys
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


def udp_is_bound(host: str, port: int) -> bool:
    """Whether somebody listens there; asked of the kernel, since whoever tries to bind a port is
    in the way of those who want to."""
    address = int.from_bytes(socket.inet_aton(host), sys.byteorder)
    bound = [line.split()[1] for line in Path("/proc/net/udp").read_text().splitlines()[1:]]
    return f"{address:08X}:{port:04X}" in bound
