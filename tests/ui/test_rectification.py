"""Rectification in the windows: marks by the keyboard, notices one by one, and who may do what."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QFileDialog, QWidget

from db.journal import entries
from db.notices import notice_bytes
from db.records import Role, State
from desktop.casework.casepage import case_page
from desktop.casework.desk import Done
from desktop.ui.case.form import SectionForm
from desktop.ui.case.noticecard import ExcuseDialog, NoticeDialog
from desktop.ui.review.view import ReviewView
from tests.fixtures import Office
from tests.journeys.rectification import asked, given, page, recorded, reference, released, same_person, tell, wrong
from tests.ui.case_window import Window, focused, make_window, open_dialog, window
from tests.ui.page_window import Make, make_page
from tests.ui.page_window import Window as PageWindow
from tests.ui.waiting import PATIENCE

__all__ = ["given", "make_page", "make_window", "window"]


def shown(window: Window, name: str) -> bool:
    found = window.view.findChild(QWidget, name)
    return found is not None and found.isVisible()


def test_marks_are_set_by_the_keyboard_and_kept(window: Window, office: Office, given: Done) -> None:
    window.open(asked(office, given), "register")
    window.tab_to("register_wrong_1_not_challenged")
    window.press(Qt.Key.Key_Right)
    window.press(Qt.Key.Key_Right)
    window.press(Qt.Key.Key_Space)
    assert focused().objectName() == "register_wrong_1_right"
    assert focused().accessibleName().startswith("What is right in place of: Last known address: 27 Ropewalk")
    window.type("9 Tannery Yard")
    window.saved()
    wrong = {"item": f"{reference(office, given)}:address", "finding": "wrong", "right": "9 Tannery Yard"}
    assert window.stored()["register.wrong"] == [wrong]
    press(window, "register_wrong_1_stands")
    window.saved()
    assert window.stored()["register.wrong"] == [{**wrong, "finding": "stands", "right": ""}]
    assert not shown(window, "register_wrong_1_right")


def test_what_is_marked_is_there_when_the_case_is_opened_again(
    make_window: Callable[..., Window], office: Office, given: Done
) -> None:
    mark = {"item": f"{reference(office, given)}:address", "finding": "wrong", "right": "9 Tannery Yard"}
    done = office.save(asked(office, given), register__wrong=[mark])
    window = make_window()
    window.open(done, "register")
    form = window.view.parts["register"]
    assert isinstance(form, SectionForm)
    assert form.fields["register.wrong"].value() == [mark]
    assert "Wrong or incomplete. What is right: 9 Tannery Yard" in form.fields["register.wrong"].words()


def test_a_case_recorded_as_theirs_meanwhile_is_there_to_mark(window: Window, office: Office, given: Done) -> None:
    other = office.in_state(State.ISSUED)
    mine = asked(office, given)
    window.open(mine, "register")
    assert not shown(window, "register_wrong_2_wrong")
    window.session.worker.drain()
    same_person(office, mine, other)
    window.view.tabs.buttons["beside"].click()
    window.view.refresh()
    window.settle()
    window.view.tabs.buttons["form"].click()
    window.until(lambda: shown(window, "register_wrong_2_wrong"))


def test_what_is_right_is_typed_once(window: Window, office: Office, given: Done) -> None:
    other = office.in_state(State.ISSUED)
    mark = {"item": f"{reference(office, given)}:address", "finding": "wrong", "right": "9 Tannery Yard"}
    window.open(office.save(asked(office, given, other), register__wrong=[mark]), "register")
    press(window, "register_wrong_2_wrong")
    window.saved()
    kept = window.stored()["register.wrong"]
    assert kept == [mark, {**mark, "item": f"{reference(office, other)}:address"}]


def press(window: Window, name: str) -> None:
    button = window.find(name)
    assert isinstance(button, QAbstractButton)
    button.click()


def test_notices_are_read_issued_and_copied_before_the_letter(
    window: Window, office: Office, given: Done, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = released(office, given)
    window.open(done, "next")
    window.tab_to("notice_1_read")
    window.press(Qt.Key.Key_Return)
    dialog = open_dialog(window.qtbot, "notice_viewer")
    assert isinstance(dialog, NoticeDialog)
    assert "27 Ropewalk" not in dialog.windowTitle()
    window.press(Qt.Key.Key_Escape)
    window.settle()
    window.activate()
    assert not shown(window, "notice_1_excuse")
    window.find("notice_1_issue").setFocus()
    window.answering(lambda: window.press(Qt.Key.Key_Return), lambda: shown(window, "notice_1_sent"))
    assert page(office, done).notices[0].number is not None
    assert not shown(window, "notice_1_issue")
    out = tmp_path / "notice.pdf"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", staticmethod(lambda *_arguments: (str(out), "")))
    copy = window.find("notice_1_copy")
    assert isinstance(copy, QAbstractButton)
    window.answering(copy.click, out.exists)
    with office.entry.store.read() as tx:
        assert [one.action for one in entries(tx, case_id=done.case_id, limit=1000)][-1] == "handle_notice"
        assert out.read_bytes() == notice_bytes(tx, 1)


def test_a_second_person_records_why_someone_is_not_told(
    make_window: Callable[..., Window], office: Office, given: Done
) -> None:
    done = released(office, given)
    window = make_window(Role.REVIEWER)
    window.open(done, "next")
    assert not shown(window, "notice_1_issue")
    window.tab_to("notice_1_excuse")
    window.press(Qt.Key.Key_Return)
    dialog = open_dialog(window.qtbot, "excuse_notice")
    assert isinstance(dialog, ExcuseDialog)
    dialog.button.click()
    assert dialog.summary.isVisible()
    dialog.because.choose("impossible")
    dialog.reasons.set_value("The unit was closed, and has no successor.")
    dialog.button.click()
    window.settle()
    window.until(lambda: page(office, done).notices[0].excused == "impossible")
    window.until(lambda: not shown(window, "notice_1_excuse"))


def test_the_corrected_case_says_by_which(window: Window, office: Office, given: Done) -> None:
    done = tell(office, released(office, given))
    window.open(given, "next")
    words = " ".join(one.text() for one in window.view.findChildren(QWidget) if hasattr(one, "text"))
    assert reference(office, done) in words
    assert case_page(office.caseworker, given.case_id).corrected


def test_whoever_releases_reads_the_notices_first(make_page: Make, office: Office, given: Done) -> None:
    done = office.submit(office.save(asked(office, given), register__wrong=wrong(office, given)))
    recorded(office, office.approve(done))
    review: PageWindow[ReviewView] = make_page(ReviewView, office, Role.REVIEWER)
    review.view.setFocus()
    review.press(Qt.Key.Key_J, Qt.KeyboardModifier.ControlModifier)
    review.view.show_tab("whole")
    review.qtbot.waitUntil(lambda: review.view.findChild(QWidget, "notice_1_read") is not None, timeout=PATIENCE)
    assert review.view.findChild(QWidget, "notice_1_issue") is None
    button = review.view.findChild(QAbstractButton, "notice_1_read")
    assert button is not None
    button.click()
    open_dialog(review.qtbot, "notice_viewer").close()
