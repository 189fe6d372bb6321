"""Use cases: each owns its transaction, its audit record and the revision it makes."""
