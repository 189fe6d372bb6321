"""What a resolver has at hand."""

from dataclasses import dataclass

from strawberry.fastapi import BaseContext
from strawberry.types import Info as StrawberryInfo

from pointsman.auth import Principal
from pointsman.graphql.loaders import Loaders


@dataclass
class Context(BaseContext):
    """One request's: who calls, and the loaders, which remember nothing between requests."""

    principal: Principal
    loaders: Loaders


Info = StrawberryInfo[Context, None]
