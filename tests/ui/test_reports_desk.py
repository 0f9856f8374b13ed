"""The Reports page within the desk: the way to the cases behind a figure and back, and large text."""

from __future__ import annotations

from pathlib import Path
from threading import Event
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication, QStyle, QStyleOptionComboBox, QWidget

from db import journal
from db.records import Role, State
from desktop.casework.reporting import Form, Made
from desktop.ui.help import page_for
from desktop.ui.kit.inputs import ChoiceField
from desktop.ui.kit.text import Text
from desktop.ui.reports.figure import FigureView
from desktop.ui.reports.grid import ReportGrid
from desktop.ui.reports.view import ReportsPage
from desktop.ui.theme import Theme
from tests.fixtures import Office
from tests.ui.desk_app import Hands, hands
from tests.ui.page_window import Make, make_page, nameless
from tests.ui.test_mainwindow import USERS, press
from tests.ui.test_points import Make as MakeSeat
from tests.ui.test_points import make_seat

__all__ = ["hands", "make_page", "make_seat"]

Key = Qt.Key


def register(hands: Hands, role: Role = Role.GUARDIAN) -> ReportsPage:
    """Signed in, and at the publication register of all the years of the sample."""
    hands.sign_in(USERS[role])
    press(hands.main, "Ctrl+5")
    hands.settle()
    page: Any = hands.main.page("reports")
    page.show_part("publication")
    hands.settle()
    asking = page.publication.asking
    asking.fields["first"].set_value({"day": "1", "month": "1", "year": "2016"})
    asking.fields["first"].emit_edited()
    asking.button.click()
    hands.settle()
    assert isinstance(page, ReportsPage)
    return page


def grid(page: ReportsPage) -> ReportGrid:
    found = page.publication.card.grid
    assert found is not None
    return found


def at(hands: Hands, page: ReportsPage, line: str, column: str) -> ReportGrid:
    """The keyboard on a figure."""
    table = grid(page)
    table.go_to([row.title for row in table.grid.rows].index(line), table.grid.columns.index(column))
    table.setFocus()
    hands.until(table.hasFocus)
    return table


@pytest.mark.parametrize("way", ["alt_left", "button", "ctrl_w"])
def test_a_figure_opens_its_cases_and_the_way_back_leads_to_the_figure(hands: Hands, way: str) -> None:
    page = register(hands)
    table = at(hands, page, "Received", "Police")
    figure = table.grid.rows[0].cells[table.grid.columns.index("Police")]
    hands.key(Key.Key_Return)
    hands.settle()
    hands.settle()
    listed: Any = hands.main.page("figure")
    assert isinstance(listed, FigureView)
    assert listed.isVisible()
    assert listed.head.title.text() == f"Police, Received: {figure}"
    assert listed.head.summary.text().startswith("Tracing requests, ")
    assert "January 2016" in listed.head.summary.text()
    assert len(listed.table.paged.ids) == figure
    assert nameless(listed) == []
    if way == "alt_left":
        press(hands.main, "Alt+Left")
    elif way == "ctrl_w":
        press(hands.main, "Ctrl+W")
    else:
        listed.back.click()
    hands.settle()
    assert hands.main.current_key() == "reports"
    assert grid(page).hasFocus()
    assert grid(page).current() == (0, table.grid.columns.index("Police"))


def test_a_case_of_a_figure_opens_and_closes_to_the_list(hands: Hands) -> None:
    page = register(hands, Role.CASEWORKER)
    at(hands, page, "Received", "Police")
    hands.key(Key.Key_Return)
    hands.settle()
    hands.settle()
    listed: Any = hands.main.page("figure")
    listed.table.setFocus()
    hands.key(Key.Key_Return)
    hands.settle()
    assert hands.main.current_key() == "case"
    press(hands.main, "Ctrl+W")
    hands.settle()
    assert hands.main.current_key() == "figure"
    assert len(listed.table.paged.ids) == len(set(listed.table.paged.ids))


def test_the_filters_narrow_the_cases_of_a_figure_and_no_others(hands: Hands) -> None:
    page = register(hands)
    at(hands, page, "Withdrawn", "Total")
    hands.key(Key.Key_Return)
    hands.settle()
    hands.settle()
    listed: Any = hands.main.page("figure")
    ids = list(listed.table.paged.ids)
    assert len(ids) == grid(page).grid.rows[[row.title for row in grid(page).grid.rows].index("Withdrawn")].cells[-1]
    listed.filters.text.setFocus()
    hands.type("TR-000005-0")
    listed.filters.finish_typing()
    hands.settle()
    assert not set(listed.table.paged.ids) - set(ids)


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.AUDITOR])
def test_who_sees_no_names_sees_none_behind_a_figure(hands: Hands, role: Role) -> None:
    page = register(hands, role)
    at(hands, page, "Received", "Total")
    hands.key(Key.Key_Return)
    hands.settle()
    hands.settle()
    listed: Any = hands.main.page("figure")
    row = listed.table.paged.row(0)
    assert row.family_name == ""
    assert listed.pane.open.off_reason


def test_help_opens_at_its_page(hands: Hands) -> None:
    page = register(hands)
    assert page_for(grid(page)) == "reports"


