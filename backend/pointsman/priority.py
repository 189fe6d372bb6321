"""Which of a machine's processes come first where there is no core for each: those that calls wait
for."""

import os
from contextlib import suppress
from pathlib import Path

# Of those that calls wait for; of those that they do not.
ROUTER_NICE, OTHERS_NICE = -10, 10


def set_priority(nice: int, pid: int = 0) -> None:
    """The priority of a process (20 is the least, -20 the most), where we may say so. A session is
    scheduled as one by Linux (autogroup): of one that is the process's own it is set as well."""
    with suppress(PermissionError):
        os.setpriority(os.PRIO_PROCESS, pid, nice)
    process = pid or os.getpid()
    if os.getsid(process) == process:
        with suppress(OSError):
            Path(f"/proc/{process}/autogroup").write_text(f"{nice}\n")
