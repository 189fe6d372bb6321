"""What a resolver has at hand."""

from dataclasses import dataclass

from strawberry.fastapi import BaseContext
from strawberry.types import Info as StrawberryInfo

from pointsman.auth import Principal
from pointsman.graphql.loaders import Loaders
from pointsman.services.configuration_cache import ConfigurationCache
from pointsman.services.explanation import Explainer
from pointsman.services.secrets import Secrets
from pointsman.services.webhook_targets import Targets


@dataclass
class Context(BaseContext):
    """One request's: who calls, and the loaders, which remember nothing between requests; and
    the role's: what seals and opens secrets, where webhooks may lead, the newest configuration,
    and what explains calls by it."""

    principal: Principal
    loaders: Loaders
    secrets: Secrets
    targets: Targets
    configurations: ConfigurationCache
    explainer: Explainer


Info = StrawberryInfo[Context, None]
