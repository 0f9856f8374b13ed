"""Walks the main job through the real windows, as two people do it, and leaves a picture of each and the letters."""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication

from db.records import LetterKind, Outcome, State
from db.records_views import RegisterFilter
from desktop.casework import issuing, outcomes, register, requests
from desktop.casework.casepage import CasePage, case_page
from desktop.casework.desk import Done
from desktop.casework.sample import complete_answers
from desktop.casework.setup import create_sample
from desktop.ui.case.check import CheckPart
from desktop.ui.case.new import NewRequest
from desktop.ui.case.view import CaseView
from desktop.ui.kit.base import slug
from desktop.ui.kit.field import Field
from desktop.ui.letter.view import LetterView
from desktop.ui.mainwindow import MainWindow
from desktop.ui.register import RegisterView
from desktop.ui.reports.view import ReportsPage
from desktop.ui.review.view import ReviewView
from desktop.ui.session import command_id
from desktop.ui.tourhands import MADE, Hands, TourError

BORN = {"day": "30", "month": "6", "year": "1984", "unknown": False}
AGREEMENT = "law-enforcement-tracing"

_ENDS = frozenset(
    {LetterKind.DISCLOSURE, LetterKind.NO_TRACE, LetterKind.REFUSAL, LetterKind.REJECTION, LetterKind.NOT_PERMITTED}
    | {LetterKind.STATUS_ANSWER}
)
"""The letters in which the cases of the sample store end."""


def run_tour(out: Path) -> int:
    """Walks through everything; returns the exit status. `out` gets the pictures, and the letters in a folder."""
    out.mkdir(parents=True, exist_ok=True)
    _clear(out)
    qInstallMessageHandler(_say)
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


def _clear(out: Path) -> None:
    """Takes away what an earlier tour left, and nothing else: its pictures beside those of this one would mislead."""
    made = out / MADE
    for name in made.read_text("utf-8").splitlines() if made.exists() else ():
        if (out / name).resolve().is_relative_to(out.resolve()):
            (out / name).unlink(missing_ok=True)
    made.unlink(missing_ok=True)


def _say(_kind: QtMsgType, _where: QMessageLogContext, words: str) -> None:
    """Qt's messages, without the one with which the platform that has no screen greets every window."""
    if "propagateSizeHints" not in words:
        sys.stderr.write(f"{words}\n")


