"""Patterns that RE2 refuses: with one of them no router can load the configuration."""

from collections.abc import Iterator

from pointsman.routing.lint.finding import Finding, FindingCode, make_finding
from pointsman.routing.lint.inventory import Inventory
from pointsman.routing.routing_rule import BadRegex, compile_regex


def check_patterns(inventory: Inventory) -> Iterator[Finding]:
    """The patterns of rules and profiles. A save refuses them: these came in otherwise."""
    for rule in inventory.configuration.routing_rules:
        for pattern in (rule.called_regex, rule.calling_regex):
            yield from _refused(pattern, rule.tenant_id, rule.id, inventory)
    for profile in inventory.configuration.normalization_profiles:
        for part in profile.rules:
            yield from _refused(part.match, profile.tenant_id, profile.id, inventory)


def _refused(
    pattern: str, tenant_id: str, object_id: str, inventory: Inventory
) -> Iterator[Finding]:
    if not pattern:
        return
    try:
        compile_regex(pattern)
    except BadRegex as error:
        named = inventory.named([object_id])
        yield make_finding(
            FindingCode.REGEX_REFUSED,
            tenant_id,
            named,
            f"RE2 refuses the pattern {pattern} of {named[0].name}: {error}",
            fix="write it in RE2's syntax, or disable what it is in",
        )
