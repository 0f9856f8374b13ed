"""When the review opens a case, and what happens while it is put together."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from db.records import Changed, Role, State
from desktop.ui.review.view import ReviewView
from tests.fixtures import Office
from tests.ui.page_window import Make, Window, make_page

__all__ = ["make_page"]

Key = Qt.Key
Review = Window[ReviewView]


def test_cases_that_the_arrows_only_pass_are_not_opened(make_page: Make, sample_office: Office) -> None:
    review: Review = make_page(ReviewView, sample_office, Role.REVIEWER)
    review.view.queue.setFocus()
    review.settle()
    assert not review.view.queue.currentIndex().isValid()
    for _ in range(3):
        QTest.keyClick(review.view.queue, Key.Key_Down)
    third = review.view.queue.model_.rows[2].row.id
    review.until(lambda: review.view.page is not None and review.view.page.case.row.id == third)
    opened = [row.row.id for row in review.view.queue.model_.rows if "open_case" in review.journalled(row.row.id)[-1:]]
    assert opened == [third]
    QTest.keyClick(review.view.queue, Key.Key_Up)
    QTest.keyClick(review.view.queue, Key.Key_Return)
    second = review.view.queue.model_.rows[1].row.id
    review.until(lambda: review.view.page is not None and review.view.page.case.row.id == second)


def test_what_is_pressed_while_the_case_is_built_again_is_kept(make_page: Make, office: Office) -> None:
    done = office.in_state(State.SUBMITTED)
    review: Review = make_page(ReviewView, office, Role.REVIEWER)
    view = review.view
    view.queue.choose(done.case_id)
    review.until(lambda: view.page is not None)
    view.session.changed.emit(Changed(frozenset({done.case_id}), frozenset({"case"})))
    while view.page is not None or not view.request.rows:
        QApplication.processEvents()
    criterion, row = next(iter(view.request.rows.items()))
    row.view.choose("agree")
    review.until(lambda: view.page is not None)
    assert view.request.rows[criterion].view.value() == "agree"
    assert view.pane.sketch.views[criterion]["view"] == "agree"
