"""What changes of the configuration touch of a snapshot."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from msgspec import Struct, field

from pointsman.compiler.full import stamp_of
from pointsman.models import ChangeRecord
from pointsman.services.config_revisions import changes_since, count_since, get_revision_number
from pointsman.snapshots.catalog import Catalog

# More changes than this at once are no less work than everything.
_MOST_RECORDS = 20_000

# Of the platform's part, whoever's they are; profiles and policies since carriers use them.
_OF_PLATFORM = frozenset(
    {"Carrier", "KamailioNode", "TrustedProxy", "NormalizationProfile", "ReroutePolicy"}
)
_OF_OWNER = frozenset(
    {
        "Trunk",
        "Domain",
        "RoutingGroup",
        "NormalizationProfile",
        "EmergencyPlan",
        "Schedule",
        "ReroutePolicy",
    }
)
# What no call is decided by.
_OF_NOBODY = frozenset({"Webhook"})


class Touched(Struct):
    """Owners whose objects changed and owners whose number lists did ("" is the platform), rules
    by tenant and called prefix, DIDs by prefix; `everything` when nobody can tell."""

    owners: set[str] = field(default_factory=set)
    lists: set[str] = field(default_factory=set)
    rules: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    dids: set[str] = field(default_factory=set)
    everything: bool = False


async def find_changes(base: Catalog) -> Touched | None:
    """What changed since a catalog, within `reading`; None when nobody can tell."""
    revision = await get_revision_number(base.revision)
    if revision is None or stamp_of(revision) != base.published_us:
        return None
    revisions = await count_since(base.revision)
    # So many records are not even read.
    if revisions > _MOST_RECORDS:
        return None
    records = await changes_since(base.revision)
    if len(records) > _MOST_RECORDS:
        return None
    if len({record.revision_id for record in records}) != revisions:
        return None
    touched = find_touched(records)
    return None if touched.everything else touched


def find_touched(records: Iterable[ChangeRecord]) -> Touched:
    """What the records of changes touch."""
    touched = Touched()
    for record in records:
        for state in (record.before, record.after):
            if state is not None:
                _touch(touched, record, state)
    return touched


def _touch(touched: Touched, record: ChangeRecord, state: dict[str, Any]) -> None:
    noun = record.noun
    owner = state.get("tenant_id") or ""
    if noun == "RoutingRule":
        touched.rules[owner].add(state["called_prefix"])
    elif noun == "Did":
        touched.dids.add(state["prefix"])
    elif noun == "NumberList":
        touched.lists.add(owner)
    elif noun == "Tenant":
        touched.owners.add(str(record.object_id))
    elif noun == "Trunk" and state["carrier_id"]:
        # The record tells who may read it, the tenant whose carrier it is.
        touched.owners.add("")
    elif noun in _OF_OWNER or noun in _OF_PLATFORM:
        if noun in _OF_OWNER:
            touched.owners.add(owner)
        if noun in _OF_PLATFORM:
            touched.owners.add("")
    elif noun not in _OF_NOBODY:
        touched.everything = True
