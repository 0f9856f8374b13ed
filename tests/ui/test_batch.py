"""Many letters at once, through the real window."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QWidget

from db.records import Role, State
from desktop.casework.batch import Batch, ready_letters
from desktop.casework.issuing import preview, read_letter
from desktop.ui.letter.batch import BatchDialog, printing
from desktop.ui.mywork import MyWorkPage
from desktop.ui.mywork_model import Head
from desktop.ui.pages import page_count
from tests.fixtures import Office
from tests.journeys.test_batch import no_trace
from tests.ui.page_window import CTRL, SHIFT, Make, Window, make_page, nameless, press_in, words_of

__all__ = ["make_page"]

Key = Qt.Key


@pytest.fixture
def window(office: Office, make_page: Make) -> Window[QWidget]:
    """A window to open the dialog over, and three letters that are ready."""
    for _ in range(2):
        no_trace(office)
    office.in_state(State.RELEASED)
    return make_page(lambda _session: QWidget(), office, Role.CASEWORKER)


@pytest.fixture
def batch(window: Window[QWidget]) -> Iterator[BatchDialog]:
    """The dialog, open, with its letters."""
    dialog = BatchDialog(window.session, window.view)
    dialog.open()
    window.settle()
    yield dialog
    dialog.close()
    dialog.deleteLater()


def test_the_letters_are_listed_and_ticked_by_keys(window: Window[QWidget], batch: BatchDialog) -> None:
    assert [batch.table.paged.rowCount(), batch.button.text()] == [3, "Issue 3 letters"]
    assert batch.focusWidget() is batch.table
    QTest.keyClick(batch.table, Key.Key_Space)
    assert batch.button.text() == "Issue 2 letters"
    assert "2 of 3 letters ticked" in words_of(batch)
    assert batch.table.paged.data(batch.table.paged.index(0, 0), Qt.ItemDataRole.AccessibleTextRole) == ": Not ticked"
    batch.none.click()
    assert batch.button.off_reason == "Tick the letters first."
    QTest.keyClick(batch.table, Key.Key_A, CTRL)
    assert batch.button.text() == "Issue 3 letters"
    assert nameless(batch) == []


def test_they_are_issued_printed_and_copied_with_a_result_for_each(
    window: Window[QWidget], batch: BatchDialog, office: Office, tmp_path: Path
) -> None:
    batch.print.setChecked(True)
    batch.save.setChecked(True)
    folder, spool = tmp_path / "copies", tmp_path / "spool"
    folder.mkdir()
    spool.mkdir()
    letters = ready_letters(office.caseworker)

    def answer(dialog: Any) -> None:
        if isinstance(dialog, QPrintDialog):
            dialog.printer().setOutputFileName(str(spool / "all.pdf"))
            dialog.printer().setResolution(100)
            dialog.done(QPrintDialog.DialogCode.Accepted)
        else:
            assert dialog.focusWidget().objectName() == "cancel"
            press_in(dialog, "yes")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(QFileDialog, "getExistingDirectory", staticmethod(lambda *_arguments: str(folder)))
        window.in_dialogs(answer, 2, batch.button.click)
    window.settle()
    assert batch.results
    names = {f"{one.reference}.pdf" for one in letters}
    assert {one.name for one in folder.iterdir()} == {one.name for one in spool.iterdir()} == names
    assert all(one.well for one in batch.results)
    for one in letters:
        stored = read_letter(office.caseworker, one.case_id)
        assert (folder / f"{one.reference}.pdf").read_bytes() == stored
        assert page_count((spool / f"{one.reference}.pdf").read_bytes()) == page_count(stored)
        assert {"print", "save_copy"} <= set(window.journalled(one.case_id))
    press_in(batch, "copy_results")
    copied = QGuiApplication.clipboard().text()
    assert copied.splitlines()[0].startswith(f"{letters[0].reference}\tIssued, no. ")
    assert "Kowalczyk" not in copied
    assert "Hale" not in copied
    assert batch.outcome.isVisible()
    assert nameless(batch) == []


def test_cancel_stops_before_the_next_letter_and_leaves_what_is_finished(
    window: Window[QWidget], batch: BatchDialog, office: Office
) -> None:
    letters = ready_letters(office.caseworker)
    printed: list[str] = []
    under_way, go_on = Event(), Event()

    def prints(reference: str, _pdf: bytes) -> None:
        printed.append(reference)
        under_way.set()
        go_on.wait(10)

    batch.begin(Batch(letters=letters, print=prints))
    window.until(under_way.is_set)
    assert batch.cancel.isEnabled()
    batch.cancel.click()
    assert not batch.cancel.isEnabled()
    go_on.set()
    window.settle()
    assert batch.results
    assert printed == [letters[0].reference]
    assert [one.number is not None for one in batch.results] == [True, False, False]
    assert batch.cancel.text() == "Close"
    assert len(ready_letters(office.caseworker)) == 2


def test_the_bar_comes_only_where_it_takes_long(window: Window[QWidget], batch: BatchDialog, office: Office) -> None:
    letters = ready_letters(office.caseworker)
    seen: list[bool] = []
    assert batch.slow.interval() == 400

    def prints(_reference: str, _pdf: bytes) -> None:
        seen.append(batch.bar.isHidden())

    batch.slow.setInterval(60_000)
    batch.begin(Batch(letters=letters, print=prints))
    window.settle()
    assert batch.results
    assert seen == [True, True, True]
    batch.slow.timeout.emit()
    assert not batch.bar.isHidden()


def test_esc_while_it_works_shows_the_results_first(
    window: Window[QWidget], batch: BatchDialog, office: Office
) -> None:
    batch.begin(Batch(letters=ready_letters(office.caseworker)))
    batch.reject()
    assert batch.isVisible()
    window.settle()
    assert batch.results
    batch.reject()
    assert not batch.isVisible()


def test_two_letters_never_share_a_job_of_the_printer(window: Window[QWidget], tmp_path: Path, office: Office) -> None:
    del window
    letters = ready_letters(office.caseworker)
    printer = QPrinter(QPrinter.PrinterMode.ScreenResolution)
    printer.setOutputFileName(str(tmp_path / "chosen.pdf"))
    prints = printing(printer)
    for one in letters:
        prints(one.reference, preview(office.caseworker, one.case_id).pdf)
        assert printer.docName() == one.reference
    assert {one.name for one in tmp_path.glob("*.pdf")} == {f"{one.reference}.pdf" for one in letters}


@pytest.mark.parametrize("keys", [(Key.Key_Return,), (Key.Key_I, CTRL | SHIFT)], ids=["head", "key"])
def test_my_work_opens_it_from_the_head_of_its_group_and_by_a_key(
    make_page: Make, office: Office, keys: tuple[Any, ...]
) -> None:
    no_trace(office)
    work: Window[MyWorkPage] = make_page(_begun, office, Role.CASEWORKER)
    work.until(work.view.list.work.rowCount)
    opened: list[str] = []

    def look(dialog: Any) -> None:
        opened.append(dialog.objectName())
        dialog.reject()

    model = work.view.list.work
    at = next(n for n, line in enumerate(model.lines) if isinstance(line, Head) and line.action)
    assert "Issue many at once" in str(model.data(model.index(at)))
    work.view.list.setFocus()
    work.view.list.setCurrentIndex(model.index(at))
    work.in_dialog(look, lambda: work.press(*keys))
    assert opened == ["issue_letters"]


def _begun(session: Any) -> MyWorkPage:
    page = MyWorkPage()
    page.begin(session)
    return page
