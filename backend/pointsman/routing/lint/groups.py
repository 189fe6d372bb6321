"""Groups that take no call, groups in circles, and ways that lead back to where a call is from."""

from collections import defaultdict
from collections.abc import Iterator

from pointsman.routing.choice import Choice, Place
from pointsman.routing.lint.finding import Finding, FindingCode, listed, make_finding
from pointsman.routing.lint.inventory import Inventory, owner_of
from pointsman.routing.routing_group import MAX_DEPTH, MAX_TRUNKS, RoutingGroup
from pointsman.routing.routing_rule import RuleAction
from pointsman.routing.trunk import TrunkKind


def check_groups(inventory: Inventory) -> Iterator[Finding]:
    """All groups, and the rules that lead to them."""
    yield from _circles(inventory)
    for group in inventory.configuration.routing_groups:
        yield from _unusable_places(group, inventory)
    for tenant in inventory.live_tenants():
        yield from _rules_to_nobody(tenant.id, inventory)
    yield from _routers(inventory)


def _rules_to_nobody(tenant_id: str, inventory: Inventory) -> Iterator[Finding]:
    users = defaultdict(list)
    for rule in inventory.rules.get(tenant_id, ()):
        if rule.action is RuleAction.GROUP:
            users[rule.routing_group_id].append(rule)
    pbxs = [trunk.id for trunk in inventory.sending_pbxs(tenant_id)]
    for group_id, rules in users.items():
        choice = inventory.choice_of_group(group_id)
        live = {candidate.trunk.id for candidate in inventory.live_candidates(choice)}
        if not live:
            why = listed(list(inventory.faults(choice))) or "it is empty"
            yield make_finding(
                FindingCode.GROUP_WITHOUT_LIVE_TRUNK,
                tenant_id,
                inventory.named([group_id, *(rule.id for rule in rules)]),
                f"the group {choice.name} takes no call: {why}; calls by the rule "
                f"{listed([rule.name for rule in rules])} are rejected",
                fix="enable a trunk of it and an endpoint of that, or let the rule lead elsewhere",
            )
            continue
        for rule in rules if len(live) == 1 else ():
            sources = [rule.source_trunk_id] if rule.source_trunk_id else pbxs
            if sources and set(sources) == live:
                (only,) = live
                yield make_finding(
                    FindingCode.RULE_LEADS_BACK,
                    tenant_id,
                    inventory.named([rule.id, group_id, only]),
                    f"the rule {rule.name} leads to {inventory.names[only].name} only, from where "
                    "all its calls come: no call goes back there",
                    fix=f"put another trunk into the group {choice.name}",
                )


def _circles(inventory: Inventory) -> Iterator[Finding]:
    """Each circle of groups once, from the group where the search comes upon it."""
    groups = inventory.objects.routing_groups
    done: set[str] = set()
    for start in groups:
        way: list[str] = []
        waiting = [(start, 0)]
        while waiting:
            group_id, depth = waiting.pop()
            del way[depth:]
            if group_id in way:
                yield _circle(way[way.index(group_id) :], inventory)
                continue
            if group_id in done:
                continue
            way.append(group_id)
            members = [e.member_group_id for e in groups[group_id].trunks if e.member_group_id]
            waiting += [(member, depth + 1) for member in members]
            if not members:
                done.add(group_id)
        done.add(start)


def _circle(group_ids: list[str], inventory: Inventory) -> Finding:
    named = inventory.named(group_ids)
    way = " -> ".join(group.name for group in (*named, named[0]))
    return make_finding(
        FindingCode.GROUP_IN_CIRCLE,
        inventory.objects.routing_groups[group_ids[0]].tenant_id,
        named,
        f"groups lie within each other: {way}",
        fix="take one of them out of the other",
    )


def _unusable_places(group: RoutingGroup, inventory: Inventory) -> Iterator[Finding]:
    """Enabled places that no call of the tenant ever takes, whatever is enabled elsewhere."""
    choice = inventory.choices.of_group(group)
    unusable = [p for p in choice.places if _is_foreign(p, group.tenant_id, inventory)]
    for place in (*unusable, *_beyond_bounds(choice, (group.id,))):
        yield make_finding(
            FindingCode.PLACE_UNUSABLE,
            group.tenant_id,
            inventory.named([group.id, place.id]),
            f"in the group {group.name} no call takes {place.name}: it {place.fault}",
            fix="take it out of the group, or make it usable: grant the carrier to the tenant, "
            f"or bring the groups to {MAX_DEPTH} levels and {MAX_TRUNKS} trunks at most",
        )


def _is_foreign(place: Place, tenant_id: str, inventory: Inventory) -> bool:
    """Whether the tenant may not use what is there."""
    trunk = inventory.objects.trunks.get(place.id)
    if trunk is None:
        return inventory.objects.routing_groups[place.id].tenant_id != tenant_id
    if trunk.kind is TrunkKind.PBX:
        return trunk.tenant_id != tenant_id
    return tenant_id not in inventory.objects.carriers[trunk.carrier_id].tenant_ids


def _beyond_bounds(choice: Choice, around: tuple[str, ...]) -> Iterator[Place]:
    """Groups that lie too deep, or bring too many trunks, but for those that lie within
    themselves: that is another finding."""
    for place in choice.places:
        if place.id in around:
            continue
        if place.fault.startswith(("lies", "takes")):
            yield place
        elif place.choice is not None and not place.fault:
            yield from _beyond_bounds(place.choice, (*around, place.id))


def _routers(inventory: Inventory) -> Iterator[Finding]:
    """Endpoints that are Kamailio nodes of this platform: no call is sent there."""
    for trunk in inventory.configuration.trunks:
        for endpoint in trunk.endpoints:
            if trunk.enabled and endpoint.enabled and endpoint.socket in inventory.router_sockets:
                named = inventory.named([endpoint.id, trunk.id])
                yield make_finding(
                    FindingCode.ENDPOINT_IS_ROUTER,
                    owner_of(trunk),
                    named,
                    f"the endpoint {named[0].name} of the trunk {trunk.name} is a Kamailio node of "
                    "this platform: calls to it would come back, so none is sent there",
                    fix="give the address of the far end",
                )
