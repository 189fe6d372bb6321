"""A PostgreSQL cidr column: an IP network without host bits."""

import ipaddress
from typing import Any

from tortoise.fields.base import Field

IPNetwork = ipaddress.IPv4Network | ipaddress.IPv6Network


class NetworkField(Field[IPNetwork], ipaddress.IPv4Network):
    """Holds an `ipaddress` network; PostgreSQL refuses host bits as well."""

    SQL_TYPE = "CIDR"
    field_type = ipaddress.IPv4Network

    def to_db_value(self, value: Any, _instance: Any) -> Any:
        """asyncpg takes `ipaddress` networks as they are."""
        return None if value is None else ipaddress.ip_network(value)

    def to_python_value(self, value: Any) -> Any:
        """The network, from what asyncpg or a caller gives."""
        return None if value is None else ipaddress.ip_network(value)
