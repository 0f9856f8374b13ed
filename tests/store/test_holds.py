"""Holds: what they cover now and later, that nothing of it is destroyed, and that two people release one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from db import holds as stored
from db import journal
from db.holds import Scope
from db.records import Heading, Role, State
from desktop.casework import disposal, holds, requests
from desktop.casework.casepage import case_page, history
from desktop.casework.desk import Desk, Done, Invalid, Refused
from desktop.casework.holds import DecideRelease, PlaceHold, ProposeRelease
from desktop.casework.issuing import Issue, issue
from desktop.policy.disposal import GRACE_DAYS
from desktop.policy.holds import covered_words, next_review
from desktop.policy.references import reference as made
from tests.fixtures import Office, on
from tests.store.disposing import (
    approved,
    closed,
    destroyed,
    faults,
    moment,
    pass_days,
    proposed,
    state_of,
    statement,
)

WHY = "The inquiry may ask for them."


def reference(office: Office, done: Done) -> str:
    return case_page(office.caseworker, done.case_id).case.row.reference


def place(desk: Desk, **scope: Any) -> int:
    """Places a hold that is reviewed in a year."""
    values = {"authority": "Public inquiry, terms of 3 May", "because": WHY, **scope}
    return holds.place_hold(desk, PlaceHold(**{"review_on": desk.today() + timedelta(days=365), **values}))


def answered(office: Office, **more: Any) -> Done:
    """A case that was answered, of a person or of a requester."""
    done = office.release(office.traced(office.approve(office.submit(office.register(**more)))))
    return issue(office.caseworker, Issue(**on(done)))


def over(office: Office, done: Done) -> list[int]:
    """The holds over a case, by the condition by which the database keeps it."""
    with office.entry.store.read() as tx:
        return [one.id for one in stored.covering(tx, done.case_id)]


def row_of(desk: Desk, number: int) -> holds.HoldRow:
    return next(one for one in holds.hold_rows(desk) if one.hold.id == number)


def same_person(office: Office, case: Done, other: Done, *, same: bool) -> None:
    command = requests.Link(command_id=str(uuid4()), case_id=case.case_id, other_id=other.case_id, same=same)
    requests.link(office.caseworker, command)


_HOLD = (
    "INSERT INTO hold (case_id, authority, because, review_on, placed_by, placed_at)"
    " VALUES (:id, :authority, :because, '2031-01-01', :by, :at)"
)
_STEP = "INSERT INTO hold_step (hold_id, step, because, taken_by, taken_at) VALUES (:hold, :step, :because, :by, :at)"
_DESTROY = (
    "UPDATE cases SET state = 'destroyed', version = version + 1, changed_by = :by, changed_at = :at, requester = '',"
    " requester_reference = '', family_name = '', given_names = '', born = '', salt = X'' WHERE id = :id"
)


# Placing


def test_records_officers_and_the_guardian_place_holds_and_nobody_else(office: Office) -> None:
    done = closed(office)
    case = reference(office, done)
    for role in Role:
        desk = office.desk(role)
        command = PlaceHold(case=case, authority="a", because="b", review_on=desk.today() + timedelta(days=9))
        values = {"id": done.case_id, "authority": "a", "because": "b", "by": desk.user.id, "at": moment(office)}
        if role in (Role.RECORDS_OFFICER, Role.GUARDIAN):
            assert holds.preview_hold(desk, command).covered.closed == 1
            number = holds.place_hold(desk, command)
            assert row_of(desk, number).hold.placed_by == desk.user.name
            continue
        for step in (holds.preview_hold, holds.place_hold):
            with pytest.raises(Refused, match="does not let you"):
                step(desk, command)
        for action, command_of in (
            (holds.propose_release, ProposeRelease(hold_id=1, because="x")),
            (holds.decide_release, DecideRelease(hold_id=1, release=True, because="x")),
        ):
            with pytest.raises(Refused, match="does not let you"):
                action(desk, command_of)  # type: ignore[arg-type]
        statement(office, _HOLD, **values)
    for blank in ("authority", "because"):
        by = {"id": done.case_id, "authority": "a", "because": "b", "by": office.guardian.user.id, "at": moment(office)}
        statement(office, _HOLD, **by | {blank: " "})


def test_who_sees_no_names_sees_holds_without_their_requesters(office: Office) -> None:
    number = place(office.guardian, requester="Northshire Police", received_from=date(2019, 1, 1))
    assert "Northshire Police" in row_of(office.officers[0], number).scope
    for role in (Role.ADMINISTRATOR, Role.AUDITOR):
        assert (
            row_of(office.desk(role), number).scope == "Every request by one requester, received from 1 January 2019 on"
        )
        assert row_of(office.desk(role), number).why_not_propose
    for role in (Role.CASEWORKER, Role.REVIEWER):
        with pytest.raises(Refused):
            holds.hold_rows(office.desk(role))


@pytest.mark.parametrize(
    ("wrong", "field", "said"),
    [
        ({}, "scope", "Say what it covers"),
        ({"requester": " "}, "scope", "Say what it covers"),
        ({"case": "TR-000001-8"}, "case", "no case’s reference"),
        ({"case": made("TR", 99)}, "case", "no such case"),
        ({"person_of": "nonsense"}, "person_of", "no case’s reference"),
        ({"case": "TR-000001-7", "agreement_id": "foi"}, "case", "that case alone"),
        ({"agreement_id": "no-such"}, "agreement_id", "Choose an agreement"),
        ({"received_from": date(2021, 1, 1), "received_to": date(2020, 12, 31)}, "received_to", "before the first"),
        ({"agreement_id": "foi", "authority": " "}, "authority", "by whose authority"),
        ({"agreement_id": "foi", "because": ""}, "because", "Say why"),
        ({"agreement_id": "foi", "because": "x" * 2000}, "because", ""),
        ({"agreement_id": "foi", "review_on": None}, "review_on", "still to come"),
        ({"agreement_id": "foi", "review_on": date(2026, 6, 10)}, "review_on", "still to come"),
        ({"person_of": "TR-000001-7", "received_to": date(2019, 1, 1)}, "person_of", "outside what is held"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(office: Office, wrong: dict[str, Any], field: str, said: str) -> None:
    office.register()
    with pytest.raises(Invalid) as error:
        place(office.guardian, **wrong)
    assert [(one.field, said in one.message) for one in error.value.problems] == [(field, True)]
    assert holds.hold_rows(office.guardian) == ()


def test_a_hold_names_nobody_who_asked_for_themselves(office: Office) -> None:
    """Anybody may ask for information: their name stands as the requester's, and a hold stays for good."""
    office.register("sar", "police", requester__body="Amelia Marsh")
    with pytest.raises(Invalid, match="names nobody"):
        place(office.guardian, requester="amelia marsh")
    office.register(requester__body="Eastmoor Constabulary")
    assert holds.known_bodies(office.guardian) == ("Eastmoor Constabulary",)