@pytest.mark.parametrize("scale", [100, 150, 200])
def test_with_large_text_the_head_and_the_tabs_stay_in_sight(hands: Hands, scale: int) -> None:
    page = register(hands)
    hands.desk.window.resize(1366, 768)
    hands.desk.theme.set_text_scale(scale)
    hands.settle()
    table = at(hands, page, "Total accounted for", "Total")
    hands.settle()
    for widget in (page.head, page.tabs, page.publication.main):
        assert inside(hands.main.stack, widget)
    pane = page.publication.pane

    def cell() -> QRect:
        return table.visualRect(table.currentIndex())

    def where() -> QRect:
        return QRect(table.viewport().mapTo(pane.viewport(), cell().topLeft()), cell().size())

    hands.until(lambda: pane.viewport().rect().contains(where()))
    # Its column, too.
    hands.until(lambda: table.viewport().rect().contains(cell()))


@pytest.mark.parametrize("scale", [100, 150, 200])
def test_no_choice_of_what_is_counted_is_cut(hands: Hands, scale: int) -> None:
    page = register(hands)
    hands.desk.window.resize(1366, 768)
    hands.desk.theme.set_text_scale(scale)
    asking = page.publication.asking
    asking.fields["control"].set_value("below")
    asking.fields["control"].emit_edited()
    asking.show_problem("per", "That makes 250 tables: choose fewer days, or longer periods.")
    hands.settle()
    choices = [one for one in asking.fields.values() if isinstance(one, ChoiceField)]
    assert [one.key for one in choices] == ["table", "span", "per", "control"]
    for field in choices:
        combo, option = field.combo, QStyleOptionComboBox()
        assert combo.count() > 2
        rooms = set()
        for keyboard in (field, asking.button):
            keyboard.setFocus()
            hands.settle()
            combo.initStyleOption(option)
            style, edit = combo.style(), QStyle.SubControl.SC_ComboBoxEditField
            rooms.add(style.subControlRect(QStyle.ComplexControl.CC_ComboBox, option, edit, combo).width())
        assert len(rooms) == 1, "words stay where they are while a field has the keyboard"
        for at in range(combo.count()):
            assert combo.fontMetrics().horizontalAdvance(combo.itemText(at)) <= min(rooms), combo.itemText(at)
    pair = asking.fields["control"], asking.fields["below"]
    assert len({one.mapTo(asking, QPoint(0, 0)).y() for one in pair}) == 1
    for one in asking.fields.values():
        assert inside(asking, one), one.key
    assert asking.fields["per"].width() < asking.fields["table"].width(), "a problem below a field does not widen it"


def inside(outer: QWidget, widget: QWidget) -> bool:
    return outer.rect().contains(QRect(widget.mapTo(outer, QPoint(0, 0)), widget.size()))


def test_the_keys_reach_everything(hands: Hands) -> None:
    page = register(hands)
    part = page.publication
    seen: set[QWidget] = set()
    part.asking.fields["table"].focus()
    for _ in range(40):
        focused = hands.focus()
        if focused is None or focused in seen:
            break
        seen.add(focused)
        hands.key(Key.Key_Tab)
    assert grid(page) in seen
    assert part.asking.button in seen
    assert part.period.combo in seen


def test_closing_the_window_stops_a_file_that_is_being_drawn(hands: Hands, tmp_path: Path) -> None:
    page = register(hands)
    part = page.publication
    part.asking.fields["per"].set_value("month")
    part.asking.button.click()
    hands.settle()
    page.show_part("today")
    hands.settle()
    assert hands.desk.entry is not None
    out = tmp_path / "table.pdf"
    begun = Event()
    hands.desk.worker.run(begun.set, aside=True)
    part.save(Made(out, Form.PDF), "Publishing…", "Published")
    assert begun.wait(5)
    assert hands.desk.window.close()
    assert not part.counting.running
    assert not out.exists()
    with hands.desk.entry.store.read() as tx:
        assert "publish" not in [entry.action for entry in journal.entries(tx, limit=100)]


def test_figures_stay_beside_their_titles_whatever_the_window_becomes(make_page: Make, office: Office) -> None:
    for _ in range(3):
        office.in_state(State.ISSUED)
    reports = make_page(ReportsPage, office, Role.RECORDS_OFFICER)
    reports.view.show_part("today")
    today: Any = reports.view.part("today")
    reports.until(today.whole)
    (card, *_others) = today.cards.cards
    for wide in (1310, 900, 1310, 700):
        reports.view.resize(wide, 700)
        reports.settle()
        shown = card.grid
        assert shown is not None
        titles, columns = shown.verticalHeader().width(), range(len(shown.grid.columns))
        assert shown.viewport().x() == titles, wide
        assert titles + sum(shown.columnWidth(one) for one in columns) <= shown.width(), wide
        assert card.height() >= shown.height(), wide


@pytest.mark.parametrize("turns", [0, 1, 2])
def test_a_theme_that_is_chosen_while_the_desk_today_is_drawn_is_taken_by_all_of_it(
    make_seat: MakeSeat, sample_office: Office, theme: Theme, turns: int
) -> None:
    seat = make_seat(sample_office, Role.GUARDIAN)
    seat.main.go_to("reports")
    page: Any = seat.main.page("reports")
    cards = page.today.cards
    seat.until(lambda: cards.cards)
    for _ in range(turns):
        QApplication.processEvents()
    theme.set_scheme("high_contrast")
    seat.until(page.today.whole)
    seat.settle()
    words = [one for one in cards.findChildren(Text) if not one.isHidden() and one.text()]
    assert {"Open requests by age", "Who waits for whom"} <= {one.text() for one in words}
    white = theme.colour("text")
    assert [one.text() for one in words if one.palette().color(QPalette.ColorRole.WindowText) != white] == []
