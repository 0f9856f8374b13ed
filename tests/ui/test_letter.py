"""The letter window on a real store, by its keys."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrintDialog
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit

from db.casereads import letter_bytes
from db.records import Role, State
from desktop.casework import issuing
from desktop.casework.desk import Done
from desktop.casework.register import timers
from desktop.ui.dialogs import Dialog
from desktop.ui.letter.paper import PAGE
from desktop.ui.letter.view import LetterView
from desktop.ui.pages import page_count
from tests.fixtures import Office, on
from tests.ui.page_window import CTRL, Make, Window, close, make_page, nameless, press_in, words_of

__all__ = ["make_page"]

Key = Qt.Key
Letter = Window[LetterView]


@pytest.fixture
def letter(make_page: Make, office: Office) -> Letter:
    """The window of a caseworker, with nothing in it yet."""
    return make_page(LetterView, office, Role.CASEWORKER)


def open_letter(letter: Letter, done: Done) -> None:
    letter.view.open(done.case_id)
    letter.until(lambda: letter.view.shown is not None and letter.view.shown.page.case.row.id == done.case_id)
    letter.settle()
    if letter.view.shown is not None and letter.view.shown.pdf:
        letter.until(lambda: bool(letter.view.place.text()))


def issued(letter: Letter, office: Office) -> Done:
    done = office.in_state(State.ISSUED)
    open_letter(letter, done)
    return done


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
        stored = letter_bytes(tx, done.case_id)
    assert letter.view.shown is not None
    assert letter.view.shown.pdf == stored
    assert case.letter.sha256[:4] in words_of(letter.view.pane)
    assert [row.timer.case_id for row in timers(office.desk(Role.RECORDS_OFFICER))] == [done.case_id]
    assert letter.view.pane.issue.isHidden()
    assert letter.view.pane.print.off_reason == ""


def test_a_copy_is_private_and_journalled_after_it_is_written(letter: Letter, office: Office, tmp_path: Path) -> None:
    done = issued(letter, office)
    out = tmp_path / "copy.pdf"
    suggested: list[str] = []

    def choose(dialog: QFileDialog) -> None:
        suggested.extend(dialog.selectedFiles())
        field = dialog.findChild(QLineEdit)
        assert field is not None
        field.setText(str(out))
        dialog.accept()

    letter.in_dialog(choose, lambda: letter.press(Key.Key_S, CTRL))
    reference = letter.case(done.case_id).row.reference
    assert [Path(one).name for one in suggested] == [f"{reference}.pdf"]
    assert letter.view.shown is not None
    assert out.read_bytes() == letter.view.shown.pdf
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert letter.journalled(done.case_id)[-1] == "save_copy"


def test_a_copy_that_cannot_be_written_says_so_and_is_not_journalled(
    letter: Letter, office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = issued(letter, office)
    told: list[str] = []

    def tell(dialog: Dialog) -> None:
        told.append(words_of(dialog))
        close(dialog)

    nowhere = (str(tmp_path / "no such folder" / "copy.pdf"), "")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", staticmethod(lambda *_arguments: nowhere))
    letter.in_dialog(tell, lambda: letter.press(Key.Key_S, CTRL))
    assert "The letter itself is safe in the store" in told[0]
    assert "save_copy" not in letter.journalled(done.case_id)
    assert not letter.view.pane.save.off_reason


def test_a_copy_that_is_not_journalled_leaves_the_file_that_was_there(
    letter: Letter, office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = issued(letter, office)
    with office.entry.store.write() as tx:
        tx.exec_driver_sql(
            "CREATE TEMP TRIGGER full BEFORE INSERT ON letter_event BEGIN SELECT RAISE(ABORT, 'no'); END"
        )
    out = tmp_path / "copy.pdf"
    out.write_bytes(b"What was there before.")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", staticmethod(lambda *_arguments: (str(out), "")))
    letter.in_dialog(close, lambda: letter.press(Key.Key_S, CTRL))
    assert out.read_bytes() == b"What was there before."
    assert list(tmp_path.glob(".new-*")) == []
    with office.entry.store.write() as tx:
        tx.exec_driver_sql("DROP TRIGGER full")
    letter.press(Key.Key_S, CTRL)
    letter.until(lambda: letter.journalled(done.case_id)[-1] == "save_copy")
    assert letter.view.shown is not None
    letter.until(lambda: letter.view.shown is not None and out.read_bytes() == letter.view.shown.pdf)


def test_printing_is_journalled(letter: Letter, office: Office, tmp_path: Path) -> None:
    done = issued(letter, office)
    out = tmp_path / "printed.pdf"

    def choose(dialog: Any) -> None:
        assert isinstance(dialog, QPrintDialog)
        printer = dialog.printer()
        assert printer.docName() == letter.case(done.case_id).row.reference
        printer.setOutputFileName(str(out))
        dialog.done(QPrintDialog.DialogCode.Accepted)

    letter.in_dialog(choose, lambda: letter.press(Key.Key_P, CTRL))
    letter.until(lambda: letter.journalled(done.case_id)[-1] == "print")
    assert letter.view.shown is not None
    assert page_count(out.read_bytes()) == page_count(letter.view.shown.pdf)


def test_it_is_marked_as_sent_once_the_right_reference_is_typed_back(letter: Letter, office: Office) -> None:
    done = issued(letter, office)
    expected = letter.case(done.case_id).row.requester_reference
    said: list[str] = []

    def type_it(dialog: Dialog) -> None:
        for text in ("another reference", f"  {expected.lower()} "):
            field = dialog.focusWidget()
            assert field is not None
            field.selectAll() if hasattr(field, "selectAll") else None
            QTest.keyClicks(field, text)
            QTest.keyClick(field, Key.Key_Return)
            said.append(words_of(dialog) if dialog.isVisible() else "")

    letter.in_dialog(type_it, lambda: letter.press(Key.Key_M, CTRL))
    assert "not the reference on the letter" in said[0]
    case = letter.case(done.case_id)
    assert case.letter is not None
    assert case.letter.sent_at is not None
    assert letter.view.pane.sent.off_reason == "The letter is marked as sent."
    assert "Marked as sent" in words_of(letter.view.pane)


def test_what_somebody_else_did_meanwhile_is_no_reason_not_to_journal_a_copy(
    letter: Letter, office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = issued(letter, office)
    letter.session.worker.drain()
    issuing.printed(office.caseworker, issuing.Handled(**on(done)))
    out = tmp_path / "copy.pdf"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", staticmethod(lambda *_arguments: (str(out), "")))
    letter.press(Key.Key_S, CTRL)
    letter.settle()
    assert out.exists()
    assert letter.journalled(done.case_id)[-1] == "save_copy"


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
