from ipaddress import ip_network

import pytest

from pointsman.auth import Principal
from pointsman.errors import Conflict, Forbidden, InvalidInput, NotFound
from pointsman.models import ChangeRecord, TrustedProxy
from pointsman.routing.trusted_proxy import TrustedProxy as RoutedProxy
from pointsman.services.rows import find_row
from pointsman.services.trusted_proxies import (
    create_trusted_proxy,
    delete_trusted_proxy,
    list_trusted_proxies,
    load_trusted_proxies,
    update_trusted_proxy,
)
from tests.services.conftest import Objects

pytestmark = pytest.mark.usefixtures("transaction")


async def test_a_proxy_is_made_changed_and_deleted(admin: Principal) -> None:
    row = await create_trusted_proxy(admin, name="edge", cidr="192.0.2.0/28")
    assert await load_trusted_proxies() == (
        RoutedProxy(str(row.id), "edge", ip_network("192.0.2.0/28")),
    )
    row = await update_trusted_proxy(admin, row.id, name="border", cidr="2001:db8::1")
    assert (row.name, str(row.cidr)) == ("border", "2001:db8::1/128")
    await delete_trusted_proxy(admin, row.id)
    assert await load_trusted_proxies() == ()
    records = await ChangeRecord.all().order_by("id")
    assert [record.operation for record in records] == ["CREATE", "UPDATE", "DELETE"]
    assert {record.tenant_id for record in records} == {None}


@pytest.mark.parametrize("cidr", ["", "10.0.0.5/8", "0.0.0.0/0", "10.0.0.0/7", "::/0", "2001::/15"])
async def test_a_network_is_no_wider_than_one_is(admin: Principal, cidr: str) -> None:
    row = await create_trusted_proxy(admin, name="edge", cidr="192.0.2.0/28")
    for attempt in (
        create_trusted_proxy(admin, name="", cidr=cidr),
        update_trusted_proxy(admin, row.id, name="", cidr=cidr),
    ):
        with pytest.raises(InvalidInput) as caught:
            await attempt
        assert [problem.path for problem in caught.value.problems] == ["name", "cidr"]


async def test_a_name_and_a_network_are_taken_once(admin: Principal) -> None:
    await create_trusted_proxy(admin, name="edge", cidr="192.0.2.0/28")
    for name, cidr, path in (("edge", "192.0.2.32/28", "name"), ("x", "192.0.2.0/28", "cidr")):
        with pytest.raises(Conflict) as caught:
            await create_trusted_proxy(admin, name=name, cidr=cidr)
        assert caught.value.path == path


async def test_no_tenant_sees_or_changes_one(
    admin: Principal, objects: Objects, of_zen: Principal
) -> None:
    row = await create_trusted_proxy(admin, name="edge", cidr="192.0.2.0/28")
    with pytest.raises(Forbidden):
        await create_trusted_proxy(of_zen, name="mine", cidr="203.0.113.0/28")
    for attempt in (
        update_trusted_proxy(of_zen, row.id, cidr="203.0.113.0/28"),
        delete_trusted_proxy(of_zen, row.id),
    ):
        with pytest.raises(NotFound):
            await attempt
    assert await find_row(of_zen, TrustedProxy, row.id) is None
    page = await list_trusted_proxies(of_zen)
    assert (page.rows, await page.total()) == ([], 0)


async def test_proxies_are_listed_by_name_and_filter(admin: Principal) -> None:
    for number, name in enumerate(("west edge", "east edge", "border")):
        await create_trusted_proxy(admin, name=name, cidr=f"192.0.2.{number}")
    listed = await list_trusted_proxies(admin)
    assert [row.name for row in listed.rows] == ["border", "east edge", "west edge"]
    found = await list_trusted_proxies(admin, name_contains="EDGE", first=1)
    assert ([row.name for row in found.rows], await found.total()) == (["east edge"], 2)
