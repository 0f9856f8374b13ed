"""Cases as whoever may take a second look sees them, who is not to know what was decided before they have taken it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from db import secondlooks
from db.records import CaseRow, State
from db.relations import LinkedCase, linked_to
from db.store import Tx
from desktop.casework.desk import Desk
from desktop.policy.life import LOOKERS


def hidden_from(desk: Desk, tx: Tx, case_ids: Collection[int]) -> frozenset[int]:
    """Those of these cases of which this person is not to know what was decided: a second look waits that they may take
    without knowing it.
    """
    return frozenset(secondlooks.blind_to(tx, desk.user.id, case_ids)) if desk.user.role in LOOKERS else frozenset()


def seen_blind(desk: Desk, tx: Tx, rows: tuple[CaseRow, ...]) -> tuple[CaseRow, ...]:
    """The rows as they were before what this person is not to know was decided."""
    hidden = hidden_from(desk, tx, [row.id for row in rows])
    return tuple(replace(row, state=State.SUBMITTED, outcome=None) if row.id in hidden else row for row in rows)


def linked_blind(desk: Desk, tx: Tx, case_id: int) -> tuple[LinkedCase, ...]:
    """The cases that are linked to a case, each as it was before what this person is not to know was decided."""
    links = linked_to(tx, case_id)
    hidden = hidden_from(desk, tx, [one.case_id for one in links])
    return tuple(replace(one, state=State.SUBMITTED, outcome=None) if one.case_id in hidden else one for one in links)
