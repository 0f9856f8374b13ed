"""My work: the groups, the keys, and the words of a row."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from db.records import Changed, Role
from desktop.casework.work import LATE, WAITING, my_work
from desktop.ui.background import Worker
from desktop.ui.mywork import MyWorkPage
from desktop.ui.mywork_list import NARROW
from desktop.ui.mywork_model import Head, WorkModel, due_line, time_line, waiting_summary
from desktop.ui.session import Session
from desktop.ui.theme import Theme
from tests.fixtures import Office
from tests.ui.waiting import PATIENCE

Make = Callable[[Office], MyWorkPage]


@pytest.fixture
def make(qtbot: QtBot, theme: Theme) -> Iterator[Make]:
    """Makes the page on an office's store."""
    workers = []

    def page_of(office: Office) -> MyWorkPage:
        worker = Worker()
        workers.append(worker)
        page = MyWorkPage()
        qtbot.addWidget(page)
        page.resize(1158, 720)
        page.show()
        page.activateWindow()
        page.begin(Session(office.desk(Role.CASEWORKER), theme, worker))
        worker.drain()
        return page

    yield page_of
    for worker in workers:
        worker.stop()


@pytest.fixture
def page(make: Make, sample_office: Office) -> MyWorkPage:
    """The page on the sample store."""
    return make(sample_office)


def heads(page: MyWorkPage) -> list[Head]:
    """The heads of the list, in order."""
    model = page.list.work
    lines = (model.line(model.index(row)) for row in range(model.rowCount()))
    return [line for line in lines if isinstance(line, Head)]


def press(qtbot: QtBot, widget: QWidget, key: Qt.Key, *held: Qt.KeyboardModifier) -> None:
    """Presses a key."""
    modifier = Qt.KeyboardModifier.NoModifier
    for one in held:
        modifier |= one
    QTest.keyClick(widget, key, modifier)


def test_late_cases_come_first_and_waiting_ones_are_folded(page: MyWorkPage) -> None:
    found = heads(page)
    assert found[0].title == "Late: do this first"
    assert found[-1].title == "Waiting for others"
    assert found[-1].folded
    assert "with a reviewer" in found[-1].summary
    assert "Wednesday 10 June. You have" in page.head.summary.text()


def test_the_summary_says_how_many_late_cases_are_with_others(page: MyWorkPage) -> None:
    work = my_work(page._session.desk)
    rows = {group.key: group.rows for group in work.groups}
    waiting = [row for row in rows[WAITING] if row.days_left is not None and row.days_left < 0]
    assert len(waiting) + len(rows[LATE]) == work.late_count
    assert f"{work.late_count} are late ({len(waiting)} with others)" in page.head.summary.text()


def test_the_first_case_is_selected_and_opens_with_enter(page: MyWorkPage, qtbot: QtBot) -> None:
    first = page.list.current_case()
    assert first is not None
    with qtbot.waitSignal(page._session.case_wanted, timeout=PATIENCE) as opened:
        press(qtbot, page.list, Qt.Key.Key_Return)
    assert opened.args == [first, ""]


def test_arrows_pass_over_heads(page: MyWorkPage, qtbot: QtBot) -> None:
    seen = [page.list.current_case()]
    for _ in range(4):
        press(qtbot, page.list, Qt.Key.Key_Down)
        seen.append(page.list.current_case())
    assert None not in seen
    assert len(set(seen)) == 5


def test_space_unfolds_what_waits(page: MyWorkPage, qtbot: QtBot) -> None:
    before = page.list.work.rowCount()
    page.list.setFocus()
    press(qtbot, page.list, Qt.Key.Key_End)
    assert page.list.current_case() is None
    press(qtbot, page.list, Qt.Key.Key_Space)
    assert page.list.work.rowCount() == before + heads(page)[-1].count
    press(qtbot, page.list, Qt.Key.Key_Return)
    assert page.list.work.rowCount() == before


def test_the_reference_is_copied(page: MyWorkPage, qtbot: QtBot) -> None:
    control, shift = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
    press(qtbot, page.list, Qt.Key.Key_C, control, shift)
    assert QGuiApplication.clipboard().text().startswith(("TR-", "SR-"))


def test_a_change_keeps_the_selected_case(page: MyWorkPage, qtbot: QtBot) -> None:
    press(qtbot, page.list, Qt.Key.Key_Down)
    kept = page.list.current_case()
    page._session.changed.emit(Changed(frozenset({1}), frozenset({"case"})))
    page._session.worker.drain()
    assert page.list.current_case() == kept


def test_cases_are_grouped_by_date_and_by_agreement(page: MyWorkPage) -> None:
    count = sum(head.count for head in heads(page))
    page.group_by("due")
    assert heads(page)[0].title == "Late"
    assert sum(head.count for head in heads(page)) == count
    page.group_by("agreement")
    assert {"NHS status check"} <= {head.title for head in heads(page)}
    assert page.group_button.label() == "Group by: agreement"


def test_a_new_request_starts_from_the_button_and_from_an_agreement(page: MyWorkPage, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.request_wanted, timeout=PATIENCE) as wanted:
        page.new_button.click()
    assert wanted.args == [""]
    row = page.findChild(QWidget, "start_nhs_status_check")
    assert row is not None
    assert row.accessibleName() == "New request: NHS status check"
    with qtbot.waitSignal(page.request_wanted, timeout=PATIENCE) as wanted:
        press(qtbot, row, Qt.Key.Key_Return)
    assert wanted.args == ["nhs-status-check"]


def test_no_open_case_says_what_to_do(make: Make, office: Office) -> None:
    page = make(office)
    assert page._stack.currentIndex() == 1
    assert "You have no open cases" in page.head.summary.text()


def test_a_narrow_page_has_two_columns_and_no_side(page: MyWorkPage, qtbot: QtBot) -> None:
    page.resize(NARROW - 100, 600)
    qtbot.waitUntil(lambda: page.list.narrow, timeout=PATIENCE)
    assert page.side.isHidden()
    assert "open cases:" in page.head.summary.text()
    assert not page.grab().isNull()


def test_every_control_has_a_name(page: MyWorkPage) -> None:
    bare = [
        one.objectName()
        for one in page.findChildren(QWidget)
        if one.focusPolicy() & Qt.FocusPolicy.TabFocus and one.isVisible() and not one.accessibleName()
    ]
    assert bare == []


def test_the_model_is_sound(page: MyWorkPage, qtmodeltester: ModelTester) -> None:
    qtmodeltester.check(page.list.work)
    model = WorkModel()
    assert model.data(model.index(0)) is None
    spoken = page.list.work.data(page.list.work.index(1), Qt.ItemDataRole.AccessibleTextRole)
    assert "Late by 1 working day" in str(spoken)


def test_the_words_of_time(sample_office: Office) -> None:
    work = my_work(sample_office.caseworker)
    row = work.groups[0].rows[0]
    assert time_line(replace(row, days_left=-1)) == ("clock-alert", "Late by 1 working day", "red")
    assert time_line(replace(row, days_left=3))[2] == "amber"
    assert time_line(replace(row, days_left=4))[2] == "text"
    assert time_line(replace(row, days_left=None))[1] == "Clock stopped"
    undated = replace(row, row=replace(row.row, due_on=None), days_left=None)
    assert time_line(undated)[1] == "No date yet"
    assert due_line(undated, work.today) == ""
    late = replace(row, days_left=-1, row=replace(row.row, due_on=date(2026, 6, 9)))
    assert due_line(late, work.today) == "Was due Tuesday 9 June"
    assert waiting_summary((undated,), work.today).endswith(".")
