"""One case as its windows show it, with what may be done to it and what the agreement makes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from db import journal, lists, reasons, relations
from db.attachments import SNAPSHOT_KEY, Attachment, attachments_of
from db.casereads import load_case
from db.notices import Corrected, Notice, corrected_in
from db.records import Action, Answers, Case, Json, LetterKind, State
from db.records_log import JournalEntry
from db.relations import LinkedCase
from db.secondlooks import blind_to
from db.store import Tx
from desktop.casework.aboutperson import entries, register_text
from desktop.casework.beside import Earlier, beside, earlier_of
from desktop.casework.blind import linked_blind
from desktop.casework.caps import CapUse, cap_use
from desktop.casework.consulting import consult
from desktop.casework.corrections import corrected_text
from desktop.casework.deedwords import as_it_was, what_happened
from desktop.casework.desk import Desk, Refused, need_sight
from desktop.casework.extending import Extending, extending_of, why_not_extend
from desktop.casework.holds import Keeping, keeping_in
from desktop.casework.owing import notices_for, why_not_forwarded, why_not_told
from desktop.casework.policymoves import what_it_means
from desktop.casework.projection import due_of
from desktop.casework.reissuing import why_not_reissue
from desktop.casework.reminding import case_points
from desktop.casework.reopening import why_not_reopen
from desktop.casework.repeats import repeats
from desktop.casework.requesters import standings_of
from desktop.casework.requests import agreement_of
from desktop.casework.reviewing import review_problems, why_not_review
from desktop.casework.settling import why_not_settle
from desktop.casework.stubs import need_whole
from desktop.casework.waiting import waiting_of
from desktop.casework.work import days_left
from desktop.casework.writing import may_write, to_write
from desktop.policy.agreements import Agreement, Version
from desktop.policy.answers import Change, changed_fields
from desktop.policy.completeness import problems
from desktop.policy.fields import Problem
from desktop.policy.ledger import Due
from desktop.policy.life import CLOSED, LOOKERS, why_not
from desktop.policy.points import Point
from desktop.policy.requesters import Standing
from desktop.policy.sheet import Beside
from desktop.policy.verdict import Verdict, verdict
from desktop.policy.waiting import Waiting
from desktop.policy.wording import day, when


@dataclass(frozen=True, slots=True)
class CasePage:
    """Everything that the windows of one case show."""

    case: Case
    agreement: Agreement
    """As the version in force on the day of receipt sees it."""
    version: Version | None
    due: Due | None
    points: tuple[Point, ...]
    """The escalation, draft and final points of its clock; () without a due date."""
    days_left: int | None
    verdict: Verdict
    problems: tuple[Problem, ...]
    """What stops its submission."""
    earlier: tuple[Earlier, ...]
    beside: Mapping[str, Beside]
    """What bears on the criteria and no answer holds, by the words of their ``about``."""
    register: str
    """What the register tells of the person, as submitted, where the agreement gives that; else empty."""
    put_right: str
    """What is right in place of what was wrong, as submitted, where the agreement gives that; else empty."""
    cap: CapUse | None
    """What is used of the cap that it counts towards."""
    actions: Mapping[Action, str]
    """Each action on the case to why this person may not do it now, or "" where they may."""
    links: tuple[LinkedCase, ...]
    chain: tuple[tuple[int, str], ...]
    """Ids and references of the follow-ups that the case is one of, the first request first; empty for none."""
    notices: tuple[Notice, ...]
    """The notices of correction that it issued, owes, or would owe once it is released."""
    corrected: tuple[Corrected, ...]
    """The notices of other cases that corrected what was disclosed in this one."""
    attachments: tuple[Attachment, ...]
    """The files that the case holds."""
    moved: tuple[str, ...]
    """What a change of its agreement means for it, until it is taken in; () for nothing."""
    repeats: tuple[str, ...]
    """What stands out about who asks: an officer or a unit that asked about many people."""
    standings: tuple[Standing, ...]
    """What the record says of who asks; () where it does not say anything."""
    waiting: Waiting | None
    """How it stands with the requester, where the case was returned to them."""
    extending: Extending | None
    """How its time may be extended, where the agreement lets it be."""
    writing: Mapping[LetterKind, str]
    """Each letter on the way to the answer to why this person may not write it now, or "" where they may."""
    to_write: tuple[LetterKind, ...]
    """Those of them whose moment is now."""
    keeping: Keeping
    """What keeps it from being destroyed, for those who see retention; nothing for others."""


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One thing that happened to the case."""

    seq: int
    at: datetime
    when: str
    who: str
    what: str
    reasons: str = ""
    """Why, in the words of whoever did it, where they are kept for it alone."""


