"""A mistake of ours becomes a report: once, on the GUI thread, after drafts are saved. Nothing is sent anywhere."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from types import TracebackType

from PySide6.QtCore import QObject, Qt, Signal


class CrashHook(QObject):
    """Takes the interpreter's hooks. `report` is called with an exception that nobody caught, one at a time."""

    _raised = Signal(object)

    def __init__(self, report: Callable[[BaseException], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._report = report
        self._showing = False
        # Queued: whichever thread it happened on, and in the middle of whatever, the window opens later and in peace.
        self._raised.connect(self._show, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        """Takes over from the interpreter's own hooks."""
        sys.excepthook = self._hook
        threading.excepthook = self._thread_hook

    def _hook(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        self._raised.emit(error)

    def _thread_hook(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            self._raised.emit(args.exc_value)

    def _show(self, error: BaseException) -> None:
        if self._showing:
            return
        self._showing = True
        try:
            self._report(error)
        finally:
            self._showing = False
