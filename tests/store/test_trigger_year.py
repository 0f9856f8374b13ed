"""A year with a leap day and both changes of the clock: the timers of each trigger say what the pure functions say."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import text

from db.migrations.conditions_0032 import london_day
from db.times import moment_text
from desktop.casework import disposal, policymoves
from desktop.casework.casepage import open_case
from desktop.casework.desk import Done
from desktop.casework.issuing import Issue, issue
from desktop.casework.register import timers
from desktop.policy.agreements import Agreement, decode
from desktop.policy.retention import WAITS_FOR, bucket, review
from desktop.policy.wording import london
from tests.fixtures import Office, on
from tests.store.disposing import faults
from tests.store.test_disposal_time import moments, set_clock
from tests.store.test_triggers import ID, day_of, ruled, settled

CODE_DAYS = 90
CLOSED_AT = (
    datetime(2027, 3, 27, 23, 30, tzinfo=UTC),
    datetime(2027, 10, 30, 23, 30, tzinfo=UTC),
    datetime(2028, 2, 29, 0, 30, tzinfo=UTC),
)
"""In London: the eve of the day when clocks go forward, the first hour of that when they go back, a leap day."""
HAPPENED_AT = (
    datetime(2028, 2, 29, 23, 30, tzinfo=UTC),
    datetime(2028, 3, 26, 23, 30, tzinfo=UTC),
    datetime(2028, 10, 29, 0, 30, tzinfo=UTC),
)
"""In London: the end of the leap day, the first half hour of a day in summer, the hour that comes twice."""
TRIGGERS = (
    "letter_issued", "letter_sent", "case_closed", "debt_settled", "share_code_expired", "agreement_withdrawn",
    "last_consulted",
)  # fmt: skip


@dataclass
class Known:
    """A case that was closed: its trigger, the rule it is pinned to, and what happened by now."""

    done: Done
    trigger: str
    rule: Agreement
    closed_on: date
    happened_on: date | None = None

    @property
    def due_on(self) -> date:
        return review(self.rule.retention, self.trigger, self.closed_on, self.happened_on, appealed=False)

    @property
    def waits(self) -> bool:
        return self.trigger in WAITS_FOR and self.happened_on is None


def yearly(office: Office, plain: Agreement, trigger: str) -> Agreement:
    """The agreement with this trigger, a period of a year and a longstop of two."""
    office.entry.agreements.put(plain, 0)
    made = ruled(office, trigger, f"code_days = {CODE_DAYS}" if trigger == "share_code_expired" else "")
    words = made.text.replace("\nyears = 3\n", "\nyears = 1\n").replace("longstop_years = 6", "longstop_years = 2")
    after = decode(words, made.id)
    office.entry.agreements.put(after, 0)
    return after


def closed(office: Office, plain: Agreement, trigger: str, at: datetime) -> Known:
    """A case that is answered at this moment."""
    rule = yearly(office, plain, trigger)
    received = london(at).date() - timedelta(days=7)
    done = office.release(office.traced(office.approve(office.submit(office.register(received=received)))))
    set_clock(office, at)
    done = issue(office.caseworker, Issue(**on(done)))
    known = Known(done, trigger, rule, london(at).date())
    if trigger == "share_code_expired":
        known.happened_on = received + timedelta(days=CODE_DAYS)
    return known


def happens(office: Office, one: Known) -> None:
    """What starts the timer of a case that is closed, as far as somebody does it."""
    if one.trigger == "letter_sent":
        one.done = office.sent(one.done)
    elif one.trigger == "debt_settled":
        one.done = settled(office, one.done, day_of(office))
    elif one.trigger == "last_consulted":
        open_case(office.caseworker, one.done.case_id)
    else:
        return
    one.happened_on = day_of(office)


def checked(office: Office, known: list[Known]) -> None:
    """Each list says of each case what the pure functions say of it, at this moment."""
    officer, today = office.officers[0], london(office.entry.clock()).date()
    found = {row.timer.case_id: (row.timer.due_on, row.bucket) for row in timers(officer)}
    assert found == {one.done.case_id: (one.due_on, bucket(one.due_on, today, waits=one.waits)) for one in known}
    due = sorted((one.due_on, one.done.case_id) for one in known if one.due_on <= today)
    assert [(one.due_on, one.case_id) for one in disposal.candidates(officer)] == due


def withdrawn(office: Office, known: list[Known]) -> None:
    """The agreement ends today, for every case that waits for it."""
    today = day_of(office)
    command = policymoves.ChangePolicy(agreement_id=ID, kind="withdraw", takes_effect=today, because="It ends.")
    policymoves.change_policy(office.guardian, command)
    for one in known:
        if one.trigger == "agreement_withdrawn":
            one.happened_on = today


def test_a_year_of_days_says_of_every_trigger_what_the_pure_functions_say(office: Office) -> None:
    """Days are slept through, and the clock jumps a month back or forth."""
    known, plain = [], office.entry.agreements.get(ID)
    for at in CLOSED_AT:
        for trigger in TRIGGERS:
            set_clock(office, at - timedelta(hours=10))
            known.append(closed(office, plain, trigger, at))
    checked(office, known)
    days = moments(date(2028, 2, 29), 390)
    jumps = [at + timedelta(days=(-31, 31)[n % 2]) for n, at in enumerate(days) if n % 61 == 0]
    events = dict(zip(HAPPENED_AT, range(len(CLOSED_AT)), strict=True))
    for at in sorted([*(one for n, one in enumerate(days) if n % 9), *HAPPENED_AT]):
        set_clock(office, at)
        if at in events:
            for one in known[events[at] * len(TRIGGERS) :][: len(TRIGGERS)]:
                happens(office, one)
            if events[at] == 1:
                withdrawn(office, known)
        checked(office, known)
    for at in jumps:
        set_clock(office, at)
        checked(office, known)
    set_clock(office, days[-1])
    assert {one.trigger for one in known if one.happened_on} == {*TRIGGERS} - {"letter_issued", "case_closed"}
    assert faults(office) == []


def test_the_database_has_the_days_of_london(office: Office) -> None:
    """On each evening of sixty years, and at each half hour of one."""
    all_of_one = [datetime(2028, 1, 1, tzinfo=UTC) + timedelta(minutes=30 * n) for n in range(366 * 48)]
    evenings = [
        datetime(2000, 1, 1, hour, 59, 59, 999_999, tzinfo=UTC) + timedelta(days=n)
        for n in range(366 * 60)
        for hour in (22, 23)
    ]
    asked = [moment_text(one) for one in (*all_of_one, *evenings)]
    query = f"SELECT {london_day('value')} FROM json_each(:asked) ORDER BY key + 0"  # noqa: S608
    with office.entry.store.read() as tx:
        found = tx.execute(text(query), {"asked": json.dumps(asked)}).scalars().all()
    assert found == [london(datetime.fromisoformat(one)).date().isoformat() for one in asked]
