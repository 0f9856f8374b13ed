"""The register on a real store, by its keys."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester, QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QMenu

from db.records import CaseRow, Outcome, Role, State
from db.records_views import RegisterFilter
from desktop.casework import requests
from desktop.casework.register import register_ids
from desktop.casework.sample import MovingClock
from desktop.policy.dates import MONTHS
from desktop.policy.life import CLOSED
from desktop.ui.dialogs import Dialog
from desktop.ui.kit.inputs import LineEdit
from desktop.ui.kit.table_paint import AIR
from desktop.ui.register import RegisterView
from desktop.ui.registerfilters import WAIT
from desktop.ui.theme import current_theme
from tests.fixtures import Office
from tests.ui.page_window import CTRL, SHIFT, Make, Window, make_page, nameless, words_of

__all__ = ["make_page"]

Key = Qt.Key
Register = Window[RegisterView]


@pytest.fixture
def register(sample_office: Office, make_page: Make) -> Register:
    """The caseworker's window on the sample store."""
    return make_page(RegisterView, sample_office, Role.CASEWORKER)


def shown(register: Register) -> list[CaseRow]:
    model = register.view.table.paged
    rows = [model.row(at) for at in range(model.rowCount())]
    register.settle()
    rows = [model.row(at) for at in range(model.rowCount())]
    assert None not in rows
    return [row for row in rows if row is not None]


def typed(register: Register, text: str) -> None:
    register.press(Key.Key_F, CTRL)
    assert register.view.filters.text.hasFocus()
    register.view.filters.text.selectAll()
    register.type(text)
    register.until(lambda: register.view.filters.wanted.text == text)
    register.settle()


def choose(register: Register, chip: str, words: str) -> None:
    """Opens a chip's menu by the keyboard and chooses with the arrows."""
    register.view.filters.chips[chip].setFocus()
    register.press(Key.Key_Return)
    menu = register.view.findChild(QMenu, f"menu_{chip}")
    assert menu is not None
    labels = [action.text() for action in menu.actions()]
    for _ in range(labels.index(words) + 1):
        QTest.keyClick(menu, Key.Key_Down)
    QTest.keyClick(menu, Key.Key_Return)
    register.settle()


def test_it_starts_with_every_open_case_by_due_date(register: Register, sample_office: Office) -> None:
    rows = shown(register)
    assert rows
    assert all(row.state not in CLOSED for row in rows)
    dates = [row.due_on for row in rows if row.due_on]
    assert dates == sorted(dates)
    total = len(register_ids(sample_office.caseworker, RegisterFilter()))
    assert f"{total} cases" in register.view.head.summary.text()
    assert register.view.count.text().endswith(f"{len(rows)} cases found, of {total}")
    assert nameless(register.view) == []


def test_the_model_keeps_the_rules_of_models(register: Register) -> None:
    model = register.view.table.paged
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    register.press(Key.Key_F, CTRL | SHIFT)
    shown(register)
    register.view.refresh()
    register.settle()
    assert tester.model() is model


def test_typing_filters_after_a_moment_and_marks_what_was_typed(register: Register) -> None:
    spy = QSignalSpy(register.view.filters.changed)
    typed(register, "kowal")
    assert spy.count() == 1, f"the store is asked once, {WAIT} ms after the last key"
    rows = shown(register)
    assert rows
    assert all("kowal" in row.family_name.lower() for row in rows)
    assert register.view.table.mark == "kowal"


def test_nothing_found_says_what_to_do_and_the_key_clears(register: Register) -> None:
    before = len(register.view.table.paged.ids)
    typed(register, "zzzz")
    assert register.view.empty.isVisible()
    assert "Take one away" in words_of(register.view.empty)
    register.press(Key.Key_F, CTRL | SHIFT)
    assert register.view.filters.wanted == RegisterFilter()
    assert len(register.view.table.paged.ids) > before
    assert register.view.filters.text.hasFocus()
    assert not register.view.empty.isVisible()


