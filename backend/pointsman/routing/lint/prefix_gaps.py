"""Numbers of a country for which a tenant that has rules for others has none."""

from collections import defaultdict
from collections.abc import Iterator

from pointsman.routing.lint.finding import Finding, FindingCode, listed, make_finding
from pointsman.routing.lint.inventory import Inventory
from pointsman.routing.lint.numbering_plan import (
    DEPTH,
    country_code_of,
    kind_of,
    next_digits,
    regions_of,
)

# What is looked at of a number: the plus, the country code and its first digits.
_LONGEST = 1 + 3 + DEPTH


def check_gaps(inventory: Inventory) -> Iterator[Finding]:
    """Each country code of which a tenant has rules for parts. A rule with more conditions than
    its prefix, and a DID, count as if they took all numbers of it."""
    for tenant in inventory.live_tenants():
        rules = inventory.rules.get(tenant.id, ())
        ids_by_code: dict[int, list[str]] = defaultdict(list)
        prefixes = {rule.called_prefix for rule in rules}
        for rule in rules:
            code = country_code_of(rule.called_prefix[1:]) if _is_e164(rule.called_prefix) else None
            if code is not None:
                ids_by_code[code].append(rule.id)
        own = {did.prefix[:_LONGEST] for did in inventory.dids.get(tenant.id, ())}
        for code, rule_ids in sorted(ids_by_code.items()):
            gaps = _gaps(code, prefixes, own)
            if not gaps:
                continue
            countries = "/".join(regions_of(code)[:3])
            yield make_finding(
                FindingCode.PREFIX_GAP,
                tenant.id,
                inventory.named([tenant.id, *rule_ids]),
                f"{tenant.name} has rules for some numbers of +{code} ({countries}), and none for "
                + listed([f"+{code}{digits} ({kind})" for digits, kind in gaps]),
                fix=f"make a rule for them, or one for +{code}: with the action REJECT, if nobody "
                "is to call there",
            )


def _is_e164(prefix: str) -> bool:
    return prefix.startswith("+") and len(prefix) > 1


def _gaps(code: int, prefixes: set[str], own: set[str]) -> list[tuple[str, str]]:
    """The shortest national prefixes of which no number has a rule, each with its kind."""
    start = f"+{code}"
    if any(start[:length] in prefixes for length in range(len(start) + 1)):
        return []
    given = {p.removeprefix(start)[:DEPTH] for p in (*prefixes, *own) if p.startswith(start)}
    begun = {digits[:length] for digits in given for length in range(len(digits) + 1)}
    gaps = []
    following = next_digits(code)
    waiting = [""]
    while waiting:
        digits = waiting.pop()
        if digits in given:
            continue
        if digits in begun:
            waiting += following.get(digits, ())
        else:
            gaps.append((digits, kind_of(code, digits)))
    return gaps
