"""The fields of a trunk beside its owner and its parts: what each may be, and what of them must
go together."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol, TypedDict
from uuid import UUID

from pointsman.auth import Principal, is_within_reach
from pointsman.models import NormalizationProfile, ReroutePolicy, Trunk
from pointsman.routing.extra_header import BadHeader, check_header
from pointsman.routing.kamailio_node import KamailioNode
from pointsman.routing.number import NumberFormat
from pointsman.routing.trunk import CallerIdPolicy, DiversionPolicy, TrunkKind
from pointsman.routing.uri import format_host
from pointsman.services import trunk_validation, validation
from pointsman.services.rows import get_usable
from pointsman.services.trunk_registration import RegistrationInput
from pointsman.services.validation import Problems

MAX_EXTRA_HEADERS = 16


class ExtraHeaderInput(Protocol):
    """What is given of an extra header."""

    name: str
    template: str


class TrunkFields(TypedDict, total=False):
    """What may be given of a trunk; what is absent has its default, or stays as it is.

    `trusted` None is by the kind: a carrier is, a PBX is not; `registration` None is none. The
    passwords are written only, and absent when None.
    """

    name: str
    enabled: bool
    draining: bool
    probing: bool
    number_format: NumberFormat
    normalization_profile_id: object | None
    tech_prefix: str
    from_host: str
    caller_id_policy: CallerIdPolicy
    caller_id_number: str
    send_asserted_identity: bool
    send_preferred_identity: bool
    send_remote_party_id: bool
    trusted: bool | None
    diversion_policy: DiversionPolicy
    extra_headers: Sequence[ExtraHeaderInput]
    socket: str
    fr_timer_ms: int
    fr_inv_timer_ms: int
    reroute_policy_id: object | None
    outbound_username: str
    outbound_password: str | None
    outbound_realm: str
    digest_username: str
    digest_password: str | None
    digest_realm: str
    registration: RegistrationInput | None


_CHECKS: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "name": ("name", validation.name),
    "tech_prefix": ("techPrefix", validation.tech_prefix),
    "from_host": ("fromHost", validation.optional_host),
    "caller_id_number": ("callerIdNumber", validation.optional_e164_number),
    "socket": ("socket", trunk_validation.socket),
    "fr_timer_ms": ("frTimerMs", validation.fr_timer_ms),
    "fr_inv_timer_ms": ("frInvTimerMs", validation.fr_inv_timer_ms),
}
_AS_THEY_ARE = (
    "enabled",
    "draining",
    "probing",
    "number_format",
    "caller_id_policy",
    "send_asserted_identity",
    "send_preferred_identity",
    "send_remote_party_id",
    "trusted",
    "diversion_policy",
)


def check_fields(problems: Problems, fields: TrunkFields, kind: TrunkKind) -> dict[str, Any]:
    """The columns of the given fields but for references and credentials, each by itself."""
    given: Mapping[str, Any] = fields
    columns = {name: given[name] for name in _AS_THEY_ARE if name in given}
    for name, (path, parse) in _CHECKS.items():
        if name in given:
            columns[name] = problems.check(path, parse, given[name])
    if columns.get("trusted", ...) is None:
        columns["trusted"] = kind is TrunkKind.CARRIER
    if "extra_headers" in fields:
        columns["extra_headers"] = _check_headers(problems, fields["extra_headers"])
    return columns


async def get_references(
    principal: Principal, fields: TrunkFields, owner_id: UUID | None
) -> dict[str, Any]:
    """The columns of the profile and the policy that are given: of the trunk's owner, or the
    platform's; raises NotFound for any other."""
    columns: dict[str, Any] = {}
    if "normalization_profile_id" in fields:
        columns["normalization_profile_id"] = await get_usable(
            principal,
            NormalizationProfile,
            fields["normalization_profile_id"],
            owner_id,
            "normalizationProfileId",
        )
    if "reroute_policy_id" in fields:
        columns["reroute_policy_id"] = await get_usable(
            principal, ReroutePolicy, fields["reroute_policy_id"], owner_id, "reroutePolicyId"
        )
    return columns


def check_together(
    problems: Problems,
    principal: Principal,
    row: Trunk,
    columns: Mapping[str, Any],
    nodes: Sequence[KamailioNode],
) -> None:
    """What a trunk as it will be must not lack, and its socket."""

    def will_be(name: str) -> Any:
        return columns.get(name, getattr(row, name))

    if will_be("number_format") is NumberFormat.LOCAL and not will_be("normalization_profile_id"):
        problems.add(
            "normalizationProfileId",
            "the number format LOCAL is that of a normalization profile",
            "give normalizationProfileId, or another numberFormat",
        )
    if will_be("caller_id_policy") is CallerIdPolicy.FORCE and not will_be("caller_id_number"):
        problems.add(
            "callerIdNumber",
            "the caller-ID policy FORCE tells the far end a number",
            "give callerIdNumber, or another callerIdPolicy",
        )
    if columns.get("socket") and all(problem.path != "socket" for problem in problems.found):
        _check_socket(problems, principal, columns["socket"], nodes)


def _check_socket(
    problems: Problems, principal: Principal, socket: str, nodes: Sequence[KamailioNode]
) -> None:
    """Kamailio leaves out a socket that is not its own without a word."""
    sockets = sorted({f"{format_host(h)}:{port}" for node in nodes for h, port in node.sockets})
    if socket.partition(":")[2] in sockets:
        return
    fix = "give the address of a Kamailio node of this platform, or nothing"
    if is_within_reach(principal, None):  # the platform's addresses are not for everybody
        known = ", ".join(sockets) or "none has one: pointsman node create --socket"
        fix = f"{fix}; its nodes' sockets: {known}"
    problems.add("socket", f"no Kamailio node of this platform has the socket {socket}", fix)


def _check_headers(problems: Problems, headers: Sequence[ExtraHeaderInput]) -> list[dict[str, str]]:
    if problems.check_count("extraHeaders", headers, MAX_EXTRA_HEADERS):
        return []
    checked: dict[str, dict[str, str]] = {}
    for index, header in enumerate(headers):
        path = f"extraHeaders[{index}]"
        try:
            check_header(header.name, header.template)
        except BadHeader as error:
            problems.add(path, str(error), error.fix)
        if header.name.lower() in checked:
            problems.add(path, f"{header.name} is given twice", "give it once")
        checked[header.name.lower()] = {"name": header.name, "template": header.template}
    return list(checked.values())
