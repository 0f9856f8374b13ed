"""The Reports page on real stores, by its keys: the publication register, and the cases behind its figures."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QAbstractItemModelTester, QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QWidget

from db.records import Changed, Role, State
from desktop.policy.publication import Per
from desktop.ui.kit.notices import Banner
from desktop.ui.reports.figure import FigureView
from desktop.ui.reports.view import ReportsPage
from desktop.ui.session import Figure
from tests.fixtures import Office
from tests.ui.page_window import CTRL, Make, make_page, nameless, words_of
from tests.ui.reports_window import Gate, Reports, ask, goes_to, grid, part, part_of, reports, spoken

__all__ = ["make_page", "reports"]

Key = Qt.Key


def test_it_counts_this_year_at_once_and_every_control_has_a_name(reports: Reports) -> None:
    table = grid(reports)
    assert table.grid.title.startswith("1 January")
    assert nameless(reports.view) == []
    goes_to(table, "Received", "Police")
    assert spoken(table) == "Police, Received: 2"
    assert part(reports).card.said.text() == "Police, Received: 2"
    sums = {row.title for row in table.grid.rows if row.whole}
    assert {"Total to deal with", "Total processed", "Carried forward"} <= sums
    assert any("How a request counts" in label for label in words_of(part(reports).notes).split("\n"))


def test_the_model_keeps_the_rules_of_models(reports: Reports) -> None:
    model = grid(reports).model()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    assert model.rowCount() == len(grid(reports).grid.rows)


def test_arrows_go_from_figure_to_figure_and_enter_lists_the_cases_behind_one(reports: Reports) -> None:
    table = grid(reports)
    goes_to(table, "Received", "NHSCFA")
    reports.press(Key.Key_Left)
    reports.press(Key.Key_Home)
    assert table.current()[1] == 0
    reports.press(Key.Key_End)
    assert spoken(table) == "Total, Received: 2"
    reports.press(Key.Key_PageDown)
    assert spoken(table) == "Total, Received: 2", "the page scrolls and the figure stays"
    spy = QSignalSpy(reports.session.figure_wanted)
    reports.press(Key.Key_Return)
    figure = spy.at(0)[0]
    assert isinstance(figure, Figure)
    assert (figure.name, len(figure.cases)) == ("Total, Received: 2", 2)
    assert figure.where.startswith("Tracing requests, 1 January")


def test_a_click_opens_a_figure_and_a_nought_has_no_cases(reports: Reports) -> None:
    table = grid(reports)
    spy, toasts = QSignalSpy(reports.session.figure_wanted), QSignalSpy(reports.session.toasted)
    goes_to(table, "Approved – Trace", "Police")
    place = table.visualRect(table.currentIndex()).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    reports.settle()
    assert spy.at(0)[0].name == "Police, Approved – Trace: 1"
    goes_to(table, "Brought forward", "Police")
    reports.press(Key.Key_Space)
    assert toasts.at(0)[0] == "There is no case behind this figure"
    assert spy.count() == 1


def test_a_figure_under_the_pointer_looks_like_the_button_that_it_is(reports: Reports) -> None:
    table = grid(reports)
    goes_to(table, "Received", "Police")
    place = table.visualRect(table.currentIndex()).center()
    QTest.mouseMove(table.viewport(), place)
    assert table.viewport().cursor().shape() is Qt.CursorShape.PointingHandCursor
    goes_to(table, "Brought forward", "Police")
    QTest.mouseMove(table.viewport(), table.visualRect(table.currentIndex()).center())
    assert table.viewport().cursor().shape() is Qt.CursorShape.ArrowCursor


def test_periods_are_chosen_and_the_keys_go_through_them(reports: Reports, office: Office) -> None:
    today = office.entry.today()
    ask(reports, date(today.year, 1, 1), today, Per.MONTH)
    shown = part(reports)
    assert shown.made is not None
    titles = [one.title for one in shown.made.report.grids]
    assert grid(reports).grid.title == titles[-1], "the whole of them"
    assert len(titles) == today.month + 1
    goes_to(grid(reports), "Received", "Police")
    reports.press(Key.Key_PageUp, CTRL)
    assert grid(reports).grid.title == titles[-2]
    assert spoken(grid(reports)) == "Police, Received: 2", "the keyboard stays on the figure"
    for _ in titles:
        reports.press(Key.Key_PageUp, CTRL)
    assert grid(reports).grid.title == titles[0]
    assert grid(reports).hasFocus()


def test_twenty_years_by_month_stand_in_one_list(reports: Reports, office: Office) -> None:
    last = office.entry.today().replace(month=12, day=31)
    ask(reports, date(last.year - 19, 1, 1), last, Per.MONTH)
    assert part(reports).period.combo.count() == 241
    ask(reports, date(last.year - 20, 12, 1), last, Per.MONTH)
    assert "241 tables" in part(reports).asking.fields["per"].message.words()
    assert part(reports).asking.summary.isVisible()


@pytest.mark.parametrize(
    ("first", "last", "control", "below", "wrong"),
    [
        (date(2026, 3, 2), date(2026, 3, 1), "none", "", {"last": "This is before the first day"}),
        (date(2026, 3, 1), date(2026, 3, 2), "below", "2", {"below": "Give 3 to 100."}),
        (date(2026, 3, 1), date(2026, 3, 2), "below", "ten", {"below": "Give 3 to 100."}),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_at_the_top(
    reports: Reports, first: date, last: date, control: str, below: str, wrong: dict[str, str]
) -> None:
    before = part(reports).made
    ask(reports, first, last, control=control, below=below)
    shown = part(reports)
    assert shown.made is before, "nothing was counted"
    assert shown.asking.summary.hasFocus()
    for key, message in wrong.items():
        assert message in shown.asking.fields[key].message.words()
        assert message in shown.asking.summary.accessibleName()
        shown.asking.summary.jumped.emit(key)
        assert QApplication.focusWidget() in shown.asking.fields[key].controls()


def test_a_day_that_there_is_not_is_no_day(reports: Reports) -> None:
    asking = part(reports).asking
    asking.fields["last"].set_value({"day": "31", "month": "6", "year": "2026"})
    asking.fields["last"].emit_edited()
    asking.fields["last"].focus()
    reports.press(Key.Key_Return)
    assert asking.fields["last"].message.words() == "There is no such day."
    asking.fields["last"].set_value({"day": "1", "month": "1", "year": "1700"})
    reports.press(Key.Key_Return)
    assert asking.fields["last"].message.words() == "Check the year: it is one of 1850 to 2199."
    asking.fields["last"].set_value({"day": "", "month": "6", "year": "2026"})
    reports.press(Key.Key_Return)
    assert asking.fields["last"].message.words() == "Give the whole date."


def test_small_figures_are_kept_back_and_say_why(reports: Reports, office: Office) -> None:
    today = office.entry.today()
    ask(reports, date(today.year, 1, 1), today, control="nhs")
    table = grid(reports)
    assert "nearest 5" in part(reports).asking.what.meaning.text()
    assert "Received" not in [row.title for row in table.grid.rows]
    goes_to(table, "Approved – Trace", "Police")
    assert spoken(table).startswith("Police, Approved – Trace: kept back, a count of 1 to 7")
    assert "kept back" in part(reports).card.said.text()
    spy, toasts = QSignalSpy(reports.session.figure_wanted), QSignalSpy(reports.session.toasted)
    reports.press(Key.Key_Return)
    assert toasts.at(0)[0] == "This figure is kept back, and so are its cases"
    assert not spy.count()
    ask(reports, date(today.year, 1, 1), today, control="below", below="5")
    assert "Counts from 1 that are below your number are kept back" in part(reports).asking.what.meaning.text()
    goes_to(grid(reports), "Approved – Trace", "Police")
    assert "1 to 4" in spoken(grid(reports))


def test_the_figure_of_a_table_with_figures_kept_back_opens_its_own_cases(reports: Reports, office: Office) -> None:
    """The lines that are left out do not put the others beside their cases."""
    office.in_state(State.ISSUED)
    office.in_state(State.ISSUED)
    today = office.entry.today()
    ask(reports, date(today.year, 1, 1), today, control="below", below="3")
    table = grid(reports)
    goes_to(table, "Approved – Trace", "Police")
    spy = QSignalSpy(reports.session.figure_wanted)
    reports.press(Key.Key_Return)
    assert spy.at(0)[0].name == "Police, Approved – Trace: 3"
    assert len(spy.at(0)[0].cases) == 3


def test_the_list_behind_a_rounded_figure_says_what_the_report_says(
    reports: Reports, office: Office, make_page: Make
) -> None:
    for _number in range(9):
        office.in_state(State.WITHDRAWN)
    today = office.entry.today()
    ask(reports, date(today.year, 1, 1), today, control="nhs")
    goes_to(grid(reports), "Withdrawn", "Total")
    spy = QSignalSpy(reports.session.figure_wanted)
    reports.press(Key.Key_Return)
    listed = make_page(FigureView, office, Role.RECORDS_OFFICER)
    listed.view.show_figure(spy.at(0)[0])
    listed.settle()
    words = words_of(listed.view)
    assert "These 9 cases count in it. The report says 10: its figures go to the nearest 5." in words


def test_a_store_without_a_case_says_so_over_its_noughts(office: Office, make_page: Make) -> None:
    reports = make_page(ReportsPage, office, Role.RECORDS_OFFICER)
    banner = part(reports).findChild(Banner)
    assert banner is not None
    assert banner.sentence.text().startswith("No request was open")
    assert part(reports).main.off_reason == "", "an empty table can be published"
    reports.view.show_part("oversight")
    reports.settle()
    banner = reports.view.oversight.findChild(Banner)
    assert banner is not None
    assert banner.sentence.text().startswith("No request was open")
    reports.view.show_part("today")
    reports.settle()
    cards = reports.view.today.cards.cards
    assert [card.bars for card in cards] == [None] * len(cards), "no chart of noughts"
    without = [card for card in cards if card.grid is not None and not card.grid.grid.rows]
    assert without
    assert all(card.note.text().startswith("There is nothing to count here.") for card in without)


def test_what_changed_is_counted_when_the_page_is_shown_again(reports: Reports, office: Office) -> None:
    goes_to(grid(reports), "Received", "Police")
    kept = grid(reports)
    reports.view.refresh()
    reports.settle()
    assert grid(reports) is kept, "nothing changed, and the keyboard is where it was"
    done = office.in_state(State.SUBMITTED)
    reports.session.changed.emit(Changed(frozenset({done.case_id}), frozenset({"case"})))
    reports.view.refresh()
    reports.settle()
    assert spoken(grid(reports)) == "Police, Received: 3"
    assert grid(reports).hasFocus()


def test_counting_is_cancelled_at_once_and_leaves_what_was_there(reports: Reports) -> None:
    before = part(reports).made
    gate = Gate(reports)
    shown, toasts = part_of(reports), QSignalSpy(reports.session.toasted)
    shown.asking.fields["last"].focus()
    shown.ask()
    reports.until(lambda: shown.counting.isVisible() and shown.counting.bar.isVisible())
    assert shown.counting.words.text() == "Counting…"
    QTest.keyClick(QApplication.focusWidget() or shown, Key.Key_Escape)
    assert not shown.counting.isVisible()
    assert "It was stopped" in toasts.at(0)[0]
    gate.event.set()
    reports.settle()
    assert shown.made is before
    shown.ask()
    reports.settle()
    assert shown.made is not before


@pytest.mark.parametrize("where", ["tool", "field", "head"])
def test_esc_stops_it_wherever_the_keyboard_is_on_the_page(reports: Reports, where: str) -> None:
    assert part(reports).made is not None
    gate = Gate(reports)
    shown, toasts = part_of(reports), QSignalSpy(reports.session.toasted)
    to = {"tool": shown.every_tool()[0], "head": reports.view.saved.chip}
    to[where].setFocus() if where in to else shown.asking.fields["last"].focus()
    shown.ask()
    reports.until(shown.counting.isVisible)
    at = QApplication.focusWidget()
    assert at is not None
    assert shown.isAncestorOf(at) is (where == "field")
    QTest.keyClick(at, Key.Key_Escape)
    assert not shown.counting.running
    assert toasts.count() == 1
    gate.event.set()
    reports.settle()


def test_leaving_the_page_stops_the_counting_and_coming_back_begins_it_again(reports: Reports) -> None:
    before = part(reports).made
    gate = Gate(reports)
    part_of(reports).ask()
    reports.view.hide()
    assert not part_of(reports).counting.running
    gate.event.set()
    reports.settle()
    assert part_of(reports).made is before
    reports.view.show()
    reports.settle()
    assert part_of(reports).made is not before


def test_a_figure_below_the_edge_is_brought_into_sight(reports: Reports) -> None:
    reports.view.resize(700, 420)
    reports.settle()
    table = grid(reports)
    goes_to(table, "Total accounted for", "Total")
    pane = part(reports).pane
    cell = table.visualRect(table.currentIndex())
    inside = table.viewport().mapTo(pane.viewport(), cell.center())
    assert pane.viewport().rect().contains(QPoint(pane.viewport().width() // 2, inside.y()))


def test_the_titles_of_the_columns_stay_in_sight_while_the_lines_go_by(reports: Reports) -> None:
    ask(reports, date(2017, 1, 1), date(2026, 6, 30), Per.ALL)
    reports.view.window().resize(1366, 420)
    table, pane = grid(reports), part(reports).pane
    head, corner = table.horizontalHeader(), table.findChildren(QWidget, "grid_corner")[0]
    bar = pane.verticalScrollBar()
    reports.until(lambda: bar.maximum() > 300)

    def top_of(widget: QWidget) -> int:
        return widget.mapTo(pane.viewport(), QPoint()).y()

    assert top_of(head) == top_of(table) > 0
    bar.setValue(top_of(table) + 150)
    assert top_of(table) == -150
    assert top_of(head) == top_of(corner) == 0
    goes_to(table, table.grid.rows[4].title, "Total")
    assert table.visualRect(table.currentIndex()).top() + table.viewport().y() >= head.geometry().bottom()
    bar.setValue(0)
    assert top_of(head) == top_of(corner) == top_of(table)
