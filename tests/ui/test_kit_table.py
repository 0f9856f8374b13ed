"""Long tables: pages that come later, are dropped when they come too late, and are few."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from desktop.ui.kit.pagedmodel import PAGE, Column, PagedModel
from desktop.ui.kit.table import Table


@dataclass(frozen=True)
class Row:
    """An invented row."""

    id: int
    name: str


COLUMNS = (
    Column[Row]("Reference", lambda row: f"TR-{row.id:06}", "reference", 120, style="label", elide=False),
    Column[Row]("Person", lambda row: row.name, "family_name", spoken=lambda row: f"{row.name}, sought"),
)


@dataclass
class Store:
    """Rows that come when `answer` is called, as they do from the store's thread."""

    at_once: bool = True
    asked: list[list[int]] = field(default_factory=list)
    waiting: list[tuple[list[int], Callable[[Sequence[Row]], None]]] = field(default_factory=list)

    def fetch(self, ids: Sequence[int], deliver: Callable[[Sequence[Row]], None]) -> None:
        """Takes an order for rows."""
        self.asked.append(list(ids))
        self.waiting.append((list(ids), deliver))
        if self.at_once:
            self.answer()

    def answer(self) -> None:
        """Delivers what was ordered."""
        waiting, self.waiting = self.waiting, []
        for ids, deliver in waiting:
            deliver([Row(one, f"Person {one}") for one in ids])


def make(store: Store) -> PagedModel[Row]:
    """A model over an invented store."""
    return PagedModel(COLUMNS, store.fetch, lambda row: row.id)


@pytest.mark.parametrize("at_once", [True, False])
def test_the_model_keeps_qts_rules(qapp: QApplication, at_once: bool) -> None:
    store = Store(at_once)
    model = make(store)
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.set_ids(range(1, 251))
    model.data(model.index(200, 1))
    store.answer()
    assert model.data(model.index(200, 1)) == "Person 201"
    model.set_ids([])
    assert model.rowCount() == 0
    tester.deleteLater()


def test_a_page_is_asked_for_once_and_shown_when_it_comes(qapp: QApplication) -> None:
    store = Store(at_once=False)
    model = make(store)
    model.set_ids(range(1, 1001))
    changed: list[tuple[int, int]] = []
    model.dataChanged.connect(lambda first, last: changed.append((first.row(), last.row())))
    for number in range(20):
        assert model.data(model.index(number, 1)) == ""
    assert len(store.asked) == 1
    store.answer()
    assert changed == [(0, PAGE - 1)]
    assert model.data(model.index(3, 1)) == "Person 4"


def test_a_page_that_comes_too_late_is_dropped(qapp: QApplication) -> None:
    store = Store(at_once=False)
    model = make(store)
    model.set_ids([1, 2, 3])
    model.row(0)
    late = store.waiting
    store.waiting = []
    model.set_ids([7, 8, 9])
    for ids, deliver in late:
        deliver([Row(one, "Late") for one in ids])
    assert model.row(0) is None
    store.answer()
    assert model.row(0) == Row(7, "Person 7")


def test_only_some_pages_are_kept(qapp: QApplication) -> None:
    store = Store()
    model = make(store)
    model.set_ids(range(1_000_000))
    for number in range(0, 100 * PAGE, PAGE):
        model.row(number)
    asked = len(store.asked)
    model.row(99 * PAGE)
    assert len(store.asked) == asked
    model.row(0)
    assert len(store.asked) == asked + 1


def test_a_cell_says_its_column_and_more_than_it_shows(qapp: QApplication) -> None:
    model = make(Store())
    model.set_ids([5])
    spoken = Qt.ItemDataRole.AccessibleTextRole
    assert model.data(model.index(0, 0), spoken) == "Reference: TR-000005"
    assert model.data(model.index(0, 1), spoken) == "Person: Person 5, sought"
    model.sort_key, model.descending = "reference", True
    assert model.headerData(0, Qt.Orientation.Horizontal, spoken) == "Reference, sorted descending"
    assert model.headerData(1, Qt.Orientation.Horizontal, spoken) == "Person"


