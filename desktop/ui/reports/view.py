"""The Reports page: the figures of the desk, each with the cases behind it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TypeVar

from PySide6.QtCore import QSize, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from desktop.policy.savedreports import ReportKind, WantedReport
from desktop.ui.beside import LEAST, LEAST_HIGH
from desktop.ui.kit.base import name_widget
from desktop.ui.kit.card import Ground, PageHead
from desktop.ui.kit.focus import starts_at
from desktop.ui.kit.tabs import Tab, Tabs
from desktop.ui.reports.askedpart import AskedPart
from desktop.ui.reports.oversight import OversightPart
from desktop.ui.reports.part import ReportPart
from desktop.ui.reports.publication import PublicationPart
from desktop.ui.reports.saved import REPORTS
from desktop.ui.reports.today import TodayPart
from desktop.ui.savedviews import SavedViews
from desktop.ui.session import Session
from desktop.ui.theme import current_theme
from desktop.ui.tokens import PAGE_MARGIN

_TABS = (
    Tab("today", "The desk today", icon="clock"),
    Tab("publication", "Publication register", icon="library"),
    Tab("oversight", "Oversight", icon="eye"),
)
_SUMMARIES = {
    "today": "What came in, what is open, who waits for whom, and what will be late. Each figure opens its cases.",
    "publication": "What was received, answered and carried forward, as published. Each figure shown opens its cases.",
    "oversight": "How requests were dealt with, for a board or a department. Each figure shown opens its cases.",
}

_Part = TypeVar("_Part", bound=ReportPart)


class ReportsPage(Ground):
    """One report at a time, chosen by tabs."""

    key = "reports"

    def __init__(self, session: Session) -> None:
        super().__init__("canvas")
        px = current_theme().px
        name_widget(self, "reports_page", "Reports")
        self._session = session
        self._key = _TABS[0].key
        self._made: list[ReportPart] = []
        self.head = PageHead("Reports")
        self.tabs = Tabs(list(_TABS), "Reports")
        self.saved = SavedViews(session, self, REPORTS)
        self.head.actions.addWidget(self.saved.chip)
        self._stack = QStackedWidget()
        page = QVBoxLayout(self)
        page.setContentsMargins(px(PAGE_MARGIN), px(16), px(PAGE_MARGIN), px(12))
        page.setSpacing(px(12))
        page.addWidget(self.head)
        page.addWidget(self.tabs)
        page.addWidget(self._stack, 1)
        # A timer of no time lets whatever else waits have its turn, which an event that is posted does not.
        self._next = QTimer(self, interval=0, singleShot=True)
        self._next.timeout.connect(lambda: self.show_part(self.tabs.current()))
        self.tabs.changed.connect(self._choose)
        self.saved.chosen.connect(self._open_saved)
        self.saved.left.connect(self._leave_saved)
        self._add_keys()
        self.show_part(self._key)
        self.saved.refresh()

    @cached_property
    def today(self) -> TodayPart:
        """The desk today. Each report is made when it is first wanted: together they would hold the window up."""
        return self._added(TodayPart(self._session))

    @cached_property
    def publication(self) -> PublicationPart:
        """The publication register."""
        made = self._added(self._publication)
        made.asking.edited.connect(self._show_saved)
        return made

    @cached_property
    def oversight(self) -> OversightPart:
        """The oversight report."""
        made = self._added(self._oversight)
        made.asking.edited.connect(self._show_saved)
        return made

    @cached_property
    def _publication(self) -> PublicationPart:
        return self._own(PublicationPart(self._session))

    @cached_property
    def _oversight(self) -> OversightPart:
        return self._own(OversightPart(self._session))

    def _own(self, part: _Part) -> _Part:
        """Goes with this page, also where it is never shown."""
        part.hide()
        part.setParent(self)
        return part

    def part(self, key: str) -> ReportPart:
        """The report with this key: "today", "publication" or "oversight"."""
        made: ReportPart = getattr(self, key)
        return made

    def panes(self) -> list[QWidget]:
        """What F6 goes round."""
        return [self.tabs.buttons[self.current()], *self.part(self.current()).panes()]

    def refresh(self) -> None:
        """Counts again where something changed since."""
        self.part(self.current()).refresh()
        self.saved.refresh()

    def current(self) -> str:
        """The key of the report that is shown."""
        return self._key

    def show_part(self, key: str) -> None:
        """Shows another report."""
        shown, self._key = self.part(key), key
        self._stack.setCurrentWidget(shown)
        self.tabs.set_current(key)
        self.head.set_summary(_SUMMARIES[key])
        for part in self._made:
            part.tools.setVisible(part is shown)
        starts_at(self, shown)
        shown.refresh()
        self._show_saved()

    def minimumSizeHint(self) -> QSize:
        """Narrow: whatever does not fit gives way, so a wide arrangement must not hold the window wide."""
        return QSize(current_theme().px(LEAST), current_theme().px(LEAST_HIGH))

    def _added(self, part: _Part) -> _Part:
        self._made.append(part)
        self._stack.addWidget(part)
        self.head.actions.addWidget(part.tools)
        part.counting.also_in(self)
        # They stand in the head, and have the keyboard before what is below it.
        before: QWidget = self.saved.chip
        for tool in part.every_tool():
            self.setTabOrder(before, tool)
            before = tool
        return part

    def _choose(self, key: str) -> None:
        """A report that is not there yet is made in one turn of the window's thread, and shown in the next."""
        if key in vars(self):
            self.show_part(key)
        else:
            getattr(self, f"_{key}")
            self._next.start()

    def _show_saved(self) -> None:
        """What is asked for may be a saved report."""
        part = self.part(self.current())
        self.saved.show_wanted(part.wanted() if isinstance(part, AskedPart) else None)

    def _open_saved(self, wanted: WantedReport) -> None:
        part = self.publication if wanted.report is ReportKind.PUBLICATION else self.oversight
        part.show_wanted(wanted)
        self.show_part(wanted.report.value)

    def _leave_saved(self) -> None:
        part = self.part(self.current())
        if isinstance(part, AskedPart):
            part.reset()
            self._show_saved()

    def _main(self) -> None:
        self.part(self.current()).main.click()

    def _add_keys(self) -> None:
        keys: tuple[tuple[str, Callable[[], object]], ...] = (
            ("Ctrl+Return", self._main),
            ("Ctrl+PgUp", lambda: self.part(self.current()).step(-1)),
            ("Ctrl+PgDown", lambda: self.part(self.current()).step(1)),
        )
        for words, then in keys:
            shortcut = QShortcut(QKeySequence(words), self)
            shortcut.activated.connect(then)
