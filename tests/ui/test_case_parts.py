"""What stands around the form: check answers, the outcome, earlier requests, steps, dialogs, keys, names."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QListWidget, QWidget

from db.records import Outcome, Role, State
from desktop.ui.case.check import CheckPart
from desktop.ui.case.comparison import ComparisonPanel
from desktop.ui.case.form import SectionForm
from desktop.ui.case.new import NewRequest, meaning
from desktop.ui.case.outcome import OutcomePart
from desktop.ui.kit.notices import Banner
from tests.fixtures import Office, on
from tests.store.test_reopened import withdrawn
from tests.ui.case_window import CTRL, SHIFT, Window, focused, make_window, open_dialog, window

__all__ = ["make_window", "window"]


def test_check_answers_lists_what_is_missing_and_leads_there(window: Window, office: Office) -> None:
    window.open(office.register(person__family_name="", balance__for=""), "check")
    check = window.view.parts["check"]
    assert isinstance(check, CheckPart)
    window.until(lambda: check.settled)
    off = window.view.foot.main.off_reason
    assert off.startswith("Finish 2 sections first")
    window.press(Qt.Key.Key_Return, CTRL)
    window.settle()
    assert window.stored_page().case.row.state is State.DRAFT
    window.press(Qt.Key.Key_F8)
    assert (window.view.part, focused().objectName()) == ("person", "person_family_name")
    window.press(Qt.Key.Key_F8)
    assert (window.view.part, focused().objectName()) == ("balance", "balance_for")
    window.press(Qt.Key.Key_F8, SHIFT)
    assert window.view.part == "person"
    window.type("Kowalczyk")
    window.saved()
    window.press(Qt.Key.Key_A, CTRL | SHIFT)
    assert window.view.part == "check"
    window.until(lambda: window.view.foot.main.off_reason.startswith("Finish 1 section first"))


def test_every_section_has_a_way_to_change_it(window: Window, office: Office) -> None:
    window.open(office.register(), "check")
    check = window.view.parts["check"]
    assert isinstance(check, CheckPart)
    window.until(lambda: check.settled)
    window.tab_to("change_tried")
    window.press(Qt.Key.Key_Return)
    assert window.view.part == "tried"


def traced(window: Window) -> OutcomePart:
    """The outcome part, with "traced" chosen."""
    window.tab_to("outcome_traced")
    window.press(Qt.Key.Key_Space)
    part = window.view.parts["outcome"]
    assert isinstance(part, OutcomePart)
    return part


def test_an_outcome_needs_three_identifiers_and_never_an_nhs_number_alone(window: Window, office: Office) -> None:
    window.open(office.in_state(State.APPROVED))
    assert window.view.part == "outcome"
    part = traced(window)
    window.tab_to("matched_nhs_number")
    window.press(Qt.Key.Key_Space)
    assert part.matched.message.words().startswith("An NHS number alone is never enough.")
    window.press(Qt.Key.Key_Return, CTRL)
    assert part.summary.isVisible()
    assert window.stored_page().case.row.state is State.APPROVED
    for name in ("name", "born"):
        window.tab_to(f"matched_{name}")
        window.press(Qt.Key.Key_Space)
    assert part.matched.message.words() == "These are enough to disclose."
    window.tab_to("values_address")
    window.type("27 Ropewalk Court")
    window.press(Qt.Key.Key_Return)
    window.type("Westmere WM4 8RD")
    window.tab_to("values_address_recorded_on")
    window.type("19 January 2016")
    window.press(Qt.Key.Key_Return, CTRL)
    window.until(lambda: window.view.page and window.view.page.case.row.state is State.RECORDED)
    finding = window.stored_page().case.finding
    assert finding is not None
    assert finding.outcome is Outcome.TRACED
    assert set(finding.matched) == {"name", "born", "nhs_number"}
    assert finding.values == {
        "address": {"value": "27 Ropewalk Court\nWestmere WM4 8RD", "recorded_on": "19 January 2016"}
    }
    window.settle()
    assert window.view.part == "next"


def test_no_trace_discloses_nothing_and_leads_to_the_letter(window: Window, office: Office) -> None:
    wanted: list[tuple[int, str]] = []
    window.session.case_wanted.connect(lambda case_id, part: wanted.append((case_id, part)))
    done = office.in_state(State.APPROVED)
    window.open(done)
    window.tab_to("outcome_traced")
    window.press(Qt.Key.Key_Down)
    assert focused().objectName() == "outcome_no_trace"
    window.press(Qt.Key.Key_Space)
    part = window.view.parts["outcome"]
    assert isinstance(part, OutcomePart)
    assert not part.matched.isVisible()
    window.press(Qt.Key.Key_Return, CTRL)
    window.until(lambda: window.view.part == "next")
    window.settle()
    window.press(Qt.Key.Key_Return, CTRL)
    assert wanted == [(done.case_id, "letter")]


def test_an_outcome_that_was_sent_back_says_why(window: Window, office: Office) -> None:
    from desktop.casework.outcomes import return_outcome
    from desktop.casework.requests import WithReasons

    done = office.in_state(State.RECORDED)
    return_outcome(office.reviewer, WithReasons(**on(done), reasons="The date looks wrong."))
    window.open(done)
    part = window.view.parts["outcome"]
    assert isinstance(part, OutcomePart)
    banner = part.findChild(Banner)
    assert banner is not None
    assert "The date looks wrong." in banner.sentence.text()
    assert part.choice.value() == "traced"


def test_earlier_requests_are_facts_and_can_be_told_apart(window: Window, office: Office) -> None:
    office.register(person=0, received=date(2026, 5, 1), person__given_names="Tomas")
    window.open(office.register(person=0), "person")
    panel = window.view.side.findChild(ComparisonPanel)
    assert panel is not None
    said = [one.accessibleName() for one in panel.findChildren(QWidget) if one.accessibleName()]
    assert any(one.startswith("Family name: ") and one.endswith("Agrees") for one in said)
    assert "Given names: Tomas. Differs" in said
    assert not any("%" in one for one in said)
    assert window.view.page is not None
    reference = window.view.page.earlier[0].row.reference
    window.press(Qt.Key.Key_R, CTRL)
    window.tab_to(f"{reference.lower().replace('-', '_')}_same_person")
    window.press(Qt.Key.Key_Return)
    window.until(lambda: window.view.page and window.view.page.earlier[0].same_person is True)
    window.settle()


def test_a_request_is_returned_and_taken_up_again(window: Window, office: Office) -> None:
    window.open(office.register(), "person")
    step(window, "return")
    dialog = open_dialog(window.qtbot, "step_return")
    window.tab_to("reasons")
    window.tab_to("return_it")
    window.press(Qt.Key.Key_Return)
    assert dialog.summary.isVisible()
    window.tab_to("reasons")
    window.type("The dates of the sources tried.")
    window.tab_to("return_it")
    window.press(Qt.Key.Key_Return)
    window.until(lambda: window.view.page and window.view.page.case.row.state is State.RETURNED)
    window.settle()
    notice = window.find("case_notice")
    assert isinstance(notice, Banner)
    assert "The dates of the sources tried." in notice.sentence.text()
    step(window, "resume")
    open_dialog(window.qtbot, "step_resume")
    window.tab_to("take_it_up_again")
    window.press(Qt.Key.Key_Return)
    window.until(lambda: window.view.page and window.view.page.case.row.state is State.DRAFT)
    window.settle()


def test_a_withdrawal_opens_on_its_safe_side(window: Window, office: Office) -> None:
    window.open(office.register(), "person")
    step(window, "withdraw")
    open_dialog(window.qtbot, "step_withdraw")
    window.press(Qt.Key.Key_Escape)
    window.settle()
    assert window.stored_page().case.row.state is State.DRAFT


def test_the_guardian_takes_a_held_request_off_hold(make_window: Callable[..., Window], office: Office) -> None:
    window = make_window(Role.GUARDIAN)
    window.open(office.in_state(State.HELD))
    step(window, "take_off_hold")
    open_dialog(window.qtbot, "step_take_off_hold")
    window.tab_to("reasons")
    window.type("A child may be in danger.")
    window.tab_to("take_it_off_hold")
    window.press(Qt.Key.Key_Return)
    window.until(lambda: window.view.page and window.view.page.case.row.state is State.DRAFT)
    window.settle()


def step(window: Window, action: str) -> None:
    """Takes a step of the header's menu."""
    entry = next(one for one in window.view.header.menu.actions() if one.objectName() == f"step_{action}")
    entry.trigger()


