"""What of a snapshot is an owner's: its part and its lists, and what of it is in the directory."""

from collections.abc import Iterator

import msgspec

from pointsman.routing.configuration import Configuration
from pointsman.routing.ownership import part_by_owner
from pointsman.routing.screening_lists import merge_lists
from pointsman.routing.sealed_trunk import SealedTrunk, Unseal, open_trunk
from pointsman.routing.sources import SourceRef, md5_user_key, ref_of, user_key
from pointsman.services.snapshots import SealedConfiguration
from pointsman.snapshots.catalog import ListsRef, OwnerRef
from pointsman.snapshots.networks import PackedSource, mask_of, network_key, pack_source
from pointsman.snapshots.part import DirectoryKeys, write_part
from pointsman.snapshots.tables import Add, build_table

_ENCODER = msgspec.msgpack.Encoder()


class OwnerEntries(msgspec.Struct, frozen=True):
    """What of the directory is an owner's: domains and users with their records, the sources of
    each network, and the masks of these."""

    domains: dict[str, bytes]
    users: dict[str, bytes]
    networks: dict[str, list[PackedSource]]
    masks: frozenset[tuple[int, int]]

    @property
    def keys(self) -> DirectoryKeys:
        """Their keys."""
        return DirectoryKeys(tuple(self.domains), tuple(self.networks), tuple(self.users))


class LoadedOwner(msgspec.Struct, frozen=True):
    """An owner's objects."""

    configuration: Configuration
    sealed: tuple[SealedTrunk, ...]
    entries: OwnerEntries


def part_loaded(loaded: SealedConfiguration) -> dict[str, LoadedOwner]:
    """What was loaded by tenant, and the platform's under ""."""
    sealed = {each.trunk_id: each for each in loaded.sealed}
    return {
        owner: LoadedOwner(
            own,
            of_owner := tuple(sealed[trunk.id] for trunk in own.trunks if trunk.id in sealed),
            _entries_of(own, of_owner, owner),
        )
        for owner, own in part_by_owner(loaded.configuration).items()
    }


def write_owner(owner: LoadedOwner, add: Add) -> OwnerRef:
    """The owner's part and lists, without rules."""
    part = write_part(owner.configuration, owner.sealed, owner.entries.keys)
    registers = any(trunk.registration is not None for trunk in owner.configuration.trunks)
    return OwnerRef(add(part), write_lists(owner.configuration, add), registers=registers)


def write_lists(configuration: Configuration, add: Add) -> tuple[ListsRef, ...]:
    """The number lists of an owner."""
    return tuple(
        ListsRef(
            merged,
            build_table(((prefix, name.encode()) for prefix, name in prefixes.items()), add),
        )
        for merged, prefixes in merge_lists(configuration.number_lists)
    )


def lacking_secrets(owner: LoadedOwner, unseal: Unseal) -> tuple[str, ...]:
    """The trunks with a credential that no key opens, by their names."""
    trunks = {trunk.id: trunk for trunk in owner.configuration.trunks}
    opened = (open_trunk(trunks[sealed.trunk_id], sealed, unseal) for sealed in owner.sealed)
    return tuple(trunk.name for trunk in opened if trunk.lacks_secret)


def _entries_of(own: Configuration, sealed: tuple[SealedTrunk, ...], owner: str) -> OwnerEntries:
    refs = {trunk.id: ref_of(trunk) for trunk in own.trunks}
    networks: dict[str, list[PackedSource]] = {}
    masks = set()
    for source in own.sources:
        networks.setdefault(network_key(source.network), []).append(pack_source(source, owner))
        mask = mask_of(source.network)
        if mask is not None:
            masks.add(mask)
    return OwnerEntries(
        {domain.name: _ENCODER.encode(domain) for domain in own.domains},
        {
            key: _encode_ref(refs[each.trunk_id])
            for each in sealed
            if each.digest_ha1 is not None
            for key in _user_keys(each)
        },
        networks,
        frozenset(masks),
    )


def _user_keys(sealed: SealedTrunk) -> Iterator[str]:
    yield user_key(sealed.digest_realm, sealed.digest_username)
    if sealed.digest_ha1_sha256 is None:
        yield md5_user_key(sealed.digest_realm, sealed.digest_username)


def _encode_ref(ref: SourceRef) -> bytes:
    return _ENCODER.encode(ref)
