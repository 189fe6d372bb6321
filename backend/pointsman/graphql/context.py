"""What a resolver has at hand."""

from dataclasses import dataclass

from strawberry.fastapi import BaseContext
from strawberry.types import Info as StrawberryInfo

from pointsman.auth import Principal
from pointsman.graphql.loaders import Loaders
from pointsman.services.secrets import Secrets


@dataclass
class Context(BaseContext):
    """One request's: who calls, the loaders, which remember nothing between requests, and what
    seals and opens secrets."""

    principal: Principal
    loaders: Loaders
    secrets: Secrets


Info = StrawberryInfo[Context, None]