def test_a_step_that_is_off_says_why(window: Window, office: Office) -> None:
    window.open(office.register(), "person")
    entry = next(one for one in window.view.header.menu.actions() if one.objectName() == "step_take_off_hold")
    assert entry.toolTip() == "A case in the state “Draft” does not let anyone take it off hold."


def test_why_this_date_reads_the_same_as_a_list(window: Window, office: Office) -> None:
    window.open(office.register(), "person")
    window.press(Qt.Key.Key_D, CTRL | SHIFT)
    dialog = open_dialog(window.qtbot, "why_this_date")
    window.tab_to("as_a_list")
    window.press(Qt.Key.Key_Return)
    listed = dialog.findChild(QListWidget, "ledger_list")
    assert listed.isVisible()
    assert listed.item(0).text() == "Monday 1 June 2026: received, day 0"
    assert listed.item(1).text() == "Tuesday 2 June 2026: day 1"
    assert listed.item(3).text() == "Thursday 4 June 2026: day 3 (escalation point)"
    assert listed.item(15).text() == "Tuesday 16 June 2026: day 10 (draft point)"
    assert listed.item(listed.count() - 1).text() == "Tuesday 30 June 2026: day 20, due (final point)"
    window.tab_to("copy")
    window.press(Qt.Key.Key_Return)
    assert "Tuesday 30 June 2026: day 20, due (final point)" in QGuiApplication.clipboard().text()
    window.press(Qt.Key.Key_Escape)


