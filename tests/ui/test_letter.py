"""The letter window on a real store, by its keys."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from db.casereads import letter_bytes
from db.records import Json, Outcome, Role, State
from desktop.casework import accounts, decisions, issuing, outcomes
from desktop.casework.desk import Done
from desktop.casework.register import timers
from desktop.ui.dialogs import Dialog
from desktop.ui.letter.paper import PAGE
from desktop.ui.letter.view import LetterView
from desktop.ui.pages import page_count
from tests.fixtures import Office, on
from tests.ui.page_window import CTRL, Make, Window, make_page, nameless, press_in, words_of

__all__ = ["make_page"]

Key = Qt.Key
Letter = Window[LetterView]
NOT_MET: Json = {"answer": "not_met", "reasons": "No second signature.", "evidence": []}


@pytest.fixture
def letter(office: Office, make_page: Make) -> Letter:
    """The window of a caseworker, with nothing in it yet."""
    return make_page(LetterView, office, Role.CASEWORKER)


def open_letter(letter: Letter, done: Done) -> None:
    letter.view.open(done.case_id)
    letter.until(lambda: letter.view.shown is not None and letter.view.shown.page.case.row.id == done.case_id)
    letter.settle()
    if letter.view.shown is not None and letter.view.shown.pdf:
        letter.until(lambda: bool(letter.view.place.text()))


def test_it_shows_the_very_pages_and_what_was_checked(letter: Letter, office: Office) -> None:
    done = office.in_state(State.RELEASED)
    open_letter(letter, done)
    shown = letter.view.shown
    assert shown is not None
    assert shown.pdf == issuing.preview(office.caseworker, done.case_id).pdf
    assert letter.view.title.text() == "Partial disclosure letter"
    assert letter.view.place.text() == f"Page 1 of {page_count(shown.pdf)}"
    words = words_of(letter.view.pane)
    assert "Approved by Daniel Osei" in words
    assert "3 identifiers agree" in words
    assert "Released by Daniel Osei" in words
    assert "Review is due on 10 June 2029" in words
    assert nameless(letter.view) == []


def test_looking_at_a_letter_is_journalled_once(letter: Letter, office: Office) -> None:
    done = office.in_state(State.RELEASED)
    before = letter.journalled(done.case_id)
    open_letter(letter, done)
    letter.view.refresh()
    letter.settle()
    assert letter.journalled(done.case_id)[len(before) :] == ["open_case"]


def test_large_print_is_a_tick_and_what_was_read_is_what_is_issued(letter: Letter, office: Office) -> None:
    done = office.in_state(State.REFUSED)
    open_letter(letter, done)
    assert not letter.view.large.isChecked()
    assert letter.view.place.text() == "Page 1 of 1"
    letter.press(Key.Key_G, CTRL | Qt.KeyboardModifier.ShiftModifier)
    letter.until(lambda: letter.view.place.text() == "Page 1 of 2")
    assert letter.view.large.isChecked()
    letter.in_dialog(lambda dialog: press_in(dialog, "yes"), lambda: letter.press(Key.Key_Return, CTRL))
    letter.until(lambda: letter.view.shown is not None and letter.view.shown.page.case.letter is not None)
    letter.settle()
    assert page_count(issuing.read_letter(office.caseworker, done.case_id)) == 2
    assert not letter.view.large.isVisible()


def test_a_letter_that_changed_since_it_was_read_is_shown_anew_and_not_issued(letter: Letter, office: Office) -> None:
    done = office.in_state(State.RELEASED)
    open_letter(letter, done)
    before = letter.view.shown
    body = replace(accounts.organisation(office.entry), signatory_name="Noor Halabi")
    accounts.save_organisation(office.desk(Role.ADMINISTRATOR), body)
    told: list[str] = []

    def answer(dialog: Dialog) -> None:
        told.append(words_of(dialog))
        press_in(dialog, "close" if dialog.objectName() == "inform" else "yes")

    letter.in_dialogs(answer, 2, lambda: letter.press(Key.Key_Return, CTRL))
    assert "The letter changed since you read it" in told[1]
    letter.until(lambda: letter.view.shown is not before)
    assert letter.view.shown is not None
    assert letter.view.shown.pdf == issuing.preview(office.caseworker, done.case_id).pdf
    assert letter.case(done.case_id).row.state is State.RELEASED
    letter.in_dialog(lambda dialog: press_in(dialog, "yes"), lambda: letter.press(Key.Key_Return, CTRL))
    assert letter.case(done.case_id).row.state is State.ISSUED


def test_what_has_no_welsh_is_said_above_the_letter(letter: Letter, office: Office) -> None:
    strange = office.register(requester__language="cy", criteria__authorised=NOT_MET)
    done = office.submit(strange)
    command = office.decide(done, reasons="It is not met.", because_of=("authorised",))
    open_letter(letter, decisions.reject(office.reviewer, command))
    assert "There is no Welsh text of this letter" in words_of(letter.view)


def test_page_keys_and_small_pages_go_from_page_to_page(letter: Letter, office: Office) -> None:
    open_letter(letter, office.in_state(State.RELEASED))
    letter.press(Key.Key_PageDown)
    assert letter.view.place.text() == "Page 2 of 2"
    assert [one.isChecked() for one in letter.view.small.pages] == [False, True]
    letter.press(Key.Key_PageDown)
    assert letter.view.place.text() == "Page 2 of 2"
    letter.press(Key.Key_PageUp)
    assert letter.view.place.text() == "Page 1 of 2"
    letter.view.small.pages[1].setFocus()
    letter.press(Key.Key_Space)
    assert letter.view.place.text() == "Page 2 of 2"


def test_the_whole_page_fits_and_is_drawn_anew(letter: Letter, office: Office) -> None:
    open_letter(letter, office.in_state(State.RELEASED))
    sheet = letter.view.paper.findChildren(type(letter.view.paper._sheets[0]))[0]
    wide = sheet.width()
    letter.view.zoom.choose(PAGE)
    letter.settle()
    letter.until(lambda: letter.view.paper._sheets[0].width() < wide)
    assert letter.view.paper._sheets[0].height() <= letter.view.paper.viewport().height()


def test_enter_does_not_issue_for_cancel_is_the_safe_button(letter: Letter, office: Office) -> None:
    done = office.in_state(State.RELEASED)
    open_letter(letter, done)

    def look(dialog: Dialog) -> None:
        focused = dialog.focusWidget()
        assert focused is not None
        assert focused.objectName() == "cancel"
        QTest.keyClick(focused, Key.Key_Return)

    letter.in_dialog(look, lambda: letter.press(Key.Key_Return, CTRL))
    assert letter.case(done.case_id).row.state is State.RELEASED
    assert letter.view.pane.print.off_reason.startswith("Issue the letter first")


def test_issuing_fixes_the_letter_and_starts_its_timer(letter: Letter, office: Office) -> None:
    done = office.in_state(State.RELEASED)
    open_letter(letter, done)
    letter.in_dialog(lambda dialog: press_in(dialog, "yes"), lambda: letter.press(Key.Key_Return, CTRL))
    case = letter.case(done.case_id)
    assert case.row.state is State.ISSUED
    assert case.letter is not None
    with office.entry.store.read() as tx:
        stored = letter_bytes(tx, case.letter.id)
    assert letter.view.shown is not None
    assert letter.view.shown.pdf == stored
    assert case.letter.sha256[:4] in words_of(letter.view.pane)
    assert [row.timer.case_id for row in timers(office.desk(Role.RECORDS_OFFICER))] == [done.case_id]
    assert letter.view.pane.issue.isHidden()
    assert letter.view.pane.print.off_reason == ""


def test_a_case_without_a_letter_says_so(letter: Letter, office: Office) -> None:
    open_letter(letter, office.in_state(State.DRAFT))
    assert letter.view.empty.isVisible()
    assert "no letter yet" in letter.view.empty.title.text()
    assert letter.view.pane.issue.off_reason
    letter.press(Key.Key_Return, CTRL)
    assert QApplication.activeModalWidget() is None


def test_a_reviewer_reads_but_does_not_issue(make_page: Make, office: Office) -> None:
    done = office.in_state(State.RELEASED)
    letter: Letter = make_page(LetterView, office, Role.REVIEWER)
    open_letter(letter, done)
    assert letter.view.pane.issue.off_reason == "Only a caseworker may issue the letter now."


def test_in_a_narrow_window_the_pane_is_a_tab(letter: Letter, office: Office) -> None:
    open_letter(letter, office.in_state(State.RELEASED))
    letter.view.resize(1366, 720)
    letter.settle()
    assert letter.view.tabs.isHidden()
    assert letter.view.pane.isVisible()
    letter.view.resize(1100, 720)
    letter.settle()
    assert letter.view.pane.isHidden()
    letter.view.tabs.buttons["about"].click()
    assert letter.view.pane.isVisible()
    assert letter.view.paper.isHidden() or not letter.view.paper.isVisible()


def test_a_letter_that_no_font_prints_says_why_and_leads_back_to_the_outcome(letter: Letter, office: Office) -> None:
    done = office.in_state(State.APPROVED)
    values = {"address": {"value": "27 \U00010080 Court", "recorded_on": "19 January 2016"}}
    command = outcomes.Record(**on(done), outcome=Outcome.TRACED, matched=("name", "born", "address"), values=values)
    open_letter(letter, outcomes.record(office.caseworker, command))
    words = words_of(letter.view.pane)
    assert "The letter cannot be issued yet" in words
    assert "U+10080" in words
    assert "our record" in words
    assert letter.view.pane.issue.off_reason
    wanted: list[tuple[int, str]] = []
    letter.session.case_wanted.connect(lambda case_id, part: wanted.append((case_id, part)))
    press_in(letter.view.pane, "change_outcome")
    assert wanted == [(done.case_id, "outcome")]
    assert nameless(letter.view) == []
