"""Delivery 2: the REST path that Kamailio asks where each call goes."""
