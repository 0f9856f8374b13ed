"""Personal values as the journal may hold them."""

from __future__ import annotations

from db.casereads import salt_of
from db.journal import commitment
from db.records import Answers, Json
from db.store import Tx


def bound(tx: Tx, case_id: int, values: Answers) -> dict[str, Json]:
    """Personal values bound by keyed hashes under the case's salt, unreadable."""
    salt = salt_of(tx, case_id)
    return {"bound": {key: commitment(salt, key, value) for key, value in sorted(values.items())}}
