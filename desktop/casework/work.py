"""What waits for the signed-in person: a caseworker's own work, and the reviewers' queue."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from db import lists, relations
from db.casereads import load_case
from db.chases import chases_of
from db.clocks import clocks_of
from db.concerns import submitted_with_concern
from db.notices import untold_in
from db.policymoves import pinned_in
from db.records import Action, CaseRow, Outcome, Role, State
from db.store import Tx
from desktop.casework.desk import Desk, Entry
from desktop.casework.news import on_words
from desktop.casework.policymoves import to_take_in
from desktop.casework.reminding import reminders_in
from desktop.casework.requests import agreement_of
from desktop.casework.reviewing import why_not_review
from desktop.casework.waiting import waiting_in
from desktop.policy.agreements import Agreement
from desktop.policy.clocks import is_late, working_days_between
from desktop.policy.life import DISCLOSING
from desktop.policy.points import Point, reminder_words
from desktop.policy.waiting import Waiting
from desktop.policy.wording import late_since, plural

MOST_ROWS = 100
"""A list shows at most this many rows, the most urgent; the register has them all."""

TAKE_IN = "take_in"
LATE = "late"
SENT_BACK = "sent_back"
REMIND = "remind"
ISSUE = "issue"
FINISH = "finish"
RECORD = "record"
CHASE = "chase"
WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class WorkRow:
    """A case with what to do next, and why."""

    row: CaseRow
    agreement: str
    next_step: str
    why: str
    days_left: int | None
    """Working days left; negative when late; None without a due date or while its clock is paused."""
    may_decide: bool = True
    """False in the queue for someone who worked on the case."""
    waiting: Waiting | None = None
    """How it stands with the requester, where the case was returned to them."""
    reminder: Point | None = None
    """The point of its clock that calls for someone today, in one's own work."""
    changed: tuple[str, ...] = ()
    """What a change of its agreement that nobody has taken in means for it, in one's own work."""
    late_since: date | None = None
    """The first day on which it was late, while no working day has passed since."""


@dataclass(frozen=True, slots=True)
class Group:
    """Rows that want the same thing. ``key`` is one of this module's names."""

    key: str
    title: str
    rows: tuple[WorkRow, ...]


@dataclass(frozen=True, slots=True)
class MyWork:
    """A caseworker's own open cases, sorted into what to do next."""

    today: date
    open_count: int
    late_count: int
    late_with_others: int
    """Those of the late ones that wait for somebody else."""
    due_in_week: int
    """Due from today to the end of `week`, without the late ones."""
    week: tuple[tuple[date, int], ...]
    """How many are due on each day from Monday to Friday: of this week, or on a Saturday or Sunday of the next."""
    groups: tuple[Group, ...]
    recent: tuple[tuple[int, str], ...]
    """The cases last changed: id and reference."""


OPEN_STATES = (
    State.DRAFT,
    State.HELD,
    State.RETURNED,
    State.SUBMITTED,
    State.SENT_BACK,
    State.ESCALATED,
    State.APPROVED,
    State.RECORDED,
    State.RELEASED,
    State.REFUSED,
    State.REJECTED,
)

_WITH_OTHERS = frozenset({State.SUBMITTED, State.ESCALATED, State.RETURNED, State.HELD})
"""States in which a case waits for somebody else."""

_TITLES = {
    TAKE_IN: "Take in a change of the agreement",
    LATE: "Late: do this first",
    SENT_BACK: "Sent back to you",
    REMIND: "Reminders",
    ISSUE: "Issue the letter",
    FINISH: "Finish and submit",
    RECORD: "Record the outcome",
    CHASE: "Chase the requester",
    WAITING: "Waiting for others",
}

_PAST = {
    "approve": "Approved",
    "refuse": "Refused",
    "reject": "Rejected",
    "send_back": "Sent back",
    "escalate": "Escalated",
    "release": "Released",
    "return_outcome": "Outcome sent back",
}

SATURDAY = 5


def my_work(desk: Desk) -> MyWork:
    """The signed-in caseworker's open cases: the most urgent as rows, all of them in the counts."""
    today = desk.today()
    with desk.store.read() as tx:
        rows = lists.open_cases_of(tx, desk.user.id, OPEN_STATES, MOST_ROWS)
        reminders = reminders_in(desk, tx, rows)
        changed = to_take_in(desk, tx, rows)
        work = tuple(
            _changed(_reminded(one, reminders.get(one.row.id), today), changed.get(one.row.id, ()))
            for one in work_rows(desk, tx, rows)
        )
        dated = lists.open_by_date(tx, desk.user.id, OPEN_STATES)
        late = _late(desk, tx, dated)
    monday = today - timedelta(days=today.weekday())
    if today.weekday() >= SATURDAY:
        monday += timedelta(days=7)
    sunday = monday + timedelta(days=6)
    # While a clock is stopped nothing is due.
    due = Counter[date | None]()
    for state, on, many in dated:
        due[on] += many if state is not State.RETURNED else 0
    latest = sorted(rows, key=lambda row: row.changed_at, reverse=True)[:4]
    return MyWork(
        today=today,
        open_count=sum(many for _state, _on, many in dated),
        late_count=late.total(),
        late_with_others=late[True],
        due_in_week=sum(many for on, many in due.items() if on is not None and today <= on <= sunday),
        week=tuple((day, due[day]) for day in (monday + timedelta(days=n) for n in range(5))),
        groups=_grouped(work),
        recent=tuple((row.id, row.reference) for row in latest),
    )


