"""Whatever is done with a letter, no file but the one that was chosen holds anything of it."""

from __future__ import annotations

import tempfile
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QSettings, QStandardPaths, Qt
from PySide6.QtPrintSupport import QPrintDialog
from PySide6.QtWidgets import QApplication, QFileDialog

from db.records import Role
from desktop.casework.batch import Batch, ready_letters, run_batch
from desktop.ui.letter.view import LetterView
from desktop.ui.pages import choose_printer
from tests.fixtures import Office
from tests.journeys.test_batch import going, no_trace
from tests.journeys.test_mailing import issued, on_record
from tests.ui.page_window import CTRL, Make, Window, make_page
from tests.ui.test_letter import open_letter

__all__ = ["make_page"]

Key = Qt.Key
SURNAME = "Quillfeather"
KINDS = QStandardPaths.StandardLocation
KEPT = (KINDS.AppConfigLocation, KINDS.CacheLocation, KINDS.AppDataLocation, KINDS.GenericDataLocation)


def holding(folders: set[Path], words: str) -> set[Path]:
    """The files under these folders that hold the words, or the letter itself, in plain text."""
    marks = (words.encode(), words.encode("utf-16-le"), b"%PDF-1.7")
    files = {one for folder in folders if folder.is_dir() for one in folder.rglob("*") if one.is_file()}
    return {one for one in files if words in one.name or any(mark in one.read_bytes() for mark in marks)}


def test_no_file_but_the_chosen_one_holds_anything(
    make_page: Make, office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    monkeypatch.setattr(tempfile, "tempdir", None)
    on_record(office)
    done = issued(office, person__family_name=SURNAME)
    no_trace(office)
    letter: Window[LetterView] = make_page(LetterView, office, Role.CASEWORKER)
    open_letter(letter, done)
    chosen = tmp_path / "chosen"
    chosen.mkdir()
    outs = {"pdf": chosen / "copy.pdf", "eml": chosen / "mail.eml", "printed": chosen / "printed.pdf"}

    def choose(dialog: QPrintDialog) -> None:
        dialog.printer().setOutputFileName(str(outs["printed"]))
        dialog.printer().setResolution(100)
        dialog.done(QPrintDialog.DialogCode.Accepted)

    letter.in_dialog(choose, lambda: letter.press(Key.Key_P, CTRL))
    for key, out in ((Key.Key_S, outs["pdf"]), (Key.Key_E, outs["eml"])):
        monkeypatch.setattr(QFileDialog, "getSaveFileName", staticmethod(lambda *_a, out=out: (str(out), "")))
        letter.press(key, CTRL)
    letter.until(lambda: all(one.exists() for one in outs.values()))
    letter.settle()
    letter.in_dialog(
        lambda dialog: dialog.done(QPrintDialog.DialogCode.Rejected),
        lambda: choose_printer(letter.view, "TR-000001-7"),
    )
    (chosen / "batch").mkdir()
    batch = Batch(letters=ready_letters(office.caseworker), folder=chosen / "batch")
    assert [one.well for one in run_batch(office.caseworker, batch, going)] == [True]
    places = {Path(QStandardPaths.writableLocation(kind)) for kind in KEPT}
    places |= {tmp_path, Path(QSettings().fileName()).parent}
    expected = {outs["pdf"], outs["printed"], *(chosen / "batch").iterdir()}
    found = holding(places, SURNAME)
    assert found <= expected | {outs["eml"]}, found
    assert outs["pdf"] in found
    assert list(temporary.rglob("*")) == []
    message: Any = message_from_bytes(outs["eml"].read_bytes(), policy=policy.default)
    assert SURNAME not in str(message["Subject"]) + message.get_body(("plain",)).get_content()
    titles = [one.windowTitle() for one in QApplication.topLevelWidgets()]
    assert not [title for title in titles if SURNAME in title]
