"""Retention: every timer in date order, counted down in words, with the rule that each comes from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from db.records import Changed, Role
from db.records_log import Timer
from desktop.casework.awaiting import Awaiting
from desktop.casework.desk import Desk
from desktop.casework.holds import Keeping, keeping
from desktop.casework.register import TimerRow, timers
from desktop.casework.standing import Standing, standings
from desktop.policy.dates import MONTHS
from desktop.policy.retention import SINCE, WAITS_FOR
from desktop.policy.wording import day, figures, plural
from desktop.ui.awaiting import AwaitingBanner
from desktop.ui.beside import LEAST, LEAST_HIGH, Beside
from desktop.ui.case.words import say, short_source
from desktop.ui.dialogs import Dialog
from desktop.ui.disposal.propose import ProposeDialog
from desktop.ui.disposal.rebase import RebaseDialog
from desktop.ui.disposal.runs import RunsPart
from desktop.ui.holds import HoldsPart
from desktop.ui.keepingcard import KeepingCard
from desktop.ui.kit.base import name_widget
from desktop.ui.kit.button import MAIN, Button
from desktop.ui.kit.card import Card, Facts, Ground, PageHead
from desktop.ui.kit.chart import ReportChart
from desktop.ui.kit.focus import starts_at
from desktop.ui.kit.notices import EmptyState
from desktop.ui.kit.panes import ScrollPane
from desktop.ui.kit.small import IconText
from desktop.ui.kit.tabs import Tab, Tabs
from desktop.ui.kit.text import Text
from desktop.ui.retentionchart import MONTHS_SHOWN, NO_MONTHS, PLOT, due_chart
from desktop.ui.retentionkeys import add_keys
from desktop.ui.retentionrules import RulesPart
from desktop.ui.retentionstanding import StandingChips
from desktop.ui.retentiontable import DUE, HEADS, ICONS, INKS, GroupHead, TimerTable, what_it_was
from desktop.ui.session import Session
from desktop.ui.theme import current_theme

PANE = 352
_EMPTY = {
    "all": ("No timer runs yet", "A timer starts when a case closes: when its letter is issued, or it is withdrawn."),
    "due": ("Nothing is due for review", "What falls due is listed here, the longest due first."),
    "soon": ("Nothing falls due within a month", "All timers shows what falls due later."),
    "waiting": ("Nothing waits", "A case waits here where its timer starts by something that has not happened yet."),
}
_FILTERED = ("Nothing here stands so", "Press the chip in use again to see the rest, or look under All timers.")


def _load(desk: Desk) -> tuple[tuple[TimerRow, ...], Mapping[int, Standing]]:
    found = timers(desk)
    return found, standings(desk, [row.timer.case_id for row in found])


class RetentionView(QWidget):
    """What is kept, and until when."""

    key = "retention"

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self._rows: dict[int, TimerRow] = {}
        self._standings: Mapping[int, Standing] = {}
        self.parts: dict[str, RunsPart | HoldsPart | RulesPart] = {
            "runs": RunsPart(session),
            "holds": HoldsPart(session),
            "rules": RulesPart(session),
        }
        """What a tab shows in the place of the timers."""
        self._build()
        self._connect()
        add_keys(self)
        self.refresh()

    def panes(self) -> list[QWidget]:
        """What F6 goes round."""
        shown = self.parts.get(self.tabs.current())
        within = shown.panes() if shown is not None else [self.table, self.pane]
        return [one for one in (self.tabs, *within) if one.isVisible()]

    def refresh(self) -> None:
        """Reads the timers again, and what the tab shows beside them."""
        self.session.run(self, _load, done=self._show)
        if (shown := self.parts.get(self.tabs.current())) is not None:
            shown.refresh()
        self.awaiting.refresh()

    def minimumSizeHint(self) -> QSize:
        """Narrow: whatever does not fit gives way, so a wide arrangement must not hold the window wide."""
        return QSize(current_theme().px(LEAST), current_theme().px(LEAST_HIGH))

    def _build(self) -> None:
        px = current_theme().px
        name_widget(self, "retention_page", "Retention")
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(0)
        self._left = QWidget()
        column = QVBoxLayout(self._left)
        column.setContentsMargins(px(24), px(16), px(24), px(16))
        column.setSpacing(px(12))
        self.head = PageHead("Retention", "Each date is a reminder to review. Nothing is destroyed by itself.")
        column.addWidget(self.head)
        self.dispose = Button("Destroy or keep…", MAIN, "shredder", name="propose_run")
        self.rules = Button("New rules…", icon="scale", name="rebase")
        self.head.actions.addWidget(self.rules)
        self.head.actions.addWidget(self.dispose)
        self.awaiting = AwaitingBanner(self.session)
        column.addWidget(self.awaiting)
        self.tabs = Tabs(
            [
                Tab("all", "All timers", 0, "hourglass"),
                Tab("due", "Due for review", 0, "clock-alert"),
                Tab("soon", "Due within a month", 0, "clock"),
                Tab("waiting", "Waiting", 0, "circle-pause"),
                Tab("runs", "Runs", icon="shredder"),
                Tab("holds", "Holds", icon="lock"),
                Tab("rules", "Rules", icon="scale"),
            ],
            "Timers",
        )
        column.addWidget(self.tabs)
        self.chart = ReportChart(NO_MONTHS, PLOT)
        self.card = Card("What falls due")
        self.card.body.addWidget(self.chart)
        column.addWidget(self.card)
        self.chips = StandingChips()
        self.chips.hide()
        column.addWidget(self.chips)
        self._list = Card(padded=False)
        self.table = TimerTable(self._fetch, self._standing)
        self._list.body.addWidget(self.table)
        column.addWidget(self._list, 1)
        self.empty = EmptyState("hourglass", *_EMPTY["all"])
        self.empty.hide()
        column.addWidget(self.empty, 1)
        for part in self.parts.values():
            part.hide()
            column.addWidget(part, 1)
        across.addWidget(self._left, 1)
        self.pane = TimerPane(self.session)
        across.addWidget(self.pane, 1)
        starts_at(self, self.table)
        self.beside = Beside(self, self._left, self.pane, PANE, self._arrange)

    def _connect(self) -> None:
        self.tabs.changed.connect(self._tab_chosen)
        self.dispose.triggered.connect(lambda: self._ask(ProposeDialog(self.session, self)))
        self.rules.triggered.connect(lambda: self._ask(RebaseDialog(self.session, self)))
        self.chips.changed.connect(self._filtered)
        self.table.moved.connect(self._moved)
        self.table.opened.connect(self._open)
        self.table.previewed.connect(lambda _row: self.beside.toggle())
        self.awaiting.counted.connect(self._count)
        self.session.changed.connect(self._changed)

    def _count(self, found: Awaiting) -> None:
        """Says on the tabs what waits; where nothing does, they have no count."""
        for key, count in (("runs", found.runs), ("holds", found.holds)):
            self.tabs.set_count(key, count or -1)

    def _arrange(self, step: int) -> None:
        alone = self.tabs.current() in self.parts
        self.card.setVisible(step >= 1024 and not alone)
        self.chips.setVisible(bool(self._standings) and not alone)
        self.table.setColumnHidden(DUE, step < 1024)
        for button in (self.rules, self.dispose):
            button.setVisible(not alone and self.session.desk.user.role is Role.RECORDS_OFFICER)
        if alone:
            self.pane.hide()
            self._left.show()

    def _ask(self, dialog: Dialog) -> None:
        dialog.exec()

    def _tab_chosen(self, key: str) -> None:
        for name, part in self.parts.items():
            part.setVisible(name == key)
        self.beside.arrange()
        if key not in self.parts:
            self._fill()
        else:
            self._list.hide()
            self.empty.hide()
            self.parts[key].refresh()

    def _fetch(self, ids: Sequence[int], deliver: Callable[[Sequence[TimerRow | GroupHead]], None]) -> None:
        heads = {head.id: head for head in self._heads()}
        deliver([heads[one] if one < 0 else self._rows[one] for one in ids])

    def _heads(self) -> list[GroupHead]:
        """A head for each group that has timers; the last one says when the next of them is due."""
        found = []
        for number, (bucket, title) in enumerate(HEADS, 1):
            rows = [row for row in self._wanted() if row.bucket == bucket]
            if rows:
                words = rows[0].countdown
                note = f"The next is on {day(rows[0].timer.due_on)}, {words[:1].lower()}{words[1:]}"
                found.append(GroupHead(-number, bucket, title, len(rows), note if bucket == "running" else ""))
        return found

    def _standing(self, case_id: int) -> Standing | None:
        return self._standings.get(case_id)

    def _filtered(self) -> None:
        if self.tabs.current() not in self.parts:
            self._fill()

    def _wanted(self) -> list[TimerRow]:
        """The timers of the standing that is wanted."""
        wanted = self.chips.wanted
        return [row for key, row in self._rows.items() if wanted in (None, self._standings.get(key))]

    def _show(self, found: tuple[tuple[TimerRow, ...], Mapping[int, Standing]]) -> None:
        rows, self._standings = found
        self._rows = {row.timer.case_id: row for row in rows}
        self.chips.show_standings(self._standings.values())
        self.beside.arrange()
        due = sum(1 for row in rows if row.bucket == "due")
        soon = sum(1 for row in rows if row.bucket == "soon")
        self.dispose.set_off("" if due else "Nothing is due for review.")
        waiting = sum(1 for row in rows if row.bucket == "waiting")
        for key, count in (("all", len(rows)), ("due", due), ("soon", soon), ("waiting", waiting)):
            self.tabs.set_count(key, count)
        running = f"{plural(len(rows), 'timer')}: {figures(due)} due for review, {figures(soon)} within a month."
        self.head.set_summary(f"{running if rows else 'No timer runs.'} Nothing goes by itself.")
        months = by_month([row.timer.due_on for row in rows], self.session.desk.today())
        held = [row.timer.due_on for row in rows if self._standings.get(row.timer.case_id) == "held"]
        held_months = dict(by_month(held, self.session.desk.today()))
        self.chart.show_chart(due_chart(months, held_months))
        first, last = months[0][0], months[-1][0]
        ends = [f"{MONTHS[one.month - 1]} {one.year}" for one in (first, last)]
        self.card.title.setText(f"What falls due from today, {ends[0]} to {ends[1]}")
        if self.tabs.current() not in self.parts:
            self._fill()

    def _fill(self) -> None:
        """Lists the timers of the tab, by group where the tab has several."""
        wanted = self.tabs.current()
        ids: list[int] = []
        for head in self._heads():
            if wanted in ("all", head.bucket):
                ids += [head.id] if wanted == "all" else []
                ids += [row.timer.case_id for row in self._wanted() if row.bucket == head.bucket]
        current = self.table.current_row()
        self.table.show_timers(ids, current.timer.case_id if isinstance(current, TimerRow) else 0)
        self._list.setVisible(bool(ids))
        self.empty.setVisible(not ids)
        if not ids:
            self.empty.set_words(*(_EMPTY[wanted] if self.chips.wanted is None else _FILTERED))
            self.pane.show_timer(None)

    def _moved(self, row: TimerRow | GroupHead | None) -> None:
        if not isinstance(row, GroupHead):
            self.pane.show_timer(row)

    def _open(self, row: TimerRow | GroupHead) -> None:
        if isinstance(row, TimerRow):
            self.pane.open.click()

    def _changed(self, changed: Changed) -> None:
        if changed.kinds & {"case", "run", "hold"}:
            self.refresh()


class TimerPane(Ground):
    """One timer: its rule, where the rule comes from, and what the date means."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__("surface", "left", parent)
        self.session = session
        self._case_id = 0
        px = current_theme().px
        name_widget(self, "timer_pane", "The timer")
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 0, 0, 0)
        column.setSpacing(0)
        pane = ScrollPane("timer_facts", "The timer", "surface")
        pane.body.setContentsMargins(px(20), px(16), px(20), px(16))
        self.reference = Text("", "section")
        self.what = Text("", "small", "text-2", wrap=True)
        head = QVBoxLayout()
        head.setSpacing(0)
        head.addWidget(self.reference)
        head.addWidget(self.what)
        pane.body.addLayout(head)
        self.countdown = IconText("clock", "", "text", "label", wrap=True)
        pane.body.addWidget(self.countdown)
        self.facts = Facts(88)
        pane.body.addWidget(self.facts)
        self.keeping = KeepingCard()
        pane.body.addWidget(self.keeping)
        self.meaning = Card("What the date means", ground="sunken")
        words = (
            "On this day someone looks at the case and decides: destroy it, keep it longer for a reason, or keep it "
            "for good. Until two people say so, it stays."
        )
        self.meaning.body.addWidget(Text(words, "small", "text-2", wrap=True))
        pane.body.addWidget(self.meaning)
        pane.body.addStretch(1)
        column.addWidget(pane, 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(px(20), px(12), px(20), px(16))
        self.open = Button("Open the case", name="open_timer_case")
        self.open.triggered.connect(lambda: session.case_wanted.emit(self._case_id, ""))
        foot.addWidget(self.open, 1)
        column.addLayout(foot)
        starts_at(self, self.open)
        if session.desk.user.role in (Role.AUDITOR, Role.ADMINISTRATOR):
            self.open.set_off("Your role shows you how cases were handled, not whom they are about.")
        session.changed.connect(self._changed)
        self.show_timer(None)

    def show_timer(self, row: TimerRow | None) -> None:
        """Shows a timer, or nothing."""
        for widget in (self.what, self.facts, self.meaning, self.open, self.countdown):
            widget.setVisible(row is not None)
        self.keeping.hide()
        if row is None:
            self._case_id = 0
            self.reference.setText("No timer chosen")
            return
        timer = row.timer
        self._case_id = timer.case_id
        self.reference.setText(timer.reference)
        say(self.what, what_it_was(row))
        words = f"Review due {day(timer.due_on)}: {row.countdown[:1].lower()}{row.countdown[1:]}"
        if timer.waits:
            words = f"Waits for {WAITS_FOR[timer.trigger]}. {words}, whether or not it happens"
        self.countdown.show_words(ICONS[row.bucket], words, INKS[row.bucket], "label")
        self.facts.set_facts(
            [
                ("Rule", f"{timer.rule[:1].upper()}{timer.rule[1:]}"),
                ("Started by", _started(timer)),
                ("Agreement", row.agreement),
                ("Source", short_source(timer.source)),
            ]
        )
        self._ask()

    def _ask(self) -> None:
        """What keeps the case, which comes after the rest."""
        case_id = self._case_id

        def show(found: Keeping) -> None:
            if case_id == self._case_id:
                self.keeping.show_keeping(found, self.session.desk.today())

        self.session.run(self, keeping, case_id, done=show)

    def _changed(self, changed: Changed) -> None:
        if "hold" in changed.kinds and self._case_id:
            self._ask()


def _started(timer: Timer) -> str:
    """What started a timer, and when; later than the closing, that too."""
    closed = f"The case was closed on {day(timer.started_on)}"
    if timer.waits:
        return f"Nothing yet. {closed}"
    happened = timer.happened_on or timer.started_on
    said = f"{SINCE[timer.trigger]} on {day(happened)}"
    return said if happened == timer.started_on else f"{said}. {closed}"


def by_month(dates: Sequence[date], today: date) -> list[tuple[date, int]]:
    """How many of the dates from today on fall into each month from this one on."""
    months = []
    for number in range(MONTHS_SHOWN):
        year, month = divmod(today.year * 12 + today.month - 1 + number, 12)
        months.append(date(year, month + 1, 1))
    counts = dict.fromkeys(months, 0)
    for one in dates:
        first = one.replace(day=1)
        if one >= today and first in counts:
            counts[first] += 1
    return list(counts.items())
