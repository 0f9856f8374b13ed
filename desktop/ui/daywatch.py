"""Tells when the day changes while the desk is open: over midnight, after a sleep, or because a clock was set."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import QObject, QTimer, Signal


class DayWatch(QObject):
    """Asks for the day every so often and compares it with the last one, so that no change is missed or waited for."""

    changed = Signal()
    """It is another day than it was when this last looked, later or earlier."""
    EVERY = 20_000
    """Milliseconds."""

    def __init__(self, today: Callable[[], date], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._today = today
        self._last = today()
        self._timer = QTimer(self, interval=self.EVERY)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def look(self) -> None:
        """Looks now."""
        today = self._today()
        if today != self._last:
            self._last = today
            self.changed.emit()
