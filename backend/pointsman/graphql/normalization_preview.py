"""What a normalization profile makes of a number, step by step, in the schema."""

from typing import Any

import strawberry

from pointsman.graphql.context import Info
from pointsman.graphql.inputs import created_fields
from pointsman.graphql.normalization_input import CreateNormalizationProfileInput
from pointsman.routing.normalization import Preview
from pointsman.routing.normalization_profile import NumberDirection, NumberField
from pointsman.routing.number import NumberFormat
from pointsman.routing.number_step import NumberStep, NumberStepKind
from pointsman.services import normalization_profiles

strawberry.enum(
    NumberStepKind,
    description="What was tried on a number: RULE a rule of the profile; PLUS that a number with "
    "a plus is E.164; FORMAT the number format of the trunk; INTERNATIONAL the international "
    "prefix; SHORT_CODE that the country has it as a short code, which stays as it is; NATIONAL "
    "how the country dials; CONTEXT that a number with a phone-context is local; UNCHANGED that "
    "nothing takes it.",
)


@strawberry.type(description="One thing that was tried on a number.")
class NormalizationStep:
    """routing.NumberStep."""

    kind: NumberStepKind = strawberry.field(description="What was tried.")
    text: str = strawberry.field(description="The same in words: which rule, which prefix.")
    matched: bool = strawberry.field(description="Whether it took the number, and was the last.")
    result: str = strawberry.field(description="The number after it.")

    @classmethod
    def of(cls, step: NumberStep) -> "NormalizationStep":
        """Wrap a step."""
        return cls(kind=step.kind, text=step.text, matched=step.matched, result=step.result)


@strawberry.type(description="What becomes of a number.")
class NormalizationPreview:
    """routing.Preview."""

    result: str = strawberry.field(description="The number as it comes out.")
    is_e164: bool = strawberry.field(
        description="Whether it is an E.164 number with its plus, as the platform routes on."
    )
    steps: list[NormalizationStep] = strawberry.field(
        description="What was tried, in order: each rule until one matches, then what the number "
        "format and the country tell. The last one made the result."
    )

    @classmethod
    def of(cls, preview: Preview) -> "NormalizationPreview":
        """Wrap a preview."""
        return cls(
            result=preview.number.text,
            is_e164=preview.number.e164,
            steps=[NormalizationStep.of(step) for step in preview.steps],
        )


def _profile_fields(profile: CreateNormalizationProfileInput | None) -> Any:
    return created_fields(profile) if profile else None


@strawberry.type
class NormalizationPreviewQuery:
    """Trying profiles."""

    @strawberry.field(
        description="What a profile makes of a number, rule by rule: of `profileId`, or of a "
        "`profile` that is not saved, whose examples are not looked at. A `number` INBOUND is "
        "what the trunk sends, OUTBOUND it is the platform's; `numberFormat` is the trunk's."
    )
    async def preview_normalization(
        self,
        info: Info,
        *,
        direction: NumberDirection,
        field: NumberField,
        number: str,
        number_format: NumberFormat = NumberFormat.LOCAL,
        profile_id: strawberry.ID | None = None,
        profile: CreateNormalizationProfileInput | None = None,
    ) -> NormalizationPreview:
        """One number."""
        preview = await normalization_profiles.preview_normalization(
            info.context.principal,
            (direction, field),
            number,
            number_format=number_format,
            profile_id=profile_id,
            profile=_profile_fields(profile),
        )
        return NormalizationPreview.of(preview)
