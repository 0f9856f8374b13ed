"""The review window on a real store, by its keys."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QLabel

from db.records import Json, LetterKind, Outcome, Role, State
from desktop.casework import issuing, outcomes, requests
from desktop.casework.casepage import case_page, decided_answers
from desktop.casework.desk import Done
from desktop.ui.review.because import likely
from desktop.ui.review.view import ReviewView
from tests.fixtures import Office, on
from tests.ui.page_window import ALT, CTRL, SHIFT, Make, Window, close, make_page, nameless, words_of

__all__ = ["make_page"]

Key = Qt.Key
Review = Window[ReviewView]
NOT_MET: Json = {"answer": "not_met", "reasons": "No dates are given.", "evidence": ["Request form, page 3"]}


@pytest.fixture
def look(office: Office, make_page: Make) -> Callable[..., Review]:
    """Opens the window of a reviewer, or of the guardian, and the next case."""

    def made(role: Role = Role.REVIEWER) -> Review:
        review: Review = make_page(ReviewView, office, role)
        review.view.setFocus()
        review.press(Key.Key_J, CTRL)
        return review

    return made


def agree_with_all(review: Review) -> None:
    for _ in review.view.request.rows:
        review.press(Key.Key_A, ALT)


def off(review: Review, choice: str) -> str:
    """Why a choice is off, as assistive technology hears it."""
    group = review.view.pane.group
    assert group is not None
    return group.rows[choice].accessibleDescription()


def unmet(office: Office, criterion: str = "tried") -> Done:
    changes: dict[str, Any] = {f"criteria__{criterion}": NOT_MET}
    return office.submit(office.register(**changes))


def test_the_next_case_is_the_most_urgent_and_its_opening_is_journalled(make_page: Make, sample_office: Office) -> None:
    review: Review = make_page(ReviewView, sample_office, Role.REVIEWER)
    assert "Ctrl+J" in words_of(review.view.empty)
    review.view.setFocus()
    review.press(Key.Key_J, CTRL)
    rows = review.view.queue.model_.rows
    assert review.view.page is not None
    assert review.view.page.case.row.id == rows[0].row.id
    assert review.journalled(rows[0].row.id)[-1] == "open_case"
    left = [row.days_left for row in rows if row.days_left is not None and not row.row.expedited]
    assert left == sorted(left)
    assert nameless(review.view) == []


def test_the_queue_says_what_sets_a_case_apart(make_page: Make, sample_office: Office) -> None:
    review: Review = make_page(ReviewView, sample_office, Role.REVIEWER)
    model = review.view.queue.model_
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    review.view.refresh()
    review.settle()
    assert tester.model() is model
    words = [str(model.data(model.index(at), Qt.ItemDataRole.AccessibleTextRole)) for at in range(model.rowCount())]
    assert "Expedited" in words[0]
    assert any("Sent again" in line for line in words)
    assert any("To release" in line for line in words)
    assert all("Due" in line or "Late" in line for line in words)


def test_agreeing_with_every_criterion_lets_it_be_approved(office: Office, look: Callable[..., Review]) -> None:
    done = office.in_state(State.SUBMITTED)
    review = look()
    assert "Agree or disagree with criterion 1 first" in off(review, "approve")
    review.press(Key.Key_P, ALT)
    assert review.view.pane.sketch.choice == ""
    agree_with_all(review)
    assert off(review, "approve") == ""
    assert review.view.request.count.text().startswith("You agree with 8")
    review.press(Key.Key_P, ALT)
    assert review.view.pane.button.label() == "Approve this request"
    assert words_of(review.view.pane).endswith("Nothing is sent yet. Ruth issues the letter.")
    review.press(Key.Key_Return, CTRL)
    case = review.case(done.case_id)
    assert case.row.state is State.APPROVED
    assert {view["view"] for view in case.decisions[-1].views.values()} == {"agree"}
    assert review.view.page is None
    assert "Nothing is waiting for you" in words_of(review.view.empty)


def test_a_disagreement_takes_its_note_and_bars_approval(office: Office, look: Callable[..., Review]) -> None:
    done = office.in_state(State.SUBMITTED)
    review = look()
    agree_with_all(review)
    first = next(iter(review.view.request.rows.values()))
    first.focus()
    review.press(Key.Key_D, ALT)
    review.type("The signature is missing.")
    assert "criterion 1" in off(review, "approve").lower()
    review.press(Key.Key_J, ALT)
    assert review.view.pane.sketch.because_of == (first.criterion.id,)
    review.view.pane.reasons.focus()
    review.type("It was not signed.")
    review.press(Key.Key_Return, CTRL)
    case = review.case(done.case_id)
    assert case.row.state is State.REJECTED
    assert case.decisions[-1].views[first.criterion.id] == {"view": "disagree", "note": "The signature is missing."}
    assert case.decisions[-1].because_of == (first.criterion.id,)


def test_refusing_needs_reasons_and_says_so_beside_them(office: Office, look: Callable[..., Review]) -> None:
    done = unmet(office)
    review = look()
    assert "Ruth Adeyemi proposes" in words_of(review.view.pane)
    assert review.view.pane.tag.accessibleName() == "Refuse"
    agree_with_all(review)
    assert "Criterion 4 is not met, and you agree" in off(review, "approve")
    review.press(Key.Key_R, ALT)
    assert review.view.pane.because is not None
    assert review.view.pane.because.box.words == "Criterion 4"
    review.press(Key.Key_Return, CTRL)
    assert review.case(done.case_id).row.state is State.SUBMITTED
    assert "Give your reasons" in review.view.pane.reasons.message.words()
    assert review.view.pane.reasons.edit.hasFocus()
    review.type("Nothing shows that the usual sources were tried.")
    assert review.view.pane.reasons.message.words() == ""
    review.press(Key.Key_Return, CTRL)
    case = review.case(done.case_id)
    assert case.row.state is State.REFUSED
    assert case.decisions[-1].because_of == ("tried",)


def test_the_criteria_of_a_refusal_are_ticked_in_a_list(office: Office, look: Callable[..., Review]) -> None:
    unmet(office)
    review = look()
    review.press(Key.Key_R, ALT)
    because = review.view.pane.because
    assert because is not None
    because.focus()
    review.press(Key.Key_Return)
    assert because.menu.isVisible()
    for key in (Key.Key_Home, Key.Key_Down, Key.Key_Space, Key.Key_Return):
        QTest.keyClick(because.menu, key)
    review.settle()
    assert not because.menu.isVisible()
    assert len(review.view.pane.sketch.because_of) == 2
    assert "tried" in review.view.pane.sketch.because_of
    assert because.box.accessibleName().startswith("Because of: Criterion ")
    agree_with_all(review)
    assert len(review.view.pane.sketch.because_of) == 2, "what was chosen by hand stays"


def test_the_letter_is_shown_as_the_decision_would_print_it(office: Office, look: Callable[..., Review]) -> None:
    done = unmet(office)
    review = look()
    review.until(lambda: "Refusal letter" in review.view.pane.letter.text())
    review.press(Key.Key_R, ALT)
    review.press(Key.Key_L, CTRL)
    made = issuing.preview(office.reviewer, done.case_id, LetterKind.REFUSAL, ("tried",))
    assert review.view.paper._pdf == made.pdf
    assert review.view.paper.isVisible()
    review.view.pane.choose("approve")
    review.view.pane.choose("send_back")
    review.settle()
    assert review.view.no_letter.isVisible()
    assert not review.view.paper.isVisible()


def test_what_is_begun_survives_a_look_at_another_case(office: Office, look: Callable[..., Review]) -> None:
    first, second = unmet(office), office.submit(office.register(person=1))
    review = look()
    assert review.view.page is not None
    here = review.view.page.case.row.id
    other = ({first.case_id, second.case_id} - {here}).pop()
    review.press(Key.Key_A, ALT)
    review.press(Key.Key_B, ALT)
    review.view.pane.reasons.focus()
    review.type("Say when each source was tried.")
    review.press(Key.Key_J, CTRL)
    assert review.view.page.case.row.id == other
    assert review.view.pane.sketch.choice == ""
    assert review.view.request.count.text().startswith("8 criteria")
    review.press(Key.Key_J, CTRL)
    assert review.view.page.case.row.id == here
    assert review.view.pane.reasons.value() == "Say when each source was tried."
    assert review.view.request.count.text().startswith("You agree with 1")
    review.press(Key.Key_Return, CTRL)
    assert review.case(here).row.state is State.SENT_BACK


def test_what_changed_since_it_was_sent_back_is_marked(office: Office, look: Callable[..., Review]) -> None:
    done = office.in_state(State.SENT_BACK)
    office.submit(office.save(done, criteria__tried=NOT_MET, tried__statement="Tried again."))
    review = look()
    assert review.view.tabs.buttons["changes"].tab.count == 2
    words = words_of(review.view)
    assert "You sent this back on 10 June. It came again on 10 June with 2 changes." in words
    marked = [
        key
        for key, row in review.view.request.rows.items()
        if any(label.text() == "Changed" for label in row.findChildren(QLabel))
    ]
    assert marked == ["tried"]
    review.press(Key.Key_W, CTRL | SHIFT)
    assert review.view.tabs.current() == "changes"
    assert "Tried again." in words_of(review.view.reading["changes"])
    assert "Say when." in words_of(review.view.reading["changes"])


def test_a_second_person_releases_what_was_recorded(office: Office, look: Callable[..., Review]) -> None:
    done = office.in_state(State.RECORDED)
    review = look()
    review.until(lambda: "Partial disclosure letter" in review.view.pane.letter.text())
    assert review.view.tabs.current() == "letter"
    words = words_of(review.view.pane)
    assert "27 Ropewalk Court" in words
    assert "Name, date of birth and address" in words
    assert review.view.paper._pdf == issuing.preview(office.reviewer, done.case_id).pdf
    review.press(Key.Key_P, ALT)
    review.press(Key.Key_Return, CTRL)
    assert review.case(done.case_id).row.state is State.RELEASED


def test_an_outcome_is_sent_back_with_reasons(office: Office, look: Callable[..., Review]) -> None:
    done = office.in_state(State.RECORDED)
    review = look()
    review.press(Key.Key_B, ALT)
    review.press(Key.Key_Return, CTRL)
    assert review.case(done.case_id).row.state is State.RECORDED
    review.type("The address is of another person.")
    review.press(Key.Key_Return, CTRL)
    case = review.case(done.case_id)
    assert case.row.state is State.APPROVED
    assert case.returned_outcome == "The address is of another person."


def test_the_guardian_decides_what_was_escalated_and_takes_off_hold(
    office: Office, look: Callable[..., Review]
) -> None:
    escalated, held = office.in_state(State.ESCALATED), office.in_state(State.HELD)
    review = look(Role.GUARDIAN)
    by_case = {row.row.id for row in review.view.queue.model_.rows}
    assert by_case == {escalated.case_id, held.case_id}
    review.view.queue.choose(escalated.case_id)
    review.settle()
    assert "escalated this on 10 June: For the guardian." in words_of(review.view)
    assert review.view.pane.group is not None
    assert "escalate" not in review.view.pane.group.rows
    agree_with_all(review)
    review.press(Key.Key_P, ALT)
    review.press(Key.Key_Return, CTRL)
    assert review.case(escalated.case_id).row.state is State.APPROVED
    review.press(Key.Key_J, CTRL)
    review.press(Key.Key_P, ALT)
    review.view.pane.reasons.focus()
    review.type("The agreement goes on.")
    review.press(Key.Key_Return, CTRL)
    assert review.case(held.case_id).row.state is State.DRAFT


def test_a_case_that_was_changed_meanwhile_is_not_decided(office: Office, look: Callable[..., Review]) -> None:
    done = office.in_state(State.RECORDED)
    review = look()
    review.press(Key.Key_P, ALT)
    review.session.worker.drain()
    again = outcomes.Record(
        **on(done),
        outcome=Outcome.TRACED,
        matched=("name", "born", "address"),
        values={"address": {"value": "1 Other Road\nWestmere WM4 8RD", "recorded_on": "2 May 2024"}},
    )
    outcomes.record(office.caseworker, again)
    told: list[str] = []

    def tell(dialog: Any) -> None:
        told.append(words_of(dialog))
        close(dialog)

    review.in_dialog(tell, lambda: review.press(Key.Key_Return, CTRL))
    assert "Ruth Adeyemi changed this case" in told[0]
    assert review.case(done.case_id).row.state is State.RECORDED
    review.until(lambda: "1 Other Road" in words_of(review.view.pane))
    assert review.view.pane.sketch.choice == "", "what was chosen was chosen for something else"


def test_a_case_of_ones_own_is_read_and_not_decided(make_page: Make, office: Office) -> None:
    done = office.in_state(State.SUBMITTED)
    review: Review = make_page(ReviewView, office, Role.REVIEWER)
    why = "You worked on this case, so someone else decides it."
    queue = review.view.queue
    queue.show_rows([replace(row, may_decide=False, why=why) for row in queue.model_.rows], 0)
    queue.choose(done.case_id)
    review.until(lambda: review.view.page is not None)
    assert why in words_of(review.view.pane)
    assert review.view.pane.group is not None
    assert not review.view.pane.group.isVisible()
    assert review.view.pane.button.off_reason == why
    review.press(Key.Key_R, ALT)
    assert review.view.pane.sketch.choice == ""
    model = queue.model_
    assert why in str(model.data(model.index(0), Qt.ItemDataRole.AccessibleTextRole))


def test_a_case_that_left_the_queue_is_put_away(office: Office, look: Callable[..., Review]) -> None:
    done = office.in_state(State.SUBMITTED)
    review = look()
    review.session.worker.drain()
    requests.withdraw(office.caseworker, requests.WithReasons(**on(done), reasons="No longer asked."))
    review.view.refresh()
    review.settle()
    assert review.view.page is None
    assert review.view.empty.isVisible()


def test_a_request_that_no_agreement_permits_is_rejected_not_refused(
    office: Office, look: Callable[..., Review]
) -> None:
    done = office.submit(office.register("home-office-tracing", "home_office", 7, date(2018, 12, 3)))
    review = look()
    assert "rejected, not refused" in off(review, "refuse")
    assert off(review, "reject") == ""
    assert review.view.pane.tag.accessibleName() == "Reject (procedure)"
    review.press(Key.Key_J, ALT)
    review.view.pane.reasons.focus()
    review.type("The agreement was withdrawn.")
    review.press(Key.Key_Return, CTRL)
    assert review.case(done.case_id).row.state is State.REJECTED


def test_in_a_narrow_window_queue_and_decision_give_way(office: Office, look: Callable[..., Review]) -> None:
    unmet(office)
    review = look()
    view = review.view
    view.resize(1100, 700)
    review.settle()
    assert not view.queue.isVisible()
    assert not view.pane.isVisible()
    view.request.rows["tried"].focus()
    review.press(Key.Key_R, ALT)
    assert view.tabs.current() == "decision"
    assert view.pane.isVisible()
    view.fold.click()
    assert view.queue.isVisible()
    view.resize(1400, 700)
    review.settle()
    assert view.pane.isVisible()
    assert view.parts.isVisible()
    assert view.tabs.current() != "decision"


def test_what_a_refusal_rests_on_follows_answers_and_views(office: Office) -> None:
    done = unmet(office)
    page = case_page(office.reviewer, done.case_id)
    answers, agreement = decided_answers(page), page.agreement
    ids = [one.id for one in agreement.criteria]
    assert likely(agreement, answers, {}, "refuse") == ("tried",)
    assert likely(agreement, answers, {"tried": {"view": "disagree"}}, "refuse") == ()
    assert likely(agreement, answers, {"authorised": {"view": "disagree"}}, "reject") == ("authorised",)
    assert likely(agreement, answers, {"authorised": {"view": "disagree"}}, "refuse") == ("tried",)
    assert set(likely(agreement, answers, {key: {"view": "disagree"} for key in ids}, "refuse")) < set(ids)
    assert QApplication.activeModalWidget() is None
