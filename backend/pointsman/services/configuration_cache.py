"""The newest configuration, compiled, for what is asked of it outside the routers.

The routers follow the database; the control role looks when it is asked. What was compiled for a
revision is kept until there is another one: some 3 kB for each trunk, rule or DID with all its
parts, and about a second of compiling for 100,000 of them, which a thread does.
"""

import asyncio
from datetime import datetime
from typing import TypeVar

from msgspec import Struct

from pointsman.errors import BadEnvironment
from pointsman.routing.configuration import Configuration
from pointsman.routing.lint.finding import Finding
from pointsman.routing.lint.lint import lint
from pointsman.routing.named_object import NamedObject, name_objects
from pointsman.routing.routing_rule import BadRegex
from pointsman.routing.snapshot import Snapshot, compile_snapshot
from pointsman.routing.tenant_view import view_of_tenant
from pointsman.services.config_revisions import get_current_revision
from pointsman.services.secrets import Secrets
from pointsman.services.snapshots import load_configuration

T = TypeVar("T")

# Tenants of whom something is kept beside the whole.
_MAX_TENANTS = 8


class CompiledConfiguration(Struct, frozen=True):
    """A configuration, or a tenant's view of one, with its snapshot and its objects' names."""

    configuration: Configuration
    snapshot: Snapshot
    names: dict[str, NamedObject]


class Reach(Struct, frozen=True):
    """The whole configuration of a revision, and what of it a caller may see."""

    whole: CompiledConfiguration
    seen: CompiledConfiguration


def compile_configuration(configuration: Configuration) -> CompiledConfiguration:
    """The configuration ready to decide by; raises BadRegex as a router would."""
    return CompiledConfiguration(
        configuration, compile_snapshot(configuration), name_objects(configuration)
    )


class ConfigurationCache:
    """The configuration of the database that the caller is bound to, its secrets opened."""

    def __init__(self, secrets: Secrets) -> None:
        self._secrets = secrets
        self._lock = asyncio.Lock()
        # A database that was restored may have the number that we have: the time tells.
        self._stamp: tuple[int, datetime] | None = None
        self._configuration: Configuration | None = None
        # By the tenant within whose reach it is, "" for the platform.
        self._compiled: dict[str, CompiledConfiguration] = {}
        self._findings: dict[str, tuple[Finding, ...]] = {}

    async def newest(self, tenant_id: str = "") -> Reach:
        """The newest revision within the reach of a tenant, "" for the platform; raises
        BadEnvironment for one that no router can load."""
        async with self._lock:
            configuration = await self._load()
            try:
                whole = await self._compile(configuration, "")
                return Reach(whole, await self._compile(configuration, tenant_id))
            except BadRegex as error:
                raise BadEnvironment(
                    f"no router can load the newest configuration: {error}; see its findings"
                ) from error

    async def findings(self, tenant_id: str = "") -> tuple[Finding, ...]:
        """What the static checks find in it within the reach of a tenant."""
        async with self._lock:
            configuration = await self._load()
            found = self._findings.get(tenant_id)
            if found is None:
                found = await asyncio.to_thread(_lint, configuration, tenant_id)
                _put(self._findings, tenant_id, found)
            return found

    async def _load(self) -> Configuration:
        revision = await get_current_revision()
        stamp = (revision.id, revision.created_at)
        if self._configuration is None or self._stamp != stamp:
            self._configuration = await load_configuration(self._secrets)
            # A change that was committed meanwhile is looked for again.
            self._stamp = stamp if self._configuration.revision == revision.id else None
            self._compiled.clear()
            self._findings.clear()
        return self._configuration

    async def _compile(self, configuration: Configuration, tenant_id: str) -> CompiledConfiguration:
        compiled = self._compiled.get(tenant_id)
        if compiled is None:
            compiled = await asyncio.to_thread(_compile_view, configuration, tenant_id)
            _put(self._compiled, tenant_id, compiled)
        return compiled


def _put(kept: dict[str, T], tenant_id: str, made: T) -> None:
    """Keep what was made for a tenant, in the place of the oldest when there are too many."""
    tenants = [key for key in kept if key]
    if len(tenants) >= _MAX_TENANTS:
        del kept[tenants[0]]
    kept[tenant_id] = made


def _compile_view(configuration: Configuration, tenant_id: str) -> CompiledConfiguration:
    return compile_configuration(_view(configuration, tenant_id))


def _lint(configuration: Configuration, tenant_id: str) -> tuple[Finding, ...]:
    return lint(_view(configuration, tenant_id))


def _view(configuration: Configuration, tenant_id: str) -> Configuration:
    return view_of_tenant(configuration, tenant_id) if tenant_id else configuration
