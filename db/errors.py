"""What can go wrong with the store that is not a bug: each says what happened, what is safe and what to do."""

from __future__ import annotations

import errno
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlcipher3.dbapi2 as sqlcipher


class StoreError(Exception):
    """The environment's fault. The three sentences are fit to show to a caseworker."""

    what = "The store cannot be used."
    safe = "What was saved before is safe."
    todo = "Close the desk, and ask your administrator to look at the data folder."
    at_opening = ("", "", "")
    """The three sentences where the store is only being opened, if they are others then."""

    def __init__(self, what: str = "", *, safe: str = "", todo: str = "") -> None:
        self.what = what or type(self).what
        self.safe = safe or type(self).safe
        self.todo = todo or type(self).todo
        super().__init__(f"{self.what} {self.safe} {self.todo}")


class DiskFull(StoreError):
    """SQLITE_FULL, or the folder takes no more: no room for the transaction, or for what an open store needs."""

    what = "The disk is full."
    safe = "Everything saved so far is safe; the last change is not saved."
    todo = "Free some space on this disk, then do the last step again."
    at_opening = (
        "The disk is full, so the store cannot be opened.",
        "Everything saved so far is safe.",
        "Free some space on this disk, then open the desk again.",
    )


class StoreReadOnly(StoreError):
    """SQLITE_READONLY, SQLITE_PERM, or a folder that takes no file: it may not be written."""

    what = "The desk may not write to its data folder."
    safe = "Everything saved so far is safe; the last change is not saved."
    todo = "Ask your administrator to let you write to the data folder, then do the last step again."
    at_opening = (
        "The data folder can be read but not written, and an open store is written to.",
        "Everything saved so far is safe, and nothing was changed.",
        "Ask your administrator to let this account write there, or to make the disk writable, then open it again.",
    )


class StoreBusy(StoreError):
    """SQLITE_BUSY, SQLITE_LOCKED: another program holds the store for longer than the time-out."""

    what = "Another window or program is using the store."
    safe = "Everything saved so far is safe; the last change is not saved."
    todo = "Wait a moment and do the last step again. If it stays so, close the other windows of the desk."


class StoreDamaged(StoreError):
    """SQLITE_CORRUPT, or SQLITE_IOERR though the folder takes a file: the store cannot be read as it should."""

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
    todo = (
        "Check that the key and the file belong together. The recovery sheet can open the store. Where it does not "
        "either, the start of the file is damaged: restore the last backup."
    )


class StoreTooNew(StoreError):
    """The file's schema is newer than this program."""

    what = "This store was made by a newer version of Tracing Desk."
    safe = "Nothing was changed."
    todo = "Install the newer version, then open the store again."


class RuleKept(Exception):
    """A constraint or trigger refused a change: the database keeps the rule even where a caller forgot it."""


class Halted(Exception):
    """SQLITE_INTERRUPT: what was asked of the store is not wanted any more, and none of it was done."""


_CONSTRAINT = 19
_INTERRUPT = 9

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


# An input or output error, and a file that cannot be opened: both also stand for a disk that is full or not writable,
# because an open store needs two files beside it.
_UNTOLD = (10, 14)
_ROOM = 1 << 16
"""Bytes that the folder must take: the index of the write-ahead log is half of that."""
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_FIXED = (errno.EROFS, errno.EACCES, errno.EPERM)


def known(error: BaseException, path: Path) -> StoreError | None:
    """The store error that this driver error about the file at `path` stands for, by SQLite's primary result code and,
    where that does not tell, by what the file's folder takes; None for a bug.
    """
    code = getattr(error, "sqlite_errorcode", None)
    if not isinstance(code, int) or (kind := _BY_CODE.get(code & 0xFF)) is None:
        return None
    told = _what_the_folder_says(path) if code & 0xFF in _UNTOLD else None
    return (told or kind)()


def _what_the_folder_says(path: Path) -> type[StoreError] | None:
    """Puts a file into the folder for a moment: whether it is full or may not be written; None for neither."""
    try:
        with path.open("rb"), tempfile.TemporaryFile(dir=path.parent, buffering=0) as tried:
            tried.write(bytes(_ROOM))
            if tried.tell() < _ROOM:
                return DiskFull
    except OSError as error:
        # A store that may not even be read is another matter.
        if error.errno in _FULL:
            return DiskFull
        if error.errno in _FIXED and error.filename != str(path):
            return StoreReadOnly
    return None


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turns driver errors about the file at `path` that are the environment's fault into :class:`StoreError`; lets
    bugs through.
    """
    from sqlalchemy.exc import DBAPIError

    try:
        yield
    except DBAPIError as error:
        if error.orig is not None and (ours := known(error.orig, path)):
            raise ours from error
        code = getattr(error.orig, "sqlite_errorcode", 0) & 0xFF
        if code == _CONSTRAINT:
            raise RuleKept(str(error.orig)) from error
        if "no such index" in str(error.orig):
            raise StoreDamaged(
                "An index of the store is not there any more.",
                safe="Nothing was changed.",
                todo="Close the desk and open it again: it makes the index anew. Ask who took it away.",
            ) from error
        if code == _INTERRUPT:
            raise Halted from error
        raise
    except sqlcipher.DatabaseError as error:
        # The driver itself was asked: see ``Store.empty_log``.
        if ours := known(error, path):
            raise ours from error
        if getattr(error, "sqlite_errorcode", 0) & 0xFF == _INTERRUPT:
            raise Halted from error
        raise


@contextmanager
def readable() -> Iterator[None]:
    """Turns what reading raises about a value that is none, for whoever checks a store, into :class:`StoreDamaged`:
    half a text, where the rest of it stands on a damaged page, and what somebody put in its place by SQL.
    """
    from sqlalchemy.exc import SQLAlchemyError

    try:
        yield
    except (SQLAlchemyError, sqlcipher.DatabaseError, AttributeError, LookupError, TypeError, ValueError) as error:
        raise StoreDamaged("What stands there cannot be read: it is damaged, or was changed.") from error


@contextmanager
def opening() -> Iterator[None]:
    """Says of a store error that the store was only being opened: nothing was being saved."""
    try:
        yield
    except StoreError as error:
        if not any(error.at_opening):
            raise
        what, safe, todo = error.at_opening
        raise type(error)(what, safe=safe, todo=todo) from error
