"""Which addresses a webhook may lead to."""

import ipaddress

import pytest

from pointsman.services.validation import Refused
from pointsman.services.webhook_targets import (
    BadTarget,
    Target,
    Targets,
    is_public,
    read_networks,
    read_url,
    resolve_host,
)
from tests.webhooks.conftest import resolving

_TARGET = Target("https", "hooks.example", 443, "/")


@pytest.mark.parametrize(
    "text",
    ["93.184.215.14", "8.8.8.8", "172.32.0.1", "100.128.0.1", "2606:2800:21f::1", "2a00:1450::1",
     "64:ff9b::808:808", "::ffff:8.8.8.8"],
)  # fmt: skip
def test_an_address_of_the_internet_is_public(text: str) -> None:
    assert is_public(ipaddress.ip_address(text))


@pytest.mark.parametrize(
    "text",
    [
        # this machine, nobody, everybody
        "127.0.0.1", "127.255.0.1", "0.1.2.3", "0.0.0.1", "255.255.255.255", "::1", "::",
        # networks of one's own
        "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "fd00::1", "fc00::1", "fec0::1",
        # link-local, with the metadata of clouds
        "169.254.169.254", "169.254.0.1", "fe80::1", "fd00:ec2::254",
        # carriers' NAT, protocols, tests and documentation, relays
        "100.64.0.1", "100.127.255.255", "192.0.0.8", "192.0.2.1", "198.18.0.1", "198.51.100.1",
        "203.0.113.1", "192.88.99.1", "2001:db8::1", "2001:10::1", "3fff::1", "100::1", "5f00::1",
        # multicast and reserved
        "224.0.0.1", "239.255.255.250", "240.0.0.1", "ff02::1", "ff0e::1",
        # such an address within another: mapped, compatible, NAT64, 6to4, Teredo
        "::ffff:127.0.0.1", "::ffff:169.254.169.254", "::ffff:0a00:1", "::7f00:1",
        "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b::a00:1", "64:ff9b:1::808:808",
        "2002:7f00:1::", "2002:a9fe:a9fe::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    ],
)  # fmt: skip
async def test_any_other_address_is_refused(text: str) -> None:
    assert not is_public(ipaddress.ip_address(text))
    for found in ([text], ["93.184.215.14", text], [text, "93.184.215.14"]):
        with pytest.raises(BadTarget, match="has an address that is not public") as caught:
            await Targets(resolve=resolving(found)).find(_TARGET)
        assert text not in str(caught.value)


async def test_a_network_that_is_allowed_is_asked_and_no_other() -> None:
    allowed = read_networks("10.1.0.0/16, 127.0.0.1,fd00::/8")
    for text in ("10.1.2.3", "127.0.0.1", "::ffff:10.1.2.3", "fd00::1"):
        found = await Targets(allowed, resolving([text])).find(_TARGET)
        assert len(found) == 1
    for text in ("10.2.0.1", "127.0.0.2", "::1", "169.254.169.254"):
        with pytest.raises(BadTarget):
            await Targets(allowed, resolving([text])).find(_TARGET)


async def test_a_host_that_cannot_be_found_is_refused() -> None:
    async def unknown(_host: str) -> list[str]:
        raise OSError("no such host")

    with pytest.raises(BadTarget, match=r"the host hooks\.example cannot be resolved"):
        await Targets(resolve=unknown).find(_TARGET)
    with pytest.raises(BadTarget, match=r"the host hooks\.example has no address"):
        await Targets(resolve=resolving([])).find(_TARGET)


@pytest.mark.parametrize("host", ["127.1", "0x7f.1", "2130706433", "localhost"])
async def test_other_spellings_of_this_machine_are_resolved_before_they_are_checked(
    host: str,
) -> None:
    with pytest.raises(BadTarget, match="has an address that is not public"):
        await Targets().find(Target("https", host, 443, "/"))
    assert set(await resolve_host("127.0.0.1")) == {"127.0.0.1"}


async def test_without_tls_only_the_machine_itself_is_asked() -> None:
    target = Target("http", "hooks.example", 80, "/")
    with pytest.raises(BadTarget, match="without TLS only this machine is asked"):
        await Targets(resolve=resolving(["93.184.215.14"])).find(target)
    allowed = read_networks("127.0.0.0/8,10.0.0.0/8")
    assert await Targets(allowed, resolving(["127.0.0.1"])).find(target)
    with pytest.raises(BadTarget, match="without TLS only this machine is asked"):
        await Targets(allowed, resolving(["10.0.0.1"])).find(target)


@pytest.mark.parametrize(
    ("url", "target", "authority"),
    [
        ("https://Hooks.Example", Target("https", "hooks.example", 443, "/"), "hooks.example"),
        (
            "https://hooks.example:8443/a/b?c=d&e",
            Target("https", "hooks.example", 8443, "/a/b?c=d&e"),
            "hooks.example:8443",
        ),
        ("http://127.0.0.1:80/", Target("http", "127.0.0.1", 80, "/"), "127.0.0.1"),
        ("https://[2a00::1]:444/x", Target("https", "2a00::1", 444, "/x"), "[2a00::1]:444"),
    ],
)
def test_a_url_is_read(url: str, target: Target, authority: str) -> None:
    assert read_url(url) == target
    assert target.authority == authority


@pytest.mark.parametrize(
    "url",
    ["", "hooks.example", "ftp://hooks.example/", "file:///etc/passwd", "https:///path",
     "https://user:canary@hooks.example/", "https://user@hooks.example/", "https://@hooks.example/",
     "https://hooks.example/#x", "https://hooks.example:0/", "https://hooks.example:70000/",
     "https://hooks.example:x/", "https://hooks example/", "https://hooks.example/a b",
     "https://hooks.example/\r\nX: y", "https://hooks.example\\@10.0.0.1/", "https://häks.example/",
     "https://127.1/", "https://0x7f000001/", "https://2130706433/", "https://[::1/",
     "https://[fe80::1%25eth0]/", "https://[::ffff:127.0.0.1]/", "https://0.0.0.0/",
     "\u212attps://hooks.example", "https://" + "a" * 2_000],
)  # fmt: skip
def test_what_is_no_url_of_a_webhook_is_refused(url: str) -> None:
    with pytest.raises(Refused) as caught:
        read_url(url)
    assert "canary" not in f"{caught.value} {caught.value.fix}"
