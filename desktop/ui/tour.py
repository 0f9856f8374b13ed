"""Walks the main job through the real windows, as two people do it, and leaves a picture of each and the letters."""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtCore import QCoreApplication, QElapsedTimer, QEventLoop, QObject, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QWidget

from db.records import LetterKind, RegisterFilter, State
from desktop.app import DeskApp
from desktop.casework import issuing, register, requests
from desktop.casework.desk import Done
from desktop.casework.sample import complete_answers, sample_password
from desktop.casework.setup import create_sample
from desktop.settings import Settings
from desktop.ui.session import command_id

W = TypeVar("W", bound=QWidget)
BORN = {"day": "30", "month": "6", "year": "1984", "unknown": False}
PATIENCE = 30.0
"""Seconds that the tour waits for a window before it says that it never came."""
SIZE = (1366, 768)
AGREEMENT = "law-enforcement-tracing"


class TourError(Exception):
    """A window did not come, or did not do what the tour asked."""


class Probe(QObject):
    """Feels how long the window's thread is blocked: a timer that should fire every 5 ms, and what was going on."""

    STEP = 5

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.longest, self.during, self.now = 0.0, "", "start"
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
        """Measures nothing: a picture is being taken."""
        self._timer.stop()

    def _beat(self) -> None:
        blocked = self._since.nsecsElapsed() / 1e6 - self.STEP
        self._since.start()
        if blocked > self.longest:
            self.longest, self.during = blocked, self.now


def run_tour(out: Path) -> int:
    """Walks through everything; returns the exit status. `out` gets the pictures, and the letters in a folder."""
    out.mkdir(parents=True, exist_ok=True)
    app = QApplication.instance() or QApplication(sys.argv[:1])
    if not isinstance(app, QApplication):
        raise TypeError("the tour needs a QApplication")
    folder = Path(tempfile.mkdtemp(prefix="tour-"))
    try:
        create_sample(folder)
        tour = Tour(app, folder, out)
        tour.walk()
    except TourError as error:
        sys.stderr.write(f"The tour stopped: {error}\n")
        return 1
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    sys.stdout.write(f"{len(tour.pictures)} pictures and {tour.letters} letters are in {out}\n")
    return 0


