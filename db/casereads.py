"""Reads one case, whole or in part."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Row, func, select, text, union

from db.caserows import case_row, case_rows
from db.clocks import extensions_of, pauses_of
from db.concerns import address_let_go, concerns_of, in_danger
from db.errors import StoreDamaged
from db.records import (
    Action,
    Case,
    Decision,
    Finding,
    Json,
    Letter,
    LetterKind,
    Outcome,
    Submission,
)
from db.schema import (
    agreement_text,
    answer,
    case_author,
    cases,
    decision,
    finding,
    finding_review,
    letter,
    letter_event,
    submission,
    user,
    voiding,
)
from db.schema_links import link

_sender, _replaced, _event = user.alias("sender"), letter.alias("replaced"), letter_event.alias("event")


class NoSuchCase(Exception):
    """There is no case with that number."""


def pinned_agreement(tx: Connection, content_hash: str) -> str:
    """The agreement text with this hash. Raises StoreDamaged where there is none: every case's is kept."""
    found = tx.execute(select(agreement_text.c.text).where(agreement_text.c.hash == content_hash)).scalar()
    if found is None:
        raise StoreDamaged("The text of an agreement that a case is under is not there.")
    return str(found)


def agreements_pinned(tx: Connection) -> tuple[tuple[str, str], ...]:
    """The hash and the agreement of every text that a case may be pinned to."""
    rows = tx.execute(select(agreement_text.c.hash, agreement_text.c.agreement_id).order_by(agreement_text.c.hash))
    return tuple((row.hash, row.agreement_id) for row in rows)


def salt_of(tx: Connection, case_id: int) -> bytes:
    """The case's salt for commitments."""
    return bytes(tx.execute(select(cases.c.salt).where(cases.c.id == case_id)).scalar_one())


_SALTS = text("SELECT cases.id, salt FROM json_each(:ids) AS one JOIN cases ON cases.id = one.value")
_ANSWERS = text("SELECT case_id, field, answer.value FROM json_each(:ids) AS one JOIN answer ON case_id = one.value")


def salts_as_they_stand(tx: Connection, ids: Sequence[int]) -> dict[int, object]:
    """The salt of each case, or what somebody put in its place."""
    return {row[0]: row[1] for row in tx.execute(_SALTS, {"ids": json.dumps(list(ids))})}


def answers_of_each(tx: Connection, ids: Sequence[int]) -> dict[int, dict[str, Json]]:
    """The answers of each case as they stand."""
    found: dict[int, dict[str, Json]] = {one: {} for one in ids}
    for case_id, field, value in tx.execute(_ANSWERS, {"ids": json.dumps(list(ids))}):
        if value:
            found[case_id][field] = json.loads(value)
    return found


def answers_of(tx: Connection, case_id: int) -> dict[str, Json]:
    """The case's answers as they stand."""
    rows = tx.execute(select(answer.c.field, answer.c.value).where(answer.c.case_id == case_id))
    return {row.field: json.loads(row.value) for row in rows if row.value}


def told_of_people(tx: Connection, ids: Collection[int]) -> dict[int, dict[str, Json]]:
    """What each of these cases says of the person whom it is about, as its answers stand."""
    query = (
        select(answer.c.case_id, func.json_group_object(answer.c.field, func.json(answer.c.value)).label("told"))
        .where(answer.c.case_id.in_(list(ids)), answer.c.field.between("person.", "person/"), answer.c.value != "")
        .group_by(answer.c.case_id)
    )
    # A row for each case: those of a common name have some thousand answers, of which each would cost as much.
    return {one: {} for one in ids} | {row.case_id: json.loads(row.told) for row in tx.execute(query)}


def _table(text: str) -> Any:
    """What a text says as JSON; nothing where its case is destroyed."""
    return json.loads(text) if text else {}


def letter_bytes(tx: Connection, letter_id: int) -> bytes | None:
    """The PDF of a letter; None where there is no such letter, or it is destroyed."""
    return tx.execute(select(letter.c.pdf).where(letter.c.id == letter_id)).scalar()


def letter_recipient(tx: Connection, letter_id: int) -> str:
    """To whom a letter is addressed."""
    return str(tx.execute(select(letter.c.recipient).where(letter.c.id == letter_id)).scalar_one())


def links_of(tx: Connection, case_id: int) -> dict[int, bool]:
    """Other cases' ids to whether they are about the same person."""
    rows = tx.execute(select(link).where((link.c.case_id == case_id) | (link.c.other_id == case_id)))
    return {row.other_id if row.case_id == case_id else row.case_id: row.same_person for row in rows}


def load_case(tx: Connection, case_id: int) -> Case:
    """One case, whole. Raises NoSuchCase."""
    raw = tx.execute(case_rows().where(cases.c.id == case_id)).first()
    if raw is None:
        raise NoSuchCase
    authors = tx.execute(select(case_author.c.user_id).where(case_author.c.case_id == case_id)).scalars()
    found, returned = _finding(tx, case_id)
    return Case(
        row=case_row(raw),
        agreement_hash=raw.agreement_hash,
        created_by=raw.created_by,
        created_at=raw.created_at,
        answers=answers_of(tx, case_id),
        submissions=tuple(_submissions(tx, case_id)),
        decisions=tuple(_decisions(tx, case_id)),
        finding=found,
        letters=letters_of(tx, case_id),
        pauses=pauses_of(tx, case_id),
        extensions=extensions_of(tx, case_id),
        authors=frozenset(authors),
        returned_outcome=returned,
        concerns=concerns_of(tx, case_id),
        address_let_go=address_let_go(tx, case_id),
        in_danger=in_danger(tx, case_id),
    )


