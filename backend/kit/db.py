"""The database: engine, base class, column types. SQLite (WAL), PostgreSQL and MariaDB with the same code.

One request or task is one transaction; it is committed at its edge only (``transaction`` here, ``SessionDep`` in
``kit.http``). SQLite transactions that may write start with BEGIN IMMEDIATE, so that two writers queue instead of
failing half-way.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import (
    BigInteger,
    DateTime,
    Engine,
    Integer,
    MetaData,
    String,
    create_engine,
    event,
)
from sqlalchemy.dialects import mysql
from sqlalchemy.engine import URL, Connection, Dialect, make_url
from sqlalchemy.orm import DeclarativeBase, Session, mapped_column, sessionmaker
from sqlalchemy.types import TypeDecorator

from backend.kit import context
from backend.settings import get_settings

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Base of every table. A table is either ``Scoped`` or ``Open`` (see ``kit.scope``)."""

    metadata = MetaData(naming_convention=NAMING)
    __table_args__: Any = {"mysql_charset": "utf8mb4", "mysql_engine": "InnoDB"}  # noqa: RUF012


class UtcDateTime(TypeDecorator[datetime]):
    """Aware moments, stored in UTC with microseconds. Refuses naive values."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        """MariaDB keeps whole seconds unless told otherwise."""
        if dialect.name in ("mysql", "mariadb"):
            return dialect.type_descriptor(mysql.DATETIME(fsp=6))
        return dialect.type_descriptor(DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Convert to UTC; drop the zone where the database has none."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive datetime")
        utc = value.astimezone(UTC)
        return utc if dialect.name == "postgresql" else utc.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the zone back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


BigId = BigInteger().with_variant(Integer, "sqlite")
"""Type of every numeric key."""


def id_column() -> Any:
    """Return a numeric primary key column."""
    return mapped_column(BigId, primary_key=True, autoincrement=True)


def code_column(length: int = 32, **kwargs: Any) -> Any:
    """Return a column for a short code or enum value."""
    return mapped_column(String(length), **kwargs)


def _url(raw: str) -> URL:
    url = make_url(raw)
    drivers = {
        "postgres": "postgresql+psycopg",
        "postgresql": "postgresql+psycopg",
        "mysql": "mysql+pymysql",
        "mariadb": "mysql+pymysql",
    }
    url = url.set(drivername=drivers.get(url.drivername, url.drivername))
    if url.drivername.startswith(("mysql", "mariadb")):
        url = url.update_query_dict({"charset": "utf8mb4"})
    return url


_SHORT_QUESTIONS = " ".join(
    f"-c {name}={value}"
    for name, value in {
        "jit": "off",
        "random_page_cost": 1.1,
        "max_parallel_workers_per_gather": 0,
        "plan_cache_mode": "force_custom_plan",
    }.items()
)
"""Many people ask for a few rows each, among rare and among frequent values: PostgreSQL's own guesses are those of slow
disks and of long reports (ADR 0019)."""
_OF_ITS_KIND: dict[str, dict[str, Any]] = {
    "postgresql": {"connect_args": {"options": _SHORT_QUESTIONS}},
    "mysql": {"isolation_level": "READ COMMITTED"},
}


def make_engine(raw_url: str) -> Engine:
    """Return an engine for the URL; schemes may be short (``postgresql://``, ``mariadb://``)."""
    url = _url(raw_url)
    if url.get_backend_name() != "sqlite":
        own = _OF_ITS_KIND[url.get_backend_name()]
        return create_engine(url, pool_pre_ping=True, pool_size=10, max_overflow=20, pool_recycle=1800, **own)
    if url.database and url.database != ":memory:":
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, connect_args={"timeout": 30}, pool_size=10, max_overflow=30)
    event.listen(engine, "connect", _configure_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _configure_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "busy_timeout=30000",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    read_only = connection.get_execution_options().get("read_only", False)
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")


@lru_cache
def get_engine() -> Engine:
    """Return the engine of this process."""
    return make_engine(get_settings().database_url)


@lru_cache
def _factory() -> sessionmaker[Session]:
    return sessionmaker(get_engine(), expire_on_commit=False, autoflush=True)


def open_session(read_only: bool = False) -> Session:
    """Return a new session. ``read_only`` keeps SQLite readers out of the writers' queue."""
    session = _factory()()
    if read_only:
        session.connection(execution_options={"read_only": True})
    return session


AFTER_COMMIT = "after_commit"


def after_commit(session: Session, call: Callable[[], None]) -> None:
    """Run ``call`` once this session has committed (wake-ups only; never work that must not be lost)."""
    session.info.setdefault(AFTER_COMMIT, {})[call] = call


@event.listens_for(Session, "after_commit")
def _run_after_commit(session: Session) -> None:
    for call in session.info.pop(AFTER_COMMIT, {}).values():
        call()


@event.listens_for(Session, "after_rollback")
def _drop_after_commit(session: Session) -> None:
    session.info.pop(AFTER_COMMIT, None)


@contextmanager
def transaction(read_only: bool = False) -> Iterator[Session]:
    """One transaction outside a request: commit at the end, roll back on any error."""
    context.origin()
    session = open_session(read_only)
    try:
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.close()


def is_reachable() -> bool:
    """Tell whether the database answers a trivial query."""
    with get_engine().connect() as connection:
        connection.exec_driver_sql("SELECT 1")
    return True
