"""The whole desk on a real store, driven by keys: what the tests of its windows share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop.app import DeskApp
from desktop.settings import Settings
from desktop.ui.mainwindow import MainWindow
from tests.ui.waiting import PATIENCE

PASSWORD = "sample-desk"
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier
NONE = Qt.KeyboardModifier.NoModifier


class Hands:
    """The desk, and hands on its keyboard."""

    def __init__(self, qtbot: QtBot, desk: DeskApp) -> None:
        self.qtbot = qtbot
        self.desk = desk
        self.card = desk.startup.sign_in.card

    @property
    def main(self) -> MainWindow:
        """The signed-in desk."""
        assert self.desk.main is not None
        return self.desk.main

    def settle(self) -> None:
        """Waits until the store has answered everything."""
        assert self.desk.worker.drain(PATIENCE)
        QApplication.processEvents()
        assert self.desk.worker.drain(PATIENCE)

    def until(self, test: Callable[[], object]) -> None:
        """Waits for something to be so."""
        self.qtbot.waitUntil(lambda: bool(test()), timeout=PATIENCE)

    def focus(self) -> QWidget | None:
        """The control that has the keyboard in the desk's window."""
        return self.desk.window.focusWidget()

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = NONE, text: str = "") -> None:
        """Presses a key where the keyboard is."""
        target = self.focus() or self.desk.window
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QApplication.sendEvent(target, QKeyEvent(kind, key, modifier, text))

    def type(self, text: str) -> None:
        """Types where the keyboard is."""
        for one in text:
            self.key(Qt.Key.Key_unknown, NONE, one)

    def opened(self) -> None:
        """Waits for the store behind the sign-in."""
        self.until(lambda: self.desk.entry is not None)
        self.settle()

    def sign_in(self, username: str, password: str = PASSWORD) -> None:
        """Signs in and waits for the desk."""
        self.opened()
        self.card.sign_in_as(username, password)
        self.until(lambda: self.desk.main is not None)
        self.settle()
        self.desk.window.activateWindow()
        self.until(self.desk.window.isActiveWindow)
        self.main.back_again()


@contextmanager
def running(qtbot: QtBot, folder: Path) -> Iterator[Hands]:
    """The desk on a folder, until the end of the block."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    desk = DeskApp(app, Settings(folder))
    # The screen of the offscreen platform is smaller than any that the desk is made for.
    desk.window.resize(1366, 768)
    desk.start()
    desk.window.activateWindow()
    try:
        yield Hands(qtbot, desk)
    finally:
        desk.stop()
        desk.window.close()
        desk.window.deleteLater()
        desk.deleteLater()
        QApplication.processEvents()
        # Gone before the next desk's style sheet, which is worked out again for every widget there is.
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        desk.theme.deleteLater()


@pytest.fixture
def hands(qtbot: QtBot, sample_copy: Path) -> Iterator[Hands]:
    """The desk on the sample store, before anyone has signed in."""
    with running(qtbot, sample_copy) as made:
        yield made
