"""Sockets that roles listen on."""

import errno
import socket

from pointsman.errors import BadEnvironment


def listen(role: str, host: str, port: int) -> socket.socket:
    """A socket that is bound; raises BadEnvironment with the fix when it cannot be."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
    except OSError as error:
        bound.close()
        setting = f"POINTSMAN_{role.upper()}"
        taken = error.errno == errno.EADDRINUSE
        fix = f"stop what does, or set {setting}_PORT" if taken else f"set {setting}_HOST"
        raise BadEnvironment(
            f"the {role} role cannot listen on {host}:{port} ({error.strerror}): {fix}"
        ) from None
    return bound
