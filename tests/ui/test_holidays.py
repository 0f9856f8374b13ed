"""The page of bank holidays: what is in force, the preview that opens on Cancel, and the replacement."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from db.records import Role
from desktop.casework.calendars import in_force
from desktop.casework.register import register_rows
from desktop.ui.admin.holidays import HolidaysPart
from desktop.ui.admin.view import AdminPage
from desktop.ui.background import Worker
from desktop.ui.kit.button import Button
from desktop.ui.kit.text import Text
from desktop.ui.session import Session
from desktop.ui.theme import Theme
from tests.fixtures import Office
from tests.store.test_calendars import file, foi
from tests.ui.waiting import PATIENCE


@pytest.fixture
def part(qtbot: QtBot, theme: Theme, office: Office) -> Iterator[HolidaysPart]:
    worker = Worker()
    page = AdminPage(Session(office.desk(Role.ADMINISTRATOR), theme, worker))
    qtbot.addWidget(page)
    page.resize(1158, 720)
    page.show()
    page.activateWindow()
    page.show_part("holidays")
    worker.drain()
    found = page.part("holidays")
    assert isinstance(found, HolidaysPart)
    yield found
    worker.stop()


def answer(button: str) -> list[str]:
    """Presses a button of the next dialog; what the dialog said, and which button had the focus, come back."""
    said: list[str] = []

    def press() -> None:
        dialog = QApplication.activeModalWidget()
        assert dialog is not None
        said.extend(one.text() for one in dialog.findChildren(Text))
        said.append(dialog.focusWidget().objectName())
        found = dialog.findChild(Button, button)
        assert found is not None
        found.click()

    timer = QTimer(QApplication.instance())
    timer.setInterval(10)

    def look() -> None:
        if QApplication.activeModalWidget() is not None:
            timer.stop()
            press()

    timer.timeout.connect(look)
    timer.start()
    return said


def words(part: HolidaysPart) -> str:
    return " ".join(one.text() for one in part.findChildren(Text))


def test_it_says_what_is_in_force_and_how_far_it_reaches(part: HolidaysPart) -> None:
    assert "Shipped with this program." in words(part)
    assert "https://www.gov.uk/bank-holidays.json" in words(part)
    assert "31 December 2028" in " ".join(one.text() for one in part.findChildren(QLabel))
    first = part.model.row(0)
    assert first is not None
    assert (first.on, first.name) == ("Tuesday 26 December 2028", "Boxing Day")


def test_cancel_has_the_focus_and_changes_nothing(
    part: HolidaysPart, office: Office, tmp_path: Path, qtbot: QtBot
) -> None:
    foi(office)
    path = tmp_path / "bank-holidays.json"
    path.write_bytes(file())
    said = answer("cancel")
    part.look(path)
    qtbot.waitUntil(lambda: bool(said), timeout=PATIENCE)
    assert said[-1] == "cancel"
    assert any("Due Tuesday 30 June 2026 → Wednesday 1 July 2026" in one for one in said)
    assert in_force(office.desk(Role.ADMINISTRATOR)) is None


def test_replacing_changes_the_dates_and_the_page(
    part: HolidaysPart, office: Office, tmp_path: Path, qtbot: QtBot
) -> None:
    done = foi(office)
    path = tmp_path / "bank-holidays.json"
    path.write_bytes(file())
    said = answer("yes")
    part.look(path)
    qtbot.waitUntil(lambda: "Replaced on 10 June 2026 by" in words(part), timeout=PATIENCE)
    assert said
    assert register_rows(office.caseworker, [done.case_id])[0].due_on == date(2026, 7, 1)
    shown = [part.model.row(row) for row in range(part.model.rowCount())]
    assert "Day of mourning" in {one.name for one in shown if one is not None}


def test_a_damaged_file_is_refused_in_words(part: HolidaysPart, office: Office, tmp_path: Path, qtbot: QtBot) -> None:
    path = tmp_path / "bank-holidays.json"
    path.write_bytes(file()[:300])
    said = answer("close")
    part.look(path)
    qtbot.waitUntil(lambda: bool(said), timeout=PATIENCE)
    assert any("breaks off" in one and one.endswith("Nothing was changed.") for one in said)
    assert in_force(office.desk(Role.ADMINISTRATOR)) is None
