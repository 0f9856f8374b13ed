"""Second looks in the review window, by their keys."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication, QWidget

from db.records import Role, State
from desktop.casework import decisions, secondlooks
from desktop.casework.desk import Done
from desktop.casework.secondlooks import LookCount, looked
from desktop.policy.wording import LONDON
from desktop.ui.admin.details import OrganisationPart
from desktop.ui.admin.view import AdminPage
from desktop.ui.review.view import ReviewView
from desktop.ui.theme import Theme
from tests.fixtures import Office
from tests.store.looking import all_drawn, another, look, waiting
from tests.ui.page_window import ALT, CTRL, Make, Window, close, make_page, nameless, words_of

__all__ = ["make_page"]

Key = Qt.Key
Review = Window[ReviewView]
MARK = "QXZVREASON"


@pytest.fixture
def drawn(office: Office, make_page: Make) -> Callable[..., Review]:
    """The window of another reviewer, once a decision of the first one was drawn."""

    def made(state: State = State.REFUSED) -> Review:
        all_drawn(office)
        office.in_state(state)
        office.desks[Role.REVIEWER] = another(office)
        return make_page(ReviewView, office, Role.REVIEWER)

    return made


def open_first(review: Review) -> None:
    """By keys alone: Tab from the queue to the list, then Enter."""
    review.view.next.setFocus()
    for _ in range(4):
        review.press(Key.Key_Tab)
        if QApplication.focusWidget() is review.view.looks.list:
            break
    assert QApplication.focusWidget() is review.view.looks.list
    review.press(Key.Key_Down)
    review.press(Key.Key_Return)
    review.until(lambda: review.view.second.look is not None)
    review.settle()


def figures(office: Office) -> LookCount:
    since = datetime.combine(office.entry.today(), time(), LONDON)
    with office.entry.store.read() as tx:
        return looked(tx, since, since + timedelta(days=1)).total


def test_an_administrator_sets_the_share(office: Office, make_page: Make) -> None:
    admin: Window[AdminPage] = make_page(AdminPage, office, Role.ADMINISTRATOR)
    admin.view.show_part("organisation")
    admin.settle()
    part = admin.view.part("organisation")
    assert isinstance(part, OrganisationPart)
    card = part.looks
    assert (card.share.value(), card.save.off_reason) == ("0", "Nothing was changed.")
    for typed, kept in (("ten", 0), ("101", 0), ("10", 10), ("5", 5)):
        card.share.focus()
        card.share.edit.selectAll()
        admin.type(typed)
        assert admin.view.unsaved
        admin.press(Key.Key_Return)
        assert ("Give a whole number from 0 to 100" in words_of(card)) == (str(kept) != typed)
        admin.session.worker.drain()
        assert secondlooks.share(office.entry) == kept
    assert not admin.view.unsaved
    assert nameless(admin.view) == []


def test_nothing_is_shown_while_no_second_look_waits(office: Office, make_page: Make) -> None:
    office.in_state(State.REFUSED)
    review: Review = make_page(ReviewView, office, Role.REVIEWER)
    assert not review.view.looks.isVisible()


def test_a_second_look_is_found_opened_and_kept_by_keys(drawn: Callable[..., Review]) -> None:
    review = drawn()
    view = review.view
    assert "Second looks" in words_of(view.looks)
    model = view.looks.list.model_
    assert QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal).model() is model
    said = str(model.data(model.index(0), Qt.ItemDataRole.AccessibleTextRole))
    assert said.startswith("TR-")
    assert "Since" in said
    open_first(review)
    assert view.second.isVisible()
    assert "What they decided is not shown to you" in words_of(view.second)
    assert nameless(view) == []
    review.press(Key.Key_Return, CTRL)
    assert view.second.pane.button.off_reason == "Choose what you would decide first."
    review.press(Key.Key_R, ALT)
    assert view.second.pane.sketch.choice == "refuse"
    review.press(Key.Key_Return, CTRL)
    assert "Give your reasons" in words_of(view.second.pane)
    review.type("No dates are given.")
    review.press(Key.Key_Return, CTRL)
    assert not view.second.isVisible()
    assert not view.looks.isVisible()
    assert figures(review.office) == LookCount(agreed=1)


def test_nothing_in_sight_tells_what_was_decided(office: Office, make_page: Make) -> None:
    all_drawn(office)
    done = office.submit(office.register())
    first = office.reviewer.user.name
    done = decisions.approve(office.reviewer, office.decide(done, reasons=MARK))
    office.release(office.traced(done))
    office.desks[Role.REVIEWER] = another(office)
    review: Review = make_page(ReviewView, office, Role.REVIEWER)
    open_first(review)
    for tab in ("request", "changes", "interest", "whole"):
        review.view.second.show_tab(tab)
        review.settle()
        said = words_of(review.view.second)
        assert len(said) > 200
        for told in (MARK, first, "Ropewalk", "Released", "Traced", "It was approved"):
            assert told not in said, (tab, told)


def test_the_keys_of_the_queue_are_those_of_what_is_in_front(office: Office, drawn: Callable[..., Review]) -> None:
    submitted: Done = office.in_state(State.SUBMITTED)
    review = drawn()
    open_first(review)
    review.press(Key.Key_J, CTRL)
    review.until(lambda: review.view.page is not None)
    assert review.view.page is not None
    assert review.view.page.case.row.id == submitted.case_id
    assert review.view.second.look is None
    assert not review.view.looks.list.currentIndex().isValid()
    review.press(Key.Key_B, ALT)
    assert review.view.pane.sketch.choice == "send_back"
    open_first(review)
    assert not review.view.queue.currentIndex().isValid()
    review.press(Key.Key_J, ALT)
    assert review.view.second.pane.sketch.choice == "reject"
    assert review.view.pane.sketch.choice == "send_back"


def test_one_that_somebody_else_takes_meanwhile_goes(office: Office, drawn: Callable[..., Review]) -> None:
    review = drawn()
    open_first(review)
    (decision,) = waiting(office.guardian)
    review.session.worker.drain()
    look(office.guardian, decision)
    review.view.refresh()
    review.settle()
    assert not review.view.second.isVisible()
    assert not review.view.looks.isVisible()
    assert words_of(review.view.empty)


def test_one_that_cannot_be_opened_any_more_says_so(office: Office, drawn: Callable[..., Review]) -> None:
    review = drawn()
    (decision,) = waiting(office.guardian)
    review.session.worker.drain()
    look(office.guardian, decision)
    said: list[str] = []

    def read(dialog: QWidget) -> None:
        said.append(words_of(dialog))
        close(dialog)  # type: ignore[arg-type]

    row = review.view.looks.list.model_.rows[0]
    review.in_dialog(read, lambda: review.view.looks.chosen.emit(row))
    assert "Somebody took the second look" in said[0]


def test_what_is_written_survives_a_look_at_another(office: Office, drawn: Callable[..., Review]) -> None:
    office.in_state(State.SUBMITTED)
    review = drawn()
    open_first(review)
    review.press(Key.Key_P, ALT)
    review.view.second.pane.reasons.focus()
    review.type("It is all there.")
    review.press(Key.Key_J, CTRL)
    open_first(review)
    assert review.view.second.pane.reasons.value() == "It is all there."
    assert review.view.second.pane.group.value() == "approve"


def test_in_a_narrow_window_the_pane_is_a_tab(drawn: Callable[..., Review]) -> None:
    review = drawn()
    review.view.resize(1100, 700)
    review.settle()
    open_first(review)
    second = review.view.second
    assert second.fold.isVisible()
    assert not second.pane.isVisible()
    assert not review.view.queue.isVisible()
    review.press(Key.Key_P, ALT)
    assert second.pane.isVisible()
    assert second.pane.sketch.choice == "approve"
    second.fold.click()
    review.settle()
    assert review.view.looks.isVisible()
    review.view.resize(1400, 720)
    review.settle()
    assert second.parts.isVisible()
    assert second.pane.isVisible()


def test_with_large_text_both_lists_show_a_row(office: Office, make_page: Make, theme: Theme) -> None:
    theme.set_text_scale(200)
    all_drawn(office)
    for state in (State.REFUSED, State.REFUSED, State.REFUSED, State.SUBMITTED, State.SUBMITTED):
        office.in_state(state)
    office.desks[Role.REVIEWER] = another(office)
    review: Review = make_page(ReviewView, office, Role.REVIEWER)
    review.view.resize(1310, 668)
    review.settle()
    for one in (review.view.queue, review.view.looks.list):
        first = one.visualRect(one.model_.index(0))
        assert one.viewport().rect().contains(first), one.objectName()
