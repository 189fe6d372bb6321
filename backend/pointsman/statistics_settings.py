"""Settings of how calls are counted."""

from pydantic import Field
from pydantic_settings import BaseSettings


class StatisticsSettings(BaseSettings):
    """What an installation may set of it; a part of Settings."""

    statistics_every_s: float = Field(
        default=30.0,
        ge=1.0,
        le=3600,
        description="How often calls that changed are counted into the statistics, in seconds.",
    )
    statistics_minutes_keep_days: int = Field(
        default=35,
        ge=1,
        le=36_500,
        description="For how many days statistics by the minute are kept.",
    )
    statistics_hours_keep_days: int = Field(
        default=800,
        ge=0,
        le=36_500,
        description="For how many days statistics by the hour are kept; 0: for ever.",
    )
    statistics_days_keep_days: int = Field(
        default=0,
        ge=0,
        le=36_500,
        description="For how many days statistics by the day are kept; 0: for ever.",
    )
