"""A file with the store's key in clear, for work that nobody watches: backups by night, a restore by a script.

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


class KeyFileRefused(KeyProblem):
    """The key file is not one, or others than its owner could have read or changed it."""

    what = "The key file cannot be used."
    todo = "Write a new one with: tracing-desk key --out FILE"


def key_file_text(key: bytes) -> bytes:
    """What a key file holds."""
    return f"{key.hex()}\n".encode()


def read_key_file(path: Path) -> bytes:
    """The key in the file. Raises KeyFileRefused."""
    try:
        # A link could be turned to another file between the look at it and the reading.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except OSError as error:
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
        content = os.read(descriptor, 2 * KEY_BYTES + 2)
    finally:
        os.close(descriptor)
    if not re.fullmatch(rb"[0-9a-f]{64}\r?\n?", content):
        raise KeyFileRefused(f"{path} holds no key.")
    return bytes.fromhex(content.decode().strip())
