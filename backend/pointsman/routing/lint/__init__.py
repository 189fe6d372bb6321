"""Static checks: what in a configuration cannot be meant, before a call depends on it.

Pure functions over a `Configuration`, a module for each family. What is found is provable from
the configuration alone; where it depends on a call, nothing is said.
"""
