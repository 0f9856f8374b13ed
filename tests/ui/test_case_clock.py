"""What a step would do to the due date, in the windows, before it is taken; and the ledger of each kind of date."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from PySide6.QtCore import Qt

from db.records import Role, State
from desktop.casework import returning
from desktop.casework.casepage import case_page
from desktop.casework.desk import Done
from desktop.casework.sample import MovingClock
from desktop.ui.case.form import SectionForm
from desktop.ui.case.ledger import ledger_lines, rule_sentence, sums
from desktop.ui.case.why import WhyDialog
from desktop.ui.kit.notices import Banner
from desktop.ui.kit.small import Swatch
from desktop.ui.kit.text import Text
from desktop.ui.theme import current_theme
from tests.fixtures import Office, on
from tests.journeys.walking import registered
from tests.store.test_extending import extended, foi, sar
from tests.store.test_extending import returned as asked
from tests.ui.case_window import CTRL, Window, focused, make_window, open_dialog, window
from tests.ui.test_case_parts import step

__all__ = ["make_window", "window"]


def on_day(make_window: Callable[..., Window], office: Office, day: date, role: Role = Role.CASEWORKER) -> Window:
    at = datetime(day.year, day.month, day.day, 9, 30, tzinfo=UTC)
    office.desks[role] = replace(office.desks[role], clock=MovingClock(at))
    return make_window(role)


def said(window: Window) -> str:
    """All that the dialog of the due date says beside its calendar."""
    window.view.deeds.show_why()
    dialog = open_dialog(window.qtbot, "why_this_date")
    assert isinstance(dialog, WhyDialog)
    words = [one.text() for one in dialog.findChildren(Text)]
    dialog.accept()
    return "\n".join([*words, dialog.text()])


def test_the_legend_follows_the_scheme(window: Window, office: Office) -> None:
    window.open(office.register())
    window.view.deeds.show_why()
    dialog = open_dialog(window.qtbot, "why_this_date")
    theme = current_theme()
    was = theme.scheme
    try:
        for scheme in ("light", "dark", "light"):
            theme.set_scheme(scheme)
            fills = [one.grab().toImage().pixelColor(one.rect().center()).name() for one in dialog.findChildren(Swatch)]
            assert fills == [theme.colour("sunken").name(), theme.colour("amber-tint").name()]
    finally:
        theme.set_scheme(was)
        dialog.accept()


def test_a_public_interest_extension_by_keys(window: Window, office: Office) -> None:
    window.open(foi(office))
    step(window, "extend")
    dialog = open_dialog(window.qtbot, "step_extend")
    assert focused().objectName() == "length"
    assert dialog.change.isHidden()
    window.type("2")
    assert dialog.change.head.words.text() == "Due Tuesday 30 June 2026 → Thursday 2 July 2026"
    window.type("1")
    assert dialog.change.isHidden()
    window.press(Qt.Key.Key_Backspace)
    window.type("0")
    assert dialog.change.text() == (
        "Due Tuesday 30 June 2026 → Wednesday 29 July 2026\n"
        "Extended by 20 working days.\n"
        "Monday 13 July 2026 does not count: Battle of the Boyne (Orangemen’s Day) (Northern Ireland)."
    )
    window.tab_to("reasons")
    window.type("Section 31, law enforcement.")
    window.tab_to("extend_it")
    window.press(Qt.Key.Key_Return)
    window.until(lambda: window.view.page and window.view.page.case.extensions)
    window.settle()
    shown = window.view.header.due.words.text()
    assert shown == "Due Wednesday 29 July 2026 — 33 working days left, extended by 20 working days"
    assert window.stored_page().case.extensions[0].told_on == date(2026, 6, 10)


def test_what_is_wrong_with_an_extension_is_said_beside_its_field(window: Window, office: Office) -> None:
    window.open(foi(office))
    step(window, "extend")
    dialog = open_dialog(window.qtbot, "step_extend")
    window.type("30")
    dialog.fields["told_on"].set_value({"day": "9", "month": "9", "year": "2026"})
    window.tab_to("reasons")
    window.type("Section 31.")
    window.tab_to("extend_it")
    window.press(Qt.Key.Key_Return)
    window.until(dialog.fields["length"].message.words)
    assert dialog.fields["length"].message.words() == "Give a number from 1 to 20."
    assert dialog.fields["told_on"].message.words() == "This day is in the future. Tell the requester first."
    dialog.reject()
    assert window.stored_page().case.extensions == ()


def test_an_agreement_without_extensions_does_not_offer_one(window: Window, office: Office) -> None:
    window.open(office.register())
    assert "step_extend" not in [one.objectName() for one in window.view.header.menu.actions()]


def test_near_its_end_the_case_says_what_can_be_told_by_when(
    make_window: Callable[..., Window], office: Office
) -> None:
    done = foi(office)
    window = on_day(make_window, office, date(2026, 6, 25))
    window.open(done)
    banner = window.find("case_notice")
    assert isinstance(banner, Banner)
    assert "Tell the requester by Tuesday 30 June 2026: that weighing the public" in banner.sentence.text()
    banner.followed.emit()
    open_dialog(window.qtbot, "step_extend").reject()


def test_returning_it_says_what_the_answer_does(window: Window, office: Office) -> None:
    window.open(foi(office))
    step(window, "return")
    dialog = open_dialog(window.qtbot, "step_return")
    assert dialog.change.isHidden()
    dialog.fields["ask"].choose("clarification")
    assert dialog.change.text() == (
        "Due Tuesday 30 June 2026 → Thursday 9 July 2026 (provisional)\n"
        "The clock starts again: Wednesday 10 June 2026 is day 0.\n"
        "It is provisional until the requester answers: this is the earliest that it can be."
    )
    dialog.fields["ask"].choose("fee")
    assert dialog.change.head.words.text() == "Due Tuesday 30 June 2026 (provisional), as before"
    window.tab_to("reasons")
    window.type("The fee of £10.")
    window.tab_to("return_it")
    window.press(Qt.Key.Key_Return)
    window.until(lambda: window.view.page and window.view.page.case.row.state is State.RETURNED)
    window.settle()
    assert window.stored_page().case.pauses[0].ask == "fee"


def test_taking_it_up_again_says_the_new_date(window: Window, office: Office) -> None:
    window.open(asked(office, foi(office), "clarification", date(2026, 6, 4)))
    step(window, "resume")
    dialog = open_dialog(window.qtbot, "step_resume")
    assert dialog.change.head.words.text() == "Due Friday 3 July 2026 (provisional) → Thursday 9 July 2026"
    window.tab_to("take_it_up_again")
    window.press(Qt.Key.Key_Return)
    window.until(lambda: window.view.page and window.view.page.case.row.state is State.DRAFT)
    window.settle()
    assert window.view.page is not None
    assert window.view.page.case.row.due_on == date(2026, 7, 9)


@pytest.mark.parametrize("action", ["return", "resume"], ids=["O091", "O095"])
def test_a_clock_is_not_stopped_or_started_without_a_date(window: Window, office: Office, action: str) -> None:
    done = office.register() if action == "return" else office.in_state(State.RETURNED)
    window.open(done)
    before = window.stored_page().case
    step(window, action)
    dialog = open_dialog(window.qtbot, f"step_{action}")
    dialog.fields["on"].set_value({})
    window.tab_to("return_it" if action == "return" else "take_it_up_again")
    window.press(Qt.Key.Key_Return)
    window.settle()
    assert dialog.fields["on"].message.words() == "Give the whole date."
    dialog.reject()
    assert window.stored_page().case == before


def test_asking_when_the_time_is_up_hides_nothing(make_window: Callable[..., Window], office: Office) -> None:
    done = asked(office, sar(office), "", date(2026, 6, 10))
    window = on_day(make_window, office, date(2026, 7, 6))
    window.open(done)
    assert window.view.header.due.words.text().startswith("Paused. Asked on 10 June")
    late = returning.Dated(**on(sar(office)), on=date(2026, 7, 6), reasons="Which year?")
    window.open(returning.return_to_requester(office.caseworker, late))
    assert window.view.header.due.words.text() == (
        "Late by 3 working days: asked when the time was up. Paused. Asked on 6 July. Chase on 21 July"
    )


# A corrected date of receipt


def type_receipt(window: Window, day: str) -> None:
    window.tab_to("received_on_day")
    window.press(Qt.Key.Key_A, CTRL)
    window.type(day)


def test_a_corrected_day_of_receipt_waits_until_what_moves_was_seen(window: Window, office: Office) -> None:
    window.open(office.register(), "requester")
    before = window.view.header.due.words.text()
    type_receipt(window, "8")
    assert window.view.foot.trouble.text() == "The date of receipt is not saved yet"
    form = window.view.parts["requester"]
    assert isinstance(form, SectionForm)
    assert form.fields["received.on"].message.words().startswith("Not saved yet.")
    window.press(Qt.Key.Key_Tab)
    window.press(Qt.Key.Key_Tab)
    window.press(Qt.Key.Key_Tab)
    dialog = open_dialog(window.qtbot, "correct_receipt")
    assert focused().objectName() == "cancel"
    assert dialog.panel.text() == (
        "Due Tuesday 30 June 2026 → Tuesday 7 July 2026\nReceived Monday 8 June 2026, not Monday 1 June 2026."
    )
    assert window.stored()["received.on"] == {"day": "1", "month": "6", "year": "2026"}
    window.tab_to("correct_it")
    window.press(Qt.Key.Key_Return)
    window.saved()
    window.until(lambda: window.view.header.due.words.text() != before)
    assert window.stored()["received.on"] == {"day": "8", "month": "6", "year": "2026"}
    assert form.fields["received.on"].message.words().startswith("The day it reached us")


def test_a_day_of_receipt_after_the_requester_was_asked_is_said_beside_it_and_not_saved(
    window: Window, office: Office
) -> None:
    question = returning.Dated(**on(office.register()), on=date(2026, 6, 3), reasons="Which?")
    done = returning.resume(
        office.caseworker,
        returning.Dated(**on(returning.return_to_requester(office.caseworker, question)), on=date(2026, 6, 4)),
    )
    window.open(done, "requester")
    type_receipt(window, "5")
    window.tab_to("received_on_year")
    window.press(Qt.Key.Key_Tab)
    open_dialog(window.qtbot, "correct_receipt")
    window.tab_to("correct_it")
    window.press(Qt.Key.Key_Return)
    form = window.view.parts["requester"]
    assert isinstance(form, SectionForm)
    window.until(lambda: "asked for more on Wednesday 3 June 2026" in form.fields["received.on"].message.words())
    assert window.stored()["received.on"] == {"day": "1", "month": "6", "year": "2026"}


def test_a_correction_that_is_cancelled_puts_the_old_day_back(window: Window, office: Office) -> None:
    window.open(office.register(), "requester")
    type_receipt(window, "8")
    window.tab_to("received_on_year")
    window.press(Qt.Key.Key_Tab)
    open_dialog(window.qtbot, "correct_receipt")
    window.press(Qt.Key.Key_Escape)
    window.saved()
    form = window.view.parts["requester"]
    assert form.fields["received.on"].value() == {"day": "1", "month": "6", "year": "2026"}  # type: ignore[attr-defined]
    assert window.stored()["received.on"] == {"day": "1", "month": "6", "year": "2026"}
    assert window.stored_page().case.row.due_on == date(2026, 6, 30)


def test_half_a_date_is_kept_as_typed_and_does_not_get_round_the_question(window: Window, office: Office) -> None:
    window.open(office.register(), "requester")
    window.tab_to("received_on_day")
    window.press(Qt.Key.Key_A, CTRL)
    window.press(Qt.Key.Key_Delete)
    window.tab_to("received_on_year")
    window.press(Qt.Key.Key_Tab)
    window.saved()
    window.until(lambda: window.view.page and window.view.page.due is None)
    window.view.show_part("requester", "received.on")
    window.type("8")
    window.tab_to("received_on_year")
    window.press(Qt.Key.Key_Tab)
    dialog = open_dialog(window.qtbot, "correct_receipt")
    assert dialog.panel.head.words.text() == "Due Tuesday 30 June 2026 → Tuesday 7 July 2026"
    dialog.reject()
    window.saved()
    assert window.stored_page().case.row.due_on == date(2026, 6, 30)


def test_the_same_day_typed_otherwise_asks_nothing(window: Window, office: Office) -> None:
    window.open(office.register(), "requester")
    type_receipt(window, "01")
    window.press(Qt.Key.Key_Tab)
    window.saved()
    assert window.stored()["received.on"] == {"day": "01", "month": "6", "year": "2026"}


# The ledger


def test_the_ledger_of_an_extended_date(window: Window, office: Office) -> None:
    window.open(extended(office.caseworker, foi(office)))
    words = said(window)
    assert (
        "20 working days, extended by 20 working days, from Monday 1 June 2026, when it was received (day 0)." in words
    )
    assert "The requester was told on 10 June 2026. Recorded by Ruth Adeyemi." in words
    assert "Weighing the public interest takes longer (section 10(3))." in words
    assert "Without the extension it was due on Tuesday 30 June 2026." in words
    assert "Wednesday 1 July 2026: day 21, extended" in words
    assert "Wednesday 29 July 2026: day 40, due" in words


def test_the_ledger_of_a_restarted_date(window: Window, office: Office) -> None:
    done = asked(office, foi(office), "clarification", date(2026, 6, 4))
    window.open(returning.resume(office.caseworker, returning.Dated(**on(done), on=date(2026, 6, 9))))
    words = said(window)
    assert "20 working days from Tuesday 9 June 2026, when the answer came that the clock waited for (day 0)." in words
    assert "Thursday 4 June 2026: not counted, before the answer that restarted the clock" in words
    assert "Tuesday 9 June 2026: answered, so the clock starts again: day 0" in words
    assert "less days before the clock started again: 8" in words
    assert "Without the answer it was due on Tuesday 30 June 2026." in words


@pytest.mark.parametrize("agreement", ["foi", "sar"])
def test_the_ledger_of_a_provisional_date_says_what_it_waits_for(office: Office, agreement: str) -> None:
    done = asked(
        office,
        registered(office, office.entry.agreements.get(agreement)),
        "fee" * (agreement == "foi"),
        date(2026, 6, 4),
    )
    page = case_page(office.caseworker, done.case_id)
    assert page.due is not None
    assert "It is provisional until the requester answers" in rule_sentence(page.due)
    late = replace(office.caseworker, clock=MovingClock(datetime(2028, 12, 12, 9, 30, tzinfo=UTC)))
    office.desks[Role.CASEWORKER] = late
    later = registered(
        office, office.entry.agreements.get(agreement), received__on={"day": "11", "month": "12", "year": "2028"}
    )
    page = case_page(late, later.case_id)
    assert page.due is not None
    assert "bank holidays are known up to 31 December 2028, so it may be later." in rule_sentence(page.due)


def test_a_paused_date_adds_up_in_words(office: Office) -> None:
    done: Done = asked(office, sar(office), "", date(2026, 6, 4))
    done = returning.resume(office.caseworker, returning.Dated(**on(done), on=date(2026, 6, 9)))
    page = case_page(office.caseworker, done.case_id)
    assert page.due is not None
    assert ("less days paused", 5) in sums(page.due)
    assert "Friday 5 June 2026: not counted, paused" in ledger_lines(page.due)
