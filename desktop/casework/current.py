"""Keeps the desk's agreements and bank holidays as the store has them, whichever window or program changed them, and
tells the journal of files that were changed.
"""

from __future__ import annotations

from datetime import datetime

from db import calendars as stored
from db import policymoves
from db.journal import append, of_action
from db.records import Heading, Json
from db.store import Tx
from desktop.policy.agreements import Agreements, decode
from desktop.policy.calendars import Calendars, load_calendars


def catch_up(agreements: Agreements, calendars: Calendars, tx: Tx) -> None:
    """Takes in what befell the agreements and the bank holidays since this was last looked at."""
    for number, agreement_id, text in policymoves.texts_since(tx, agreements.moved_by):
        agreements.put(decode(text, agreement_id, kept=True), number)
    if (newest := stored.newest_since(tx, calendars.replaced_by)) is not None:
        calendars.put(load_calendars(newest.text), newest.id)


def tell_own(agreements: Agreements, tx: Tx, at: datetime, actor_id: int) -> None:
    """Journals which of the organisation's own agreements are new, changed or gone since the desk last read their
    files: whoever can write in their folder changes what the desk works by.
    """
    last = next(of_action(tx, "read_agreements"), None)
    before = last.data.get("files") if last is not None else None
    known = before if isinstance(before, dict) else {}
    files = agreements.own
    changed = sorted(one for one in {*known, *files} if known.get(one) != files.get(one))
    if changed:
        data: dict[str, Json] = {"agreements": list[Json](changed), "files": dict[str, Json](files)}
        append(tx, at=at, actor_id=actor_id, action="read_agreements", heading=Heading.SYSTEM, data=data)
