"""The retention window on a real store, by its keys."""

from __future__ import annotations

from array import array
from datetime import date, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QSignalSpy

from db import journal
from db.records import Role, State
from db.timers import TimerDay
from desktop.casework import disposal
from desktop.casework.holds import PlaceHold, place_hold
from desktop.casework.register import TimerGroups, TimerRow, timer_groups, timers
from desktop.casework.settling import Settle, settle
from desktop.ui.disposal.propose import ProposeDialog
from desktop.ui.retention import RetentionView, by_month
from desktop.ui.retentionrules import RulesPart
from desktop.ui.retentiontable import GroupHead
from desktop.ui.theme import Theme
from tests.fixtures import Office, on
from tests.store.disposing import many_closed, pass_days, proposed
from tests.store.test_triggers import ruled
from tests.ui.page_window import CTRL, SHIFT, Make, Window, make_page, nameless, words_of

__all__ = ["make_page"]

Key = Qt.Key
Retention = Window[RetentionView]


@pytest.fixture
def retention(sample_office: Office, make_page: Make) -> Retention:
    """The records officer's window on the sample store."""
    return make_page(RetentionView, sample_office, Role.RECORDS_OFFICER)


def listed(retention: Retention) -> list[TimerRow | GroupHead]:
    model = retention.view.table.paged
    for at in range(model.rowCount()):
        model.row(at)
    retention.settle()
    return [row for at in range(model.rowCount()) if (row := model.row(at)) is not None]


def test_every_timer_is_listed_in_date_order_under_its_group(retention: Retention, sample_office: Office) -> None:
    rows = listed(retention)
    stored = timers(sample_office.desk(Role.RECORDS_OFFICER))
    assert [row.timer for row in rows if isinstance(row, TimerRow)] == [row.timer for row in stored]
    heads = [row for row in rows if isinstance(row, GroupHead)]
    assert [head.bucket for head in heads] == ["due", "soon", "running"]
    assert sum(head.count for head in heads) == len(stored)
    dates = [row.timer.due_on for row in rows if isinstance(row, TimerRow)]
    assert dates == sorted(dates)
    assert nameless(retention.view) == []


def test_the_model_keeps_the_rules_of_models(retention: Retention) -> None:
    model = retention.view.table.paged
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    retention.view.tabs.buttons["due"].click()
    retention.view.tabs.buttons["all"].click()
    retention.view.refresh()
    retention.settle()
    assert tester.model() is model


def test_the_keyboard_goes_past_the_heads(retention: Retention) -> None:
    table = retention.view.table
    table.setFocus()
    retention.press(Key.Key_Home)
    seen = []
    for _ in range(table.paged.rowCount() + 2):
        row = table.current_row()
        assert isinstance(row, TimerRow)
        seen.append(row.timer.case_id)
        retention.press(Key.Key_Down)
    assert len(set(seen)) == sum(isinstance(row, TimerRow) for row in listed(retention))
    retention.press(Key.Key_Home)
    assert table.currentIndex().row() == 1


def test_a_timer_says_its_rule_what_started_it_and_the_source(retention: Retention) -> None:
    row = retention.view.table.current_row()
    assert isinstance(row, TimerRow)
    words = words_of(retention.view.pane)
    assert row.timer.reference in words
    assert row.countdown[1:] in words
    assert row.timer.rule[1:] in words
    assert "Records Management Code" in words
    assert "up to 20 years at a time. Until two people say so, it stays" in words


def test_tabs_show_a_part_with_its_count(retention: Retention) -> None:
    rows = [row for row in listed(retention) if isinstance(row, TimerRow)]
    tabs = retention.view.tabs
    assert tabs.buttons["all"].tab.count == len(rows)
    tabs.buttons["all"].setFocus()
    for key, bucket in (("due", "due"), ("soon", "soon")):
        retention.press(Key.Key_Right)
        assert tabs.current() == key
        shown = listed(retention)
        assert shown == [row for row in rows if row.bucket == bucket]
        assert tabs.buttons[key].tab.count == len(shown)


def test_enter_opens_the_case_for_those_who_may_see_it(make_page: Make, sample_office: Office) -> None:
    for role, may in ((Role.RECORDS_OFFICER, True), (Role.ADMINISTRATOR, False)):
        retention: Retention = make_page(RetentionView, sample_office, role)
        spy = QSignalSpy(retention.session.case_wanted)
        retention.view.table.setFocus()
        retention.press(Key.Key_Return)
        assert bool(spy.count()) is may
        assert bool(retention.view.pane.open.off_reason) is not may


def test_a_new_timer_appears_when_a_case_closes(make_page: Make, office: Office) -> None:
    retention: Retention = make_page(RetentionView, office, Role.RECORDS_OFFICER)
    assert retention.view.empty.isVisible()
    assert "No timer runs yet" in retention.view.empty.title.text()
    done = office.in_state(State.ISSUED)
    retention.view.refresh()
    retention.settle()
    rows = [row for row in listed(retention) if isinstance(row, TimerRow)]
    assert [row.timer.case_id for row in rows] == [done.case_id]
    assert rows[0].countdown == "In 3 years"
    assert not retention.view.empty.isVisible()


