"""Work that takes a while: a line that says so, and dialogs that show how far it is."""

from __future__ import annotations

from threading import Event

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from desktop.ui.dialogs import Dialog
from desktop.ui.kit.base import name_widget
from desktop.ui.kit.button import Button
from desktop.ui.kit.text import Text
from desktop.ui.theme import current_theme

SLOW = 400
"""Milliseconds after which it shows how far it is."""


def _bar(name: str, spoken: str) -> QProgressBar:
    """A bar with its words above it."""
    bar = QProgressBar()
    bar.setTextVisible(False)
    name_widget(bar, f"{name}_progress", spoken)
    return bar


class BusyLine(QWidget):
    """Says what is under way that cannot say how far it is: hidden until it takes long."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(current_theme().px(6))
        self.words = Text("", "body", "text-2", wrap=True)
        self.bar = _bar(name, "")
        self.bar.setRange(0, 0)
        self.beside = QHBoxLayout()
        """The bar, and what stands beside it."""
        self.beside.setSpacing(current_theme().px(12))
        self.beside.addWidget(self.bar, 1)
        column.addWidget(self.words)
        column.addLayout(self.beside)
        self._slow = QTimer(self, interval=SLOW, singleShot=True)
        self._slow.timeout.connect(self.show)
        self.hide()

    def start(self, words: str) -> None:
        """The work begins."""
        self.words.setText(words)
        self.bar.setAccessibleName(words)
        self._slow.start()

    def rest(self) -> None:
        """The work is over."""
        self._slow.stop()
        self.hide()


class WorkingDialog(Dialog):
    """Shows in `bar` how far work on the store's thread is, and stops it. Put the bar into the body.

    While it works, Esc and `cancel` only stop it: what became of it is shown first.
    """

    moved = Signal(int, int)
    """How much is done, and of how much."""
    cancel: Button

    def __init__(self, owner: QWidget, name: str, title: str, *, width: int, icon: str = "") -> None:
        super().__init__(owner, name, title, width=width, icon=icon)
        self.working = False
        self._stop = Event()
        self.bar = _bar(name, "How far it has come")
        self.bar.hide()
        self.slow = QTimer(self, interval=SLOW, singleShot=True)
        self.slow.timeout.connect(self.bar.show)
        self.moved.connect(self._moved)

    def start(self) -> None:
        """The work begins."""
        self._stop.clear()
        self.working = True
        self.bar.setRange(0, 0)
        self.slow.start()
        self.cancel.setText("Stop")
        self.cancel.setFocus()

    def told(self, done: int, of: int) -> bool:
        """On the store's thread: how far it is, and whether to go on."""
        self.moved.emit(done, of)
        return not self._stop.is_set()

    def rest(self) -> None:
        """The work is over."""
        if self.working and not self.isVisible():
            # The lock has hidden it meanwhile, and nobody can close it any more.
            self.deleteLater()
        self.working = False
        self.slow.stop()
        self.bar.hide()
        self.cancel.setEnabled(True)

    def reject(self) -> None:
        """Stops what is under way, or closes."""
        if self.working:
            self._stop.set()
            self.cancel.setEnabled(False)
        else:
            super().reject()

    def _moved(self, done: int, of: int) -> None:
        self.bar.setRange(0, of)
        self.bar.setValue(done)
