"""Copies that leave the store: private files, each journalled before its first byte is written."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from desktop.security.files import replacing


def write_copy(out: Path, give: Callable[[], bytes], *, replace: bool = False) -> bytes:
    """Writes what `give` returns to a file that only its owner may read, and returns it.

    `give` journals the copy: there is never one that nobody knows of, and none is left where it raises. OSError where
    `out` cannot be written or is there already; then nothing is journalled. With `replace`, for somebody who was asked,
    a file that is there gives way once the new one is whole, and stays as it is where anything goes wrong.
    """
    if replace:
        with replacing(out) as file:
            content = give()
            file.write(content)
        return content
    with open(out, "xb", opener=_private) as file:
        try:
            content = give()
            file.write(content)
        except BaseException:
            out.unlink()
            raise
    return content


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
