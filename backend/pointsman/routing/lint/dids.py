"""DIDs within DIDs, and numbers and domains that lead to nobody."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from pointsman.routing.choice import Choice
from pointsman.routing.did import Did
from pointsman.routing.lint.finding import Finding, FindingCode, listed, make_finding
from pointsman.routing.lint.inventory import Inventory


def check_dids(inventory: Inventory) -> Iterator[Finding]:
    """All DIDs and domains."""
    for tenant_id, dids in inventory.dids.items():
        yield from _nested(tenant_id, dids, inventory)
    for tenant in inventory.live_tenants():
        yield from _dead(tenant.id, inventory)


def _nested(tenant_id: str, dids: Sequence[Did], inventory: Inventory) -> Iterator[Finding]:
    """One finding for each DID with others in it, of which each is told once."""
    within: dict[str, list[Did]] = defaultdict(list)
    around: list[Did] = []
    for did in sorted(dids, key=lambda did: did.prefix):
        while around and not did.prefix.startswith(around[-1].prefix):
            around.pop()
        if around:
            within[around[-1].id].append(did)
        around.append(did)
    by_id = {did.id: did for did in dids}
    for outer_id, inner in within.items():
        outer = by_id[outer_id]
        prefixes = listed([did.prefix for did in inner])
        alike = [did.prefix for did in inner if _target(did) == _target(outer)]
        also = f"; {listed(alike)} leads to the same place" if alike else ""
        yield make_finding(
            FindingCode.DIDS_NESTED,
            tenant_id,
            inventory.named([outer_id, *(did.id for did in inner)]),
            f"within the DID {outer.prefix} there is {prefixes}: a call goes by the longer "
            f"one{also}",
            fix="leave it if exceptions are meant, else delete the one that is not",
        )


def _target(did: Did) -> tuple[str, str, bool]:
    return did.pbx_trunk_id, did.routing_group_id, did.enabled


def _dead(tenant_id: str, inventory: Inventory) -> Iterator[Finding]:
    """One finding for each trunk or group to which numbers or domains lead in vain."""
    dids: dict[str, list[str]] = defaultdict(list)
    for did in inventory.dids.get(tenant_id, ()):
        if did.enabled:
            dids[did.pbx_trunk_id or did.routing_group_id].append(did.id)
    domains: dict[str, list[str]] = defaultdict(list)
    for domain in inventory.domains.get(tenant_id, ()):
        domains[domain.pbx_trunk_id].append(domain.id)
    for code, users in (
        (FindingCode.DID_WITHOUT_LIVE_TRUNK, dids),
        (FindingCode.DOMAIN_WITHOUT_LIVE_TRUNK, domains),
    ):
        for target_id, user_ids in users.items():
            choice = _choice_of(target_id, inventory)
            if any(inventory.live_candidates(choice, internal=True)):
                continue
            named = inventory.named(sorted(user_ids))
            target = inventory.names[target_id]
            why = listed(list(inventory.faults(choice, internal=True))) or "the group is empty"
            what = "DID" if code is FindingCode.DID_WITHOUT_LIVE_TRUNK else "domain"
            yield make_finding(
                code,
                tenant_id,
                [target, *named],
                f"calls to the {what} {listed([user.name for user in named])} reach nobody: {why}",
                fix=f"enable a trunk of {target.name} and an endpoint of it, or let the {what} "
                "lead elsewhere",
            )


def _choice_of(target_id: str, inventory: Inventory) -> Choice:
    if target_id in inventory.objects.trunks:
        return inventory.choice_of_trunk(target_id)
    return inventory.choice_of_group(target_id)
