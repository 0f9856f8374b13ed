"""The clock of this computer against the journal: days are counted by it, so nothing goes while it is put back."""

from __future__ import annotations

from datetime import timedelta

from db.health import latest_moment
from db.store import Tx
from desktop.casework.desk import Desk, Refused
from desktop.policy.wording import when

SLACK = timedelta(minutes=5)
"""By so much a clock may be put right without a word."""


def need_clock(tx: Tx, desk: Desk) -> None:
    """Raises Refused while the clock of this computer is behind the latest moment that the journal knows."""
    latest = latest_moment(tx)
    if desk.clock() < latest - SLACK:
        raise Refused(
            "The clock of this computer is behind what the journal says already was "
            f"({when(latest, desk.clock())}): set it right."
        )
