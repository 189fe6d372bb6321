"""No password, and nothing that is as good, is in a log or in a message: not at any level."""

from collections.abc import Callable

import pytest

from pointsman.routing.digest_hash import DigestAlgorithm, hash_a1
from tests.sip.conftest import Acme
from tests.sip.harness.operator import Operator
from tests.sip.harness.stack import Stack
from tests.sip.scenarios.digest.caller import CALL_WENT, CALLED, PASSWORD, REALM, USER, DigestCaller
from tests.sip.scenarios.digest.conftest import StartNode

_OUT_USER, _OUT_PASSWORD, _OUT_REALM = "acme-at-alpha", "canary-out-77e1", "alpha.example"


def _secrets() -> list[str]:
    of_caller, of_leg = (USER, REALM, PASSWORD), (_OUT_USER, _OUT_REALM, _OUT_PASSWORD)
    hashes = [hash_a1(*a1, way) for a1 in (of_caller, of_leg) for way in DigestAlgorithm]
    return ["canary-51d0", _OUT_PASSWORD, *hashes]


@pytest.mark.usefixtures("remote")
@pytest.mark.parametrize("realm", ["", _OUT_REALM])
@pytest.mark.parametrize("algorithm", ["MD5", "SHA-256"])
def test_nothing_is_told_at_the_highest_level_of_a_log(
    stack: Stack, acme: Acme, operator: Operator, start_node: StartNode,
    new_host: Callable[[], str], *, realm: str, algorithm: str,
) -> None:  # fmt: skip
    operator.change(
        "Trunk",
        acme.alpha,
        outboundUsername=_OUT_USER,
        outboundPassword=_OUT_PASSWORD,
        outboundRealm=realm,
    )
    operator.wait_published()
    node = start_node()
    node.stop()
    settings = node.directory / "settings.cfg"
    settings.write_text(settings.read_text().replace("debug=2", "debug=3"))
    node.start()
    challenge = f'Digest realm="{_OUT_REALM}", nonce="n", qop="auth", algorithm={algorithm}'
    stack.alpha.answer(
        "callee_challenges_and_refuses",
        status="407",
        challenge=f"Proxy-Authenticate: {challenge}",
        then_status="486",
    )
    with DigestCaller(new_host(), node.socket) as caller:
        asked = caller.ask(algorithm)
        assert caller.sign_in(asked, password="wrong").startswith(b"SIP/2.0 407 ")
        assert caller.sign_in(asked).startswith(CALL_WENT)
    stack.alpha.wait()
    _, answered = stack.alpha.received_invites()
    assert f'username="{_OUT_USER}"' in answered.one("Proxy-Authorization")
    assert CALLED in answered.start_line

    logged = node.log.read_text(errors="replace")
    assert " DEBUG: " in logged
    texts = [log.read_text(errors="replace") for log in (stack.router.log, stack.control.log)]
    for text in (logged, *texts, stack.alpha.trace.read_text()):
        assert [secret for secret in _secrets() if secret in text] == []
