import pytest

from pointsman.auth import Principal
from pointsman.errors import Conflict, Forbidden, InvalidInput, NotFound
from pointsman.models import ReroutePolicy
from pointsman.routing.reroute_policy import RerouteAction, ReroutePhase, RerouteRule
from pointsman.services.carriers import update_carrier
from pointsman.services.reroute_policies import (
    MAX_RULES,
    Rule,
    create_reroute_policy,
    delete_reroute_policy,
    list_reroute_policies,
    load_reroute_policies,
    update_reroute_policy,
)
from pointsman.services.tenants import update_tenant
from pointsman.services.trunks import update_trunk
from tests.services.conftest import Objects

pytestmark = pytest.mark.usefixtures("transaction")

STOP, NEXT, CARRIER = RerouteAction.STOP, RerouteAction.NEXT, RerouteAction.NEXT_CARRIER
REWRITE = RerouteAction.REWRITE
BEFORE, AFTER, ANY = ReroutePhase.BEFORE_RINGING, ReroutePhase.AFTER_RINGING, ReroutePhase.ANY


async def _create(
    admin: Principal, objects: Objects, *rules: Rule, name: str = "p"
) -> ReroutePolicy:
    return await create_reroute_policy(admin, tenant_id=objects.acme.id, name=name, rules=rules)


async def test_a_policy_is_made_changed_and_deleted(admin: Principal, objects: Objects) -> None:
    row = await _create(
        admin,
        objects,
        Rule(" 5XX ", CARRIER, ANY),
        Rule("timeout", REWRITE, AFTER, 480, " Not There; try later "),
    )
    (loaded,) = await load_reroute_policies()
    assert (loaded.id, loaded.tenant_id) == (str(row.id), str(objects.acme.id))
    assert loaded.rules == (
        RerouteRule("5xx", CARRIER, ANY),
        RerouteRule("TIMEOUT", REWRITE, AFTER, 480, "Not There; try later"),
    )
    await update_reroute_policy(admin, row.id, name="q")
    assert (await load_reroute_policies())[0].rules == loaded.rules
    await update_reroute_policy(admin, row.id, rules=[Rule("486", NEXT)])
    (loaded,) = await load_reroute_policies()
    assert (loaded.name, loaded.rules) == ("q", (RerouteRule("486", NEXT),))
    await delete_reroute_policy(admin, row.id)
    assert await load_reroute_policies() == ()


@pytest.mark.parametrize(
    ("rule", "path"),
    [
        *((Rule(cause, NEXT), "rules[0].cause") for cause in (
            "", "1xx", "180", "200", "2xx", "299", "700", "7xx", "48", "4860", "x", "4x", "٤٨٦",
        )),
        *((Rule("486", REWRITE, BEFORE, code, "Busy"), "rules[0].sipCode") for code in (
            None, 0, 200, 302, 399, 401, 407, 700,
        )),
        *((Rule("486", REWRITE, BEFORE, 480, reason), "rules[0].sipReason") for reason in (
            "", " ", "a\r\nX-A: b", 'say "no"', "back\\slash", "x" * 65, "50%", "a\x85b", "a\tb",
        )),
        (Rule("486", NEXT, BEFORE, 480), "rules[0]"),
        (Rule("486", STOP, BEFORE, None, "Busy"), "rules[0]"),
        (Rule("603", NEXT, ANY), "rules[0].phase"),
        (Rule("6xx", CARRIER, AFTER), "rules[0].phase"),
    ],
)  # fmt: skip
async def test_what_is_no_rule_is_refused(
    admin: Principal, objects: Objects, rule: Rule, path: str
) -> None:
    row = await _create(admin, objects)
    for attempt in (
        _create(admin, objects, rule, name="other"),
        update_reroute_policy(admin, row.id, rules=[rule]),
    ):
        with pytest.raises(InvalidInput) as caught:
            await attempt
        assert [problem.path for problem in caught.value.problems] == [path]
        assert all(problem.fix for problem in caught.value.problems)


async def test_everything_wrong_is_named_at_once(admin: Principal, objects: Objects) -> None:
    rules = [
        Rule("486", NEXT),
        Rule("999", REWRITE),
        Rule("486", STOP),
        Rule("486", STOP, AFTER),
    ]
    with pytest.raises(InvalidInput) as caught:
        await _create(admin, objects, *rules, name="")
    assert [problem.path for problem in caught.value.problems] == [
        "name",
        "rules[1].cause",
        "rules[1].sipCode",
        "rules[1].sipReason",
        "rules[2]",
    ]


