"""What Retention says of runs, releases and reviews that wait for whoever is signed in."""

from __future__ import annotations

from db.records import Role
from desktop.casework.disposal import DecideRun, decide_run
from desktop.casework.holds import DecideRelease, ProposeRelease, decide_release, propose_release
from desktop.ui.retention import RetentionView
from tests.fixtures import Office
from tests.store.disposing import many_closed, pass_days, pass_grace, proposed
from tests.ui.page_window import Make, Window, make_page, words_of
from tests.ui.test_holds import place

__all__ = ["make_page"]


def test_a_run_waits_for_the_other_officer_and_for_the_end_of_its_grace(make_page: Make, office: Office) -> None:
    first, second = office.officers
    run = proposed(office, *many_closed(office, 2))

    def said(window: Window[RetentionView]) -> tuple[str, int]:
        window.view.refresh()
        window.settle()
        words = words_of(window.view.awaiting).strip() if window.view.awaiting.isVisible() else ""
        return words, window.view.tabs.buttons["runs"].tab.count

    office.desks[Role.RECORDS_OFFICER] = first
    own: Window[RetentionView] = make_page(RetentionView, office, Role.RECORDS_OFFICER)
    assert said(own) == ("", -1)
    office.desks[Role.RECORDS_OFFICER] = second
    other: Window[RetentionView] = make_page(RetentionView, office, Role.RECORDS_OFFICER)
    assert said(other) == ("1 run waits for your decision.", 1)
    assert said(make_page(RetentionView, office, Role.GUARDIAN)) == ("", -1)
    decide_run(second, DecideRun(run_id=run, approved=True))
    assert said(other) == ("", -1)
    pass_grace(office)
    assert said(other) == said(own) == ("1 run may be carried out.", 1)


def test_a_run_whose_days_of_grace_nobody_saw_is_not_said_to_be_ready(make_page: Make, office: Office) -> None:
    run = proposed(office, *many_closed(office, 1))
    decide_run(office.officers[1], DecideRun(run_id=run, approved=True))
    pass_days(office, 20)
    window: Window[RetentionView] = make_page(RetentionView, office, Role.RECORDS_OFFICER)
    assert not window.view.awaiting.isVisible()


def test_a_review_that_is_due_is_reminded_of_in_retention(make_page: Make, office: Office) -> None:
    number = place(office, 20, agreement_id="coroner")
    retention: Window[RetentionView] = make_page(RetentionView, office, Role.RECORDS_OFFICER)
    assert not retention.view.awaiting.isVisible()
    pass_days(office, 20)
    retention.view.refresh()
    retention.settle()
    assert "1 hold is due for review." in words_of(retention.view.awaiting)
    looking: Window[RetentionView] = make_page(RetentionView, office, Role.ADMINISTRATOR)
    assert not looking.view.awaiting.isVisible()
    assert retention.view.tabs.buttons["holds"].tab.count == 1
    assert looking.view.tabs.buttons["holds"].tab.count == -1
    propose_release(office.officers[0], ProposeRelease(hold_id=number, because="x"))
    guardian: Window[RetentionView] = make_page(RetentionView, office, Role.GUARDIAN)
    assert "1 release waits for you. 1 hold is due" in words_of(guardian.view.awaiting)
    assert guardian.view.tabs.buttons["holds"].accessibleName() == "Holds, 1"
    decide_release(office.officers[1], DecideRelease(hold_id=number, release=True, because="x"))
    retention.view.refresh()
    retention.settle()
    assert not retention.view.awaiting.isVisible()
