"""Retention: every timer in date order, counted down in words, with the rule that each comes from."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from itertools import chain

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from db.records import Changed, Role
from desktop.casework.awaiting import Awaiting
from desktop.casework.desk import Desk
from desktop.casework.register import TimerGroups, TimerRow, timer_groups, timer_rows
from desktop.casework.standing import Standing, standings
from desktop.policy.dates import MONTHS
from desktop.policy.retention import Bucket
from desktop.policy.wording import countdown, day, figures, plural
from desktop.ui.awaiting import AwaitingBanner
from desktop.ui.beside import LEAST, LEAST_HIGH, Beside
from desktop.ui.dialogs import Dialog
from desktop.ui.disposal.propose import ProposeDialog
from desktop.ui.disposal.rebase import RebaseDialog
from desktop.ui.disposal.runs import RunsPart
from desktop.ui.holds import HoldsPart
from desktop.ui.kit.base import name_widget
from desktop.ui.kit.button import MAIN, Button
from desktop.ui.kit.card import Card, PageHead
from desktop.ui.kit.chart import ReportChart
from desktop.ui.kit.focus import starts_at
from desktop.ui.kit.notices import EmptyState
from desktop.ui.kit.tabs import Tab, Tabs
from desktop.ui.retentionchart import MONTHS_SHOWN, NO_MONTHS, PLOT, due_chart
from desktop.ui.retentionkeys import add_keys
from desktop.ui.retentionrules import RulesPart
from desktop.ui.retentionstanding import StandingChips
from desktop.ui.retentiontable import DUE, HEADS, GroupHead, TimerTable
from desktop.ui.session import Session
from desktop.ui.theme import current_theme
from desktop.ui.timerpane import TimerPane

PANE = 352
_EMPTY = {
    "all": ("No timer runs yet", "A timer starts when a case closes: when its letter is issued, or it is withdrawn."),
    "due": ("Nothing is due for review", "What falls due is listed here, the longest due first."),
    "soon": ("Nothing falls due within a month", "All shows what falls due later."),
    "waiting": ("Nothing waits", "A case waits here where its timer starts by something that has not happened yet."),
}
_COUNTED: tuple[Bucket, ...] = ("due", "soon", "waiting")
_NOT_YOURS = "Records officers destroy what is due, keep it longer, and put it under new rules."
_FILTERED = ("Nothing here stands so", "Press the chip in use again to see the rest, or look under All.")


def _load(desk: Desk, soonest: bool) -> tuple[TimerGroups, Mapping[int, Standing]]:
    found = timer_groups(desk, soonest=soonest)
    return found, standings(desk, list(chain.from_iterable(found.cases.values())))


class RetentionView(QWidget):
    """What is kept, and until when."""

    key = "retention"

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self._found = TimerGroups(session.desk.today(), {}, (), whole=False)
        self._standings: Mapping[int, Standing] = {}
        self._not_yours = "" if session.desk.user.role is Role.RECORDS_OFFICER else _NOT_YOURS
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
        """Reads the timers again, and what the tab shows beside them. At first those that are soonest due are shown,
        while the others are still counted.
        """
        self.session.run(self, _load, not self._found.whole, done=self._show)
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
        self.rules.set_off(self._not_yours)
        self.head.actions.addWidget(self.rules)
        self.head.actions.addWidget(self.dispose)
        self.awaiting = AwaitingBanner(self.session)
        column.addWidget(self.awaiting)
        self.tabs = Tabs(
            [
                Tab("all", "All", 0, "hourglass"),
                Tab("due", "Due for review", 0, "clock-alert"),
                Tab("soon", "Within a month", 0, "clock"),
                Tab("waiting", "Waiting", 0, "circle-pause"),
                Tab("months", "By month", icon="chart-column"),
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
        """The chart stands over the list, or under a tab of its own where there is no room for both."""
        narrow = step < 1024
        self.tabs.buttons["months"].setVisible(narrow)
        if not narrow and self.tabs.current() == "months":
            self.tabs.set_current("all")
            self._fill()
        alone = self.tabs.current() not in _EMPTY
        self.card.setVisible(self.tabs.current() == "months" if narrow else not alone)
        if alone:
            self.chips.hide()
        self.table.setColumnHidden(DUE, narrow)
        for button in (self.rules, self.dispose):
            button.setVisible(not alone)
        if alone:
            self.pane.hide()
            self._left.show()

    def _ask(self, dialog: Dialog) -> None:
        dialog.exec()

    def _tab_chosen(self, key: str) -> None:
        for name, part in self.parts.items():
            part.setVisible(name == key)
        self.beside.arrange()
        if key in _EMPTY:
            self._fill()
            return
        self._list.hide()
        self.empty.hide()
        if key in self.parts:
            self.parts[key].refresh()

    def _fetch(self, ids: Sequence[int], deliver: Callable[[Sequence[TimerRow | GroupHead]], None]) -> None:
        heads = [head for head in self._heads() if head.id in ids]
        self.session.run(self, timer_rows, [one for one in ids if one > 0], done=lambda rows: deliver([*heads, *rows]))

    def _heads(self) -> list[GroupHead]:
        """A head for each group that has timers; the last one says when the next of them is due."""
        found = []
        for number, (bucket, title) in enumerate(HEADS, 1):
            if ids := self._wanted(bucket):
                note = self._next_of(bucket, ids[0]) if bucket == "running" else ""
                found.append(GroupHead(-number, bucket, title, len(ids), note))
        return found

    def _next_of(self, bucket: Bucket, case_id: int) -> str:
        """When the first timer of a group is due."""
        on = next(one.on for one in self._found.days if case_id in one.case_ids)
        words = countdown(on, self._found.today)
        return f"The next is on {day(on)}, {words[:1].lower()}{words[1:]}"

    def _standing(self, case_id: int) -> Standing | None:
        return self._standings.get(case_id)

    def _filtered(self) -> None:
        if self.tabs.current() in _EMPTY:
            self._fill()

    def _wanted(self, bucket: Bucket) -> Sequence[int]:
        """The cases of a group whose timers are of the standing that is wanted."""
        every = self._found.cases.get(bucket, ())
        wanted = self.chips.wanted
        return every if wanted is None else [one for one in every if self._standings.get(one) == wanted]

    def _show(self, loaded: tuple[TimerGroups, Mapping[int, Standing]]) -> None:
        found, standings_found = loaded
        if found.whole or (found.cases and not self._found.whole):
            self._show_found(found, standings_found)
        if not found.whole:
            # The rows in sight are asked for by now: they do not wait until all timers are counted.
            self.session.run(self, _load, False, done=self._show)

    def _show_found(self, found: TimerGroups, standings: Mapping[int, Standing]) -> None:
        self._found, self._standings = found, standings
        self.chips.keep(frozenset(standings.values()))
        self.beside.arrange()
        due, soon, waiting = (len(found.cases.get(one, ())) for one in _COUNTED)
        self.dispose.set_off(self._not_yours or ("" if due else "Nothing is due for review."))
        for key, count in (("due", due), ("soon", soon)):
            self.tabs.set_count(key, count)
        if found.whole:
            for key, count in (("all", len(found)), ("waiting", waiting)):
                self.tabs.set_count(key, count)
            self._sum_up(found, due, soon)
        if self.tabs.current() in _EMPTY:
            self._fill()

    def _sum_up(self, found: TimerGroups, due: int, soon: int) -> None:
        """What all of the timers come to: in words, and month by month."""
        running = f"{plural(len(found), 'timer')}: {figures(due)} due for review, {figures(soon)} within a month."
        self.head.set_summary(f"{running if found.cases else 'No timer runs.'} Nothing goes by itself.")
        held = {case_id for case_id, one in self._standings.items() if one == "held"}
        every = [(one.on, len(one.case_ids)) for one in found.days]
        months, late = by_month(every, found.today), before(every, found.today)
        stopped = [(one.on, len(held.intersection(one.case_ids))) for one in found.days] if held else []
        self.chart.show_chart(
            due_chart(months, dict(by_month(stopped, found.today)), late, before(stopped, found.today))
        )
        first, last = months[0][0], months[-1][0]
        ends = [f"{MONTHS[one.month - 1]} {one.year}" for one in (first, last)]
        what = "What is overdue, and what falls due" if late else "What falls due"
        self.card.title.setText(f"{what} from today, {ends[0]} to {ends[1]}")

    def _fill(self) -> None:
        """Lists the timers of the tab, by group where the tab has several."""
        wanted = self.tabs.current()
        listed = [bucket for bucket, _title in HEADS if wanted in ("all", bucket)]
        every = chain.from_iterable(self._found.cases.get(one, ()) for one in listed)
        self.chips.show_standings(one for case in every if (one := self._standings.get(case)) is not None)
        ids = array("q")
        for head in self._heads():
            if wanted in ("all", head.bucket):
                ids.extend([head.id] if wanted == "all" else [])
                ids.extend(self._wanted(head.bucket))
        at, shown = self.table.currentIndex().row(), self.table.paged.ids
        self.table.show_timers(ids, shown[at] if 0 <= at < len(shown) else 0)
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
        if self.isVisible() and changed.kinds & {"case", "run", "hold"}:
            self.refresh()


def before(days: Sequence[tuple[date, int]], today: date) -> int:
    """How many were due on days before today."""
    return sum(many for one, many in days if one < today)


def by_month(days: Sequence[tuple[date, int]], today: date) -> list[tuple[date, int]]:
    """How many of those that are due on these days, from today on, fall into each month from this one on."""
    months = []
    for number in range(MONTHS_SHOWN):
        year, month = divmod(today.year * 12 + today.month - 1 + number, 12)
        months.append(date(year, month + 1, 1))
    counts = dict.fromkeys(months, 0)
    for one, many in days:
        first = one.replace(day=1)
        if one >= today and first in counts:
            counts[first] += many
    return list(counts.items())
