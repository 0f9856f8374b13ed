"""The desk today and the oversight report on the Reports page: their figures, charts, files and paper."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrintDialog
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget
from sqlalchemy import text

from db import journal
from db.records import Changed, Role, State
from desktop.casework import today as casework_today
from desktop.casework.reporting import OVERSEEING, Form, Made
from desktop.policy.disclosurecontrol import HIDDEN
from desktop.policy.reports import chart_words
from desktop.ui.kit.chart import ReportChart
from desktop.ui.pages import page_count
from desktop.ui.reports.cards import GridCards
from desktop.ui.reports.grid import ReportGrid
from desktop.ui.reports.today import TodayPart
from desktop.ui.reports.view import ReportsPage
from tests.fixtures import Office
from tests.ui.page_window import Make, close, make_page, nameless, press_in, words_of
from tests.ui.reports_window import Gate, Reports, reports

__all__ = ["make_page", "reports"]

Key = Qt.Key


def go(cards: GridCards, title: str, row: str, column: str) -> None:
    """Puts the keyboard on a figure."""
    table = next(card.grid for card in cards.cards if card.grid is not None and card.grid.grid.title == title)
    table.go_to([one.title for one in table.grid.rows].index(row), table.grid.columns.index(column))
    table.setFocus()


def oversee(reports: Reports) -> GridCards:
    """The oversight report, shown."""
    reports.view.show_part("oversight")
    reports.settle()
    return reports.view.oversight.cards


def test_the_desk_today_is_there_first_with_the_keyboard_on_a_figure(reports: Reports) -> None:
    assert reports.view.current() == "today"
    reports.view.setFocus()
    first = reports.view.today.cards.cards[0].grid
    assert first is not None
    assert first.hasFocus()
    assert nameless(reports.view) == []


def test_where_counting_is_stopped_the_first_time_a_button_begins_it_again(reports: Reports) -> None:
    shown = TodayPart(reports.session)
    reports.qtbot.addWidget(shown)
    shown.ask()
    assert shown.empty.isHidden()
    shown.counting.cancel.click()
    reports.settle()
    assert (shown.report, shown.empty.isHidden(), shown.panes()) == (None, False, [shown.empty.button])
    shown.empty.button.click()
    assert shown.empty.isHidden()
    reports.until(lambda: shown.report is not None)
    reports.settle()


def test_a_report_that_was_made_and_never_shown_goes_with_the_page(reports: Reports) -> None:
    page = reports.view
    page.tabs.buttons["publication"].click()
    page.tabs.buttons["oversight"].click()
    assert page.isAncestorOf(vars(page)["_publication"])
    assert not vars(page)["_publication"].isVisible()
    reports.settle()


def test_of_tabs_pressed_one_after_the_other_the_last_one_is_shown(reports: Reports) -> None:
    page = reports.view
    page.tabs.buttons["publication"].click()
    page.tabs.buttons["oversight"].click()
    reports.until(lambda: page.current() == "oversight")
    reports.settle()
    assert page.oversight.isVisible()
    page.tabs.buttons["publication"].click()
    page.tabs.buttons["today"].click()
    reports.settle()
    assert (page.current(), page.tabs.current(), page.today.isVisible()) == ("today", "today", True)
    assert (page.publication.isVisible(), page.publication.tools.isVisible()) == (False, False)


@pytest.mark.parametrize("role", list(Role))
def test_every_figure_of_today_opens_as_many_cases_as_it_says(office: Office, make_page: Make, role: Role) -> None:
    office.in_state(State.ISSUED)
    office.in_state(State.SUBMITTED)
    office.in_state(State.SENT_BACK)
    reports = make_page(ReportsPage, office, role)
    report = reports.view.today.report
    assert report is not None
    spy = QSignalSpy(reports.session.figure_wanted)
    opened = 0
    for grid in report.grids:
        for row in grid.rows:
            for column, cell in zip(grid.columns, row.cells, strict=True):
                if isinstance(cell, int) and cell and "pace" not in column:
                    go(reports.view.today.cards, grid.title, row.title, column)
                    reports.press(Key.Key_Return)
                    opened += 1
                    figure = spy.at(spy.count() - 1)[0]
                    assert figure.name == f"{column}, {row.title}: {cell}"
                    assert len(figure.cases) == cell, figure.name
    assert opened == spy.count()
    assert opened


def test_a_chart_stands_beside_its_figures_and_is_read_out(reports: Reports) -> None:
    report = reports.view.today.report
    assert report is not None
    for chart in report.charts:
        card = reports.view.today.cards.cards[chart.grid]
        shown = card.findChild(ReportChart)
        assert shown is not None
        assert card.grid is not None
        assert shown.accessibleName() == chart.title
        assert shown.accessibleDescription().startswith(chart_words(chart))
        assert shown.accessibleDescription().endswith("The table beside it has the same figures: Enter goes there.")
        assert shown.x() + (card.chart.x() if card.chart else 0) > card.grid.geometry().right()
    reports.view.resize(640, 600)
    reports.settle()
    card = reports.view.today.cards.cards[0]
    assert card.chart is not None
    assert card.grid is not None
    assert card.chart.y() >= card.grid.geometry().bottom()


def test_the_keyboard_goes_from_a_chart_to_its_table_and_to_the_cases_behind_a_figure(reports: Reports) -> None:
    spy = QSignalSpy(reports.session.figure_wanted)
    reports.view.setFocus()
    for _ in range(2):
        table = QApplication.focusWidget()
        assert isinstance(table, ReportGrid)
        reports.press(Key.Key_Tab)
        chart = QApplication.focusWidget()
        assert isinstance(chart, ReportChart)
        assert chart.accessibleName() == table.grid.title, "a chart comes after its figures"
        reports.session.changed.emit(Changed(kinds=frozenset({"case"})))
        reports.view.refresh()
        reports.settle()
        assert chart.hasFocus(), "what is counted again takes the keyboard from nobody"
        reports.press(Key.Key_Return)
        again = QApplication.focusWidget()
        assert isinstance(again, ReportGrid)
        assert again.grid.title == table.grid.title
        reports.press(Key.Key_Tab)
        reports.press(Key.Key_Tab)
    go(reports.view.today.cards, "Open requests by state", "With the reviewer", "Requests")
    reports.press(Key.Key_Return)
    assert spy.at(0)[0].name == "Requests, With the reviewer: 1"


def test_a_chart_stands_below_figures_that_would_not_fit_beside_it(reports: Reports) -> None:
    cards = oversee(reports).cards
    card = next(one for one in cards if one.grid is not None and one.grid.grid.title == "What was answered")
    below = set()
    for width in range(1200, 1400, 3):
        reports.view.resize(width, 600)
        reports.settle()
        assert card.chart is not None
        assert card.grid is not None
        assert card.grid.horizontalScrollBar().maximum() == 0, width
        below.add(card.chart.y() >= card.grid.geometry().bottom())
    assert below == {True, False}


@pytest.mark.parametrize("kind", ["case", "hold", "run", "user"])
def test_what_changed_is_counted_again_and_the_keyboard_stays(reports: Reports, office: Office, kind: str) -> None:
    go(reports.view.today.cards, "Open requests by state", "With the reviewer", "Requests")
    office.in_state(State.DRAFT)
    reports.session.changed.emit(Changed(kinds=frozenset({kind})))
    reports.settle()
    card = reports.view.today.cards.cards[1]
    assert card.grid is not None
    assert card.grid.hasFocus()
    assert "Draft" in [row.title for row in card.grid.grid.rows]


def test_a_new_day_is_counted_at_once_and_no_figure_of_the_old_one_is_opened(reports: Reports, office: Office) -> None:
    part = reports.view.today
    opened, toasts = QSignalSpy(reports.session.figure_wanted), QSignalSpy(reports.session.toasted)
    before = part.report
    assert before is not None
    office.entry.clock.at += timedelta(days=1)  # type: ignore[attr-defined]
    go(part.cards, "Open requests by state", "With the reviewer", "Requests")
    reports.session.changed.emit(Changed(kinds=frozenset({"case"})))
    QTest.keyClick(QApplication.focusWidget() or part, Key.Key_Return)
    assert toasts.at(0)[0] == "It is counted again first: open the figure then"
    reports.settle()
    assert part.report is not None
    assert part.report.made_on == before.made_on + timedelta(days=1)
    assert opened.count() == 0
    reports.press(Key.Key_Return)
    assert opened.count() == 1


def test_the_figures_of_today_are_saved_without_anybodys_name(reports: Reports, office: Office, tmp_path: Path) -> None:
    with office.entry.store.read() as tx:
        names = tx.execute(text("SELECT name FROM user")).scalars().all()
    shown = reports.view.today.report
    assert shown is not None
    people = next(grid for grid in shown.grids if grid.title == "Open requests by person")
    assert {row.title for row in people.rows} <= set(names), "on the page they are named"
    out = tmp_path / "today.json"
    reports.view.today.save(Made(out, Form.JSON), "Saving…", "Saved")
    reports.settle()
    said = out.read_text(encoding="utf-8")
    assert json.loads(said)["title"] == "The desk today"
    assert not [name for name in names if name in said]


def test_the_oversight_report_is_counted_for_the_days_that_are_asked_for(reports: Reports) -> None:
    cards = oversee(reports)
    spy, toasts = QSignalSpy(reports.session.figure_wanted), QSignalSpy(reports.session.toasted)
    go(cards, "Requests", "Law enforcement tracing: Police", "Received")
    reports.press(Key.Key_Return)
    assert spy.at(0)[0].name == "Received, Law enforcement tracing: Police: 2"
    assert len(spy.at(0)[0].cases) == 2
    assert ": Requests" in spy.at(0)[0].where
    go(cards, "Answers in time", "All", "In time, of those answered")
    reports.press(Key.Key_Return)
    assert toasts.at(0)[0].startswith("This figure is worked out from others")
    assert nameless(reports.view) == []


def test_wrong_days_of_the_oversight_report_are_told(reports: Reports) -> None:
    oversee(reports)
    part = reports.view.oversight
    before = part.report
    part.asking.fields["last"].set_value({"day": "1", "month": "1", "year": "2000"})
    part.asking.fields["last"].emit_edited()
    part.asking.fields["last"].focus()
    reports.press(Key.Key_Return)
    assert part.report is before
    assert "before the first day" in part.asking.fields["last"].message.words()
    assert part.main.off_reason


def test_small_figures_of_the_oversight_report_are_kept_back(reports: Reports) -> None:
    cards = oversee(reports)
    part = reports.view.oversight
    part.asking.fields["control"].set_value("nhs")
    part.asking.button.click()
    reports.settle()
    go(cards, "What was answered", "Law enforcement tracing: Police", "Traced")
    card = next(one for one in cards.cards if one.grid is not None and one.grid.hasFocus())
    assert HIDDEN in {cell for row in card.grid.grid.rows for cell in row.cells} if card.grid else False
    assert "kept back, a count of 1 to 7" in card.said.text()


@pytest.mark.parametrize("role", list(Role))
def test_who_may_not_take_the_oversight_report_out_sees_why(office: Office, make_page: Make, role: Role) -> None:
    reports = make_page(ReportsPage, office, role)
    oversee(reports)
    assert reports.view.oversight.report is not None
    assert bool(reports.view.oversight.main.off_reason) is (role not in OVERSEEING)
    assert bool(reports.view.today.main.off_reason) is (role not in OVERSEEING)
    assert bool(reports.view.today.paper.off_reason) is (role not in OVERSEEING)


def test_the_oversight_report_is_saved_under_its_days(
    reports: Reports, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    oversee(reports)
    names: list[str] = []

    def choose(_owner: QWidget, _title: str, name: str, _kinds: str) -> tuple[str, str]:
        names.append(name)
        return str(tmp_path / "report.pdf"), "PDF (*.pdf)"

    monkeypatch.setattr(QFileDialog, "getSaveFileName", choose)
    reports.in_dialog(lambda dialog: press_in(dialog, "yes"), reports.view.oversight.main.click)
    reports.settle()
    assert names[0].startswith("oversight-")
    assert names[0].endswith(".csv")
    assert page_count((tmp_path / "report.pdf").read_bytes()) > 0
    assert "save_oversight" in journalled(reports)


def journalled(reports: Reports) -> list[str]:
    with reports.session.desk.store.read() as tx:
        return [entry.action for entry in journal.entries(tx, limit=1000)]


@pytest.mark.parametrize("key", ["today", "publication", "oversight"])
def test_a_report_is_printed_and_the_journal_says_so(reports: Reports, tmp_path: Path, key: str) -> None:
    reports.view.show_part(key)
    reports.settle()
    out = tmp_path / "paper.pdf"

    def answer(dialog: Any) -> None:
        if isinstance(dialog, QPrintDialog):
            dialog.printer().setOutputFileName(str(out))
            dialog.printer().setResolution(100)
            dialog.done(QPrintDialog.DialogCode.Accepted)
        else:
            assert "cannot be published" in words_of(dialog)
            assert "who printed it, when, and the hash of its pages." in words_of(dialog)
            assert "file" not in words_of(dialog)
            press_in(dialog, "yes")

    reports.in_dialogs(answer, 2, reports.view.part(key).paper.click)
    reports.until(lambda: not reports.view.part(key).counting.running)
    assert page_count(out.read_bytes()) > 0
    action = {"today": "publish_today", "publication": "publish", "oversight": "save_oversight"}[key]
    with reports.session.desk.store.read() as tx:
        (said,) = (one.data for one in journal.entries(tx, limit=1000) if one.action == action)
    assert said["form"] == "print"


@pytest.mark.qt_log_ignore("QPainter::begin\\(\\): Returned false", extend=True)
def test_a_printer_that_takes_nothing_is_told_and_nothing_is_journalled(reports: Reports, tmp_path: Path) -> None:
    def nowhere(dialog: Any) -> None:
        if isinstance(dialog, QPrintDialog):
            dialog.printer().setOutputFileName(str(tmp_path / "nowhere" / "paper.pdf"))
            dialog.done(QPrintDialog.DialogCode.Accepted)
        elif dialog.findChild(QWidget, "yes") is not None:
            press_in(dialog, "yes")
        else:
            close(dialog)

    reports.in_dialogs(nowhere, 3, reports.view.today.paper.click)
    assert "save_today" not in journalled(reports)


def test_the_page_goes_while_it_counts_without_harm(reports: Reports) -> None:
    gate = Gate(reports)
    reports.view.today.ask()
    reports.view.oversight.ask()
    reports.view.hide()
    reports.view.close()
    gate.event.set()
    reports.settle()
    assert casework_today.today(reports.session.desk).title == "The desk today"


def test_what_leaves_the_desk_goes_on_when_the_page_is_left(reports: Reports, tmp_path: Path) -> None:
    gate, out = Gate(reports), tmp_path / "today.csv"
    toasts = QSignalSpy(reports.session.toasted)
    reports.view.today.save(Made(out, Form.CSV), "Saving…", "Saved as today.csv")
    reports.view.hide()
    gate.event.set()
    reports.settle()
    assert out.exists()
    assert toasts.at(0)[0] == "Saved as today.csv"


def test_who_stops_a_file_hears_what_became_of_it(reports: Reports, tmp_path: Path) -> None:
    gate, out = Gate(reports), tmp_path / "today.csv"
    toasts, part = QSignalSpy(reports.session.toasted), reports.view.today
    part.save(Made(out, Form.CSV), "Saving…", "Saved as today.csv")
    part.counting.cancel.click()
    assert part.counting.words.text() == "Stopping…"
    gate.event.set()
    reports.settle()
    assert toasts.count() == 1
    told = toasts.at(0)[0]
    assert out.exists() is (told == "Saved as today.csv")
    assert out.exists() or "nothing was done" in told
    assert part.main.off_reason == ""
