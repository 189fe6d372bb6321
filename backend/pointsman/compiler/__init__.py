"""The compiler: turns the configuration into the snapshots that routers map."""
