"""The files of a case: added, looked at, copied out and removed. They are kept in the encrypted store alone."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from db import attachments, casefile
from db.attachments import LARGEST_CASE, LARGEST_FILE, Attachment
from db.casereads import load_case
from db.journal import append
from db.records import Action, Case, Heading, Json
from db.store import Tx
from desktop.casework.bound import bound
from desktop.casework.copies import Room, write_copy
from desktop.casework.desk import Desk, Done, Invalid, OnCase, Refused, act, case_for, need_sight, touched
from desktop.casework.heldfast import need_files_free
from desktop.policy.fields import Problem
from desktop.policy.filekinds import KINDS, NotAccepted, kind_of, safe_name, size_words
from desktop.policy.life import EDITABLE

__all__ = [
    "CHUNK",
    "LIMITS",
    "AddAttachment",
    "Attachment",
    "Cancelled",
    "RemoveAttachment",
    "add_attachment",
    "attach",
    "copy_attachment",
    "copy_name",
    "read_attachment",
    "read_file",
    "remove_attachment",
]

CHUNK = 256 * 1024
"""Bytes that are read at a time: between two of them it may be cancelled."""
LIMITS = f"At most {size_words(LARGEST_FILE)} a file and {size_words(LARGEST_CASE)} a case."


class Cancelled(Exception):
    """Whoever reads the file did not want it any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddAttachment(OnCase):
    """A file as it was read, and the name that it had."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveAttachment(OnCase):
    """Takes a file out for good."""

    attachment_id: int


def read_file(path: Path, progress: Callable[[int, int], bool]) -> bytes:
    """A file's bytes, read piece by piece. `progress(read, size)` says whether to go on.

    Raises Refused for what is no file or too large, Cancelled, and OSError. Reads no store, so any thread may call it.
    """
    with open(path, "rb", opener=_unblocked) as file:
        found = os.fstat(file.fileno())
        if not stat.S_ISREG(found.st_mode):
            raise Refused("This is not a file. Choose a file.")
        _check_size(found.st_size)
        pieces: list[bytes] = []
        read = 0
        while piece := file.read(CHUNK):
            read += len(piece)
            # It may grow while it is read.
            _check_size(read)
            pieces.append(piece)
            if not progress(read, max(read, found.st_size)):
                raise Cancelled
    return b"".join(pieces)


def add_attachment(desk: Desk, command: AddAttachment) -> Done:
    """Keeps a file in the case. Raises Invalid with what is wrong with it, beside "file"."""

    def body(tx: Tx, now: datetime) -> Done:
        case = _open_case(tx, desk, command)
        return attach(desk, tx, now, case.row.id, command.name, command.content)

    return act(desk, command.command_id, "add_attachment", body)


def attach(desk: Desk, tx: Tx, now: datetime, case_id: int, file_name: str, content: bytes) -> Done:
    """Keeps a file in a case that may be edited, within a transaction. Raises Invalid beside "file"."""
    case = load_case(tx, case_id)
    try:
        _check_size(len(content))
        media_type = kind_of(content)
    except NotAccepted as error:
        raise _wrong(str(error)) from error
    name, digest = safe_name(file_name), hashlib.sha256(content).hexdigest()
    there = [one for one in attachments.attachments_of(tx, case_id) if one.sha256 == digest]
    if there:
        raise _wrong(f"This file is attached already, as “{there[0].name}”.")
    if attachments.held_bytes(tx, case_id) + len(content) > LARGEST_CASE:
        raise _wrong(f"The files of this case would be too large together. {LIMITS}")
    values = {"name": name, "media_type": media_type, "size": len(content), "sha256": digest}
    added = {"case_id": case_id, "content": content, "added_by": desk.user.id, "added_at": now}
    attachments.add_attachment(tx, {**added, **values})
    return _changed(tx, desk, case, now, "add_attachment", {"name": name, "sha256": digest}, media_type)


def remove_attachment(desk: Desk, command: RemoveAttachment) -> Done:
    """Overwrites a file that no reviewer has had before them. What stood in a submission stays with it."""

    def body(tx: Tx, now: datetime) -> Done:
        case = _open_case(tx, desk, command)
        found = [one for one in attachments.attachments_of(tx, case.row.id) if one.id == command.attachment_id]
        if not found or found[0].removed_at is not None:
            raise Refused("This file is not in the case any more.")
        if found[0].submitted is not None:
            raise Refused("A reviewer has had this file before them, so it stays with the case.")
        need_files_free(tx, case.row.id)
        attachments.remove_attachment(tx, command.attachment_id, desk.user.id, now)
        values: dict[str, Json] = {"name": found[0].name, "sha256": found[0].sha256}
        return _changed(tx, desk, case, now, "remove_attachment", values, found[0].media_type)

    done = act(desk, command.command_id, "remove_attachment", body)
    desk.store.empty_log()
    return done


def read_attachment(desk: Desk, case_id: int, attachment_id: int) -> bytes:
    """A file's bytes, to be looked at inside the desk; journalled as a consultation."""
    return _given_out(desk, case_id, attachment_id, "read_attachment", Heading.CONSULTATION)


def copy_attachment(desk: Desk, case_id: int, attachment_id: int, out: Path, *, replace: bool = False) -> None:
    """Writes a file to a private one outside the store, and journals that: see ``write_copy``."""

    def give(room: Room) -> bytes:
        return _given_out(desk, case_id, attachment_id, "copy_attachment", Heading.DISCLOSURE, room)

    write_copy(out, give, replace=replace)


def copy_name(reference: str, attachment: Attachment) -> str:
    """The name that a saved copy gets: a reference and a number, never a person; the ending says what it is."""
    return f"{reference}-attachment-{attachment.id}{KINDS[attachment.media_type][1]}"


def _given_out(
    desk: Desk, case_id: int, attachment_id: int, action: str, heading: Heading, room: Room = lambda _size: None
) -> bytes:
    need_sight(desk)
    with desk.store.write() as tx:
        content = attachments.content_of(tx, case_id, attachment_id)
        if content is None:
            raise Refused("This file is not in the case any more.")
        room(len(content))
        append(
            tx,
            at=desk.clock(),
            actor_id=desk.user.id,
            action=action,
            heading=heading,
            case_id=case_id,
            data={"attachment": attachment_id},
        )
    return content


def _open_case(tx: Tx, desk: Desk, command: OnCase) -> Case:
    case = case_for(tx, desk, command, Action.EDIT)
    if case.row.state not in EDITABLE:
        raise Refused("The request is submitted or decided: its files are fixed. Change the request first.")
    return case


def _changed(
    tx: Tx, desk: Desk, case: Case, now: datetime, action: str, values: dict[str, Json], media_type: str
) -> Done:
    version = casefile.update_case(tx, case.row.id, case.row.version, touched(desk, now))
    append(
        tx,
        at=now,
        actor_id=desk.user.id,
        action=action,
        heading=Heading.ALTERATION,
        case_id=case.row.id,
        data={"type": media_type, **bound(tx, case.row.id, values)},
    )
    return Done(case.row.id, version, case.row.state, case.row.due_on)


def _check_size(size: int) -> None:
    if size > LARGEST_FILE:
        raise _wrong(f"This file is too large. {LIMITS}")


def _wrong(message: str) -> Invalid:
    return Invalid((Problem("file", message, hard=True),))


def _unblocked(path: str, flags: int) -> int:
    # A pipe or device with nothing in it would otherwise be waited for.
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
