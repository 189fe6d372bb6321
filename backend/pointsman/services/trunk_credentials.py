"""The credentials of a trunk: how its far end proves who it is, and how we do it there.

Passwords come in and never go out. What is kept of an inbound one are its HA1s, of which the
password cannot be read; an outbound one must be told to the far end's challenge. Both are sealed.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple
from uuid import UUID

from pointsman.auth import Principal, is_within_reach, require_platform
from pointsman.models import Domain, Trunk
from pointsman.routing.digest_hash import DigestAlgorithm, hash_a1
from pointsman.routing.sealed_trunk import SealedTrunk
from pointsman.services import trunk_validation, validation
from pointsman.services.changes import EVERYTHING, change, notify
from pointsman.services.secrets import SETTING, Secrets
from pointsman.services.validation import Problems

# By column; what is given of them apart from the passwords is stored as it is.
_CHECKS = (
    ("outbound_username", "outboundUsername", trunk_validation.digest_text),
    ("outbound_realm", "outboundRealm", trunk_validation.digest_text),
    ("outbound_password", "outboundPassword", trunk_validation.password),
    ("digest_username", "digestUsername", trunk_validation.digest_username),
    ("digest_realm", "digestRealm", validation.optional_host),
    ("digest_password", "digestPassword", trunk_validation.password),
)

# The columns of what is sealed, and where each is given.
_SEALED = {
    "outbound_password": "outboundPassword",
    "digest_ha1": "digestPassword",
    "digest_ha1_sha256": "digestPassword",
}


def check_credentials(
    problems: Problems, row: Trunk, fields: Mapping[str, Any], secrets: Secrets
) -> dict[str, Any]:
    """The columns of both credentials after the given fields are set, the passwords sealed."""
    known = len(problems.found)
    given = {
        name: problems.check(path, parse, fields[name])
        for name, path, parse in _CHECKS
        if fields.get(name) is not None
    }
    if len(problems.found) > known or not given:
        return {}
    columns = {**_set_outbound(problems, row, given), **_set_digest(problems, row, given)}
    given_secrets = [column for column in _SEALED if columns.get(column) is not None]
    if secrets.can_seal:
        columns |= {column: secrets.seal(columns[column]) for column in given_secrets}
    else:
        for path in dict.fromkeys(_SEALED[column] for column in given_secrets):
            problems.add(
                path,
                "this platform has no key to encrypt secrets with",
                f"set {SETTING} for all its roles",
            )
    return columns


async def check_realm(
    problems: Problems, principal: Principal, owner_id: UUID | None, realm: str
) -> None:
    """Whoever has a user in a realm has its callers challenged, and takes the user's name: no
    tenant has one in another's domain, nor at an address, which may be the platform's own."""
    if is_within_reach(principal, None):
        return
    problems.check("digestRealm", validation.domain, realm)
    if await Domain.filter(name=realm).exclude(tenant_id=owner_id).exists():
        problems.add(
            "digestRealm",
            f"{realm} is a domain of another tenant",
            "use one of your own domains, or ask an administrator of the platform",
        )


def _set_outbound(problems: Problems, row: Trunk, given: Mapping[str, str]) -> dict[str, Any]:
    username = given.get("outbound_username", row.outbound_username)
    if not username:
        _refuse_without_user(problems, given, "outbound_realm", "outbound_password")
        return {"outbound_username": "", "outbound_realm": "", "outbound_password": None}
    columns = {
        "outbound_username": username,
        "outbound_realm": given.get("outbound_realm", row.outbound_realm),
    }
    if "outbound_password" in given:
        return {**columns, "outbound_password": given["outbound_password"]}
    if row.outbound_password is None:
        problems.add("outboundPassword", "the user has no password", "give outboundPassword too")
    return columns


def _set_digest(problems: Problems, row: Trunk, given: Mapping[str, str]) -> dict[str, Any]:
    username = given.get("digest_username", row.digest_username)
    realm = given.get("digest_realm", row.digest_realm)
    if not username:
        _refuse_without_user(problems, given, "digest_realm", "digest_password")
        return {
            "digest_username": "",
            "digest_realm": "",
            "digest_ha1": None,
            "digest_ha1_sha256": None,
        }
    if not realm:
        problems.add("digestRealm", "the user has no realm", "give the domain that it signs in to")
    columns = {"digest_username": username, "digest_realm": realm}
    if "digest_password" in given:
        return {**columns, **_hash_password(username, realm, given["digest_password"])}
    if row.digest_ha1 is None:
        problems.add("digestPassword", "the user has no password", "give digestPassword too")
    elif (username, realm) != (row.digest_username, row.digest_realm):
        problems.add(
            "digestPassword",
            "what is kept of the password holds for the former user and realm only",
            "give digestPassword too",
        )
    return columns


def _refuse_without_user(problems: Problems, given: Mapping[str, str], *names: str) -> None:
    for name in names:
        if given.get(name):
            path = next(path for column, path, _ in _CHECKS if column == name)
            problems.add(path, "there is no user that it is of", "give the username too")


def _hash_password(username: str, realm: str, password: str) -> dict[str, str]:
    """What is kept of a password: by it callers prove that they know it, by either algorithm."""
    return {
        "digest_ha1": hash_a1(username, realm, password),
        "digest_ha1_sha256": hash_a1(username, realm, password, DigestAlgorithm.SHA_256),
    }


class Resealed(NamedTuple):
    """How many secrets were encrypted anew, and the names of what has one that no key opens."""

    sealed: int
    unopened: list[str]


async def reseal_credentials(principal: Principal, secrets: Secrets) -> Resealed:
    """Encrypt all secrets with the first key, so that the others can go. Their trunks stay as
    they are: nothing that decides or is told changes, and routers get it all anew."""
    require_platform(principal, "encrypt all secrets anew")
    count, unopened = 0, []
    async with change(principal) as made:
        for row in await Trunk.all().order_by("name", "id"):
            for column in _SEALED:
                sealed = getattr(row, column)
                resealed = None if sealed is None else secrets.reseal(sealed)
                if resealed is not None:
                    await Trunk.filter(id=row.id).update(**{column: resealed})
                    count += 1
                elif sealed is not None and row.name not in unopened:
                    unopened.append(row.name)
        if count:
            # Snapshots have the secrets as they were, of which there is no revision.
            await notify(made.connection, EVERYTHING)
    return Resealed(count, unopened)


def seal_of(row: Trunk) -> SealedTrunk:
    """The trunk's credentials as they are stored."""
    return SealedTrunk(
        str(row.id),
        row.outbound_username,
        row.outbound_realm,
        row.outbound_password,
        row.digest_username,
        row.digest_realm,
        row.digest_ha1,
        row.digest_ha1_sha256,
    )
