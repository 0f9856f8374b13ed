"""What the windows say of a run: what would stay of it, before anybody confirms; that it stopped; what is on one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from shiboken6 import isValid

from db.records import Changed, Role
from desktop.casework import disposal
from desktop.casework.concerns import RaiseConcern, raise_concern
from desktop.ui.disposal.carry import CarryOutDialog, result_words
from desktop.ui.retention import RetentionView
from tests.fixtures import Office
from tests.store.disposing import approved, many_closed, pass_grace, proposed
from tests.store.holding import place, reference
from tests.ui.case_window import Window as CaseWindow
from tests.ui.case_window import make_window
from tests.ui.page_window import Make, make_page, press_in, words_of

__all__ = ["make_page", "make_window"]


def test_what_stays_of_a_run_is_said_before_anybody_confirms(make_page: Make, office: Office) -> None:
    cases = many_closed(office, 8)
    approved(office, *cases)
    for one in cases[:6]:
        place(office.guardian, case=reference(office, one))
    raise_concern(office.caseworker, RaiseConcern(command_id="c" * 36, case_id=cases[6].case_id, why="A threat."))
    pass_grace(office)
    window = make_page(RetentionView, office, Role.RECORDS_OFFICER)
    (run,) = disposal.runs(office.officers[0])
    dialog = CarryOutDialog(window.view.session, run, window.view)
    dialog.open()
    assert dialog.button.off_reason, "nobody confirms before it is known"
    window.settle()
    assert not dialog.button.off_reason
    assert dialog.title.text() == dialog.accessibleName() == "Destroy 1 of 8 cases now?"
    assert dialog.button.text() == "Destroy 1 case"
    assert "7 cases stay: something keeps them by now. They can be proposed again." in words_of(dialog)
    lines = dialog.why.text().splitlines()
    named = ", ".join(reference(office, one) for one in cases[:5])
    assert f"A hold stands over it: {named} and 1 more" in lines
    assert f"Something new came to it in the last 30 days: {reference(office, cases[6])}" in lines
    press_in(dialog, "yes")
    window.until(lambda: "certificate 1 is made" in words_of(dialog))
    assert "1 case destroyed. 7 cases kept: the list says why." in words_of(dialog)
    assert "stay" not in words_of(dialog)
    dialog.reject()


def test_a_timer_and_a_case_say_on_which_run_it_is_and_not_that_it_keeps_it(
    make_page: Make, make_window: Callable[..., CaseWindow], office: Office
) -> None:
    (done,) = many_closed(office, 1)
    window = make_page(RetentionView, office, Role.RECORDS_OFFICER)
    pane = window.view.pane
    assert not pane.run.isVisible()
    run = proposed(office, done)
    window.view.session.changed.emit(Changed(kinds=frozenset({"run"})))
    window.settle()
    assert pane.run.isVisible()
    assert pane.run.words.text() == f"On run {run}: waits for another records officer"
    assert not pane.keeping.isVisible()
    case = make_window(role=Role.RECORDS_OFFICER)
    case.open(done, "next")
    assert "On a disposal run" in words_of(case.view)
    assert f"On run {run}: waits for another records officer" in words_of(case.view)
    assert "What keeps this case" not in words_of(case.view)


def test_a_run_that_was_stopped_says_so_in_its_title(make_page: Make, office: Office) -> None:
    cases = many_closed(office, 3)
    approved(office, *cases)
    pass_grace(office)
    window = make_page(RetentionView, office, Role.RECORDS_OFFICER)
    (one,) = disposal.runs(office.officers[0])
    dialog = CarryOutDialog(window.view.session, one, window.view)
    dialog.open()
    window.settle()
    assert dialog.accessibleName() == "Destroy 3 cases now?"
    press_in(dialog, "yes")
    assert dialog.cancel.text() == "Stop"
    dialog.cancel.click()
    assert not dialog.cancel.isEnabled()
    window.until(lambda: not dialog.working)
    assert dialog.title.text() == dialog.accessibleName() == "Run 1 was stopped"
    assert "carry the run out again to go on" in words_of(dialog)
    assert dialog.focusWidget() is dialog.cancel
    dialog.cancel.click()
    window.until(lambda: not isValid(dialog))


def test_a_run_that_destroyed_nothing_says_so_of_its_certificate() -> None:
    kept = disposal.CarriedOut(destroyed=0, kept=2, left=0, certificate=3, old_files=0)
    said = result_words(kept, handed_over=False)
    assert said.startswith("No case was destroyed. 2 cases kept: the list says why.")
    assert said.endswith("Destruction certificate 3 is made, and says that no case went.")
    gone = result_words(replace(kept, destroyed=1, old_files=1), handed_over=False)
    assert gone.endswith(
        "certificate 3 is made. 1 older copy of the store holds who was destroyed: an administrator can replace it."
    )