def test_chips_narrow_by_the_keyboard_and_delete_takes_them_away(register: Register) -> None:
    register.press(Key.Key_F, CTRL | SHIFT)
    choose(register, "state", "Issued")
    assert {row.state for row in shown(register)} == {State.ISSUED}
    choose(register, "outcome", "No trace")
    assert {row.outcome for row in shown(register)} == {Outcome.NO_TRACE}
    choose(register, "agreement", "Law enforcement tracing")
    assert {row.agreement_id for row in shown(register)} == {"law-enforcement-tracing"}
    chip = register.view.filters.chips["state"]
    assert chip.accessibleName() == "State: Issued"
    for key in ("state", "outcome", "agreement"):
        register.view.filters.chips[key].setFocus()
        register.press(Key.Key_Delete)
    assert register.view.filters.wanted == RegisterFilter()
    assert chip.accessibleName() == "State"


def test_due_narrows_to_late_today_this_week_and_a_date(register: Register, sample_office: Office) -> None:
    today = sample_office.entry.today()
    choose(register, "due", "Late")
    assert all(row.due_on is not None and row.due_on < today for row in shown(register))
    assert register.view.filters.chips["due"].accessibleName() == "Due: Late"
    choose(register, "due", "Today")
    assert all(row.due_on == today for row in shown(register))
    choose(register, "due", "This week")
    assert shown(register)
    assert register.view.filters.chips["due"].accessibleName() == "Due: This week"

    def give(dialog: Dialog) -> None:
        boxes = [dialog.findChild(LineEdit, f"due_by_{part}") for part in ("day", "month", "year")]
        for box, text in zip(boxes, ("31", "6", "2026"), strict=True):
            assert box is not None
            QTest.keyClicks(box, text)
        assert boxes[0] is not None
        QTest.keyClick(boxes[0], Key.Key_Return)
        assert "not a date" in words_of(dialog)
        boxes[0].selectAll()
        QTest.keyClicks(boxes[0], "16")
        QTest.keyClick(boxes[0], Key.Key_Return)

    register.in_dialog(give, lambda: choose(register, "due", "By a date"))
    assert register.view.filters.chips["due"].accessibleName() == "Due: By 16 June"
    rows = shown(register)
    assert rows
    assert all(row.due_on is not None and row.due_on <= date(2026, 6, 16) for row in rows)


def test_a_stopped_clock_is_paused_and_not_late(make_page: Make, office: Office) -> None:
    office.in_state(State.RETURNED)
    office.register()
    office.desks[Role.CASEWORKER] = replace(
        office.caseworker, clock=MovingClock(datetime(2027, 1, 4, 9, 30, tzinfo=UTC))
    )
    register: Register = make_page(RegisterView, office, Role.CASEWORKER)
    assert len(shown(register)) == 2
    model = register.view.table.paged
    cells = {str(model.index(at, column).data()) for at in range(2) for column in range(model.columnCount())}
    assert {"Paused", "Late, 30 June 2026"} <= cells
    choose(register, "due", "Late")
    assert [row.state for row in shown(register)] == [State.DRAFT]


def test_heads_sort_and_sort_back(register: Register) -> None:
    head = register.view.table.horizontalHeader()
    orders = []
    for descending in (False, True):
        head.sectionClicked.emit(2)
        orders.append([row.id for row in shown(register)])
        assert register.view.filters.wanted.sort == "family_name"
        assert register.view.filters.wanted.descending is descending
    assert orders[0] == orders[1][::-1]
    names = [row.family_name for row in shown(register) if row.family_name.isascii()]
    assert names == sorted(names, reverse=True)


