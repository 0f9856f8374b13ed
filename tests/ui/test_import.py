"""Many requests from a file: columns, report, import, rows to send back; by widgets on a real store."""

from __future__ import annotations

from pathlib import Path

from openpyxl import Workbook
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from db.records_views import RegisterFilter
from desktop.casework.register import register_ids
from desktop.ui.intake.dialog import ImportDialog
from tests.fixtures import Office
from tests.journeys.test_intake import BAD, HEAD, POLICE, file_of, good
from tests.ui.case_window import Window, make_window, window

__all__ = ["make_window", "window"]


def opened(window: Window, path: Path) -> ImportDialog:
    """The dialog with the police's agreement and a file read."""
    dialog = ImportDialog(window.session, window.view)
    dialog.open()
    dialog.agreement.set_value(POLICE)
    dialog.read(path)
    window.until(lambda: dialog.columns.combos)
    return dialog


def count(window: Window) -> int:
    window.session.worker.drain()
    return len(register_ids(window.session.desk, RegisterFilter()))


def test_good_rows_become_drafts_and_wrong_ones_are_told(window: Window, tmp_path: Path) -> None:
    path = tmp_path / "batch.csv"
    path.write_bytes(file_of(*good(3), BAD))
    dialog = opened(window, path)
    assert dialog.columns.combos[0].currentText() == "Organisation"
    assert dialog.columns.combos[7].currentText() == "Not used"
    dialog.button.click()
    window.until(lambda: dialog.batch is not None)
    assert "3 of 4 rows can be imported as drafts. 1 row cannot" in dialog.said.text()
    line = dialog.model.row(0)
    assert line is not None
    assert (line.row, line.heading) == (5, "DOB")
    out = tmp_path / "back.csv"
    dialog.save_rows(out)
    window.until(lambda: out.exists() and out.stat().st_size)
    assert dialog.button.text() == "Import 3 requests"
    done: list[bool] = []
    dialog.imported.connect(lambda: done.append(True))
    dialog.button.click()
    window.until(lambda: done)
    assert count(window) == 3


def test_the_sheet_and_the_row_of_the_headings_are_guessed_and_can_be_chosen(window: Window, tmp_path: Path) -> None:
    book = Workbook()
    cover = book.active
    assert cover is not None
    cover.append(["Requests of May"])
    rows = [line.split(",") for line in (HEAD, *good(2))]
    for name, title in (("May", ["Northshire Police, requests of May"]), ("June", [])):
        sheet = book.create_sheet(name)
        for row in (title, [], *rows):
            sheet.append(row)
    path = tmp_path / "book.xlsx"
    book.save(path)
    dialog = opened(window, path)
    assert (dialog.sheet.value(), dialog.head.value()) == ("May", "3")
    assert dialog.columns.combos[0].currentText() == "Organisation"
    dialog.head.set_value("1")
    dialog.head.edited.emit("import_head", "1")
    window.until(lambda: len(dialog.columns.combos) == 1)
    dialog.sheet.set_value("June")
    dialog.sheet.edited.emit("import_sheet", "June")
    window.until(lambda: len(dialog.columns.combos) == 8)
    assert (dialog.sheet.value(), dialog.head.value()) == ("June", "3")
    dialog.reject()


def test_what_is_doubtful_is_told_whole_and_the_row_is_imported(window: Window, tmp_path: Path) -> None:
    path = tmp_path / "batch.csv"
    head = f"{HEAD},Time received,E-mail,Postcode"
    rows = [f"{row},25:99,not an email,XX" for row in good(2)]
    path.write_text("\n".join([head, *rows]))
    dialog = opened(window, path)
    dialog.button.click()
    window.until(lambda: dialog.batch is not None)
    assert "2 of 2 rows can be imported as drafts. Some that can are worth a look first." in dialog.said.text()
    told = {line.heading: line.message for line in dialog._lines.values()}
    assert {"Time received", "E-mail", "Postcode"} <= set(told)
    assert told["Postcode"].endswith("Also row 3.")
    dialog.table.selectRow(0)
    first = dialog.model.row(0)
    assert first is not None
    assert dialog.whole.text() == f"Row {first.row}: {first.message}"
    dialog.reject()


def test_a_cancelled_import_says_that_nothing_was_imported(window: Window, tmp_path: Path) -> None:
    path = tmp_path / "batch.csv"
    path.write_bytes(file_of(*good(3)))
    dialog = opened(window, path)
    dialog.button.click()
    window.until(lambda: dialog.batch is not None)
    said: list[str] = []
    window.session.toasted.connect(said.append)
    dialog.button.click()
    dialog.cancel.click()
    window.until(lambda: said)
    assert said in (["You cancelled the import. Nothing was imported."], ["3 requests imported as drafts"])
    assert count(window) == (0 if "Nothing" in said[0] else 3)


def test_a_column_is_chosen_by_hand_and_fills_nothing_twice(window: Window, tmp_path: Path) -> None:
    path = tmp_path / "batch.csv"
    path.write_bytes(file_of(*good(1)).replace(b"Surname", b"Who"))
    dialog = opened(window, path)
    combo = dialog.columns.combos[2]
    assert combo.currentText() == "Not used"
    at = combo.findText("Family name")
    combo.setCurrentIndex(at)
    combo.activated.emit(at)
    other = dialog.columns.combos[3]
    other.setCurrentIndex(at)
    other.activated.emit(at)
    assert combo.currentText() == "Not used"
    dialog.reject()


def test_a_file_that_is_no_table_is_said_and_nothing_is_imported(window: Window, tmp_path: Path) -> None:
    path = tmp_path / "batch.csv"
    path.write_bytes(b"MZ" + bytes(100))
    dialog = ImportDialog(window.session, window.view)
    dialog.open()
    dialog.read(path)
    assert dialog.agreement.message.words() == "Choose the agreement first."
    dialog.agreement.set_value(POLICE)
    dialog.read(path)
    window.until(dialog._wrong.isVisible)
    assert "a program for Windows" in dialog._wrong.sentence.text()
    assert dialog.button.off_reason
    dialog.reject()


def test_the_same_file_is_not_imported_again(window: Window, office: Office, tmp_path: Path) -> None:
    path = tmp_path / "batch.csv"
    path.write_bytes(file_of(*good(2)))
    first = opened(window, path)
    first.button.click()
    window.until(lambda: first.batch is not None)
    done: list[bool] = []
    first.imported.connect(lambda: done.append(True))
    first.button.click()
    window.until(lambda: done)
    again = opened(window, path)
    again.button.click()
    window.until(lambda: again.batch is not None)
    assert "was imported before" in again.button.off_reason
    # Back to the columns, and away.
    again.cancel.click()
    assert again.button.text() == "Look through the file"
    QTest.keyClick(again, Qt.Key.Key_Escape)
    assert count(window) == 2
