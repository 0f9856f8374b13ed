"""Saved filters in the register, by its keys."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from db.records import Role, State
from db.records_views import RegisterFilter
from desktop.casework.savedfilters import SaveFilter, save_filter, saved_filters
from desktop.policy.savedviews import NO_TEXT
from desktop.ui.register import RegisterView
from desktop.ui.savedviews import SavedViewsDialog
from tests.fixtures import Office
from tests.ui.case_window import open_dialog
from tests.ui.page_window import Make, Window, close, make_page, nameless, press_in, words_of

__all__ = ["make_page"]

Key = Qt.Key
Register = Window[RegisterView]
ISSUED = RegisterFilter(state=State.ISSUED)


@pytest.fixture
def make(office: Office, make_page: Make) -> Callable[..., Register]:
    """The register of a role, once an answered and an open case are there."""

    def made(role: Role = Role.CASEWORKER) -> Register:
        office.in_state(State.ISSUED)
        office.register(person=1)
        return make_page(RegisterView, office, role)

    return made


def opened_menu(register: Register, chip: str = "saved") -> QMenu:
    """Opens the chip's menu by the keyboard."""
    chips = register.view.filters.chips | {"saved": register.view.saved.chip}
    chips[chip].setFocus()
    register.press(Key.Key_Return)
    menu = register.view.findChild(QMenu, f"menu_{chip}")
    assert menu is not None
    return menu


def choose(register: Register, words: str, chip: str = "saved") -> None:
    """Chooses in the menu with the arrows."""
    menu = opened_menu(register, chip)
    labels = [action.text() for action in menu.actions() if not action.isSeparator() and action.isEnabled()]
    for _ in range(labels.index(words) + 1):
        QTest.keyClick(menu, Key.Key_Down)
    QTest.keyClick(menu, Key.Key_Return)
    register.settle()


def entries(register: Register) -> list[str]:
    menu = opened_menu(register)
    found = [action.text() for action in menu.actions() if not action.isSeparator()]
    menu.close()
    register.settle()
    return found


def save(register: Register, name: str) -> Any:
    """Saves what is shown under a name, by keys; returns the dialog."""
    choose(register, "Save these filters…")
    dialog = open_dialog(register.qtbot, "save_filter")
    register.type(name)
    register.press(Key.Key_Return)
    register.settle()
    return dialog


def test_a_filter_is_saved_chosen_and_let_go_by_keys(make: Callable[..., Register]) -> None:
    register = make()
    view, chip = register.view, register.view.saved.chip
    assert entries(register) == ["Save these filters…"]
    view.filters.clear()
    choose(register, "Issued", "state")
    save(register, "answered")
    assert chip.accessibleName() == "Saved: answered"
    assert chip.accessibleDescription() == "State: Issued. Delete removes it"
    assert nameless(view) == []
    chip.setFocus()
    register.press(Key.Key_Delete)
    assert view.filters.wanted == RegisterFilter()
    assert chip.accessibleName() == "Saved filters"
    assert chip.hasFocus()
    register.type("")
    view.filters.text.setText("Kowal")
    choose(register, "answered")
    assert view.filters.wanted == ISSUED
    assert view.filters.text.text() == ""
    assert len(view.table.paged.ids) == 1
    assert chip.accessibleName() == "Saved: answered"
    view.filters.sort_by("received_on", True)
    assert chip.accessibleName() == "Saved: answered", "another order shows the same cases"
    choose(register, "Refused", "state")
    assert chip.accessibleName() == "Saved filters"


def test_what_is_typed_is_not_saved_and_that_is_said(make: Callable[..., Register]) -> None:
    register = make()
    register.view.filters.text.setFocus()
    register.type("kowal")
    register.until(lambda: register.view.filters.wanted.text == "kowal")
    register.settle()
    said: list[str] = []

    def read(dialog: Any) -> None:
        said.append(words_of(dialog))
        close(dialog)

    register.in_dialog(read, lambda: choose(register, "Save these filters…"))
    assert NO_TEXT in said[0]
    register.session.worker.drain()
    assert saved_filters(register.office.caseworker) == ()


