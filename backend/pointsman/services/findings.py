"""What the static checks find in the newest configuration, as far as the caller may see it."""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass

from pointsman.auth import Principal, tenant_of
from pointsman.errors import InvalidInput, Problem
from pointsman.models import Tenant
from pointsman.routing.lint.finding import Finding, FindingCode, Severity, order_of
from pointsman.services.configuration_cache import ConfigurationCache
from pointsman.services.rows import DEFAULT_PAGE, MAX_PAGE, get_row

_NOUN = "finding"


@dataclass(frozen=True)
class FindingPage:
    """A page of the findings in their order, the cursor of each, and whether more follow."""

    rows: Sequence[Finding]
    cursors: list[str]
    has_next: bool
    count: int

    async def total(self) -> int:
        """How many findings the whole list has."""
        return self.count


async def list_findings(
    principal: Principal,
    cache: ConfigurationCache,
    *,
    first: int = DEFAULT_PAGE,
    after: str | None = None,
    severity: Severity | None = None,
    code: FindingCode | None = None,
    tenant_id: object | None = None,
) -> FindingPage:
    """Findings, errors first. A tenant's token sees those of the tenant's own objects, made of
    what the tenant may see."""
    if not 0 <= first <= MAX_PAGE:
        raise InvalidInput(
            [Problem("first", f"a page of {first}", f"ask for 0 to {MAX_PAGE} at a time")]
        )
    owner = tenant_of(principal)
    if tenant_id is not None:
        owner = str((await get_row(principal, Tenant, tenant_id, "tenantId")).id)
    behind = None if after is None else _read_cursor(after)
    found = [
        finding
        for finding in await cache.findings(tenant_of(principal))
        if (not owner or finding.tenant_id == owner)
        and severity in (None, finding.severity)
        and code in (None, finding.code)
    ]
    rest = found if behind is None else [each for each in found if order_of(each) > behind]
    shown = rest[:first]
    return FindingPage(shown, [_cursor_of(each) for each in shown], len(rest) > first, len(found))


def _cursor_of(finding: Finding) -> str:
    """The finding's place in the order, which holds for other revisions too."""
    return base64.urlsafe_b64encode(json.dumps([_NOUN, *order_of(finding)]).encode()).decode()


def _read_cursor(cursor: str) -> tuple[str, ...]:
    try:
        plain = json.loads(base64.b64decode(cursor.encode(), altchars=b"-_", validate=True))
        if not isinstance(plain, list) or plain[:1] != [_NOUN]:
            raise ValueError(cursor)
        if not all(isinstance(part, str) for part in plain):
            raise ValueError(cursor)
    except (ValueError, RecursionError, binascii.Error):
        raise InvalidInput(
            [Problem("after", "this is no cursor of this list", "use endCursor of a page of it")]
        ) from None
    return tuple(plain[1:])
