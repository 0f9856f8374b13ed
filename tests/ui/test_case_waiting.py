"""Waiting for the requester, in the windows: asked, reminded, and closed by a person."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

from PySide6.QtCore import Qt
from shiboken6 import isValid

from db.records import Role, State
from desktop.casework import requests, returning
from desktop.casework.desk import Done
from desktop.casework.register import timers
from desktop.casework.sample import MovingClock
from desktop.casework.work import my_work
from desktop.ui.kit.notices import Banner
from desktop.ui.mywork_model import due_line
from tests.fixtures import Office, on
from tests.store.test_triggers import ruled, the_timer
from tests.ui.case_window import Window, make_window, open_dialog
from tests.ui.page_window import words_of
from tests.ui.test_case_parts import step

__all__ = ["make_window"]


def returned(office: Office) -> Done:
    command = returning.Dated(**on(office.register()), on=date(2026, 6, 10), reasons="Which sources?")
    return returning.return_to_requester(office.caseworker, command)


def on_day(make_window: Callable[..., Window], office: Office, month: int, day: int) -> Window:
    desk = office.desks[Role.CASEWORKER]
    office.desks[Role.CASEWORKER] = replace(desk, clock=MovingClock(datetime(2026, month, day, 9, 30, tzinfo=UTC)))
    return make_window()


def banner(window: Window) -> Banner:
    found = window.find("case_notice")
    assert isinstance(found, Banner)
    return found


def test_a_request_is_returned_with_a_day_for_the_reminder(make_window: Callable[..., Window], office: Office) -> None:
    window = make_window()
    window.open(office.register(), "person")
    step(window, "return")
    dialog = open_dialog(window.qtbot, "step_return")
    assert dialog.fields["next_on"].value() == {"day": "25", "month": "6", "year": "2026"}
    window.tab_to("next_on_day")
    window.type("2")
    window.tab_to("reasons")
    window.type("Which sources?")
    window.tab_to("return_it")
    window.press(Qt.Key.Key_Return)
    window.until(dialog.summary.isVisible)
    dialog.fields["next_on"].set_value({"day": "16", "month": "6", "year": "2026"})
    window.tab_to("return_it")
    window.press(Qt.Key.Key_Return)
    window.until(lambda: window.view.page and window.view.page.case.row.state is State.RETURNED)
    window.settle()
    assert window.view.header.due.words.text() == "Paused. Asked on 10 June. Chase on 16 June"


def test_a_reminder_is_recorded_from_the_notice(make_window: Callable[..., Window], office: Office) -> None:
    done = returned(office)
    window = on_day(make_window, office, 6, 26)
    window.open(done)
    assert banner(window).sentence.text().startswith("Chase them: it is due since 25 June.")
    banner(window).followed.emit()
    open_dialog(window.qtbot, "step_chase")
    window.tab_to("reasons")
    window.type("By telephone.")
    window.tab_to("record_it")
    window.press(Qt.Key.Key_Return)
    window.until(lambda: window.view.page and window.view.page.waiting and window.view.page.waiting.chased)
    window.settle()
    assert "chased on 26 June. Chase on 10 July" in window.view.header.due.words.text()
    assert window.stored_page().case.row.state is State.RETURNED


def test_closing_is_proposed_and_done_by_a_person_alone(make_window: Callable[..., Window], office: Office) -> None:
    done = returned(office)
    window = on_day(make_window, office, 8, 12)
    window.open(done)
    assert banner(window).sentence.text().startswith("No answer by 10 August. Close the case, or chase them again.")
    assert window.stored_page().case.row.state is State.RETURNED
    banner(window).followed.emit()
    dialog = open_dialog(window.qtbot, "step_withdraw")
    assert dialog.fields["reasons"].value() == (
        "No answer: the requester was asked on 10 June, and did not answer within 40 working days."
    )
    window.press(Qt.Key.Key_Escape)
    window.settle()
    assert window.stored_page().case.row.state is State.RETURNED
    banner(window).followed.emit()
    open_dialog(window.qtbot, "step_withdraw")
    window.tab_to("withdraw_it")
    window.press(Qt.Key.Key_Return)
    window.until(lambda: window.view.page and window.view.page.case.row.state is State.WITHDRAWN)
    window.settle()


def test_my_work_shows_the_day_on_which_to_chase(office: Office) -> None:
    returned(office)
    ((row,),) = [group.rows for group in my_work(office.caseworker).groups]
    assert due_line(row, date(2026, 6, 10)) == "Chase on Thursday 25 June"


def test_a_debt_that_is_settled_is_recorded_from_the_menu_of_its_closed_case(
    make_window: Callable[..., Window], office: Office
) -> None:
    plain = office.in_state(State.ISSUED)
    ruled(office, "debt_settled")
    done = office.in_state(State.ISSUED)
    window = make_window()
    window.open(plain)
    assert "step_settle" not in [one.objectName() for one in window.view.header.menu.actions()]
    window.open(done)
    step(window, "settle")
    dialog = open_dialog(window.qtbot, "step_settle")
    assert "The retention timer of the case runs from that day." in words_of(dialog)
    dialog.fields["on"].set_value({"day": "1", "month": "7", "year": "2026"})
    window.tab_to("record_it")
    window.press(Qt.Key.Key_Return)
    window.until(dialog.summary.isVisible)
    assert "in the future" in words_of(dialog)
    dialog.fields["on"].set_value({"day": "9", "month": "6", "year": "2026"})
    window.tab_to("record_it")
    window.press(Qt.Key.Key_Return)
    window.until(lambda: not isValid(dialog))
    window.settle()
    assert (the_timer(office, done).happened_on, the_timer(office, done).waits) == (date(2026, 6, 9), False)


def test_a_withdrawn_request_is_reopened_by_keyboard(make_window: Callable[..., Window], office: Office) -> None:
    """Closed because nobody answered, and reopened when they do: what that does to the due date is shown first."""
    done = returned(office)
    done = requests.withdraw(office.caseworker, requests.WithReasons(**on(done), reasons="No answer."))
    window = make_window()
    window.open(done)
    assert "reopen it" in words_of(window.find("next_part"))
    assert banner(window).link.text() == "Reopen"
    banner(window).followed.emit()
    dialog = open_dialog(window.qtbot, "step_reopen")
    assert "counts on from tomorrow" in words_of(dialog)
    assert dialog.change.isVisible()
    window.tab_to("reopen_it")
    window.press(Qt.Key.Key_Return)
    window.until(dialog.summary.isVisible)
    assert window.stored_page().case.row.state is State.WITHDRAWN
    dialog.fields["reasons"].set_value("They answered after all.")
    window.tab_to("reopen_it")
    window.press(Qt.Key.Key_Return)
    window.until(lambda: window.view.page and window.view.page.case.row.state is State.DRAFT)
    window.settle()
    assert not timers(office.officers[0])
    assert not isValid(dialog) or not dialog.isVisible()


def test_reopening_is_offered_for_what_was_withdrawn_and_says_why_not(
    make_window: Callable[..., Window], office: Office
) -> None:
    window = make_window()
    window.open(office.in_state(State.ISSUED))
    window.view.header.more.click()
    assert "step_reopen" not in [one.objectName() for one in window.view.header.menu.actions()]
    held = requests.withdraw(
        office.caseworker, requests.WithReasons(**on(office.in_state(State.HELD)), reasons="No longer asked.")
    )
    window.open(held)
    off = next(one for one in window.view.header.menu.actions() if one.objectName() == "step_reopen")
    assert "suspended when it was received" in off.toolTip()
    assert "reopen" not in words_of(window.find("next_part"))
