"""What can go wrong with the store that is not a bug: each says what happened, what is safe and what to do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError


class StoreError(Exception):
    """The environment's fault. The three sentences are fit to show to a caseworker."""

    what = "The store cannot be used."
    safe = "What was saved before is safe."
    todo = "Close the desk, and ask your administrator to look at the data folder."

    def __init__(self, what: str = "", *, safe: str = "", todo: str = "") -> None:
        self.what = what or type(self).what
        self.safe = safe or type(self).safe
        self.todo = todo or type(self).todo
        super().__init__(f"{self.what} {self.safe} {self.todo}")


class DiskFull(StoreError):
    """SQLITE_FULL: no room for the transaction."""

    what = "The disk is full."
    safe = "Everything saved so far is safe; the last change is not saved."
    todo = "Free some space on this disk, then do the last step again."


class StoreReadOnly(StoreError):
    """SQLITE_READONLY, SQLITE_PERM: the file or its folder may not be written."""

    what = "The desk may not write to its data folder."
    safe = "Everything saved so far is safe; the last change is not saved."
    todo = "Ask your administrator to let you write to the data folder, then do the last step again."


class StoreBusy(StoreError):
    """SQLITE_BUSY, SQLITE_LOCKED: another program holds the store for longer than the time-out."""

    what = "Another window or program is using the store."
    safe = "Everything saved so far is safe; the last change is not saved."
    todo = "Wait a moment and do the last step again. If it stays so, close the other windows of the desk."


class StoreDamaged(StoreError):
    """SQLITE_CORRUPT, SQLITE_IOERR: the file cannot be read as it should."""

    what = "The store's file is damaged or cannot be read."
    safe = "The desk has stopped writing to it, so that nothing more is lost."
    todo = "Do not delete anything. Ask your administrator to restore the last backup."


class StoreMissing(StoreError):
    """SQLITE_CANTOPEN: there is no file, or its folder is gone."""

    what = "The store's file cannot be opened."
    safe = "Nothing was changed."
    todo = "Check that the data folder is there and that this account may read it."


class WrongKey(StoreError):
    """SQLITE_NOTADB: the key does not open the file, or the file is not a store."""

    what = "The key does not open this store."
    safe = "Nothing was changed."
    todo = "Check that the key and the file belong together. The recovery sheet can open the store."


class StoreTooNew(StoreError):
    """The file's schema is newer than this program."""

    what = "This store was made by a newer version of Tracing Desk."
    safe = "Nothing was changed."
    todo = "Install the newer version, then open the store again."


class RuleKept(Exception):
    """A constraint or trigger refused a change: the database keeps the rule even where a caller forgot it."""


_CONSTRAINT = 19

_BY_CODE: dict[int, type[StoreError]] = {
    3: StoreReadOnly,
    5: StoreBusy,
    6: StoreBusy,
    8: StoreReadOnly,
    10: StoreDamaged,
    11: StoreDamaged,
    13: DiskFull,
    14: StoreMissing,
    26: WrongKey,
}


def known(error: BaseException) -> StoreError | None:
    """The store error that this driver error stands for, by SQLite's primary result code; None for a bug."""
    code = getattr(error, "sqlite_errorcode", None)
    kind = _BY_CODE.get(code & 0xFF) if isinstance(code, int) else None
    return kind() if kind else None


@contextmanager
def translated() -> Iterator[None]:
    """Turns driver errors that are the environment's fault into :class:`StoreError`; lets bugs through."""
    try:
        yield
    except DBAPIError as error:
        if error.orig is not None and (ours := known(error.orig)):
            raise ours from error
        if (getattr(error.orig, "sqlite_errorcode", 0) & 0xFF) == _CONSTRAINT:
            raise RuleKept(str(error.orig)) from error
        raise
