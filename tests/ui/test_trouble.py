"""The store cannot be written for a moment: what was being done says so, loses nothing, and can be done again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtWidgets import QDialog
from shiboken6 import isValid
from sqlalchemy import text

from db.records import Role, State
from db.store import open_store
from desktop.casework import disposal
from desktop.casework.holds import hold_rows
from desktop.ui.case.view import CaseView
from desktop.ui.disposal.carry import CarryOutDialog
from desktop.ui.retention import RetentionView
from tests.fixtures import KEY, Office
from tests.store.disposing import approved, many_closed, pass_grace, state_of
from tests.ui.page_window import Make, Window, make_page, press_in, words_of
from tests.ui.test_holds import dialog_of, fill, go, open_page, place

__all__ = ["make_page"]


@pytest.fixture
def hurried(office: Office) -> Office:
    """The office, whose store waits but a moment for another program."""
    with office.entry.store.read() as tx:
        tx.exec_driver_sql("PRAGMA busy_timeout = 20")
    return office


@contextmanager
def locked(tmp_path: Path) -> Iterator[None]:
    """Another program holds the store."""
    other = open_store(tmp_path / "desk", KEY)
    with other.write() as tx:
        tx.execute(text("UPDATE meta SET value = value"))
        yield
    other.close()


def told(dialog: QDialog) -> None:
    assert "Another window or program is using the store." in (dialog.windowTitle() + words_of(dialog))
    press_in(dialog, "close")


def test_a_request_is_submitted_once_the_store_is_free_again(make_page: Make, hurried: Office, tmp_path: Path) -> None:
    done = hurried.register()
    window: Window[CaseView] = make_page(CaseView, hurried, Role.CASEWORKER)
    window.view.open(done.case_id, "check")
    window.until(lambda: window.view.part == "check")
    window.settle()
    with locked(tmp_path):
        window.in_dialog(told, window.view.foot.main.click)
    assert window.view.foot.main.accessibleDescription() != "Working"
    window.view.foot.main.click()
    window.settle()
    window.until(lambda: state_of(hurried, done) is State.SUBMITTED)


def test_a_run_that_the_store_stops_can_be_closed_and_carried_out_again(
    make_page: Make, hurried: Office, tmp_path: Path
) -> None:
    cases = many_closed(hurried, 2)
    run = approved(hurried, *cases)
    pass_grace(hurried)
    hurried.desks[Role.RECORDS_OFFICER] = hurried.officers[0]
    window = make_page(RetentionView, hurried, Role.RECORDS_OFFICER)
    (one,) = disposal.runs(hurried.officers[0])
    dialog = CarryOutDialog(window.view.session, one, window.view)
    dialog.open()
    window.settle()
    with locked(tmp_path):
        window.in_dialog(told, lambda: press_in(dialog, "yes"))
    window.until(lambda: not isValid(dialog))
    assert disposal.carry_out(hurried.officers[0], run).destroyed == len(cases)


def test_what_was_typed_in_a_dialog_is_done_once_the_store_is_free_again(
    make_page: Make, hurried: Office, tmp_path: Path
) -> None:
    place(hurried, agreement_id="coroner")
    page = open_page(make_page, hurried)
    page.view.pane.propose.click()
    page.settle()
    dialog = dialog_of()
    fill(dialog, because="The inquest is over.")
    with locked(tmp_path):
        page.in_dialog(told, lambda: press_in(dialog, dialog.button.objectName()))
    assert dialog.isVisible()
    assert dialog.text("because") == "The inquest is over."
    go(page, dialog)
    (one,) = hold_rows(hurried.officers[0])
    assert one.hold.standing == "proposed"
