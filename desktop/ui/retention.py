"""Retention: every timer in date order, counted down in words, with the rule that each comes from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from db.records import Changed, Role
from desktop.casework.register import TimerRow, timers
from desktop.policy.life import OUTCOME_WORDS
from desktop.policy.wording import day, plural
from desktop.ui.kit.base import name_widget
from desktop.ui.kit.button import Button
from desktop.ui.kit.card import Card, Facts, Ground, PageHead
from desktop.ui.kit.notices import EmptyState
from desktop.ui.kit.panes import ScrollPane
from desktop.ui.kit.table import Column, PagedModel, Table
from desktop.ui.kit.tabs import Tab, Tabs
from desktop.ui.kit.text import Text
from desktop.ui.retentionchart import MONTHS_SHOWN, DueChart
from desktop.ui.session import Session
from desktop.ui.theme import current_theme

PANE = 352
_ICONS = {"due": "clock-alert", "soon": "clock", "running": "hourglass"}
_INKS = {"due": "red", "soon": "amber", "running": "text"}


class RetentionView(QWidget):
    """What is kept, and until when."""

    key = "retention"

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self._rows: dict[int, TimerRow] = {}
        self._build()
        self._connect()
        self.refresh()

    def panes(self) -> list[QWidget]:
        """What F6 goes round."""
        return [self.tabs, self.table, self.pane]

    def refresh(self) -> None:
        """Reads the timers again."""
        self.session.run(self, timers, done=self._show)

    def _build(self) -> None:
        px = current_theme().px
        name_widget(self, "retention_page", "Retention")
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(0)
        column = QVBoxLayout()
        column.setContentsMargins(px(24), px(16), px(24), px(16))
        column.setSpacing(px(12))
        words = "Each date is a reminder to review a closed case. Nothing is destroyed by itself."
        self.head = PageHead("Retention", words)
        column.addWidget(self.head)
        self.tabs = Tabs(
            [
                Tab("all", "All timers", 0, "hourglass"),
                Tab("due", "Due for review", 0, "clock-alert"),
                Tab("soon", "Due within a month", 0, "clock"),
            ],
            "Timers",
        )
        column.addWidget(self.tabs)
        self.chart = DueChart()
        card = Card("What falls due, month by month")
        card.body.addWidget(self.chart)
        column.addWidget(card)
        columns: list[Column[TimerRow]] = [
            Column("Reference", lambda row: row.timer.reference, width=128, style="label", elide=False),
            Column("What it was", _what),
            Column("Review due", lambda row: day(row.timer.due_on), width=168, elide=False),
            Column(
                "In words",
                lambda row: row.countdown,
                width=150,
                icon=lambda row: _ICONS[row.bucket],
                colour=lambda row: _INKS[row.bucket],
                elide=False,
            ),
        ]
        model = PagedModel(columns, self._fetch, lambda row: row.timer.case_id, self)
        self.table = Table("retention_table", "Retention timers", model, dense=False)
        column.addWidget(self.table, 1)
        self.empty = EmptyState(
            "hourglass",
            "No timer here",
            "A timer starts when a case closes: when its letter is issued, or it is withdrawn.",
        )
        self.empty.hide()
        column.addWidget(self.empty, 1)
        across.addLayout(column, 1)
        self.pane = TimerPane(self.session)
        across.addWidget(self.pane)

    def _connect(self) -> None:
        self.tabs.changed.connect(lambda _key: self._list())
        self.table.moved.connect(self.pane.show_timer)
        self.table.opened.connect(self._open)
        self.session.changed.connect(self._changed)

    def _fetch(self, ids: Sequence[int], deliver: Callable[[Sequence[TimerRow]], None]) -> None:
        deliver([self._rows[one] for one in ids])

    def _show(self, rows: tuple[TimerRow, ...]) -> None:
        self._rows = {row.timer.case_id: row for row in rows}
        due = sum(1 for row in rows if row.bucket == "due")
        soon = sum(1 for row in rows if row.bucket == "soon")
        for key, count in (("all", len(rows)), ("due", due), ("soon", soon)):
            self.tabs.set_count(key, count)
        running = f"{plural(len(rows), 'timer')}: {due} due for review and {soon} due within a month."
        self.head.set_summary(f"{running} Each date is a reminder to review; nothing is destroyed by itself.")
        self.chart.show_months(by_month([row.timer.due_on for row in rows], self.session.desk.today()))
        self._list()

    def _list(self) -> None:
        wanted = self.tabs.current()
        ids = [key for key, row in self._rows.items() if wanted in ("all", row.bucket)]
        current = self.table.current_row()
        self.table.show_ids(ids, current.timer.case_id if current is not None else 0)
        if ids and not self.table.currentIndex().isValid():
            self.table.selectRow(0)
        self.table.setVisible(bool(ids))
        self.empty.setVisible(not ids)
        if not ids:
            self.pane.show_timer(None)

    def _open(self, row: TimerRow) -> None:
        if not self.pane.open.off_reason:
            self.session.case_wanted.emit(row.timer.case_id, "")

    def _changed(self, changed: Changed) -> None:
        if "case" in changed.kinds:
            self.refresh()


class TimerPane(Ground):
    """One timer: its rule, where the rule comes from, and what the date means."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__("surface", "left", parent)
        self.session = session
        self._case_id = 0
        px = current_theme().px
        name_widget(self, "timer_pane", "The timer")
        self.setFixedWidth(px(PANE))
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 0, 0, 0)
        column.setSpacing(0)
        pane = ScrollPane("timer_facts", "The timer", "surface")
        self.reference = Text("", "section")
        pane.body.addWidget(self.reference)
        self.countdown = Text("", "strong", wrap=True)
        pane.body.addWidget(self.countdown)
        self.facts = Facts(96)
        pane.body.addWidget(self.facts)
        self.meaning = Card("What the date means", ground="sunken")
        words = (
            "On this day someone looks at the case and decides: destroy it, keep it longer for a reason, or keep it for "
            "good. Until two people say so, it stays."
        )
        self.meaning.body.addWidget(Text(words, "small", "text-2", wrap=True))
        pane.body.addWidget(self.meaning)
        pane.body.addStretch(1)
        column.addWidget(pane, 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(px(16), px(12), px(16), px(16))
        self.open = Button("Open the case", name="open_timer_case")
        self.open.triggered.connect(lambda: session.case_wanted.emit(self._case_id, ""))
        foot.addWidget(self.open, 1)
        column.addLayout(foot)
        if session.desk.user.role in (Role.AUDITOR, Role.ADMINISTRATOR):
            self.open.set_off("Your role shows you how cases were handled, not whom they are about.")
        self.show_timer(None)

    def show_timer(self, row: TimerRow | None) -> None:
        """Shows a timer, or nothing."""
        for widget in (self.facts, self.meaning, self.open, self.countdown):
            widget.setVisible(row is not None)
        if row is None:
            self.reference.setText("No timer chosen")
            return
        timer = row.timer
        self._case_id = timer.case_id
        self.reference.setText(timer.reference)
        self.countdown.setText(f"Review due {day(timer.due_on)}: {row.countdown[:1].lower()}{row.countdown[1:]}")
        started = "The letter was issued" if timer.trigger == "letter_issued" else "The case was closed"
        self.facts.set_facts(
            [
                ("What it was", _what(row)),
                ("Rule", timer.rule[:1].upper() + timer.rule[1:]),
                ("Started by", f"{started} on {day(timer.started_on)}"),
                ("Source", timer.source),
            ]
        )


def _what(row: TimerRow) -> str:
    outcome = OUTCOME_WORDS[row.timer.outcome]
    return f"{row.agreement}, {outcome[:1].lower()}{outcome[1:]}"


def by_month(dates: Sequence[date], today: date) -> list[tuple[date, int]]:
    """How many dates fall into each month from this one on; what is past counts for this month."""
    months = []
    for number in range(MONTHS_SHOWN):
        year, month = divmod(today.year * 12 + today.month - 1 + number, 12)
        months.append(date(year, month + 1, 1))
    counts = dict.fromkeys(months, 0)
    for one in dates:
        first = max(one.replace(day=1), months[0])
        if first in counts:
            counts[first] += 1
    return list(counts.items())
