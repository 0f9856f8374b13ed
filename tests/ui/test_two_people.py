"""What no records officer does alone, early, or to what is held: the windows do not let her, whatever she presses.

The functions and the database refuse the same: see ``tests/store/test_disposal.py`` and ``test_holds_release.py``.
"""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QWidget
from shiboken6 import isValid

from db.records import Role, State
from desktop.casework import disposal
from desktop.casework.casepage import case_page
from desktop.casework.desk import Done
from desktop.casework.holds import ProposeRelease, hold_rows, propose_release
from desktop.policy.disposal import GRACE_DAYS
from desktop.ui.disposal.carry import CarryOutDialog
from desktop.ui.disposal.propose import ProposeDialog
from desktop.ui.disposal.runs import RunsPart
from desktop.ui.holds import HoldsPart
from desktop.ui.retention import RetentionView
from tests.fixtures import Office
from tests.store.disposing import approved, many_closed, pass_days, pass_grace, proposed, state_of
from tests.store.holding import place
from tests.ui.page_window import Make, Window, make_page, press_in, words_of

__all__ = ["make_page"]


def retention_of(make_page: Make, office: Office) -> Window[RetentionView]:
    office.desks[Role.RECORDS_OFFICER] = office.officers[0]
    return make_page(RetentionView, office, Role.RECORDS_OFFICER)


def runs_part(window: Window[RetentionView]) -> RunsPart:
    window.view.tabs.buttons["runs"].click()
    window.settle()
    part = window.view.parts["runs"]
    assert isinstance(part, RunsPart)
    return part


def pressed(window: Window[RetentionView], button: QWidget) -> None:
    """Every way of pressing it that there is."""
    button.setFocus()
    for key in (Qt.Key.Key_Space, Qt.Key.Key_Return):
        QTest.keyClick(button, key)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    window.settle()


def proposing(window: Window[RetentionView]) -> ProposeDialog:
    dialog = ProposeDialog(window.view.session, window.view)
    dialog.open()
    window.settle()
    return dialog


def reference(office: Office, done: Done) -> str:
    return case_page(office.caseworker, done.case_id).case.row.reference


def test_her_own_run_is_not_approved_however_she_presses(make_page: Make, office: Office) -> None:
    proposed(office, *many_closed(office, 1))
    window = retention_of(make_page, office)
    part = runs_part(window)
    assert part.buttons["approve"].off_reason == "You proposed it, so another records officer decides."
    pressed(window, part.buttons["approve"])
    assert part.buttons["turn_down"].isHidden()
    (run,) = disposal.runs(office.officers[0])
    assert run.verdict is None


def test_nothing_can_be_ticked_before_its_date(make_page: Make, office: Office) -> None:
    done = office.in_state(State.ISSUED)
    window = retention_of(make_page, office)
    dialog = proposing(window)
    assert "Nothing is due for review" in words_of(dialog)
    dialog.every.click()
    assert dialog.button.off_reason == "Tick the cases first."
    dialog.why.set_value("Now.")
    press_in(dialog, "propose")
    window.settle()
    dialog.reject()
    assert disposal.runs(office.officers[0]) == ()
    assert state_of(office, done) is State.ISSUED


@pytest.mark.parametrize("days", [0, GRACE_DAYS - 1])
def test_a_run_is_not_carried_out_within_its_days_of_grace(make_page: Make, office: Office, days: int) -> None:
    (done,) = many_closed(office, 1)
    approved(office, done)
    pass_days(office, days)
    window = retention_of(make_page, office)
    part = runs_part(window)
    assert part.buttons["carry_out"].off_reason.startswith("It may be carried out from")
    pressed(window, part.buttons["carry_out"])
    assert state_of(office, done) is State.ISSUED
    # Nor where the dialog was open before the clock went back.
    (run,) = disposal.runs(office.officers[0])
    dialog = CarryOutDialog(window.view.session, run, part)
    dialog.open()
    window.settle()
    window.in_dialog(QDialog.reject, lambda: press_in(dialog, "yes"))
    window.until(lambda: not isValid(dialog))
    assert state_of(office, done) is State.ISSUED


def test_what_is_held_can_neither_be_ticked_nor_destroyed(make_page: Make, office: Office) -> None:
    before, after = many_closed(office, 2)
    place(office.officers[1], case=reference(office, before))
    window = retention_of(make_page, office)
    dialog = proposing(window)
    assert "1 of 2 cases ticked; 1 cannot go now" in words_of(dialog)
    dialog.table.selectRow(0)
    row = dialog.table.current_row()
    assert row is not None
    assert (row.case_id, row.kept_by) == (before.case_id, ("held",))
    dialog.table.previewed.emit(row)
    assert "1 of 2 cases ticked; 1 cannot go now" in words_of(dialog)
    dialog.every.click()
    assert "1 of 2 cases ticked; 1 cannot go now" in words_of(dialog)
    model = dialog.table.paged
    said = [str(model.data(model.index(0, at))) for at in range(model.columnCount())]
    assert said[4].startswith("A hold stands over it.")
    dialog.reject()
    # One that comes after the approval.
    run = approved(office, after)
    place(office.guardian, case=reference(office, after))
    pass_grace(office)
    part = runs_part(window)
    part.refresh()
    window.settle()
    (one,) = disposal.runs(office.officers[0])
    carry = CarryOutDialog(window.view.session, one, part)
    carry.open()
    window.settle()
    assert "No case of this run can go now" in words_of(carry)
    assert "1 case stays: something keeps it by now. It can be proposed again." in words_of(carry)
    assert f"A hold stands over it: {reference(office, after)}" in words_of(carry)
    press_in(carry, "yes")
    window.until(lambda: "certificate 1 is made" in words_of(carry))
    assert "No case was destroyed" in words_of(carry)
    assert "1 case kept: the list says why" in words_of(carry)
    carry.reject()
    part.refresh()
    window.settle()
    assert [one.why for one in disposal.run_items(office.officers[0], run)] == ["A hold stands over it."]
    cells = part.cases.paged
    said = [str(cells.data(cells.index(0, at))) for at in range(cells.columnCount())]
    assert said[3] == "Kept. A hold stands over it."
    assert {state_of(office, done) for done in (before, after)} == {State.ISSUED}


def test_a_hold_is_not_released_by_whoever_proposed_it_however_she_presses(make_page: Make, office: Office) -> None:
    first = office.desks[Role.RECORDS_OFFICER] = office.officers[0]
    number = place(first, agreement_id="coroner")
    propose_release(first, ProposeRelease(hold_id=number, because="It is over."))
    page: Window[HoldsPart] = make_page(HoldsPart, office, Role.RECORDS_OFFICER)
    page.view.refresh()
    page.settle()
    for button in (page.view.pane.release, page.view.pane.keep):
        assert button.off_reason == "You proposed its release, so another records officer or the guardian decides."
        button.setFocus()
        for key in (Qt.Key.Key_Space, Qt.Key.Key_Return):
            QTest.keyClick(button, key)
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        page.settle()
    assert hold_rows(first)[0].hold.standing == "proposed"
