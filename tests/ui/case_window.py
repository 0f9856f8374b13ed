"""A case's window on a real store, driven by keys: what the tests of it share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QWidget
from pytestqt.qtbot import QtBot

from db.records import Answers, Role
from desktop.casework.casepage import CasePage, case_page
from desktop.casework.desk import Done
from desktop.ui.background import Worker
from desktop.ui.case.view import CaseView
from desktop.ui.opening_case import ReasonDialog
from desktop.ui.session import Session
from desktop.ui.theme import Theme
from tests.fixtures import Office
from tests.ui.page_window import press_in, words_of
from tests.ui.waiting import PATIENCE

NONE = Qt.KeyboardModifier.NoModifier
ALT = Qt.KeyboardModifier.AltModifier
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


@dataclass
class Window:
    """The window, and hands on its keyboard."""

    qtbot: QtBot
    office: Office
    session: Session
    view: CaseView

    def open(self, done: Done | int, part: str = "") -> None:
        """Opens a case and waits until it is there; where a reason is asked for, one is given."""
        case_id = done if isinstance(done, int) else done.case_id
        self.view.open(case_id, part)
        self.settle()
        if isinstance(dialog := QApplication.activeModalWidget(), ReasonDialog):
            dialog.reason.choose("check")
            press_in(dialog, "open")
        self.until(lambda: self.view.page is not None and self.view.page.case.row.id == case_id)
        self.until(lambda: self.view.part)
        self.settle()
        self.activate()

    def activate(self) -> None:
        """Gives the window the keyboard back: without a window manager, nobody else does when a dialog closes."""
        self.view.window().activateWindow()
        self.until(lambda: QApplication.focusWidget() is not None)

    def settle(self) -> None:
        """Waits until nothing is on its way to the store or back."""
        for _ in range(3):
            self.session.worker.drain(PATIENCE)
            QApplication.processEvents()

    def saved(self) -> None:
        """Waits until everything typed is in the store and read back."""
        self.until(lambda: not self.view.draft.unsaved())
        self.settle()

    def until(self, condition: Callable[[], object]) -> None:
        """Waits for a condition."""
        self.qtbot.waitUntil(lambda: bool(condition()), timeout=PATIENCE)

    def stored(self) -> Answers:
        """The answers as the store has them."""
        return self.stored_page().case.answers

    def stored_page(self) -> CasePage:
        """The case as the store has it."""
        assert self.view.page is not None
        # The store is one thread's at a time.
        self.session.worker.drain(PATIENCE)
        return case_page(self.session.desk, self.view.page.case.row.id)

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
        """Presses a key wherever the focus is."""
        QTest.keyClick(focused(), key, modifiers)
        QApplication.processEvents()

    def type(self, text: str) -> None:
        """Types into whatever has the focus."""
        for character in text:
            if character.isascii():
                QTest.keyClicks(focused(), character)
                continue
            # QTest has no key for these, and aborts.
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                QApplication.sendEvent(focused(), QKeyEvent(kind, 0, NONE, character))

    def tab_to(self, name: str, most: int = 120) -> QWidget:
        """Goes to a control by Tab alone. Fails where Tab does not lead there."""
        for _ in range(most):
            if focused().objectName() == name:
                return focused()
            self.press(Qt.Key.Key_Tab)
        raise AssertionError(f"Tab does not lead to {name}")

    def choose(self, name: str, words: str) -> None:
        """Chooses in a drop-down list with the arrows."""
        combo = self.tab_to(name)
        assert isinstance(combo, QComboBox)
        for _ in range(combo.count()):
            if combo.currentText() == words:
                return
            self.press(Qt.Key.Key_Down)
        raise AssertionError(f"{name} does not offer {words}")

    def answering(self, does: Callable[[], object], until: Callable[[], object] | None = None) -> list[str]:
        """Does something, says yes to what is asked, and closes what is told: what that was. Waits for `until`, or for
        the first thing that is told.
        """
        told: list[str] = []

        def look() -> None:
            dialog = QApplication.activeModalWidget()
            if dialog is None:
                return
            if dialog.findChild(QAbstractButton, "yes") is not None:
                press_in(dialog, "yes")
            elif dialog.objectName() in ("inform", "environment_error"):
                told.append(words_of(dialog))
                press_in(dialog, "close")

        timer = QTimer()
        timer.timeout.connect(look)
        timer.start(20)
        does()
        self.until(until or (lambda: told))
        timer.stop()
        self.settle()
        return told

    def find(self, name: str) -> QWidget:
        """A widget of the window by its object name."""
        found = self.view.window().findChild(QWidget, name)
        assert found is not None, name
        return found


def focused() -> QWidget:
    """What has the keyboard."""
    found = QApplication.focusWidget()
    assert found is not None, "Nothing has the focus"
    return found


def open_dialog(qtbot: QtBot, name: str) -> Any:
    """Waits for a dialog of this name."""

    def shown() -> QWidget | None:
        tops = (one for one in QApplication.topLevelWidgets() if one.isVisible())
        return next((one for one in tops if one.objectName() == name), None)

    def has_keyboard() -> bool:
        there, focus = shown(), QApplication.focusWidget()
        return there is not None and focus is not None and focus.window() is there

    qtbot.waitUntil(has_keyboard, timeout=PATIENCE)
    return shown()


@pytest.fixture
def make_window(qtbot: QtBot, office: Office, theme: Theme) -> Iterator[Callable[..., Window]]:
    """Makes windows, each with a session and a thread of its own; at the end they are closed in order."""
    made: list[Window] = []

    def make(role: Role = Role.CASEWORKER) -> Window:
        session = Session(office.desk(role), theme, Worker())
        view = CaseView(session)
        view.resize(1310, 720)
        qtbot.addWidget(view)
        view.show()
        view.activateWindow()
        qtbot.waitExposed(view)
        made.append(Window(qtbot, office, session, view))
        return made[-1]

    yield make
    for one in made:
        # As the desk does when it is closed: what was typed last is on its way first.
        one.view.flush(one.settle)
        one.settle()
        one.session.worker.stop()
        one.view.close()


@pytest.fixture
def window(make_window: Callable[..., Window]) -> Window:
    """A caseworker's window."""
    return make_window()
