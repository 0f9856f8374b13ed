"""The letters of a case in its window: written, read, printed, sent and issued again by the keyboard."""

from __future__ import annotations

from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QFileDialog, QWidget
from sqlalchemy import text

from db.casereads import letter_bytes
from db.journal import entries
from db.records import Action, LetterKind, Role, State
from desktop.casework import accounts, issuing, writing
from desktop.casework.casepage import CasePage, case_page
from desktop.ui.case.letterdialog import LetterDialog, WriteDialog
from desktop.ui.case.progress import LETTERS
from tests.fixtures import Office
from tests.journeys.test_mailing import on_record
from tests.journeys.walking import brought_to, write_command
from tests.ui.case_window import CTRL, Window, focused, make_window, open_dialog, window

__all__ = ["make_window", "window"]


def shown(window: Window, name: str) -> bool:
    found = window.view.findChild(QWidget, name)
    return found is not None and found.isVisible()


def page_of(window: Window) -> CasePage:
    window.session.worker.drain()
    assert window.view.page is not None
    return case_page(window.session.desk, window.view.page.case.row.id)


def test_a_request_is_acknowledged_by_the_keyboard(window: Window, office: Office) -> None:
    window.open(office.register(), LETTERS)
    assert window.find("section_letters").accessibleName() == "Letters, 1 to write"
    assert focused().objectName() == "write_acknowledgement"
    window.press(Qt.Key.Key_Return)
    dialog = open_dialog(window.qtbot, "write_letter")
    assert isinstance(dialog, WriteDialog)
    window.until(lambda: not dialog.issue_button.off_reason)
    assert "Kowal" not in dialog.windowTitle()
    dialog.issue_button.setFocus()
    window.press(Qt.Key.Key_Return)
    window.until(lambda: page_of(window).case.letters)
    window.activate()
    window.until(lambda: shown(window, "letter_1_read"))
    assert window.find("section_letters").accessibleName() == "Letters, 1 issued"
    window.tab_to("letter_1_read")
    window.press(Qt.Key.Key_Return)
    viewer = open_dialog(window.qtbot, "letter_viewer")
    assert isinstance(viewer, LetterDialog)
    window.press(Qt.Key.Key_Escape)


def test_what_is_typed_is_read_before_it_is_issued(window: Window, office: Office) -> None:
    window.open(office.in_state(State.RETURNED), LETTERS)
    button(window, "write_more_information").click()
    dialog = open_dialog(window.qtbot, "write_letter")
    assert isinstance(dialog, WriteDialog)
    # What was written down when it was returned is there, and shown.
    assert dialog.text("said") == "More is needed."
    window.until(lambda: not dialog.issue_button.off_reason)
    dialog.fields["said"].focus()
    window.type(" When?")
    assert "Show the letter first" in dialog.issue_button.off_reason
    dialog.show_button.click()
    window.until(lambda: not dialog.issue_button.off_reason)
    dialog.issue_button.click()
    window.until(lambda: page_of(window).case.letters)
    assert page_of(window).case.letters[0].kind is LetterKind.MORE_INFORMATION


def test_a_letter_is_read_and_issued_in_large_print(window: Window, office: Office) -> None:
    window.open(office.register(), LETTERS)
    button(window, "write_acknowledgement").click()
    dialog = open_dialog(window.qtbot, "write_letter")
    assert isinstance(dialog, WriteDialog)
    window.until(lambda: not dialog.issue_button.off_reason)
    before = dialog.seen
    dialog.large.click()
    assert "Show the letter first" in dialog.issue_button.off_reason
    window.until(lambda: not dialog.issue_button.off_reason)
    assert dialog.seen != before
    # The letterhead changes between reading and issuing.
    body = replace(accounts.organisation(office.entry), phone="01632 960199")
    accounts.save_organisation(office.desk(Role.ADMINISTRATOR), body)
    dialog.issue_button.click()
    window.until(dialog.summary.isVisible)
    assert "Show the letter first" in dialog.issue_button.off_reason
    assert not page_of(window).case.letters
    dialog.show_button.click()
    window.until(lambda: not dialog.issue_button.off_reason)
    dialog.issue_button.click()
    window.until(lambda: page_of(window).case.letters)
    with office.entry.store.read() as tx:
        assert '"large_print":true' in str(tx.execute(text("SELECT facts FROM letter")).scalar_one())


def test_a_hint_at_a_record_is_said_beside_the_letter(window: Window, office: Office) -> None:
    window.open(office.in_state(State.RETURNED), LETTERS)
    button(window, "write_more_information").click()
    dialog = open_dialog(window.qtbot, "write_letter")
    assert isinstance(dialog, WriteDialog)
    window.until(lambda: not dialog.issue_button.off_reason)
    dialog.fields["said"].set_value("The record has a marker.")
    dialog.show_button.click()
    window.until(dialog.summary.isVisible)
    assert dialog.issue_button.off_reason
    window.press(Qt.Key.Key_Escape)


def test_a_letter_that_cannot_be_written_says_why(window: Window, office: Office) -> None:
    window.open(office.in_state(State.APPROVED), LETTERS)
    assert button(window, "write_more_information").accessibleDescription() == (
        "Off. Return the request to the requester first."
    )


