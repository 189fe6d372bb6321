"""What is given of a normalization profile over the API."""

import strawberry

from pointsman.graphql import normalization_field as about
from pointsman.routing.normalization_profile import NumberDirection, NumberField

# Fields of which null stands for what is known of the country.
OF_COUNTRY = frozenset(
    {"area_code", "international_prefix", "national_prefix", "min_length", "max_length"}
)
_CREATED = " Null or not given: what is known of the country."
_UPDATED = (
    " Null: what is known of the country. Not given: as it is, or what is known of the country "
    "when that is another one."
)


@strawberry.input(description="A rule of a profile: an exception to how the country dials.")
class NormalizationRuleInput:
    """normalization_fields.RuleInput."""

    direction: NumberDirection = strawberry.field(description=about.DIRECTION)
    field: NumberField = strawberry.field(description=about.FIELD)
    match: str = strawberry.field(description=about.MATCH)
    replace: str = strawberry.field(description=about.REPLACE)


@strawberry.input(description="What a profile has to make of a number.")
class NormalizationExampleInput:
    """normalization_fields.ExampleInput."""

    direction: NumberDirection = strawberry.field(description=about.DIRECTION)
    field: NumberField = strawberry.field(description=about.FIELD)
    given: str = strawberry.field(description=about.GIVEN)
    expected: str = strawberry.field(description=about.EXPECTED)


@strawberry.input(description="A normalization profile to make: of a country, with exceptions.")
class CreateNormalizationProfileInput:
    """normalization_profiles.create_normalization_profile."""

    name: str = strawberry.field(description=about.NAME)
    tenant_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="Its owner; without it the profile is the platform's, which only an "
        "administrator of the platform may make.",
    )
    country: str = strawberry.field(description=about.COUNTRY)
    area_code: str | None = strawberry.field(default=None, description=about.AREA_CODE)
    international_prefix: str | None = strawberry.field(
        default=None, description=about.INTERNATIONAL_PREFIX + _CREATED
    )
    national_prefix: str | None = strawberry.field(
        default=None, description=about.NATIONAL_PREFIX + _CREATED
    )
    min_length: int | None = strawberry.field(default=None, description=about.MIN_LENGTH + _CREATED)
    max_length: int | None = strawberry.field(default=None, description=about.MAX_LENGTH + _CREATED)
    rules: list[NormalizationRuleInput] = strawberry.field(
        default_factory=list, description=about.RULES
    )
    examples: list[NormalizationExampleInput] = strawberry.field(
        default_factory=list, description=about.EXAMPLES
    )


@strawberry.input(
    description="What to change of a normalization profile; what is absent stays as it is, and a "
    "list that is given replaces the whole list."
)
class UpdateNormalizationProfileInput:
    """normalization_profiles.update_normalization_profile."""

    name: strawberry.Maybe[str | None] = strawberry.field(description=about.NAME)
    country: strawberry.Maybe[str | None] = strawberry.field(description=about.COUNTRY)
    area_code: strawberry.Maybe[str | None] = strawberry.field(description=about.AREA_CODE)
    international_prefix: strawberry.Maybe[str | None] = strawberry.field(
        description=about.INTERNATIONAL_PREFIX + _UPDATED
    )
    national_prefix: strawberry.Maybe[str | None] = strawberry.field(
        description=about.NATIONAL_PREFIX + _UPDATED
    )
    min_length: strawberry.Maybe[int | None] = strawberry.field(
        description=about.MIN_LENGTH + _UPDATED
    )
    max_length: strawberry.Maybe[int | None] = strawberry.field(
        description=about.MAX_LENGTH + _UPDATED
    )
    rules: strawberry.Maybe[list[NormalizationRuleInput] | None] = strawberry.field(
        description=about.RULES
    )
    examples: strawberry.Maybe[list[NormalizationExampleInput] | None] = strawberry.field(
        description=about.EXAMPLES
    )


@strawberry.input(description="Which normalization profiles to list.")
class NormalizationProfileFilter:
    """normalization_profiles.list_normalization_profiles."""

    name_contains: str = strawberry.field(
        default="", description="Part of the name, in upper or lower case."
    )
    tenant_id: strawberry.ID | None = strawberry.field(
        default=None, description="Only those of this tenant, without the platform's."
    )
    country: str | None = strawberry.field(
        default=None, description="Only those of this country (ISO 3166-1 alpha-2)."
    )
