"""The commands `pointsman secret`: keys that encrypt secrets at rest, and their change."""

import typer

from pointsman.auth import Principal
from pointsman.command_database import with_database
from pointsman.errors import BadEnvironment
from pointsman.installation import load_secrets
from pointsman.services.secrets import SETTING, new_key
from pointsman.services.trunk_credentials import Resealed, reseal_credentials
from pointsman.services.webhooks import reseal_webhooks
from pointsman.settings import load_settings

secret_app = typer.Typer(
    no_args_is_help=True, help="Keys that encrypt secrets at rest, and their change."
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
    principal = Principal("command line")

    async def reseal() -> tuple[Resealed, Resealed]:
        return await reseal_credentials(principal, secrets), await reseal_webhooks(
            principal, secrets
        )

    trunks, webhooks = with_database(reseal)
    typer.echo(f"secrets encrypted with the first key: {trunks.sealed + webhooks.sealed}")
    unopened = [
        f"{len(done.unopened)} {noun}: {', '.join(done.unopened[:_MOST_NAMED])}"
        for noun, done in (("trunks", trunks), ("webhooks", webhooks))
        if done.unopened
    ]
    if unopened:
        raise BadEnvironment(
            f"no key opens those of {' and of '.join(unopened)}; add the key that they were "
            "encrypted with, or give them their secrets again"
        )
