"""A change of the configuration: one transaction with its records, its revision, its notice.

Changes are made one after the other, under a lock that a transaction takes first and holds until
its commit. So the revisions are in the order of the commits (a router that has seen revision 7
has seen all that came before), what a change has checked is still so when it commits, and no two
of them wait for each other's rows.
"""

import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from ipaddress import IPv4Network, IPv6Network
from typing import Any
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.exceptions import IntegrityError
from tortoise.models import Model

from pointsman.auth import Principal
from pointsman.database import transaction
from pointsman.models import ChangeOperation, ChangeRecord, ConfigRevision, Tenant
from pointsman.services.constraints import explain_violation
from pointsman.services.emergency_reach import check_reach, find_unreachable

CHANNEL = "pointsman_config"
# A notification with this payload asks for everything to be compiled.
EVERYTHING = "everything"
_LOCK = 0x7265766973696F6E
# Never written to an audit record.
_SECRETS = frozenset({"token_sha256"})
# Of what is encrypted a record has a mark that tells whether it changed, and nothing else.
_SEALED = frozenset({"outbound_password", "digest_ha1", "digest_ha1_sha256", "secret"})
_BOOKKEEPING = frozenset({"created_at", "updated_at"})
# What a described object says of the tenant that may read its records.
OWNER = "tenant_id"


@dataclass
class Change:
    """What a transaction has done so far."""

    principal: Principal
    connection: BaseDBAsyncClient
    records: list[ChangeRecord] = field(default_factory=list)

    def created(self, row: Model, after: dict[str, Any]) -> None:
        """An object was made."""
        self._add(ChangeOperation.CREATE, row, None, after)

    async def updated(self, row: Model, before: dict[str, Any], after: dict[str, Any]) -> None:
        """An object or a part of it was changed, and when; an update that changes nothing makes
        no revision."""
        if before != after:
            await row.save(update_fields=["updated_at"])
            self._add(ChangeOperation.UPDATE, row, before, after)

    def deleted(self, row: Model, before: dict[str, Any]) -> None:
        """An object was deleted."""
        self._add(ChangeOperation.DELETE, row, before, None)

    def _add(
        self,
        operation: ChangeOperation,
        row: Model,
        before: dict[str, Any] | None,
        after: dict[str, Any] | None,
    ) -> None:
        shown = after or before or {}
        self.records.append(
            ChangeRecord(
                operation=operation,
                noun=type(row).__name__,
                object_id=row.pk,
                tenant_id=shown["id"] if isinstance(row, Tenant) else shown.get(OWNER),
                before=before,
                after=after,
            )
        )


@asynccontextmanager
async def change(principal: Principal, removes: str = "") -> AsyncIterator[Change]:
    """One atomic change: commits with its audit records and a new revision, and tells the
    routers on commit. A constraint of the database that is hurt is raised as the error that
    the operator can act on; `removes` is the path of the object that is deleted, if one is. A
    change after which an emergency plan reaches too few carriers is a Conflict."""
    try:
        async with transaction() as connection:
            await connection.execute_query("SELECT pg_advisory_xact_lock($1)", [_LOCK])
            made = Change(principal, connection)
            unreachable = await find_unreachable(connection)
            yield made
            if made.records:
                await check_reach(connection, unreachable, removes or "id")
                await _publish(made)
    except IntegrityError as error:
        raise explain_violation(error, removes) from error


async def _publish(made: Change) -> None:
    revision = await ConfigRevision.create(actor=made.principal.name)
    for record in made.records:
        record.revision_id = revision.id
    await ChangeRecord.bulk_create(made.records)
    await notify(made.connection, str(revision.id))


async def notify(connection: BaseDBAsyncClient, what: str) -> None:
    """Tell all compilers, on commit: of a revision, or to compile EVERYTHING."""
    await connection.execute_query("SELECT pg_notify($1, $2)", [CHANNEL, what])


def describe(row: Model, **parts: list[dict[str, Any]]) -> dict[str, Any]:
    """A row as an audit record keeps it: its columns without secrets, and its parts."""
    columns = {
        name: _mark(getattr(row, name)) if name in _SEALED else _plain(getattr(row, name))
        for name in row._meta.fields_db_projection
        if name not in _SECRETS | _BOOKKEEPING
    }
    return {**columns, **parts}


def _mark(sealed: bytes | None) -> str | None:
    """Of the encrypted form, which is another each time that it is made."""
    return None if sealed is None else f"sealed {hashlib.sha256(sealed).hexdigest()[:12]}"


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, UUID | IPv4Network | IPv6Network):
        return str(value)
    if isinstance(value, datetime):
        return value.isoformat()
    return value
