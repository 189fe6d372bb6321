"""`pointsman serve ROLE`."""

from pointsman.role import serve_role
from pointsman.role_name import RoleName
from pointsman.settings import load_settings
from pointsman.telemetry import configure_logging


def main(role: RoleName) -> None:
    """Serve one role in this process."""
    settings = load_settings()
    configure_logging(settings.log_level, settings.log_format, role)
    serve_role(role, settings)
