"""Kamailio asks the endpoints of trunks by OPTIONS, and calls skip those that are not there."""

import signal
import ssl

import pytest

from tests.sip.harness.far_end import FarEnd
from tests.sip.harness.raw import header_of
from tests.sip.scenarios.health.conftest import Site, wait_until


def test_calls_skip_an_endpoint_that_is_dead_until_it_is_back(site: Site) -> None:
    assert site.call() == "SIP/2.0 486 Busy Here"
    assert (site.alpha.count("INVITE"), site.beta.count("INVITE")) == (1, 0)

    site.alpha.options = site.alpha.invite = ""
    # Nobody knows yet, and what was answered still counts: one caller waits for nothing.
    assert site.call() == "SIP/2.0 486 Busy Here"
    calls = site.alpha.count("INVITE")
    assert site.beta.count("INVITE") == 1
    found = site.wait_for_state(site.acme.alpha, "DOWN")
    assert (found["node"], found["replyCode"], found["replyReason"], found["note"]) == (
        "test",
        408,
        "No Answer",
        "",
    )
    assert site.call() == "SIP/2.0 486 Busy Here"
    assert (site.alpha.count("INVITE"), site.beta.count("INVITE")) == (calls, 2)

    site.alpha.options, site.alpha.invite = "200 OK", "486 Busy Here"
    assert site.wait_for_state(site.acme.alpha, "UP")["replyCode"] == 200
    assert site.call() == "SIP/2.0 486 Busy Here"
    assert (site.alpha.count("INVITE"), site.beta.count("INVITE")) == (calls + 1, 2)


def test_what_is_dead_is_tried_all_the_same_where_nothing_else_is_left(site: Site) -> None:
    site.alpha.options = site.beta.options = ""
    for trunk in (site.acme.alpha, site.acme.beta):
        site.wait_for_state(trunk, "DOWN")
    assert site.call() == "SIP/2.0 486 Busy Here"
    assert (site.alpha.count("INVITE"), site.beta.count("INVITE")) == (1, 0)


def test_one_lost_probe_changes_nothing(site: Site) -> None:
    since = site.health(site.acme.alpha)[0]["since"]
    site.alpha.lose(1)
    assert [each["state"] for each in site.health(site.acme.alpha)] == ["UP"]
    site.beta.wait_for("OPTIONS", 3)
    assert site.health(site.acme.alpha)[0]["since"] == since
    site.alpha.lose(2)
    wait_until(lambda: site.health(site.acme.alpha)[0]["since"] != since)


def test_any_answer_of_the_far_end_says_that_it_is_there(site: Site) -> None:
    """Many answer OPTIONS with 404, 405 or 483; what says itself that it is no good is not."""
    site.alpha.options, site.beta.options = "404 Not Found", "503 Maintenance"
    found = site.wait_for_state(site.acme.beta, "DOWN")
    assert (found["replyCode"], found["replyReason"]) == (503, "Maintenance")
    wait_until(lambda: site.health(site.acme.alpha)[0]["replyCode"] == 404)
    assert site.health(site.acme.alpha)[0]["state"] == "UP"


def test_an_endpoint_that_answers_calls_is_up_whatever_it_makes_of_probes(site: Site) -> None:
    site.alpha.options = ""

    def call_and_see() -> bool:
        assert site.call() == "SIP/2.0 486 Busy Here"
        return bool(site.health(site.acme.alpha)[0]["note"])

    wait_until(call_and_see)
    found = site.health(site.acme.alpha)[0]
    assert (found["state"], found["replyCode"], found["note"]) == (
        "UP",
        408,
        "probes go unanswered, and calls are answered",
    )
    assert site.beta.count("INVITE") == 0
    # One that fails, however soon after: nothing speaks for it any more.
    site.alpha.invite = ""
    assert site.call() == "SIP/2.0 486 Busy Here"
    site.wait_for_state(site.acme.alpha, "DOWN")
    assert site.beta.count("INVITE") == 1


def test_calls_that_come_seldom_speak_for_an_endpoint_as_well(site: Site) -> None:
    assert site.call() == "SIP/2.0 486 Busy Here"
    site.alpha.options = ""
    for _ in range(2):
        # More in a row than it takes to be down.
        site.alpha.wait_for_probes(4)
        assert site.health(site.acme.alpha)[0]["state"] == "UP"
        assert site.call() == "SIP/2.0 486 Busy Here"
    assert (site.alpha.count("INVITE"), site.beta.count("INVITE")) == (3, 0)


def test_an_endpoint_that_never_answers_probes_is_called_until_a_call_fails(site: Site) -> None:
    with FarEnd("127.0.0.23") as gamma:
        gamma.options = ""
        endpoint = {"host": gamma.host, "port": gamma.port}
        site.operator.change("Trunk", site.acme.alpha, endpoints=[endpoint])
        gamma.wait_for_probes(4)
        found = site.wait_for_state(site.acme.alpha, "UNKNOWN")
        assert found["note"] == "no probe was ever answered, and no call has failed lately"
        gamma.invite = ""
        assert site.call() == "SIP/2.0 486 Busy Here"
        assert (gamma.count("INVITE") > 0, site.beta.count("INVITE")) == (True, 1)
        site.wait_for_state(site.acme.alpha, "DOWN")