def test_in_a_narrow_window_space_shows_the_timer_and_escape_goes_back(retention: Retention) -> None:
    view = retention.view
    view.resize(1100, 720)
    retention.settle()
    assert view.pane.isHidden()
    view.table.setFocus()
    retention.press(Key.Key_Space)
    assert view.pane.isVisible()
    assert not view.table.isVisible()
    retention.press(Key.Key_Escape)
    assert view.table.isVisible()
    assert view.table.hasFocus()


def test_months_count_what_falls_due_from_today_on() -> None:
    today = date(2026, 6, 10)
    months = by_month(
        [
            (date(2020, 1, 1), 5),
            (date(2026, 6, 9), 1),
            (date(2026, 6, 10), 1),
            (date(2026, 6, 30), 2),
            (date(2027, 5, 1), 1),
            (date(2027, 6, 1), 1),
        ],
        today,
    )
    assert len(months) == 12
    assert months[0] == (date(2026, 6, 1), 3)
    assert months[-1] == (date(2027, 5, 1), 1)
    assert sum(count for _on, count in months) == 4


def test_the_chart_reads_as_its_figures(retention: Retention) -> None:
    chart = retention.view.chart
    assert chart.accessibleDescription().startswith("Overdue: 7; June 2026: ")
    assert chart.accessibleDescription().count(":") == 13
    assert retention.view.card.title.text() == "What is overdue, and what falls due from today, June 2026 to May 2027"


def test_what_is_on_hold_on_a_run_or_kept_longer_says_so_and_is_shown_alone(make_page: Make, office: Office) -> None:
    cases = many_closed(office, 4)
    officer = office.officers[0]
    later = office.entry.today() + timedelta(days=400)
    disposal.retain(officer, disposal.Retain(case_ids=(cases[0].case_id,), review_on=later, because="An appeal."))
    proposed(office, cases[1])
    command = PlaceHold(case="TR-000003-3", authority="An order", because="It is needed.", review_on=later)
    place_hold(officer, command)
    retention: Retention = make_page(RetentionView, office, Role.RECORDS_OFFICER)
    view = retention.view
    chips = view.chips.chips
    assert [chip.accessibleName() for chip in chips.values()] == ["On hold 1", "On a run 1", "Kept longer 1"]
    assert view.chart.accessibleDescription().startswith("Overdue: 3 (To review 2, On hold 1); ")
    assert view.card.title.text().startswith("What is overdue, and what falls due from today, ")
    model = view.table.paged
    said = [str(model.data(model.index(at, 4))) for at in range(model.rowCount())]
    assert sorted(filter(None, said)) == ["Kept longer", "On a run", "On hold"]
    chips["held"].setFocus()
    retention.press(Key.Key_Return)
    rows = [row for row in listed(retention) if isinstance(row, TimerRow)]
    assert [row.timer.case_id for row in rows] == [cases[2].case_id]
    retention.view.tabs.buttons["soon"].click()
    assert "Nothing here stands so" in view.empty.title.text()
    # The one in use stays in sight; the others, of which this tab has none, do not.
    assert [chip.accessibleName() for chip in chips.values() if chip.isVisible()] == ["On hold 0"]
    chips["held"].setFocus()
    retention.press(Key.Key_Delete)
    assert not view.chips.isVisible()
    retention.view.tabs.buttons["due"].click()
    assert [chip.accessibleName() for chip in chips.values()] == ["On hold 1", "On a run 1", "Kept longer 0"]
    retention.view.tabs.buttons["all"].click()
    assert view.chips.isVisible()
    assert len([row for row in listed(retention) if isinstance(row, TimerRow)]) == len(cases)
    assert nameless(view) == []


def test_the_chart_tells_how_much_of_a_month_is_on_hold(make_page: Make, office: Office) -> None:
    office.in_state(State.ISSUED)
    office.in_state(State.ISSUED)
    pass_days(office, 3 * 365 - 40)
    review = office.entry.today() + timedelta(days=300)
    place_hold(
        office.officers[0],
        PlaceHold(case="TR-000001-7", authority="An order", because="It is needed.", review_on=review),
    )
    retention: Retention = make_page(RetentionView, office, Role.RECORDS_OFFICER)
    assert ": 2 (To review 1, On hold 1)" in retention.view.chart.accessibleDescription()


def test_ten_thousand_timers_are_listed_and_counted_with_their_commas(retention: Retention) -> None:
    today = retention.session.desk.today()
    ids = array("q", range(1, 10_001))
    retention.view._show((TimerGroups(today, {"due": ids}, (TimerDay(today, False, ids),), whole=True), {}))
    assert list(retention.view.table.paged.ids) == [-1, *ids]
    assert "10,000 timers: 10,000 due for review, 0 within a month." in words_of(retention.view.head)
    assert retention.view.tabs.buttons["due"].accessibleName() == "Due for review, 10,000"


