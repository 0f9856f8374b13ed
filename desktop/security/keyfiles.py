"""A file with the store's key, or with the recovery key of its sheet, for work that nobody watches: backups by night, a
restore by a script.

Whoever reads it opens the store and its backups. So it is its owner's alone, and one that others may read is refused.
"""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path

from desktop.security.problems import KeyProblem
from desktop.security.sealed import KEY_BYTES

_ALLOWED = (0o400, 0o600)
_MOST = 200
"""Bytes of a recovery key as it may be typed."""


class KeyFileRefused(KeyProblem):
    """The key file is not one, or others than its owner could have read or changed it."""

    what = "The key file cannot be used."
    todo = "Write a new one with: tracing-desk key --out FILE"


def key_file_text(key: bytes) -> bytes:
    """What a key file holds."""
    return f"{key.hex()}\n".encode()


def read_key_file(path: Path) -> bytes:
    """The key in the file. Raises KeyFileRefused."""
    content = _read(path, 2 * KEY_BYTES + 2)
    if not re.fullmatch(rb"[0-9a-f]{64}\r?\n?", content):
        raise KeyFileRefused(f"{path} holds no key.")
    return bytes.fromhex(content.decode().strip())


def read_recovery_file(path: Path) -> str:
    """What is typed of a recovery sheet, from a file. Raises KeyFileRefused."""
    return _read(path, _MOST).decode("ascii", "replace")


def _read(path: Path, most: int) -> bytes:
    """The first bytes of a file that is its owner's alone. Raises KeyFileRefused."""
    try:
        # A link could be turned to another file between the look at it and the reading.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except OSError as error:
        if path.is_symlink():
            raise KeyFileRefused(f"The key file {path} is a link: give the file itself.") from error
        raise KeyFileRefused(f"The key file {path} cannot be read: {error.strerror or error}.") from error
    try:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            raise KeyFileRefused(f"{path} is not a file.")
        if os.name == "posix":
            if found.st_uid != os.geteuid():
                raise KeyFileRefused(f"The key file {path} belongs to another account of this computer.")
            if stat.S_IMODE(found.st_mode) not in _ALLOWED:
                raise KeyFileRefused(
                    f"Others than its owner may use the key file {path}.",
                    todo=f"Close it to them (chmod 600 {path}), and think of who may have read it.",
                )
        return os.read(descriptor, most)
    finally:
        os.close(descriptor)
