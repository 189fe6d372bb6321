"""The commands `pointsman secret`: keys that encrypt the secrets of trunks, and their change."""

import typer

from pointsman.auth import Principal
from pointsman.command_database import with_database
from pointsman.errors import BadEnvironment
from pointsman.installation import load_secrets
from pointsman.services.secrets import SETTING, new_key
from pointsman.services.trunk_credentials import reseal_credentials
from pointsman.settings import load_settings

secret_app = typer.Typer(
    no_args_is_help=True, help="Keys that encrypt the secrets of trunks, and their change."
)
# Of many trunks in one line.
_MOST_NAMED = 20


@secret_app.command()
def key() -> None:
    """Print a fresh key for POINTSMAN_SECRET_KEYS. It is kept nowhere."""
    typer.echo(new_key())


@secret_app.command()
def rotate() -> None:
    """Encrypt all secrets with the first key, so that the other keys can go.

    Put a new key before the old one in POINTSMAN_SECRET_KEYS of all roles and restart them, run
    this, and take the old key out again.
    """
    secrets = load_secrets(load_settings())
    if not secrets.can_seal:
        raise BadEnvironment(f"there is no key to encrypt with: set {SETTING}")
    done = with_database(lambda: reseal_credentials(Principal("command line"), secrets))
    typer.echo(f"secrets encrypted with the first key: {done.sealed}")
    if done.unopened:
        names = ", ".join(done.unopened[:_MOST_NAMED])
        raise BadEnvironment(
            f"no key opens those of {len(done.unopened)} trunks: {names}; add the key that they "
            "were encrypted with, or give these trunks their passwords again"
        )
