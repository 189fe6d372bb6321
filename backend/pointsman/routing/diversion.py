"""Who was called before, as Diversion tells it (RFC 5806)."""

import re
from collections.abc import Iterator

from pointsman.routing.call import Diversion
from pointsman.routing.incoming import Incoming
from pointsman.routing.normalization import read_number
from pointsman.routing.normalization_profile import NumberField
from pointsman.routing.outcome import Diverted
from pointsman.routing.presentation import Presentation, write_party
from pointsman.routing.uri import has_control, split_name_addr

# How many are told of, the last ones: a loop of forwards would else fill the request.
MAX_DIVERSIONS = 5
# RFC 5806 section 4; what else is said is unknown to the far end as well.
REASONS = frozenset(
    {
        "unknown", "user-busy", "no-answer", "unavailable", "unconditional", "time-of-day",
        "do-not-disturb", "deflection", "follow-me", "out-of-service", "away",
    }
)  # fmt: skip
_COUNTERS = frozenset(str(number) for number in range(1, 100))
_PARAM = re.compile(r';\s*([a-z-]+)\s*=\s*(?:"([a-z-]*)"|([0-9a-z-]+))', re.ASCII)


def read_diversion(value: str) -> Diversion:
    """One value of a Diversion header; raises BadUri."""
    party, params = split_name_addr(value)
    found = {name: quoted or plain for name, quoted, plain in _PARAM.findall(params.lower())}
    reason, counter = found.get("reason", ""), found.get("counter", "")
    return Diversion(
        party,
        reason if reason in REASONS else "unknown",
        int(counter) if counter in _COUNTERS else 1,
        found.get("privacy", "off") != "off",
    )


def list_diverted(
    incoming: Incoming, presentation: Presentation, *, private: bool
) -> tuple[Diverted, ...]:
    """Whom a trunk is told of, the last one first: those that rules sent the call on from, then
    those that the peer knows of. A far end that is not trusted hears of nobody private, and of
    nobody at all when the call is `private` or its Privacy has "history" (RFC 7044 section 10)."""
    call, numbers = incoming.call, incoming.numbers
    if not (numbers.diverted or call.diversions):
        return ()
    if not presentation.trusted and (private or "history" in call.privacy):
        return ()
    host = call.request_uri.host or call.source_ip
    diverted = [
        Diverted(write_party(presentation, "", number, host), "unconditional")
        for number in reversed(numbers.diverted)
    ]
    diverted += _list_peers(incoming, presentation)
    return tuple(diverted[:MAX_DIVERSIONS])


def _list_peers(incoming: Incoming, presentation: Presentation) -> Iterator[Diverted]:
    """Those that the peer knows of, their numbers written anew."""
    call, source = incoming.call, incoming.source
    for diversion in call.diversions:
        display, uri = diversion.party.display, diversion.party.uri
        form = source.trunk.number_format
        number = read_number(uri, NumberField.CALLING, form, source.profile)
        if not number.text or has_control(display + number.text):
            continue
        if diversion.private and not presentation.trusted:
            continue
        party = write_party(presentation, display, number, uri.host or call.source_ip)
        yield Diverted(party, diversion.reason, diversion.counter, diversion.private)
