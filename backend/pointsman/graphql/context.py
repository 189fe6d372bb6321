"""What a resolver has at hand."""

from dataclasses import dataclass

from strawberry.fastapi import BaseContext
from strawberry.types import Info as StrawberryInfo

from pointsman.auth import Principal
from pointsman.graphql.loaders import Loaders
from pointsman.services.configuration_cache import ConfigurationCache
from pointsman.services.explanation import Explainer
from pointsman.services.secrets import Secrets


@dataclass
class Context(BaseContext):
    """One request's: who calls, and the loaders, which remember nothing between requests; and
    the role's: what seals and opens secrets, the newest configuration, and what explains calls by
    it."""

    principal: Principal
    loaders: Loaders
    secrets: Secrets
    configurations: ConfigurationCache
    explainer: Explainer


Info = StrawberryInfo[Context, None]
