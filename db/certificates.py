"""The certificates with which letters are, or were, signed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from db.schema import user
from db.schema_certificates import certificate


@dataclass(frozen=True, slots=True)
class StoredCertificate:
    """One certificate, how the desk came by it, and why."""

    id: int
    fingerprint: str
    der: bytes
    imported: bool
    because: str
    made_by: str
    """The administrator's name; "" for the desk itself."""
    made_at: datetime


def add_certificate(tx: Connection, values: Mapping[str, Any]) -> int:
    """Puts a certificate in use; returns its number."""
    return int(tx.execute(insert(certificate).values(**values)).lastrowid)


def certificates(tx: Connection) -> tuple[StoredCertificate, ...]:
    """Every certificate that the desk ever had, the one in use first."""
    query = (
        select(certificate, user.c.name)
        .join_from(certificate, user, user.c.id == certificate.c.made_by, isouter=True)
        .order_by(certificate.c.id.desc())
    )
    return tuple(
        StoredCertificate(row.id, row.fingerprint, row.der, row.imported, row.because, row.name or "", row.made_at)
        for row in tx.execute(query)
    )


def packed(tx: Connection) -> tuple[str, bytes] | None:
    """The fingerprint and the key file of the certificate in use; None before the first."""
    query = select(certificate.c.fingerprint, certificate.c.packed).order_by(certificate.c.id.desc()).limit(1)
    row = tx.execute(query).first()
    return (row.fingerprint, row.packed) if row else None