async def test_there_are_not_too_many_rules(admin: Principal, objects: Objects) -> None:
    rules = [Rule(str(400 + number), NEXT) for number in range(MAX_RULES + 1)]
    await _create(admin, objects, *rules[:MAX_RULES])
    with pytest.raises(InvalidInput) as caught:
        await _create(admin, objects, *rules, name="other")
    assert [problem.path for problem in caught.value.problems] == ["rules"]


@pytest.mark.parametrize(
    "rule",
    [
        Rule("603", NEXT),
        Rule("6xx", CARRIER, BEFORE),
        Rule("603", STOP, ANY),
        Rule("603", REWRITE, AFTER, 480, "Not There"),
        Rule("3xx", NEXT, ANY),
        Rule("302", CARRIER),
        Rule("401", NEXT),
        Rule("TRANSPORT", STOP),
    ],
)
async def test_what_an_operator_may_want(admin: Principal, objects: Objects, rule: Rule) -> None:
    await _create(admin, objects, rule)
    (loaded,) = await load_reroute_policies()
    assert [found.cause for found in loaded.rules] == [rule.cause]


async def test_a_policy_that_is_used_stays(admin: Principal, objects: Objects) -> None:
    row = await _create(admin, objects)
    of_platform = await create_reroute_policy(admin, name="all")
    await update_trunk(admin, objects.acme_pbx.id, reroute_policy_id=row.id)
    await update_tenant(admin, objects.zen.id, reroute_policy_id=of_platform.id)
    for used in (row, of_platform):
        with pytest.raises(Conflict):
            await delete_reroute_policy(admin, used.id)
    await update_trunk(admin, objects.acme_pbx.id, reroute_policy_id=None)
    await update_tenant(admin, objects.zen.id, reroute_policy_id=None)
    await update_carrier(admin, objects.alpha.id, reroute_policy_id=of_platform.id)
    await delete_reroute_policy(admin, row.id)
    with pytest.raises(Conflict):
        await delete_reroute_policy(admin, of_platform.id)


async def test_a_name_is_taken_once_an_owner(admin: Principal, objects: Objects) -> None:
    await _create(admin, objects)
    await create_reroute_policy(admin, name="p")
    for attempt in (_create(admin, objects), create_reroute_policy(admin, name="p")):
        with pytest.raises(Conflict) as caught:
            await attempt
        assert caught.value.path == "name"


async def test_the_platforms_are_for_all_to_use_and_for_it_to_change(
    admin: Principal, objects: Objects, of_zen: Principal
) -> None:
    of_acme = await _create(admin, objects, name="a")
    of_platform = await create_reroute_policy(admin, name="b")
    own = await create_reroute_policy(of_zen, tenant_id=objects.zen.id, name="c")
    assert [row.name for row in (await list_reroute_policies(of_zen)).rows] == ["b", "c"]
    for attempt in (
        update_reroute_policy(of_zen, of_acme.id, name="x"),
        delete_reroute_policy(of_zen, of_acme.id),
        create_reroute_policy(of_zen, tenant_id=objects.acme.id, name="x"),
    ):
        with pytest.raises(NotFound):
            await attempt
    for denied in (
        update_reroute_policy(of_zen, of_platform.id, rules=[]),
        delete_reroute_policy(of_zen, of_platform.id),
        create_reroute_policy(of_zen, name="x"),
    ):
        with pytest.raises(Forbidden):
            await denied
    await update_reroute_policy(of_zen, own.id, rules=[Rule("486", NEXT)])
    await delete_reroute_policy(of_zen, own.id)


async def test_policies_are_listed_by_name(admin: Principal, objects: Objects) -> None:
    await _create(admin, objects, name="b")
    await create_reroute_policy(admin, tenant_id=objects.zen.id, name="c")
    await create_reroute_policy(admin, name="a")
    assert [row.name for row in (await list_reroute_policies(admin)).rows] == ["a", "b", "c"]
    usable = await list_reroute_policies(admin, tenant_id=objects.acme.id)
    assert [row.name for row in usable.rows] == ["a", "b"]
    named = await list_reroute_policies(admin, name_contains="B")
    assert [row.name for row in named.rows] == ["b"]
