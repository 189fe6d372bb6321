"""What the processes of an installation share on this machine, by its settings."""

import hashlib
from pathlib import Path

from pointsman.database_url import connection_parameters
from pointsman.errors import BadEnvironment
from pointsman.postgres import EmbeddedPostgres
from pointsman.secret_key_file import read_secret_keys
from pointsman.services.secrets import Secrets
from pointsman.settings import Settings


def database_url(settings: Settings) -> str:
    """Where it is."""
    return settings.database_url or embedded_postgres(settings).url


def embedded_postgres(settings: Settings) -> EmbeddedPostgres:
    """The PostgreSQL of our own, started or not."""
    return EmbeddedPostgres(settings.state_dir / "postgresql")


def secret_keys(settings: Settings) -> list[str]:
    """The keys that open the secrets of this installation: its setting's, else, in a PostgreSQL of
    our own, the key of the state directory. Another's database is another installation's too, and
    a key of this machine alone would shut the others out."""
    keys = settings.given_secret_keys
    if not keys and not settings.database_url:
        keys = read_secret_keys(settings.state_dir)
    return keys


def load_secrets(settings: Settings) -> Secrets:
    """What opens and seals by these keys."""
    return Secrets(secret_keys(settings))


def snapshot_directory(settings: Settings, database_url: str) -> Path:
    """Where the snapshots of this database's configuration are: another database has others. Raises
    BadEnvironment where it cannot be."""
    parameters = connection_parameters(database_url)
    name = f"{parameters['host']}:{parameters['port']}/{parameters['database']}"
    directory = settings.state_dir / "snapshots" / hashlib.sha256(name.encode()).hexdigest()[:16]
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise BadEnvironment(
            f"POINTSMAN_STATE_DIR={settings.state_dir} cannot be used: {error.strerror}"
        ) from error
    return directory
