"""The node agent: what runs beside each Kamailio and keeps it and the platform at one.

It reads lists from the router beside it, acts on Kamailio over its JSON-RPC, and tells the
platform what became of that. No call waits for it: where it is gone, calls go on.
"""
