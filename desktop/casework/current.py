"""Keeps the desk's agreements as the store's changes of policy left them, whichever window or program made them."""

from __future__ import annotations

from db import policymoves
from db.store import Tx
from desktop.policy.agreements import Agreements, decode


def catch_up(agreements: Agreements, tx: Tx) -> None:
    """Takes in what befell the agreements since this was last looked at."""
    for number, agreement_id, text in policymoves.texts_since(tx, agreements.moved_by):
        agreements.put(decode(text, agreement_id), number)
