"""What is said where this computer's clock is behind the journal, and the way on."""

from __future__ import annotations

from datetime import timedelta

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from db.records import Role
from desktop.casework.sample import MovingClock, sample_password
from desktop.ui.admin.view import AdminPage
from desktop.ui.recorddialog import RecordDialog
from tests.fixtures import Office
from tests.store.disposing import note
from tests.ui.page_window import Make, make_page

__all__ = ["make_page"]


def test_an_administrator_and_a_second_person_say_that_the_clock_is_right(office: Office, make_page: Make) -> None:
    clock = office.entry.clock
    assert isinstance(clock, MovingClock)
    clock.at += timedelta(days=3 * 366)
    note(office)
    clock.at -= timedelta(days=3 * 366)
    window = make_page(AdminPage, office, Role.ADMINISTRATOR)
    told = window.view.clock
    window.until(told.isVisible)
    assert (
        "The journal has an entry of 12 June 2029, and this computer says 10 June 2026" in told.banner.sentence.text()
    )
    told.banner.link.setFocus()
    window.press(Qt.Key.Key_Return)
    window.until(lambda: isinstance(QApplication.activeModalWidget(), RecordDialog))
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, RecordDialog)
    dialog.fields["second"].set_value(office.guardian.user.username)
    dialog.fields["password"].set_value(sample_password())
    dialog.button.click()
    window.until(told.isHidden)
    assert QApplication.activeModalWidget() is None
