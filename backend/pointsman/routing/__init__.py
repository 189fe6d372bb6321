"""The routing core: which way does a call go, and why.

Pure: no I/O, clock, randomness, logging or await. Everything a decision depends on is a
parameter, so the same function serves Kamailio, the tests and a replay of yesterday's calls.
"""
