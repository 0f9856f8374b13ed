"""Copies that leave the store: private files, each journalled before its first byte is written, and none before there
is room for it.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import BinaryIO

from db.journal import append
from db.records import Heading, Json
from desktop.casework.desk import Desk, Done, changing
from desktop.security.files import make_room, replacing

Room = Callable[[int], None]
"""Takes the room for so many bytes. Raises OSError where there is none."""


def write_copy(out: Path, give: Callable[[Room], bytes], *, replace: bool = False) -> bytes:
    """Writes what `give` returns to a private file, and returns it: see ``private_copy``. It takes the room for it
    before it journals anything.
    """
    with private_copy(out, replace=replace) as file:
        content = give(partial(make_room, file))
        file.write(content)
    return content


def write_done(out: Path, give: Callable[[Room], tuple[Done, bytes]], *, replace: bool = False) -> Done:
    """Writes what `give` journals and returns to a private file, and returns what it did: see ``write_copy``."""
    with private_copy(out, replace=replace) as file:
        done, content = give(partial(make_room, file))
        file.write(content)
    return done


def write_told(
    desk: Desk,
    out: Path,
    content: bytes,
    *,
    action: str,
    heading: Heading,
    data: Mapping[str, Json] | None = None,
    case_id: int | None = None,
    replace: bool = False,
) -> None:
    """Writes `content` to a private file, which the journal says first: see ``write_copy``."""

    def give(room: Room) -> bytes:
        room(len(content))
        with changing(desk) as tx:
            append(
                tx, at=desk.clock(), actor_id=desk.user.id, action=action, heading=heading, case_id=case_id, data=data
            )
        return content

    write_copy(out, give, replace=replace)


@contextmanager
def private_copy(out: Path, *, replace: bool = False) -> Iterator[BinaryIO]:
    """A file to write to that only its owner may read. Who writes journals the copy first: there is never one that
    nobody knows of, and none is left where anything raises.

    OSError where `out` cannot be written or is there already; then nothing is journalled. With `replace`, for somebody
    who was asked, a file that is there gives way once the new one is whole, and stays as it is where anything goes
    wrong.
    """
    if not replace and os.path.lexists(out):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(out))
    with replacing(out) as file:
        yield file