def open_case(desk: Desk, case_id: int, why: str = "casework") -> CasePage:
    """The page of a case, and an entry in the journal that this person looked at it, and why. See ``consult``."""
    need_sight(desk)
    with desk.store.write() as tx:
        consult(desk, tx, _known(desk, tx, case_id), why)
        return page_of(desk, tx, load_case(tx, case_id))


def case_page(desk: Desk, case_id: int) -> CasePage:
    """The page of a case that is open already, as it is now."""
    need_sight(desk)
    with desk.store.read() as tx:
        return page_of(desk, tx, load_case(tx, _known(desk, tx, case_id)))


def _known(desk: Desk, tx: Tx, case_id: int) -> int:
    """The id of a case that is there and whole. Raises Refused, or IsDestroyed with its stub."""
    rows = lists.rows_of(tx, [case_id])
    if not rows:
        raise Refused("There is no such case in this store.")
    need_whole(desk, tx, rows[0])
    return case_id


def page_of(desk: Desk, tx: Tx, case: Case) -> CasePage:
    """What the windows show of a case that was read."""
    case_id = case.row.id
    agreement = agreement_of(desk, tx, case)
    version = agreement.version(case.row.agreement_version)
    guardian = case.row.state is State.ESCALATED
    asked = waiting_of(desk, tx, case, agreement)
    owed = due_of(agreement, case.answers, desk.calendars, case.pauses, case.extensions)
    owes = notices_for(desk, tx, agreement, case)
    writing = may_write(desk, agreement, case)
    earlier = earlier_of(desk, tx, case)
    seen = beside(tx, agreement, case, earlier)
    return CasePage(
        case=case,
        agreement=agreement,
        version=version,
        due=owed if case.row.received_on else None,
        points=case_points(desk, agreement, case),
        days_left=days_left(desk, agreement, case.row, asked),
        verdict=verdict(agreement, version, case.answers, desk.today(), guardian=guardian, beside=seen),
        problems=problems(agreement, version, case.answers, desk.today()) + review_problems(tx, agreement, case),
        earlier=earlier,
        beside=seen,
        register=_register(desk, tx, agreement, case),
        put_right=_put_right(desk, tx, agreement, case),
        cap=cap_use(tx, agreement, case),
        actions={
            action: why_not(desk.user.id, desk.user.role, case, action)
            or why_not_review(desk, tx, agreement, case, action)
            or why_not_told(tx, case, action)
            or why_not_forwarded(agreement, case, action)
            or (why_not_reissue(tx, case) if action is Action.REISSUE else "")
            or (why_not_settle(tx, case_id) if action is Action.SETTLE else "")
            or (why_not_reopen(desk, tx, agreement, case) if action is Action.REOPEN else "")
            or (why_not_extend(desk, agreement, case) if action is Action.EXTEND else "")
            or ("It owes no notice of correction." if action is Action.HANDLE_NOTICE and not owes else "")
            for action in Action
            # That is taken at a decision: ``casework.secondlooks``.
            if action is not Action.SECOND_LOOK
        },
        links=linked_blind(desk, tx, case_id),
        chain=relations.chain_of(tx, case_id),
        notices=owes,
        corrected=corrected_in(tx, [case_id]).get(case_id, ()),
        attachments=tuple(one for one in attachments_of(tx, case_id) if one.removed_at is None),
        repeats=repeats(tx, agreement, case),
        standings=standings_of(desk, tx, agreement, case),
        moved=what_it_means(desk, tx, case) if case.row.state not in CLOSED else (),
        waiting=asked,
        extending=extending_of(desk, agreement, case),
        writing=writing,
        to_write=to_write(case, writing),
        keeping=keeping_in(desk, tx, case.row),
    )


