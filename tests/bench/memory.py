"""What processes take of the machine's memory."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Memory:
    """In MiB: all that is mapped (RSS), and what is the process's own, shared with nobody."""

    rss_mb: float
    own_mb: float


def memory_of(pid: int) -> Memory:
    """Of a process, as it is now."""
    found = {"Rss": 0, "Private_Clean": 0, "Private_Dirty": 0}
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        name, _, value = line.partition(":")
        if name in found:
            found[name] = int(value.split()[0])
    own = found["Private_Clean"] + found["Private_Dirty"]
    return Memory(found["Rss"] / 1_024, own / 1_024)


def children_of(pid: int, part: str) -> list[int]:
    """The processes that a process started whose command line has this part."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [
        int(child)
        for child in children
        if part in Path(f"/proc/{child}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    ]
