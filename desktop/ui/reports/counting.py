"""Counting aside: a line that says so once it takes long, with a button that stops it at once."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event
from typing import TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from desktop.casework.aside import NotWanted
from desktop.casework.desk import Desk
from desktop.ui.kit.button import Button
from desktop.ui.session import Session
from desktop.ui.working import BusyLine

T = TypeVar("T")


class Counting(BusyLine):
    """One thing at a time: what begins stops what went on. Esc stops it too."""

    stopped = Signal()
    """Somebody did not want to wait any longer: nothing was done."""

    def __init__(self, name: str, session: Session, page: QWidget) -> None:
        """`page`: where Esc stops it."""
        super().__init__(name)
        self._session = session
        self._over: Event | None = None
        """Set when what runs is not wanted any more; None while nothing runs."""
        self.lasting = False
        """Whether what runs goes on when the page is left."""
        self.cancel = Button("Cancel", name=f"{name}_cancel", height=28)
        self.cancel.triggered.connect(self._cancel)
        self.beside.addWidget(self.cancel)
        self._escapes: list[QShortcut] = []
        self.also_in(page)
        session.leaving.connect(self._cancel)

    def also_in(self, page: QWidget) -> None:
        """Esc stops it there too: what begins it may stand outside its own page."""
        escape = QShortcut(QKeySequence(Qt.Key.Key_Escape), page)
        escape.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        escape.activated.connect(self._cancel)
        # Where one page is within another, both hear it.
        escape.activatedAmbiguously.connect(self._cancel)
        escape.setEnabled(False)
        self._escapes.append(escape)

    @property
    def running(self) -> bool:
        """Whether something is under way."""
        return self._over is not None

    def run(
        self,
        words: str,
        work: Callable[[Desk], T],
        done: Callable[[T], None],
        failed: Callable[[Exception], None] | None = None,
        *,
        lasting: bool = False,
    ) -> None:
        """Does `work` aside; `done` or `failed` follow on this one, unless it was stopped before.

        `lasting`: it goes on when the page is left, nothing else begins meanwhile, and whoever stops it hears what
        became of it.
        """
        if self.lasting:
            return
        self.stop()
        over = self._over = Event()
        self.lasting = lasting
        self.start(words)
        self._hear(escapes=True)

        def went_well(result: T) -> None:
            if over is self._over:
                self._rest()
                done(result)

        def went_wrong(error: Exception) -> None:
            if over is self._over:
                self._rest()
                if isinstance(error, NotWanted):
                    self.stopped.emit()
                elif failed is not None:
                    failed(error)
                else:
                    self._session.show_error(self, error)

        self._session.run_aside(self, lambda: not over.is_set(), work, done=went_well, failed=went_wrong)

    def stop(self) -> None:
        """What runs is not wanted any more; without a word."""
        if self._over is not None:
            self._over.set()
            self._rest()

    def leave(self) -> bool:
        """The page is left: stops what runs and does not last, so that nothing waits for it. Whether it did."""
        stops = self.running and not self.lasting
        if stops:
            self.stop()
        return stops

    def _cancel(self) -> None:
        if self.lasting and self._over is not None:
            self.words.setText("Stopping…")
            self._over.set()
        elif self.running:
            self.stop()
            self.stopped.emit()

    def _rest(self) -> None:
        self._over, self.lasting = None, False
        self._hear(escapes=False)
        self.rest()

    def _hear(self, *, escapes: bool) -> None:
        for one in self._escapes:
            one.setEnabled(escapes)