def test_history_and_agreement_open_by_keys(window: Window, office: Office) -> None:
    window.open(withdrawn(office), "person")
    window.press(Qt.Key.Key_H, CTRL | SHIFT)
    history = open_dialog(window.qtbot, "history")
    assert history.list.item(0).text().endswith("looked at the case")
    assert history.list.item(1).text().endswith("withdrew it\nReasons: Taken back.")
    window.press(Qt.Key.Key_Escape)
    window.activate()
    window.press(Qt.Key.Key_G, CTRL)
    agreement = open_dialog(window.qtbot, "agreement")
    assert agreement.accessibleName() == "Tracing requests from law enforcement bodies"
    window.press(Qt.Key.Key_Escape)
    window.settle()


def test_what_is_chosen_while_a_case_opens_stays(window: Window, office: Office) -> None:
    done = office.register()
    window.view.open(done.case_id, "requester")
    while window.view.page is None:
        QApplication.processEvents()
    assert window.view.part != "requester", "the first part is still being made"
    window.view.show_field("person.family_name")
    window.settle()
    window.until(lambda: all(key in window.view.parts for key in ("requester", "necessity")))
    window.settle()
    assert window.view.part == "person"
    window.activate()
    assert focused().objectName() == "person_family_name"


def test_the_name_of_a_section_is_read_whole(window: Window, office: Office) -> None:
    window.open(office.in_state(State.APPROVED))
    for row in window.view.sections.rows.values():
        long = row.fontMetrics().horizontalAdvance(row.text() + row.row.words) > row.width() - 47
        assert row.height() > 40 or not long, row.text()


def test_sections_are_walked_by_keys(window: Window, office: Office) -> None:
    window.open(office.register(), "requester")
    window.press(Qt.Key.Key_PageDown, CTRL)
    assert window.view.part == "countersigner"
    window.press(Qt.Key.Key_PageUp, CTRL)
    assert window.view.part == "requester"
    window.tab_to("section_requester")
    window.press(Qt.Key.Key_Down)
    window.press(Qt.Key.Key_Down)
    window.press(Qt.Key.Key_Return)
    assert window.view.part == "person"


@pytest.mark.parametrize("state", [State.DRAFT, State.SUBMITTED, State.APPROVED, State.HELD, State.ISSUED])
def test_every_control_has_a_name(window: Window, office: Office, state: State) -> None:
    window.open(office.in_state(state))
    for key in window.view.order():
        window.view.show_part(key)
        window.settle()
        for widget in window.view.findChildren(QWidget):
            if widget.isVisible() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus and not widget.focusProxy():
                assert any(c.isalpha() for c in widget.accessibleName()), (key, widget, widget.objectName())
                assert widget.objectName(), (key, widget)


