"""Many requests from a file: columns, report, import, rows to send back; by widgets on a real store."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from db.records import RegisterFilter
from desktop.casework.register import register_ids
from desktop.ui.intake.dialog import ImportDialog
from tests.fixtures import Office
from tests.journeys.test_intake import BAD, POLICE, file_of, good
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
