"""Trunks that neither send nor take calls, or whose calls are asked for and refused; credentials
that could be kept better."""

from collections.abc import Iterator

from pointsman.routing.lint.finding import Finding, FindingCode, make_finding
from pointsman.routing.lint.inventory import Inventory, owner_of
from pointsman.routing.node_registration import is_wanted
from pointsman.routing.trunk import Trunk


def check_trunks(inventory: Inventory) -> Iterator[Finding]:
    """Enabled trunks without sources, digest identity and endpoints; the credentials of all."""
    for trunk in inventory.configuration.trunks:
        yield from _check_credentials(inventory, trunk)
        if trunk.enabled and trunk.id not in inventory.senders and not trunk.endpoints:
            yield make_finding(
                FindingCode.TRUNK_WITHOUT_PURPOSE,
                owner_of(trunk),
                inventory.named([trunk.id]),
                f"no call comes from the trunk {trunk.name}, and none goes there: it has no "
                "source, no digest credential and no endpoint",
                fix="give it what it lacks, or delete it",
            )


def check_registered(inventory: Inventory) -> Iterator[Finding]:
    """Registered trunks from which no call is taken: the far end sends calls to the contact, and
    neither the trunk nor another one of its carrier has the address that they come from."""
    trunks = inventory.configuration.trunks
    sending = {trunk.carrier_id for trunk in trunks if trunk.id in inventory.senders} - {""}
    for trunk in trunks:
        if (
            is_wanted(trunk, inventory.objects.carriers)
            and trunk.id not in inventory.senders
            and trunk.carrier_id not in sending
        ):
            yield make_finding(
                FindingCode.REGISTERED_WITHOUT_SOURCE,
                owner_of(trunk),
                inventory.named([trunk.id]),
                f"the trunk {trunk.name} is registered with its far end, whose calls are refused "
                "then: it has no source and no digest credential",
                fix="give it the addresses that the far end sends calls from as sources",
            )


def _check_credentials(inventory: Inventory, trunk: Trunk) -> Iterator[Finding]:
    """A password that Kamailio has to be told, since its realm is not; a user of MD5 alone."""
    named = inventory.named([trunk.id])
    if trunk.credential is not None and not trunk.credential.realm:
        yield make_finding(
            FindingCode.OUTBOUND_WITHOUT_REALM,
            owner_of(trunk),
            named,
            f"the password of {trunk.credential.username} goes with each call to the trunk "
            f"{trunk.name}, as it is: its hash would do if its realm were known",
            fix="set outboundRealm to the realm of the far end's challenge",
        )
    if trunk.digest is not None and not trunk.digest.ha1_sha256:
        yield make_finding(
            FindingCode.DIGEST_WITHOUT_SHA256,
            owner_of(trunk),
            named,
            f"the password of {trunk.digest.username}, by whom calls of the trunk {trunk.name} "
            "are told, was set when only MD5 was kept of it: nobody in the realm "
            f"{trunk.digest.realm} can sign in by SHA-256",
            fix="set digestPassword again",
        )
