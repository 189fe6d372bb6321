"""The command `pointsman lint`: what in the configuration cannot be meant."""

import json as json_module
from collections import Counter
from collections.abc import Sequence
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pointsman.command_database import read_configuration
from pointsman.errors import BadEnvironment
from pointsman.explanation_text import visible
from pointsman.routing.configuration import Configuration
from pointsman.routing.lint.finding import Finding, Severity
from pointsman.routing.lint.lint import lint as find_all

Json = Annotated[bool, typer.Option("--json", help="Print a JSON array.")]
Strict = Annotated[bool, typer.Option("--strict", help="Fail on warnings, too.")]
Tenant = Annotated[
    str, typer.Option(metavar="NAME", help="Only findings of this tenant's objects.")
]


def lint(*, json: Json = False, strict: Strict = False, tenant: Tenant = "") -> None:
    """Check the newest configuration: what in it cannot be meant, and what to do about it.

    Works on the database of the settings and writes nothing; no role need run. The exit status is
    1 when there are errors, or, with --strict, warnings.
    """
    configuration = read_configuration()
    findings = find_all(configuration)
    if tenant:
        tenant_id = _find_tenant(tenant, configuration)
        findings = tuple(each for each in findings if each.tenant_id == tenant_id)
    if json:
        typer.echo(json_module.dumps([_plain(each) for each in findings], indent=2))
    else:
        _print(findings, configuration)
    if any(strict or finding.severity is Severity.ERROR for finding in findings):
        raise typer.Exit(1)


def _find_tenant(name: str, configuration: Configuration) -> str:
    for tenant in configuration.tenants:
        if tenant.name == name:
            return tenant.id
    raise BadEnvironment(f"there is no tenant {name}")


def _plain(finding: Finding) -> dict[str, object]:
    return {
        "code": finding.code,
        "severity": finding.severity,
        "message": finding.message,
        "fix": finding.fix,
        "tenant": finding.tenant_id,
        "objects": [
            {"noun": named.noun, "id": named.id, "name": named.name} for named in finding.objects
        ],
    }


def _print(findings: Sequence[Finding], configuration: Configuration) -> None:
    console = Console(highlight=False)
    if findings:
        owners = {tenant.id: tenant.name for tenant in configuration.tenants}
        table = Table("Finding", "Of", "What it is, and what to do", show_lines=True)
        for finding in findings:
            is_error = finding.severity is Severity.ERROR
            what = Text(visible(finding.message))
            what.append(f"\n{visible(finding.fix)}", "dim")
            table.add_row(
                Text(f"{finding.severity}\n{finding.code}", "bold red" if is_error else "yellow"),
                Text(visible(owners.get(finding.tenant_id, "the platform"))),
                what,
            )
        console.print(table)
    count = Counter(finding.severity for finding in findings)
    console.print(
        f"revision {configuration.revision}: {_times(count[Severity.ERROR], 'error')}, "
        f"{_times(count[Severity.WARNING], 'warning')}"
    )


def _times(number: int, noun: str) -> str:
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"