class Tour(Hands):
    """The two people, and the windows that they use."""

    letters = 0
    case_id = 0

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
            self._watch.stop()
            self.desk.stop()
            self.desk.window.close()
        if os.environ.get("TRACING_DESK_PROBE"):
            found = {"ms": round(self.probe.longest, 1), "during": self.probe.longest_during}
            (self.out / "probe.json").write_text(json.dumps(found), "utf-8")

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
        self.in_dialog(self._new_request, self._main().start_request)
        self.until(self._has_case, "the new case")
        self.settle()
        with self.probe.during("opening a case"):
            self._main().open(self._page().case.row.id)
            self.settle()
        self._fill()

    def _new_request(self) -> None:
        dialog = QApplication.activeModalWidget()
        if not isinstance(dialog, NewRequest):
            raise TourError("the dialog for a new request did not come")
        dialog.choose(AGREEMENT)
        self.picture("04-new-request")
        dialog.button.click()

    def _main(self) -> MainWindow:
        if self.desk.main is None:
            raise TourError("nobody is signed in")
        return self.desk.main

    def _has_case(self) -> bool:
        found = self._main().page("case")
        return isinstance(found, CaseView) and found.page is not None

    def _case_view(self) -> CaseView:
        found = self._main().page("case")
        if not isinstance(found, CaseView) or found.page is None:
            raise TourError("the case did not open")
        return found

    def _page(self) -> CasePage:
        page = self._case_view().page
        if page is None:
            raise TourError("the case went away")
        return page

    @staticmethod
    def _checked(view: CaseView) -> bool:
        return any(isinstance(part, CheckPart) and part.settled for part in view.parts.values())

    def _type(self, field: str, text: str) -> None:
        """Types into a field of the form as a person does."""
        view = self._case_view()
        view.show_field(field)
        self.settle()
        box = self.find(Field, f"field_{slug(field)}", view)
        QTest.keyClicks(box.controls()[0], text)

    def _fill(self) -> None:
        """A few fields by hand, the rest by the same action that the form calls."""
        view = self._case_view()
        view.show_field("person.family_name")
        self.settle()
        with self.probe.during("saving what is typed"):
            self._type("person.family_name", "Kowalczyk")
            self._type("person.given_names", "Tomasz")
            self.settle()
            self.until(lambda: not view.unsaved, "the saving of what was typed")
        page = self._page()
        answers = dict(
            complete_answers(page.agreement, "police", 0, page.case.row.received_on or self.desk.session.desk.today())
        )
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
        self.until(lambda: self._checked(view), "all the answers")
        self.picture("09-check-answers")
        with self.probe.during("submitting"):
            view.main()
            self._wait_for(State.SUBMITTED)
        self.picture("10-submitted")
        self.sign_out()

    def _ledger(self) -> None:
        self.picture("08-why-this-date")
        self.front().close()

    def _act(self, action: Callable[..., Done], command: Callable[..., Any], **more: Any) -> None:
        """Runs an action as the windows do, at the version that the window has."""
        view, version = self._case_view(), self._case_view().draft.version
        made = command(command_id=command_id(), case_id=self._page().case.row.id, version=version, **more)
        self.desk.session.act(view, action, made, done=view.draft.adopt)
        self.until(lambda: self._page().case.row.version > version, "the change")
        self.settle()

    def _wait_for(self, state: State) -> None:
        self.until(lambda: self._page().case.row.state is state, f"the state {state.value}")
        self.settle()

    def reviewer_decides(self) -> None:
        """Daniel reads it, agrees criterion by criterion, and approves."""
        self.sign_in("Daniel")
        self.picture("11-review-queue")
        review = self._review()
        with self.probe.during("opening a case to review"):
            review.queue.choose(self.case_id)
            self.until(
                lambda: review.page is not None and review.page.case.row.id == self.case_id, "the case to review"
            )
            self.settle()
        for row in review.request.rows.values():
            row.view.choose("agree")
        review.pane.choose("approve")
        self.picture("12-review")
        self.desk.theme.set_scheme("dark")
        self.picture("13-review-dark")
        self.desk.theme.set_scheme("light")
        review.pane.choose("refuse")
        review.show_tab("letter")
        self.picture("14-review-letter")
        review.show_tab("request")
        review.pane.choose("approve")
        with self.probe.during("deciding"):
            self.click("decide")
            self.until(lambda: review.page is None, "the approval")
        self.sign_out()

    def _reviewing(self, review: ReviewView) -> bool:
        return review.page is not None and review.page.case.row.id == self.case_id

    def _review(self) -> ReviewView:
        found = self._main().page("review")
        if not isinstance(found, ReviewView):
            raise TourError("the review queue did not come")
        self.settle()
        return found

    def caseworker_records(self) -> None:
        """Ruth records what the search found."""
        self.sign_in("Ruth")
        self._main().open(self.case_id, "outcome")
        self.until(self._has_case, "the approved case")
        self.settle()
        self.picture("15-outcome")
        found = {
            "name": {"value": "Tomasz Paweł Kowalczyk", "recorded_on": "14 May 2012"},
            "born": {"value": "30 June 1984", "recorded_on": "14 May 2012"},
            "address": {"value": "27 Ropewalk Court\nWestmere WM4 8RD", "recorded_on": "19 January 2016"},
        }
        matched = ("name", "born", "gender", "address")
        self._act(outcomes.record, outcomes.Record, outcome=Outcome.TRACED, matched=matched, values=found)
        self.picture("16-recorded")
        self.sign_out()

    def reviewer_releases(self) -> None:
        """Daniel sees what is disclosed, as it will be printed, and releases it."""
        self.sign_in("Daniel")
        review = self._review()
        review.queue.choose(self.case_id)
        self.until(lambda: self._reviewing(review), "the case to release")
        review.pane.choose("release")
        self.picture("17-release")
        self.click("decide")
        self.until(lambda: review.page is None, "the release")
        self.sign_out()

    def caseworker_issues(self) -> None:
        """Ruth issues the letter and marks it as sent."""
        self.sign_in("Ruth")
        self._main().open(self.case_id, "letter")
        letter = self._main().page("letter")
        if not isinstance(letter, LetterView):
            raise TourError("the letter did not come")
        self.until(lambda: letter.shown is not None and bool(letter.shown.pdf), "the letter")
        self.picture("18-letter")
        self.in_dialog(self._say_yes, lambda: self.click("issue", letter))
        self.until(lambda: letter.shown is not None and letter.shown.page.case.letter is not None, "the issued letter")
        self.in_dialog(self._type_reference, lambda: self.click("mark_sent", letter))
        self.picture("20-letter-issued")
        self._main().go_to("register")
        cases = self._main().page("register")
        if not isinstance(cases, RegisterView):
            raise TourError("the register did not come")
        self.until(cases.pane.whole, "what was done last")
        self.picture("21-register")
        self.desk.window.activateWindow()
        self._main().focus_search()
        self.settle()
        QTest.keyClicks(self._main().top.search, "kowal")
        self.until(lambda: self._main().results.model.rows, "what was found")
        self.picture("22-search")
        self._main().results.hide()
        self.desk.lock()
        self.picture("23-locked")
        self.desk.sign_out()
        self.settle()

    def _say_yes(self) -> None:
        self.find(QAbstractButton, "yes").click()

    def _type_reference(self) -> None:
        QTest.keyClicks(self.find(Field, "field_typed_reference").controls()[0], "NSP/ECU/2026/331")
        QTest.keyClicks(self.find(Field, "field_typed_line").controls()[0], "Detective Inspector Joanne Hale")
        self.picture("19-mark-as-sent")
        self.find(QAbstractButton, "yes").click()

    def others_look(self) -> None:
        """The records officer's timers and reports, and the administrator's people."""
        self.sign_in("Priya")
        self.picture("24-retention")
        self._reports()
        self.sign_out()
        self.sign_in("Sam")
        self.picture("28-administration")
        self.sign_out()
        self.desk.theme.set_text_scale(200)
        self.sign_in("Ruth")
        self.picture("29-my-work-200-percent")
        self.desk.theme.set_text_scale(100)

    def _reports(self) -> None:
        """Each report, once it is counted."""
        self._main().go_to("reports")
        reports = self._main().page("reports")
        if not isinstance(reports, ReportsPage):
            raise TourError("the reports did not come")
        for number, key in enumerate(("today", "publication", "oversight"), 25):
            reports.show_part(key)
            self.until(reports.part(key).whole, f"the figures of {key}")
            self.picture(f"{number}-reports-{key}")

    def save_letters(self) -> None:
        """One letter of each kind, as it was issued."""
        folder = self.out / "letters"
        folder.mkdir(exist_ok=True)
        desk = self.desk.session.desk
        kinds: dict[LetterKind, Path] = {}
        issued = register.register_ids(desk, RegisterFilter(state=State.ISSUED, sort="reference", descending=True))
        for row in register.register_rows(desk, issued):
            page = case_page(desk, row.id)
            if page.case.letter is not None and page.case.letter.kind not in kinds:
                path = folder / f"{row.reference}.pdf"
                path.write_bytes(issuing.read_letter(desk, row.id))
                self.note(path)
                kinds[page.case.letter.kind] = path
        if missing := _ENDS - set(kinds):
            raise TourError(f"no letter of these kinds was issued: {sorted(missing)}")
        self.letters = len(kinds)