@pytest.fixture
def table(host: QWidget) -> Table[Row]:
    """A table of 250 rows in an open window."""
    made = Table("cases", "Cases", make(Store()))
    QVBoxLayout(host).addWidget(made)
    made.show_ids(range(1, 251))
    made.show()
    QApplication.processEvents()
    return made


def test_enter_opens_space_previews_and_keys_move(table: Table[Row]) -> None:
    told: list[tuple[str, object]] = []
    table.opened.connect(lambda row: told.append(("opened", row.id)))
    table.previewed.connect(lambda row: told.append(("previewed", row.id)))
    table.selectRow(0)
    table.setFocus()
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Space, Qt.Key.Key_End, Qt.Key.Key_Return):
        QTest.keyClick(table, key)
    QTest.keyClick(table, Qt.Key.Key_Home)
    QTest.keyClick(table, Qt.Key.Key_Return)
    assert told == [("opened", 2), ("previewed", 2), ("opened", 250), ("opened", 1)]


def test_the_row_that_is_current_is_told(table: Table[Row]) -> None:
    moved: list[object] = []
    table.moved.connect(moved.append)
    table.selectRow(4)
    assert moved[-1] == Row(5, "Person 5")
    assert table.current_row() == Row(5, "Person 5")


def test_a_click_on_a_head_sorts_and_a_second_turns_it_round(table: Table[Row]) -> None:
    told: list[tuple[str, bool]] = []
    table.sorted_by.connect(lambda key, descending: told.append((key, descending)))
    head = table.horizontalHeader().viewport()
    for _ in range(2):
        QTest.mouseClick(head, Qt.MouseButton.LeftButton, pos=QPoint(20, 10))
    assert told == [("reference", False), ("reference", True)]


def test_other_rows_keep_what_was_current_where_they_have_it(table: Table[Row]) -> None:
    table.selectRow(9)
    table.show_ids([30, 20, 10], keep=10)
    assert table.current_row() == Row(10, "Person 10")
    table.show_ids([1, 2], keep=10)
    assert not table.currentIndex().isValid()


def test_tab_leaves_the_table(table: Table[Row], host: QWidget, qtbot: QtBot) -> None:
    from desktop.ui.kit.button import Button

    button = Button("Export")
    layout = host.layout()
    assert layout is not None
    layout.addWidget(button)
    button.show()
    table.setFocus()
    QTest.keyClick(table, Qt.Key.Key_Tab)
    assert button.hasFocus()


@pytest.mark.parametrize("scale", [100, 200])
def test_rows_are_as_high_as_the_text_asks(table: Table[Row], scale: int) -> None:
    from desktop.ui.theme import current_theme

    current_theme().set_text_scale(scale)
    QApplication.processEvents()
    assert table.rowHeight(0) == 28 * scale // 100
    table.set_mark("person")
    assert not table.grab().isNull()


def test_the_rest_of_a_list_comes_below_what_is_in_sight(table: Table[Row]) -> None:
    tester = QAbstractItemModelTester(table.paged, QAbstractItemModelTester.FailureReportingMode.Fatal)
    table.show_ids(array("q", range(1, 151)))
    table.selectRow(120)
    place = table.verticalScrollBar().value()
    table.paged.extend(array("q", range(1, 1001)))
    assert table.paged.rowCount() == 1000
    assert (table.currentIndex().row(), table.verticalScrollBar().value()) == (120, place)
    assert table.paged.row(160) == Row(161, "Person 161")
    assert tester.model() is table.paged


def test_a_list_that_begins_otherwise_by_now_is_shown_anew(table: Table[Row]) -> None:
    table.show_ids(array("q", [1, 2, 3]))
    table.paged.extend(array("q", [9, 1, 2, 3]))
    assert list(table.paged.ids) == [9, 1, 2, 3]
