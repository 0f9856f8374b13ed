"""Saved reports on the Reports page, by its keys."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu

from desktop.casework.savedreports import SaveReport, save_report, saved_reports
from desktop.policy.agreements import Agreements
from desktop.policy.disclosurecontrol import NHS
from desktop.policy.publication import Per
from desktop.policy.savedreports import ReportKind, WantedReport
from desktop.policy.spans import Span, span_days
from desktop.ui.kit.base import as_typed
from desktop.ui.kit.inputs import Combo
from desktop.ui.theme import Theme
from tests.fixtures import Office
from tests.ui.case_window import open_dialog
from tests.ui.page_window import make_page, nameless
from tests.ui.reports_window import Reports, days, grid, part, reports

__all__ = ["make_page", "reports"]

Key = Qt.Key


def opened_menu(reports: Reports) -> QMenu:
    """The chip's menu, opened by the keyboard."""
    reports.view.saved.chip.setFocus()
    reports.press(Key.Key_Return)
    menu = reports.view.findChild(QMenu, "menu_saved")
    assert menu is not None
    return menu


def choose(reports: Reports, words: str) -> None:
    """Chooses in the menu with the arrows."""
    menu = opened_menu(reports)
    labels = [action.text() for action in menu.actions() if not action.isSeparator() and action.isEnabled()]
    for _ in range(labels.index(words) + 1):
        QTest.keyClick(menu, Key.Key_Down)
    QTest.keyClick(menu, Key.Key_Return)
    reports.settle()


def pick(reports: Reports, key: str, chosen: str) -> None:
    """Chooses in a list of what is counted, as a person does with the arrows."""
    combo = part(reports).asking.fields[key].controls()[0]
    assert isinstance(combo, Combo)
    combo.setFocus()
    combo.setCurrentIndex(combo.findData(chosen))
    combo.activated.emit(combo.currentIndex())


def month(office: Office) -> WantedReport:
    first, last = span_days(Span.LAST_MONTH, office.entry.today())
    return WantedReport(
        report=ReportKind.PUBLICATION,
        span=Span.LAST_MONTH,
        first=first,
        last=last,
        control=NHS,
        table="Tracing requests",
        per=Per.MONTH,
    )


def test_a_report_is_saved_chosen_and_let_go_by_keys(reports: Reports, office: Office) -> None:
    chip, asking = reports.view.saved.chip, part(reports).asking
    for key, chosen in (("span", "last_month"), ("per", "month"), ("control", "nhs")):
        pick(reports, key, chosen)
    first, last = span_days(Span.LAST_MONTH, office.entry.today())
    assert asking.what.days() == (first, last)
    choose(reports, "Save this report…")
    dialog = open_dialog(reports.qtbot, "save_report")
    assert nameless(dialog) == []
    reports.type("police by month")
    dialog.button.click()
    reports.settle()
    assert [one.wanted for one in saved_reports(office.guardian)] == [month(office)]
    assert chip.accessibleName() == "Saved: police by month"
    assert chip.accessibleDescription() == (
        "Tracing requests by month: last month, 1 to 7 kept back (NHS). Delete removes it"
    )
    chip.setFocus()
    reports.press(Key.Key_Delete)
    reports.settle()
    assert chip.accessibleName() == "Saved reports"
    assert chip.hasFocus()
    assert asking.what.span() is Span.THIS_YEAR
    reports.view.show_part("today")
    choose(reports, "police by month")
    assert reports.view.current() == "publication"
    assert part(reports).wanted() == month(office)
    made = part(reports).made
    assert made is not None
    assert (made.asked.first, made.asked.control) == (first, NHS), "it was counted as well"
    assert grid(reports).isVisible()
    assert chip.accessibleName() == "Saved: police by month"
    assert nameless(reports.view) == []
    days(asking, date(2016, 1, 1), date(2016, 12, 31))
    assert asking.what.span() is None, "days that are typed are others"
    assert chip.accessibleName() == "Saved reports"


def test_a_word_for_days_goes_by_the_day_of_counting(reports: Reports, office: Office) -> None:
    reports.view.show_part("oversight")
    reports.settle()
    asking = reports.view.oversight.asking
    asking.what.set_days(date(2016, 2, 1), date(2016, 2, 29))
    assert asking.what.span() is None
    combo = asking.fields["span"].controls()[0]
    assert isinstance(combo, Combo)
    combo.setCurrentIndex(combo.findData("last_financial_year"))
    combo.activated.emit(combo.currentIndex())
    assert asking.what.days() == span_days(Span.LAST_FINANCIAL_YEAR, office.entry.today())
    asking.button.click()
    reports.settle()
    report = reports.view.oversight.report
    assert report is not None
    assert report.days.startswith("April 20")


def test_the_desk_today_has_nothing_to_save_and_says_so(reports: Reports) -> None:
    menu = opened_menu(reports)
    (save,) = [action for action in menu.actions() if action.text() == "Save this report…"]
    assert not save.isEnabled()
    assert save.toolTip() == "It is asked for nothing that could be saved."
    menu.close()
    reports.settle()


def test_one_is_renamed_and_deleted(reports: Reports, office: Office) -> None:
    save_report(office.guardian, SaveReport(name="board", wanted=month(office)))
    reports.view.refresh()
    reports.settle()
    choose(reports, "Change saved reports…")
    dialog = open_dialog(reports.qtbot, "change_reports")
    (row,) = dialog.group.rows.values()
    assert row.toolTip() == as_typed(f"board. {month(office).said}"), "where it is cut, it can be read"
    dialog.rename.click()
    renaming = open_dialog(reports.qtbot, "rename_report_to")
    reports.type("quarter")
    renaming.button.click()
    reports.settle()
    assert [one.name for one in saved_reports(office.guardian)] == ["quarter"]
    dialog.accept()
    reports.settle()


def test_one_of_a_table_that_is_no_more_is_off_and_says_why(reports: Reports, office: Office) -> None:
    save_report(office.guardian, SaveReport(name="debts", wanted=replace(month(office), table="Debt reports")))
    kept = [one for one in office.entry.agreements.all() if one.id != "nhs-debt-report"]
    reports.session.desk = replace(reports.session.desk, agreements=Agreements(kept))
    reports.view.refresh()
    reports.settle()
    menu = opened_menu(reports)
    (debts,) = [one for one in menu.actions() if one.text() == "debts"]
    assert not debts.isEnabled()
    assert debts.toolTip() == "No agreement counts in its table any more."
    menu.close()
    reports.settle()


@pytest.mark.parametrize("scale", [100, 200])
def test_no_button_of_the_head_is_cut_with_a_saved_report_in_use(
    reports: Reports, office: Office, theme: Theme, scale: int
) -> None:
    save_report(office.guardian, SaveReport(name="police by month, the nhs rule, last one", wanted=month(office)))
    theme.set_text_scale(scale)
    reports.view.resize(1366 - 56 * scale // 100, 720)
    reports.view.refresh()
    reports.settle()
    choose(reports, "police by month, the nhs rule, last one")
    shown = part(reports)
    for one in (reports.view.saved.chip, shown.check, shown.paper, shown.main):
        assert one.width() >= one.sizeHint().width()
        right = one.mapTo(reports.view, QPoint(one.width(), 0)).x()
        assert right <= reports.view.width(), one.objectName()
