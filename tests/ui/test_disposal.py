"""Disposal in the Retention window: proposed by one, approved by another, carried out, and the certificate saved."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QToolTip
from shiboken6 import isValid

from db.records import Role, State
from desktop.casework import disposal
from desktop.casework.holds import PlaceHold, place_hold
from desktop.casework.rebasing import moved_dates
from desktop.casework.sample import sample_password
from desktop.ui.case.view import CaseView
from desktop.ui.disposal.carry import CarryOutDialog
from desktop.ui.disposal.propose import ProposeDialog
from desktop.ui.disposal.rebase import RebaseDialog
from desktop.ui.disposal.runs import RunsPart
from desktop.ui.holds import HoldsPart
from desktop.ui.kit.inputs import TextField
from desktop.ui.recorddialog import RecordDialog
from desktop.ui.retention import RetentionView
from tests.fixtures import Office
from tests.store.disposing import WHY, approved, destroyed, many_closed, pass_grace, proposed, state_of
from tests.store.test_rebasing import new_rule
from tests.ui.page_window import CTRL, SHIFT, Make, Window, make_page, nameless, press_in, words_of

__all__ = ["make_page"]

Key = Qt.Key
Retention = Window[RetentionView]


@pytest.fixture
def as_officer(make_page: Make, office: Office) -> Callable[[int], Retention]:
    """The Retention window of the first or the second records officer."""

    def open_as(number: int) -> Retention:
        office.desks[Role.RECORDS_OFFICER] = office.officers[number]
        return make_page(RetentionView, office, Role.RECORDS_OFFICER)

    return open_as


def shown(window: Retention, kind: type[QDialog]) -> QDialog:
    window.until(lambda: isinstance(QApplication.activeModalWidget(), kind))
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, kind)
    return dialog


def runs_of(window: Retention) -> RunsPart:
    window.view.tabs.buttons["runs"].click()
    window.settle()
    part = window.view.parts["runs"]
    assert isinstance(part, RunsPart)
    return part


def test_what_is_due_is_ticked_and_proposed_by_keyboard(as_officer: Callable[[int], Retention], office: Office) -> None:
    cases = many_closed(office, 3)
    window = as_officer(0)
    window.settle()
    dialog = ProposeDialog(window.view.session, window.view)
    dialog.open()
    window.settle()
    said = words_of(dialog)
    assert "3 of 3 cases ticked" in said
    assert "cannot be brought back" in said
    assert nameless(dialog) == []
    dialog.table.setFocus()
    dialog.table.selectRow(1)
    dialog.table.previewed.emit(dialog.table.current_row())
    assert "2 of 3 cases ticked" in words_of(dialog)
    press_in(dialog, "propose")
    window.settle()
    assert "Say why these cases are to be destroyed." in words_of(dialog)
    dialog.why.set_value(WHY)
    press_in(dialog, "propose")
    window.until(lambda: not isValid(dialog))
    (run,) = disposal.runs(office.officers[0])
    assert (run.total, run.because) == (2, WHY)
    assert {one.case_id for one in disposal.run_items(office.officers[0], run.id)} == {
        cases[0].case_id,
        cases[2].case_id,
    }


def test_a_case_that_something_keeps_cannot_be_ticked_and_says_why(
    as_officer: Callable[[int], Retention], office: Office
) -> None:
    cases = many_closed(office, 2)
    proposed(office, cases[0])
    window = as_officer(0)
    dialog = ProposeDialog(window.view.session, window.view)
    dialog.open()
    window.settle()
    assert "1 of 2 cases ticked; 1 cannot go now" in words_of(dialog)
    dialog.table.selectRow(0)
    row = dialog.table.current_row()
    assert row is not None
    dialog.table.previewed.emit(row)
    assert "1 of 2 cases ticked" in words_of(dialog)
    assert dialog.whole.text().startswith(f"{row.reference}, traced. It is on a run already.")
    assert dialog.whole.text().endswith(f"{row.rule[1:]}.")
    model = dialog.table.paged
    said = [str(model.data(model.index(0, at))) for at in range(model.columnCount())]
    assert "It is on a run already." in said[4]
    dialog.reject()


def test_what_is_due_is_kept_longer(as_officer: Callable[[int], Retention], office: Office) -> None:
    many_closed(office, 1)
    window = as_officer(0)
    dialog = ProposeDialog(window.view.session, window.view)
    dialog.open()
    window.settle()
    press_in(dialog, "keep_longer")
    window.until(lambda: QApplication.activeModalWidget() is not dialog)
    asked = QApplication.activeModalWidget()
    assert isinstance(asked, QDialog)
    press_in(asked, "keep_them")
    window.settle()
    assert "Give the day of the next review." in words_of(asked)
    asked.fields["review_on"].set_value({"day": "1", "month": "1", "year": "2031"})  # type: ignore[attr-defined]
    asked.fields["because"].set_value("An appeal may follow.")  # type: ignore[attr-defined]
    press_in(asked, "keep_them")
    window.until(lambda: not isValid(dialog))
    assert disposal.candidates(office.officers[0]) == ()


def test_whoever_proposed_a_run_cannot_approve_it_and_another_can(
    as_officer: Callable[[int], Retention], office: Office
) -> None:
    run = proposed(office, *many_closed(office, 2))
    first = runs_of(as_officer(0))
    assert "Waits for another records officer" in words_of(first)
    assert first.buttons["approve"].off_reason == "You proposed it, so another records officer decides."
    window = as_officer(1)
    part = runs_of(window)
    assert part.buttons["approve"].off_reason == ""
    assert nameless(window.view) == []
    part.buttons["approve"].setFocus()

    def agree(dialog: QDialog) -> None:
        assert "waits for 14 days" in words_of(dialog)
        press_in(dialog, "yes")

    window.in_dialog(agree, lambda: window.press(Key.Key_Return))
    window.settle()
    (one,) = disposal.runs(office.officers[0])
    assert one.id == run
    assert one.verdict is not None
    assert one.verdict.approved
    assert "Days of grace to" in words_of(part)
    assert not part.buttons["take_back"].isVisible()
    assert part.buttons["carry_out"].off_reason.startswith("It may be carried out from")


def test_whoever_proposed_a_run_takes_it_back_with_reasons(
    as_officer: Callable[[int], Retention], office: Office
) -> None:
    proposed(office, *many_closed(office, 2))
    window = as_officer(0)
    part = runs_of(window)
    assert not part.buttons["turn_down"].isVisible()

    def give(dialog: QDialog) -> None:
        field = dialog.findChild(TextField)
        assert field is not None
        field.set_value("The wrong year was chosen.")
        press_in(dialog, "yes")

    window.in_dialog(give, part.buttons["take_back"].click)
    window.settle()
    assert f"Taken back by {office.officers[0].user.name}" in words_of(part)
    assert "The wrong year was chosen." in words_of(part)
    assert [key for key, button in part.buttons.items() if button.isVisible()] == []


def test_a_run_is_carried_out_and_its_certificate_saved(
    as_officer: Callable[[int], Retention], office: Office, tmp_path: Path
) -> None:
    cases = many_closed(office, 3)
    run = approved(office, *cases)
    pass_grace(office)
    window = as_officer(0)
    part = runs_of(window)
    (one,) = disposal.runs(office.officers[0])
    dialog = CarryOutDialog(window.view.session, one, part)
    dialog.open()
    window.settle()
    assert dialog.focusWidget() is dialog.cancel, "the safe button has the keyboard"
    press_in(dialog, "yes")
    window.until(lambda: "certificate 1 is made" in words_of(dialog))
    assert "3 cases destroyed." in words_of(dialog)
    dialog.reject()
    assert {state_of(office, case) for case in cases} == {State.DESTROYED}
    part.refresh()
    window.settle()
    assert f"Done by {office.officers[0].user.name}, certificate 1" in words_of(part)
    part.save(run, tmp_path / "certificate.pdf")
    window.settle()
    assert (tmp_path / "certificate.pdf").read_bytes().startswith(b"%PDF")
    assert json.loads((tmp_path / "certificate.json").read_text())["certificate"] == 1
    assert (tmp_path / "certificate.json").stat().st_mode & 0o077 == 0


def test_a_destroyed_case_opens_as_its_stub_and_goes_back(make_page: Make, office: Office) -> None:
    (case,) = many_closed(office, 1)
    destroyed(office, case)
    window = make_page(CaseView, office, Role.CASEWORKER)
    left: list[bool] = []
    window.view.session.case_left.connect(lambda: left.append(True))
    said: list[str] = []

    def look(dialog: QDialog) -> None:
        said.append(words_of(dialog))
        press_in(dialog, "close")

    window.in_dialog(look, lambda: window.view.open(case.case_id))
    window.until(lambda: said)
    for words in ("TR-000001-7 was destroyed", "3 years after the letter is issued", "certificate 1", "Grace Ndlovu"):
        assert words in said[0]
    assert left
    assert "open_case" not in window.journalled(case.case_id)[-1:]


def test_every_date_that_moves_is_shown_before_it_does(as_officer: Callable[[int], Retention], office: Office) -> None:
    many_closed(office, 2)
    new_rule(office, 6)
    window = as_officer(0)
    dialog = RebaseDialog(window.view.session, window.view)
    dialog.open()
    window.settle()
    assert "2 timers would get another date, 0 of them an earlier one." in words_of(dialog)
    assert nameless(dialog) == []
    press_in(dialog, "move_the_dates")
    assert "Give the user name of a records officer or the guardian." in words_of(dialog)
    dialog.fields["second"].set_value(office.officers[0].user.username)
    dialog.fields["password"].set_value(sample_password())
    press_in(dialog, "move_the_dates")
    window.until(lambda: "Say why the new rule counts for them." in words_of(dialog))
    dialog.fields["because"].set_value("The code of practice changed.")
    press_in(dialog, "move_the_dates")
    window.until(lambda: "Another person than you confirms this." in words_of(dialog))
    dialog.fields["second"].set_value(office.officers[1].user.username)
    press_in(dialog, "move_the_dates")
    window.until(lambda: not isValid(dialog))
    assert moved_dates(office.officers[0]) == ()


def test_why_a_case_was_kept_is_read_whole(as_officer: Callable[[int], Retention], office: Office) -> None:
    why = "A complaint came in about how it was answered, and the ombudsman has not said yet what is to become of it."
    cases = many_closed(office, 2)
    run = approved(office, *cases)
    disposal.take_off(office.officers[0], disposal.TakeOff(run_id=run, case_id=cases[1].case_id, why=why))
    window = as_officer(0)
    part = runs_of(window)
    assert not part.whole.isVisible()
    part.table.setFocus()
    window.press(Key.Key_Return)
    assert part.cases.hasFocus()
    window.press(Key.Key_Down)
    assert part.whole.isVisible()
    assert part.whole.text() == f"TR-000002-5 was kept. {why}"
    at = part.cases.visualRect(part.cases.model().index(1, 3)).center()
    point = QHelpEvent(QEvent.Type.ToolTip, at, part.cases.viewport().mapToGlobal(at))
    QApplication.sendEvent(part.cases.viewport(), point)
    assert why in QToolTip.text()
    short = part.cases.visualRect(part.cases.model().index(0, 3)).center()
    QApplication.sendEvent(part.cases.viewport(), QHelpEvent(QEvent.Type.ToolTip, short, at))
    for one in QApplication.topLevelWidgets():
        if one.inherits("QTipLabel"):
            one.hide()
    assert not QToolTip.isVisible()


def test_the_keys_of_the_window_reach_each_step(as_officer: Callable[[int], Retention], office: Office) -> None:
    proposed(office, many_closed(office, 2)[0])
    window = as_officer(1)
    view = window.view
    holds = view.parts["holds"]
    assert isinstance(holds, HoldsPart)
    view.table.setFocus()
    met: list[str] = []

    def read(dialog: QDialog) -> None:
        met.append(dialog.objectName())
        if isinstance(dialog, ProposeDialog):
            window.until(lambda: dialog.longer.off_reason == "")
            dialog.activateWindow()
            window.until(lambda: QApplication.activeWindow() is dialog)
            QTest.keyClick(dialog.table, Key.Key_K, CTRL | SHIFT)
            window.until(lambda: QApplication.activeModalWidget() is not dialog)
            asked = QApplication.activeModalWidget()
            assert isinstance(asked, QDialog)
            met.append(asked.objectName())
            asked.reject()
        dialog.reject()

    window.in_dialog(read, lambda: window.press(Key.Key_P, CTRL | SHIFT))
    window.in_dialog(read, lambda: window.press(Key.Key_O, CTRL | SHIFT))
    assert view.tabs.current() == "holds"
    # The run comes with its tab; the key presses what is there.
    window.press(Key.Key_Return, CTRL)
    assert view.tabs.current() == "runs"
    window.in_dialog(read, lambda: window.press(Key.Key_Return, CTRL))
    assert met == ["propose_run", "retain", "hold_dialog", "confirm"]
    review = office.entry.today() + timedelta(days=30)
    command = PlaceHold(agreement_id="coroner", authority="An order", because="It is needed.", review_on=review)
    place_hold(office.officers[0], command)
    window.press(Key.Key_R, CTRL | SHIFT)
    assert view.tabs.current() == "holds"
    window.in_dialog(read, lambda: window.press(Key.Key_R, CTRL | SHIFT))
    assert met[-1] == "propose_release_dialog"


def test_cases_are_proposed_to_be_handed_over_and_go_in_sealed_packages(
    as_officer: Callable[[int], Retention], office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = many_closed(office, 2)
    window = as_officer(0)
    dialog = ProposeDialog(window.view.session, window.view)
    dialog.open()
    window.settle()
    press_in(dialog, "hand_over")
    window.until(lambda: QApplication.activeModalWidget() is not dialog)
    asked = QApplication.activeModalWidget()
    assert isinstance(asked, RecordDialog)
    assert nameless(asked) == []
    press_in(asked, "propose_it")
    assert "Say who gets them." in words_of(asked)
    asked.fields["transfer_to"].set_value("Westmere Record Office")
    asked.fields["because"].set_value(WHY)
    press_in(asked, "propose_it")
    window.until(lambda: not isValid(dialog))
    (run,) = disposal.runs(office.officers[0])
    assert (run.total, run.transfer_to) == (2, "Westmere Record Office")
    disposal.decide_run(office.officers[1], disposal.DecideRun(run_id=run.id, approved=True))
    pass_grace(office)
    part = runs_of(window)
    assert "Westmere Record Office" in words_of(part)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_given: str(tmp_path))
    part.buttons["carry_out"].click()
    sealing = shown(window, RecordDialog)
    assert isinstance(sealing, RecordDialog)
    for typed, again, wrong in (
        ("short", "short", "at least 12 characters"),
        ("seven grey herons wade", "seven", "This is not the same."),
    ):
        sealing.fields["passphrase"].set_value(typed)
        sealing.fields["again"].set_value(again)
        press_in(sealing, "choose_the_folder")
        assert wrong in words_of(sealing)
    sealing.fields["again"].set_value("seven grey herons wade")

    def go(carry: QDialog) -> None:
        assert "Hand over and destroy 2 cases now?" in carry.windowTitle() + words_of(carry)
        press_in(carry, "yes")
        window.until(lambda: "2 cases handed over and destroyed. Destruction certificate 1 is made" in words_of(carry))
        carry.reject()

    window.in_dialog(go, lambda: press_in(sealing, "choose_the_folder"))
    assert {state_of(office, case) for case in cases} == {State.DESTROYED}
    assert len(list(tmp_path.glob("*.tdpackage"))) == 2
    part.refresh()
    window.settle()
    assert "Handed over, destroyed" in str(part.cases.paged.data(part.cases.paged.index(0, 3)))
