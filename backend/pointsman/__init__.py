"""Pointsman: a GraphQL-configured SIP routing platform."""

__version__ = "0.1.0"
