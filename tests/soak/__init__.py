"""The soak: the whole platform under load for minutes, with faults at random, and every call
counted at the far end against its record."""
