"""Where the database is, as its URL says."""

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from pointsman.errors import BadSettings

_SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")


def connection_parameters(url: str) -> dict[str, Any]:
    """A database URL as asyncpg's keyword arguments; raises BadSettings.

    `postgresql://user:password@host:5432/name`; a unix socket's folder goes in `?host=`, TLS
    in `?sslmode=`.
    """
    try:
        parts = urlsplit(url)
        port = parts.port or 5432
    except ValueError:
        # Python's own words may show a part of the password.
        raise BadSettings(
            "POINTSMAN_DATABASE_URL is no URL: look at its port, and write / ? # @ % [ ] in a "
            "password as %2F %3F %23 %40 %25 %5B %5D"
        ) from None
    if parts.scheme not in ("postgres", "postgresql") or len(parts.path) < 2:
        raise BadSettings(
            "POINTSMAN_DATABASE_URL must be postgresql://user:password@host:5432/name"
        )
    query = dict(parse_qsl(parts.query))
    unknown = set(query) - {"host", "sslmode"}
    if unknown:
        raise BadSettings(
            f"POINTSMAN_DATABASE_URL has the unknown parameter {min(unknown)!r}: "
            "use host or sslmode"
        )
    parameters: dict[str, Any] = {
        "host": query.get("host") or parts.hostname or "localhost",
        "port": port,
        "user": unquote(parts.username) if parts.username else None,
        "password": unquote(parts.password) if parts.password else None,
        "database": unquote(parts.path[1:]),
    }
    if query.get("sslmode", "prefer") not in _SSL_MODES:
        raise BadSettings(
            f"POINTSMAN_DATABASE_URL has sslmode={query['sslmode']}: use one of "
            + ", ".join(_SSL_MODES)
        )
    # Said here, so that PGSSLMODE and the like of this machine, meant for others, do not.
    is_socket = parameters["host"].startswith("/")
    parameters["ssl"] = query.get("sslmode", "disable" if is_socket else "prefer")
    parameters["target_session_attrs"] = "any"
    return parameters
