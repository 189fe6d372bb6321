"""The command `pointsman`."""

import asyncio
import os
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from pointsman import __version__, role_command, schema_files
from pointsman.agent_command import agent
from pointsman.auth import Principal
from pointsman.calls_command import calls_app
from pointsman.command_database import with_database
from pointsman.database import (
    connected_and_migrated,
    migrate,
    unwritten_migrations,
    write_migration,
)
from pointsman.demo import load_demo
from pointsman.errors import BadEnvironment, PointsmanError
from pointsman.explain_command import explain
from pointsman.first_start import (
    ensure_admin_token,
    ensure_node_token,
    ensure_secret_key,
    make_state_dir,
)
from pointsman.installation import database_url, embedded_postgres
from pointsman.lint_command import lint
from pointsman.role_name import RoleName
from pointsman.secret_command import secret_app
from pointsman.services.api_tokens import create_api_token
from pointsman.services.kamailio_nodes import create_kamailio_node
from pointsman.settings import PREFIX, Settings, load_settings
from pointsman.ship_command import ship
from pointsman.statistics_command import statistics_app
from pointsman.supervisor import Role, Supervisor, only_one
from pointsman.telemetry import configure_logging
from pointsman.welcome import print_welcome

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Pointsman: a GraphQL-configured SIP routing platform. Settings: pointsman settings.",
)
token_app = typer.Typer(no_args_is_help=True, help="Tokens for the GraphQL API.")
node_app = typer.Typer(no_args_is_help=True, help="Kamailio nodes, which ask for routes.")
schema_app = typer.Typer(no_args_is_help=True, help="The files under schema/.")
app.add_typer(token_app, name="token")
app.add_typer(node_app, name="node")
app.add_typer(schema_app, name="schema")
app.add_typer(secret_app, name="secret")
app.add_typer(statistics_app, name="statistics")
app.add_typer(calls_app, name="calls")
app.command()(agent)
app.command()(explain)
app.command()(lint)
app.command()(ship)

_BY = Principal("command line")
_SCHEMA_DIRECTORY = Path("schema")


def main() -> None:
    """Run; an expected error is one line on standard error and the exit status 1."""
    try:
        if any("\udc80" <= letter <= "\udcff" for word in sys.argv for letter in word):
            raise BadEnvironment("an argument is no UTF-8")
        app()
    except PointsmanError as error:
        typer.echo(f"pointsman: {error}", err=True)
        sys.exit(1)


@app.command()
def version() -> None:
    """Print the version."""
    typer.echo(__version__)


@app.command()
def serve(
    role: Annotated[
        RoleName | None,
        typer.Argument(help="One role, in this process; without it all, each in its own."),
    ] = None,
    demo: Annotated[  # noqa: FBT002 -- a flag
        bool,
        typer.Option(help="Migrate, make the first tokens and load a small configuration to try."),
    ] = False,
) -> None:
    """Serve the platform. Without POINTSMAN_DATABASE_URL a PostgreSQL of our own is started."""
    if role is None:
        settings = load_settings()
        configure_logging(settings.log_level, settings.log_format, "supervisor")
        _serve_all(settings, demo=demo)
    else:
        role_command.main(role)


@app.command(name="migrate")
def migrate_command(
    check: Annotated[  # noqa: FBT002 -- a flag
        bool,
        typer.Option("--check", help="Only tell whether the models have what no migration has."),
    ] = False,
    write: Annotated[
        str | None,
        typer.Option(help="Only write a migration of this name for what changed in the models."),
    ] = None,
) -> None:
    """Bring the database's schema up to date."""
    if write is not None:
        written = asyncio.run(write_migration(write))
        typer.echo(f"wrote {written}" if written else "the models have not changed")
        return
    if check:
        unwritten = asyncio.run(unwritten_migrations())
        if unwritten is not None:
            raise BadEnvironment(
                "the models have changes without a migration: run make migration name=WHAT\n"
                + unwritten
            )
        typer.echo("the migrations say all that the models do")
        return
    applied = asyncio.run(migrate(database_url(load_settings())))
    typer.echo("\n".join(f"applied {name}" for name in applied) or "the schema is up to date")


@app.command(name="settings")
def settings_command() -> None:
    """List all settings with their values here; set them as environment variables."""
    current = load_settings()
    table = Table("Setting", "Value here", "What it is", show_lines=True)
    for name, field in Settings.model_fields.items():
        value = getattr(current, name)
        shown = _without_password(str(value)) if name == "database_url" else str(value)
        table.add_row(f"{PREFIX}{name}".upper(), shown, field.description or "")
    Console(width=None if sys.stdout.isatty() else 120).print(table)


@token_app.command(name="create")
def token_create(
    name: Annotated[str, typer.Argument(help="What it is for; shown in the change records.")],
    tenant: Annotated[
        str | None,
        typer.Option(help="Name of a tenant, to which the token is confined; else the platform."),
    ] = None,
) -> None:
    """Make a token for the API and print it, once."""
    typer.echo(with_database(lambda: create_api_token(name, tenant)))