def test_the_answer_is_issued_again_with_its_reason(window: Window, office: Office) -> None:
    window.open(office.in_state(State.ISSUED), LETTERS)
    button(window, "letter_1_again").click()
    dialog = open_dialog(window.qtbot, "write_letter")
    assert isinstance(dialog, WriteDialog)
    window.type("The first had an old telephone number.")
    dialog.show_button.click()
    window.until(lambda: not dialog.issue_button.off_reason)
    dialog.issue_button.click()
    window.until(lambda: len(page_of(window).case.letters) == 2)
    assert page_of(window).case.letters[1].replaces == 1
    window.until(lambda: shown(window, "letter_2_again") and not shown(window, "letter_1_again"))


def test_a_copy_is_in_the_journal_before_it_is_on_the_disk(
    window: Window, office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = office.in_state(State.ISSUED)
    window.open(done, LETTERS)
    out = tmp_path / "copy.pdf"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", staticmethod(lambda *_arguments: (str(out), "")))
    with office.entry.store.write() as tx:
        tx.exec_driver_sql(
            "CREATE TEMP TRIGGER full BEFORE INSERT ON letter_event BEGIN SELECT RAISE(ABORT, 'no'); END"
        )
    assert window.answering(button(window, "letter_1_copy").click)
    assert list(tmp_path.glob("*.pdf*")) == list(tmp_path.glob(".new-*")) == [], "what is not journalled is not written"
    with office.entry.store.write() as tx:
        tx.exec_driver_sql("DROP TRIGGER full")
    window.until(lambda: shown(window, "letter_1_copy"))
    assert window.answering(button(window, "letter_1_copy").click, out.exists) == []
    letter = page_of(window).case.letters[0].id
    with office.entry.store.read() as tx:
        assert [one.action for one in entries(tx, case_id=done.case_id, limit=1000)][-1] == "save_copy"
        assert out.read_bytes() == letter_bytes(tx, letter)


def test_a_copy_that_cannot_be_written_is_not_in_the_journal(
    window: Window, office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = office.in_state(State.ISSUED)
    window.open(done, LETTERS)
    nowhere = (str(tmp_path / "no such folder" / "copy.pdf"), "")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", staticmethod(lambda *_arguments: nowhere))
    (told,) = window.answering(button(window, "letter_1_copy").click)
    assert "The letter itself is safe in the store" in told
    with office.entry.store.read() as tx:
        assert "save_copy" not in [one.action for one in entries(tx, case_id=done.case_id, limit=1000)]


def test_a_reviewer_reads_letters_and_writes_none(make_window: object, office: Office) -> None:
    done = office.in_state(State.ISSUED)
    window: Window = make_window(Role.REVIEWER)  # type: ignore[operator]
    window.open(done, LETTERS)
    assert shown(window, "letter_1_read")
    assert not shown(window, "letter_1_again")
    assert not shown(window, "letter_1_print")


def button(window: Window, name: str) -> QAbstractButton:
    found = window.find(name)
    assert isinstance(found, QAbstractButton)
    return found


def test_the_key_of_the_letter_leads_to_the_letters_while_there_is_no_answer(window: Window, office: Office) -> None:
    window.open(office.register())
    window.press(Qt.Key.Key_L, CTRL)
    window.until(lambda: window.view.part == LETTERS)
    assert focused().objectName() == "write_acknowledgement"


def test_returning_a_request_leads_to_its_letter(window: Window, office: Office) -> None:
    window.open(office.register(), "asked")
    window.view.deeds.take_step(Action.RETURN)
    dialog = open_dialog(window.qtbot, "step_return")
    dialog.fields["reasons"].set_value("The date of birth of the person.")
    dialog.button.click()
    window.until(lambda: window.view.part == LETTERS)
    window.until(lambda: shown(window, "write_more_information"))
    assert window.view.page is not None
    assert window.view.page.to_write == (LetterKind.MORE_INFORMATION,)


def test_a_letter_to_the_requester_is_put_into_an_e_mail(
    window: Window, office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_record(office)
    done = office.register()
    done = writing.write(office.caseworker, write_command(done, LetterKind.ACKNOWLEDGEMENT))
    window.open(done, LETTERS)
    out = tmp_path / "a.eml"
    suggested: list[str] = []

    def choose(_owner: object, _title: str, name: str, _kinds: str) -> tuple[str, str]:
        suggested.append(name)
        return str(out), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", choose)
    button(window, "letter_1_mail").click()
    window.until(out.exists)
    message = message_from_bytes(out.read_bytes(), policy=policy.default)
    assert isinstance(message, EmailMessage)
    assert message["To"] == "ecu@northshire.police.uk.example"
    (attached,) = message.iter_attachments()
    letter = page_of(window).case.letters[0]
    assert attached.get_content() == issuing.read_letter(office.caseworker, done.case_id, letter.id)
    assert suggested == [f"{page_of(window).case.row.reference}-1.eml"]
    with office.entry.store.read() as tx:
        assert tx.execute(text("SELECT action FROM letter_event")).scalars().all() == ["prepare_mail"]


def test_a_letter_to_the_person_is_never_put_into_an_e_mail(window: Window, office: Office) -> None:
    kind = LetterKind.DEBT_NOTICE
    done = brought_to(office, office.entry.agreements.get("nhs-debt-report"), kind)
    window.open(writing.write(office.caseworker, write_command(done, kind)), LETTERS)
    number = page_of(window).case.letters[-1].number
    assert shown(window, f"letter_{number}_print")
    assert window.view.findChild(QWidget, f"letter_{number}_mail") is None
