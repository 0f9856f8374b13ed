"""My work: a caseworker's open cases, sorted into what to do next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from db.records import Changed
from desktop.casework.news import news_of
from desktop.casework.work import (
    CHASE,
    FINISH,
    ISSUE,
    LATE,
    MOST_ROWS,
    RECORD,
    REMIND,
    SENT_BACK,
    TAKE_IN,
    WAITING,
    MyWork,
    WorkRow,
    my_work,
    open_count,
)
from desktop.policy.wording import figures, plural, weekday_day
from desktop.ui import dialogs
from desktop.ui.kit.base import name_widget
from desktop.ui.kit.button import MAIN, Button
from desktop.ui.kit.card import Card, Ground, PageHead
from desktop.ui.kit.focus import starts_at
from desktop.ui.kit.notices import EmptyState
from desktop.ui.kit.panes import ScrollPane
from desktop.ui.mywork_list import WorkList
from desktop.ui.mywork_model import Head, waiting_summary
from desktop.ui.mywork_side import NewsCard, StartCard, WeekCard, week_words
from desktop.ui.session import Session
from desktop.ui.theme import current_theme
from desktop.ui.tokens import PAGE_MARGIN

_LOOKS = {
    TAKE_IN: ("refresh-cw", "amber"),
    LATE: ("clock-alert", "red"),
    SENT_BACK: ("undo-2", "text"),
    REMIND: ("calendar-clock", "amber"),
    ISSUE: ("mail", "text"),
    FINISH: ("pencil-line", "text"),
    RECORD: ("file-search", "text"),
    CHASE: ("bell", "text"),
    WAITING: ("chevron-right", "text-2"),
}
_GROUPINGS = {"next": "what to do next", "due": "due date", "agreement": "agreement"}
_ISSUE_MANY = "Issue many at once"
_SIDE = 264
_WITH_SIDE, _WITH_GROUPING = 1000, 816
"""Effective widths of the page from which it has its side, and the choice of grouping."""


class MyWorkPage(Ground):
    """The page. `request_wanted` carries the agreement of a new request, "" for not yet chosen."""

    key = "work"
    request_wanted = Signal(str)
    counted = Signal(int)
    """How many open cases there are, for the navigation."""
    recent = Signal(object)
    """The cases last changed, for the navigation: (id, reference) each."""

    _session: Session

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("canvas", parent=parent)
        self._work: MyWork | None = None
        self._grouping = "next"
        self._open_waiting = False
        self._stale = False
        self._reminded: set[tuple[int, str]] = set()
        """Which points of which cases were shown already: each is told of once."""
        name_widget(self, "my_work_page", "My work")
        self.head = PageHead("My work")
        self.group_button = Button("Group by: what to do next", icon="list-filter", height=32, name="group_by")
        self.group_button.set_menu_arrow()
        self.more = Button("", icon="ellipsis", height=32, name="more")
        self.more.setAccessibleName("More")
        self.menu = QMenu(self)
        self.menu.setAccessibleName("More")
        self.menu.addAction("Save as calendar…\tCtrl+Shift+X", self.save_calendar).setObjectName("save_calendar")
        self.menu.addAction(f"{_ISSUE_MANY}…\tCtrl+Shift+I", self.issue_letters).setObjectName("issue_letters")
        self.new_button = Button("New request", MAIN, "plus", name="new_request")
        self.list = WorkList("my_work_list", "My open cases")
        self.week = WeekCard()
        self.news = NewsCard()
        self.start = StartCard()
        self._build()
        self._connect()

    def begin(self, session: Session) -> None:
        """A caseworker has signed in: loads their work."""
        self._session = session
        session.changed.connect(self._changed)
        self.refresh()

    def refresh(self) -> None:
        """Loads the work anew; the selected case and the place stay."""
        self._session.run(self, my_work, done=self._show)
        self._session.run(self, news_of, done=self.news.show_news)

    def panes(self) -> list[QWidget]:
        """For F6: the list, then what stands beside it."""
        return [self.list, self.side] if self.side.isVisible() else [self.list]

    def _build(self) -> None:
        px = current_theme().px
        page = QVBoxLayout(self)
        margin = px(PAGE_MARGIN)
        page.setContentsMargins(margin, px(20), 0, px(20))
        page.setSpacing(px(16))
        self.head.actions.addWidget(self.group_button)
        self.head.actions.addWidget(self.more)
        self.head.actions.addWidget(self.new_button)
        top = QHBoxLayout()
        top.setContentsMargins(0, 0, margin, 0)
        top.addWidget(self.head)
        page.addLayout(top)
        # The line keeps its room until the work has come, so that nothing jumps.
        self.head.set_summary(" ")
        columns = QHBoxLayout()
        columns.setSpacing(0)
        left = QVBoxLayout()
        left.setContentsMargins(0, 0, margin, 0)
        self._card = Card(padded=False)
        self._card.body.addWidget(self.list)
        empty = EmptyState("clipboard-list", "You have no open cases", "When a request comes in, register it here.")
        self._stack = QStackedWidget()
        self._stack.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._stack.addWidget(self._card)
        self._stack.addWidget(empty)
        left.addWidget(self._stack)
        # Where the list is shorter than the page, the card ends with it.
        self._rest = QWidget()
        left.addWidget(self._rest, 1)
        columns.addLayout(left, 1)
        self.side = ScrollPane("my_work_side", "This week, news and new requests", margin=0)
        self.side.body.setContentsMargins(0, 0, 0, 0)
        for card in (self.week, self.news, self.start):
            self.side.body.addWidget(card)
        self._size()
        self.side.body.addStretch(1)
        columns.addWidget(self.side)
        page.addLayout(columns, 1)
        starts_at(self, self.list)

    def _connect(self) -> None:
        self.new_button.triggered.connect(lambda: self.request_wanted.emit(""))
        self.start.wanted.connect(self.request_wanted)
        self.week.save.clicked.connect(self.save_calendar)
        self.list.opened.connect(self._open)
        self.news.opened.connect(self._open)
        self.list.folded.connect(self._fold)
        self.group_button.triggered.connect(self._choose_grouping)
        self.more.triggered.connect(lambda: self.menu.popup(self.more.mapToGlobal(self.more.rect().bottomLeft())))
        self.list.acted.connect(lambda _key: self.issue_letters())
        for words, then in (("Ctrl+Shift+X", self.save_calendar), ("Ctrl+Shift+I", self.issue_letters)):
            key = QShortcut(QKeySequence(words), self)
            key.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            key.activated.connect(then)
        current_theme().changed.connect(self._size)

    def showEvent(self, event: QShowEvent) -> None:
        """Loads anew what changed while another page was shown."""
        super().showEvent(event)
        if self._stale:
            self._stale = False
            self.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leaves the side out where there is little width."""
        super().resizeEvent(event)
        theme = current_theme()
        effective = event.size().width() * 100 / theme.text_scale
        self.side.setVisible(effective >= _WITH_SIDE)
        self.group_button.setVisible(effective >= _WITH_GROUPING)
        # Beside the week stands the same step.
        self.more.setVisible(effective < _WITH_SIDE)
        self._say(self.side.isHidden())

    def _size(self) -> None:
        px = current_theme().px
        self.side.setFixedWidth(px(_SIDE + PAGE_MARGIN))
        for card in (self.week, self.news, self.start):
            card.setFixedWidth(px(_SIDE))

    def _changed(self, changed: Changed) -> None:
        if "case" not in changed.kinds:
            return
        if self.isVisible():
            self.refresh()
        else:
            self._stale = True
            if self._work is not None:
                # Its number stands in the navigation, whatever page is shown.
                self._session.run(self, open_count, done=self.counted.emit)

    def save_calendar(self) -> None:
        """Saves the dates of the open cases as a calendar file; where there is none, says so."""
        from desktop.ui.mywork_calendar import save_as_calendar

        if self._work is not None and not self._work.open_count:
            dialogs.inform(self, "There is no date to save", "You have no open cases.")
        else:
            save_as_calendar(self._session, self)

    def issue_letters(self) -> None:
        """Opens the letters that are ready, to issue many of them at once."""
        from desktop.ui.letter.batch import BatchDialog

        dialog = BatchDialog(self._session, self)
        dialog.exec()

    def _tell(self, work: MyWork) -> None:
        """Says once how many cases reached a point because the day went on while the desk was open."""
        found = {
            (row.row.id, row.reminder.kind) for group in work.groups for row in group.rows if row.reminder is not None
        }
        new = {case_id for case_id, _kind in found - self._reminded}
        if new and self._work is not None and work.today > self._work.today:
            self._session.toasted.emit(f"{plural(len(new), 'case')} reached a reminder point")
        self._reminded |= found

    def _show(self, work: MyWork) -> None:
        self._tell(work)
        # What to do comes first: what stands beside it follows when the list has been painted.
        QTimer.singleShot(0, self, partial(self._show_beside, work, self._work is None))
        self._work = work
        self._say(self.side.isHidden())
        self._arrange()
        self._stack.setCurrentIndex(0 if work.open_count else 1)
        self.counted.emit(work.open_count)
        self.recent.emit(work.recent)

    def _show_beside(self, work: MyWork, first: bool) -> None:
        self.week.show_week(work)
        if not first:
            # Offered once, so that what is under the pointer does not change places.
            return
        used = Counter(row.row.agreement_id for group in work.groups for row in group.rows)
        self.start.show_agreements(self._session.desk.agreements.all(), work.today, used)

    def _say(self, narrow: bool) -> None:
        """The line under the title."""
        work = self._work
        if work is None:
            return
        late, more = work.late_count, work.due_in_week
        week = week_words(work)
        if narrow:
            self.head.set_summary(
                f"{plural(work.open_count, 'open case')}: {figures(late)} late, {figures(more)} more due {week}"
            )
            return
        others = f" ({figures(work.late_with_others)} with others)" if work.late_with_others else ""
        parts = [f"{plural(late, 'is', 'are')} late{others}"] if late else []
        if more:
            also = " more" if late else ""
            parts.append(f"{figures(more)}{also} due {week}")
        detail = f": {' and '.join(parts)}" if parts else ""
        shown = f" The {figures(MOST_ROWS)} most urgent are shown." if work.open_count > MOST_ROWS else ""
        cases = plural(work.open_count, "open case") if work.open_count else "no open cases"
        self.head.set_summary(f"{weekday_day(work.today).rsplit(' ', 1)[0]}. You have {cases}{detail}.{shown}")

    def _arrange(self) -> None:
        work = self._work
        if work is None:
            return
        self.list.show_groups(self._grouped(work), work.today)
        self._stack.setMaximumHeight(self.list.content_height() + 2 if work.open_count else 16777215)
        self._rest.setVisible(bool(work.open_count))

    def _grouped(self, work: MyWork) -> list[tuple[Head, tuple[WorkRow, ...]]]:
        if self._grouping == "next":
            groups = [
                (
                    Head(g.key, g.title, len(g.rows), *_LOOKS[g.key], action=_ISSUE_MANY if g.key == ISSUE else ""),
                    g.rows,
                )
                for g in work.groups
            ]
            return [self._foldable(head, rows, work) if head.key == WAITING else (head, rows) for head, rows in groups]
        every = sorted((row for group in work.groups for row in group.rows), key=_by_due)
        names: dict[str, list[WorkRow]] = {}
        for row in every:
            names.setdefault(self._group_name(row, work), []).append(row)
        icon = "calendar-days" if self._grouping == "due" else "file-text"
        return [
            (Head(name, name, len(rows), *(_LOOKS[LATE] if name == "Late" else (icon, "text"))), tuple(rows))
            for name, rows in names.items()
        ]

    def _foldable(self, head: Head, rows: Sequence[WorkRow], work: MyWork) -> tuple[Head, tuple[WorkRow, ...]]:
        summary = waiting_summary(rows, work.today)
        return replace(head, folds=True, folded=not self._open_waiting, summary=summary), tuple(rows)

    def _group_name(self, row: WorkRow, work: MyWork) -> str:
        if self._grouping == "agreement":
            return row.agreement
        due = row.row.due_on
        if due is None or row.days_left is None:
            return "Without a date that runs"
        if row.days_left < 0:
            return "Late"
        sunday = work.today + timedelta(days=6 - work.today.weekday())
        if due <= sunday:
            return "This week"
        return "Next week" if due <= sunday + timedelta(days=7) else "Later"

    def _fold(self, key: str) -> None:
        self._open_waiting = not self._open_waiting
        self._arrange()
        for at in range(self.list.work.rowCount()):
            line = self.list.work.line(self.list.work.index(at))
            if isinstance(line, Head) and line.key == key:
                self.list.setCurrentIndex(self.list.work.index(at))
                self.list.scrollTo(self.list.currentIndex())

    def _choose_grouping(self) -> None:
        menu = QMenu(self)
        for key, words in _GROUPINGS.items():
            action = menu.addAction(words.capitalize(), partial(self.group_by, key))
            action.setCheckable(True)
            action.setChecked(key == self._grouping)
        menu.popup(self.group_button.mapToGlobal(self.group_button.rect().bottomLeft()))

    def group_by(self, key: str) -> None:
        """Sorts the cases by "next" (what to do next), "due" or "agreement"."""
        self._grouping = key
        self.group_button.setText(f"Group by: {_GROUPINGS[key]}")
        self._arrange()

    def _open(self, case_id: int) -> None:
        self._session.case_wanted.emit(case_id, "")


def _by_due(row: WorkRow) -> tuple[bool, bool, str]:
    due = row.row.due_on
    return row.days_left is None, due is None, due.isoformat() if due else ""
