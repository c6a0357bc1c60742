"""The front door: parse, one call, one reporter, one exit code.

The only room that knows click, the clock and the environment. Each command has a module of its own,
imported when it is asked for, so that start-up stays fast.
"""

from __future__ import annotations

import sys
from typing import NoReturn

from policy_gate.cli.boundary import guarded


def main() -> NoReturn:
    """Run the command line of this process and exit with the contract's code."""
    sys.exit(guarded(sys.argv[1:]))


__all__ = ["main"]
