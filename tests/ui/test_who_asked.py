"""The register's way to who asked about a person: for whom it is, with a reason, shown, saved."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from db import journal
from db.records import Role
from db.records_views import RegisterFilter
from desktop.casework.desk import Done
from desktop.policy.reasons import REASONS
from desktop.ui.opening_case import ReasonDialog
from desktop.ui.register import RegisterView
from desktop.ui.whoasked import WhoAskedDialog
from tests.fixtures import Office
from tests.store.disposing import destroyed, many_closed
from tests.ui.page_window import Make, Window, make_page, nameless, press_in, words_of

__all__ = ["make_page"]

Register = Window[RegisterView]


def register(make_page: Make, office: Office, role: Role, done: Done) -> Register:
    """The register of somebody of this role, with this case current."""
    window = make_page(RegisterView, office, role)
    window.view.filters.set(RegisterFilter())
    window.settle()
    window.view.table.selectRow(window.view.table.paged.ids.index(done.case_id))
    window.settle()
    window.until(window.view.pane.who_asked.isVisible)
    return window


def looked_up(window: Register, why: str = "enquiry") -> WhoAskedDialog:
    """Asks, gives the reason, and returns the answer's dialog."""

    def give(dialog: Any) -> None:
        assert isinstance(dialog, ReasonDialog)
        assert nameless(dialog) == []
        dialog.reason.choose(why)
        press_in(dialog, "open")

    window.in_dialog(give, window.view.pane.who_asked.click)
    window.until(lambda: isinstance(QApplication.activeModalWidget(), WhoAskedDialog))
    found = QApplication.activeModalWidget()
    assert isinstance(found, WhoAskedDialog)
    return found


def test_the_reason_is_given_by_the_keyboard_alone(make_page: Make, office: Office) -> None:
    window = register(make_page, office, Role.GUARDIAN, office.register())
    chosen = []

    def give(dialog: Any) -> None:
        where = dialog.focusWidget()
        assert where in dialog.reason.controls()
        QTest.keyClick(where, Qt.Key.Key_Space)
        chosen.append(dialog.reason.value())
        for _ in range(2):
            QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Tab)
        assert dialog.focusWidget().objectName() == "open"
        QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Space)

    window.in_dialog(give, window.view.pane.who_asked.click)
    window.until(lambda: isinstance(QApplication.activeModalWidget(), WhoAskedDialog))
    assert chosen == [next(iter(REASONS))]
    found = QApplication.activeModalWidget()
    assert found is not None
    found.close()


def cells(dialog: WhoAskedDialog) -> list[list[str]]:
    model = dialog.table.paged
    rows = [model.row(at) for at in range(model.rowCount())]
    return [[column.getter(one) for column in model.columns] for one in rows if one is not None]


def test_a_guardian_looks_up_who_asked_and_the_journal_keeps_it(make_page: Make, office: Office) -> None:
    draft, other = office.register(), office.register()
    window = register(make_page, office, Role.GUARDIAN, draft)
    dialog = looked_up(window)
    assert nameless(dialog) == []
    assert [row[-1] for row in cells(dialog)] == ["The same", "May be the same"]
    assert "Nobody has." in words_of(dialog)
    dialog.reject()
    window.settle()
    assert window.journalled(draft.case_id)[-1] == "who_asked"
    assert window.journalled(other.case_id)[-1] == "shown_by_who_asked"
    again = looked_up(window)
    assert f"{office.guardian.user.name}: " in words_of(again)
    again.reject()


def test_cancel_looks_up_nothing(make_page: Make, office: Office) -> None:
    draft = office.register()
    window = register(make_page, office, Role.RECORDS_OFFICER, draft)

    def without(dialog: Any) -> None:
        press_in(dialog, "open")
        assert "Choose why." in words_of(dialog)
        press_in(dialog, "cancel")

    window.in_dialog(without, window.view.pane.who_asked.click)
    assert QApplication.activeModalWidget() is None
    assert "who_asked" not in window.journalled(draft.case_id)


def test_the_list_is_saved_and_what_cannot_be_is_said(make_page: Make, office: Office, tmp_path: Path) -> None:
    draft = office.register()
    window = register(make_page, office, Role.GUARDIAN, draft)
    dialog = looked_up(window)
    dialog.save_as(tmp_path / "found.csv")
    window.settle()
    rows = list(csv.reader((tmp_path / "found.csv").read_text("utf-8-sig").splitlines()))
    assert [row[1] for row in rows[1:]] == [row[1] for row in cells(dialog)]
    assert window.journalled(draft.case_id)[-1] == "save_who_asked"

    def told(said: Any) -> None:
        assert "Choose another folder." in words_of(said)
        press_in(said, "close")

    window.in_dialog(told, lambda: dialog.save_as(tmp_path / "nowhere" / "found.csv"))
    dialog.reject()


@pytest.mark.parametrize("role", [Role.CASEWORKER, Role.REVIEWER, Role.AUDITOR])
def test_for_others_it_is_off_and_says_why(make_page: Make, office: Office, role: Role) -> None:
    window = register(make_page, office, role, office.register())
    assert "The guardian and records officers" in window.view.pane.who_asked.off_reason
    window.view.pane.who_asked.click()
    window.settle()
    assert QApplication.activeModalWidget() is None
    window.view._menu()
    menu = window.view.findChild(QMenu, "case_menu")
    assert menu is not None
    assert not next(one for one in menu.actions() if one.text().startswith("Who asked")).isEnabled()
    menu.close()


def test_of_a_destroyed_case_nobody_asks(make_page: Make, office: Office) -> None:
    gone, _stays = many_closed(office, 2)
    destroyed(office, gone)
    window = register(make_page, office, Role.GUARDIAN, gone)
    assert "destroyed" in window.view.pane.who_asked.off_reason


def test_a_dialog_of_it_has_no_name_in_its_title(make_page: Make, office: Office) -> None:
    draft = office.register()
    window = register(make_page, office, Role.GUARDIAN, draft)
    dialog = looked_up(window)
    with office.entry.store.read() as tx:
        reference = next(journal.entries(tx, case_id=draft.case_id)).reference
    assert dialog.accessibleName() == f"Who asked about the person of {reference}"
    dialog.reject()
