"""Whoever only looks reads what is kept, held and destroyed, and changes nothing of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from db.records import Role
from desktop.casework.disposal import DecideRun, carry_out, decide_run
from desktop.ui.dialogs import Dialog
from desktop.ui.disposal.runs import RunsPart
from desktop.ui.holds import HoldsPart
from desktop.ui.kit.button import Button
from desktop.ui.retention import RetentionView
from desktop.ui.retentionrules import RulesPart
from tests.fixtures import Office
from tests.store.disposing import approved, destroyed, many_closed, pass_grace, proposed
from tests.ui.page_window import CTRL, Window, close, make_page, words_of
from tests.ui.page_window import Make as MakePage
from tests.ui.test_holds import place
from tests.ui.test_points import Make, Seat, make_seat

__all__ = ["make_page", "make_seat"]


def retention_of(seat: Seat) -> RetentionView:
    QTest.keyClick(seat.main, Qt.Key.Key_4, CTRL)
    seat.until(lambda: seat.main.current_key() == "retention")
    seat.settle()
    view = seat.main.page("retention")
    assert isinstance(view, RetentionView)
    return view


def on(seat: Seat, view: RetentionView, tab: str) -> QWidget:
    view.tabs.buttons[tab].click()
    seat.settle()
    return view.parts[tab]


def can_be_pressed(view: QWidget) -> set[str]:
    """The buttons in sight that are not off with a reason."""
    shown = [one for one in view.findChildren(Button) if one.isVisible()]
    return {one.objectName() for one in shown if not one.off_reason}


def test_an_auditor_reads_retention_and_can_press_nothing_that_changes_it(
    make_seat: Make, office: Office, tmp_path: Path
) -> None:
    destroyed(office, *many_closed(office, 1))
    approved(office, *many_closed(office, 1))
    place(office, requester="Northshire Police")
    seat = make_seat(office, Role.AUDITOR)
    view = retention_of(seat)
    assert can_be_pressed(view) == set()
    assert "due for review" in view.head.summary.text()
    holds = on(seat, view, "holds")
    assert isinstance(holds, HoldsPart)
    assert can_be_pressed(view) == set()
    assert holds.table.paged.rowCount() == 1
    assert "Northshire" not in words_of(view)
    rules = on(seat, view, "rules")
    assert isinstance(rules, RulesPart)
    assert can_be_pressed(view) == {"save_rules"}
    rules.save(tmp_path / "rules.csv")
    runs = on(seat, view, "runs")
    assert isinstance(runs, RunsPart)
    assert can_be_pressed(view) == set()
    runs.table.selectRow(1)
    seat.settle()
    assert can_be_pressed(view) == {"save_certificate"}
    assert "Northshire" not in words_of(view)
    runs.save(1, tmp_path / "certificate.pdf")
    seat.settle()
    assert (tmp_path / "certificate.pdf").read_bytes().startswith(b"%PDF")
    assert (tmp_path / "rules.csv").stat().st_size > 0


def test_no_case_is_opened_from_a_run(make_seat: Make, office: Office) -> None:
    approved(office, *many_closed(office, 1))
    pass_grace(office)
    seat = make_seat(office, Role.AUDITOR)
    view = retention_of(seat)
    runs = on(seat, view, "runs")
    assert isinstance(runs, RunsPart)
    said: list[str] = []

    def read() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, Dialog)
        said.append(words_of(dialog))
        close(dialog)

    QTimer.singleShot(50, read)
    runs.cases.setFocus()
    QTest.keyClick(runs.cases, Qt.Key.Key_Return)
    assert "not whom they are about" in said[0]
    assert seat.main.current_key() == "retention"


@pytest.mark.parametrize("role", [Role.GUARDIAN, Role.AUDITOR, Role.ADMINISTRATOR])
def test_others_see_runs_and_change_nothing(make_page: MakePage, office: Office, role: Role) -> None:
    run = proposed(office, *many_closed(office, 1))
    window: Window[RetentionView] = make_page(RetentionView, office, role)
    for button in (window.view.dispose, window.view.rules):
        assert button.isVisible()
        assert button.off_reason.startswith("Records officers destroy what is due")
    window.view.tabs.buttons["runs"].click()
    window.settle()
    part = window.view.parts["runs"]
    assert isinstance(part, RunsPart)
    assert "Waits for another records officer" in words_of(part)

    def off() -> dict[str, str]:
        return {key: button.off_reason for key, button in part.buttons.items() if button.isVisible()}

    not_yours = "Records officers decide on runs and carry them out."
    assert off() == dict.fromkeys(("approve", "turn_down"), not_yours)
    decide_run(office.officers[1], DecideRun(run_id=run, approved=True))
    part.refresh()
    window.settle()
    assert off() == dict.fromkeys(("carry_out", "take_off"), not_yours)
    pass_grace(office)
    carry_out(office.officers[0], run)
    part.refresh()
    window.settle()
    assert off() == {"save": ""}
