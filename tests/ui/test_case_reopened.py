"""What is typed in a case while it, or another one, is on its way from the store."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from desktop.casework.casepage import case_page
from tests.fixtures import Office
from tests.ui.case_window import Window, make_window, window

__all__ = ["make_window", "window"]


def test_what_is_typed_while_the_case_is_read_again_is_kept(window: Window, office: Office) -> None:
    """The form that is still shown takes it: it is saved before the case as it was read takes its place."""
    done = office.register()
    window.open(done, "person")
    window.view.open(done.case_id, "person")
    edit = window.view.parts["person"].findChild(QLineEdit, "person_given_names")
    assert edit is not None
    edit.setFocus()
    edit.selectAll()
    # Without waiting for the store in between.
    QTest.keyClicks(edit, "Wren")
    window.until(lambda: not window.view.draft.unsaved())
    window.settle()
    assert window.stored()["person.given_names"] == "Wren"


def test_what_is_typed_while_another_case_is_read_is_kept(window: Window, office: Office) -> None:
    done, other = office.register(), office.register(person=1)
    window.open(done, "person")
    window.view.open(other.case_id, "person")
    edit = window.view.parts["person"].findChild(QLineEdit, "person_given_names")
    assert edit is not None
    edit.setFocus()
    edit.selectAll()
    QTest.keyClicks(edit, "Wren")
    window.until(lambda: window.view.page is not None and window.view.page.case.row.id == other.case_id)
    window.settle()
    assert case_page(office.caseworker, done.case_id).case.answers["person.given_names"] == "Wren"


def test_what_cannot_be_saved_keeps_nobody_from_another_case(
    window: Window, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once they have said so: it is asked once."""
    done, other = office.register(), office.register(person=1)
    window.open(done, "person")
    asked: list[int] = []

    def leave(case_id: int, then: Callable[[], None]) -> None:
        asked.append(case_id)
        then()

    monkeypatch.setattr(window.view.deeds, "leave", leave)
    monkeypatch.setattr(window.view.draft, "flush", lambda then: then())
    monkeypatch.setattr(window.view.draft, "unsaved", lambda: {"person.given_names": "Wren"})
    window.view.open(other.case_id, "person")
    window.until(lambda: window.view.page is not None and window.view.page.case.row.id == other.case_id)
    assert asked == [other.case_id]
