"""A PostgreSQL of the tests' own: on loopback, in a folder of its own, stopped by its own process id."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


def _program(name: str) -> str:
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    found = next((str(it / name) for it in folders if (it / name).exists()), None) or shutil.which(name)
    if found is None:
        pytest.skip(f"{name} of PostgreSQL is not installed here; .ci/run installs it")
    return found


@contextmanager
def running_postgres() -> Iterator[str]:
    """The URL of a server that runs; skips the test where none is installed, or nobody else than root may run it."""
    initdb, control = _program("initdb"), _program("pg_ctl")
    as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    folder = Path(tempfile.mkdtemp(prefix="registry-pg-"))
    data = folder / "data"
    try:
        if as_user:
            shutil.chown(folder, "postgres")
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        settings = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off"
        base = [*as_user, control, "-D", str(data)]

        def run(*command: str) -> None:
            subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL, timeout=120)

        run(*as_user, initdb, "-D", str(data), "-A", "trust", "-U", "gate", "-E", "UTF8", "--locale=C")
        run(*base, "-w", "-l", str(folder / "log"), "-o", settings, "start")
        try:
            yield f"postgresql://gate@127.0.0.1:{port}/"
        finally:
            run(*base, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
