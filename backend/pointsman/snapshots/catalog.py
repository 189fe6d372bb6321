"""The root of a snapshot on disk: what it is of, and where each of its parts is.

A catalog is one small file that is replaced as a whole, so that a router has all of a revision or
nothing of it. What it refers to never changes. It starts with a line that says its format, its
checksum and its length; whoever finds another format has no snapshot.
"""

import hashlib
from collections.abc import Iterable, Iterator

import msgspec
from msgspec import Struct

from pointsman.routing.screening_lists import Merged

# Grows with each change of what is stored, so that no version reads another's files.
FORMAT = 2
_MAGIC = b"pointsman snapshot"


class BadSnapshot(Exception):
    """What is on disk is damaged, or of another format."""


class BlobRef(Struct, frozen=True, array_like=True):
    """A run of bytes in the data file: what it is (see `identify`), where it starts, how long it
    is."""

    identity: bytes
    offset: int
    length: int


class TableRef(Struct, frozen=True, array_like=True):
    """A table's buckets by their boundaries, its spine, and how many keys it has."""

    buckets: tuple[tuple[str, BlobRef], ...]
    spine: BlobRef | None
    count: int

    def blobs(self) -> Iterator[BlobRef]:
        """All its parts."""
        yield from (blob for _, blob in self.buckets)
        if self.spine is not None:
            yield self.spine


class ListsRef(Struct, frozen=True, array_like=True):
    """Number lists that are looked up as one."""

    merged: Merged
    entries: TableRef


class OwnerRef(Struct, frozen=True, array_like=True):
    """What is of a tenant, or of the platform. `registers`: a trunk of it has a registration."""

    part: BlobRef
    lists: tuple[ListsRef, ...] = ()
    rules: TableRef | None = None
    reads_caller: bool = False
    registers: bool = False

    def blobs(self) -> Iterator[BlobRef]:
        """All its parts."""
        yield self.part
        for lists in self.lists:
            yield from lists.entries.blobs()
        if self.rules is not None:
            yield from self.rules.blobs()


class Directory(Struct, frozen=True):
    """What is looked up before it is known whose it is. `masks` are the versions and lengths of
    the host parts that networks have, the longest networks first."""

    dids: TableRef
    domains: TableRef
    networks: TableRef
    users: TableRef
    masks: tuple[tuple[int, int], ...] = ()

    def blobs(self) -> Iterator[BlobRef]:
        """All its parts."""
        for table in (self.dids, self.domains, self.networks, self.users):
            yield from table.blobs()


class Compile(Struct, frozen=True):
    """How it was made: "full" or "partial", how long that took, and when it was (Unix time)."""

    kind: str
    seconds: float
    at: float


class Catalog(Struct, frozen=True):
    """A snapshot: `published_us` is when its revision was made (Unix time in microseconds), which
    tells it from the same revision of another database; `data_file` is the number of the file
    that holds its parts. `secrets_lacking` names by owner the trunks with a credential that
    no key opens. `size` is that of its parts, in bytes."""

    revision: int
    published_us: int
    compiled: Compile
    data_file: int
    platform: OwnerRef
    tenants: dict[str, OwnerRef]
    directory: Directory
    secrets_lacking: dict[str, tuple[str, ...]] = {}
    size: int = 0

    def blobs(self) -> Iterator[BlobRef]:
        """All its parts."""
        yield from self.platform.blobs()
        for tenant in self.tenants.values():
            yield from tenant.blobs()
        yield from self.directory.blobs()

    def new_blobs(self, former: "Catalog | None") -> Iterator[BlobRef]:
        """Its parts that the former catalog has not, told without a look at each of them."""
        if former is None or former.data_file != self.data_file:
            yield from self.blobs()
            return
        yield from _beside(self.platform, former.platform)
        for tenant_id, tenant in self.tenants.items():
            yield from _beside(tenant, former.tenants.get(tenant_id))
        yield from _beside(self.directory, former.directory)


def _beside(now: OwnerRef | Directory, before: OwnerRef | Directory | None) -> Iterable[BlobRef]:
    if now == before:
        return ()
    return set(now.blobs()) - set(() if before is None else before.blobs())


_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(Catalog)


def identify(blob: bytes | memoryview) -> bytes:
    """What tells a blob from every other one, and its damage."""
    return hashlib.blake2b(blob, digest_size=16).digest()


def write_catalog(catalog: Catalog) -> bytes:
    """A catalog as it stands in its file."""
    body = _ENCODER.encode(catalog)
    return b"%b %d %b %d\n%b" % (_MAGIC, FORMAT, identify(body).hex().encode(), len(body), body)


def read_catalog(content: bytes) -> Catalog:
    """The catalog in a file's content; raises BadSnapshot."""
    line, _, body = content.partition(b"\n")
    if not line.startswith(_MAGIC + b" %d " % FORMAT):
        raise BadSnapshot("a catalog of another format, or none")
    if line.split()[3:] != [identify(body).hex().encode(), b"%d" % len(body)]:
        raise BadSnapshot("a damaged catalog")
    try:
        return _DECODER.decode(body)
    except msgspec.MsgspecError as error:
        raise BadSnapshot(f"a catalog that cannot be read: {error}") from error