def test_a_destroyed_case_cannot_be_held_any_more(office: Office) -> None:
    done = closed(office)
    case = reference(office, done)
    destroyed(office, done)
    for scope in ({"case": case}, {"person_of": case}):
        with pytest.raises(Invalid, match="is destroyed"):
            place(office.guardian, **scope)


# What a hold covers


def test_a_force_and_years_with_the_cases_to_come(office: Office) -> None:
    scope: dict[str, Any] = {
        "requester": "NORTHSHIRE police ",
        "received_from": date(2025, 1, 1),
        "received_to": date(2027, 12, 31),
    }
    command = PlaceHold(**scope, authority="a", because="b", review_on=date(2030, 1, 1))
    found = holds.preview_hold(office.guardian, command)
    assert (found.covered.closed, found.covered.open, found.references, found.grows) == (0, 0, (), True)
    assert covered_words(found.covered.closed, found.covered.open) == "no case yet"
    number = place(office.guardian, **scope)
    inside = answered(office)
    other_body = office.register(requester__body="Eastmoor Constabulary")
    before = office.register(received=date(2024, 12, 31))
    still_open = office.register(received=date(2025, 1, 1))
    assert [over(office, one) for one in (inside, other_body, before, still_open)] == [[number], [], [], [number]]
    row = row_of(office.guardian, number)
    assert (row.covered.closed, row.covered.open) == (1, 1)
    assert row.scope == "Every request by NORTHSHIRE police, received from 1 January 2025 to 31 December 2027"
    assert covered_words(1, 1) == "1 closed case and 1 open one now"
    # Whose date of receipt is put right comes in.
    office.save(before, received__on={"day": "1", "month": "2", "year": "2025"})
    assert over(office, before) == [number]


def test_a_person_by_a_number_and_by_what_somebody_linked(office: Office) -> None:
    first = office.register(person=0)
    number = place(office.guardian, person_of=reference(office, first).lower())
    by_number, linked, nobody = office.register(person=0), office.register(person=1), office.register(person=2)
    assert [over(office, one) for one in (first, by_number, linked, nobody)] == [[number], [number], [], []]
    same_person(office, linked, first, same=True)
    same_person(office, nobody, first, same=False)
    assert [over(office, one) for one in (linked, nobody)] == [[number], []]
    assert row_of(office.guardian, number).covered.open == 3
    assert row_of(office.guardian, number).scope.endswith(f"about the person of {reference(office, first)}")


def test_an_agreement(office: Office) -> None:
    number = place(office.guardian, agreement_id="coroner")
    other = office.register()
    assert over(office, other) == []
    number = place(office.guardian, agreement_id="law-enforcement-tracing", received_to=date(2026, 6, 1))
    assert over(office, other) == [number]
    assert (
        row_of(office.guardian, number).scope
        == "Every request under Law enforcement tracing, received up to 1 June 2026"
    )


