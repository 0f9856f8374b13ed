"""SQLite's own checks of the file. SQLite alone."""

from __future__ import annotations

from sqlalchemy import Connection, text


def broken_pages(tx: Connection) -> tuple[str, ...]:
    """What the database finds wrong with its own file: damaged pages, broken references. Empty when sound."""
    found = [str(row[0]) for row in tx.execute(text("PRAGMA integrity_check(20)")) if row[0] != "ok"]
    found += [str(row[0]) for row in tx.execute(text("PRAGMA cipher_integrity_check"))]
    found += [f"a reference from {row[0]} leads nowhere" for row in tx.execute(text("PRAGMA foreign_key_check"))]
    return tuple(found)
