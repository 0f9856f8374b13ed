"""What of holds and reviews waits for whoever is signed in: counted beside Retention, and told on any page."""

from __future__ import annotations

import pytest

from db.records import Changed, Role
from desktop.casework.holds import DecideRelease, ProposeRelease, decide_release, propose_release
from tests.fixtures import Office
from tests.store.disposing import closed, pass_days
from tests.ui.test_holds import place
from tests.ui.test_points import Make, Seat, make_seat

__all__ = ["make_seat"]


def badge(seat: Seat) -> str:
    return seat.main.navigation.buttons["retention"].count


def propose(office: Office, number: int) -> None:
    propose_release(office.officers[0], ProposeRelease(hold_id=number, because="The inquest ended."))


def test_the_guardian_is_told_at_the_start_what_waits_for_her(make_seat: Make, office: Office) -> None:
    number, due = place(office, 300, agreement_id="coroner"), place(office, 20, agreement_id="coroner")
    propose(office, number)
    pass_days(office, 20)
    seat = make_seat(office, Role.GUARDIAN)
    assert seat.main.current_key() == "review"
    assert badge(seat) == "2"
    assert seat.main.toast.words() == "Retention: 1 release waits for you and 1 hold is due for review"
    # A hold of which both are so waits once.
    propose(office, due)
    again = make_seat(office, Role.GUARDIAN)
    assert badge(again) == "2"
    assert again.main.toast.words() == "Retention: 2 releases wait for you and 1 hold is due for review"


def test_what_comes_while_she_works_is_told_once_and_goes_when_it_is_done(make_seat: Make, office: Office) -> None:
    number, other = place(office, 300, agreement_id="coroner"), place(office, 20, agreement_id="coroner")
    seat = make_seat(office, Role.GUARDIAN)
    assert (badge(seat), seat.toasts, seat.main.toast.words()) == ("", [], "")
    # Another desk of the same store says nothing to this one: it looks now and then.
    propose(office, number)
    seat.main.reminders.ask()
    seat.settle()
    assert (badge(seat), seat.toasts) == ("1", ["1 release waits for you"])
    seat.it_is(2026, 6, 30, 9)
    assert (badge(seat), seat.toasts[1:]) == ("2", ["1 hold fell due for review"])
    decide_release(office.guardian, DecideRelease(hold_id=number, release=True, because="So it is."))
    seat.session.changed.emit(Changed(kinds=frozenset({"hold"})))
    seat.settle()
    assert badge(seat) == "1"
    propose(office, other)
    decide_release(office.guardian, DecideRelease(hold_id=other, release=False, because="An appeal is open."))
    seat.session.changed.emit(Changed(kinds=frozenset({"hold"})))
    seat.settle()
    assert (badge(seat), len(seat.toasts)) == ("", 2)


def test_it_looks_by_itself_but_not_under_the_lock(make_seat: Make, office: Office) -> None:
    number = place(office, 300, agreement_id="coroner")
    seat = make_seat(office, Role.GUARDIAN)
    looks = seat.main.reminders.timer
    assert looks.isActive()
    assert looks.interval() <= 60_000
    seat.main.hide()
    propose(office, number)
    looks.timeout.emit()
    seat.settle()
    assert (badge(seat), seat.toasts) == ("", [])
    seat.main.show()
    seat.settle()
    assert (badge(seat), seat.toasts) == ("1", ["1 release waits for you"])


def test_a_records_officer_has_holds_counted_with_what_is_due(make_seat: Make, office: Office) -> None:
    closed(office)
    number = place(office, 20, agreement_id="coroner")
    propose_release(office.guardian, ProposeRelease(hold_id=number, because="The inquest ended."))
    seat = make_seat(office, Role.RECORDS_OFFICER)
    # Its first page is Retention, which says it at its head.
    assert (badge(seat), seat.main.toast.words()) == ("2", "")


@pytest.mark.parametrize("role", [Role.CASEWORKER, Role.REVIEWER, Role.ADMINISTRATOR, Role.AUDITOR])
def test_nobody_else_is_reminded_of_holds(make_seat: Make, office: Office, role: Role) -> None:
    number = place(office, 20, agreement_id="coroner")
    propose(office, number)
    pass_days(office, 20)
    seat = make_seat(office, role)
    seat.session.changed.emit(Changed(kinds=frozenset({"hold"})))
    seat.settle()
    button = seat.main.navigation.buttons.get("retention")
    assert button is None or button.count == ""
    assert seat.toasts == []
