"""Lists: bounded, in order, by keyset."""

import base64
import json

import pytest
from tortoise.expressions import Q
from tortoise.transactions import in_transaction

from pointsman.auth import Principal
from pointsman.errors import InvalidInput
from pointsman.models import RoutingRule, Tenant
from pointsman.models.routing_rule import LISTED_BY
from pointsman.services.routing_rules import create_routing_rule, list_routing_rules
from pointsman.services.rows import MAX_PAGE, list_rows
from pointsman.services.tenants import create_tenant, list_tenants
from tests.services.conftest import Objects

pytestmark = pytest.mark.usefixtures("transaction")


async def test_pages_follow_each_other_without_gap_or_repeat(admin: Principal) -> None:
    names = [f"T{number:02}" for number in range(23)]
    for name in reversed(names):
        await create_tenant(admin, name=name)
    seen: list[str] = []
    after = None
    while True:
        page = await list_tenants(admin, first=5, after=after)
        seen += [row.name for row in page.rows]
        assert await page.total() == 23
        if not page.has_next:
            break
        after = page.cursors[-1]
    assert seen == names


async def test_a_page_stays_right_when_rows_come_and_go(admin: Principal) -> None:
    for name in ("a", "c", "e", "g"):
        await create_tenant(admin, name=name)
    page = await list_tenants(admin, first=2)
    await Tenant.filter(name="a").delete()
    await create_tenant(admin, name="b")
    await create_tenant(admin, name="d")
    rest = await list_tenants(admin, first=9, after=page.cursors[-1])
    assert [row.name for row in rest.rows] == ["d", "e", "g"]


async def test_a_page_of_rules_is_read_in_order_and_not_sorted_out_of_all() -> None:
    page = RoutingRule.all().order_by(*LISTED_BY, "id").limit(101).sql(params_inline=True)
    async with in_transaction() as connection:
        # So few rules are read sooner in any order.
        await connection.execute_script("SET LOCAL enable_seqscan = off")
        plan = await connection.execute_query_dict(f"EXPLAIN {page}")
    steps = "\n".join(row["QUERY PLAN"] for row in plan)
    assert "routing_rule_order" in steps
    assert "Sort" not in steps


async def test_equal_keys_are_told_apart_by_the_next_and_the_id(
    admin: Principal, objects: Objects
) -> None:
    for name, priority in (("a", 1), ("b", 0), ("c", 1), ("d", 0), ("e", 0)):
        await create_routing_rule(
            admin,
            tenant_id=objects.acme.id,
            name=name,
            routing_group_id=objects.acme_group.id,
            priority=priority,
        )
    await RoutingRule.all().update(called_prefix="+39")
    seen = []
    after = None
    for _ in range(5):
        page = await list_routing_rules(admin, first=1, after=after)
        seen += [row.name for row in page.rows]
        after = page.cursors[-1]
    assert seen == ["b", "d", "e", "a", "c"]
    page = await list_rows(admin, RoutingRule, Q(), order=("priority",), first=9, after=None)
    keys = [(row.priority, row.id) for row in page.rows]
    assert keys == sorted(keys)


@pytest.mark.parametrize("first", [-1, MAX_PAGE + 1])
async def test_a_page_is_bounded(admin: Principal, first: int) -> None:
    with pytest.raises(InvalidInput) as caught:
        await list_tenants(admin, first=first)
    assert caught.value.problems[0].path == "first"


async def test_an_empty_page_asks_for_no_row(admin: Principal) -> None:
    await create_tenant(admin, name="Acme")
    page = await list_tenants(admin, first=0)
    assert (page.rows, page.has_next) == ([], True)


def _cursor(*values: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode()


@pytest.mark.parametrize(
    "after",
    [
        "",
        "zzz",
        "é",
        _cursor(),
        _cursor("tenant"),
        _cursor("tenant", "a"),
        _cursor("tenant", "a", "not-a-uuid"),
        _cursor("tenant", "a", "b", "c"),
        _cursor("tenant", "a", 5),
        _cursor("tenant", 5, "00000000-0000-0000-0000-000000000000"),
        _cursor("tenant", "a\0", "00000000-0000-0000-0000-000000000000"),
        _cursor("tenant", "\ud800", "00000000-0000-0000-0000-000000000000"),
        _cursor("trunk", "a", "00000000-0000-0000-0000-000000000000"),
        _cursor("tenant", "a" * 101, "00000000-0000-0000-0000-000000000000"),
        base64.urlsafe_b64encode(b"[" * 100_000).decode(),
        base64.urlsafe_b64encode(b'{"a": 1}').decode(),
        base64.urlsafe_b64encode(b"\xff").decode(),
    ],
)
async def test_what_is_no_cursor_is_refused(admin: Principal, after: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        await list_tenants(admin, after=after)
    assert caught.value.problems[0].path == "after"


@pytest.mark.parametrize("priority", [2**40, -(2**40), True, 1.5, "1", None])
async def test_a_number_in_a_cursor_must_fit_its_column(admin: Principal, priority: object) -> None:
    cursor = _cursor("routing rule", "+39", priority, "a", "00000000-0000-0000-0000-000000000000")
    with pytest.raises(InvalidInput):
        await list_routing_rules(admin, after=cursor)


async def test_a_cursor_of_the_list_is_taken(admin: Principal) -> None:
    """What the refusals above differ from by one thing."""
    await create_tenant(admin, name="b")
    after = _cursor("tenant", "a", "00000000-0000-0000-0000-000000000000")
    assert [row.name for row in (await list_tenants(admin, after=after)).rows] == ["b"]
