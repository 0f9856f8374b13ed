"""A new request from a completed PDF form, and a blank form to send out."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from desktop.casework.casepage import case_page
from desktop.casework.requestforms import make_request_form
from desktop.ui.case.new import NewRequest
from desktop.ui.kit.button import Button
from desktop.ui.kit.notices import Banner
from desktop.ui.kit.text import Text
from tests.fixtures import Office
from tests.journeys.test_request_forms import filled
from tests.ui.case_window import Window, make_window, window

__all__ = ["make_window", "window"]


def form(office: Office, folder: Path, **values: str) -> Path:
    """A completed form of the coroner's agreement."""
    blank, done = folder / "blank.pdf", folder / "done.pdf"
    make_request_form(office.caseworker, "coroner", blank)
    done.write_bytes(filled(blank.read_bytes(), values))
    return done


def test_a_completed_form_becomes_a_draft_with_its_file(window: Window, office: Office, tmp_path: Path) -> None:
    path = form(office, tmp_path, **{"person~family_name": "Okafor"})
    new = NewRequest(window.session, window.view)
    new.open()
    new.form_row.read(path)
    window.until(lambda: new.agreement.value() == "coroner")
    banner = new.findChild(Banner, "form_read")
    assert banner is not None
    assert banner.sentence.text() == "The form gave 1 answer. The file is attached to the case."
    made: list[int] = []
    new.created.connect(made.append)
    new.button.click()
    window.until(lambda: made)
    window.settle()
    page = case_page(window.session.desk, made[0])
    assert page.case.answers["person.family_name"] == "Okafor"
    assert [one.name for one in page.attachments] == ["done.pdf"]


def test_what_could_not_be_read_is_told_before_it_is_registered(window: Window, office: Office, tmp_path: Path) -> None:
    path = form(office, tmp_path, **{"person~family_name": "Okafor", "person~born~day": "31", "person~born~month": "6"})
    new = NewRequest(window.session, window.view)
    new.open()
    new.form_row.read(path)
    window.until(lambda: new.agreement.value() == "coroner")
    told = " ".join(one.text() for one in new.form_row.findChildren(Text))
    assert "Date of birth: “31, 6”. June has 30 days." in told
    # Another agreement has other questions: what was read is not carried over in silence.
    new.choose("foi")
    QApplication.processEvents()
    assert new.findChild(Banner, "form_read") is None
    new.reject()


def test_what_is_no_form_is_said(window: Window, tmp_path: Path) -> None:
    path = tmp_path / "letter.pdf"
    path.write_bytes(b"%PDF-1.7 nothing")
    new = NewRequest(window.session, window.view)
    new.open()
    said: list[str] = []

    def close() -> None:
        dialog = QApplication.activeModalWidget()
        assert dialog is not None
        said.extend(one.text() for one in dialog.findChildren(Text))
        buttons = dialog.findChildren(Button)
        buttons[-1].click()

    QTimer.singleShot(300, close)
    new.form_row.read(path)
    window.until(lambda: said)
    assert any("damaged" in one for one in said)
    new.reject()


def test_a_blank_form_is_saved(window: Window, tmp_path: Path) -> None:
    new = NewRequest(window.session, window.view)
    new.open()
    assert new.form_row.blank.isHidden()
    new.choose("coroner")
    assert not new.form_row.blank.isHidden()
    out = tmp_path / "form.pdf"
    out.write_bytes(b"before")
    new.form_row.save_blank(out)
    window.until(lambda: out.exists() and out.read_bytes().startswith(b"%PDF-"))
    assert out.stat().st_mode & 0o777 == 0o600
    new.reject()
