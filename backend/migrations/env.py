"""Alembic's way to the database and the models. Migrations themselves import neither."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from alembic.operations.ops import DropTableOp, MigrationScript, ModifyTableOps
from sqlalchemy import Connection

from backend.kit.db import UtcDateTime, get_engine
from backend.wiring import load_tables

metadata = load_tables().metadata


def render_item(kind: str, item: Any, autogen: AutogenContext) -> str | Literal[False]:
    """Write our column types as plain SQLAlchemy, so that an old migration does not follow newer code."""
    if kind == "type" and isinstance(item, UtcDateTime):
        autogen.imports.add("from sqlalchemy.dialects import mysql")
        return 'sa.DateTime(timezone=True).with_variant(mysql.DATETIME(fsp=6), "mysql", "mariadb")'
    return False


def skip_needless_drops(_context: Any, _revision: Any, directives: list[MigrationScript]) -> None:
    """Drop no index of a table that is dropped anyway; MariaDB refuses where a foreign key needs it."""
    for script in directives:
        if script.downgrade_ops is None:
            continue
        steps = script.downgrade_ops.ops
        dropped = {step.table_name for step in steps if isinstance(step, DropTableOp)}
        script.downgrade_ops.ops = [
            step for step in steps if not (isinstance(step, ModifyTableOps) and step.table_name in dropped)
        ]


def compared(name: str | None, kind: str, _parents: Any) -> bool:
    """Leave out indexes that only one kind of database has: migrations make them, models do not know them."""
    return kind != "index" or name is None or not name.startswith("only_")


@contextmanager
def foreign_keys_off(connection: Connection) -> Iterator[None]:
    """Let SQLite rebuild a table that others point to: without this, dropping the old one would touch their rows."""
    if connection.dialect.name != "sqlite":
        yield
        return
    raw: Any = connection.connection.driver_connection
    raw.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        raw.execute("PRAGMA foreign_keys=ON")


def run() -> None:
    """Run the migrations over one connection, in one transaction where the database can."""
    with get_engine().connect() as connection, foreign_keys_off(connection):
        context.configure(
            connection=connection,
            target_metadata=metadata,
            render_as_batch=True,
            render_item=render_item,
            include_name=compared,
            process_revision_directives=skip_needless_drops,
            transactional_ddl=connection.dialect.name != "mysql",
        )
        with context.begin_transaction():
            context.run_migrations()


if context.is_offline_mode():
    raise SystemExit("SQL scripts are not written; run the migration against a database.")
run()
