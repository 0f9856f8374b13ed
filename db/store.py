"""The open store, and the transactions in which everything is read and written."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import Any

from sqlalchemy import Connection, Engine, event, inspect, text
from sqlalchemy.exc import OperationalError

from db import swapping
from db.engine import BUSY_SECONDS, make_engine, told
from db.errors import (
    Halted,
    StoreBusy,
    StoreDamaged,
    StoreMissing,
    StoreTooNew,
    WrongKey,
    known,
    opening,
    translated,
)
from db.logs import lost_changes
from db.readers import LOOK_SECONDS, Readers

HEAD = "0049"
"""The newest schema revision that this program knows. The tests hold it equal to the newest migration."""

FILE = "desk.db"

Tx = Connection
"""An open transaction, as the functions of this package take it."""

_STEPS = 10_000
"""Steps of SQLite between two looks at whether it is to go on: some of a millisecond."""


class Store:
    """One encrypted file, open. Threads take turns: it has one connection."""

    def __init__(self, path: Path, engine: Engine, key: bytes, settled: str = "", lost: int = 0) -> None:
        self.path = path
        self.key = key
        """The 32 bytes that open the file, and every backup of it."""
        self.settled = settled
        """What is told first of its opening: what was finished or undone that was cut short, what came back, and a
        long time without use; "" for nothing.
        """
        self.lost = lost
        """How many finished changes at the end of its log were damaged, and were lost when it was opened."""
        self.by_sheet = False
        """Whether it was opened with its recovery sheet, and the key is not kept anew since."""
        self._engine = engine
        self._turn = RLock()
        self._readers = Readers()

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction that holds the write lock from its start: committed whole at the end, or not at all."""
        with self._turn, translated(self.path), self._engine.begin() as connection:
            self._readers.shut = False
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One unchanging view of the store, for reading only."""
        with self._turn, translated(self.path), self._engine.connect() as plain:
            connection = plain.execution_options(reading=True)
            try:
                with connection.begin():
                    self._readers.shut = False
                    yield connection
            finally:
                plain.execution_options(reading=False)

    @contextmanager
    def aside(self, wanted: Callable[[], bool]) -> Iterator[Store]:
        """The same store for whoever reads long: on a connection of its own, so that nobody waits for it. What is read
        raises Halted soon after `wanted()` is False, or where the file is to be at rest. What is written is written by
        this store, in its turn: it is stopped before it begins, or not at all.
        """
        with self._readers.one(lambda: _Aside(self, wanted), wanted) as reader:
            yield reader

    @contextmanager
    def turn(self, meanwhile: Callable[[], None]) -> Iterator[None]:
        """Waits until nobody else uses the store's connection. `meanwhile` is called again and again, and ends the wait
        by raising.
        """
        while not self._turn.acquire(timeout=LOOK_SECONDS):
            meanwhile()
        try:
            meanwhile()
            yield
        finally:
            self._turn.release()

    def still_wanted(self) -> None:
        """Raises Halted where nobody wants any more what is under way: for what computes long between two reads."""

    @property
    def closed(self) -> bool:
        """Whether it was closed, and not used since."""
        return self._readers.shut

    def empty_log(self) -> None:
        """Moves what the write-ahead log holds into the file, so that nothing overwritten is left in the log. Whatever
        is read aside is halted: it would keep the log from being emptied.
        """
        with (
            self._readers.at_rest(),
            self._turn,
            translated(self.path),
            self._engine.connect() as connection,
        ):
            raw = connection.connection.driver_connection
            if raw is not None:
                raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def reopen(self) -> None:
        """Opens the file anew: a connection that met a damaged page reads no other page either."""
        with self._turn:
            self._engine.dispose()

    def copy_to(self, path: Path) -> None:
        """A whole, encrypted copy in a file that is not there or is empty. Never copies a live write-ahead log.

        Raises StoreError; what is in the file then is of no use.
        """
        with self._turn, self._engine.connect() as connection:
            raw = connection.connection.driver_connection
            if raw is not None:
                with told(path):
                    raw.execute("VACUUM INTO ?", (str(path),))

    def rekeyed(self, key: bytes) -> None:
        """Goes on with the store that is in the file's place now, which another key opens. To be called when closed."""
        self.key = key
        self._engine = make_engine(self.path, key)

    def close(self) -> None:
        """Empties the write-ahead log, and lets go of the file, as whatever is read aside does. What uses the store
        again opens it again.
        """
        self._readers.shut = True
        try:
            self.empty_log()
        finally:
            self._engine.dispose()


