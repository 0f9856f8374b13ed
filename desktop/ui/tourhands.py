"""The tour's hands and eyes: it finds widgets, presses them, waits for windows, and leaves pictures."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtCore import QCoreApplication, QElapsedTimer, QEventLoop, QObject, Qt, QTimer
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QLabel, QWidget

from desktop.app import DeskApp
from desktop.casework.sample import sample_password
from desktop.settings import Settings

W = TypeVar("W", bound=QWidget)
PATIENCE = 30.0
"""Seconds that the tour waits for a window before it says that it never came."""
SIZE = (1366, 768)
MADE = "made-by-the-tour.txt"


class TourError(Exception):
    """A window did not come, or did not do what the tour asked."""


class Probe(QObject):
    """Feels how long the window's thread is blocked: a timer that should fire every 5 ms, and what was going on."""

    STEP = 5

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.longest, self.longest_during, self.now = 0.0, "", ""
        self._since = QElapsedTimer()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)

    def watch(self, what: str) -> None:
        """Measures from here on, under this name."""
        self.now = what
        self._since.start()
        self._timer.start(self.STEP)

    def rest(self) -> None:
        """Measures nothing."""
        self._timer.stop()

    @contextmanager
    def during(self, what: str) -> Iterator[None]:
        """Measures what happens inside."""
        self.watch(what)
        try:
            yield
        finally:
            self.rest()

    def _beat(self) -> None:
        blocked = self._since.nsecsElapsed() / 1e6 - self.STEP
        self._since.start()
        if blocked > self.longest:
            self.longest, self.longest_during = blocked, self.now


class Hands:
    """One desk, driven from outside."""

    def __init__(self, app: QApplication, folder: Path, out: Path) -> None:
        self.out = out
        self.pictures: list[str] = []
        self.desk = DeskApp(app, Settings(folder), idle_minutes=600)
        self.desk.theme.set_scheme("light")
        self.desk.window.resize(*SIZE)
        self.probe = Probe(app)
        self._expecting = False
        self._surprise = ""
        self._watch = QTimer(app)
        self._watch.setInterval(1000)
        self._watch.timeout.connect(self._close_surprises)
        self._watch.start()
        self.desk.start()

    # Hands and eyes

    def settle(self) -> None:
        """Until the store has answered everything and the window has painted."""
        end = time.monotonic() + 0.12
        while self.desk.worker.busy or time.monotonic() < end:
            QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 10)

    def _close_surprises(self) -> None:
        """A message that nobody asked for would wait for ever: it is closed, and the tour stops with its words."""
        modal = QApplication.activeModalWidget()
        if modal is not None and not self._expecting:
            words = [label.text() for label in modal.findChildren(QLabel) if label.text()]
            self._surprise = " / ".join(words)
            modal.close()

    def until(self, ready: Callable[[], object], what: str) -> None:
        """Waits for something to be so."""
        end = time.monotonic() + PATIENCE
        while not ready():
            if self._surprise:
                raise TourError(f"{what} did not come, but this: {self._surprise}")
            if time.monotonic() > end:
                raise TourError(f"{what} did not come")
            QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)

    def find(self, kind: type[W], name: str, within: QWidget | None = None) -> W:
        """The visible widget of a name, as soon as there is one. Raises TourError."""
        seen: list[W] = []

        def look() -> bool:
            seen.extend(one for one in (within or self.front()).findChildren(kind, name) if one.isVisible())
            return bool(seen)

        self.until(look, name)
        return seen[0]

    def front(self) -> QWidget:
        """The dialog in front, or the window."""
        modal = QApplication.activeModalWidget()
        return modal if modal is not None else self.desk.window

    def click(self, name: str, within: QWidget | None = None) -> None:
        """Presses a button by its name."""
        self.find(QAbstractButton, name, within).click()
        self.settle()

    def picture(self, name: str) -> None:
        """Leaves a picture of the window, with a dialog over it where there is one."""
        self.settle()
        self.probe.rest()
        pixmap = self.desk.window.grab()
        dialog = QApplication.activeModalWidget()
        if dialog is not None and dialog is not self.desk.window:
            painter = QPainter(pixmap)
            painter.fillRect(pixmap.rect(), QColor(0, 0, 0, 90))
            over = dialog.grab()
            painter.drawPixmap((pixmap.width() - over.width()) // 2, (pixmap.height() - over.height()) // 2, over)
            painter.end()
        path = self.out / f"{name}.png"
        if not pixmap.save(str(path)):
            raise TourError(f"the picture {name} could not be written")
        self.pictures.append(name)
        self.note(path)

    def note(self, path: Path) -> None:
        """Writes down that this tour made a file, for the next one to take away."""
        with (self.out / MADE).open("a", encoding="utf-8") as listed:
            listed.write(f"{path.relative_to(self.out).as_posix()}\n")

    def in_dialog(self, does: Callable[[], Any], opens: Callable[[], Any]) -> None:
        """Opens a dialog, does something in it that closes it, and waits until it is gone."""
        failed: list[Exception] = []
        done: list[bool] = []

        def act() -> None:
            try:
                if not isinstance(QApplication.activeModalWidget(), QDialog):
                    raise TourError("a dialog did not come")
                does()
            except TourError as error:
                failed.append(error)
                while (modal := QApplication.activeModalWidget()) is not None:
                    modal.close()
            done.append(True)

        self._expecting = True
        QTimer.singleShot(300, self.desk, act)
        opens()
        self.until(lambda: bool(done) and QApplication.activeModalWidget() is None, "the end of a dialog")
        self._expecting = False
        if failed:
            raise failed[0]
        self.settle()

    def sign_in(self, first_name: str) -> None:
        """Signs in as someone of the sample."""
        self.until(lambda: self.desk.entry is not None, "the store")
        self.settle()
        people = {"Ruth": "ruth.adeyemi", "Daniel": "daniel.osei", "Priya": "priya.nair", "Sam": "sam.kerrigan"}
        self.desk.startup.sign_in.card.sign_in_as(people[first_name], sample_password())
        self.until(lambda: self.desk.main is not None, f"{first_name}’s desk")
        self.settle()

    def sign_out(self) -> None:
        """Leaves the desk to the next person."""
        self.desk.sign_out()
        self.settle()
