"""The same tests over both databases."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from postgres import running_postgres
from registry_world import Registry

_NUMBERS = count()


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A server for all tests of one process."""
    with running_postgres() as url:
        yield url


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.real_runner)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The name of an empty database, as --db takes it."""
    if request.param == "sqlite":
        return str(tmp_path / "registry.db")
    import psycopg

    server, name = request.getfixturevalue("postgres"), f"registry_{next(_NUMBERS)}"
    with psycopg.connect(f"{server}postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")  # type: ignore[arg-type]
    return f"{server}{name}"


@pytest.fixture
def registry(database: str) -> Iterator[Registry]:
    """A registry that is open for writing."""
    with Registry.open(database, for_writing=True) as opened:
        yield opened
