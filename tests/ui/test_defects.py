"""Defects of other systems' windows, replayed by their numbers: names that are spoken, Tab, captions, double clicks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QButtonGroup, QWidget

from db.records import Role, State
from desktop.casework import decisions
from desktop.casework.casepage import case_page
from desktop.ui.case.view import CaseView
from desktop.ui.dialogs import Dialog
from desktop.ui.review.view import ReviewView
from desktop.ui.rolepages import PAGES
from tests.fixtures import Office
from tests.ui.desk_app import Hands, hands
from tests.ui.page_window import ALT, CTRL, Make, Window, make_page, nameless
from tests.ui.test_mainwindow import USERS

__all__ = ["hands", "make_page"]

Key = Qt.Key


def stops(view: QWidget) -> set[QWidget]:
    """Every control that the keyboard should reach by Tab: of a group of which one is chosen, that one."""
    found = {
        one
        for one in view.findChildren(QWidget)
        if one.focusPolicy() & Qt.FocusPolicy.TabFocus
        and one.isVisible()
        and one.isEnabled()
        and not one.objectName().startswith("qt_")
        and one.focusProxy() is None
    }
    grouped = {one for one in found if isinstance(one, QAbstractButton) and _others_of(one)}
    chosen = {one for one in grouped if one.isChecked() or not any(other.isChecked() for other in _others_of(one))}
    # Where none is chosen, Tab comes to one of them.
    heads = {min((one, *_others_of(one)), key=id) for one in chosen if not one.isChecked()}
    return (found - grouped) | {one for one in chosen if one.isChecked()} | heads


def _others_of(button: QAbstractButton) -> list[QAbstractButton]:
    group: QButtonGroup | None = button.group()
    if not group or not group.exclusive():
        return []
    return [one for one in group.buttons() if one is not button and one.isVisible()]


def reached(view: QWidget) -> set[QWidget]:
    """Every control that Tab comes to, starting where the keyboard is."""
    seen: set[QWidget] = set()
    for _ in range(600):
        current = QApplication.focusWidget()
        if current is None or current in seen:
            break
        seen.add(current)
        QTest.keyClick(current, Key.Key_Tab)
    return seen


def unreached(view: QWidget) -> list[str]:
    """The controls that Tab never comes to, by name."""
    seen = reached(view)
    groups = {one.group() for one in seen if isinstance(one, QAbstractButton) and one.group() is not None}
    return sorted(
        f"{type(one).__name__} {one.objectName()}: {one.accessibleName()}"
        for one in stops(view) - seen
        if not (isinstance(one, QAbstractButton) and one.group() in groups)
    )


@pytest.mark.parametrize("role", list(Role))
def test_d21_every_page_of_every_role_has_names_and_a_whole_tab_order(hands: Hands, role: Role) -> None:
    hands.sign_in(USERS[role])
    for key in PAGES[role]:
        hands.main.go_to(key)
        hands.settle()
        assert nameless(hands.main) == [], key
        lock = hands.main.findChild(QAbstractButton, "lock")
        assert lock is not None
        # The search that Tab came to has opened its list over the window.
        hands.main.results.hide()
        hands.desk.window.activateWindow()
        hands.until(hands.desk.window.isActiveWindow)
        lock.setFocus()
        assert unreached(hands.main) == [], key


def parts_of(view: CaseView) -> Iterator[str]:
    yield from view.order()


@pytest.mark.parametrize("state", [State.DRAFT, State.RETURNED, State.SENT_BACK, State.APPROVED, State.ISSUED])
def test_d21_every_part_of_a_case_has_names_and_a_whole_tab_order(
    office: Office, make_page: Make, state: State
) -> None:
    done = office.in_state(state)
    window: Window[CaseView] = make_page(CaseView, office, Role.CASEWORKER)
    window.view.open(done.case_id)
    window.until(lambda: window.view.part)
    window.settle()
    for part in parts_of(window.view):
        window.view.show_part(part)
        window.settle()
        assert nameless(window.view) == [], part
        assert unreached(window.view) == [], part


@pytest.mark.parametrize("entry", ["menu_concern", "menu_history", "step_return", "step_withdraw"])
def test_d21_the_dialogs_of_a_case_have_names_and_a_whole_tab_order(
    office: Office, make_page: Make, entry: str
) -> None:
    done = office.in_state(State.DRAFT)
    window: Window[CaseView] = make_page(CaseView, office, Role.CASEWORKER)
    window.view.open(done.case_id)
    window.until(lambda: window.view.part)
    window.settle()
    found = window.view.header.menu.findChild(QAction, entry)
    assert found is not None
    found.trigger()
    window.until(lambda: window.view.findChildren(Dialog))
    (dialog,) = window.view.findChildren(Dialog)
    window.until(dialog.isVisible)
    assert nameless(dialog) == []
    dialog.activateWindow()
    window.until(lambda: QApplication.focusWidget() in dialog.findChildren(QWidget))
    missed = unreached(dialog)
    dialog.reject()
    window.settle()
    assert missed == []


@pytest.mark.parametrize("state", [State.SUBMITTED, State.ESCALATED, State.RECORDED])
def test_d21_a_review_has_names_and_a_whole_tab_order(office: Office, make_page: Make, state: State) -> None:
    office.in_state(state)
    role = Role.GUARDIAN if state is State.ESCALATED else Role.REVIEWER
    review: Window[ReviewView] = make_page(ReviewView, office, role)
    review.view.setFocus()
    review.press(Key.Key_J, CTRL)
    for tab in ("request", "changes", "letter", "interest", "whole"):
        review.view.show_tab(tab)
        review.settle()
        assert nameless(review.view) == [], tab
        review.view.queue.setFocus()
        assert unreached(review.view) == [], tab


def reviewing(make_page: Make, office: Office) -> Window[ReviewView]:
    review: Window[ReviewView] = make_page(ReviewView, office, Role.REVIEWER)
    review.view.setFocus()
    review.press(Key.Key_J, CTRL)
    return review


def test_d2_a_caption_changes_nothing_about_what_a_button_does(office: Office, make_page: Make) -> None:
    done = office.in_state(State.SUBMITTED)
    review = reviewing(make_page, office)
    review.press(Key.Key_B, ALT)
    pane = review.view.pane
    pane.reasons.set_value("Say when.")
    pane.sketch.reasons = "Say when."
    assert pane.group is not None
    pane.group.rows["send_back"].setText("Approve")
    pane.button.setText("Approve this request")
    pane.button.click()
    review.until(lambda: case_page(office.reviewer, done.case_id).case.row.state is not State.SUBMITTED)
    assert case_page(office.reviewer, done.case_id).case.row.state is State.SENT_BACK


@pytest.mark.parametrize("how", ["click", "keys"])
def test_d25_two_rapid_activations_decide_once(
    office: Office, make_page: Make, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = office.in_state(State.SUBMITTED)
    calls: list[Any] = []
    real = decisions.approve

    def counted(desk: Any, command: Any) -> Any:
        calls.append(command)
        return real(desk, command)

    review = reviewing(make_page, office)
    from desktop.ui.review import view as module

    monkeypatch.setitem(module._DECIDE, "approve", counted)
    for _ in review.view.request.rows:
        review.press(Key.Key_A, ALT)
    review.press(Key.Key_P, ALT)
    twice: dict[str, Callable[[], object]] = {
        "click": review.view.pane.button.click,
        "keys": lambda: QTest.keyClick(review.view.pane.button, Key.Key_Space),
    }
    for _ in range(3):
        twice[how]()
    review.settle()
    case = case_page(office.reviewer, done.case_id).case
    assert case.row.state is State.APPROVED
    assert len(case.decisions) == 1
    assert len({one.command_id for one in calls}) == 1
