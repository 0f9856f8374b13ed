"""Extensions, and answers that restart the clock: what is allowed, what the dates become, what the database keeps."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import text

from db.errors import RuleKept
from db.records import Action, Role, State
from db.records_views import RegisterFilter
from desktop.casework import extending, requests, returning
from desktop.casework.casepage import case_page, history
from desktop.casework.desk import Conflict, Desk, Done, Invalid, Refused
from desktop.casework.register import register_ids, register_rows
from desktop.casework.verifying import verify_store
from desktop.casework.whatifs import if_extended, if_received, if_resumed, if_returned
from desktop.casework.work import my_work
from desktop.policy.agreements import Agreements, decode
from desktop.policy.wording import due_words
from tests.fixtures import Office, on
from tests.journeys.walking import date_value, registered
from tests.store.test_waiting import later

DUE, EXTENDED = date(2026, 6, 30), date(2026, 7, 29)
"""Twenty and forty working days after 1 June 2026: 15 June and 13 July are holidays in Scotland or Northern Ireland."""


def foi(office: Office, **changes: Any) -> Done:
    return registered(office, office.entry.agreements.get("foi"), **changes)


def sar(office: Office) -> Done:
    return registered(office, office.entry.agreements.get("sar"))


def extended(desk: Desk, done: Done, **changes: Any) -> Done:
    values: dict[str, Any] = {
        "length": 20,
        "because": "public_interest",
        "told_on": date(2026, 6, 10),
        "reasons": "Section 31.",
    }
    return extending.extend(desk, extending.Extend(**on(done), **(values | changes)))


# Extensions


def test_a_public_interest_extension_moves_the_date_everywhere(office: Office) -> None:
    done = foi(office)
    page = case_page(office.caseworker, done.case_id)
    assert (done.due_on, page.actions[Action.EXTEND]) == (DUE, "")
    assert page.extending is not None
    assert (page.extending.left, page.extending.tell_by) == (20, DUE)
    assert page.extending.words.startswith(
        "The time may be extended by up to 20 working days. Tell the requester by Tuesday 30 June 2026: that weighing"
    )
    done = extended(office.caseworker, done)
    assert (done.due_on, done.state) == (EXTENDED, State.DRAFT)
    desk = later(office.caseworker, date(2026, 7, 20))
    page = case_page(desk, done.case_id)
    assert page.due is not None
    assert (page.due.due_on, page.due.extended, page.case.row.due_on) == (EXTENDED, 20, EXTENDED)
    assert page.days_left == 7
    assert page.case.extensions[0].extended_by_name == office.caseworker.user.name
    assert due_words(EXTENDED, desk.today(), desk.calendars["uk-any-part"]).endswith("7 working days left")
    work = my_work(desk)
    assert (work.late_count, [group.rows[0].days_left for group in work.groups]) == (0, [7])
    assert [row.due_on for row in register_rows(desk, [done.case_id])] == [EXTENDED]
    assert history(desk, done.case_id)[0].what == (
        "extended the time by 20 working days, to 29 July 2026; the requester was told on 10 June 2026"
    )
    assert verify_store(office.entry).sound


def test_two_months_more_for_a_complex_subject_access_request(office: Office) -> None:
    done = sar(office)
    assert done.due_on == date(2026, 7, 1)
    assert case_page(office.caseworker, done.case_id).extending.tell_by == date(2026, 7, 1)  # type: ignore[union-attr]
    done = extended(office.caseworker, done, length=1, because="complex")
    assert done.due_on == date(2026, 8, 4)  # 1 August 2026 is a Saturday, and 3 August a holiday in Scotland.
    done = extended(office.caseworker, done, length=1, because="numerous")
    assert done.due_on == date(2026, 9, 1)
    why = case_page(office.caseworker, done.case_id).actions[Action.EXTEND]
    assert why == "It is extended already by all that the agreement allows: 2 months."
    with pytest.raises(Refused, match="extended already"):
        extended(office.caseworker, done, length=1, because="complex")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"length": 21}, "from 1 to 20"),
        ({"length": 0}, "from 1 to 20"),
        ({"because": "complex"}, "Choose the reason"),
        ({"told_on": date(2026, 6, 11)}, "in the future"),
        ({"told_on": date(2026, 5, 31)}, "before the request was received"),
        ({"reasons": " "}, "Give your reasons"),
    ],
)
def test_what_the_agreement_does_not_allow(office: Office, changes: dict[str, Any], words: str) -> None:
    done = foi(office)
    with pytest.raises(Invalid, match=words):
        extended(office.caseworker, done, **changes)
    assert case_page(office.caseworker, done.case_id).case.extensions == ()


def test_whoever_was_told_too_late_gets_an_answer_in_the_ordinary_time(office: Office) -> None:
    done = foi(office)
    desk = later(office.caseworker, date(2026, 7, 2))
    with pytest.raises(Invalid, match="had to be told by Tuesday 30 June 2026"):
        extended(desk, done, told_on=date(2026, 7, 1))
    # Told in time and recorded after: that is lawful, and the case is not late.
    may = case_page(desk, done.case_id).extending
    assert may is not None
    assert may.words.startswith("Only if the requester was told by Tuesday 30 June 2026 may the time")
    done = extended(desk, done, told_on=date(2026, 6, 30))
    assert case_page(desk, done.case_id).days_left == 18


def test_a_corrected_date_of_receipt_keeps_the_extension_only_if_it_was_told_of_in_time(office: Office) -> None:
    done = extended(office.caseworker, foi(office))
    calendars = office.entry.calendars
    page = case_page(office.caseworker, done.case_id)
    found = if_received(page, calendars, date(2026, 5, 29))
    assert found.head == "Due Wednesday 29 July 2026 → Tuesday 28 July 2026"
    # Twenty working days after 1 May are over on 2 June, and the requester was told on 10 June.
    early = if_received(page, calendars, date(2026, 5, 1))
    assert early.why == (
        "Received Friday 1 May 2026, not Monday 1 June 2026.",
        "20 working days of extension no longer count.",
    )
    kept = office.save(done, received__on=date_value(date(2026, 5, 29)))
    assert found.after is not None
    assert kept.due_on == found.after.due_on == date(2026, 7, 28)
    done = office.save(kept, received__on=date_value(date(2026, 5, 1)))
    assert early.after is not None
    assert done.due_on == early.after.due_on == date(2026, 6, 2)
    words = "changed the request: received on 1 May 2026, and due on 2 June 2026"
    assert history(office.caseworker, done.case_id)[0].what == words


@pytest.mark.parametrize("role", [Role.RECORDS_OFFICER, Role.ADMINISTRATOR, Role.AUDITOR])
def test_only_those_whom_the_table_and_the_agreement_name_extend(office: Office, role: Role) -> None:
    done = foi(office)
    with pytest.raises(Refused):
        extended(office.desk(role), done)
    with pytest.raises(RuleKept, match="may not extend"):
        insert(office, done.case_id, office.desk(role))


def test_an_agreement_of_one_s_own_says_who_extends_how_far_and_by_what_it_restarts(office: Office) -> None:
    """Without a line of code: who, how long, and what an answer does are in its file."""
    text = office.entry.agreements.get("foi").text
    for old, new in (
        ('who = ["caseworker", "reviewer", "guardian"]', 'who = ["guardian"]'),
        ("longest = 20", "longest = 5"),
        ('on_answer = "restart"', 'on_answer = "pause"'),
    ):
        assert old in text
        text = text.replace(old, new, 1)
    own = replace(office.caseworker, agreements=Agreements([decode(text, "own.toml")]))
    guardian = replace(office.guardian, agreements=own.agreements)
    theirs = Office(office.entry, {Role.CASEWORKER: own})
    done = registered(theirs, own.agreements.get("foi"))
    assert (
        case_page(own, done.case_id).actions[Action.EXTEND] == "Only a guardian may extend the time of this agreement."
    )
    with pytest.raises(Refused, match="Only a guardian"):
        extended(own, done, length=5)
    with pytest.raises(Invalid, match="from 1 to 5"):
        extended(guardian, done, length=6)
    done = extended(guardian, done, length=5)
    assert done.due_on == date(2026, 7, 7)
    done = returned(theirs, done, "clarification", date(2026, 6, 8))
    done = returning.resume(own, returning.Dated(**on(done), on=date(2026, 6, 10)))
    assert done.due_on == date(2026, 7, 9)


def test_a_reviewer_who_extends_may_still_decide(office: Office) -> None:
    done = office.submit(foi(office))
    done = extended(office.reviewer, done)
    assert (done.state, done.due_on) == (State.SUBMITTED, EXTENDED)
    assert office.approve(done).state is State.APPROVED


def test_an_agreement_without_the_rule_is_never_extended(office: Office) -> None:
    done = office.register()
    why = "Its agreement does not let the time be extended."
    assert case_page(office.caseworker, done.case_id).actions[Action.EXTEND] == why
    with pytest.raises(Refused, match="does not let the time be extended"):
        extended(office.caseworker, done)


def test_twice_is_once_and_an_older_version_is_a_conflict(office: Office) -> None:
    done = foi(office)
    command = extending.Extend(
        **on(done), length=5, because="public_interest", told_on=date(2026, 6, 10), reasons="Section 31."
    )
    assert extending.extend(office.caseworker, command) == extending.extend(office.caseworker, command)
    assert len(case_page(office.caseworker, done.case_id).case.extensions) == 1
    with pytest.raises(Conflict):
        extended(office.caseworker, done, length=5)


@pytest.mark.parametrize("state", [State.RETURNED, State.RELEASED, State.REFUSED, State.ISSUED])
def test_sql_extends_no_case_whose_clock_does_not_run(office: Office, state: State) -> None:
    done = office.in_state(state)
    with pytest.raises(RuleKept, match="cannot be extended now"):
        insert(office, done.case_id, office.caseworker)


@pytest.mark.parametrize("change", ["UPDATE extension SET length = 40", "DELETE FROM extension"])
def test_sql_changes_no_extension(office: Office, change: str) -> None:
    extended(office.caseworker, foi(office))
    with pytest.raises(RuleKept, match="never changed or deleted"), office.entry.store.write() as tx:
        tx.execute(text(change))


def insert(office: Office, case_id: int, desk: Desk, **changes: Any) -> None:
    row = {"case": case_id, "who": desk.user.id} | changes
    with office.entry.store.write() as tx:
        tx.execute(
            text(
                "INSERT INTO extension (case_id, length, because, told_on, note, extended_by, extended_at)"
                " VALUES (:case, 20, 'public_interest', '2026-06-10', '', :who, '2026-06-10T09:00:00.000000Z')"
            ),
            row,
        )


def test_an_extension_that_nobody_journalled_is_found(office: Office) -> None:
    done = foi(office)
    insert(office, done.case_id, office.caseworker)
    faults = dict(verify_store(office.entry).checks)["Journal"]
    assert [one for one in faults if one.startswith("an extension of FI-")]


# Answers


def test_while_the_clock_is_stopped_nothing_is_late_or_due_this_week(office: Office) -> None:
    done = returned(office, sar(office), "", date(2026, 6, 8))
    for day in (date(2026, 6, 30), date(2026, 9, 1)):
        desk = later(office.caseworker, day)
        work = my_work(desk)
        assert (work.late_count, work.due_in_week, sum(count for _, count in work.week)) == (0, 0, 0)
        assert case_page(desk, done.case_id).days_left is None
        assert not register_ids(desk, RegisterFilter(due_to=date(2026, 12, 31)))
    desk = later(office.caseworker, date(2026, 9, 1))
    assert list(register_ids(desk, RegisterFilter(open_only=True))) == [done.case_id]
    again = returning.resume(desk, returning.Dated(**on(done), on=date(2026, 9, 1)))
    assert list(register_ids(desk, RegisterFilter(due_to=again.due_on))) == [done.case_id]


def returned(office: Office, done: Done, ask: str, day: date) -> Done:
    command = returning.Dated(**on(done), on=day, reasons="Which year do you mean?", ask=ask)
    return returning.return_to_requester(office.caseworker, command)


def test_a_clarification_restarts_the_clock_of_a_freedom_of_information_request(office: Office) -> None:
    done = foi(office)
    page = case_page(office.caseworker, done.case_id)
    asked = if_returned(page, office.entry.calendars, date(2026, 6, 8), "clarification")
    done = returned(office, done, "clarification", date(2026, 6, 8))
    waits = case_page(office.caseworker, done.case_id)
    assert asked.after == waits.due
    assert (done.due_on, waits.case.row.provisional) == (date(2026, 7, 7), True)
    found = if_resumed(waits, office.entry.calendars, date(2026, 6, 10))
    assert found.head == "Due Tuesday 7 July 2026 (provisional) → Thursday 9 July 2026"
    assert found.why == ("The clock starts again: Wednesday 10 June 2026 is day 0.",)
    done = returning.resume(office.caseworker, returning.Dated(**on(done), on=date(2026, 6, 10)))
    page = case_page(office.caseworker, done.case_id)
    assert (done.due_on, page.case.row.provisional) == (date(2026, 7, 9), False)
    assert page.due is not None
    assert (page.due.begins, page.due.received) == (date(2026, 6, 10), date(2026, 6, 1))
    assert history(office.caseworker, done.case_id)[0].what == (
        "took it up again: the clock started again on 10 June 2026, and it is due on 9 July 2026"
    )


def test_a_fee_pauses_it_and_what_was_asked_has_to_be_said(office: Office) -> None:
    done = foi(office)
    with pytest.raises(Invalid, match="Choose what you asked"):
        returned(office, done, "", date(2026, 6, 8))
    done = returned(office, done, "fee", date(2026, 6, 8))
    assert case_page(office.caseworker, done.case_id).case.pauses[0].ask == "fee"
    done = returning.resume(office.caseworker, returning.Dated(**on(done), on=date(2026, 6, 10)))
    assert done.due_on == date(2026, 7, 2)


def test_the_days_of_a_subject_access_clarification_are_disregarded(office: Office) -> None:
    """UK GDPR, Article 12A, with section 76 of the Data (Use and Access) Act 2025."""
    done = sar(office)
    with pytest.raises(Invalid, match="Choose what you asked"):
        returned(office, done, "clarification", date(2026, 6, 8))
    done = returned(office, done, "", date(2026, 6, 8))
    done = returning.resume(office.caseworker, returning.Dated(**on(done), on=date(2026, 6, 10)))
    assert done.due_on == date(2026, 7, 3)


def test_what_was_late_when_the_requester_was_asked_stays_late(office: Office) -> None:
    done = sar(office)
    desk = later(office.caseworker, date(2026, 7, 6))
    returning.return_to_requester(desk, returning.Dated(**on(done), on=date(2026, 7, 6), reasons="Which year?"))
    page = case_page(desk, done.case_id)
    assert (page.case.row.due_on, page.days_left) == (date(2026, 7, 1), -3)
    work = my_work(desk)
    assert (work.late_count, work.late_with_others) == (1, 1)
    # The answer to a clarification restarts the clock if it was asked for by the due date itself.
    other = foi(office)
    desk = later(office.caseworker, DUE)
    returning.return_to_requester(
        desk, returning.Dated(**on(other), on=DUE, reasons="Which year?", ask="clarification")
    )
    assert case_page(later(desk, date(2026, 7, 6)), other.case_id).days_left is None


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("UPDATE asking SET restarts = 0", "never changed or deleted"),
        ("DELETE FROM asking", "never changed or deleted"),
        ("INSERT INTO asking (pause_id, ask, restarts) SELECT id, 'fee', 1 FROM pause", "when the clock stops"),
        ("INSERT OR REPLACE INTO asking SELECT pause_id, 'fee', 0 FROM asking", "when the clock stops"),
    ],
)
def test_sql_changes_nothing_of_what_was_asked(office: Office, change: str, words: str) -> None:
    done = returned(office, foi(office), "clarification", date(2026, 6, 8))
    if change.startswith("INSERT INTO"):
        returning.resume(office.caseworker, returning.Dated(**on(done), on=date(2026, 6, 10)))
    with pytest.raises(RuleKept, match=words), office.entry.store.write() as tx:
        tx.execute(text(change))


def test_what_would_happen_is_what_happens(office: Office) -> None:
    done = foi(office)
    page = case_page(office.caseworker, done.case_id)
    found = if_extended(page, office.entry.calendars, 7, date(2026, 6, 10))
    assert found.head == "Due Tuesday 30 June 2026 → Thursday 9 July 2026"
    assert found.why == ("Extended by 7 working days.",)
    done = extended(office.caseworker, done, length=7)
    assert found.after == case_page(office.caseworker, done.case_id).due


# A corrected date of receipt


def test_a_request_is_not_received_after_the_day_on_which_its_requester_was_asked(office: Office) -> None:
    done = foi(office, received__on=date_value(date(2026, 6, 1)))
    asked = returning.Dated(**on(done), on=date(2026, 6, 3), reasons="The fee.", ask="fee")
    desk = later(office.caseworker, date(2026, 6, 12))
    done = returning.resume(
        desk, returning.Dated(**on(returning.return_to_requester(desk, asked)), on=date(2026, 6, 12))
    )
    for answers in ({}, {"received.on": None}):
        with pytest.raises(Invalid, match="asked for more on Wednesday 3 June 2026, which cannot be before") as refused:
            received(desk, done, date(2026, 6, 11))
        assert [(one.field, one.hard) for one in refused.value.problems] == [("received.on", True)]
        done = requests.save_answers(desk, requests.SaveAnswers(**on(done), answers=answers))
    assert received(desk, done, date(2026, 6, 3)).due_on is not None


def test_a_request_is_not_received_after_its_requester_was_told_of_more_time(office: Office) -> None:
    desk = later(office.caseworker, date(2026, 6, 12))
    done = extended(desk, foi(office))
    with pytest.raises(Invalid, match="told of more time on Wednesday 10 June 2026"):
        received(desk, done, date(2026, 6, 11))


def test_the_last_month_that_is_left_is_said_in_words(office: Office) -> None:
    done = extended(office.caseworker, sar(office), because="complex", length=1)
    with pytest.raises(Invalid, match=r"^No more than 1 month is left: give 1\.$"):
        extended(office.caseworker, done, because="complex", length=2)


def received(desk: Desk, done: Done, day: date) -> Done:
    command = requests.SaveAnswers(**on(done), answers={"received.on": date_value(day)})
    return requests.save_answers(desk, command)