def _late(desk: Desk, tx: Tx, dated: Sequence[tuple[State, date | None, int]]) -> Counter[bool]:
    """How many of the signed-in caseworker's open cases are late, by whether they wait for somebody else."""
    today, found = desk.today(), Counter[bool]()
    for state, on, many in dated:
        if on is not None and on < today and state is not State.RETURNED:
            found[state in _WITH_OTHERS] += many
    if any(state is State.RECORDED and on is not None and on < today for state, on, _many in dated):
        owed = lists.count_recorded(tx, tuple(DISCLOSING), caseworker_id=desk.user.id, due_before=today)
        found += Counter({True: owed})
        found.subtract({False: owed})
    if any(state is State.RETURNED and on is not None and on < today for state, on, _many in dated):
        returned = lists.open_cases_of(tx, desk.user.id, (State.RETURNED,), None)
        work = work_rows(desk, tx, [row for row in returned if row.due_on is not None and row.due_on < today])
        for one in work:
            if one.days_left is not None:
                found[_group_of(one) == WAITING] += 1
    return found


def _reminded(one: WorkRow, point: Point | None, today: date) -> WorkRow:
    """The row with the point that calls for someone; what a reviewer asked stays why a case is in hand again."""
    if point is None:
        return one
    why = one.why if one.row.state is State.SENT_BACK else reminder_words(point, today)
    return replace(one, why=why, reminder=point)


def _changed(one: WorkRow, said: tuple[str, ...]) -> WorkRow:
    """The row of a case that nobody takes further before a change of its agreement is taken in."""
    if not said:
        return one
    return replace(one, next_step="Take in the change of the agreement", why=" ".join(said), changed=said)


def rehearse(entry: Entry) -> None:
    """Asks what `my_work` asks, for nobody: the first time a question is put it is translated, which takes longest."""
    with entry.store.read() as tx:
        lists.open_cases_of(tx, 0, OPEN_STATES, MOST_ROWS)
        lists.open_by_date(tx, 0, OPEN_STATES)
        lists.last_steps(tx, [0])
        chases_of(tx, [0])
        untold_in(tx, [0])
        clocks_of(tx, [0])
        pinned_in(tx, [0])


def _grouped(work: Sequence[WorkRow]) -> tuple[Group, ...]:
    sorted_rows: dict[str, list[WorkRow]] = {key: [] for key in _TITLES}
    for one in work:
        sorted_rows[_group_of(one)].append(one)
    return tuple(Group(key, title, tuple(sorted_rows[key])) for key, title in _TITLES.items() if sorted_rows[key])


def _group_of(one: WorkRow) -> str:
    state = one.row.state
    if one.changed:
        return TAKE_IN
    if one.waiting is not None and (one.waiting.chase_due or one.waiting.close_proposed):
        return CHASE
    if one.reminder is not None and state is not State.SENT_BACK:
        return REMIND
    if state in _WITH_OTHERS or (state is State.RECORDED and one.row.outcome in DISCLOSING):
        return WAITING
    if one.days_left is not None and one.days_left < 0:
        return LATE
    if state is State.SENT_BACK:
        return SENT_BACK
    if state in (State.RELEASED, State.REFUSED, State.REJECTED, State.RECORDED):
        return ISSUE
    return RECORD if state is State.APPROVED else FINISH


def work_rows(desk: Desk, tx: Tx, rows: Sequence[CaseRow]) -> tuple[WorkRow, ...]:
    """Rows with what to do next and how long is left."""
    steps = lists.last_steps(tx, [row.id for row in rows])
    now = desk.clock()
    titles = {one.id: one for one in desk.agreements.all()}
    asked = waiting_in(desk, tx, {row.id: titles[row.agreement_id] for row in rows if row.agreement_id in titles})
    owed = untold_in(tx, [row.id for row in rows if row.state is State.RELEASED])
    return tuple(
        WorkRow(
            row=row,
            agreement=titles[row.agreement_id].short_title if row.agreement_id in titles else row.agreement_id,
            next_step=_owed_words(owed[row.id]) if row.id in owed else _step_of(row, asked),
            why=asked[row.id].words(desk.today()) if row.id in asked else _why(desk, row, steps, now),
            days_left=days_left(desk, titles.get(row.agreement_id), row, asked.get(row.id)),
            waiting=asked.get(row.id),
            late_since=just_late(desk, titles.get(row.agreement_id), row),
        )
        for row in rows
    )


def _step_of(row: CaseRow, asked: Mapping[int, Waiting]) -> str:
    return asked[row.id].next_step if row.id in asked else next_step(row)


def _owed_words(count: int) -> str:
    return f"Tell {plural(count, 'recipient')} of what was wrong"


