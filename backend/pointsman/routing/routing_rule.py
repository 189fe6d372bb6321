"""What an outbound call must look like to use a routing group."""

import re2
from msgspec import Struct

# RE2 is linear in its input, which is bounded too: no rule can stall a decision.
MAX_REGEX_INPUT = 64


class BadRegex(ValueError):
    """A pattern that RE2 refuses; the message says why."""


class RoutingRule(Struct, frozen=True, gc=False):
    """A rule of a tenant.

    It applies to a called number that starts with `called_prefix` ("" for any) and, when
    `called_regex` is set, matches it as a whole. Among the rules that apply, the longest
    `called_prefix` wins, then the lowest `priority`, then the first by `name`.
    """

    id: str
    name: str
    tenant_id: str
    routing_group_id: str
    called_prefix: str = ""
    called_regex: str = ""
    priority: int = 0
    enabled: bool = True


class CompiledRule(Struct, frozen=True):
    """A rule with its regex compiled."""

    rule: RoutingRule
    pattern: "re2._Regexp | None"

    def matches(self, called: str) -> bool:
        """Whether the rule's regex, if any, takes the whole called number."""
        if self.pattern is None:
            return True
        return len(called) <= MAX_REGEX_INPUT and self.pattern.fullmatch(called) is not None


def compile_rule(rule: RoutingRule) -> CompiledRule:
    """The rule ready to match; raises BadRegex."""
    return CompiledRule(rule, compile_regex(rule.called_regex) if rule.called_regex else None)


def compile_regex(pattern: str) -> "re2._Regexp":
    """Compile with RE2; raises BadRegex naming what RE2 does not take."""
    options = re2.Options()
    options.log_errors = False
    try:
        return re2.compile(pattern, options)
    except re2.error as error:
        reason = error.args[0]
        raise BadRegex(reason.decode() if isinstance(reason, bytes) else str(reason)) from None


def order_of(compiled: CompiledRule) -> tuple[int, str]:
    """The order among rules of the same called prefix."""
    return compiled.rule.priority, compiled.rule.name