def test_what_is_due_soonest_is_shown_while_the_rest_is_counted(make_page: Make, sample_office: Office) -> None:
    desk = sample_office.desk(Role.RECORDS_OFFICER)
    soonest, every = timer_groups(desk, soonest=True), timer_groups(desk)
    assert set(soonest.cases) == {"due", "soon"}
    assert soonest.cases == {key: every.cases[key] for key in ("due", "soon")}
    retention: Retention = make_page(RetentionView, sample_office, Role.RECORDS_OFFICER)
    view = retention.view
    shown: list[list[str]] = []
    view.table.paged.modelReset.connect(lambda: shown.append([head.bucket for head in view._heads()]))
    view._found = TimerGroups(every.today, {}, (), whole=False)
    view.refresh()
    retention.settle()
    assert shown == [["due", "soon"], list(every.cases)]
    assert sum(one > 0 for one in view.table.paged.ids) == len(every)
    view.refresh()
    retention.settle()
    assert len(shown) == 3
    view._show((soonest, {}))
    assert len(shown) == 3
    retention.settle()


def test_with_large_text_the_tabs_go_on_in_the_next_line(retention: Retention, theme: Theme) -> None:
    tabs = retention.view.tabs
    first = tabs.height()
    theme.set_text_scale(200)
    retention.view.setFixedWidth(1240)
    retention.settle()
    assert tabs.height() >= 4 * first
    for button in tabs.buttons.values():
        assert button.width() >= button.sizeHint().width()
        assert tabs.rect().contains(button.geometry())


def test_with_large_text_what_falls_due_has_a_tab_of_its_own(retention: Retention, theme: Theme) -> None:
    view, month = retention.view, retention.view.tabs.buttons["months"]
    assert view.card.isVisible()
    assert not month.isVisible()
    theme.set_text_scale(200)
    view.resize(1270, 672)
    retention.settle()
    assert not view.card.isVisible()
    assert view.table.isVisible()
    month.click()
    retention.settle()
    assert view.card.isVisible()
    assert view.chart.height() >= view.chart.sizeHint().height()
    assert not view.table.isVisible()
    assert not view.dispose.isVisible()
    retention.in_dialog(ProposeDialog.reject, lambda: retention.press(Key.Key_P, CTRL | SHIFT))
    assert view.tabs.current() == "due"
    # Where there is room again, nobody stays under a tab that has gone.
    month.click()
    theme.set_text_scale(100)
    view.resize(1400, 720)
    retention.settle()
    assert view.tabs.current() == "all"
    assert view.card.isVisible()
    assert view.table.isVisible()


def test_what_waits_has_its_tab_and_says_what_it_waits_for(make_page: Make, office: Office) -> None:
    ruled(office, "debt_settled")
    done = office.in_state(State.ISSUED)
    retention: Retention = make_page(RetentionView, office, Role.RECORDS_OFFICER)
    retention.view.tabs.buttons["waiting"].click()
    retention.settle()
    assert [row.timer.case_id for row in listed(retention) if isinstance(row, TimerRow)] == [done.case_id]
    assert retention.view.tabs.buttons["waiting"].tab.count == 1
    words = words_of(retention.view.pane)
    assert "Waits for the debt to be settled. Review due 10 June 2032" in words
    assert "Nothing yet. The case was closed on 10 June 2026" in words
    settle(office.caseworker, Settle(**on(done), on=office.entry.today()))
    retention.view.refresh()
    retention.settle()
    assert "Nothing waits" in retention.view.empty.title.text()
    retention.view.tabs.buttons["all"].click()
    retention.settle()
    assert "The debt was settled on 10 June 2026" in words_of(retention.view.pane)


def test_the_register_of_rules_is_read_and_saved(retention: Retention, sample_office: Office, tmp_path: Path) -> None:
    retention.view.tabs.buttons["rules"].click()
    retention.settle()
    part = retention.view.parts["rules"]
    assert isinstance(part, RulesPart)
    assert part.isVisible()
    assert not retention.view.pane.isVisible()
    assert nameless(part) == []
    assert part.table.paged.rowCount() == len(sample_office.entry.agreements.all())
    part.table.setFocus()
    while (row := part.table.current_row()) is not None and "unpaid NHS debts" not in row[1].agreement:
        retention.press(Key.Key_Down)
    words = words_of(part)
    for said in ("Reports of debts", "The debt is settled, where the answer was “Reported”", "6 years after"):
        assert said in words
    assert "Records Management Code of Practice, by analogy" in words
    part.save(tmp_path / "rules.csv")
    retention.settle()
    saved = (tmp_path / "rules.csv").read_text("utf-8-sig")
    assert saved.count("Records Management Code of Practice") >= 14
    with sample_office.entry.store.read() as tx:
        assert list(journal.entries(tx, limit=10_000))[-1].action == "save_retention_rules"