def _submissions(tx: Connection, case_id: int) -> Iterable[Submission]:
    query = select(submission).where(submission.c.case_id == case_id).order_by(submission.c.number)
    for row in tx.execute(query):
        yield Submission(row.number, row.submitted_by, row.submitted_at, _table(row.snapshot), row.snapshot_hash)


def _decisions(tx: Connection, case_id: int) -> Iterable[Decision]:
    query = (
        select(decision, user.c.name, voiding.c.decision_id.label("void_id"))
        .join_from(decision, user, decision.c.decided_by == user.c.id)
        .join(voiding, voiding.c.decision_id == decision.c.id, isouter=True)
        .where(decision.c.case_id == case_id)
        .order_by(decision.c.id)
    )
    for row in tx.execute(query):
        yield Decision(
            id=row.id,
            submission=row.submission,
            action=Action(row.action),
            decided_by=row.decided_by,
            decided_by_name=row.name,
            decided_at=row.decided_at,
            reasons=row.reasons,
            because_of=tuple(json.loads(row.because_of)),
            views=_table(row.views),
            void=row.void_id is not None,
        )


def _finding(tx: Connection, case_id: int) -> tuple[Finding | None, str]:
    """The last finding with its release, and the reasons with which it was sent back."""
    query = (
        select(finding, user.c.name)
        .join_from(finding, user, finding.c.recorded_by == user.c.id)
        .where(finding.c.case_id == case_id)
        .order_by(finding.c.number.desc())
        .limit(1)
    )
    row: Row[Any] | None = tx.execute(query).first()
    if row is None:
        return None, ""
    review = tx.execute(
        select(finding_review, user.c.name)
        .join_from(finding_review, user, finding_review.c.reviewed_by == user.c.id)
        .where(finding_review.c.case_id == case_id, finding_review.c.number == row.number)
        .order_by(finding_review.c.id.desc())
        .limit(1)
    ).first()
    released = review is not None and review.action == Action.RELEASE.value
    found = Finding(
        number=row.number,
        outcome=Outcome(row.outcome),
        recorded_by=row.recorded_by,
        recorded_by_name=row.name,
        recorded_at=row.recorded_at,
        matched=tuple(json.loads(row.matched)),
        values=_table(row.released),
        status_answer=row.status_answer,
        taken_at=row.taken_at,
        snapshot_hash=row.snapshot_hash,
        released_by_name=review.name if review and released else "",
        released_at=review.reviewed_at if review and released else None,
    )
    return found, review.reasons if review and not released else ""


def letters_of(tx: Connection, case_id: int) -> tuple[Letter, ...]:
    """Every letter of a case, in the order of issue."""
    sent = select(func.min(_event.c.id)).where(
        _event.c.letter_id == letter.c.id, _event.c.action == Action.MARK_SENT.value
    )
    query = (
        select(
            *(letter.c[name] for name in ("id", "number", "kind", "sha256", "snapshot_hash", "issued_at")),
            user.c.name,
            cases.c.reference,
            letter_event.c.done_at,
            _sender.c.name.label("sender"),
            _replaced.c.number.label("replaces"),
        )
        .join_from(letter, user, letter.c.issued_by == user.c.id)
        .join(cases, cases.c.id == letter.c.case_id)
        .join(letter_event, letter_event.c.id == sent.scalar_subquery(), isouter=True)
        .join(_sender, _sender.c.id == letter_event.c.done_by, isouter=True)
        .join(_replaced, _replaced.c.id == letter.c.replaces, isouter=True)
        .where(letter.c.case_id == case_id)
        .order_by(letter.c.id)
    )
    return tuple(
        Letter(
            id=row.id,
            number=row.number,
            case_id=case_id,
            reference=row.reference,
            kind=LetterKind(row.kind),
            sha256=row.sha256,
            snapshot_hash=row.snapshot_hash,
            issued_by_name=row.name,
            issued_at=row.issued_at,
            sent_at=row.done_at,
            sent_by_name=row.sender or "",
            replaces=row.replaces,
        )
        for row in tx.execute(query)
    )


def deciders(tx: Connection, case_id: int) -> frozenset[int]:
    """Ids of everyone who approved, refused or rejected a case, or released what it found, though it be void since."""
    ends = [one.value for one in (Action.APPROVE, Action.REFUSE, Action.REJECT)]
    decided = select(decision.c.decided_by).where(decision.c.case_id == case_id, decision.c.action.in_(ends))
    released = select(finding_review.c.reviewed_by).where(
        finding_review.c.case_id == case_id, finding_review.c.action == Action.RELEASE.value
    )
    return frozenset(tx.execute(union(decided, released)).scalars())
