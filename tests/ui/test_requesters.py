"""The page of requesters, and what it says beside a case, in a review and of a file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from db.records import Role, State
from desktop.casework.requesters import PutBody, bodies, put_body
from desktop.ui.admin.requesters import RequestersPart
from desktop.ui.case.form import SectionForm
from desktop.ui.kit.notices import Banner
from desktop.ui.recorddialog import RecordDialog
from desktop.ui.review.view import ReviewView
from tests.fixtures import Office
from tests.ui.case_window import Window as CaseWindow
from tests.ui.case_window import make_window
from tests.ui.page_window import CTRL, Make, Window, close, make_page, nameless, press_in, words_of

__all__ = ["make_page", "make_window"]

MakeCase = Callable[..., CaseWindow]

Page = Window[RequestersPart]


def open_page(make_page: Make, office: Office, role: Role = Role.ADMINISTRATOR) -> Page:
    page = make_page(RequestersPart, office, role)
    page.view.refresh()
    page.settle()
    return page


def dialog_of(page: Page) -> RecordDialog:
    found = [one for one in QApplication.topLevelWidgets() if isinstance(one, RecordDialog) and one.isVisible()]
    assert len(found) == 1
    return found[0]


def fill(dialog: RecordDialog, **values: Any) -> None:
    for key, value in values.items():
        dialog.fields[key].set_value(value)


def go(page: Page, dialog: RecordDialog) -> None:
    dialog.button.click()
    page.settle()


def test_an_empty_record_says_what_it_is_for_and_takes_the_first_body(make_page: Make, office: Office) -> None:
    page = open_page(make_page, office)
    assert page.view.empty.isVisible()
    assert not page.view.table.isVisible()
    page.view.empty.acted.emit()
    dialog = dialog_of(page)
    fill(dialog, name="Northshire Police", addresses="@northshire.police.uk.example")
    go(page, dialog)
    assert not page.view.empty.isVisible()
    body = page.view.current()
    assert body is not None
    assert (body.name, body.addresses) == ("Northshire Police", ("@northshire.police.uk.example",))


def test_officers_and_accreditations_come_and_go(make_page: Make, office: Office) -> None:
    put_body(office.desk(Role.GUARDIAN), PutBody(name="Northshire Police", addresses=""))
    page = open_page(make_page, office)
    page.view.officer.click()
    dialog = dialog_of(page)
    fill(dialog, name="Joanne Hale", grade="Inspector", countersigns=True)
    go(page, dialog)
    assert "Joanne Hale, Inspector, may countersign" in words_of(page.view)
    page.view.accredit.click()
    dialog = dialog_of(page)
    fill(
        dialog,
        agreement="law-enforcement-tracing",
        reference="AC/9",
        valid_to={"day": "31", "month": "12", "year": "2027"},
    )
    go(page, dialog)
    assert "Law enforcement tracing (AC/9): 10 June 2026 to 31 December 2027" in words_of(page.view)
    assert "stays on record" in page.view.remove.off_reason
    body = page.view.current()
    assert body is not None
    press_in(page.view, f"end_accreditation_{body.accreditations[0].id}")
    dialog = dialog_of(page)
    go(page, dialog)
    assert "Say why it ends." in words_of(dialog)
    fill(dialog, because="They closed.")
    go(page, dialog)
    assert "Ended from 10 June 2026: They closed." in words_of(page.view)
    officer = body.officers[0].id
    page.in_dialog(lambda asked: press_in(asked, "yes"), lambda: press_in(page.view, f"remove_officer_{officer}"))
    assert page.view.current().officers == ()  # type: ignore[union-attr]


def test_half_a_date_is_never_taken_for_none(make_page: Make, office: Office) -> None:
    put_body(office.desk(Role.GUARDIAN), PutBody(name="Northshire Police", addresses=""))
    page = open_page(make_page, office)
    page.view.officer.click()
    dialog = dialog_of(page)
    fill(dialog, name="Joanne Hale", left_on={"day": "3", "month": "", "year": "2026"})
    go(page, dialog)
    assert "Give the whole date" in words_of(dialog)
    assert bodies(office.desk(Role.GUARDIAN))[0].officers == ()
    dialog.reject()


def test_what_is_wrong_stands_beside_its_field_and_nothing_is_lost(make_page: Make, office: Office) -> None:
    page = open_page(make_page, office)
    page.view.add.click()
    dialog = dialog_of(page)
    fill(dialog, addresses="police.uk", note="kept")
    go(page, dialog)
    said = words_of(dialog)
    assert "Give the body’s name." in said
    assert "neither an e-mail address nor a domain" in said
    assert dialog.text("note") == "kept"
    dialog.reject()


def test_a_body_removed_meanwhile_is_told_in_words(make_page: Make, sample_office: Office) -> None:
    page = open_page(make_page, sample_office)
    body = page.view.current()
    assert body is not None
    desk = sample_office.desk(Role.GUARDIAN)
    put_body(desk, PutBody(body_id=body.id, version=body.version, name=body.name, addresses=""))
    page.view.change.click()
    dialog = dialog_of(page)
    page.in_dialog(close, lambda: go(page, dialog))
    dialog.reject()


def test_every_control_has_a_name_and_is_reached_by_keys(make_page: Make, sample_office: Office) -> None:
    page = open_page(make_page, sample_office)
    assert not nameless(page.view)
    page.view.table.setFocus()
    before = page.view.current()
    page.press(Qt.Key.Key_Down)
    assert page.view.current() != before
    for _ in range(3):
        page.press(Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is not page.view.table


def said(case: CaseWindow, key: str) -> str:
    """What stands below a field."""
    form = case.view.parts[case.view.part]
    assert isinstance(form, SectionForm)
    return form.fields[key].message.words()


def test_beside_each_field_stands_what_the_record_says(make_window: MakeCase, office: Office) -> None:
    done = office.register()
    case = make_window()
    case.open(done)
    case.view.show_part(case.view.order()[0])
    case.settle()
    assert said(case, "requester.body") == "For example Northshire Police."
    put_body(office.desk(Role.GUARDIAN), PutBody(name="Northshire Police", addresses="@other.example"))
    case.view.refresh()
    case.until(lambda: "record" in said(case, "requester.body"))
    words = "Northshire Police is on record, but not accredited for Law enforcement tracing."
    assert said(case, "requester.body") == words
    assert "is not an address that we hold" in said(case, "requester.email")
    case.tab_to("requester_body")
    case.press(Qt.Key.Key_End)
    case.type(" North")
    assert "record" not in said(case, "requester.body"), "what was said of the old answer says nothing of the new one"
    case.saved()
    case.until(lambda: said(case, "requester.body").startswith("Northshire Police North is not on record."))
    assert "hold" not in said(case, "requester.email")


def test_the_reviewer_is_told_what_is_to_be_asked(make_page: Make, office: Office) -> None:
    put_body(office.desk(Role.GUARDIAN), PutBody(name="Somebody else", addresses=""))
    office.in_state(State.SUBMITTED)
    review: Window[ReviewView] = make_page(ReviewView, office, Role.REVIEWER)
    review.view.setFocus()
    review.press(Qt.Key.Key_J, CTRL)
    said = [one.sentence.text() for one in review.view.findChildren(Banner)]
    assert [words[:40] for words in said if words.startswith("Who asks")] == [
        "Who asks: Northshire Police is not on rec"[:40]
    ]
