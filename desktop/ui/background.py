"""The store's thread: one thread that runs everything that touches the store, in the order in which it was asked."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

from PySide6.QtCore import QCoreApplication, QDeadlineTimer, QEventLoop, QObject, QThread, Signal, Slot
from shiboken6 import isValid

T = TypeVar("T")
Result = tuple[bool, Any]
"""(True, what the function returned) or (False, the exception)."""


class _Delivery(QObject):
    """Carries a result from the store's thread to the GUI's: the signal is queued because the threads differ."""

    arrived = Signal(object, object)


class Worker(QObject):
    """Runs functions on the store's one thread and hands their results back on the GUI's.

    Without `failed`, an exception goes to `on_error`. A result is dropped where `owner` is gone by then.
    """

    busy_changed = Signal(bool)

    def __init__(
        self, on_error: Callable[[Exception], None] | None = None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._on_error = on_error
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="store")
        self._delivery = _Delivery()
        self._delivery.arrived.connect(self._deliver)
        self._waiting = 0
        self._closed = False

    @property
    def busy(self) -> bool:
        """Whether anything is running or waiting."""
        return self._waiting > 0

    def run(
        self,
        function: Callable[..., T],
        *arguments: Any,
        done: Callable[[T], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
        owner: QObject | None = None,
    ) -> None:
        """Calls `function(*arguments)` on the store's thread; `done(result)` or `failed(error)` follow on the GUI's."""
        if self._closed:
            raise RuntimeError("the worker is closed")
        self._waiting += 1
        if self._waiting == 1:
            self.busy_changed.emit(True)
        job = self._pool.submit(function, *arguments)
        job.add_done_callback(lambda finished: self._finished(finished, (done, failed, owner)))

    def drain(self, milliseconds: int = 10_000) -> bool:
        """Handles events until nothing runs or waits; False where that took too long. For tests and closing."""
        deadline = QDeadlineTimer(milliseconds)
        while self._waiting and not deadline.hasExpired():
            QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
            if self._waiting:
                QThread.usleep(500)
        return not self._waiting

    def close(self) -> None:
        """Lets what was asked for finish, delivers it, and ends the thread."""
        self.drain()
        self._closed = True
        self._pool.shutdown(wait=True)

    def _finished(self, job: Future[Any], reply: tuple[Any, Any, QObject | None]) -> None:
        """On the store's thread: sends the outcome across."""
        error = job.exception()
        result: Result = (True, job.result()) if error is None else (False, error)
        self._delivery.arrived.emit(result, reply)

    @Slot(object, object)
    def _deliver(self, result: Result, reply: tuple[Any, Any, QObject | None]) -> None:
        self._waiting -= 1
        if self._waiting == 0:
            self.busy_changed.emit(False)
        done, failed, owner = reply
        if owner is not None and not isValid(owner):
            return
        well, value = result
        if well:
            if done is not None:
                done(value)
        elif failed is not None:
            failed(value)
        elif self._on_error is not None:
            self._on_error(value)
        else:
            raise value
