"""Normalization profiles in the schema."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import strawberry

from pointsman import models
from pointsman.graphql import normalization_field as about
from pointsman.graphql.connection import After, Connection, First
from pointsman.graphql.context import Info
from pointsman.graphql.deletion import Deleted, DeleteResult
from pointsman.graphql.errors import Conflict, Forbidden, InvalidInput, NotFound
from pointsman.graphql.inputs import created_fields, updated_fields
from pointsman.graphql.normalization_input import (
    OF_COUNTRY,
    CreateNormalizationProfileInput,
    NormalizationProfileFilter,
    UpdateNormalizationProfileInput,
)
from pointsman.graphql.tenant import Tenant, load_tenant
from pointsman.routing.normalization_profile import NumberDirection, NumberField
from pointsman.services import normalization_profiles
from pointsman.services.normalization_fields import to_routed
from pointsman.services.rows import DEFAULT_PAGE, find_row


@strawberry.type(description="A rule of a profile: an exception to how the country dials.")
class NormalizationRule:
    """An object of models.NormalizationProfile.rules."""

    direction: NumberDirection = strawberry.field(description=about.DIRECTION)
    field: NumberField = strawberry.field(description=about.FIELD)
    match: str = strawberry.field(description=about.MATCH)
    replace: str = strawberry.field(description=about.REPLACE)


@strawberry.type(description="What a profile has to make of a number.")
class NormalizationExample:
    """An object of models.NormalizationProfile.examples."""

    direction: NumberDirection = strawberry.field(description=about.DIRECTION)
    field: NumberField = strawberry.field(description=about.FIELD)
    given: str = strawberry.field(description=about.GIVEN)
    expected: str = strawberry.field(description=about.EXPECTED)


@strawberry.type(
    description="How the far end of a trunk dials numbers: as is done in a country, by the data of "
    "libphonenumber, with rules for the exceptions. A trunk has it as normalizationProfileId. "
    "Inbound, the first of these takes a number: a rule; a plus; the trunk's numberFormat; the "
    "international prefix; the short codes of the country, which stay as they are; the national "
    "prefix or a whole national number. Anything else (an extension, *72, john.doe) passes as it "
    "is. Outbound it is a rule, else the trunk's numberFormat, of which LOCAL is as the country "
    "dials: a number that would be read as another one there has the international prefix."
)
class NormalizationProfile:
    """models.NormalizationProfile."""

    id: strawberry.ID = strawberry.field(description="Names the profile for good.")
    name: str = strawberry.field(description=about.NAME)
    country: str = strawberry.field(description=about.COUNTRY)
    area_code: str = strawberry.field(description=about.AREA_CODE)
    international_prefix: str = strawberry.field(description=about.INTERNATIONAL_PREFIX)
    national_prefix: str = strawberry.field(description=about.NATIONAL_PREFIX)
    min_length: int = strawberry.field(description=about.MIN_LENGTH)
    max_length: int = strawberry.field(description=about.MAX_LENGTH)
    rules: list[NormalizationRule] = strawberry.field(description=about.RULES)
    examples: list[NormalizationExample] = strawberry.field(description=about.EXAMPLES)
    created_at: datetime = strawberry.field(description="When it was made.")
    updated_at: datetime = strawberry.field(description="When it was last changed.")
    tenant_id: strawberry.Private[UUID | None]

    @strawberry.field(
        description="Its owner; null for a profile of the platform, which every tenant may use."
    )
    async def tenant(self, info: Info) -> Tenant | None:
        """The owner."""
        return await load_tenant(info, self.tenant_id)

    @classmethod
    def of(cls, row: models.NormalizationProfile) -> "NormalizationProfile":
        """Wrap a row."""
        profile = to_routed(row)
        return cls(
            id=strawberry.ID(str(row.id)),
            name=row.name,
            country=row.country,
            area_code=row.area_code,
            international_prefix=row.international_prefix,
            national_prefix=row.national_prefix,
            min_length=row.min_length,
            max_length=row.max_length,
            rules=[
                NormalizationRule(
                    direction=rule.direction,
                    field=rule.field,
                    match=rule.match,
                    replace=rule.replace,
                )
                for rule in profile.rules
            ],
            examples=[
                NormalizationExample(
                    direction=example.direction,
                    field=example.field,
                    given=example.given,
                    expected=example.expected,
                )
                for example in profile.examples
            ],
            created_at=row.created_at,
            updated_at=row.updated_at,
            tenant_id=row.tenant_id,
        )


async def load_normalization_profile(
    info: Info, profile_id: UUID | None
) -> NormalizationProfile | None:
    """The profile that a row refers to, in one statement for a whole list."""
    loader = info.context.loaders.normalization_profile_by_id
    row = await loader.load(profile_id) if profile_id else None
    return NormalizationProfile.of(row) if row else None


NormalizationProfileResult = Annotated[
    NormalizationProfile | InvalidInput | NotFound | Conflict | Forbidden,
    strawberry.union(
        "NormalizationProfileResult", description="The profile, or why nothing was changed."
    ),
]


@strawberry.type
class NormalizationProfileQuery:
    """Reading normalization profiles."""

    @strawberry.field(
        description="One normalization profile, null when there is none with this id."
    )
    async def normalization_profile(
        self, info: Info, id: strawberry.ID
    ) -> NormalizationProfile | None:
        """One."""
        row = await find_row(info.context.principal, models.NormalizationProfile, id)
        return NormalizationProfile.of(row) if row else None

    @strawberry.field(
        description="Normalization profiles by name, those of the platform among them."
    )
    async def normalization_profiles(
        self,
        info: Info,
        first: First = DEFAULT_PAGE,
        after: After = None,
        filter: NormalizationProfileFilter | None = None,
    ) -> Connection[NormalizationProfile]:
        """Many."""
        page = await normalization_profiles.list_normalization_profiles(
            info.context.principal,
            first=first,
            after=after,
            **created_fields(filter or NormalizationProfileFilter()),
        )
        return Connection.of(page, NormalizationProfile.of)


@strawberry.type
class NormalizationProfileMutation:
    """Changing normalization profiles."""

    @strawberry.mutation(
        description="Make a normalization profile. Refused when one of its examples does not "
        "come out as expected."
    )
    async def create_normalization_profile(
        self, info: Info, input: CreateNormalizationProfileInput
    ) -> NormalizationProfileResult:
        """Create."""
        row = await normalization_profiles.create_normalization_profile(
            info.context.principal, **created_fields(input)
        )
        return NormalizationProfile.of(row)

    @strawberry.mutation(
        description="Change a normalization profile. Refused when one of its examples does not "
        "come out as expected any more."
    )
    async def update_normalization_profile(
        self, info: Info, id: strawberry.ID, input: UpdateNormalizationProfileInput
    ) -> NormalizationProfileResult:
        """Update."""
        row = await normalization_profiles.update_normalization_profile(
            info.context.principal, id, **updated_fields(input, OF_COUNTRY)
        )
        return NormalizationProfile.of(row)

    @strawberry.mutation(description="Delete a normalization profile that no trunk uses any more.")
    async def delete_normalization_profile(self, info: Info, id: strawberry.ID) -> DeleteResult:
        """Delete."""
        row = await normalization_profiles.delete_normalization_profile(info.context.principal, id)
        return Deleted(id=strawberry.ID(str(row.id)))
