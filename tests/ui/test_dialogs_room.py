"""However large the text, a dialog is no larger than where it stands, and its buttons stay in sight."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QDialog, QWidget
from pytestqt.qtbot import QtBot

from db.records import Action, Role
from desktop.casework.casepage import case_page
from desktop.ui.background import Worker
from desktop.ui.case.new import NewRequest
from desktop.ui.case.steps import StepDialog
from desktop.ui.case.why import WhyDialog
from desktop.ui.keys import KeysDialog
from desktop.ui.session import Session
from desktop.ui.theme import Theme
from tests.fixtures import Office
from tests.store.test_extending import foi

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
