"""Opens the encrypted file: SQLCipher through SQLAlchemy, with every setting that safety needs. SQLite alone."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlcipher3.dbapi2 as sqlcipher

from db.errors import StoreMissing, WrongKey, known

if TYPE_CHECKING:
    from sqlalchemy import Engine

BUSY_SECONDS = 5.0
_LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"})
_LAST_LETTER_MARK = 9

_READING = ("query_only = ON", "temp_store = MEMORY")
_WRITING = (
    "journal_mode = WAL",
    "synchronous = FULL",
    "foreign_keys = ON",
    "secure_delete = ON",
    "temp_store = MEMORY",
    # INSERT OR REPLACE deletes: its delete triggers are to fire.
    "recursive_triggers = ON",
)


def folded(name: str | None) -> str | None:
    """A name as names are compared: its letters and figures, whatever their case, width and accents, and nothing that
    stands between them or is not seen. SQL knows it by this name; ``desktop.policy.people.name_key`` has the same rule.

    SQLite's own ``lower`` knows the letters of English alone.
    """
    if not isinstance(name, str):
        return None
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).casefold().translate(_LETTERS))
    kept = (c for c in plain if unicodedata.combining(c) <= _LAST_LETTER_MARK and unicodedata.category(c)[0] in "LMN")
    return "".join(kept)


def look_at(path: Path, key: bytes) -> Any:
    """A driver connection that only reads a file which nothing has open for writing, and leaves nothing beside it.

    Raises StoreError where the key does not open the file.
    """
    raw = None
    try:
        raw = sqlcipher.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True, isolation_level=None)
        raw.execute("PRAGMA cipher_log_level = NONE")
        raw.create_function("folded", 1, folded, deterministic=True)
        raw.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        if not raw.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            raw.close()
            raise WrongKey(f"{path.name} holds no store.", todo="Choose another file.")
    except sqlcipher.DatabaseError as error:
        if raw is not None:
            raw.close()
        if ours := known(error, path):
            raise ours from error
        raise
    return raw


def in_memory() -> Any:
    """A driver connection to an empty database that is nowhere on the disk."""
    return sqlcipher.connect(":memory:", isolation_level=None)


def rekey(path: Path, old: bytes, new: bytes) -> None:
    """Encrypts a file that nobody else knows of anew, page by page. Raises StoreError; then it is of no use."""
    raw = connect(path, old)
    try:
        with told(path):
            raw.execute("PRAGMA journal_mode = DELETE")
            raw.execute(f"PRAGMA rekey = \"x'{new.hex()}'\"")
    finally:
        raw.close()


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Turns what the driver itself raises about the file at `path` into a StoreError; lets bugs through."""
    try:
        yield
    except sqlcipher.DatabaseError as error:
        if ours := known(error, path):
            raise ours from error
        raise


def connect(path: Path, key: bytes, *, busy_seconds: float = BUSY_SECONDS, reading: bool = False) -> Any:
    """A driver connection to the file at `path` with a 32-byte key. Raises StoreError where the key is wrong.

    `reading`: it changes nothing, and makes no file that is not there.
    """
    if not path.parent.is_dir() or (reading and not path.is_file()):
        raise StoreMissing
    raw = None
    try:
        raw = sqlcipher.connect(str(path), isolation_level=None, check_same_thread=False, timeout=busy_seconds)
        raw.execute("PRAGMA cipher_log_level = NONE")
        raw.create_function("folded", 1, folded, deterministic=True)
        raw.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        raw.execute("SELECT count(*) FROM sqlite_master").fetchone()
        for setting in _READING if reading else _WRITING:
            raw.execute(f"PRAGMA {setting}")
    except sqlcipher.DatabaseError as error:
        if raw is not None:
            raw.close()
        if ours := known(error, path):
            raise ours from error
        raise
    return raw


def make_engine(path: Path, key: bytes, *, busy_seconds: float = BUSY_SECONDS, reading: bool = False) -> Engine:
    """An engine of one connection, which changes nothing where it is for `reading`. Transactions begin at once and take
    the write lock unless marked as reading.
    """
    # What only reads a file with the driver begins sooner without it: see ``db.stretches``.
    from sqlalchemy import create_engine, event
    from sqlalchemy.pool import StaticPool

    engine = create_engine(
        "sqlite://",
        module=sqlcipher,
        creator=lambda: connect(path, key, busy_seconds=busy_seconds, reading=reading),
        poolclass=StaticPool,
    )

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        reading = connection.get_execution_options().get("reading", False)
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")

    return engine
