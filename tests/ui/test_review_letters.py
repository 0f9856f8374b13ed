"""The letter in a review: what keeps it from being shown or released, and on what a refusal rests."""

from __future__ import annotations

from collections.abc import Callable

from db.records import Outcome, State
from desktop.casework import outcomes
from tests.fixtures import Office, on
from tests.ui.page_window import ALT, CTRL, make_page
from tests.ui.test_review import Key, Review, agree_with_all, look, off

__all__ = ["look", "make_page"]


def test_a_disclosure_that_no_font_prints_is_not_released(look: Callable[..., Review], office: Office) -> None:
    done = office.in_state(State.APPROVED)
    values = {"address": {"value": "27 \U00010080 Court", "recorded_on": "19 January 2016"}}
    command = outcomes.Record(**on(done), outcome=Outcome.TRACED, matched=("name", "born", "address"), values=values)
    outcomes.record(office.caseworker, command)
    review = look()
    review.until(lambda: off(review, "release"))
    assert "U+10080" in off(review, "release")
    assert "our record" in off(review, "release")
    assert not off(review, "return_outcome")


def test_a_refusal_gives_no_reason_before_one_is_chosen(look: Callable[..., Review], office: Office) -> None:
    office.in_state(State.SUBMITTED)
    review = look()
    review.view.pane.choose("refuse")
    review.settle()
    assert not review.view._sketch.because_of
    assert not review.view.no_letter.isHidden()
    assert "Choose what it is because of" in review.view.no_letter.words.text()
    review.view.pane._because_of("because_of", ("tried",))
    review.until(review.view.no_letter.isHidden)


def test_a_refusal_for_what_is_met_says_so_beside_the_criteria(office: Office, look: Callable[..., Review]) -> None:
    done = office.in_state(State.SUBMITTED)
    review = look()
    agree_with_all(review)
    review.press(Key.Key_R, ALT)
    pane = review.view.pane
    assert pane.because is not None
    pane.because.set_value(["tried"])
    pane._because_of("because_of", ("tried",))
    assert "Criterion 4 is met, and you did not disagree" in pane.because.message.words()
    assert "Criterion 4 is met" in pane.button.off_reason
    pane.reasons.focus()
    review.type("Nothing was tried.")
    review.press(Key.Key_Return, CTRL)
    assert review.case(done.case_id).row.state is State.SUBMITTED
    review.view.request.rows["tried"].focus()
    review.press(Key.Key_D, ALT)
    assert pane.because.message.words() == ""
    assert pane.button.off_reason == ""
    review.press(Key.Key_Return, CTRL)
    assert review.case(done.case_id).row.state is State.REFUSED
