"""Reminders in the windows: the day that changes while the desk is open, and the dates saved as a calendar."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from icalendar import Calendar
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog, QLabel
from pytestqt.qtbot import QtBot

from db import journal
from db.records import Changed, Role, State
from desktop.casework import reopening, requests
from desktop.casework.casepage import case_page
from desktop.casework.sample import MovingClock
from desktop.ui.background import Worker
from desktop.ui.case.ledger import LedgerCalendar
from desktop.ui.case.view import CaseView
from desktop.ui.case.why import WhyDialog
from desktop.ui.dialogs import Dialog
from desktop.ui.mainwindow import MainWindow
from desktop.ui.mywork_model import Head
from desktop.ui.session import Session
from desktop.ui.theme import Theme
from tests.fixtures import Office, on
from tests.ui.case_window import Window, make_window, open_dialog, window
from tests.ui.page_window import CTRL, SHIFT, close, words_of
from tests.ui.waiting import PATIENCE

__all__ = ["make_window", "window"]

Make = Callable[..., "Seat"]


class Seat:
    """The signed-in desk of one person of an office, whose clock a test sets."""

    def __init__(self, qtbot: QtBot, theme: Theme, office: Office, role: Role) -> None:
        self.qtbot, self.office = qtbot, office
        self.session = Session(office.desk(role), theme, Worker())
        self.main = MainWindow()
        # At rest before the store is closed, in whatever order a test asks for its fixtures.
        qtbot.addWidget(self.main, before_close_func=lambda _main: self.session.worker.stop())
        self.main.resize(1366, 768)
        self.toasts: list[str] = []
        self.main.show()
        self.main.begin(self.session)
        self.session.toasted.connect(self.toasts.append)
        self.settle()

    def settle(self) -> None:
        """Waits until nothing is on its way to the store or back."""
        for _ in range(6):
            assert self.session.worker.drain(PATIENCE)
            QApplication.processEvents()

    def until(self, condition: Callable[[], object]) -> None:
        """Waits for a condition."""
        self.qtbot.waitUntil(lambda: bool(condition()), timeout=PATIENCE)

    def set_clock(self, *moment: int) -> None:
        """Sets the clock to this moment of universal time."""
        clock = self.office.entry.clock
        assert isinstance(clock, MovingClock)
        clock.at = datetime(*moment, tzinfo=UTC)  # type: ignore[misc, arg-type]

    def it_is(self, *moment: int) -> None:
        """Sets the clock, and lets the desk look at it."""
        self.set_clock(*moment)
        self.main.days.look()
        self.settle()

    def heads(self) -> dict[str, int]:
        """The groups of My work and how many cases each has."""
        model = self.main.work.list.work
        lines = (model.line(model.index(row)) for row in range(model.rowCount()))
        return {line.key: line.count for line in lines if isinstance(line, Head)}


@pytest.fixture
def make_seat(qtbot: QtBot, theme: Theme) -> Make:
    """Seats people at the desk."""

    def seat(office: Office, role: Role = Role.CASEWORKER) -> Seat:
        return Seat(qtbot, theme, office, role)

    return seat


# The day changes


def test_d18_an_open_desk_is_right_after_midnight_and_says_once_what_was_reached(
    make_seat: Make, office: Office
) -> None:
    for person in range(2):
        office.register(person=person)
    seat = make_seat(office)
    # On 10 June both are past their escalation point already: nothing is new.
    assert (seat.heads(), seat.toasts) == ({"remind": 2}, [])
    # The last minute of 15 June in London, and the first of 16 June, their draft point.
    seat.it_is(2026, 6, 15, 22, 58)
    assert seat.toasts == []
    seat.it_is(2026, 6, 15, 23, 0)
    assert seat.toasts == ["2 cases reached a reminder point"]
    assert seat.main.toast.words() == "2 cases reached a reminder point"
    assert "Tuesday 16 June." in seat.main.work.head.summary.text()
    row = seat.main.work.list.work.line(seat.main.work.list.currentIndex())
    assert getattr(row, "why", "") == "Draft point: today"
    # A clock that jumps back and forth changes what is shown, and says nothing twice.
    seat.it_is(2026, 6, 2, 9)
    assert seat.heads() == {"finish": 2}
    seat.it_is(2026, 6, 16, 9)
    assert seat.heads() == {"remind": 2}
    assert seat.toasts == ["2 cases reached a reminder point"]
    # A machine that slept for weeks.
    seat.it_is(2026, 7, 20, 9)
    assert seat.heads() == {"late": 2}
    assert len(seat.toasts) == 1


def test_the_timer_looks_by_itself(make_seat: Make, office: Office, qtbot: QtBot) -> None:
    office.register(received=date(2026, 6, 8))
    seat = make_seat(office)
    assert seat.main.days._timer.isActive()
    assert seat.main.days._timer.interval() <= 60_000
    seat.set_clock(2026, 6, 11, 9)
    seat.main.days._timer.setInterval(1)
    qtbot.waitUntil(lambda: seat.heads() == {"remind": 1}, timeout=PATIENCE)
    assert seat.toasts == ["1 case reached a reminder point"]
    seat.settle()


def test_on_another_page_it_is_said_too(make_seat: Make, office: Office) -> None:
    office.register(received=date(2026, 6, 8))
    seat = make_seat(office)
    seat.main.go_to("register")
    seat.settle()
    seat.it_is(2026, 6, 11, 9)
    assert seat.toasts == ["1 case reached a reminder point"]
    seat.main.go_to("work")
    seat.settle()
    assert seat.heads() == {"remind": 1}
    assert len(seat.toasts) == 1


def test_under_the_lock_it_waits_until_someone_is_back(make_seat: Make, office: Office) -> None:
    office.register(received=date(2026, 6, 8))
    seat = make_seat(office)
    seat.main.hide()
    seat.it_is(2026, 6, 11, 9)
    assert seat.toasts == []
    seat.main.show()
    seat.settle()
    assert seat.toasts == ["1 case reached a reminder point"]
    assert seat.heads() == {"remind": 1}


def test_an_open_case_counts_its_days_anew(make_seat: Make, office: Office) -> None:
    done = office.register()
    seat = make_seat(office)
    seat.main.open(done.case_id)
    seat.settle()
    view = seat.main.page("case")
    assert isinstance(view, CaseView)
    assert view.header.due.words.text().endswith("13 working days left")
    seat.it_is(2026, 6, 30, 9)
    assert view.header.due.words.text().endswith("today")


@pytest.mark.parametrize("role", [one for one in Role if one is not Role.CASEWORKER])
def test_the_day_changes_for_everyone(make_seat: Make, sample_office: Office, role: Role) -> None:
    seat = make_seat(sample_office, role)
    seat.it_is(2026, 6, 11, 9)
    assert seat.toasts == []


def test_what_falls_due_for_review_is_told_once_whether_the_clock_jumps_ahead_or_back(
    make_seat: Make, office: Office
) -> None:
    office.in_state(State.ISSUED)
    seat = make_seat(office, Role.RECORDS_OFFICER)
    badge = seat.main.navigation.buttons["retention"]
    assert badge.count == ""
    seat.main.go_to("register")
    seat.it_is(2029, 6, 9, 9)
    assert (seat.toasts, badge.count) == ([], "")
    seat.it_is(2029, 6, 10, 9)
    assert (seat.toasts, badge.count) == (["1 case fell due for review"], "1")
    seat.it_is(2027, 1, 1, 9)
    assert badge.count == "", "a clock that was set back makes nothing due"
    seat.main.hide()
    seat.it_is(2029, 12, 1, 9)
    assert len(seat.toasts) == 1, "not under the lock"
    seat.main.show()
    seat.settle()
    assert (seat.toasts[1:], badge.count) == (["1 case fell due for review"], "1")
    assert case_page(office.caseworker, 1).case.row.state is State.ISSUED
    again = make_seat(office, Role.RECORDS_OFFICER)
    assert again.main.navigation.buttons["retention"].count == "1", "and when somebody signs in"


def test_a_case_that_is_registered_late_is_no_news(make_seat: Make, office: Office) -> None:
    seat = make_seat(office)
    office.register()
    seat.main.work.refresh()
    seat.settle()
    assert (seat.heads(), seat.toasts) == ({"remind": 1}, [])


# The ledger


def test_the_calendar_of_a_due_date_names_the_points(window: Window, office: Office) -> None:
    window.open(office.register())
    window.view.deeds.show_why()
    dialog = open_dialog(window.qtbot, "why_this_date")
    assert isinstance(dialog, WhyDialog)
    calendar = dialog.findChild(LedgerCalendar)
    assert isinstance(calendar, LedgerCalendar)
    assert calendar._points == {date(2026, 6, 4): "Escalation", date(2026, 6, 16): "Draft"}
    words = [one.text() for one in dialog.findChildren(QLabel)]
    assert {"Escalation point", "Draft point", "Final point", "Tuesday 30 June"} <= set(words)
    assert "Tuesday 16 June 2026: day 10 (draft point)" in dialog.text()
    assert "day 20, due (final point)" in dialog.text()
    assert not dialog.grab().isNull()
    dialog.accept()


# The calendar file


def choosing(monkeypatch: pytest.MonkeyPatch, path: Path | str) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", staticmethod(lambda *_arguments: (str(path), "")))


def informed(seat: Seat, opens: Callable[[], object]) -> str:
    """What the dialog says that this opens and that only tells something; it is closed."""
    said: list[str] = []
    timer = QTimer(interval=20)

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, Dialog) and not said:
            said.append(words_of(dialog))
            close(dialog)

    timer.timeout.connect(look)
    timer.start()
    opens()
    seat.until(lambda: said)
    timer.stop()
    seat.settle()
    return said[0]


def saved_in_journal(seat: Seat) -> int:
    with seat.session.desk.store.read() as tx:
        return sum(one.action == "save_calendar" for one in journal.entries(tx, limit=10_000))


def test_the_dates_are_saved_from_the_week_and_by_a_key(
    make_seat: Make, sample_office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    seat = make_seat(sample_office)
    out = tmp_path / "dates.ics"
    choosing(monkeypatch, out)
    link = seat.main.work.week.save
    assert (link.accessibleName(), link.focusPolicy()) == ("Save as calendar…", Qt.FocusPolicy.StrongFocus)
    link.setFocus()
    qtbot.keyClick(link, Qt.Key.Key_Return)
    seat.settle()
    found = list(Calendar.from_ical(out.read_bytes()).walk("VEVENT"))
    assert seat.toasts == [f"Calendar saved: {len(found)} dates of 17 open cases, by reference alone"]
    # The person said that it may be replaced.
    out.write_text("Old", "utf-8")
    qtbot.keyClick(seat.main.work.list, Qt.Key.Key_X, CTRL | SHIFT)
    seat.settle()
    assert out.read_bytes().startswith(b"BEGIN:VCALENDAR")
    assert saved_in_journal(seat) == 2


def test_where_there_is_little_width_a_menu_saves_them(
    make_seat: Make, sample_office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seat = make_seat(sample_office)
    assert seat.main.work.more.isHidden()
    seat.main.resize(900, 700)
    seat.settle()
    assert (seat.main.work.side.isHidden(), seat.main.work.more.isHidden()) == (True, False)
    assert seat.main.work.more.accessibleName() == "More"
    choosing(monkeypatch, tmp_path / "dates.ics")
    (action,) = [one for one in seat.main.work.menu.actions() if one.objectName() == "save_calendar"]
    action.trigger()
    seat.settle()
    assert (tmp_path / "dates.ics").exists()


def test_whoever_cancels_leaves_nothing(
    make_seat: Make, sample_office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seat = make_seat(sample_office)
    choosing(monkeypatch, "")
    seat.main.work.save_calendar()
    seat.settle()
    assert (seat.toasts, saved_in_journal(seat), list(tmp_path.glob("*.ics"))) == ([], 0, [])


def test_a_folder_that_cannot_be_written_is_said(
    make_seat: Make, sample_office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seat = make_seat(sample_office)
    choosing(monkeypatch, tmp_path / "nowhere" / "dates.ics")
    said = informed(seat, seat.main.work.save_calendar)
    assert "The calendar was not saved" in said
    assert f"It cannot be written there: {os.strerror(2)}. Choose another folder." in said
    assert (seat.toasts, saved_in_journal(seat)) == ([], 0)


def test_without_an_open_case_it_says_so_before_it_asks_where(
    make_seat: Make, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    seat = make_seat(office)
    choosing(monkeypatch, "/never/asked")
    said = informed(seat, seat.main.work.week.save.click)
    assert "There is no date to save You have no open cases." in said
    assert saved_in_journal(seat) == 0


def test_every_control_of_my_work_has_a_name(make_seat: Make, sample_office: Office) -> None:
    seat = make_seat(sample_office)
    for width in (1366, 900):
        seat.main.resize(width, 768)
        seat.settle()
        buttons = [one for one in seat.main.work.findChildren(QAbstractButton) if one.isVisible()]
        assert [one.objectName() for one in buttons if not one.accessibleName()] == []


# The number in the navigation


def test_the_number_of_open_cases_follows_what_is_done_on_another_page(make_seat: Make, office: Office) -> None:
    first, second = (office.register(person=person) for person in range(2))
    seat = make_seat(office)
    item = seat.main.navigation.buttons["work"]
    assert item.accessibleName() == "My work, 2"
    seat.main.open(first.case_id)
    seat.settle()
    withdrawn = requests.withdraw(office.caseworker, requests.WithReasons(**on(second), reasons="Taken back."))
    changed = Changed(frozenset({second.case_id}), frozenset({"case"}))
    seat.session.changed.emit(changed)
    seat.until(lambda: item.accessibleName() == "My work, 1")
    reopening.reopen(office.caseworker, requests.WithReasons(**on(withdrawn), reasons="By mistake."))
    seat.session.changed.emit(changed)
    seat.until(lambda: item.accessibleName() == "My work, 2")
