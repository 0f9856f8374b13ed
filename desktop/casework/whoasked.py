"""Who asked about this person: every case about them, and who of the desk looked at those.

For the guardian and for those who answer for the records: to answer a person who asks (UK GDPR, Article 15(1)(c)), a
regulator, or a worry. Each look has a reason, is a consultation of every case that it shows, and stands in the history
of each.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from db import lists
from db.casereads import answers_of, load_case
from db.disclosures import asked_in
from db.journal import Looks, append, append_each, looks_at
from db.persons import about_one_person
from db.records import Case, CaseRow, Heading, Json, Role, State
from db.store import Tx
from desktop.casework.blind import seen_blind
from desktop.casework.consulting import ReasonNeeded, restrictions
from desktop.casework.copies import write_told
from desktop.casework.desk import Desk, Refused, changing, need_role
from desktop.casework.projection import identifiers
from desktop.casework.stubs import need_whole
from desktop.policy.life import OUTCOME_WORDS, STATE_WORDS
from desktop.policy.people import may_be_same
from desktop.policy.reasons import REASONS
from desktop.policy.tables import write_csv

_MAY_ASK = (Role.GUARDIAN, Role.RECORDS_OFFICER)
_EVERY = -1


@dataclass(frozen=True, slots=True)
class AskedAbout:
    """A case about the person: who asked, under what, when, and what came of it."""

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
    """Whether it is the case that was started from, or someone recorded that it is the same person; else it may be."""


@dataclass(frozen=True, slots=True)
class WhoAsked:
    """Who asked about the person of the case `reference`, the earliest received first, and who looked."""

    case_id: int
    reference: str
    asked: tuple[AskedAbout, ...]
    looked: tuple[Looks, ...]
    """People of the desk who looked at any of these cases before, the latest first."""


def why_not_ask(role: Role, state: State) -> str:
    """Why somebody of this role does not look up who asked about the person of a case in this state; "" if they may."""
    if role not in _MAY_ASK:
        return "The guardian and records officers look up who asked about a person."
    return "It was destroyed: nothing tells any more whom it was about." if state is State.DESTROYED else ""


def who_asked(desk: Desk, case_id: int, why: str = "") -> WhoAsked:
    """Every case about the person of a case, itself among them, but those found to be about someone else, and
    destroyed ones.

    `why` is one of ``policy.reasons.REASONS``. Journalled as a consultation of each. Raises ReasonNeeded, IsDestroyed
    where this case is, or Refused.
    """
    need_role(desk, *_MAY_ASK)
    if why not in REASONS:
        raise ReasonNeeded("Say why you look up who asked about this person.")
    with changing(desk) as tx:
        rows = lists.rows_of(tx, [case_id])
        if not rows:
            raise Refused("There is no such case in this store.")
        need_whole(desk, tx, rows[0])
        case = load_case(tx, case_id)
        sure = _about(tx, case)
        found = _found(desk, tx, sure)
        looked = looks_at(tx, [one.case_id for one in found])
        _tell(desk, tx, case, found, why)
    return WhoAsked(case_id, case.row.reference, found, looked)


def _about(tx: Tx, case: Case) -> dict[int, bool]:
    """Every case about the person of a case, and whether that is sure. See ``who_asked``."""
    same = about_one_person(tx, [case.row.id])[case.row.id]
    found = dict.fromkeys(same, True)
    others: set[int] = set()
    for one in same:
        answers = answers_of(tx, one)
        for near in lists.sharing_identifiers(tx, one, identifiers(answers), _EVERY):
            if near.same_person is False:
                others.add(near.case_id)
            elif may_be_same(answers, near.answers):
                found.setdefault(near.case_id, False)
    return {one: sure for one, sure in found.items() if sure or one not in others}


def _found(desk: Desk, tx: Tx, sure: dict[int, bool]) -> tuple[AskedAbout, ...]:
    """What they were, but for destroyed ones: of those nothing is to tell any more whom they were about."""
    titles = {one.id: one.short_title for one in desk.agreements.all()}
    asked = [one for one in asked_in(tx, sure) if one.row.state is not State.DESTROYED]
    rows = {row.id: row for row in seen_blind(desk, tx, tuple(one.row for one in asked))}
    return tuple(
        AskedAbout(
            case_id=one.row.id,
            reference=one.row.reference,
            requester=one.row.requester,
            agreement=titles.get(one.row.agreement_id, one.row.agreement_id),
            received_on=one.row.received_on,
            outcome=_became(rows[one.row.id]),
            disclosed_on=one.disclosed_on if rows[one.row.id] == one.row else None,
            sure=sure[one.row.id],
        )
        for one in asked
    )


def _became(row: CaseRow) -> str:
    return OUTCOME_WORDS[row.outcome] if row.outcome else STATE_WORDS[row.state]


def _tell(desk: Desk, tx: Tx, case: Case, found: tuple[AskedAbout, ...], why: str) -> None:
    """Journals the look, at the case and at each that it showed."""
    now, who, heading = desk.clock(), desk.user.id, Heading.CONSULTATION
    marks = restrictions(desk, tx, lists.rows_of(tx, [one.case_id for one in found]))

    def said(case_id: int, more: dict[str, Json]) -> dict[str, Json]:
        restricted: dict[str, Json] = {"restricted": marks[case_id]} if marks[case_id] else {}
        return {"why": why, **more, **restricted}

    own, others = case.row.id, [one.case_id for one in found if one.case_id != case.row.id]
    data = said(own, {"found": len(found)})
    append(tx, at=now, actor_id=who, action="who_asked", heading=heading, case_id=own, data=data)
    shown = [(one, said(one, {"other": case.row.reference})) for one in others]
    append_each(tx, shown, at=now, actor_id=who, action="shown_by_who_asked", heading=heading)


_HEADINGS = ("Received", "Case", "Requester", "Under", "Outcome", "Given on", "Same person")


def save_who_asked(desk: Desk, found: WhoAsked, out: Path, *, replace: bool = False) -> None:
    """Writes what was found as a private file of comma-separated values; journalled. See ``write_copy``."""
    need_role(desk, *_MAY_ASK)
    rows = [
        (
            one.received_on.isoformat() if one.received_on else "",
            one.reference,
            one.requester,
            one.agreement,
            one.outcome,
            one.disclosed_on.isoformat() if one.disclosed_on else "",
            "yes" if one.sure else "may be",
        )
        for one in found.asked
    ]

    write_told(
        desk,
        out,
        write_csv(_HEADINGS, rows),
        action="save_who_asked",
        heading=Heading.DISCLOSURE,
        case_id=found.case_id,
        data={"found": len(found.asked)},
        replace=replace,
    )
