"""What is counted of calls and of tries at trunks, and what the counts come to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

import phonenumbers

from pointsman.calls.delay_histogram import quantile_ms

# Who was called has had the call, and would not or could not take it (ITU-T E.425: user busy, no
# answer, rejection by the user). The codes are those of RFC 6076 section 4.7, with 487, a caller
# who gave up, and 607 (RFC 8197). A 408 counts where it had rung.
EFFECTIVE_CODES = (480, 486, 487, 600, 603, 607)
# ITU-T E.164 country calling codes; none begins like another one.
CALLING_CODES = tuple(f"+{code}" for code in sorted(phonenumbers.COUNTRY_CODE_TO_REGION_CODE))
_MS_OF_S, _MS_OF_MINUTE = 1_000, 60_000


class StatisticsLevel(StrEnum):
    """What is counted: calls, as their tenants have them, or each try at a trunk."""

    CALLS = "CALLS"
    ATTEMPTS = "ATTEMPTS"


class StatisticsResolution(StrEnum):
    """The time that a row is of, in UTC."""

    MINUTE = "MINUTE"
    HOUR = "HOUR"
    DAY = "DAY"


class StatisticsDimension(StrEnum):
    """What counts can be told apart by."""

    TENANT = "TENANT"
    CARRIER = "CARRIER"
    TRUNK = "TRUNK"
    PREFIX = "PREFIX"
    SIP_CODE = "SIP_CODE"
    TIME = "TIME"


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of calls or of tries. `effective` are those that reached the user; `timed` those of
    the answered whose duration is known, `duration_ms` theirs in all; `delays` count post-dial
    delays by bucket (delay_histogram)."""

    attempts: int = 0
    answered: int = 0
    effective: int = 0
    timed: int = 0
    duration_ms: int = 0
    delays: Mapping[int, int] = field(default_factory=dict)

    @property
    def asr(self) -> float | None:
        """The answer seizure ratio, 0 to 1."""
        return self.answered / self.attempts if self.attempts else None

    @property
    def ner(self) -> float | None:
        """The network effectiveness ratio, 0 to 1."""
        return self.effective / self.attempts if self.attempts else None

    @property
    def acd_s(self) -> float | None:
        """The average call duration."""
        return self.duration_ms / _MS_OF_S / self.timed if self.timed else None

    @property
    def minutes(self) -> float:
        """How long all of them lasted."""
        return self.duration_ms / _MS_OF_MINUTE

    @property
    def pdd_median_ms(self) -> float | None:
        """What half of the post-dial delays are no longer than."""
        return quantile_ms(self.delays, 0.5)

    @property
    def pdd_p95_ms(self) -> float | None:
        """What 95 of 100 post-dial delays are no longer than."""
        return quantile_ms(self.delays, 0.95)


def begin_of(resolution: StatisticsResolution, moment: datetime) -> datetime:
    """When the minute, the hour or the day began that the moment is in."""
    minute = moment.astimezone(UTC).replace(second=0, microsecond=0)
    if resolution is StatisticsResolution.MINUTE:
        return minute
    hour = minute.replace(minute=0)
    return hour if resolution is StatisticsResolution.HOUR else hour.replace(hour=0)
