"""What the text of the Kamailio configuration has to be like, which Kamailio does not check."""

import re

from tests.sip.harness.kamailio import CONFIGURATION

_QUESTIONS_OF_A_WORKER = 278
"""How many wait for one HTTP worker at the default of net.core.wmem_default, 212992."""


def _default(name: str) -> int:
    settings = (CONFIGURATION / "settings.cfg").read_text()
    (value,) = re.findall(rf"^#!trydef {name} (\d+)$", settings, re.MULTILINE)
    return int(value)


def test_all_questions_that_may_be_in_flight_have_a_place() -> None:
    """Those of calls for help as well: else SIP workers would wait for an HTTP worker."""
    places = _default("HTTP_WORKERS") * _QUESTIONS_OF_A_WORKER
    assert places >= 2 * _default("MAX_IN_FLIGHT")


def test_a_call_has_as_many_branches_as_tm_has() -> None:
    """A question takes one each, a leg one and another for each challenge that it answers."""
    assert _default("MAX_BRANCHES") == 30
    assert _default("ROUTER_QUESTIONS") + 2 * 11 <= 30


def test_each_route_stands_once() -> None:
    """Of two with the same name Kamailio takes one, and says nothing of the other."""
    text = "\n".join(file.read_text() for file in sorted(CONFIGURATION.glob("*.cfg")))
    names = re.findall(r"^(\w*route)\[([^\]]+)\]", text, re.MULTILINE)
    assert len(names) > 100
    assert {name for name in names if names.count(name) > 1} == set()