def test_enter_opens_space_previews_and_the_reference_is_copied(register: Register) -> None:
    register.view.resize(1440, 720)
    register.view.table.setFocus()
    register.press(Key.Key_Down)
    row = register.view.table.current_row()
    assert row is not None
    register.until(lambda: row.reference in words_of(register.view.pane))
    register.until(lambda: row.requester_reference in words_of(register.view.pane))
    register.until(lambda: "registered the request" in words_of(register.view.pane))
    register.press(Key.Key_Space)
    assert register.view.pane.isHidden()
    register.press(Key.Key_Space)
    assert register.view.pane.isVisible()
    register.press(Key.Key_C, CTRL | SHIFT)
    assert QGuiApplication.clipboard().text() == row.reference
    spy = QSignalSpy(register.session.case_wanted)
    register.press(Key.Key_Return)
    assert spy.count() == 1
    assert spy.at(0)[0] == row.id


def test_the_menu_key_offers_what_can_be_done(register: Register) -> None:
    register.view.table.setFocus()
    register.view.table.customContextMenuRequested.emit(register.view.table.pos())
    menu = register.view.findChild(QMenu, "case_menu")
    assert menu is not None
    assert [action.text().split("\t")[0] for action in menu.actions()] == [
        "Open the case",
        "Preview",
        "Copy reference",
        "Who asked about this person…",
    ]
    menu.close()


def test_what_changes_elsewhere_keeps_the_place(register: Register, sample_office: Office) -> None:
    register.view.table.setFocus()
    register.press(Key.Key_End)
    row = register.view.table.current_row()
    assert row is not None
    other = next(one for one in shown(register) if one.state is State.DRAFT and one.id != row.id)
    command = requests.WithReasons(
        command_id="c-1", case_id=other.id, version=other.version, reasons="No longer asked."
    )
    before = register.view.table.paged.rowCount()
    register.session.act(register.view, requests.withdraw, command, done=lambda _done: None)
    register.settle()
    assert register.view.table.paged.rowCount() == before - 1
    now = register.view.table.current_row()
    assert now is not None
    assert now.id == row.id


def test_an_auditor_sees_no_names_and_looks_for_nobody(make_page: Make, sample_office: Office) -> None:
    register: Register = make_page(RegisterView, sample_office, Role.AUDITOR)
    assert {row.person for row in shown(register)} == {""}
    titles = [column.title for column in register.view.table.paged.columns]
    assert "Person" not in titles
    assert "Requester" not in titles
    assert not register.view.filters.text.isEnabled()
    assert register.view.filters.chips["requester"].isHidden()
    spy = QSignalSpy(register.session.case_wanted)
    register.view.table.setFocus()
    register.press(Key.Key_Return)
    assert spy.count() == 0
    assert register.view.pane.open.off_reason


def test_an_empty_store_says_how_cases_come(make_page: Make, office: Office) -> None:
    register: Register = make_page(RegisterView, office, Role.AUDITOR)
    assert "as soon as they are registered" in words_of(register.view.empty)
    assert QApplication.activeModalWidget() is None


def test_a_late_day_of_another_year_is_read_whole(register: Register, sample_office: Office) -> None:
    table = register.view.table
    at = [column.title for column in table.paged.columns].index("Due")
    theme, year = current_theme(), sample_office.entry.today().year - 1
    room = table.columnWidth(at) - 2 * theme.px(AIR)
    for month in MONTHS:
        assert theme.metrics("small").horizontalAdvance(f"Late, 30 {month} {year}") <= room


def test_a_long_list_shows_its_first_rows_and_then_all_of_it(
    register: Register, monkeypatch: pytest.MonkeyPatch, sample_office: Office
) -> None:
    monkeypatch.setattr("desktop.ui.register._FIRST", 5)
    known: list[int] = []
    register.view.table.paged.modelReset.connect(lambda: known.append(len(register.view.table.paged.ids)))
    register.press(Key.Key_F, CTRL | SHIFT)
    register.settle()
    everything = register_ids(sample_office.caseworker, RegisterFilter())
    assert known == [5], "the rest comes below, and what is in sight stays"
    assert register.view.table.paged.ids == everything
    assert f"{len(everything)} cases found" in register.view.count.text()
