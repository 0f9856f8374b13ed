"""The sampled second review: a share of decisions goes to another reviewer, who does not know them and says their own.

It changes no case and delays no answer: what it tells is how often two people who see the same decide the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from db import lists, relations
from db import secondlooks as stored
from db.casereads import load_case
from db.journal import append
from db.records import Action, Case, Heading, Json, Role
from db.secondlooks import Drawn
from db.store import Tx
from desktop.casework.bound import bound
from desktop.casework.desk import Desk, Done, Entry, Invalid, Refused, act, changing, need_reasons, need_role
from desktop.casework.requests import agreement_of
from desktop.casework.reviewing import need_independent, why_not_review
from desktop.policy.fields import Problem
from desktop.policy.life import LOOKERS, why_not
from desktop.policy.secondlooks import DRAWN_AMONG, drawn
from desktop.policy.wording import london

MOST_ROWS = 100
"""A list shows at most so many, the oldest."""
_SECRET_BYTES = 32
READERS = (Role.ADMINISTRATOR, Role.AUDITOR)
"""Who reads how second looks stand: those who decide nothing, and so have no decision that could be drawn."""


@dataclass(frozen=True, slots=True)
class LookRow:
    """A second look that waits: nothing in it says what was decided, or by whom."""

    decision_id: int
    case_id: int
    reference: str
    agreement: str
    requester: str
    since: date
    """The day of the decision."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondLook:
    """What a second person would decide of what was submitted, and why."""

    command_id: str
    decision_id: int
    action: Action
    """One of ``policy.secondlooks.DRAWN_AMONG``."""
    reasons: str


@dataclass(frozen=True, slots=True)
class LookCount:
    """How second looks stand. ``over``: nobody took them before the decision was void or its case destroyed."""

    agreed: int = 0
    differed: int = 0
    waiting: int = 0
    over: int = 0

    @property
    def drawn(self) -> int:
        """How many decisions were drawn."""
        return self.agreed + self.differed + self.waiting + self.over


@dataclass(frozen=True, slots=True)
class LookFigures:
    """The second looks at the decisions of a time."""

    total: LookCount
    by_agreement: tuple[tuple[str, LookCount], ...]
    """By the agreement's id."""


def share(entry: Entry) -> int:
    """How many of a hundred decisions go to a second look; 0 for none."""
    with entry.store.read() as tx:
        return stored.percent_of(tx)


def typed_share(typed: str) -> int:
    """The share as it was typed. Raises Invalid beside "percent"."""
    digits = typed.strip()
    return _share(int(digits) if digits.isascii() and digits.isdecimal() and len(digits) <= 3 else -1)


def _share(percent: int) -> int:
    if not 0 <= percent <= 100:
        raise Invalid((Problem("percent", "Give a whole number from 0 to 100.", hard=True),))
    return percent


def set_share(desk: Desk, percent: int) -> None:
    """Sets how many of a hundred decisions go to a second look from now on. Raises Invalid beside "percent"."""
    need_role(desk, Role.ADMINISTRATOR)
    _share(percent)
    with changing(desk) as tx:
        before = stored.percent_of(tx)
        if percent == before:
            return
        if not stored.secret_of(tx):
            stored.keep_secret(tx, desk.random(_SECRET_BYTES))
        at = desk.clock()
        stored.add_share(tx, percent, desk.user.id, at)
        data: dict[str, Json] = {"percent": percent, "before": before}
        append(tx, at=at, actor_id=desk.user.id, action="change_second_looks", heading=Heading.SYSTEM, data=data)


def draw(tx: Tx, case: Case, decision_id: int, action: Action) -> None:
    """Draws a decision that was just made, or not. Whoever made it is not told."""
    percent = stored.percent_of(tx)
    if action not in DRAWN_AMONG or not percent:
        return
    if drawn(stored.secret_of(tx), case.row.reference, len(case.decisions) + 1, percent):
        stored.add_draw(tx, decision_id, case.row.id)