def scopes(first: int) -> Iterator[Scope]:
    """Every combination of the parts of a scope."""
    parts = {
        "case_id": first,
        "person_of": first,
        "agreement_id": "law-enforcement-tracing",
        "requester": " northshire POLICE",
        "received_from": date(2026, 5, 2),
        "received_to": date(2026, 5, 31),
    }
    for chosen in range(1, 2 ** len(parts)):
        yield Scope(**{key: value for at, (key, value) in enumerate(parts.items()) if chosen >> at & 1})  # type: ignore[arg-type]


def test_what_is_counted_is_what_the_database_keeps(office: Office) -> None:
    """The search from a scope to its cases and the test of one case say the same, for every kind of scope."""
    cases = [
        office.register(person=0, received=date(2026, 5, 1)),
        office.register(person=0, received=date(2026, 6, 1)),
        office.register(person=1, received=date(2025, 5, 1)),
        office.register(person=2, received=date(2026, 5, 31), requester__body="Northshire Police "),
        office.register(person=3, received=date(2026, 1, 1), requester__body="Eastmoor Constabulary"),
        office.register("foi", "police", 4, date(2026, 5, 4)),
    ]
    same_person(office, cases[2], cases[0], same=True)
    same_person(office, cases[0], cases[4], same=True)
    values = {"authority": "a", "because": "b", "review_on": date(2030, 1, 1), "placed_by": office.guardian.user.id}
    met = set()
    for scope in (*scopes(cases[0].case_id), *scopes(cases[4].case_id)):
        with office.entry.store.write() as tx:
            number = stored.add_hold(tx, scope, {**values, "placed_at": office.entry.clock()})
            kept = {one.case_id for one in cases if number in [held.id for held in stored.covering(tx, one.case_id)]}
            found = {one.case_id for one in cases if stored.covers(tx, scope, one.case_id)}
            counted = stored.covered(tx, scope)
        assert (found, counted.open + counted.closed) == (kept, len(kept)), scope
        met.add(len(kept))
    assert {0, 1, 2, 3} <= met


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
    pass_days(office, GRACE_DAYS)
    first = office.officers[0]
    statement(office, _DESTROY, by=first.user.id, at=moment(office), id=done.case_id)
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
    one = place(first, person_of=case, requester="Northshire Police", received_from=date(2026, 1, 1))
    holds.propose_release(first, ProposeRelease(hold_id=one, because="It is over."))
    holds.decide_release(second, DecideRelease(hold_id=one, release=False, because="It is not."))
    holds.propose_release(second, ProposeRelease(hold_id=one, because="Now it is."))
    holds.decide_release(office.guardian, DecideRelease(hold_id=one, release=True, because="Yes."))
    with office.entry.store.read() as tx:
        entries = [each for each in journal.entries(tx, limit=10_000) if each.heading is Heading.ERASURE]
        assert journal.verify(tx)[1] == ()
    assert [each.action for each in entries] == [
        "place_hold",
        "propose_release_of_hold",
        "keep_hold",
        "propose_release_of_hold",
        "release_hold",
    ]
    assert {each.case_id for each in entries} == {done.case_id}
    review = (first.today() + timedelta(days=365)).isoformat()
    assert entries[0].data == {
        "hold": one,
        "review_on": review,
        "person_of": case,
        "requester": "Northshire Police",
        "received_from": "2026-01-01",
    }
    assert [each.data for each in entries[1:]] == [{"hold": one}] * 4
    assert [each.by for each in row_of(first, one).hold.steps] == [
        first.user.name,
        second.user.name,
        second.user.name,
        office.guardian.user.name,
    ]


# Its review


def test_a_review_that_has_come_is_counted_until_two_people_have_looked(office: Office) -> None:
    first, second = office.officers
    later = place(first, agreement_id="coroner", review_on=first.today() + timedelta(days=400))
    number = place(first, agreement_id="foi", review_on=first.today() + timedelta(days=30))
    assert holds.reviews_due(first) == 0
    pass_days(office, 30)
    assert holds.reviews_due(first) == holds.reviews_due(office.guardian) == 1
    assert holds.reviews_due(office.caseworker) == holds.reviews_due(office.desk(Role.ADMINISTRATOR)) == 0
    assert [(one.hold.id, one.due) for one in holds.hold_rows(first)] == [(number, True), (later, False)]
    holds.propose_release(first, ProposeRelease(hold_id=number, because="Reviewed."))
    assert holds.reviews_due(first) == 1
    holds.decide_release(second, DecideRelease(hold_id=number, release=False, because="The appeal is not heard."))
    assert holds.reviews_due(first) == 0
    row = row_of(first, number)
    assert row.review_on.year == second.today().year + 1
    assert row.hold.standing == "stands"


def test_a_hold_that_was_kept_is_reviewed_a_year_later() -> None:
    review = date(2026, 3, 1)
    assert next_review(review, None) == review
    assert next_review(review, date(2026, 2, 28)) == review
    assert next_review(review, date(2026, 3, 1)) == date(2027, 3, 1)
    assert next_review(date(2024, 1, 1), date(2024, 2, 29)) == date(2025, 2, 28)
