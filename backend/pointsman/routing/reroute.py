"""Reroute policies, compiled: what to do when a leg fails.

The rules of a policy stand over the default one: before ringing the next leg is tried on 408,
5xx, on no answer in time and on what could not be sent; anything else is final, and everything
is once it has rung. The default ends where a rule begins: a rule for 4xx is also one for 408.
"""

from collections.abc import Iterable, Mapping

from msgspec import Struct

from pointsman.routing.reroute_policy import (
    RerouteAction,
    ReroutePhase,
    ReroutePolicy,
    RerouteRule,
)

# Causes that are no SIP response: no answer in time, and what could not be sent.
TIMEOUT = "TIMEOUT"
TRANSPORT = "TRANSPORT"

# What a Kamailio behind the trunk answers when it is the one that could not send.
_NOT_SENT = frozenset({"477", "478"})
_WORDS = {
    RerouteAction.STOP: "stop",
    RerouteAction.NEXT: "next",
    RerouteAction.NEXT_CARRIER: "carrier",
}
# What would end a quoted text.
_UNQUOTED = str.maketrans({'"': "'", "\\": "/"})


class Verdict(Struct, frozen=True, gc=False):
    """What happens now; the SIP code and reason phrase are what REWRITE answers."""

    action: RerouteAction
    sip_code: int = 0
    sip_reason: str = ""


_STOP = Verdict(RerouteAction.STOP)
_NEXT = Verdict(RerouteAction.NEXT)
_Table = Mapping[str, Verdict]
_DEFAULT_BEFORE: _Table = {"408": _NEXT, "5": _NEXT, "timeout": _NEXT, "transport": _NEXT}


class CompiledReroute(Struct, frozen=True, gc=False):
    """The verdicts before and after ringing by their key (a code, the digit of a class,
    "timeout", "transport"), and the same as the texts that Kamailio looks them up in."""

    before: _Table
    after: _Table
    before_text: str
    after_text: str

    def verdict(self, cause: str, *, rang: bool) -> Verdict:
        """What to do on a SIP code from 300 on, TIMEOUT or TRANSPORT."""
        return _look_up(self.after if rang else self.before, _keys(cause))


def compile_reroute(policy: ReroutePolicy | None) -> CompiledReroute:
    """The policy over the default one, or that one alone."""
    rules = policy.rules if policy else ()
    before = _compile_phase(rules, ReroutePhase.BEFORE_RINGING, _DEFAULT_BEFORE)
    after = _compile_phase(rules, ReroutePhase.AFTER_RINGING, {})
    return CompiledReroute(before, after, _write(before), _write(after))


def _compile_phase(rules: Iterable[RerouteRule], phase: ReroutePhase, default: _Table) -> _Table:
    own: dict[str, Verdict] = {}
    for applies in (ReroutePhase.ANY, phase):
        for rule in rules:
            if rule.phase is applies:
                own[_key(rule.cause)] = _verdict_of(rule, phase)
    for key, verdict in default.items():
        if not any(other in own for other in _keys(key)):
            own[key] = verdict
    return _without_the_obvious(own)


def _verdict_of(rule: RerouteRule, phase: ReroutePhase) -> Verdict:
    if rule.action is RerouteAction.REWRITE:
        return Verdict(RerouteAction.REWRITE, rule.sip_code, rule.sip_reason.translate(_UNQUOTED))
    # Who has heard it ring and declines everywhere is not called again (RFC 3261 section 21.6).
    if rule.cause.startswith("6") and phase is ReroutePhase.AFTER_RINGING:
        return _STOP
    return Verdict(rule.action)


def _without_the_obvious(table: dict[str, Verdict]) -> _Table:
    """Only what a broader entry, or none, does not say: the texts are short."""
    for key in sorted(table, key=len, reverse=True):
        if _look_up(table, _keys(key)[1:]) == table[key]:
            del table[key]
    return table


def _look_up(table: _Table, keys: tuple[str, ...]) -> Verdict:
    for key in keys:
        if key in table:
            return table[key]
    return _STOP


def _key(cause: str) -> str:
    """Of a code itself, of a class ("5xx") its digit."""
    return cause[0] if cause.endswith("xx") else cause.lower()


def _keys(cause: str) -> tuple[str, ...]:
    """The keys that a cause, or a key, is looked up by: the first one that is there decides."""
    key = cause.lower()
    if not key.isdigit() or len(key) == 1:
        return (key,)
    return (key, "transport", key[0]) if key in _NOT_SENT else (key, key[0])


def _write(table: _Table) -> str:
    return ";".join(f"{key}={_word(table[key])}" for key in sorted(table))


def _word(verdict: Verdict) -> str:
    if verdict.action is RerouteAction.REWRITE:
        return f'"{verdict.sip_code} {verdict.sip_reason}"'
    return _WORDS[verdict.action]
