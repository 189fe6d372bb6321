"""Objects that an explanation or a finding names."""

import strawberry

from pointsman.routing import named_object as core


@strawberry.type(description="An object of the configuration, as it is called.")
class NamedObject:
    """routing.named_object.NamedObject."""

    noun: str = strawberry.field(description="Its type, such as RoutingRule.")
    id: strawberry.ID = strawberry.field(description="Its id.")
    name: str = strawberry.field(
        description="Its name; a DID's prefix, an emergency plan's country, an endpoint's host "
        "and port."
    )

    @classmethod
    def of(cls, named: core.NamedObject) -> "NamedObject":
        """Wrap one."""
        return cls(noun=named.noun, id=strawberry.ID(named.id), name=named.name)


def optional(named: core.NamedObject | None) -> NamedObject | None:
    """Wrap one, if there is one."""
    return None if named is None else NamedObject.of(named)
