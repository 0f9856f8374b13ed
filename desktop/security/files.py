"""Writing a small private file so that it is there whole, or as it was before."""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

NEW = ".new-"
"""How the name of a file begins that is not whole yet."""


def write_private(path: Path, content: bytes) -> None:
    """Replaces the file at `path` with `content`, for its owner alone (0600), on the disk before it returns.

    Raises OSError; then the file is as it was.
    """
    with replacing(path) as file:
        file.write(content)


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """A private file (0600) to write to, which takes the place of the one at `path` when all is written.

    Raises OSError. Where anything raises, the file at `path` is as it was.
    """
    # Its name is known before it is there: whoever stops the program at any moment leaves nothing of it.
    new = path.with_name(f"{NEW}{secrets.token_hex(8)}")
    try:
        with _begun(new, path) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    except BaseException:
        new.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def _begun(new: Path, path: Path) -> BinaryIO:
    """The new file that is to take the place of the one at `path`, of which an error speaks."""
    try:
        return open(new, "xb", opener=_private)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error


def _private(name: str, flags: int) -> int:
    return os.open(name, flags, 0o600)


def make_room(file: BinaryIO, size: int) -> None:
    """Takes the room on the disk for so many bytes from the beginning of a new file, where the system lets it be taken
    before anything is written. Raises OSError where there is none.
    """
    if sys.platform == "linux" and size:
        os.posix_fallocate(file.fileno(), 0, size)
    elif size:
        file.truncate(size)


def _sync_folder(folder: Path) -> None:
    """Puts the new name itself on the disk. Windows does so by itself and cannot open a folder."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
