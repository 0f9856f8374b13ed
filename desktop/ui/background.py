"""The store's thread: one thread that runs everything that touches the store, in the order in which it was asked."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable
from dataclasses import dataclass
from queue import SimpleQueue
from threading import Thread
from typing import Any, TypeVar

from PySide6.QtCore import QCoreApplication, QDeadlineTimer, QEventLoop, QObject, QThread, QTimer, Signal, Slot
from shiboken6 import isValid

T = TypeVar("T")
_SWITCH_SECONDS = 0.0005


@dataclass(frozen=True, slots=True)
class _Job:
    """A function to call, and who wants to know."""

    call: Callable[[], Any]
    done: Callable[[Any], None] | None
    failed: Callable[[Exception], None] | None
    owner: QObject | None
    owned: bool


class Worker(QObject):
    """Runs functions on the store's one thread and hands their results back on the GUI's.

    A result is dropped where `owner` is gone by then. An exception without `failed` is raised on the GUI thread, where
    the crash report takes it up.
    """

    busy_changed = Signal(bool)
    """True when something begins to run or wait, False when nothing does any more."""
    _arrived = Signal(object, object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._waiting = 0
        self._stopped = False
        # Qt's calls let go of the interpreter; while the store's thread computes, each would wait 5 ms to have it back.
        sys.setswitchinterval(_SWITCH_SECONDS)
        # A collection on the store's thread would destroy widgets there: only the GUI's thread collects.
        gc.disable()
        self._collect = QTimer(self, interval=1000)
        self._collect.timeout.connect(collect_garbage)
        self._collect.start()
        # Emitted on the store's thread and received on the GUI's, so Qt queues it.
        self._arrived.connect(self._deliver)
        self._thread = Thread(target=self._work, name="store", daemon=True)
        self._thread.start()

    @property
    def busy(self) -> bool:
        """Whether anything runs or waits."""
        return self._waiting > 0

    def run(
        self,
        function: Callable[..., T],
        *arguments: Any,
        owner: QObject | None = None,
        done: Callable[[T], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        """Calls `function(*arguments)` on the store's thread; `done(result)` or `failed(error)` follow on the GUI's.

        After stop() nothing is done any more: a timer that fires while the desk closes has no one to answer.
        """
        if self._stopped:
            return
        self._waiting += 1
        if self._waiting == 1:
            self.busy_changed.emit(True)
        self._jobs.put(_Job(lambda: function(*arguments), done, failed, owner, owner is not None))

    def drain(self, milliseconds: int = 10_000) -> bool:
        """Delivers until nothing runs or waits, for tests and for closing; False where that took longer."""
        deadline = QDeadlineTimer(milliseconds)
        while self._waiting and not deadline.hasExpired():
            QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
            if self._waiting:
                QThread.usleep(500)
        return not self._waiting

    def stop(self) -> None:
        """Lets what was asked for finish, delivers it, and ends the thread. Twice is once."""
        if self._stopped:
            return
        self.drain()
        self._stopped = True
        self._jobs.put(None)
        self._thread.join()
        self._collect.stop()
        gc.enable()

    def _work(self) -> None:
        """On the store's thread: job after job, until stop()."""
        while (job := self._jobs.get()) is not None:
            result: Any = None
            error: Exception | None = None
            try:
                result = job.call()
            except Exception as raised:  # noqa: BLE001 - whatever it is, the one who asked is told
                error = raised
            self._arrived.emit(job, result, error)
            del job, result, error

    @Slot(object, object, object)
    def _deliver(self, job: _Job, result: Any, error: Exception | None) -> None:
        self._waiting -= 1
        try:
            if not job.owned or (job.owner is not None and isValid(job.owner)):
                self._tell(job, result, error)
        finally:
            if self._waiting == 0:
                self.busy_changed.emit(False)

    def _tell(self, job: _Job, result: Any, error: Exception | None) -> None:
        if error is None:
            if job.done is not None:
                job.done(result)
        elif job.failed is not None:
            job.failed(error)
        else:
            raise error


def collect_garbage() -> None:
    """What the interpreter would have collected by itself by now, on the GUI's thread.

    All that is alive is looked through a tenth as often as it would be: that holds the windows up the longest.
    """
    young, middle, old = gc.get_count()
    at = gc.get_threshold()
    if old > at[2] * 10:
        gc.collect(2)
    elif middle > at[1]:
        gc.collect(1)
    elif young > at[0]:
        gc.collect(0)