class Tour:
    """The two people, and the windows that they use."""

    def __init__(self, app: QApplication, folder: Path, out: Path) -> None:
        self.out = out
        self.pictures: list[str] = []
        self.letters = 0
        self.desk = DeskApp(app, Settings(folder), idle_minutes=600)
        self.desk.theme.set_scheme("light")
        self.desk.window.resize(*SIZE)
        self.probe = Probe(app)
        self.desk.start()

    def walk(self) -> None:
        """The whole job."""
        try:
            self.caseworker_drafts()
            self.reviewer_decides()
            self.caseworker_records()
            self.reviewer_releases()
            self.caseworker_issues()
            self.others_look()
            self.save_letters()
        finally:
            self.probe.rest()
            self.desk.stop()
            self.desk.window.close()
        if os.environ.get("TRACING_DESK_PROBE"):
            found = {"ms": round(self.probe.longest, 1), "during": self.probe.during}
            (self.out / "probe.json").write_text(json.dumps(found), "utf-8")

    # Hands and eyes

    def settle(self) -> None:
        """Until the store has answered everything and the window has painted."""
        self.desk.worker.drain()
        end = time.monotonic() + 0.12
        while time.monotonic() < end:
            QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 10)
        self.desk.worker.drain()

    def until(self, ready: Callable[[], object], what: str) -> None:
        """Waits for something to be so."""
        end = time.monotonic() + PATIENCE
        while not ready():
            if time.monotonic() > end:
                raise TourError(f"{what} did not come")
            QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)

    def find(self, kind: type[W], name: str, within: QWidget | None = None) -> W:
        """The visible widget of a name. Raises TourError."""
        for one in (within or self.front()).findChildren(kind, name):
            if one.isVisible():
                return one
        raise TourError(f"there is no {name} to be seen")

    def front(self) -> QWidget:
        """The dialog in front, or the window."""
        modal = QApplication.activeModalWidget()
        return modal if modal is not None else self.desk.window

    def click(self, name: str, within: QWidget | None = None) -> None:
        """Presses a button by its name."""
        self.find(QAbstractButton, name, within).click()
        self.settle()

    def keys(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Presses a key where the keyboard is."""
        QTest.keyClick(QApplication.focusWidget() or self.desk.window, key, modifier)
        self.settle()

    def picture(self, name: str) -> None:
        """Leaves a picture of the window, with a dialog over it where there is one."""
        self.settle()
        self.probe.rest()
        pixmap = self.desk.window.grab()
        dialog = QApplication.activeModalWidget()
        if dialog is not None and dialog is not self.desk.window:
            from PySide6.QtGui import QColor, QPainter

            painter = QPainter(pixmap)
            painter.fillRect(pixmap.rect(), QColor(0, 0, 0, 90))
            over = dialog.grab()
            painter.drawPixmap((pixmap.width() - over.width()) // 2, (pixmap.height() - over.height()) // 2, over)
            painter.end()
        if not pixmap.save(str(self.out / f"{name}.png")):
            raise TourError(f"the picture {name} could not be written")
        self.pictures.append(name)
        self.probe.watch(name)

    def in_dialog(self, does: Callable[[], Any], opens: Callable[[], Any]) -> None:
        """Opens a dialog that waits, and does something in it."""
        failed: list[Exception] = []

        def act() -> None:
            if not isinstance(QApplication.activeModalWidget(), QDialog):
                failed.append(TourError("a dialog did not come"))
                return
            try:
                does()
            except TourError as error:
                failed.append(error)
                while (modal := QApplication.activeModalWidget()) is not None:
                    modal.close()

        QTimer.singleShot(250, self.desk, act)
        opens()
        if failed:
            raise failed[0]
        self.settle()

    def sign_in(self, first_name: str) -> None:
        """Signs in as someone of the sample."""
        self.until(lambda: self.desk.startup.sign_in.people is not None and self.desk.entry is not None, "the store")
        self.settle()
        people = {"Ruth": "ruth.adeyemi", "Daniel": "daniel.osei", "Priya": "priya.nair", "Sam": "sam.kerrigan"}
        self.desk.startup.sign_in.card.sign_in_as(people[first_name], sample_password())
        self.until(lambda: self.desk.main is not None, f"{first_name}’s desk")
        self.settle()

    def sign_out(self) -> None:
        """Leaves the desk to the next person."""
        self.desk.sign_out()
        self.settle()

    # The job

    def caseworker_drafts(self) -> None:
        """Ruth registers a request, fills it and submits it."""
        self.until(lambda: self.desk.startup.sign_in.people is not None, "the people of the sample")
        self.picture("01-sign-in")
        self.sign_in("Ruth")
        self.picture("02-my-work")
        self.desk.theme.set_scheme("dark")
        self.picture("03-my-work-dark")
        self.desk.theme.set_scheme("light")
        assert self.desk.main is not None
        self.in_dialog(self._new_request, self.desk.main.start_request)
        self.until(lambda: self._case_view().isVisible(), "the new case")
        self.settle()
        self._fill()

    def _new_request(self) -> None:
        from desktop.ui.case.new import NewRequest

        dialog = QApplication.activeModalWidget()
        if not isinstance(dialog, NewRequest):
            raise TourError("the dialog for a new request did not come")
        for _ in self.desk.session.desk.agreements.all():
            if dialog.agreement.value() != AGREEMENT:
                self.keys(Qt.Key.Key_Down)
        self.picture("04-new-request")
        dialog.button.click()

    def _case_view(self) -> CaseView:
        from desktop.ui.case.view import CaseView

        found = self.desk.main.page("case") if self.desk.main is not None else None
        if not isinstance(found, CaseView) or found.page is None:
            raise TourError("the case did not open")
        return found

    def _type(self, field: str, text: str) -> None:
        """Types into a field of the form as a person does."""
        view = self._case_view()
        view.show_field(field)
        self.settle()
        QTest.keyClicks(QApplication.focusWidget() or view, text)

    def _fill(self) -> None:
        """A few fields by hand, the rest by the same action that the form calls."""
        view = self._case_view()
        self._type("person.family_name", "Kowalczyk")
        self._type("person.given_names", "Tomasz")
        self.settle()
        self.until(lambda: not view.unsaved, "the saving of what was typed")
        page = view.page
        if page is None:
            raise TourError("the case went away")
        answers = dict(complete_answers(page.agreement, "police", 0, page.case.row.received_on or self._today()))
        for kept in ("received.on", "person.family_name", "person.given_names"):
            answers.pop(kept)
        answers["person.born"] = {"day": "31", "month": "6", "year": "1984", "unknown": False}
        self.case_id = page.case.row.id
        self._act(requests.save_answers, requests.SaveAnswers, answers=answers)
        view.show_field("person.born")
        self.picture("05-case-form")
        self._act(requests.save_answers, requests.SaveAnswers, answers={"person.born": BORN})
        view.show_part("criteria")
        self.picture("06-criteria")
        view.show_part("safeguarding")
        self.picture("07-safeguarding")
        self.in_dialog(self._ledger, lambda: self.click("why_this_date", view))
        view.show_part("check")
        self.picture("09-check-answers")
        view.main()
        self._wait_for(State.SUBMITTED)
        self.picture("10-submitted")
        self.sign_out()

    def _ledger(self) -> None:
        self.picture("08-why-this-date")
        self.front().close()

    def _act(self, action: Callable[..., Done], command: Callable[..., Any], **more: Any) -> None:
        """Runs an action as the windows do, at the version that the window has."""
        view = self._case_view()
        assert view.page is not None
        row = view.page.case.row
        before = row.version
        made = command(command_id=command_id(), case_id=row.id, version=before, **more)
        self.desk.session.act(view, action, made, done=lambda _done: None)
        self.until(lambda: view.page is not None and view.page.case.row.version > before, "the change")
        self.settle()

    def _wait_for(self, state: State) -> None:
        view = self._case_view()
        self.until(lambda: view.page is not None and view.page.case.row.state is state, f"the state {state.value}")
        self.settle()
