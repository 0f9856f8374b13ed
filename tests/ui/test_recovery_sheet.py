"""The recovery sheet in Administration: who is told that there is none, and how a new one is made."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit

from db.records import Role
from desktop.casework.recoverysheets import SheetState, keep_sheet, note_sheet_made, sheet_state
from desktop.ui.admin.backups import BackupsPart
from desktop.ui.admin.recovery import MISSING, SheetDialog
from desktop.ui.admin.view import AdminPage
from desktop.ui.dialogs import Dialog
from desktop.ui.lock import close_dialogs
from desktop.ui.recorddialog import RecordDialog
from tests.fixtures import Office
from tests.ui.page_window import Make, Window, make_page, nameless, press_in, words_of
from tests.ui.test_certificate import dialog_of, warnings

__all__ = ["make_page"]

PASSWORD = "sample-desk"


@pytest.fixture
def unkept(office: Office) -> Office:
    """An office whose sheet was made, and neither printed nor saved."""
    with office.entry.store.write() as tx:
        note_sheet_made(tx)
    return office


def state_of(window: Window[AdminPage]) -> SheetState:
    window.settle()
    return sheet_state(window.office.desk(Role.ADMINISTRATOR))


def part_of(window: Window[AdminPage]) -> BackupsPart:
    part = window.view.part("backups")
    assert isinstance(part, BackupsPart)
    return part


def ask(window: Window[AdminPage]) -> RecordDialog:
    """Asks for a new sheet by keyboard."""
    window.view.show_part("backups")
    window.settle()
    part_of(window).recovery.make.setFocus()
    window.press(Qt.Key.Key_Return)
    return dialog_of(window)


def sheet(window: Window[AdminPage]) -> SheetDialog:
    """Makes a new sheet, and waits for it."""
    dialog = ask(window)
    dialog.fields["password"].set_value(PASSWORD)
    press_in(dialog, "make_it")
    window.until(lambda: isinstance(QApplication.activeModalWidget(), SheetDialog))
    shown = QApplication.activeModalWidget()
    assert isinstance(shown, SheetDialog)
    return shown


def test_an_administrator_is_told_until_the_sheet_is_kept(make_page: Make, unkept: Office) -> None:
    window = make_page(AdminPage, unkept, Role.ADMINISTRATOR)
    assert warnings(window) == [MISSING]
    keep_sheet(unkept.desk(Role.ADMINISTRATOR))
    window.view.refresh()
    window.settle()
    assert warnings(window) == []


def test_nothing_is_said_where_it_is_not_known(make_page: Make, office: Office) -> None:
    window = make_page(AdminPage, office, Role.ADMINISTRATOR)
    assert warnings(window) == []
    window.view.show_part("backups")
    window.settle()
    assert "make a new one" in words_of(part_of(window).recovery)


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.GUARDIAN])
def test_nobody_else_is_told(make_page: Make, unkept: Office, role: Role) -> None:
    assert warnings(make_page(AdminPage, unkept, role)) == []


def test_a_new_sheet_is_made_with_the_password_and_saved(make_page: Make, unkept: Office, tmp_path: Path) -> None:
    window = make_page(AdminPage, unkept, Role.ADMINISTRATOR)
    dialog = ask(window)
    password = dialog.fields["password"].findChild(QLineEdit)
    assert password is not None
    assert password.echoMode() is QLineEdit.EchoMode.Password
    assert password.hasFocus()
    window.type("wrong")
    press_in(dialog, "make_it")
    window.settle()
    assert "This is not your password now." in words_of(dialog)
    dialog.reject()
    window.settle()
    shown = sheet(window)
    assert nameless(shown) == []
    assert shown.done_button.off_reason
    shown.step.save(tmp_path / "sheet.pdf")
    assert state_of(window) is SheetState.KEPT
    shown.step.tick.click()
    shown.done_button.click()
    window.until(lambda: QApplication.activeModalWidget() is None)
    window.settle()
    assert warnings(window) == []
    assert (tmp_path / "sheet.pdf").read_bytes().startswith(b"%PDF")


def test_a_new_sheet_is_not_lost_without_asking(make_page: Make, office: Office) -> None:
    window = make_page(AdminPage, office, Role.ADMINISTRATOR)
    shown = sheet(window)
    asked: list[str] = []

    def answer(name: str) -> None:
        def press(dialog: Dialog) -> None:
            focus = dialog.focusWidget()
            assert focus is not None
            asked.append(focus.objectName())
            press_in(dialog, name)

        window.in_dialog(press, shown.reject)

    answer("cancel")
    assert shown.isVisible()
    answer("yes")
    assert asked == ["cancel", "cancel"]
    window.until(lambda: QApplication.activeModalWidget() is None)
    assert state_of(window) is SheetState.MADE
    assert warnings(window) == [MISSING]


def test_the_lock_is_not_held_up_by_a_sheet(make_page: Make, office: Office) -> None:
    window = make_page(AdminPage, office, Role.ADMINISTRATOR)
    sheet(window)
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    close_dialogs(app, window.view)
    assert QApplication.activeModalWidget() is None
    assert state_of(window) is SheetState.MADE
