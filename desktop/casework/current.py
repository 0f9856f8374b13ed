"""Keeps the desk's agreements and bank holidays as the store has them, whichever window or program changed them."""

from __future__ import annotations

from db import calendars as stored
from db import policymoves
from db.store import Tx
from desktop.policy.agreements import Agreements, decode
from desktop.policy.calendars import Calendars, load_calendars


def catch_up(agreements: Agreements, calendars: Calendars, tx: Tx) -> None:
    """Takes in what befell the agreements and the bank holidays since this was last looked at."""
    for number, agreement_id, text in policymoves.texts_since(tx, agreements.moved_by):
        agreements.put(decode(text, agreement_id, kept=True), number)
    if (newest := stored.newest_since(tx, calendars.replaced_by)) is not None:
        calendars.put(load_calendars(newest.text), newest.id)
