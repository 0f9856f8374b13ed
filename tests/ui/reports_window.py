"""The Reports page in a window of its own, and hands on its keyboard."""

from __future__ import annotations

from datetime import date
from threading import Event

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from db.records import Role, State
from desktop.policy.publication import Per
from desktop.ui.reports.asking import Asking
from desktop.ui.reports.grid import ReportGrid
from desktop.ui.reports.publication import PublicationPart
from desktop.ui.reports.view import ReportsPage
from tests.fixtures import Office
from tests.ui.page_window import Make, Window

Key = Qt.Key
Reports = Window[ReportsPage]


def part(reports: Reports) -> PublicationPart:
    """The publication register, shown."""
    reports.view.show_part("publication")
    reports.settle()
    return reports.view.publication


def grid(reports: Reports) -> ReportGrid:
    """The figures that are shown."""
    found = part(reports).card.grid
    assert found is not None
    return found


def spoken(table: ReportGrid) -> str:
    """What assistive technology says of the cell with the keyboard."""
    return str(table.model().data(table.currentIndex(), Qt.ItemDataRole.AccessibleTextRole))


def days(asking: Asking, first: date, last: date) -> None:
    """Types days as a person does: the boxes one after the other."""
    for key, on in (("first", first), ("last", last)):
        for box, words in zip(asking.fields[key].controls(), (on.day, on.month, on.year), strict=True):
            box.setFocus()
            box.selectAll()  # type: ignore[attr-defined]
            QTest.keyClicks(box, str(words))


def ask(reports: Reports, first: date, last: date, per: Per = Per.ALL, control: str = "none", below: str = "") -> None:
    """Fills the fields in, and presses Enter."""
    asking = part(reports).asking
    days(asking, first, last)
    for key, chosen in (("per", per.value), ("control", control)):
        combo = asking.fields[key].controls()[0]
        combo.setFocus()
        asking.fields[key].set_value(chosen)
        asking.fields[key].emit_edited()
    if below:
        asking.fields["below"].focus()
        reports.type(below)
    asking.fields["last"].focus()
    reports.press(Key.Key_Return)


def goes_to(table: ReportGrid, line: str, column: str) -> None:
    """Puts the keyboard on a figure."""
    titles = [row.title for row in table.grid.rows]
    table.setFocus()
    table.go_to(titles.index(line), table.grid.columns.index(column))


class Gate:
    """Keeps what is done aside waiting until it is opened."""

    def __init__(self, reports: Reports) -> None:
        self.event = Event()
        reports.session.worker.run(lambda: self.event.wait(5), aside=True)


def part_of(reports: Reports) -> PublicationPart:
    """The publication register, without waiting for the store."""
    return reports.view.publication


@pytest.fixture
def reports(office: Office, make_page: Make) -> Reports:
    """The guardian's window on a store with one answered request and one that waits."""
    office.in_state(State.ISSUED)
    office.in_state(State.SUBMITTED)
    return make_page(ReportsPage, office, Role.GUARDIAN)
