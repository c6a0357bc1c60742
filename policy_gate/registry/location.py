"""Where a registry is kept: a file of SQLite, or a database of PostgreSQL, and how either is named to people."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import sqlalchemy as sa
from msgspec import Struct

from policy_gate.errors import UsageError

DEFAULT: Final = "registry.db"
_POSTGRES: Final = frozenset({"postgresql", "postgres", "postgresql+psycopg"})


class DatabaseLocation(Struct, frozen=True):
    """Either a `file`, or a `url`; `shown` names it without a password."""

    shown: str
    file: Path | None = None
    url: sa.URL | None = None

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must never be told of it."""
        said = str(self.url.password) if self.url is not None and self.url.password else ""
        return (said,) if said else ()


def location_of(named: str | Path | None) -> DatabaseLocation:
    """The place that a path, `sqlite:///PATH` or `postgresql://…` names; without any, `registry.db` where we are.

    UsageError for every other database, and for a URL that names none.
    """
    text = str(named or DEFAULT)
    if "://" not in text:
        return DatabaseLocation(shown=text, file=Path(text))
    try:
        url = sa.make_url(text)
    except (sa.exc.ArgumentError, ValueError):
        raise UsageError("the URL of the database is none", hint="write postgresql://USER@HOST/NAME") from None
    if url.drivername == "sqlite":
        if not url.database or url.database == ":memory:":
            raise UsageError("the URL of the database names no file", hint="write sqlite:///PATH, or the path alone")
        return DatabaseLocation(shown=url.database, file=Path(url.database))
    if url.drivername not in _POSTGRES:
        kind = url.drivername.partition("+")[0]
        raise UsageError(f"a registry is not kept in {kind}", hint="name a file for SQLite, or postgresql://HOST/NAME")
    url = url.set(drivername="postgresql+psycopg")
    # What else a URL carries may be secret, too: a password can stand among its options.
    shown = url.set(drivername="postgresql", query={}).render_as_string(hide_password=True)
    return DatabaseLocation(shown=shown, url=url)
