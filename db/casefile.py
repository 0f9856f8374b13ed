"""Writes one case. Every write is part of a transaction that an action in casework opened."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from db.casereads import NoSuchCase, salt_of
from db.journal import canonical, commitment
from db.records import (
    Action,
    Answers,
    Case,
    Json,
    Outcome,
)
from db.schema import (
    agreement_text,
    answer,
    cases,
    decision,
    disclosure,
    finding,
    finding_review,
    identifier,
    letter,
    letter_event,
    meta,
    pause,
    submission,
    user,
    voiding,
)
from db.schema_links import link


class Stale(Exception):
    """The case changed after the version that an edit was based on."""

    def __init__(self, who: str, when: datetime) -> None:
        super().__init__(f"{who} changed it")
        self.who = who
        self.when = when


def next_number(tx: Connection, sequence: str) -> int:
    """The next number of a sequence, such as "case.TR" or "letter". Numbers are never used again."""
    return next_numbers(tx, sequence, 1)[0]


def next_numbers(tx: Connection, sequence: str, count: int) -> range:
    """The next numbers of a sequence, all at once."""
    key = f"sequence.{sequence}"
    now = tx.execute(select(meta.c.value).where(meta.c.key == key)).scalar()
    last = int(now or 0) + count
    if now is None:
        tx.execute(insert(meta).values(key=key, value=str(last)))
    else:
        tx.execute(update(meta).where(meta.c.key == key).values(value=str(last)))
    return range(last - count + 1, last + 1)


def keep_agreement(tx: Connection, content_hash: str, agreement_id: str, text: str) -> None:
    """Keeps the text that cases are pinned to, once for each content."""
    known = tx.execute(select(agreement_text.c.hash).where(agreement_text.c.hash == content_hash)).scalar()
    if known is None:
        tx.execute(insert(agreement_text).values(hash=content_hash, agreement_id=agreement_id, text=text))


def insert_case(tx: Connection, values: Mapping[str, Any]) -> int:
    """A new case; returns its id."""
    return int(tx.execute(insert(cases).values(**values)).lastrowid)


def update_case(tx: Connection, case_id: int, based_on: int, values: Mapping[str, Any]) -> int:
    """Changes a case that is still at version `based_on`; returns the new version. Raises Stale or NoSuchCase."""
    done = tx.execute(
        update(cases).where(cases.c.id == case_id, cases.c.version == based_on).values(version=based_on + 1, **values)
    )
    if done.rowcount != 1:
        raise stale(tx, case_id)
    return based_on + 1


def stale(tx: Connection, case_id: int) -> Stale | NoSuchCase:
    """The error for an edit based on an older version."""
    row = tx.execute(
        select(user.c.name, cases.c.changed_at)
        .join_from(cases, user, cases.c.changed_by == user.c.id)
        .where(cases.c.id == case_id)
    ).first()
    return Stale(row.name, row.changed_at) if row else NoSuchCase()


def put_answers(tx: Connection, case_id: int, changes: Answers, by: int, at: datetime) -> None:
    """Writes the answers that changed: those that were there in one statement, and the new ones in another."""
    there = set(tx.execute(select(answer.c.field).where(answer.c.case_id == case_id)).scalars())
    old: list[dict[str, Any]] = []
    new: list[dict[str, Any]] = []
    for field, value in changes.items():
        values = {"value": canonical(value), "changed_by": by, "changed_at": at}
        if field in there:
            old.append({"of_field": field, **values})
        else:
            new.append({"case_id": case_id, "field": field, **values})
    if old:
        tx.execute(update(answer).where(answer.c.case_id == case_id, answer.c.field == bindparam("of_field")), old)
    if new:
        tx.execute(insert(answer), new)


def put_identifiers(tx: Connection, case_id: int, pairs: Iterable[tuple[str, str]]) -> None:
    """What earlier requests are found by from now on: what is there already stays. RuleKept for a number that goes and
    that a hold rests on.
    """
    wanted = {(kind, value) for kind, value in pairs if value}
    there = tx.execute(select(identifier).where(identifier.c.case_id == case_id)).all()
    gone = [row.id for row in there if (row.kind, row.value) not in wanted]
    if gone:
        tx.execute(delete(identifier).where(identifier.c.id.in_(gone)))
    new = sorted(wanted - {(row.kind, row.value) for row in there})
    rows = [{"case_id": case_id, "kind": kind, "value": value} for kind, value in new]
    if rows:
        tx.execute(insert(identifier), rows)


def add_submission(tx: Connection, case_id: int, number: int, by: int, at: datetime, snapshot: Answers) -> str:
    """Keeps the answers as submitted; returns the snapshot's hash. It outlives the case, so the case's salt keys it."""
    snapshot_hash = commitment(salt_of(tx, case_id), "submission", snapshot)
    tx.execute(
        insert(submission).values(
            case_id=case_id,
            number=number,
            submitted_by=by,
            submitted_at=at,
            snapshot=canonical(snapshot),
            snapshot_hash=snapshot_hash,
        )
    )
    return snapshot_hash


def add_decision(
    tx: Connection,
    case: Case,
    action: Action,
    by: int,
    at: datetime,
    *,
    reasons: str,
    because_of: tuple[str, ...],
    views: Mapping[str, Mapping[str, str]],
) -> int:
    """A decision on the current submission; returns its id. The database refuses an author."""
    done = tx.execute(
        insert(decision).values(
            case_id=case.row.id,
            submission=len(case.submissions),
            action=action.value,
            decided_by=by,
            decided_at=at,
            reasons=reasons,
            because_of=json.dumps(list(because_of)),
            views=canonical({key: dict(view) for key, view in views.items()}),
        )
    )
    return int(done.lastrowid)


def void_decisions(tx: Connection, case: Case, by: int, at: datetime) -> None:
    """Marks every standing decision of the case as void."""
    for standing in case.decisions:
        if not standing.void:
            tx.execute(insert(voiding).values(decision_id=standing.id, voided_by=by, voided_at=at))


def add_finding(
    tx: Connection,
    case: Case,
    by: int,
    at: datetime,
    *,
    outcome: Outcome,
    matched: tuple[str, ...],
    values: Mapping[str, Mapping[str, str]],
    status_answer: str,
) -> int:
    """What the search found; returns its number. Its hash covers the submission that it answers."""
    number = int(
        tx.execute(
            select(func.coalesce(func.max(finding.c.number), 0)).where(finding.c.case_id == case.row.id)
        ).scalar_one()
    )
    released: dict[str, Json] = {key: dict(value) for key, value in values.items()}
    bound: dict[str, Json] = {
        "matched": list(matched),
        "outcome": outcome.value,
        "released": released,
        "status_answer": status_answer,
        "submission": case.submissions[-1].snapshot_hash,
    }
    tx.execute(
        insert(finding).values(
            case_id=case.row.id,
            number=number + 1,
            submission=len(case.submissions),
            outcome=outcome.value,
            recorded_by=by,
            recorded_at=at,
            matched=json.dumps(list(matched)),
            released=canonical(released),
            status_answer=status_answer,
            taken_at=at,
            snapshot_hash=commitment(salt_of(tx, case.row.id), "finding", bound),
        )
    )
    return number + 1


def add_finding_review(
    tx: Connection, case_id: int, number: int, action: Action, by: int, at: datetime, reasons: str = ""
) -> None:
    """A release, or an outcome sent back with reasons. The database refuses an author."""
    tx.execute(
        insert(finding_review).values(
            case_id=case_id, number=number, action=action.value, reviewed_by=by, reviewed_at=at, reasons=reasons
        )
    )


def add_letter(tx: Connection, values: Mapping[str, Any]) -> int:
    """An issued letter; returns its id. Nothing can change it after."""
    return int(tx.execute(insert(letter).values(**values)).lastrowid)


def add_letter_event(tx: Connection, letter_id: int, action: Action, by: int, at: datetime) -> None:
    """That a letter was printed, copied or sent."""
    tx.execute(insert(letter_event).values(letter_id=letter_id, action=action.value, done_by=by, done_at=at))


def add_disclosure(
    tx: Connection, case_id: int, letter_id: int, *, gateway: str, items: Iterable[str], recipient: str, on: date
) -> None:
    """One release of named items to one recipient, under one gateway, on one date."""
    tx.execute(
        insert(disclosure).values(
            case_id=case_id,
            letter_id=letter_id,
            gateway=gateway,
            items=json.dumps(list(items)),
            recipient=recipient,
            disclosed_on=on,
        )
    )


def close_pause(tx: Connection, case_id: int, until: date) -> None:
    """The clock counts again from the day after `until`."""
    tx.execute(update(pause).where(pause.c.case_id == case_id, pause.c.until.is_(None)).values(until=until))


def put_link(tx: Connection, case_id: int, other_id: int, same: bool, by: int, at: datetime) -> None:
    """That two cases are, or are not, about the same person, which the journal said right before."""
    first, second = sorted((case_id, other_id))
    said = {"same_person": same, "linked_by": by, "linked_at": at}
    known = update(link).where(link.c.case_id == first, link.c.other_id == second).values(**said)
    if not tx.execute(known).rowcount:
        tx.execute(insert(link).values(case_id=first, other_id=second, **said))
