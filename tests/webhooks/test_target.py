"""What is asked is what was checked."""

import ipaddress
from pathlib import Path

from pointsman.services.webhook_targets import Targets
from tests.sip.harness.certificates import Authority
from tests.webhooks.conftest import happen, logged, make_webhook, resolving, sender
from tests.webhooks.receiver import Receiver, receiving

_LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"),)
_PUBLIC = "93.184.215.14"


async def test_a_name_that_leads_elsewhere_since_is_not_asked(receiver: Receiver) -> None:
    targets = Targets(resolve=resolving([_PUBLIC], ["127.0.0.1"]))
    await make_webhook(receiver.url("hooks.example", "https"), targets)
    await happen()
    await sender(targets=targets).send_due()
    assert await logged() == [(None, "the host hooks.example has an address that is not public")]
    assert receiver.received == []


async def test_the_name_is_not_resolved_again(receiver: Receiver) -> None:
    """It is nobody's name: only the resolver of the check knows it, and says so once."""
    at_save = Targets(_LOOPBACK, resolving(["127.0.0.1"]))
    await make_webhook(receiver.url("hooks.invalid"), at_save)
    await happen()
    once = Targets(_LOOPBACK, resolving(["127.0.0.1"], ["169.254.169.254"]))
    await sender(targets=once).send_due()
    assert await logged() == [(204, "")]
    assert receiver.received[0].headers["Host"] == f"hooks.invalid:{receiver.port}"


async def test_the_next_address_is_asked_when_the_first_does_not_answer(
    receiver: Receiver,
) -> None:
    targets = Targets(_LOOPBACK, resolving(["127.9.9.9", "127.0.0.1"]))
    await make_webhook(receiver.url("hooks.invalid"), targets)
    await happen()
    await sender(targets=targets).send_due()
    assert await logged() == [(204, "")]


async def test_tls_is_asked_for_the_name_and_believes_no_other(
    committed: str, tmp_path: Path
) -> None:
    authority = Authority(tmp_path, "authority")
    targets = Targets(_LOOPBACK, resolving(["127.0.0.1"]))
    for name, is_believed in (("hooks.invalid", True), ("other.invalid", False)):
        async with receiving(authority.issue(name).server()) as receiver:
            url = receiver.url("hooks.invalid", "https")
            webhook = await make_webhook(url, targets, name=name)
            await happen()
            await sender(targets=targets, tls=authority.client()).send_due()
            assert receiver.names == ["hooks.invalid"]
            assert len(receiver.received) == is_believed
        await webhook.delete()


async def test_a_certificate_of_nobody_is_refused(committed: str, tmp_path: Path) -> None:
    shown = Authority(tmp_path, "nobody").issue("127.0.0.1")
    async with receiving(shown.server()) as receiver:
        await make_webhook(receiver.url(scheme="https"))
        await happen()
        await sender().send_due()
        assert receiver.received == []
    ((_, error),) = await logged()
    assert error.startswith("it cannot be connected to: ")
    assert "certificate verify failed" in error


async def test_without_tls_only_this_machine_is_asked(receiver: Receiver) -> None:
    private = (*_LOOPBACK, ipaddress.ip_network("10.0.0.0/8"))
    await make_webhook(receiver.url("hooks.invalid"), Targets(private, resolving(["127.0.0.1"])))
    await happen()
    await sender(targets=Targets(private, resolving(["10.0.0.1"]))).send_due()
    assert await logged() == [(None, "without TLS only this machine is asked")]
