"""One page of the desk on a real store, driven by keys: what the tests of the later pages share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from db import journal
from db.records import Case, Role
from desktop.casework.casepage import CasePage, case_page
from desktop.ui.background import Worker
from desktop.ui.dialogs import Dialog
from desktop.ui.kit.button import DESTRUCTIVE, MAIN, Button
from desktop.ui.session import Session
from desktop.ui.theme import Theme
from tests.fixtures import Office
from tests.ui.waiting import PATIENCE

NONE = Qt.KeyboardModifier.NoModifier
ALT = Qt.KeyboardModifier.AltModifier
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
P = TypeVar("P", bound=QWidget)


@dataclass
class Window(Generic[P]):
    """A page in a window of its own, and hands on its keyboard."""

    qtbot: QtBot
    office: Office
    session: Session
    view: P

    def settle(self) -> None:
        """Waits until nothing is on its way to the store or back."""
        for _ in range(12):
            assert self.session.worker.drain(PATIENCE)
            QApplication.processEvents()

    def until(self, condition: Callable[[], object]) -> None:
        """Waits for a condition."""
        self.qtbot.waitUntil(lambda: bool(condition()), timeout=PATIENCE)

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
        """Presses a key wherever the keyboard is, and lets the store answer."""
        self.view.window().activateWindow()
        self.until(lambda: QApplication.focusWidget() is not None)
        QTest.keyClick(QApplication.focusWidget() or self.view, key, modifiers)
        self.settle()

    def type(self, text: str) -> None:
        """Types into whatever has the keyboard."""
        focused = QApplication.focusWidget()
        assert focused is not None
        QTest.keyClicks(focused, text)
        self.settle()

    def in_dialog(self, does: Callable[[Any], None], opens: Callable[[], object]) -> None:
        """Opens a dialog that waits for an answer, and does something in it."""
        self.in_dialogs(does, 1, opens)

    def in_dialogs(self, does: Callable[[Any], None], count: int, opens: Callable[[], object]) -> None:
        """Opens so many dialogs, one after the other, and does something in each."""
        failed: list[Exception] = []
        met: list[QWidget] = []
        # One that is open already is not the one that is waited for.
        before = QApplication.activeModalWidget()
        timer = QTimer()
        timer.setInterval(20)

        def look() -> None:
            dialog = QApplication.activeModalWidget()
            if dialog is None or dialog is before or dialog in met:
                return
            met.append(dialog)
            if len(met) == count:
                timer.stop()
            try:
                does(dialog)
            except Exception as error:  # noqa: BLE001 - raised again below, where the test sees it
                failed.append(error)
                dialog.close()

        timer.timeout.connect(look)
        timer.start()
        try:
            opens()
            self.qtbot.waitUntil(lambda: len(met) == count, timeout=PATIENCE)
        finally:
            # Left running, it would answer the dialogs of the next test.
            timer.stop()
        if failed:
            raise failed[0]
        self.settle()

    def case(self, case_id: int) -> Case:
        """A case as the store has it."""
        return self.page(case_id).case

    def page(self, case_id: int) -> CasePage:
        """A case's page as the caseworker would see it."""
        self.session.worker.drain(PATIENCE)
        return case_page(self.office.caseworker, case_id)

    def journalled(self, case_id: int) -> list[str]:
        """What the journal says of a case, in order."""
        self.session.worker.drain(PATIENCE)
        with self.session.desk.store.read() as tx:
            return [entry.action for entry in journal.entries(tx, case_id=case_id, limit=1000)]


def words_of(dialog: QWidget) -> str:
    """Everything that a dialog says."""
    return " ".join(label.text() for label in dialog.findChildren(QLabel) if label.isVisible())


def press_in(dialog: QWidget, name: str) -> None:
    """Presses a button of a dialog."""
    button = dialog.findChild(QAbstractButton, name)
    assert button is not None, name
    button.click()


def misplaced(dialog: Dialog) -> list[str]:
    """Buttons of a dialog's foot that stand behind the one that does it, which is alone of its kind."""
    there = [item.widget() for at in range(dialog.foot.count()) if (item := dialog.foot.itemAt(at)) is not None]
    buttons = [one for one in there if isinstance(one, Button) and one.isVisible()]
    does = [one for one in buttons if one.kind in (MAIN, DESTRUCTIVE)]
    return [one.objectName() for one in buttons[buttons.index(does[0]) + 1 :]] if does else []


def close(dialog: Dialog) -> None:
    """Closes a dialog that only tells something."""
    assert dialog.objectName() == "inform"
    press_in(dialog, "close")


def nameless(view: QWidget) -> list[str]:
    """The controls that the keyboard reaches and that have no name to be spoken."""
    return [
        f"{type(one).__name__} {one.objectName()}"
        for one in view.findChildren(QWidget)
        if one.focusPolicy() & Qt.FocusPolicy.TabFocus
        and one.isVisible()
        and not one.objectName().startswith("qt_")
        and not one.accessibleName()
    ]


Make = Callable[..., Window[Any]]


@pytest.fixture
def make_page(qtbot: QtBot, theme: Theme) -> Make:
    """Makes pages, each with a session and a thread of its own, which is at rest before any fixture is taken down: in
    whatever order a test asks for them, the store is closed after the last thread that reads it.
    """
    # The robot knows its windows by weak references alone: what a test lets go of would never be brought to rest.
    kept: list[QWidget] = []

    def make(kind: Callable[[Session], P], office: Office, role: Role) -> Window[P]:
        session = Session(office.desk(role), theme, Worker())
        view = kind(session)
        view.resize(1400, 720)
        kept.append(view)
        qtbot.addWidget(view, before_close_func=lambda _view: session.worker.stop())
        view.show()
        view.activateWindow()
        qtbot.waitExposed(view)
        window = Window(qtbot, office, session, view)
        window.settle()
        return window

    return make
