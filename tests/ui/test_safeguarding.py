"""Safeguarding in the real windows: raising a concern, what a reviewer then may do, and the guardian's choice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest

from db.records import Role, State
from desktop.casework import decisions
from desktop.casework.casepage import case_page
from desktop.ui.case.concern import ConcernDialog
from desktop.ui.case.view import CaseView
from desktop.ui.review.view import ReviewView
from tests.fixtures import Office
from tests.store.test_safeguarding import approved, flagged, raise_concern
from tests.ui.page_window import ALT, CTRL, Make, Window, make_page, nameless, words_of

__all__ = ["make_page"]

Key = Qt.Key
Review = Window[ReviewView]


@pytest.fixture
def look(office: Office, make_page: Make) -> Callable[..., Review]:
    def made(role: Role = Role.REVIEWER) -> Review:
        review: Review = make_page(ReviewView, office, role)
        review.view.setFocus()
        review.press(Key.Key_J, CTRL)
        return review

    return made


def off(review: Review, choice: str) -> str:
    group = review.view.pane.group
    assert group is not None
    return group.rows[choice].accessibleDescription()


def test_a_reviewer_raises_a_concern_and_may_then_only_send_back_or_escalate(
    office: Office, look: Callable[..., Review]
) -> None:
    done = office.in_state(State.SUBMITTED)
    review = look()
    review.view.pane.concern.click()
    (dialog,) = review.view.findChildren(ConcernDialog)
    assert nameless(dialog) == []
    dialog.button.click()
    assert "Say why you are concerned" in words_of(dialog)
    dialog.fields["who"].set_value("DS Amara Okafor")
    dialog.fields["reasons"].set_value("Former partner.")
    dialog.button.click()
    review.until(lambda: bool(case_page(office.reviewer, done.case_id).case.concerns))
    review.until(lambda: off(review, "refuse") != "")
    for choice in ("approve", "refuse", "reject"):
        assert "A safeguarding concern stands" in off(review, choice)
    assert off(review, "send_back") == off(review, "escalate") == ""
    assert "DS Amara Okafor may be the risk" in words_of(review.view)


def test_the_guardian_sees_what_is_coming_and_decides_nothing_yet(office: Office, look: Callable[..., Review]) -> None:
    flagged(office)
    guardian = look(Role.GUARDIAN)
    (row,) = guardian.view.queue.model_.rows
    assert (row.may_decide, row.why) == (False, "A safeguarding concern stands. A reviewer puts it before you.")


@pytest.mark.parametrize("let_go", [False, True])
def test_the_guardian_says_whether_the_address_goes(office: Office, look: Callable[..., Review], let_go: bool) -> None:
    done = flagged(office)
    decisions.escalate(office.reviewer, office.decide(done, reasons="For the guardian."))
    guardian = look(Role.GUARDIAN)
    pane = guardian.view.pane
    assert pane.address.isHidden()
    for _ in guardian.view.request.rows:
        guardian.press(Key.Key_A, ALT)
    guardian.press(Key.Key_P, ALT)
    assert not pane.address.isHidden()
    assert not pane.address.tick.isChecked()
    assert pane.address.tick.accessibleName() == "Let the address go"
    if let_go:
        pane.address.tick.click()
        guardian.press(Key.Key_Return, CTRL)
        guardian.until(lambda: "Say why the address may go" in words_of(pane) or "Give your reasons" in words_of(pane))
        pane.reasons.edit.setFocus()
        QTest.keyClicks(pane.reasons.edit, "The officer who asks is the one who protects her.")
    guardian.press(Key.Key_Return, CTRL)
    guardian.until(lambda: case_page(office.guardian, done.case_id).case.row.state is State.APPROVED)
    assert case_page(office.guardian, done.case_id).case.address_let_go is let_go


def test_the_caseworker_raises_a_concern_from_the_menu_and_cannot_record_the_address(
    office: Office, make_page: Make
) -> None:
    done = approved(office, flagged(office))
    window: Window[CaseView] = make_page(CaseView, office, Role.CASEWORKER)
    window.view.open(done.case_id)
    window.until(lambda: "outcome" in window.view.parts)
    outcome: Any = window.view.parts["outcome"]
    assert set(outcome.values) == {"name"}
    assert "Kept off: last known address" in words_of(outcome)
    entry = window.view.header.menu.findChild(QAction, "menu_concern")
    assert entry is not None
    entry.trigger()
    (dialog,) = window.view.findChildren(ConcernDialog)
    dialog.reject()


def test_the_history_says_that_a_concern_was_raised_and_never_which(office: Office, make_page: Make) -> None:
    from desktop.casework.casepage import history

    done = raise_concern(office, office.in_state(State.SUBMITTED), who="DS Amara Okafor", why="Former partner.")
    said = " ".join(line.what for line in history(office.caseworker, done.case_id))
    assert "raised a safeguarding concern" in said
    assert "Okafor" not in said
