"""The store's thread, which runs whatever touches the store in the order in which it was asked; and one aside, which
runs what takes long and only reads.
"""

from __future__ import annotations

import ctypes
import gc
import sys
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from queue import SimpleQueue
from threading import Thread
from typing import Any, TypeVar

from PySide6.QtCore import QCoreApplication, QDeadlineTimer, QEventLoop, QObject, QThread, QTimer, Signal, Slot
from shiboken6 import isValid

T = TypeVar("T")
_SWITCH_SECONDS = 0.0005
_STORE, _ASIDE = _THREADS = ("store", "aside")


@dataclass(frozen=True, slots=True)
class _Job:
    """A function to call, and who wants to know."""

    call: Callable[[], Any]
    done: Callable[[Any], None] | None
    failed: Callable[[Exception], None] | None
    owner: QObject | None
    owned: bool


class Worker(QObject):
    """Runs functions on the store's one thread, or aside, and hands their results back on the GUI's.

    A result is dropped where `owner` is gone by then. An exception without `failed` is raised on the GUI thread, where
    the crash report takes it up.
    """

    busy_changed = Signal(bool)
    """True when something begins to run or wait, False when nothing does any more."""
    _arrived = Signal()
    _running = 0
    """How many there are, over the whole program."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        # What was asked for stays here until it is delivered: whatever it holds must never be let go of last on another
        # thread, which would destroy widgets there.
        self._asked: dict[int, _Job] = {}
        self._numbers = count()
        self._to_do = {name: SimpleQueue[int | None]() for name in _THREADS}
        self._answers: SimpleQueue[tuple[int, Any, Exception | None]] = SimpleQueue()
        self._stopped = False
        # Qt's calls let go of the interpreter; while another thread computes, each would wait 5 ms to have it back.
        sys.setswitchinterval(_SWITCH_SECONDS)
        # A collection on another thread would destroy widgets there too: only the GUI's thread collects.
        Worker._running += 1
        gc.disable()
        self._collect = QTimer(self, interval=1000)
        self._collect.timeout.connect(collect_garbage)
        self._collect.start()
        self._give_back = QTimer(self, interval=10_000)
        self._give_back.timeout.connect(give_memory_back)
        self._give_back.start()
        # Emitted on the thread that answers and received on the GUI's, so Qt queues it.
        self._arrived.connect(self._deliver)
        self._threads = [
            Thread(target=self._work, args=(queue,), name=name, daemon=True) for name, queue in self._to_do.items()
        ]
        for thread in self._threads:
            thread.start()

    @property
    def busy(self) -> bool:
        """Whether anything runs or waits."""
        return bool(self._asked)

    def run(
        self,
        function: Callable[..., T],
        *arguments: Any,
        owner: QObject | None = None,
        done: Callable[[T], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
        aside: bool = False,
    ) -> None:
        """Calls `function(*arguments)` on the store's thread; `done(result)` or `failed(error)` follow on the GUI's.

        `aside`: on the thread beside it, which nothing waits for that people type: it may take long.

        After stop() nothing is done any more: a timer that fires while the desk closes has no one to answer.
        """
        if self._stopped:
            return
        if not self._asked:
            self.busy_changed.emit(True)
        number = next(self._numbers)
        self._asked[number] = _Job(lambda: function(*arguments), done, failed, owner, owner is not None)
        self._to_do[_ASIDE if aside else _STORE].put(number)

    def drain(self, milliseconds: int = 10_000) -> bool:
        """Delivers until nothing runs or waits, for tests and for closing; False where that took longer."""
        deadline = QDeadlineTimer(milliseconds)
        while self._asked and not deadline.hasExpired():
            QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
            if self._asked:
                QThread.usleep(500)
        return not self._asked

    def stop(self) -> None:
        """Lets what was asked for finish, delivers it, and ends the threads. Twice is once."""
        if self._stopped:
            return
        self.drain()
        self._stopped = True
        for queue in self._to_do.values():
            queue.put(None)
        for thread in self._threads:
            thread.join()
        self._collect.stop()
        self._give_back.stop()
        Worker._running -= 1
        if not Worker._running:
            gc.enable()

    def _work(self, queue: SimpleQueue[int | None]) -> None:
        """On a thread: job after job, until stop(). Nothing of a job is held here once its answer is out."""
        while (number := queue.get()) is not None:
            self._answers.put((number, *self._answer(number)))
            self._arrived.emit()

    def _answer(self, number: int) -> tuple[Any, Exception | None]:
        try:
            return self._asked[number].call(), None
        except Exception as raised:  # noqa: BLE001 - whatever it is, the one who asked is told
            return None, raised

    @Slot()
    def _deliver(self) -> None:
        number, result, error = self._answers.get()
        job = self._asked.pop(number)
        try:
            if not job.owned or (job.owner is not None and isValid(job.owner)):
                self._tell(job, result, error)
        finally:
            if not self._asked:
                self.busy_changed.emit(False)

    def _tell(self, job: _Job, result: Any, error: Exception | None) -> None:
        if error is None:
            if job.done is not None:
                job.done(result)
        elif job.failed is not None:
            job.failed(error)
        else:
            raise error


def give_memory_back() -> None:
    """Hands to the system what was let go of. By itself glibc keeps most of it: on a large store, some 60 MiB."""
    if sys.platform == "linux" and hasattr(libc := ctypes.CDLL(None), "malloc_trim"):
        libc.malloc_trim(0)


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
