"""The journal as a file for an auditor: every record exactly as it was hashed, and what checks it without the desk."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from db import chain, journal
from db.journal import canonical
from db.records import Heading, Json, Role
from db.store import Tx
from desktop.casework.anchors import anchor_lines, public_keys, put_anchor, store_name
from desktop.casework.copies import private_copy, write_copy
from desktop.casework.desk import Desk, Refused, changing, need_role
from resources import resource

FILE_NAME = "journal.jsonl"
VERIFIER = "verify_journal.py"
FORMAT = "tracing-desk-journal-1"


@dataclass(frozen=True, slots=True)
class Exported:
    """What an exported journal holds, and the SHA-256 of the file."""

    entries: int
    sha256: str


def export_journal(desk: Desk, out: Path, *, replace: bool = False) -> Exported:
    """Writes the whole journal to a private file, the entry of this export the last but its anchor.

    The first line says which keys sign anchors; then each record is a line, exactly as it was hashed; the last line
    has the number and the hash of the last record, and what the file of anchors holds. All lines are canonical JSON. A
    journal that is broken is written as it is. Raises Refused, or OSError as ``private_copy`` does.
    """
    need_role(desk, Role.ADMINISTRATOR, Role.AUDITOR)
    with private_copy(out, replace=replace) as file, changing(desk) as tx:
        journal.append(tx, at=desk.clock(), actor_id=desk.user.id, action="export_journal", heading=Heading.DISCLOSURE)
        with suppress(Refused):
            put_anchor(tx, desk, desk.user.id)
        return _written(desk, tx, file)


def _written(desk: Desk, tx: Tx, file: BinaryIO) -> Exported:
    hashed = hashlib.sha256()

    def line(text: str) -> None:
        content = f"{text}\n".encode(errors="replace")
        hashed.update(content)
        file.write(content)

    keys: dict[str, Json] = {name: public.hex() for name, public in public_keys(tx).items()}
    line(canonical({"format": FORMAT, "store": store_name(tx), "keys": keys}))
    many = 0
    for record, _hash in chain.records(tx):
        many += 1
        line(record)
    seq, head = journal.last_entry(tx)
    line(canonical({"end": seq, "hash": head, "anchors": list(anchor_lines(desk))}))
    # Where there is no room for the rest, nothing is journalled.
    file.flush()
    return Exported(many, hashed.hexdigest())


def save_verifier(out: Path, *, replace: bool = False) -> None:
    """Writes the program that checks an exported journal without the desk. OSError as ``write_copy``."""
    write_copy(out, lambda _room: resource("verifier", VERIFIER).read_bytes(), replace=replace)