def _register(desk: Desk, tx: Tx, agreement: Agreement, case: Case) -> str:
    if not any(item.from_register for item in agreement.items):
        return ""
    answers = case.submissions[-1].snapshot if case.submissions else case.answers
    return register_text(entries(desk, tx, case), answers)


def _put_right(desk: Desk, tx: Tx, agreement: Agreement, case: Case) -> str:
    if not agreement.corrects or not case.submissions:
        return ""
    return corrected_text(desk, tx, case, case.submissions[-1].snapshot)


def changes_since_sent_back(page: CasePage) -> tuple[Change, ...]:
    """What differs between the last two submissions, field by field, in words."""
    if len(page.case.submissions) < 2:
        return ()
    before, after = (one.snapshot for one in page.case.submissions[-2:])
    found = changed_fields(before, after, page.agreement)
    old, new = _files(before), _files(after)
    return found if old == new else (*found, Change(SNAPSHOT_KEY, "Attachments", "Attachments", old, new))


def _files(snapshot: Answers) -> str:
    """The names of the files of a submission, one a line; two of the same name are told apart by their hashes."""
    held = snapshot.get(SNAPSHOT_KEY)
    pairs = [one for one in held if isinstance(one, list)] if isinstance(held, list) else []
    return "\n".join(f"{name} ({str(digest)[:8]})" for name, digest in pairs) or "None"


def decided_answers(page: CasePage) -> Answers:
    """The answers that a reviewer decides on: as submitted, not as they may be changed since."""
    return page.case.submissions[-1].snapshot if page.case.submissions else page.case.answers


def history(desk: Desk, case_id: int) -> tuple[HistoryLine, ...]:
    """Everything that happened to a case, the latest first; of one whose decision waits for a second look that this
    person may take, what happened until then.
    """
    with desk.store.read() as tx:
        found = list(journal.entries(tx, case_id=case_id, limit=10_000))
        decided = blind_to(tx, desk.user.id, [case_id]).get(case_id) if desk.user.role in LOOKERS else None
        given = reasons.of_case(tx, case_id)
    if decided is not None:
        found = [entry for entry in found if entry.at < decided]
    now = desk.clock()
    return tuple(_history_line(entry, now, given.get(entry.seq, "")) for entry in reversed(found))


def _history_line(stored: JournalEntry, now: datetime, given: str) -> HistoryLine:
    """What happened, and when: also of what a restore lost, whose entry it carried over."""
    entry, origin = as_it_was(stored)
    at, what = entry.at, _what_in(entry)
    if origin is not None:
        at, what = origin.at, f"{what} (carried over a restore)"
    return HistoryLine(entry.seq, at, when(at, now), entry.actor or "The desk", what, given)


def _what_in(entry: JournalEntry) -> str:
    """What happened, with the other case where there was one: references say nothing about a person."""
    other, words = entry.data.get("other"), what_happened(entry.action)
    if not isinstance(other, str):
        return f"{words}{_with_dates(entry.data)}"
    return f"{words} as a duplicate of {other}" if entry.data.get("because") == "duplicate" else f"{words} {other}"


def _with_dates(data: Mapping[str, Json]) -> str:
    """What a corrected date, an extension or an answer that restarted the clock did to the due date; else ""."""
    days = {key: data.get(key) for key in ("received", "on", "told", "due")}
    received, on, told, owed = (day(date.fromisoformat(one)) if isinstance(one, str) else "" for one in days.values())
    if received and owed:
        return f": received on {received}, and due on {owed}"
    if told and owed:
        return f" by {data.get('by')}, to {owed}; the requester was told on {told}"
    return f": the clock started again on {on}, and it is due on {owed}" if data.get("restarts") and owed else ""
