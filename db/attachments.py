"""The files of a case, in the encrypted store and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from db.records import Json
from db.schema import cases, user
from db.schema_links import LARGEST_CASE, LARGEST_FILE, attachment

__all__ = ["LARGEST_CASE", "LARGEST_FILE"]

SNAPSHOT_KEY = "attachments"
"""Where a submission's snapshot has its files. The keys of an agreement's fields have a dot in them."""

_adder = user.alias("adder")


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that belongs to a case. Once removed it has neither name nor hash nor content."""

    id: int
    case_id: int
    name: str
    media_type: str
    size: int
    """In bytes."""
    sha256: str
    added_by_name: str
    added_at: datetime
    submitted: int | None
    """The submission in which it first stood; from then on it stays."""
    removed_at: datetime | None
    also_in: tuple[str, ...] = ()
    """References of other cases that hold the same file."""


def attachments_of(tx: Connection, case_id: int) -> tuple[Attachment, ...]:
    """The case's files in the order in which they came, removed ones too; never their content."""
    columns = [one for one in attachment.c if one.name != "content"]
    query = (
        select(*columns, _adder.c.name.label("adder"))
        .join_from(attachment, _adder, _adder.c.id == attachment.c.added_by)
        .where(attachment.c.case_id == case_id)
        .order_by(attachment.c.id)
    )
    rows = tx.execute(query).all()
    elsewhere = _elsewhere(tx, case_id, [row.sha256 for row in rows if row.sha256])
    return tuple(
        Attachment(
            id=row.id,
            case_id=row.case_id,
            name=row.name,
            media_type=row.media_type,
            size=row.size,
            sha256=row.sha256,
            added_by_name=row.adder,
            added_at=row.added_at,
            submitted=row.submitted,
            removed_at=row.removed_at,
            also_in=elsewhere.get(row.sha256, ()),
        )
        for row in rows
    )


def _elsewhere(tx: Connection, case_id: int, hashes: list[str]) -> dict[str, tuple[str, ...]]:
    if not hashes:
        return {}
    query = (
        select(attachment.c.sha256, cases.c.reference)
        .join_from(attachment, cases, cases.c.id == attachment.c.case_id)
        .where(attachment.c.sha256.in_(hashes), attachment.c.case_id != case_id, attachment.c.removed_at.is_(None))
        .order_by(cases.c.id)
    )
    found: dict[str, tuple[str, ...]] = {}
    for row in tx.execute(query):
        found[row.sha256] = (*found.get(row.sha256, ()), row.reference)
    return found


def add_attachment(tx: Connection, values: Mapping[str, Any]) -> int:
    """Keeps a file; returns its id. The database refuses what is too large, there already, or too late."""
    return int(tx.execute(insert(attachment).values(**values)).lastrowid)


def content_of(tx: Connection, case_id: int, attachment_id: int) -> bytes | None:
    """The file's bytes; None where the case has no such file, or has it no longer."""
    query = select(attachment.c.content).where(attachment.c.id == attachment_id, attachment.c.case_id == case_id)
    return tx.execute(query).scalar()


def remove_attachment(tx: Connection, attachment_id: int, by: int, at: datetime) -> None:
    """Takes a file out for good: its name, its hash and its bytes are overwritten."""
    gone = {"name": "", "sha256": "", "content": None, "removed_by": by, "removed_at": at}
    tx.execute(update(attachment).where(attachment.c.id == attachment_id).values(**gone))


def held_bytes(tx: Connection, case_id: int) -> int:
    """How large the case's files are together."""
    query = select(func.coalesce(func.sum(attachment.c.size), 0)).where(
        attachment.c.case_id == case_id, attachment.c.removed_at.is_(None)
    )
    return int(tx.execute(query).scalar_one())


def snapshot_part(tx: Connection, case_id: int) -> dict[str, Json]:
    """The case's files as a submission fixes them, names and hashes; nothing where there are none."""
    held = [[one.name, one.sha256] for one in attachments_of(tx, case_id) if one.removed_at is None]
    return {SNAPSHOT_KEY: held} if held else {}


def case_with(tx: Connection, sha256: str) -> str:
    """The reference of a case that holds a file with this content; "" for none."""
    query = (
        select(cases.c.reference)
        .join_from(attachment, cases, cases.c.id == attachment.c.case_id)
        .where(attachment.c.sha256 == sha256, attachment.c.removed_at.is_(None))
        .order_by(attachment.c.id)
        .limit(1)
    )
    return str(tx.execute(query).scalar() or "")
