"""What a hold keeps, how two people release one, and its review."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import text

from db import chain, journal
from db.records import Heading, Role, State
from desktop.casework import disposal, holds
from desktop.casework.awaiting import awaiting
from desktop.casework.casepage import case_page, history
from desktop.casework.desk import Invalid, Refused
from desktop.casework.disposal import ProposeRun
from desktop.casework.holds import DecideRelease, ProposeRelease
from desktop.policy.holds import next_review
from tests.fixtures import Office
from tests.store.disposing import (
    approved,
    closed,
    destroy_by_sql,
    destroyed,
    faults,
    moment,
    pass_days,
    pass_grace,
    proposed,
    state_of,
    statement,
)
from tests.store.holding import WHY, answered, over, place, reference, row_of, same_person

_STEP = "INSERT INTO hold_step (hold_id, step, because, taken_by, taken_at) VALUES (:hold, :step, :because, :by, :at)"


# What a hold does


def test_a_held_case_is_not_proposed(office: Office) -> None:
    done = closed(office)
    place(office.officers[1], case=reference(office, done))
    assert disposal.candidates(office.officers[0])[0].kept_by == ("held",)
    with pytest.raises(Refused, match="A hold stands over it"):
        proposed(office, done)


def test_a_hold_that_comes_after_the_approval_keeps_the_case_in_the_function_and_in_sql(office: Office) -> None:
    done = closed(office)
    run = approved(office, done)
    place(office.guardian, requester="Northshire Police")
    pass_grace(office)
    first = office.officers[0]
    destroy_by_sql(office, done, first.user.id, "a hold stands over this case")
    found = disposal.carry_out(first, run)
    assert (found.destroyed, found.kept, found.left) == (0, 1, 0)
    (item,) = disposal.run_items(first, run)
    assert (item.destroyed, item.why) == (False, "A hold stands over it.")
    assert state_of(office, done) is State.ISSUED
    assert not faults(office)


def test_a_released_hold_keeps_nothing(office: Office) -> None:
    done = closed(office)
    number = place(office.officers[0], case=reference(office, done))
    holds.propose_release(office.officers[0], ProposeRelease(hold_id=number, because="The inquiry is over."))
    with pytest.raises(Refused, match="A hold stands over it"):
        proposed(office, done)
    holds.decide_release(office.officers[1], DecideRelease(hold_id=number, release=True, because="Read its report."))
    assert over(office, done) == []
    row = row_of(office.officers[0], number)
    assert (row.hold.standing, row.covered.closed, row.due) == ("released", 0, False)
    assert row.why_not_propose == row.why_not_decide == "It is released."
    assert destroyed(office, done).destroyed == 1


def test_a_case_says_what_keeps_it_to_those_who_see_retention(office: Office) -> None:
    done = closed(office)
    number = place(office.officers[1], case=reference(office, done))
    for desk in (office.officers[0], office.guardian):
        kept = case_page(desk, done.case_id).keeping
        assert [(one.hold.id, one.hold.because) for one in kept.holds] == [(number, WHY)]
        assert holds.keeping(desk, done.case_id).holds == kept.holds
    for desk in (office.caseworker, office.reviewer):
        assert not case_page(desk, done.case_id).keeping
        with pytest.raises(Refused):
            holds.keeping(desk, done.case_id)
    assert "placed a hold over it" in history(office.guardian, done.case_id)[0].what


def test_what_else_keeps_a_case_is_said_too(office: Office) -> None:
    done = closed(office)
    officer = office.officers[0]
    assert not holds.keeping(officer, done.case_id)
    with office.entry.store.write() as tx:
        journal.append(
            tx, at=office.entry.clock(), actor_id=None, action="x", heading=Heading.ALTERATION, case_id=done.case_id
        )
    assert holds.keeping(officer, done.case_id).others == ("Something new came to it in the last 30 days.",)
    # A case whose date is years away is not told that it is new; that another is open beside it, it is.
    young = answered(office)
    assert not holds.keeping(officer, young.case_id)
    office.register("sar")
    (said,) = holds.keeping(officer, young.case_id).others
    assert said.startswith("A linked case, or a request for information")
    still_open = office.register(person=5)
    place(office.guardian, case=reference(office, still_open))
    assert len(holds.keeping(officer, still_open.case_id).holds) == 1


# Releasing one


def test_nobody_releases_a_hold_alone(office: Office) -> None:
    number = place(office.guardian, agreement_id="coroner")
    for desk in (office.guardian, *office.officers):
        with pytest.raises(Refused, match="Nobody proposed"):
            holds.decide_release(desk, DecideRelease(hold_id=number, release=True, because="x"))
        step = {"hold": number, "step": "release", "because": "x", "by": desk.user.id, "at": moment(office)}
        statement(office, _STEP, **step)
    first, second = office.officers
    holds.propose_release(first, ProposeRelease(hold_id=number, because="It is over."))
    for release in (True, False):
        with pytest.raises(Refused, match="You proposed its release"):
            holds.decide_release(first, DecideRelease(hold_id=number, release=release, because="x"))
        word = "release" if release else "keep"
        statement(office, _STEP, hold=number, step=word, because="x", by=first.user.id, at=moment(office))
    assert "You proposed" in row_of(first, number).why_not_decide
    with pytest.raises(Refused, match="proposed already"):
        holds.propose_release(second, ProposeRelease(hold_id=number, because="x"))
    statement(office, _STEP, hold=number, step="propose", because="x", by=second.user.id, at=moment(office))
    for outsider in (office.caseworker, office.reviewer, office.desk(Role.ADMINISTRATOR)):
        statement(office, _STEP, hold=number, step="release", because="x", by=outsider.user.id, at=moment(office))
    statement(office, _STEP, hold=number, step="release", because=" ", by=second.user.id, at=moment(office))
    assert row_of(second, number).why_not_decide == ""
    holds.decide_release(second, DecideRelease(hold_id=number, release=True, because="So it is."))
    for sql in ("DELETE FROM hold_step", "UPDATE hold_step SET step = 'keep'", "DELETE FROM hold"):
        statement(office, sql)


def test_every_step_says_why(office: Office) -> None:
    number = place(office.guardian, agreement_id="coroner")
    with pytest.raises(Invalid, match="no longer needed"):
        holds.propose_release(office.guardian, ProposeRelease(hold_id=number, because=" "))
    holds.propose_release(office.guardian, ProposeRelease(hold_id=number, because="It is over."))
    for release, said in ((True, "why it is released"), (False, "why it is kept")):
        with pytest.raises(Invalid, match=said):
            holds.decide_release(office.officers[0], DecideRelease(hold_id=number, release=release, because=""))
    with pytest.raises(Refused, match="no such hold"):
        holds.propose_release(office.guardian, ProposeRelease(hold_id=77, because="x"))


def test_an_officer_who_was_switched_off_releases_nothing(office: Office) -> None:
    number = place(office.guardian, agreement_id="coroner")
    first, second = office.officers
    holds.propose_release(first, ProposeRelease(hold_id=number, because="It is over."))
    with office.entry.store.write() as tx:
        tx.execute(text("UPDATE user SET active = 0 WHERE id = :id"), {"id": second.user.id})
    with pytest.raises(Refused, match="Sign in again"):
        holds.decide_release(replace(second), DecideRelease(hold_id=number, release=True, because="x"))


def test_every_step_is_in_the_journal_without_its_words(office: Office) -> None:
    done = closed(office)
    case = reference(office, done)
    first, second = office.officers
    one = place(first, person_of=case)
    holds.propose_release(first, ProposeRelease(hold_id=one, because="It is over."))
    holds.decide_release(second, DecideRelease(hold_id=one, release=False, because="It is not."))
    holds.propose_release(second, ProposeRelease(hold_id=one, because="Now it is."))
    holds.decide_release(office.guardian, DecideRelease(hold_id=one, release=True, because="Yes."))
    with office.entry.store.read() as tx:
        entries = [each for each in journal.entries(tx, limit=10_000) if each.heading is Heading.ERASURE]
        assert chain.verify(tx)[1] == ()
    assert [each.action for each in entries] == [
        "place_hold",
        "propose_release_of_hold",
        "keep_hold",
        "propose_release_of_hold",
        "release_hold",
    ]
    assert {each.case_id for each in entries} == {done.case_id}
    review = (first.today() + timedelta(days=365)).isoformat()
    assert entries[0].data == {"hold": one, "review_on": review, "person_of": case}
    assert [each.data for each in entries[1:]] == [{"hold": one}] * 4
    assert [each.by for each in row_of(first, one).hold.steps] == [
        first.user.name,
        second.user.name,
        second.user.name,
        office.guardian.user.name,
    ]


def test_the_bounds_of_a_hold_are_in_the_journal(office: Office) -> None:
    number = place(office.officers[0], requester="Northshire Police", received_from=date(2026, 1, 1))
    with office.entry.store.read() as tx:
        (entry,) = journal.of_action(tx, "place_hold")
    review = (office.entry.today() + timedelta(days=365)).isoformat()
    bounds = {"requester": "Northshire Police", "received_from": "2026-01-01"}
    assert (entry.case_id, entry.data) == (None, {"hold": number, "review_on": review, **bounds})


def test_nobody_releases_a_case_of_a_hold_by_person_by_saying_that_it_is_of_someone_else(office: Office) -> None:
    """It takes two people to release what is held, in the function and in SQL."""
    case, other = answered(office), answered(office, person=1)
    same_person(office, other, case, same=True)
    first, second = office.officers
    number = place(first, person_of=reference(office, case))
    assert over(office, other) == [number]
    for one, beside in ((case, other), (other, case)):
        with pytest.raises(Refused, match="A hold is about the person of one of these two cases"):
            same_person(office, one, beside, same=False)
    values = {"by": office.caseworker.user.id, "at": moment(office)}
    statement(office, "UPDATE link SET same_person = 0, linked_by = :by, linked_at = :at", **values)
    assert over(office, other) == [number]
    holds.propose_release(first, ProposeRelease(hold_id=number, because="The inquiry ended."))
    holds.decide_release(second, DecideRelease(hold_id=number, release=True, because="It did."))
    same_person(office, other, case, same=False)


# Its review


def test_a_review_that_has_come_is_counted_until_two_people_have_looked(office: Office) -> None:
    first, second = office.officers
    later = place(first, agreement_id="coroner", review_on=first.today() + timedelta(days=400))
    number = place(first, agreement_id="foi", review_on=first.today() + timedelta(days=30))
    assert awaiting(first).holds == 0
    pass_days(office, 30)
    assert awaiting(first).reviews == awaiting(office.guardian).reviews == 1
    assert awaiting(office.caseworker).reviews == awaiting(office.desk(Role.ADMINISTRATOR)).reviews == 0
    assert [(one.hold.id, one.due) for one in holds.hold_rows(first)] == [(number, True), (later, False)]
    holds.propose_release(first, ProposeRelease(hold_id=number, because="Reviewed."))
    assert (awaiting(first).releases, awaiting(first).holds) == (0, 1)
    assert (awaiting(second).releases, awaiting(second).holds) == (1, 1)
    assert awaiting(office.guardian).releases == 1
    assert awaiting(office.caseworker).releases == 0
    holds.decide_release(second, DecideRelease(hold_id=number, release=False, because="The appeal is not heard."))
    assert awaiting(first).reviews == awaiting(second).releases == 0
    row = row_of(first, number)
    assert row.review_on.year == second.today().year + 1
    assert row.hold.standing == "stands"


def test_a_hold_that_was_kept_is_reviewed_a_year_later() -> None:
    review = date(2026, 3, 1)
    assert next_review(review, None) == review
    assert next_review(review, date(2026, 2, 28)) == review
    assert next_review(review, date(2026, 3, 1)) == date(2027, 3, 1)
    assert next_review(date(2024, 1, 1), date(2024, 2, 29)) == date(2025, 2, 28)


def test_a_run_leaves_out_whom_others_join_to_the_person(office: Office) -> None:
    """As it leaves out those that share a number with the person: nothing is proposed, and no package written."""
    first, second = answered(office, person=0), answered(office, person=1, person__nhs_number="999 000 0018")
    third = answered(office, person=3, person__nhs_number="999 000 0018")
    same_person(office, second, first, same=True)
    place(office.officers[0], person_of=reference(office, first))
    pass_days(office, 6 * 366)
    for transfer_to in ("", "The county archive"):
        asked = ProposeRun(case_ids=(third.case_id,), because="It is due.", transfer_to=transfer_to)
        with pytest.raises(Refused, match="1 case cannot go"):
            disposal.propose_run(office.officers[0], asked)
