"""However large the text, a dialog is no larger than where it stands, and its buttons stay in sight."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot

from db.errors import DiskFull
from db.records import Action, Role
from desktop.casework.casepage import case_page
from desktop.ui import dialogs
from desktop.ui.background import Worker
from desktop.ui.case.new import NewRequest
from desktop.ui.case.steps import StepDialog
from desktop.ui.case.why import WhyDialog
from desktop.ui.keys import KeysDialog
from desktop.ui.session import Session
from desktop.ui.theme import Theme
from tests.fixtures import Office
from tests.store.test_extending import foi
from tests.ui.page_window import press_in, words_of

Make = Callable[[Office, Session, QWidget], QDialog]
DIALOGS: dict[str, Make] = {
    "new request": lambda office, session, owner: NewRequest(session, owner),
    "why this date": lambda office, session, owner: WhyDialog(
        case_page(office.caseworker, office.register().case_id), session.desk.today(), owner
    ),
    "extend": lambda office, session, owner: StepDialog(
        Action.EXTEND, case_page(office.caseworker, foi(office).case_id), session.desk, owner
    ),
    "return": lambda office, session, owner: StepDialog(
        Action.RETURN, case_page(office.caseworker, foi(office).case_id), session.desk, owner
    ),
    "all keys": lambda office, session, owner: KeysDialog(owner),
}


@pytest.mark.parametrize("name", DIALOGS)
@pytest.mark.parametrize("scale", [100, 200])
def test_a_dialog_fits_its_window(qtbot: QtBot, theme: Theme, office: Office, name: str, scale: int) -> None:
    theme.set_text_scale(scale)
    worker = Worker()
    owner = QWidget()
    qtbot.addWidget(owner)
    owner.resize(1366, 768)
    owner.show()
    dialog = DIALOGS[name](office, Session(office.desk(Role.CASEWORKER), theme, worker), owner)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitExposed(dialog)
    room = dialog.screen().availableGeometry().size().expandedTo(owner.size())
    assert dialog.width() <= room.width()
    assert dialog.height() <= room.height()
    worker.stop()


def test_a_mistake_of_ours_and_a_fault_of_the_environment_are_shown(qtbot: QtBot, theme: Theme) -> None:
    owner = QWidget()
    qtbot.addWidget(owner)
    owner.show()
    said: list[str] = []

    def read() -> None:
        dialog = QApplication.activeModalWidget()
        assert dialog is not None
        said.append(words_of(dialog))
        press_in(dialog, "close")

    for show in (
        lambda: dialogs.report(owner, ValueError("Ashworth")),
        lambda: dialogs.environment_error(owner, DiskFull.what, DiskFull.safe, DiskFull.todo),
    ):
        QTimer.singleShot(50, read)
        show()
    assert "The desk made a mistake" in said[0]
    assert "Ashworth" not in said[0]
    assert "The disk is full." in said[1]
