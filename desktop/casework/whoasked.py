"""Who asked about this person: every other case about them, for the guardian and for those who answer for the records.

To answer a person who asks (UK GDPR, Article 15(1)(c)), a regulator, or a worry. Each look is a consultation of every
case that it shows, and stands in the history of each.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from db.casereads import load_case
from db.disclosures import asked_in
from db.journal import append, append_each
from db.records import Heading, Json, Role
from desktop.casework.beside import earlier_of
from desktop.casework.desk import Desk, changing, need_role
from desktop.policy.life import OUTCOME_WORDS, STATE_WORDS


@dataclass(frozen=True, slots=True)
class AskedAbout:
    """Another case about the same person: who asked, under what, when, and what came of it."""

    case_id: int
    reference: str
    requester: str
    agreement: str
    received_on: date | None
    outcome: str
    """In words; where there is none yet, how the case stands."""
    disclosed_on: date | None
    """The day on which something was given; None for never."""
    sure: bool
    """Whether someone recorded that it is the same person; otherwise it may be."""


def who_asked(desk: Desk, case_id: int) -> tuple[AskedAbout, ...]:
    """The other cases about the person of a case, the earliest received first; those found to be about someone else are
    left out. Journalled as a consultation of each. Raises Refused.
    """
    need_role(desk, Role.GUARDIAN, Role.RECORDS_OFFICER)
    with changing(desk) as tx:
        case = load_case(tx, case_id)
        found = {one.row.id: one for one in earlier_of(desk, tx, case) if one.same_person is not False}
        now, who, heading = desk.clock(), desk.user.id, Heading.CONSULTATION
        own: dict[str, Json] = {"found": len(found), "why": "who_asked"}
        other: dict[str, Json] = {"other": case.row.reference, "why": "who_asked"}
        append(tx, at=now, actor_id=who, action="who_asked", heading=heading, case_id=case_id, data=own)
        shown = [(one, other) for one in sorted(found)]
        append_each(tx, shown, at=now, actor_id=who, action="shown_by_who_asked", heading=heading)
        return tuple(
            AskedAbout(
                case_id=one.row.id,
                reference=one.row.reference,
                requester=one.row.requester,
                agreement=found[one.row.id].agreement,
                received_on=one.row.received_on,
                outcome=OUTCOME_WORDS[one.row.outcome] if one.row.outcome else STATE_WORDS[one.row.state],
                disclosed_on=one.disclosed_on,
                sure=found[one.row.id].same_person is True,
            )
            for one in asked_in(tx, list(found))
        )
