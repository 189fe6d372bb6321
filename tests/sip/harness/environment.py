"""The environment of a `pointsman` command that a test starts."""

import os


def with_settings(**settings: object) -> dict[str, str]:
    """This process's, with these settings by their names and no others."""
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("POINTSMAN_")},
        **{f"POINTSMAN_{name}".upper(): str(value) for name, value in settings.items()},
    }
