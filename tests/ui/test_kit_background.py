"""The store's thread, in order, and the one aside, with results on the GUI's thread."""

from __future__ import annotations

import gc
import sys
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication
from pytestqt.exceptions import capture_exceptions

from desktop.ui.background import Worker, collect_garbage


@pytest.fixture
def worker(qapp: QApplication) -> Iterator[Worker]:
    """A worker that is stopped after the test."""
    made = Worker()
    yield made
    made.stop()


def test_work_runs_elsewhere_and_its_result_comes_here(worker: Worker) -> None:
    threads: list[int] = []
    worker.run(threading.get_ident, done=lambda ident: threads.extend((ident, threading.get_ident())))
    assert threads == []
    assert worker.drain()
    assert threads[0] != threads[1] == threading.get_ident()


def test_everything_runs_on_one_thread_in_the_order_asked(worker: Worker) -> None:
    seen: list[tuple[int, int]] = []
    for number in range(50):
        worker.run(lambda at=number: (at, threading.get_ident()), done=seen.append)
    assert worker.drain()
    assert [at for at, _thread in seen] == list(range(50))
    assert len({thread for _at, thread in seen}) == 1


def test_what_is_done_aside_holds_nothing_up(worker: Worker) -> None:
    gate, told = threading.Event(), list[str]()
    worker.run(gate.wait, 10, done=lambda _value: told.append("aside"), aside=True)
    worker.run(str, 1, done=told.append)
    worker.run(str, 2, done=told.append)
    while len(told) < 2:
        QApplication.processEvents()
    assert worker.busy
    gate.set()
    assert worker.drain()
    assert told == ["1", "2", "aside"]


def test_an_error_goes_to_the_one_who_asked(worker: Worker) -> None:
    errors: list[Exception] = []
    worker.run(int, "x", done=lambda _value: errors.append(AssertionError()), failed=errors.append)
    assert worker.drain()
    assert [type(error) for error in errors] == [ValueError]


def test_an_error_that_nobody_asked_about_is_raised_here(worker: Worker) -> None:
    with capture_exceptions() as caught:
        worker.run(int, "x")
        assert worker.drain()
    assert [kind for kind, _value, _trace in caught] == [ValueError]
    assert not worker.busy


def test_a_result_is_dropped_where_its_owner_is_gone(worker: Worker) -> None:
    told: list[int] = []
    gate = threading.Event()
    owner, other = QObject(), QObject()
    worker.run(gate.wait, owner=owner, done=lambda _value: told.append(1))
    worker.run(gate.wait, owner=other, done=lambda _value: told.append(2))
    owner.deleteLater()
    QApplication.sendPostedEvents(owner, QEvent.Type.DeferredDelete)
    gate.set()
    assert worker.drain()
    assert told == [2]


def test_what_a_result_asks_for_is_drained_too(worker: Worker) -> None:
    told: list[str] = []
    worker.run(str, 1, done=lambda first: worker.run(str, first + "2", done=told.append))
    assert worker.drain()
    assert told == ["12"]


def test_it_says_when_it_is_busy_and_gives_up_waiting(worker: Worker) -> None:
    states: list[bool] = []
    worker.busy_changed.connect(states.append)
    gate = threading.Event()
    worker.run(gate.wait)
    assert worker.busy
    assert not worker.drain(50)
    gate.set()
    assert worker.drain()
    assert states == [True, False]


def test_stopping_finishes_what_was_asked_and_does_no_more(qapp: QApplication) -> None:
    worker = Worker()
    told: list[str] = []
    worker.run(str, 7, done=told.append)
    worker.stop()
    worker.stop()
    assert told == ["7"]
    worker.run(str, 8, done=told.append)
    assert worker.drain()
    assert told == ["7"]


def test_nothing_is_collected_on_the_store_s_thread(qapp: QApplication) -> None:
    """A widget that is garbage would be destroyed there, and Qt's are to die on the GUI's thread."""
    worker = Worker()
    phases: list[str] = []

    def watch(phase: str, _info: dict[str, int]) -> None:
        if threading.current_thread() is not threading.main_thread():
            phases.append(phase)

    def litter() -> None:
        for _ in range(20_000):
            loop: list[object] = []
            loop.append(loop)

    gc.callbacks.append(watch)
    try:
        worker.run(litter)
        worker.drain()
        assert phases == []
        before = gc.get_count()[0]
        collect_garbage()
        assert gc.get_count()[0] < before
    finally:
        gc.callbacks.remove(watch)
        worker.stop()
    assert gc.isenabled()


class _Dying:
    """Notes on which thread it is let go of."""

    def __init__(self, notes: list[int]) -> None:
        self.notes = notes

    def __del__(self) -> None:
        self.notes.append(threading.get_ident())

    def work(self) -> int:
        """What the store's thread is given to do."""
        return 1

    def told(self, _result: int) -> None:
        """What is called with the result."""


def test_what_a_job_holds_is_never_let_go_of_last_on_the_store_s_thread(worker: Worker) -> None:
    """A window's method may be all that still holds the window."""
    ended: list[int] = []
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    for _ in range(3000):
        held = _Dying(ended)
        worker.run(held.work, done=held.told)
        del held
        while worker.busy:
            QApplication.processEvents()
    sys.setswitchinterval(usual)
    assert len(ended) == 3000
    assert set(ended) == {threading.get_ident()}


def test_nothing_is_collected_there_while_another_one_stops(worker: Worker) -> None:
    Worker().stop()
    assert not gc.isenabled()
    worker.stop()
    assert gc.isenabled()
