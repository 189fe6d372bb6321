"""Where the command `pointsman` begins.

A router is back in a second when it was started again: `pointsman serve ROLE`, which is what starts
it, does without all that the other commands need. So does `pointsman ship`, which runs beside each
Kamailio.
"""

import sys
from importlib import import_module

from pointsman.errors import PointsmanError
from pointsman.role_name import RoleName


def main() -> None:
    """Run; an expected error is one line on standard error and the exit status 1; a Ctrl-C
    is 130."""
    try:
        if sys.argv[1:] in [["serve", role] for role in RoleName]:
            import_module("pointsman.role_command").main(RoleName(sys.argv[2]))
        elif sys.argv[1:2] == ["ship"]:
            import_module("pointsman.ship_command").main(sys.argv[2:])
        else:
            import_module("pointsman.cli").main()
    except PointsmanError as error:
        sys.stderr.write(f"pointsman: {error}\n")
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
