"""Delivery 1: the GraphQL API that operators configure the platform with."""
