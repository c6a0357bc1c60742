"""The front door: parse, one call, one reporter, one exit code.

The only room that knows click, the clock and the environment. Each command has a module of its own,
imported when it is asked for, so that start-up stays fast.
"""

from __future__ import annotations

import gc
import sys
from typing import NoReturn


def main() -> NoReturn:
    """Run the command line of this process and exit with the contract's code."""
    # One short run makes few cycles; looking for them again and again would take a tenth of its time.
    gc.disable()
    if sys.argv[1:3] == ["hook", "pre-push"]:
        from policy_gate.cli.pre_push_fast import fast_answer  # noqa: PLC0415 - git waits for it

        code = fast_answer(sys.argv[3:])
        if code is not None:
            sys.exit(code)
    from policy_gate.cli.errors import guarded  # noqa: PLC0415 - nothing is loaded before that

    sys.exit(guarded(sys.argv[1:]))


__all__ = ["main"]
