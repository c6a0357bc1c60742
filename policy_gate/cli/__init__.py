"""The front door: parse, one call, one reporter, one exit code.

The only room that knows click, the clock and the environment. Each command has a module of its own,
imported when it is asked for, so that start-up stays fast.
"""

from __future__ import annotations

import atexit
import gc
import os
import sys
from contextlib import suppress
from typing import NoReturn


def main() -> NoReturn:
    """Run the command line of this process and exit with the contract's code."""
    # One short run makes few cycles; looking for them again and again would take a tenth of its time.
    gc.disable()
    # Nothing that is merely installed beside us has a say in how documents are validated.
    os.environ["PYDANTIC_DISABLE_PLUGINS"] = "__all__"
    if sys.argv[1:3] == ["hook", "pre-push"]:
        from policy_gate.cli.pre_push_fast import fast_answer  # noqa: PLC0415 - git waits for it

        code = fast_answer(sys.argv[3:])
        if code is not None:
            _leave(code)
    from policy_gate.cli.errors import guarded  # noqa: PLC0415 - nothing is loaded before that

    _leave(guarded(sys.argv[1:]))


def _leave(code: int) -> NoReturn:
    """End the process once all is written; what the interpreter would still tidy up ends with it."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    if "multiprocessing.util" in sys.modules:
        # Workers were started: what they met in is a folder, which is removed at a process's end.
        atexit._run_exitfuncs()
    os._exit(code)


__all__ = ["main"]
