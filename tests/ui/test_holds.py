"""The page of holds, and what a timer and a case say of what keeps them."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication, QWidget

from db.records import Role, State
from desktop.casework.casepage import case_page
from desktop.casework.heldcopies import NAME
from desktop.casework.holds import DecideRelease, PlaceHold, ProposeRelease, decide_release, place_hold, propose_release
from desktop.ui.holdforms import place_form
from desktop.ui.holds import HoldsPart
from desktop.ui.keepingcard import KeepingCard
from desktop.ui.recorddialog import RecordDialog
from desktop.ui.retention import RetentionView
from desktop.ui.theme import Theme
from tests.fixtures import Office
from tests.store.disposing import pass_days
from tests.ui.case_window import Window as CaseWindow
from tests.ui.case_window import make_window
from tests.ui.page_window import Make, Window, close, make_page, nameless, press_in, words_of

__all__ = ["make_page", "make_window"]

Key = Qt.Key
Page = Window[HoldsPart]
_YEAR = {"day": "1", "month": "12", "year": "2027"}


def place(office: Office, days: int = 300, **scope: Any) -> int:
    """A hold that the first records officer placed, reviewed after so many days."""
    desk = office.officers[0]
    review = desk.today() + timedelta(days=days)
    values = {"authority": "Public inquiry, terms of 3 May", "because": "It may ask for them.", "review_on": review}
    return place_hold(desk, PlaceHold(**{**values, **scope})).number


def open_page(make_page: Make, office: Office, role: Role = Role.RECORDS_OFFICER) -> Page:
    page: Page = make_page(HoldsPart, office, role)
    page.view.refresh()
    page.settle()
    return page


def dialog_of() -> RecordDialog:
    found = [one for one in QApplication.topLevelWidgets() if isinstance(one, RecordDialog) and one.isVisible()]
    assert len(found) == 1
    return found[0]


def fill(dialog: RecordDialog, **values: Any) -> None:
    for key, value in values.items():
        dialog.fields[key].set_value(value)
        dialog.fields[key].emit_edited()


def go(page: Page, dialog: RecordDialog) -> None:
    dialog.button.click()
    page.settle()


def shown(dialog: RecordDialog) -> set[str]:
    return {key for key, field in dialog.fields.items() if field.isVisible()}


def column(page: Page, title: str) -> list[str]:
    """What stands in a column, row by row."""
    model = page.view.model
    at = [one.title for one in model.columns].index(title)
    return [str(model.data(model.index(row, at), Qt.ItemDataRole.DisplayRole)) for row in range(model.rowCount())]


def test_an_empty_list_says_what_holds_are_for_and_takes_the_first(make_page: Make, office: Office) -> None:
    done = office.in_state(State.ISSUED)
    page = open_page(make_page, office)
    assert page.view.empty.isVisible()
    assert not page.view.table.isVisible()
    assert "nothing that it covers is destroyed" in words_of(page.view.empty)
    page.view.empty.acted.emit()
    page.settle()
    dialog = dialog_of()
    assert shown(dialog) == {"scope", "case", "authority", "because", "review_on"}
    with_case = case_page(office.caseworker, done.case_id).case.row.reference
    fill(dialog, case=with_case, authority="Complaint 41", because="It is looked into.", review_on=_YEAR)
    said: list[str] = []

    def read(asked: QWidget) -> None:
        said.append(words_of(asked))
        start = asked.focusWidget()
        assert start is not None
        assert start.objectName() == "go_back"
        press_in(asked, "place")

    page.in_dialog(read, lambda: go(page, dialog))
    assert f"Case {with_case}" in said[0]
    assert "1 closed case now" in said[0]
    assert "later" not in said[0]
    assert not page.view.empty.isVisible()
    assert column(page, "Covers") == [f"Case {with_case}"]
    assert column(page, "Standing") == ["Stands"]
    words = words_of(page.view.pane)
    for part in ("Hold 1", "1 closed case now", "Complaint 41", "It is looked into.", office.officers[0].user.name):
        assert part in words
    assert nameless(page.view) == []


def test_a_scope_of_a_force_and_years_is_previewed_and_going_back_loses_nothing(
    make_page: Make, office: Office
) -> None:
    for _ in range(12):
        office.register()
    page = open_page(make_page, office)
    page.view.place.click()
    page.settle()
    dialog = dialog_of()
    fill(dialog, scope="person")
    assert shown(dialog) == {"scope", "person_of", "authority", "because", "review_on"}
    fill(dialog, person_of="nonsense", scope="requests", requester="Northshire Police")
    fill(dialog, received_from={"day": "1", "month": "1", "year": "2026"}, authority="a", because="b", review_on=_YEAR)
    said: list[str] = []

    def back(asked: QWidget) -> None:
        said.append(words_of(asked))
        press_in(asked, "go_back")

    page.in_dialog(back, lambda: go(page, dialog))
    assert "12 open cases now" in said[0]
    assert "and 2 more" in said[0]
    assert "Cases that come into its scope later are held too." in said[0]
    assert dialog.isVisible()
    assert dialog.text("requester") == "Northshire Police"
    assert page.view.model.rowCount() == 0
    fill(dialog, requester="Eastmoor Constabulary")
    page.in_dialog(back, lambda: go(page, dialog))
    assert "It covers no case yet" in said[1]
    page.in_dialog(lambda asked: press_in(asked, "place"), lambda: go(page, dialog))
    assert column(page, "Covers") == ["Every request by Eastmoor Constabulary, received from 1 January 2026 on"]


def test_what_is_wrong_stands_beside_its_field_in_sight(make_page: Make, office: Office) -> None:
    page = open_page(make_page, office)
    page.view.place.click()
    page.settle()
    dialog = dialog_of()
    go(page, dialog)
    said = words_of(dialog)
    assert dialog.fields["case"].message.words() == "Give the reference of the case."
    for words in ("Give the reference of the case", "Say by whose authority", "Say why it is placed", "still to come"):
        assert words in said
    fill(dialog, case="TR-000001-8", review_on={"day": "1", "month": "", "year": "2027"})
    go(page, dialog)
    assert dialog.fields["review_on"].message.words() == "Give the whole date."
    fill(dialog, review_on={"day": "31", "month": "2", "year": "2030"})
    go(page, dialog)
    assert dialog.fields["review_on"].message.words() == "There is no such day."
    fill(dialog, review_on={"day": "1", "month": "1", "year": "2020"})
    go(page, dialog)
    assert "no case’s reference" in words_of(dialog)
    fill(dialog, review_on={"day": "31", "month": "12", "year": "2199"})
    go(page, dialog)
    assert dialog.fields["review_on"].message.words().startswith("Give a day within 20 years")
    fill(dialog, review_on={"day": "1", "month": "1", "year": "2020"}, scope="person")
    go(page, dialog)
    assert dialog.fields["person_of"].message.words() == "Give the reference of a case about the person."
    fill(dialog, scope="requests", received_from={"day": "1", "month": "", "year": "2027"})
    go(page, dialog)
    assert dialog.fields["received_from"].message.words() == "Give the whole date, or leave it empty."
    fill(dialog, received_from={})
    go(page, dialog)
    assert dialog.fields["requester"].message.words().startswith("Give at least one of these")
    fill(dialog, requester="Northshire Police")
    go(page, dialog)
    assert dialog.fields["review_on"].visibleRegion().isEmpty()
    dialog.summary.jumped.emit("review_on")
    page.settle()
    assert not dialog.fields["review_on"].visibleRegion().isEmpty()
    assert dialog.summary.visibleRegion().isEmpty()
    go(page, dialog)
    assert not dialog.summary.visibleRegion().isEmpty()
    dialog.reject()


def test_whoever_proposed_a_release_sees_it_off_and_another_releases(make_page: Make, office: Office) -> None:
    place(office, agreement_id="coroner")
    page = open_page(make_page, office)
    assert not page.view.pane.release.isVisible()
    page.view.pane.propose.click()
    dialog = dialog_of()
    go(page, dialog)
    assert "Say why it is no longer needed." in words_of(dialog)
    fill(dialog, because="The inquest ended.")
    go(page, dialog)
    assert column(page, "Standing") == ["Release proposed"]
    assert "You proposed its release" in page.view.pane.release.off_reason
    assert page.view.pane.keep.off_reason == page.view.pane.release.off_reason
    assert not page.view.pane.propose.isVisible()
    page.view.pane.release.click()
    assert not [one for one in QApplication.topLevelWidgets() if isinstance(one, RecordDialog) and one.isVisible()]

    guardian = open_page(make_page, office, Role.GUARDIAN)
    assert not guardian.view.pane.release.off_reason
    guardian.view.pane.keep.click()
    dialog = dialog_of()
    assert "The inquest ended." in words_of(dialog)
    fill(dialog, because="An appeal is open.")
    go(guardian, dialog)
    assert column(guardian, "Standing") == ["Stands"]
    assert "An appeal is open." in words_of(guardian.view.pane)
    propose_release(office.officers[0], ProposeRelease(hold_id=1, because="Now it ended."))
    guardian.view.refresh()
    guardian.settle()
    guardian.view.pane.release.click()
    dialog = dialog_of()
    fill(dialog, because="So it is.")
    go(guardian, dialog)
    assert column(guardian, "Standing") == ["Released"]
    assert "Nothing any more" in words_of(guardian.view.pane)
    assert not guardian.view.pane.propose.isVisible()


def test_a_copy_that_cannot_be_written_is_told_and_the_step_stands(make_page: Make, office: Office) -> None:
    place(office, agreement_id="coroner")
    # A folder stands where the new copy is written first, as on a disk that takes nothing.
    (office.entry.store.path.parent / f".{NAME}.{os.getpid()}.new").mkdir()
    page = open_page(make_page, office)
    page.view.pane.propose.click()
    dialog = dialog_of()
    fill(dialog, because="The inquest ended.")
    said: list[str] = []

    def read(told: QWidget) -> None:
        said.append(words_of(told))
        press_in(told, "close")

    page.in_dialog(read, lambda: go(page, dialog))
    assert "The release of hold 1 was proposed, and the store has it." in said[0]
    assert "cannot be written: Is a directory." in said[0]
    assert column(page, "Standing") == ["Release proposed"]


def test_what_changed_meanwhile_is_told_in_words(make_page: Make, office: Office) -> None:
    number = place(office, agreement_id="coroner")
    page = open_page(make_page, office)
    page.view.pane.propose.click()
    dialog = dialog_of()
    propose_release(office.guardian, ProposeRelease(hold_id=number, because="x"))
    fill(dialog, because="It ended.")
    page.in_dialog(close, lambda: go(page, dialog))
    dialog.reject()


def test_roles_that_only_look_cannot_place_or_release(make_page: Make, office: Office) -> None:
    place(office, requester="Northshire Police")
    page = open_page(make_page, office, Role.ADMINISTRATOR)
    assert "Records officers and the guardian" in page.view.place.off_reason
    assert "Records officers and the guardian" in page.view.pane.propose.off_reason
    assert "Northshire" not in words_of(page.view) + "".join(column(page, "Covers"))


def test_those_that_stand_come_first_by_their_review_and_an_overdue_one_is_marked(
    make_page: Make, office: Office
) -> None:
    released, later, due = (place(office, days, agreement_id="coroner") for days in (10, 200, 20))
    propose_release(office.officers[0], ProposeRelease(hold_id=released, because="x"))
    decide_release(office.guardian, DecideRelease(hold_id=released, release=True, because="x"))
    pass_days(office, 30)
    page = open_page(make_page, office)
    assert column(page, "Hold") == [str(one) for one in (due, later, released)]
    first, second, last = column(page, "Review")
    assert first == "Due since 30 June 2026"
    assert second.endswith("in 5 months")
    assert last == ""
    at = page.view.model.columns[-1]
    rows = [page.view.model.row(number) for number in range(3)]
    assert [at.icon(row) for row in rows if row is not None and at.icon is not None] == ["clock-alert", "", ""]
    assert "1 review is due" in page.view.summary.text()
    tester = QAbstractItemModelTester(page.view.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    page.view.refresh()
    page.settle()
    assert tester.model() is page.view.model


def test_everything_is_reached_by_keys(make_page: Make, office: Office) -> None:
    for days in (10, 20):
        place(office, days, agreement_id="coroner")
    page = open_page(make_page, office)
    view = page.view
    view.table.setFocus()
    page.press(Key.Key_Down)
    assert view.table.current_row() is not None
    assert view.table.current_row().hold.id == 2  # type: ignore[union-attr]
    assert "Hold 2" in words_of(view.pane)
    page.press(Key.Key_Return)
    assert view.pane.propose.hasFocus()
    page.press(Key.Key_Space)
    assert dialog_of().windowTitle() == "Tracing Desk"
    dialog_of().reject()
    assert view.panes() == [view.table, view.pane]
    view.resize(1000, 700)
    page.settle()
    view.table.setFocus()
    page.press(Key.Key_Space)
    assert view.pane.isVisible()
    assert not view.table.isVisible()
    page.press(Key.Key_Escape)
    assert view.table.hasFocus()


@pytest.mark.parametrize("scale", [100, 200])
def test_the_form_fits_its_window(make_page: Make, office: Office, theme: Theme, scale: int) -> None:
    theme.set_text_scale(scale)
    page = open_page(make_page, office)
    page.view.resize(1366, 768)
    dialog, _command = place_form(page.view, {"coroner": "Coroner"}, ["Northshire Police"])
    dialog.open()
    fill(dialog, scope="requests")
    page.settle()
    room = dialog.screen().availableGeometry().size().expandedTo(page.view.size())
    assert dialog.height() <= room.height()
    assert dialog.width() <= room.width()
    dialog.reject()


# Where else holds are told of


def test_a_timer_says_what_keeps_its_case(make_page: Make, office: Office) -> None:
    done = office.in_state(State.ISSUED)
    retention: Window[RetentionView] = make_page(RetentionView, office, Role.RECORDS_OFFICER)
    card = retention.view.pane.keeping
    assert not card.isVisible()
    reference = case_page(office.caseworker, done.case_id).case.row.reference
    place(office, case=reference, authority="Complaint 41")
    office.register("sar")
    retention.view.refresh()
    retention.settle()
    words = words_of(card)
    assert f"Hold 1: case {reference}" in words
    assert "Complaint 41" in words
    assert "A linked case, or a request for information about the same person, is open." in words


def test_a_held_case_says_so_to_those_who_see_retention(make_window: Callable[..., CaseWindow], office: Office) -> None:
    done = office.in_state(State.ISSUED)
    place(office, requester="Northshire Police", authority="Public inquiry")
    for role, sees in ((Role.RECORDS_OFFICER, True), (Role.CASEWORKER, False)):
        window = make_window(role=role)
        window.open(done)
        window.view.show_part("next")
        window.settle()
        cards = [one for one in window.view.findChildren(KeepingCard) if one.isVisible()]
        assert bool(cards) is sees
        if sees:
            words = words_of(cards[0])
            assert "every request by Northshire Police" in words
            assert "Public inquiry" in words
            assert "in 9 months" in words


def test_an_empty_list_is_whole_at_the_largest_text_and_offers_one_button(
    make_page: Make, office: Office, theme: Theme
) -> None:
    theme.set_text_scale(200)
    page = open_page(make_page, office)
    page.view.resize(1174, 300)
    page.settle()
    empty = page.view.empty
    assert empty.button.height() >= empty.button.sizeHint().height()
    assert empty.button.y() >= empty.words.geometry().bottom()
    assert empty.height() >= empty.heightForWidth(empty.width())
    for text in (empty.title, empty.words):
        assert text.height() >= text.heightForWidth(text.width())
    assert not page.view.place.isVisible()
    place(office, agreement_id="coroner")
    page.view.refresh()
    page.settle()
    assert page.view.place.isVisible()