def second_looks(desk: Desk) -> tuple[LookRow, ...]:
    """The second looks that this person may take, the oldest first. What somebody had a part in is not shown to them:
    nobody learns that a decision of theirs was drawn.
    """
    need_role(desk, *LOOKERS)
    titles = {one.id: one.short_title for one in desk.agreements.all()}
    with desk.store.read() as tx:
        found = stored.waiting_for(tx, desk.user.id, MOST_ROWS)
        barred = _reviewed_by(desk, tx, [one.case_id for one in found])
        rows = {row.id: row for row in lists.rows_of(tx, [one.case_id for one in found])}
    return tuple(
        LookRow(
            decision_id=one.decision_id,
            case_id=one.case_id,
            reference=rows[one.case_id].reference,
            agreement=titles.get(rows[one.case_id].agreement_id, rows[one.case_id].agreement_id),
            requester=rows[one.case_id].requester,
            since=london(one.decided_at).date(),
        )
        for one in found
        if one.case_id not in barred
    )


def _reviewed_by(desk: Desk, tx: Tx, ids: list[int]) -> frozenset[int]:
    """Those of these cases that look again at an answer which this person decided."""
    cases = (load_case(tx, one) for one in relations.following(tx, ids, desk.user.id))
    return frozenset(
        case.row.id for case in cases if why_not_review(desk, tx, agreement_of(desk, tx, case), case, Action.APPROVE)
    )


def need_look(desk: Desk, tx: Tx, decision_id: int) -> tuple[Drawn, Case]:
    """What a second look is at, once this person may take it. Raises Refused: for whoever had a part in the case in the
    same words whether or not the decision was drawn.
    """
    found = stored.drawn_one(tx, decision_id, desk.user.id)
    if found is None or found.worked:
        raise Refused("No second look is asked of you here.")
    case = load_case(tx, found.case_id)
    if found.over:
        raise Refused(f"No second look at {case.row.reference} is asked for any more.")
    if found.looked:
        raise Refused(f"Somebody took the second look at {case.row.reference} already.")
    if refusal := why_not(desk.user.id, desk.user.role, case, Action.SECOND_LOOK):
        raise Refused(refusal)
    if found.saw:
        raise Refused("You opened this case since it was decided, so someone else takes the second look.")
    need_independent(desk, tx, agreement_of(desk, tx, case), case, Action.APPROVE)
    return found, case


def second_look(desk: Desk, command: SecondLook) -> Done:
    """Keeps what this person would decide. Nothing of the case changes."""

    def body(tx: Tx, now: datetime) -> Done:
        found, case = need_look(desk, tx, command.decision_id)
        if command.action not in DRAWN_AMONG:
            raise Invalid((Problem("action", "Say whether you would approve, refuse or reject it.", hard=True),))
        reasons = need_reasons(command.reasons, "this second look")
        stored.add_look(tx, found, command.action, desk.user.id, now, reasons)
        data: dict[str, Json] = {
            "decision": found.decision_id,
            "said": command.action.value,
            **bound(tx, found.case_id, {"reasons": reasons}),
        }
        append(
            tx,
            at=now,
            actor_id=desk.user.id,
            action=Action.SECOND_LOOK.value,
            heading=Heading.DECISION,
            case_id=found.case_id,
            data=data,
        )
        return Done(case.row.id, case.row.version, case.row.state, case.row.due_on)

    return act(desk, command.command_id, Action.SECOND_LOOK.value, body)


def looked(tx: Tx, since: datetime, until: datetime) -> LookFigures:
    """How the second looks stand at the decisions of a time, whose end is the first moment that is too late."""
    found = stored.tallies(tx, since, until)
    agreements = dict.fromkeys(one.agreement_id for one in found)
    return LookFigures(
        total=_count(found),
        by_agreement=tuple((key, _count(one for one in found if one.agreement_id == key)) for key in agreements),
    )


def _count(found: Iterable[stored.Tally]) -> LookCount:
    counts = Counter[str]()
    for one in found:
        counts[one.standing] += one.many
    return LookCount(**counts)


def draw_faults(tx: Tx) -> tuple[str, ...]:
    """Decisions that were drawn though the secret does not say so, or were not though it does."""
    secret = stored.secret_of(tx)
    return tuple(
        f"a decision of {one.reference} {'was' if one.drawn else 'was not'} drawn for a second look, against the secret"
        for one in stored.draws(tx)
        if one.drawn != drawn(secret, one.reference, one.number, one.percent)
    )
