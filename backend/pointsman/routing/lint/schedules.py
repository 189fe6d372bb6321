"""Schedules that say nothing about the time."""

from collections import defaultdict
from collections.abc import Iterator

from pointsman.routing.lint.finding import Finding, FindingCode, make_finding
from pointsman.routing.lint.inventory import Inventory
from pointsman.routing.lint.opening import Opening, opening_of


def check_schedules(inventory: Inventory) -> Iterator[Finding]:
    """Schedules that never open, or always are."""
    users = defaultdict(list)
    for rule in inventory.configuration.routing_rules:
        users[rule.schedule_id].append(rule.id)
    for schedule in inventory.configuration.schedules:
        opening = opening_of(schedule)
        if opening is Opening.SOMETIMES:
            continue
        never = opening is Opening.NEVER
        yield make_finding(
            FindingCode.SCHEDULE_NEVER_OPENS if never else FindingCode.SCHEDULE_NEVER_CLOSES,
            schedule.tenant_id,
            inventory.named([schedule.id, *users[schedule.id]]),
            f"the schedule {schedule.name} never {'opens' if never else 'closes'}",
            fix="give it a window" if never else "narrow its windows, or take it off its rules",
        )
