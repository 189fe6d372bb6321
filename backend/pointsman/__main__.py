"""`python -m pointsman` is the command `pointsman`."""

from pointsman.entry import main

main()
