"""Snapshots on disk: what the compiler writes, and what routers map."""
