"""What nodes report of calls, and what comes of it. Pure: no I/O and no clock."""