def test_one_that_rings_for_too_long_has_not_failed(site: Site) -> None:
    """A leg that ends without a final reply, of an endpoint that has told of itself."""
    site.operator.change("Trunk", site.acme.alpha, frInvTimerMs=1000)
    site.operator.wait_published()
    site.alpha.options, site.alpha.invite = "", "180 Ringing"
    assert site.call() == "SIP/2.0 408 Request Timeout"
    site.alpha.wait_for_probes(4)
    assert site.health(site.acme.alpha)[0]["state"] == "UP"


def test_of_legs_that_are_tried_at_once_each_speaks_for_its_own_endpoint(site: Site) -> None:
    site.operator.change("RoutingGroup", site.acme.group, mode="PARALLEL")
    site.operator.wait_published()
    site.alpha.options = site.beta.options = ""
    # Alpha says itself that it is no good, by which it speaks for nobody.
    site.alpha.invite = "503 Service Unavailable"

    def call_and_see() -> bool:
        assert site.call() == "SIP/2.0 486 Busy Here"
        return bool(site.health(site.acme.beta)[0]["note"])

    wait_until(call_and_see)
    assert site.health(site.acme.beta)[0]["state"] == "UP"
    assert site.wait_for_state(site.acme.alpha, "DOWN")["note"] == ""

    site.alpha.invite, site.beta.invite = "486 Busy Here", ""
    site.call()

    def alpha_is_back() -> bool:
        site.call()
        return bool(site.health(site.acme.alpha)[0]["note"])

    site.wait_for_state(site.acme.beta, "DOWN")
    wait_until(alpha_is_back)


def test_the_word_of_an_agent_that_is_gone_counts_no_more(site: Site) -> None:
    site.alpha.options = ""
    site.wait_for_state(site.acme.alpha, "DOWN")
    site.call()
    assert (site.alpha.count("INVITE"), site.beta.count("INVITE")) == (0, 1)
    assert site.agent.stop(signal.SIGKILL) == -signal.SIGKILL

    def alpha_is_called() -> bool:
        site.call()
        return site.alpha.count("INVITE") == 1

    wait_until(alpha_is_called)


def test_an_agent_that_is_started_again_goes_on_from_what_was_known(site: Site) -> None:
    """It does not believe in the dead until it has probed them for long enough."""
    site.alpha.options = ""
    since = site.wait_for_state(site.acme.alpha, "DOWN")["since"]
    assert site.agent.stop() == 0
    told = site.reports()
    site.agent.start()
    wait_until(lambda: site.reports() > told)
    site.call()
    assert site.alpha.count("INVITE") == 0
    assert site.wait_for_state(site.acme.alpha, "DOWN")["since"] == since


def test_a_kamailio_that_is_started_again_goes_on_probing(site: Site) -> None:
    site.alpha.options = ""
    site.wait_for_state(site.acme.alpha, "DOWN")
    site.stack.kamailio.stop()
    site.stack.kamailio.start()
    site.call()
    assert (site.alpha.count("INVITE"), site.beta.count("INVITE")) == (0, 1)
    site.alpha.options = "200 OK"
    site.wait_for_state(site.acme.alpha, "UP")


def test_what_is_probed_follows_the_configuration(site: Site) -> None:
    gamma_host = "127.0.0.23"
    with FarEnd(gamma_host) as gamma:
        endpoint = {"host": gamma.host, "port": gamma.port}
        site.operator.change("Trunk", site.acme.alpha, endpoints=[endpoint])
        gamma.wait_for("OPTIONS", 2)
        probe = gamma.probes[-1]
        assert probe.startswith(f"OPTIONS sip:{gamma.host}:{gamma.port} SIP/2.0\r\n".encode())
        assert header_of(probe, "From").startswith("<sip:pointsman@sip.acme.example>;tag=")
        site.wait_for_state(site.acme.alpha, "UP")

        site.operator.change("Trunk", site.acme.alpha, probing=False)
        wait_until(lambda: site.health(site.acme.alpha) == [])
        before = site.alpha.count("OPTIONS"), gamma.count("OPTIONS")
        site.beta.wait_for("OPTIONS", 3)
        assert (site.alpha.count("OPTIONS"), gamma.count("OPTIONS")) == before


@pytest.mark.parametrize("transport", ["TCP", "TLS"])
def test_endpoints_are_probed_by_their_transport(
    site: Site, tls: ssl.SSLContext, transport: str
) -> None:
    context = tls if transport == "TLS" else None
    with FarEnd("127.0.0.23", transport, context) as gamma:
        endpoint = {"host": gamma.host, "port": gamma.port, "transport": transport}
        site.operator.change("Trunk", site.acme.alpha, endpoints=[endpoint])
        site.wait_for_state(site.acme.alpha, "UP")
        probe = gamma.probes[-1].decode()
        assert header_of(gamma.probes[-1], "Via").startswith(f"SIP/2.0/{transport} ")
        assert probe.splitlines()[0].endswith(f";transport={transport.lower()} SIP/2.0")
        site.call()
        assert gamma.count("INVITE") == 1

    def is_down() -> bool:
        assert site.call() == "SIP/2.0 486 Busy Here"
        return bool(site.health(site.acme.alpha)[0]["state"] == "DOWN")

    wait_until(is_down)
    assert site.beta.count("INVITE") > 0
