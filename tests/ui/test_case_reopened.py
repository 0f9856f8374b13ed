"""What is typed in a case while it, or another one, is on its way from the store."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from desktop.casework.casepage import case_page
from tests.fixtures import Office
from tests.ui.case_window import Window, make_window, window
from tests.ui.page_window import press_in, words_of

__all__ = ["make_window", "window"]


def typed_into(window: Window, words: str) -> QLineEdit:
    """Types given names in the place of those that are there, without waiting for the store in between."""
    edit = window.view.parts["person"].findChild(QLineEdit, "person_given_names")
    assert edit is not None
    edit.setFocus()
    edit.selectAll()
    QTest.keyClicks(edit, words)
    return edit


def test_what_is_typed_while_the_case_is_read_again_is_kept(window: Window, office: Office) -> None:
    """The form that is still shown takes it: it is saved before the case as it was read takes its place."""
    done = office.register()
    window.open(done, "person")
    window.view.open(done.case_id, "person")
    typed_into(window, "Wren")
    window.until(lambda: not window.view.draft.unsaved())
    window.settle()
    assert window.stored()["person.given_names"] == "Wren"


def test_what_is_typed_while_another_case_is_read_is_kept(window: Window, office: Office) -> None:
    done, other = office.register(), office.register(person=1)
    window.open(done, "person")
    window.view.open(other.case_id, "person")
    typed_into(window, "Wren")
    window.until(lambda: window.view.page is not None and window.view.page.case.row.id == other.case_id)
    window.settle()
    assert case_page(office.caseworker, done.case_id).case.answers["person.given_names"] == "Wren"


def test_what_cannot_be_saved_keeps_nobody_from_another_case(window: Window, office: Office) -> None:
    """Once they have said so: it is asked once."""
    done, other = office.register(), office.register(person=1)
    window.open(done, "person")
    # In another window it is put before a reviewer meanwhile: nothing is saved in it any more.
    office.submit(done)
    edit = typed_into(window, "Wren")
    assert edit.text() == "Wren"
    asked: list[str] = []

    def leave() -> None:
        dialog = QApplication.activeModalWidget()
        if dialog is not None and dialog.objectName() == "confirm":
            asked.append(words_of(dialog))
            press_in(dialog, "yes")

    looking = QTimer()
    looking.timeout.connect(leave)
    looking.start(20)
    window.view.open(other.case_id, "person")
    window.until(lambda: window.view.page is not None and window.view.page.case.row.id == other.case_id)
    window.settle()
    looking.stop()
    (words,) = asked
    assert "What you typed last in this case is not saved." in words
    assert case_page(office.caseworker, done.case_id).case.answers["person.given_names"] != "Wren"