def test_the_window_never_waits_long_for_a_section(window: Window, office: Office) -> None:
    from time import perf_counter

    window.open(office.register(), "requester")
    slowest = {}
    for key in window.view.order():
        start = perf_counter()
        window.view.show_part(key)
        slowest[key] = perf_counter() - start
        window.settle()
    assert max(slowest.values()) < 0.25, slowest
    again = perf_counter()
    window.view.show_part("person")
    assert perf_counter() - again < 0.1


@pytest.mark.parametrize(
    ("agreement", "received", "words"),
    [
        ("home-office-tracing", date(2017, 6, 1), "Version 1"),
        ("home-office-tracing", date(2018, 6, 11), "Requests received on this day are held."),
        ("home-office-tracing", date(2019, 6, 11), "can only be rejected"),
        ("home-office-tracing", date(2010, 6, 11), "can only be rejected"),
    ],
)
def test_a_new_request_says_what_its_day_means(office: Office, agreement: str, received: date, words: str) -> None:
    assert words in meaning(office.entry.agreements.get(agreement), received)[1]


def test_a_new_request_in_the_future_is_not_registered(window: Window) -> None:
    new = NewRequest(window.session, window.view)
    created: list[int] = []
    new.created.connect(created.append)
    new.open()
    new.choose("law-enforcement-tracing")
    window.tab_to("received_on_year")
    window.press(Qt.Key.Key_A, CTRL)
    window.type("2031")
    window.tab_to("register_the_request")
    window.press(Qt.Key.Key_Return)
    window.settle()
    assert not created
    assert new.on.message.words() == "This day is in the future. Check it."
    new.reject()


def test_items_not_permitted_cannot_be_picked(window: Window, office: Office) -> None:
    done = office.register(asked__items=["name", "address", "gp_practice"], release__items=["name"])
    window.open(done, "release")
    form = window.view.parts["release"]
    assert isinstance(form, SectionForm)
    shown = [one.accessibleName() for one in form.fields["release.items"].controls()]
    assert shown == ["Name", "Last known address"]
    said = [one.accessibleName() for one in form.findChildren(QWidget)]
    assert any(one.startswith("GP practice: not permitted.") for one in said)


def test_a_status_answer_asks_for_what_its_letter_carries(window: Window, office: Office) -> None:
    done = office.approve(office.submit(office.register("nhs-status-check", "trust")))
    window.open(done)
    assert window.view.part == "outcome"
    part = window.view.parts["outcome"]
    assert isinstance(part, OutcomePart)
    window.press(Qt.Key.Key_Return, CTRL)
    assert part.summary.isVisible()
    first = next(iter(part.choice.rows.values())).objectName()
    window.tab_to(first)
    for _ in part.choice.rows:
        if focused().objectName() == "status_answer_settled":
            break
        window.press(Qt.Key.Key_Down)
    window.press(Qt.Key.Key_Space)
    assert window.view.unsaved
    window.tab_to("values_status")
    window.type("Settled, with no time limit")
    window.press(Qt.Key.Key_Return, CTRL)
    window.until(lambda: window.view.page and window.view.page.case.row.state is State.RECORDED)
    window.settle()
    finding = window.stored_page().case.finding
    assert finding is not None
    assert finding.status_answer == "settled"
    assert finding.values["status"]["value"] == "Settled, with no time limit"
    assert not window.view.unsaved


def test_an_outcome_warns_of_what_no_letter_can_print(window: Window, office: Office) -> None:
    window.open(office.in_state(State.APPROVED))
    part = traced(window)
    window.tab_to("values_address")
    window.type("27 \U00010080 Court")
    value, _on = part.values["address"]
    window.until(lambda: "U+10080" in value.message.words())
    assert "our record" in value.message.words()
    window.press(Qt.Key.Key_A, CTRL)
    window.type("27 Ropewalk Court")
    window.until(lambda: not value.message.words())


def test_a_held_request_is_not_said_to_be_approvable(window: Window, office: Office) -> None:
    window.open(office.in_state(State.HELD), "criteria")
    verdict = window.view.side.verdict
    assert verdict.title.text() == "Nobody decides it while it is held"
    assert verdict.summary.text().startswith("Once it is off hold: it may be approved.")
