"""Numbers that routing rules send calls on to, and those among them that lead nowhere."""

from pointsman.models import Did, EmergencyPlan, RoutingRule
from pointsman.routing.routing_rule import RoutingRule as RoutedRule
from pointsman.routing.routing_rule import RuleAction, order_of
from pointsman.routing.rule_table import takes_called
from pointsman.services.routing_rule_fields import route_rule
from pointsman.services.validation import Problems

_PATH = "forwardNumber"


async def check_forward_number(problems: Problems, row: RoutingRule) -> None:
    """Note what is wrong with the number that a rule, as it is now, sends calls on to.

    Who calls, whence and when stays the same, so that a rule whose conditions hold for its own
    number is what the call comes to again, unless the number is the tenant's own or another rule
    goes before. Longer ways round end when a call is decided.
    """
    rule = route_rule(row)
    if rule.action is not RuleAction.CONTINUE:
        return
    if await _is_emergency_number(row, rule.forward_number):
        problems.add(
            _PATH,
            f"{rule.forward_number} is an emergency number of the tenant",
            "add what is dialled to the numbers of its emergency plan",
        )
    if takes_called(rule, rule.forward_number) and not (
        await _is_own_number(row, rule.forward_number) or await _another_goes_before(row, rule)
    ):
        problems.add(
            _PATH,
            "the rule's own conditions hold for this number: its calls would go in circles",
            "use a calledPrefix or calledRegex without it, or make the rule that takes it first",
        )


async def _is_emergency_number(row: RoutingRule, number: str) -> bool:
    plans = await EmergencyPlan.filter(tenant_id=row.tenant_id).values_list("numbers", flat=True)
    return any(number.removeprefix("+") in numbers for numbers in plans)


async def _is_own_number(row: RoutingRule, number: str) -> bool:
    return await Did.exists(tenant_id=row.tenant_id, prefix__in=_prefixes(number))


async def _another_goes_before(row: RoutingRule, rule: RoutedRule) -> bool:
    others = RoutingRule.filter(
        tenant_id=row.tenant_id, enabled=True, called_prefix__in=_prefixes(rule.forward_number)
    )
    for other in await others.exclude(id=row.id):
        routed = route_rule(other)
        if order_of(routed) < order_of(rule) and takes_called(routed, rule.forward_number):
            return True
    return False


def _prefixes(number: str) -> list[str]:
    return [number[:length] for length in range(len(number) + 1)]
