"""What is done with an issued letter: printed, copied, mailed, marked as sent; through the real window."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPageRanges
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit

from db.records import State
from desktop.casework import issuing
from desktop.casework.desk import Done
from desktop.casework.sending import letter_to_type_back
from desktop.ui.dialogs import Dialog
from desktop.ui.kit.inputs import LineField
from desktop.ui.pages import page_count, page_images
from tests.fixtures import Office, on
from tests.journeys.test_mailing import on_record
from tests.ui.page_window import CTRL, close, make_page, nameless, press_in, words_of
from tests.ui.test_letter import Letter, letter, open_letter

__all__ = ["letter", "make_page"]

Key = Qt.Key


def issued(letter: Letter, office: Office) -> Done:
    done = office.in_state(State.ISSUED)
    open_letter(letter, done)
    return done


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


def test_it_is_marked_as_sent_once_both_are_typed_back(letter: Letter, office: Office) -> None:
    done = issued(letter, office)
    expected = letter_to_type_back(office.caseworker, done.case_id)
    said: list[str] = []

    def type_it(dialog: Dialog) -> None:
        for reference, line in (
            ("another reference", "another line"),
            (f"  {expected.reference.lower()} ", "another line"),
            (expected.reference, f" {expected.first_line.upper()},"),
        ):
            for name, text in (("typed_reference", reference), ("typed_line", line)):
                field = dialog.findChild(LineField, f"field_{name}")
                assert field is not None
                field.edit.selectAll()
                QTest.keyClicks(field.edit, text)
            press_in(dialog, "yes")
            said.append(words_of(dialog) if dialog.isVisible() else "")

    letter.in_dialog(type_it, lambda: letter.press(Key.Key_M, CTRL))
    assert "not the reference on the letter" in said[0]
    assert "not the first line of the address" in said[0]
    assert "not the reference on the letter" not in said[1]
    assert "not the first line of the address" in said[1]
    assert said[2] == ""
    case = letter.case(done.case_id)
    assert case.letter is not None
    assert case.letter.sent_at is not None
    assert letter.view.pane.sent.off_reason == "The letter is marked as sent."
    assert "Marked as sent" in words_of(letter.view.pane)


def test_nothing_is_recorded_while_what_is_typed_is_wrong(letter: Letter, office: Office) -> None:
    done = issued(letter, office)

    def give_up(dialog: Dialog) -> None:
        press_in(dialog, "yes")
        assert dialog.isVisible()
        press_in(dialog, "cancel")

    letter.in_dialog(give_up, lambda: letter.press(Key.Key_M, CTRL))
    assert "mark_sent" not in letter.journalled(done.case_id)


def test_an_email_is_saved_and_never_sent(letter: Letter, office: Office, tmp_path: Path) -> None:
    on_record(office)
    done = issued(letter, office)
    assert "ecu@northshire.police.uk.example" in words_of(letter.view.pane)
    out = tmp_path / "chosen.eml"
    suggested: list[str] = []
    toasts: list[str] = []
    letter.session.toasted.connect(toasts.append)

    def choose(dialog: QFileDialog) -> None:
        suggested.extend(dialog.selectedFiles())
        field = dialog.findChild(QLineEdit)
        assert field is not None
        field.setText(str(out))
        dialog.accept()

    letter.in_dialog(choose, lambda: letter.press(Key.Key_E, CTRL))
    reference = letter.case(done.case_id).row.reference
    assert [Path(one).name for one in suggested] == [f"{reference}.eml"]
    assert out.read_bytes().startswith(b"X-Unsent: 1\r\n")
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert letter.journalled(done.case_id)[-1] == "prepare_mail"
    assert toasts == ["The e-mail was saved, and not sent. Open it, look at it, and send it"]


def test_without_a_secure_address_on_record_the_button_says_why(letter: Letter, office: Office) -> None:
    issued(letter, office)
    assert "not on record" in letter.view.pane.mail.off_reason
    letter.press(Key.Key_E, CTRL)
    assert QApplication.activeModalWidget() is None
    assert nameless(letter.view) == []


@pytest.mark.parametrize(
    ("ranges", "copies", "order", "expected"),
    [
        ("", 1, QPrinter.PageOrder.FirstPageFirst, 2),
        ("2", 1, QPrinter.PageOrder.FirstPageFirst, 1),
        ("2", 3, QPrinter.PageOrder.LastPageFirst, 3),
        ("1-2", 2, QPrinter.PageOrder.FirstPageFirst, 4),
    ],
)
def test_the_pages_and_copies_that_were_chosen_are_printed(
    letter: Letter, office: Office, tmp_path: Path, ranges: str, copies: int, order: QPrinter.PageOrder, expected: int
) -> None:
    done = issued(letter, office)
    out = tmp_path / "printed.pdf"

    def choose(dialog: QPrintDialog) -> None:
        assert (dialog.minPage(), dialog.maxPage()) == (1, 2)
        printer = dialog.printer()
        printer.setOutputFileName(str(out))
        printer.setResolution(150)
        printer.setPageRanges(QPageRanges.fromString(ranges))
        printer.setCopyCount(copies)
        printer.setPageOrder(order)
        dialog.done(QPrintDialog.DialogCode.Accepted)

    letter.in_dialog(choose, lambda: letter.press(Key.Key_P, CTRL))
    letter.until(lambda: letter.journalled(done.case_id)[-1] == "print")
    assert page_count(out.read_bytes()) == expected


def test_what_is_printed_is_what_is_stored(letter: Letter, office: Office, tmp_path: Path) -> None:
    """Page for page, at the size of a thumbnail: each is far more like its own than like the other."""
    issued(letter, office)
    out = tmp_path / "printed.pdf"

    def choose(dialog: QPrintDialog) -> None:
        dialog.printer().setOutputFileName(str(out))
        dialog.printer().setResolution(150)
        dialog.done(QPrintDialog.DialogCode.Accepted)

    letter.in_dialog(choose, lambda: letter.press(Key.Key_P, CTRL))
    assert letter.view.shown is not None
    printed, stored = (page_images(pdf, 200) for pdf in (out.read_bytes(), letter.view.shown.pdf))
    assert len(printed) == len(stored) == 2
    for number in (0, 1):
        own, other = (_apart(printed[number], stored[at]) for at in (number, 1 - number))
        assert own < other * 0.7, (own, other)


def _apart(one: QImage, other: QImage) -> float:
    """How far the greys of two pictures are apart."""
    places = [(x, y) for x in range(0, 200, 2) for y in range(0, 280, 2)]
    return sum(abs(one.pixelColor(*at).lightness() - other.pixelColor(*at).lightness()) for at in places) / len(places)


# Qt says so itself when the folder for its file is not there.
@pytest.mark.qt_log_ignore("QPainter::begin\\(\\): Returned false", extend=True)
def test_a_printer_that_takes_nothing_is_told_of_and_nothing_is_journalled(
    letter: Letter, office: Office, tmp_path: Path
) -> None:
    done = issued(letter, office)
    told: list[str] = []

    def tell(dialog: Dialog) -> None:
        told.append(words_of(dialog))
        close(dialog)

    def choose(dialog: QPrintDialog) -> None:
        dialog.printer().setOutputFileName(str(tmp_path / "no such folder" / "out.pdf"))
        dialog.done(QPrintDialog.DialogCode.Accepted)

    def answer(dialog: Any) -> None:
        choose(dialog) if isinstance(dialog, QPrintDialog) else tell(dialog)

    letter.in_dialogs(answer, 2, lambda: letter.press(Key.Key_P, CTRL))
    assert "The printer did not take it. The letter itself is safe in the store." in told[0]
    assert "print" not in letter.journalled(done.case_id)


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
