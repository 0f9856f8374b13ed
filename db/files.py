"""Small files beside the store, there whole or as they were before, and on the disk before anyone relies on them."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from db.errors import DiskFull, StoreError


def write_whole(path: Path, content: bytes) -> None:
    """Replaces a file with `content`, for its owner alone (0600). Raises OSError; then the file is as it was."""
    new = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        with open(new, "wb", opener=_private) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)
    sync(path.parent)


def sweep(path: Path) -> None:
    """Removes what somebody left beside a file whose program was killed while it wrote. Raises nothing."""
    with suppress(OSError):
        for left in path.parent.glob(f".{path.name}.*.new"):
            with suppress(OSError):
                if not _runs(left.name.split(".")[-2]):
                    left.unlink()


def _runs(number: str) -> bool:
    """Whether a process may still be writing. Windows does not let go of a file that is: there it need not be asked."""
    if os.name != "posix" or not number.isdecimal():
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def copy_whole(source: Path, target: Path) -> None:
    """Copies a file that nobody writes to, for its owner alone, onto the disk. Raises OSError."""
    with source.open("rb") as read, open(target, "wb", opener=_private) as file:
        while piece := read.read(1 << 20):
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())


def set_aside(path: Path) -> str:
    """Gives a file that may not be written over a name of its own, by when it was written; returns the name.

    Raises OSError.
    """
    at, more = datetime.fromtimestamp(path.stat().st_mtime, UTC), 1
    name = aside = f"{path.stem}-unreadable-{at:%Y-%m-%d}"
    while path.with_name(f"{aside}{path.suffix}").exists():
        more += 1
        aside = f"{name}-{more}"
    return path.rename(path.with_name(f"{aside}{path.suffix}")).name


def is_folder(path: Path) -> bool:
    """Whether a folder is there and can be reached. Raises nothing: to Python 3.13, ``Path.is_dir`` does so."""
    try:
        return path.is_dir()
    except OSError:
        return False


def _private(name: str, flags: int) -> int:
    return os.open(name, flags, 0o600)


@contextmanager
def disk_told() -> Iterator[None]:
    """Turns what the disk refuses into a StoreError, for work that changes nothing before it is done."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            todo = "Free some space on this disk, then do this again."
            raise DiskFull(safe="Nothing was changed.", todo=todo) from error
        raise StoreError(
            f"A file cannot be read or written: {error.strerror or error}.",
            safe="Nothing was changed, or what was begun is finished as the desk is opened again.",
            todo="See that the data folder may be written and that the disk is there, then do this again.",
        ) from error


def sync(path: Path) -> None:
    """Puts a file, or the names in a folder, on the disk. Windows cannot open a folder, and needs not."""
    if os.name == "posix" or path.is_file():
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def runs_elsewhere(number: int) -> bool:
    """Whether a program of this number runs and is not this one. On Windows what it has open cannot be taken away."""
    if os.name != "posix" or number == os.getpid():
        return False
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True
