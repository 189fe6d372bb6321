"""The newest configuration, compiled, for what is asked of it outside the routers.

The routers follow the database; the control role looks when it is asked. What was compiled for a
revision is kept until there is another one: some 3 kB for each trunk, rule or DID with all its
parts, and about a second of compiling for 100,000 of them, which a thread does.
"""

import asyncio
from datetime import datetime

from msgspec import Struct

from pointsman.routing.configuration import Configuration
from pointsman.routing.named_object import NamedObject, name_objects
from pointsman.routing.snapshot import Snapshot, compile_snapshot
from pointsman.routing.tenant_view import view_of_tenant
from pointsman.services.config_revisions import get_current_revision
from pointsman.services.snapshots import load_configuration

# Tenants' views that are kept beside the whole.
_MAX_VIEWS = 8


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
    """The configuration of the database that the caller is bound to."""

    def __init__(self) -> None:
        self._lock = asyncio.Lock()
        # A database that was restored may have the number that we have: the time tells.
        self._stamp: tuple[int, datetime] | None = None
        self._whole: CompiledConfiguration | None = None
        self._views: dict[str, CompiledConfiguration] = {}

    async def newest(self, tenant_id: str = "") -> Reach:
        """The newest revision within the reach of a tenant, "" for the platform."""
        async with self._lock:
            whole = await self._newest()
            return Reach(whole, await self._view(whole, tenant_id) if tenant_id else whole)

    async def _view(self, whole: CompiledConfiguration, tenant_id: str) -> CompiledConfiguration:
        view = self._views.get(tenant_id)
        if view is None:
            view = await asyncio.to_thread(_compile_view, whole.configuration, tenant_id)
            if len(self._views) >= _MAX_VIEWS:
                del self._views[next(iter(self._views))]
            self._views[tenant_id] = view
        return view

    async def _newest(self) -> CompiledConfiguration:
        revision = await get_current_revision()
        stamp = (revision.id, revision.created_at)
        if self._whole is None or self._stamp != stamp:
            configuration = await load_configuration()
            self._whole = await asyncio.to_thread(compile_configuration, configuration)
            # A change that was committed meanwhile is looked for again.
            self._stamp = stamp if configuration.revision == revision.id else None
            self._views.clear()
        return self._whole


def _compile_view(configuration: Configuration, tenant_id: str) -> CompiledConfiguration:
    return compile_configuration(view_of_tenant(configuration, tenant_id))