def test_a_name_that_may_be_a_persons_is_said_beside_it(make: Callable[..., Register]) -> None:
    register = make()
    dialog = save(register, "Anna Kowalczyk")
    assert "This reads as if it named a person" in words_of(dialog)
    dialog.fields["name"].set_value("open")
    dialog.button.click()
    register.settle()
    assert [one.name for one in register.view.saved.saved] == ["open"]


def test_an_administrator_saves_for_everyone_and_others_choose_it(
    office: Office, make: Callable[..., Register], make_page: Make
) -> None:
    admin = make(Role.ADMINISTRATOR)
    choose(admin, "Save these filters…")
    dialog = open_dialog(admin.qtbot, "save_filter")
    admin.type("all that is open")
    dialog.fields["everyones"].tick.click()
    dialog.button.click()
    admin.settle()
    assert entries(admin)[0] == "all that is open (everyone’s)"
    admin.session.worker.drain()
    register: Register = make_page(RegisterView, office, Role.CASEWORKER)
    assert entries(register) == ["all that is open (everyone’s)", "Save these filters…"]
    register.view.filters.clear()
    choose(register, "all that is open (everyone’s)")
    assert register.view.filters.wanted == RegisterFilter(open_only=True)


def test_a_filter_is_renamed_and_deleted_by_keys(office: Office, make: Callable[..., Register]) -> None:
    for name, wanted in (("answered", ISSUED), ("refused", RegisterFilter(state=State.REFUSED))):
        save_filter(office.caseworker, SaveFilter(name=name, wanted=wanted))
    register = make()
    choose(register, "Change saved filters…")
    dialog: SavedViewsDialog[RegisterFilter] = open_dialog(register.qtbot, "change_filters")
    assert dialog.group is not None
    assert (dialog.group.words(), QApplication.focusWidget()) == ("answered", next(iter(dialog.group.rows.values())))
    assert "State: Issued" in dialog.group.standing(next(iter(dialog.group.rows.values())))
    QTest.keyClick(QApplication.focusWidget() or dialog, Key.Key_Down)
    dialog.rename.setFocus()
    QTest.keyClick(dialog.rename, Key.Key_Return)
    open_dialog(register.qtbot, "rename_filter_to")
    register.type("turned down")
    register.press(Key.Key_Return)
    register.until(lambda: dialog.group is not None and dialog.group.words() == "turned down")
    register.in_dialog(lambda asked: press_in(asked, "yes"), dialog.delete.click)
    assert dialog.group is not None
    assert dialog.group.words() == "answered"
    assert nameless(dialog) == []
    register.in_dialog(lambda asked: press_in(asked, "cancel"), dialog.delete.click)
    register.in_dialog(lambda asked: press_in(asked, "yes"), dialog.delete.click)
    assert "No saved filter is left" in words_of(dialog)
    assert dialog.delete.off_reason == dialog.rename.off_reason == "No saved filter is left."
    dialog.close_button.click()
    register.settle()
    assert entries(register) == ["Save these filters…"]


def test_the_filters_stand_in_one_line_where_the_window_has_1366(make: Callable[..., Register]) -> None:
    view = make().view
    view.resize(1366 - 56, 720)
    view.filters.clear()
    QApplication.processEvents()
    shown = [view.filters.text, *view.filters.chips.values()]
    assert {one.y() for one in shown if one.isVisible()} == {view.filters.text.y()}
    assert view.filters.height() == view.filters.text.height()
    assert view.saved.chip.isVisible()


def test_a_name_on_its_way_is_waited_for_and_told(make: Callable[..., Register]) -> None:
    register = make()
    choose(register, "Issued", "state")
    choose(register, "Save these filters…")
    dialog = open_dialog(register.qtbot, "save_filter")
    register.type("answered")
    gate = Event()
    register.session.run(register.view, lambda _desk: gate.wait(60), done=lambda _done: None)
    QTest.keyClick(QApplication.focusWidget() or dialog, Key.Key_Return)
    QTest.keyClick(dialog, Key.Key_Escape)
    assert dialog.isVisible()
    gate.set()
    register.settle()
    assert register.view.saved.chip.accessibleName() == "Saved: answered"