@node_app.command(name="create")
def node_create(
    name: Annotated[str, typer.Argument(help="The node's name.")],
    socket: Annotated[
        list[str] | None,
        typer.Option(help="ip:port of the node's own SIP sockets; no call is ever sent there."),
    ] = None,
    trust: Annotated[
        list[str] | None,
        typer.Option(help="Address or network from which it may ask without a token."),
    ] = None,
) -> None:
    """Make a Kamailio node and print its token, once."""
    typer.echo(
        with_database(
            lambda: create_kamailio_node(
                _BY, name=name, sockets=socket or [], trusted_cidrs=trust or []
            )
        )
    )


@schema_app.command(name="export")
def schema_export(
    directory: Annotated[Path, typer.Argument(help="Where to.")] = _SCHEMA_DIRECTORY,
) -> None:
    """Write the GraphQL schema and the JSON Schemas of rtjson."""
    for file in schema_files.export(directory):
        typer.echo(f"wrote {file}")


@schema_app.command(name="check")
def schema_check(
    against: Annotated[
        str | None,
        typer.Argument(
            help="A schema file or a git revision: fail on a change that breaks its clients. "
            "Without it: fail when the files are not what would be exported now."
        ),
    ] = None,
    directory: Annotated[
        Path, typer.Option(help="Where the schema files are.")
    ] = _SCHEMA_DIRECTORY,
) -> None:
    """Check the schema for drift, or for breaking changes."""
    if against is None:
        if names := schema_files.drifted(directory):
            raise BadEnvironment(
                f"not what would be exported now: {', '.join(names)}; run make schema"
            )
        typer.echo("the schema files are up to date")
        return
    if changes := schema_files.breaking_changes(against, directory):
        typer.echo(f"breaking changes against {against}:", err=True)
        for change in changes:
            typer.echo(f"  {change}", err=True)
        raise typer.Exit(1)
    typer.echo(f"no breaking change against {against}")


@schema_app.command(name="validate")
def schema_validate(
    files: Annotated[list[Path], typer.Argument(help="Files with GraphQL operations.")],
) -> None:
    """Check a client's GraphQL operations against the schema."""
    faults = list(schema_files.invalid_operations(files))
    for fault in faults:
        typer.echo(fault, err=True)
    if faults:
        raise typer.Exit(1)
    typer.echo(f"valid: {', '.join(map(str, files))}")


def _serve_all(settings: Settings, *, demo: bool) -> None:
    os.umask(0o022)  # PostgreSQL's user passes through; what is private says so itself
    make_state_dir(settings.state_dir)
    with only_one(settings.state_dir):
        embedded = None if settings.database_url else embedded_postgres(settings)
        try:
            if embedded is not None:
                embedded.start()
            url = database_url(settings)
            if demo or embedded is not None:
                asyncio.run(migrate(url))
            tokens = asyncio.run(_prepare(settings, url, demo=demo))
            environment = {**os.environ, f"{PREFIX}DATABASE_URL": url}
            if embedded is not None and not settings.given_secret_keys:
                environment[f"{PREFIX}SECRET_KEYS"] = ensure_secret_key(settings.state_dir)
            roles = [
                Role(RoleName.CONTROL, settings.control_host, settings.control_port, environment),
                Role(RoleName.ROUTER, settings.router_host, settings.router_port, environment),
                Role(RoleName.RECORDS, settings.records_host, settings.records_port, environment),
            ]
            others = [] if embedded is None else [embedded.kept()]
            with Supervisor(roles, others) as supervisor:
                if supervisor.wait_ready():
                    urls = {role.name: role.url for role in roles}
                    kept = _keeps_tokens(settings, demo=demo)
                    print_welcome(urls, settings.state_dir, tokens, tokens_kept=kept, demo=demo)
                    supervisor.run()
        finally:
            if embedded is not None:
                embedded.stop()
    typer.echo("stopped", err=True)


def _keeps_tokens(settings: Settings, *, demo: bool) -> bool:
    """Whether the first tokens are made, where they are missing: not in another's database."""
    return demo or not settings.database_url


async def _prepare(settings: Settings, url: str, *, demo: bool) -> dict[str, str]:
    """The tokens made now, by what they are for."""
    async with connected_and_migrated(url):
        made = {}
        if _keeps_tokens(settings, demo=demo):
            made["admin"] = await ensure_admin_token(settings.state_dir)
            made["node"] = await ensure_node_token(settings.state_dir)
        if demo:
            await load_demo()
        return {name: token for name, token in made.items() if token is not None}


def _without_password(url: str) -> str:
    before, at, after = url.rpartition("@")
    scheme, _, credentials = before.partition("://")
    user, colon, _ = credentials.partition(":")
    return f"{scheme}://{user}{':***' if colon else ''}@{after}" if at else url