class _Aside(Store):
    """A store that reads on a connection of its own, and writes by the one that it stands beside."""

    def __init__(self, store: Store, wanted: Callable[[], bool]) -> None:
        engine = make_engine(store.path, store.key, reading=True)
        super().__init__(store.path, engine, store.key, lost=store.lost)
        self._store = store
        self._wanted = wanted
        self._halted = False
        event.listen(engine, "connect", self._asks)

    @contextmanager
    def write(self) -> Iterator[Connection]:
        with self._store.turn(self.still_wanted), self._store.write() as connection:
            yield connection

    def still_wanted(self) -> None:
        if not self._goes_on():
            raise Halted

    def halt(self) -> None:
        """Whatever is read is to end."""
        self._halted = True

    def close(self) -> None:
        self._engine.dispose()

    def _asks(self, raw: Any, _record: object) -> None:
        """A connection was made: between steps it asks whether it is to go on."""
        raw.set_progress_handler(lambda: not self._goes_on(), _STEPS)

    def _goes_on(self) -> bool:
        return not self._halted and self._wanted()


def create_store(folder: Path, key: bytes) -> Store:
    """Makes the file in `folder` with the newest schema. The file must not be there yet."""
    path = folder / FILE
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600)
    os.close(descriptor)
    engine = make_engine(path, key)
    with translated(path):
        _migrate(engine)
    return Store(path, engine, key)


def open_store(folder: Path, key: bytes, *, busy_seconds: float = BUSY_SECONDS) -> Store:
    """Opens the file in `folder`, brought up to date first (with a backup) where it is older than the program.

    A restore or a change of the key that was cut short is finished or undone first. Raises StoreMissing, WrongKey,
    StoreTooNew or another StoreError.
    """
    path = folder / FILE
    settled = swapping.settle(folder, path.name)
    if not path.is_file():
        raise StoreMissing
    if path.stat().st_size == 0:
        raise WrongKey("The store's file is empty.", todo="Ask your administrator to restore the last backup.")
    lost = lost_changes(path.with_name(f"{FILE}-wal"))
    before = path.stat().st_ino
    engine = make_engine(path, key, busy_seconds=busy_seconds)
    try:
        with opening(), translated(path):
            found = _revision(engine)
            if not path.exists() or path.stat().st_ino != before:
                # Another program put a restored file there in this moment: what is open is the one that it replaced.
                raise StoreBusy
            if found > HEAD:
                raise StoreTooNew
            if found != HEAD:
                _bring_up(engine, path, found)
            _mend(engine)
    except BaseException:
        engine.dispose()
        raise
    return Store(path, engine, key, settled, lost)


def _revision(engine: Engine) -> str:
    """The file's schema revision; "" before the first."""
    with engine.connect().execution_options(reading=True) as connection:
        if not inspect(connection).has_table("alembic_version"):
            return ""
        return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or "")


def _bring_up(engine: Engine, path: Path, found: str) -> None:
    """Brings the file up to date, with a copy of it kept beside. Raises StoreDamaged where it is not of the revision
    that it says: then it stays as it is.
    """
    from alembic.util import CommandError

    copy = _back_up(engine, path, found)
    try:
        _migrate(engine)
    except (OperationalError, CommandError) as error:
        if isinstance(error, OperationalError) and known(error.orig or error, path):
            raise
        copy.unlink()
        raise StoreDamaged("The store does not say rightly which version of the program made it.") from error


def _mend(engine: Engine) -> None:
    """Makes anew what can be missing without a loss."""
    from db.wholeness import mend_indexes, wrong_indexes

    with engine.connect().execution_options(reading=True) as connection:
        wrong = wrong_indexes(connection)
    if wrong:
        with engine.begin() as connection:
            mend_indexes(connection)


def _back_up(engine: Engine, path: Path, found: str) -> Path:
    """A whole, encrypted copy beside the file before a migration. Never copies a live write-ahead log."""
    copy = path.with_name(f"{path.stem}-before-{HEAD}-from-{found or 'nothing'}.db")
    copy.unlink(missing_ok=True)
    with engine.connect() as connection:
        raw = connection.connection.driver_connection
        if raw is not None:
            raw.execute("VACUUM INTO ?", (str(copy),))
    copy.chmod(0o600)
    return copy


def _migrate(engine: Engine) -> None:
    """Runs the migrations that are missing in one transaction, with foreign keys off, and checks them after."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    with engine.connect() as connection:
        raw = connection.connection.driver_connection
        if raw is None:
            raise StoreMissing
        raw.execute("PRAGMA foreign_keys = OFF")
        try:
            with connection.begin():
                config.attributes["connection"] = connection
                command.upgrade(config, HEAD)
                broken = connection.execute(text("PRAGMA foreign_key_check")).fetchall()
                if broken:
                    raise RuntimeError(f"a migration broke {len(broken)} references")
        finally:
            raw.execute("PRAGMA foreign_keys = ON")
