"""The newest configuration, compiled once a revision, and what is said when it does not compile."""

import pytest

from pointsman.auth import Principal
from pointsman.errors import BadEnvironment
from pointsman.models import ConfigRevision, RoutingRule
from pointsman.routing.lint.finding import FindingCode
from pointsman.routing.routing_rule import RuleAction
from pointsman.services.configuration_cache import ConfigurationCache
from pointsman.services.secrets import NO_KEYS
from pointsman.services.tenants import create_tenant, update_tenant


@pytest.fixture
def cache() -> ConfigurationCache:
    return ConfigurationCache(NO_KEYS)


async def test_a_revision_is_compiled_once(
    committed: str, admin: Principal, cache: ConfigurationCache
) -> None:
    acme = await create_tenant(admin, name="Acme")
    first = await cache.newest()
    assert first.whole is first.seen
    assert (await cache.newest()).whole is first.whole
    of_acme = await cache.newest(str(acme.id))
    assert of_acme.whole is first.whole
    assert of_acme.seen is (await cache.newest(str(acme.id))).seen
    assert [tenant.name for tenant in of_acme.seen.configuration.tenants] == ["Acme"]
    await update_tenant(admin, acme.id, name="New name")
    changed = await cache.newest()
    assert changed.whole.snapshot.revision == first.whole.snapshot.revision + 1
    assert changed.whole.names[str(acme.id)].name == "New name"


async def test_what_is_kept_for_tenants_is_bounded(
    committed: str, admin: Principal, cache: ConfigurationCache
) -> None:
    tenants = [str((await create_tenant(admin, name=f"T{n}")).id) for n in range(10)]
    views = {tenant: (await cache.newest(tenant)).seen for tenant in tenants}
    whole = (await cache.newest()).whole
    assert (await cache.newest(tenants[-1])).seen is views[tenants[-1]]
    assert (await cache.newest(tenants[0])).seen is not views[tenants[0]]
    assert (await cache.newest()).whole is whole


async def test_a_database_that_was_restored_is_read_anew(
    committed: str, admin: Principal, cache: ConfigurationCache
) -> None:
    """It may have the revision that is kept, with another content."""
    await create_tenant(admin, name="Acme")
    kept = (await cache.newest()).whole
    newest = await ConfigRevision.all().order_by("-id").first()
    assert newest is not None
    moment = newest.created_at.replace(year=2000)
    await ConfigRevision.filter(id=newest.id).update(created_at=moment)
    assert (await cache.newest()).whole is not kept


async def test_a_configuration_that_does_not_compile_is_told_with_its_finding(
    committed: str, admin: Principal, cache: ConfigurationCache
) -> None:
    acme = await create_tenant(admin, name="Acme")
    await RoutingRule.create(
        tenant=acme, name="broken", action=RuleAction.REJECT, reject_sip_code=403, called_regex="("
    )
    with pytest.raises(BadEnvironment, match="no router can load the newest configuration"):
        await cache.newest()
    codes = [finding.code for finding in await cache.findings()]
    assert FindingCode.REGEX_REFUSED in codes
    assert await cache.findings() is await cache.findings()