_NEXT: Mapping[State, str] = {
    State.DRAFT: "Finish it and submit",
    State.HELD: "Held until the agreement goes on",
    State.RETURNED: "Waiting for the requester",
    State.SUBMITTED: "With the reviewer",
    State.SENT_BACK: "Answer the reviewer’s questions",
    State.ESCALATED: "With the guardian",
    State.APPROVED: "Record what the search found",
    State.RELEASED: "Check the letter, then issue it",
    State.REFUSED: "Check the letter, then issue it",
    State.REJECTED: "Check the letter, then issue it",
}


def next_step(row: CaseRow) -> str:
    """What is to be done with a case, in words."""
    if row.state is State.RECORDED:
        return "Waiting for its release" if row.outcome in DISCLOSING else "Check the letter, then issue it"
    return _NEXT.get(row.state, "Nothing more to do")


def _why(desk: Desk, row: CaseRow, steps: Mapping[int, tuple[str, str, datetime]], now: datetime) -> str:
    decided = (
        State.SENT_BACK,
        State.ESCALATED,
        State.APPROVED,
        State.RELEASED,
        State.REFUSED,
        State.REJECTED,
    )
    if row.state in decided and row.id in steps:
        action, who, at = steps[row.id]
        return f"{_PAST.get(action, action)} {on_words(at, now)} by {who}"
    who = "You" if row.changed_by == desk.user.name else row.changed_by
    return f"{who} saved this {on_words(row.changed_at, now)}"


def days_left(desk: Desk, agreement: Agreement | None, row: CaseRow, asked: Waiting | None = None) -> int | None:
    """Working days from today to the due date; negative when late; None where nothing is due.

    While its clock is stopped nothing is due; but what was late when the requester was asked stays late.
    """
    if row.due_on is None or row.state in (State.ISSUED, State.WITHDRAWN, State.DESTROYED):
        return None
    if row.state is State.RETURNED and (row.provisional or asked is None or asked.asked_on < row.due_on):
        return None
    calendar = desk.calendars[agreement.clock.calendar if agreement else "uk-any-part"]
    if is_late(row.due_on, desk.clock()):
        # Late from the day after, even where that day is no working day.
        return -max(1, working_days_between(row.due_on, desk.today(), calendar))
    return working_days_between(desk.today(), row.due_on, calendar)


def just_late(desk: Desk, agreement: Agreement | None, row: CaseRow) -> date | None:
    """The first day on which a case is late, while no working day has passed since; None otherwise."""
    calendar = desk.calendars[agreement.clock.calendar if agreement else "uk-any-part"]
    return late_since(row.due_on, desk.today(), calendar) if row.due_on is not None else None


def queue_states(role: Role) -> tuple[State, ...]:
    """The states whose cases wait for this role to decide or release."""
    if role is Role.REVIEWER:
        return (State.SUBMITTED, State.RECORDED)
    if role is Role.GUARDIAN:
        return (State.ESCALATED, State.RECORDED, State.HELD)
    return ()


def review_queue(desk: Desk) -> tuple[WorkRow, ...]:
    """What waits for a second person, in order of urgency; last, what this person worked on and cannot decide."""
    with desk.store.read() as tx:
        rows = lists.waiting(tx, queue_states(desk.user.role), MOST_ROWS)
        coming = submitted_with_concern(tx)[:MOST_ROWS] if desk.user.role is Role.GUARDIAN else ()
        rows += lists.rows_of(tx, coming)
        barred = _barred(desk, tx, [row.id for row in rows]) | dict.fromkeys(coming, COMING)
        work = work_rows(desk, tx, rows)
    free = [one for one in work if one.row.id not in barred]
    mine = [
        replace(one, why=barred[one.row.id], may_decide=False, waiting=None) for one in work if one.row.id in barred
    ]
    return (*free, *mine)


COMING = "A safeguarding concern stands. A reviewer puts it before you."
"""Why the guardian sees a submitted case that they cannot decide yet."""


def _barred(desk: Desk, tx: Tx, ids: Sequence[int]) -> dict[int, str]:
    """The cases that this person may not decide, each with why."""
    found = dict.fromkeys(lists.authored(tx, desk.user.id, ids), "You worked on this case, so someone else decides it.")
    for case_id in relations.following(tx, ids, desk.user.id):
        case = load_case(tx, case_id)
        if why := why_not_review(desk, tx, agreement_of(desk, tx, case), case, Action.APPROVE):
            found.setdefault(case_id, why)
    return found


def open_count(desk: Desk) -> int:
    """How many open cases the signed-in caseworker has: ``MyWork.open_count``, without the rest."""
    with desk.store.read() as tx:
        return sum(many for _state, _on, many in lists.open_by_date(tx, desk.user.id, OPEN_STATES))


def queue_count(desk: Desk) -> int:
    """How many cases wait for this role."""
    states = [state for state in queue_states(desk.user.role) if state is not State.RECORDED]
    if not states:
        return 0
    with desk.store.read() as tx:
        return lists.count_in(tx, states) + lists.count_recorded(tx, (Outcome.TRACED, Outcome.STATUS))
