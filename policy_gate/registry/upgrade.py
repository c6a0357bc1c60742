"""Which schema a database has, and the steps to the one that this version works with."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Final

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from policy_gate.errors import UsageError

VERSION_TABLE: Final = "registry_schema"
_ONE_AT_A_TIME: Final = 1_347_374_401
"""The key of PostgreSQL's advisory lock under which a schema is made or upgraded."""


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def newest_schema() -> int:
    """The number of the schema that this version works with."""
    return int(ScriptDirectory.from_config(_config()).get_current_head() or 0)


def schema_of(connection: sa.Connection) -> int | None:
    """The number of the schema of a database; None where it is none of ours, 0 where it is empty."""
    context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
    found = context.get_current_revision()
    if found is not None:
        return int(found) if found.isdecimal() else None
    return None if sa.inspect(connection).get_table_names() else 0


def upgrade(connection: sa.Connection) -> None:
    """Bring a database to the newest schema, in the transaction that the connection is in; nobody's rows are lost."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_ONE_AT_A_TIME)))
    if readable_schema(connection) == newest_schema():
        return
    config = _config()
    config.attributes["connection"] = connection
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", sa.exc.SAWarning)
        command.upgrade(config, "head")


def readable_schema(connection: sa.Connection) -> int:
    """The number of the schema; UsageError where it is newer than this version, or no registry at all."""
    found = schema_of(connection)
    if found is None:
        raise UsageError("the database holds something else than a registry", hint="name another one with --db")
    if found > newest_schema():
        message = f"the registry has schema {found}; this version of policy-gate knows none above {newest_schema()}"
        raise UsageError(message, hint="upgrade policy-gate, or name another database with --db")
    return found


def require_current(connection: sa.Connection) -> None:
    """UsageError where a database that is only read has an older schema, with the command that upgrades it."""
    found = readable_schema(connection)
    if found == 0:
        raise UsageError("the registry is empty", hint="fill it with: policy-gate registry sync SOURCE")
    if found < newest_schema():
        message = f"the registry has schema {found}, and this version of policy-gate reads schema {newest_schema()}"
        raise UsageError(message, hint="upgrade it with: policy-gate registry upgrade")
