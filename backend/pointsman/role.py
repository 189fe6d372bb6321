"""A role in this process."""

from importlib import import_module

from pointsman.installation import database_url
from pointsman.role_name import RoleName
from pointsman.settings import Settings

# A role starts without what the others need.
_MODULES = {
    RoleName.CONTROL: "pointsman.control_app",
    RoleName.ROUTER: "pointsman.router_process",
    RoleName.COMPILER: "pointsman.compiler_process",
    RoleName.RECORDS: "pointsman.records_app",
}


def serve_role(role: RoleName, settings: Settings) -> None:
    """Serve it until it is told to stop."""
    import_module(_MODULES[role]).serve(settings, database_url(settings))
