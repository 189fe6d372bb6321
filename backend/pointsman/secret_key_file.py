"""The key of secrets that a PostgreSQL of our own has in the state directory."""

from pathlib import Path

from pointsman.errors import BadEnvironment
from pointsman.services.secrets import Secrets


def secret_key_file(state_dir: Path) -> Path:
    """Where the key is kept that encrypts secrets in a PostgreSQL of our own."""
    return state_dir / "tokens" / "secrets"


def read_secret_keys(state_dir: Path) -> list[str]:
    """The kept key, if there is one; raises BadEnvironment for a file that has no key."""
    file = secret_key_file(state_dir)
    try:
        keys = file.read_text().split()
        Secrets(keys)
    except FileNotFoundError:
        return []
    except (OSError, ValueError):
        raise BadEnvironment(
            f"{file} has no key that secrets can be encrypted with: put the one there that they "
            "were encrypted with, or delete it to have a new one made, and give each trunk its "
            "passwords again"
        ) from None
    return keys
