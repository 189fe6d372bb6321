"""Brings the call records that Kamailio wrote on this machine to the platform, each of them."""
