"""Findings of the static checks in the schema."""

from uuid import UUID

import strawberry

from pointsman.graphql.connection import After, Connection, First
from pointsman.graphql.context import Info
from pointsman.graphql.inputs import created_fields
from pointsman.graphql.named_object import NamedObject
from pointsman.graphql.tenant import Tenant, load_tenant
from pointsman.routing.lint import finding as core
from pointsman.routing.lint.finding import MAX_OBJECTS, MEANINGS, FindingCode, Severity
from pointsman.services.findings import list_findings
from pointsman.services.rows import DEFAULT_PAGE

strawberry.enum(
    Severity,
    description="How bad a finding is: ERROR, calls fail or something that is meant to be used "
    "never is; WARNING, most likely not what was meant.",
)
strawberry.enum(
    FindingCode,
    description="The kinds of findings; stable, for programs.\n"
    + "\n".join(f"- {code}: {meaning}" for code, meaning in MEANINGS.items()),
)


@strawberry.type(
    description="What a static check found in the configuration: provable from it alone, before a "
    "call depends on it."
)
class Finding:
    """routing.lint.finding.Finding."""

    code: FindingCode = strawberry.field(description="What kind of finding it is.")
    severity: Severity = strawberry.field(description="How bad it is.")
    message: str = strawberry.field(description="The finding in words.")
    fix: str = strawberry.field(description="What to do about it.")
    objects: list[NamedObject] = strawberry.field(
        description="The objects it is about, the one to look at first; the first "
        f"{MAX_OBJECTS} when there are more."
    )
    tenant_id: strawberry.Private[str]

    @strawberry.field(description="Whose objects they are; null for the platform's.")
    async def tenant(self, info: Info) -> Tenant | None:
        """The owner."""
        return await load_tenant(info, UUID(self.tenant_id) if self.tenant_id else None)

    @classmethod
    def of(cls, finding: core.Finding) -> "Finding":
        """Wrap one."""
        return cls(
            code=finding.code,
            severity=finding.severity,
            message=finding.message,
            fix=finding.fix,
            objects=[NamedObject.of(named) for named in finding.objects],
            tenant_id=finding.tenant_id,
        )


@strawberry.input(description="Which findings to list.")
class FindingFilter:
    """findings.list_findings."""

    severity: Severity | None = strawberry.field(
        default=None, description="Only those of this severity."
    )
    code: FindingCode | None = strawberry.field(
        default=None, description="Only those of this kind."
    )
    tenant_id: strawberry.ID | None = strawberry.field(
        default=None, description="Only those of this tenant's objects."
    )


@strawberry.type
class FindingQuery:
    """Reading findings."""

    @strawberry.field(
        description="What the static checks find in the newest revision, errors first. A tenant's "
        "token sees findings of the tenant's own objects."
    )
    async def findings(
        self,
        info: Info,
        first: First = DEFAULT_PAGE,
        after: After = None,
        filter: FindingFilter | None = None,
    ) -> Connection[Finding]:
        """Many."""
        given = info.context
        page = await list_findings(
            given.principal,
            given.configurations,
            first=first,
            after=after,
            **created_fields(filter or FindingFilter()),
        )
        return Connection.of(page, Finding.of)
