"""Who looks at a case, and why: what the journal says of it, and when a reason is asked for.

A case is restricted for those who did not work on it and for whose decision it does not wait, and for everyone while a
safeguarding concern stands. Whoever opens one that is not theirs says why, once a day.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from db import journal
from db.concerns import concerned
from db.lists import authored, rows_of
from db.records import Action, CaseRow, Heading, Json, Role
from db.store import Tx
from desktop.casework.desk import Desk, Refused, changing
from desktop.policy.life import CLOSED, SECOND_PERSON, TABLE
from desktop.policy.reasons import REASONS
from desktop.policy.wording import london

CONCERN, NOT_OWN = "concern", "not_own"
_DECIDING = SECOND_PERSON - {Action.SECOND_LOOK} | {Action.TAKE_OFF_HOLD}
"""A second look waits for nobody with the case itself: it is taken at what was submitted, and decided blind."""


class ReasonNeeded(Refused):
    """The case is not this person's: they say why they look at it, in one of ``policy.reasons.REASONS``."""


def consult(desk: Desk, tx: Tx, case_id: int, why: str) -> None:
    """Journals that this person looks at a case. `why` is a reason, or the work at hand where that is reason enough.

    Raises ReasonNeeded, or Refused where there is no such case.
    """
    found = rows_of(tx, [case_id])
    if not found:
        raise Refused("There is no such case in this store.")
    at = desk.clock()
    restricted = restrictions(desk, tx, found)[case_id]
    if NOT_OWN in restricted:
        why = why if why in REASONS else _said_today(desk, tx, case_id, at)
        if not why:
            raise ReasonNeeded("This case is not yours. Say why you look at it.")
    elif desk.user.role is Role.RECORDS_OFFICER:
        # Who looks whether a case may go does not use it again: see ``db.migrations.conditions_0017``.
        why = "appraisal"
    data: dict[str, Json] = {"why": why}
    if restricted:
        data["restricted"] = restricted
    journal.append(
        tx,
        at=at,
        actor_id=desk.user.id,
        action="open_case",
        heading=Heading.CONSULTATION,
        case_id=case_id,
        data=data,
    )


def restrictions(desk: Desk, tx: Tx, rows: Collection[CaseRow]) -> dict[int, list[Json]]:
    """Why a look of this person at each of these cases stands out in the journal: CONCERN, NOT_OWN; [] for not."""
    worried = concerned(tx, [one.id for one in rows])
    found: dict[int, list[Json]] = {}
    for one in rows:
        marks = ((CONCERN, one.id in worried), (NOT_OWN, not _is_theirs(desk, tx, one)))
        found[one.id] = [mark for mark, applies in marks if applies]
    return found


def _is_theirs(desk: Desk, tx: Tx, row: CaseRow) -> bool:
    """Whether a case is this person's, or waits for one of their role."""
    if row.caseworker_id == desk.user.id or authored(tx, desk.user.id, [row.id]):
        return True
    if desk.user.role is Role.RECORDS_OFFICER:
        return row.state in CLOSED
    return any(
        (step := TABLE.get((row.state, action))) is not None and desk.user.role in step.roles for action in _DECIDING
    )


def _said_today(desk: Desk, tx: Tx, case_id: int, at: datetime) -> str:
    """The reason that this person gave today already; "" for none."""
    wanted = journal.JournalFilter(case_id=case_id, actor_id=desk.user.id, action="open_case")
    for one in journal.with_numbers(tx, journal.numbers(tx, wanted, 1)):
        why = one.data.get("why")
        if isinstance(why, str) and why in REASONS and london(one.at).date() == london(at).date():
            return why
    return ""


def searched(desk: Desk, found: int) -> None:
    """Journals that this person searched for people, and how many cases they found: never for what."""
    with changing(desk) as tx:
        journal.append(
            tx,
            at=desk.clock(),
            actor_id=desk.user.id,
            action="search",
            heading=Heading.CONSULTATION,
            data={"found": found},
        )


def copied_list(desk: Desk, name: str, cases: int) -> None:
    """Journals that this person put a list of cases into the clipboard, from where it can go anywhere."""
    with changing(desk) as tx:
        journal.append(
            tx,
            at=desk.clock(),
            actor_id=desk.user.id,
            action="copy_list",
            heading=Heading.DISCLOSURE,
            data={"list": name, "cases": cases},
        )
