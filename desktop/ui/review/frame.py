"""What the review window is made of, and how that fits the width there is."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from desktop.ui.beside import LEAST, LEAST_HIGH
from desktop.ui.case.header import CaseHeader
from desktop.ui.kit.base import name_widget
from desktop.ui.kit.button import MAIN, PLAIN, Button
from desktop.ui.kit.card import Ground
from desktop.ui.kit.focus import starts_at
from desktop.ui.kit.notices import EmptyState
from desktop.ui.kit.panes import WidthWatcher
from desktop.ui.kit.small import Count
from desktop.ui.kit.tabs import Tab
from desktop.ui.kit.text import Text
from desktop.ui.letter.paper import Paper
from desktop.ui.review.decide import DecisionPane
from desktop.ui.review.looks import LooksPart
from desktop.ui.review.queue import Queue
from desktop.ui.review.reader import CHANGES, INTEREST, REQUEST, UNLIMITED, WHOLE, Reader
from desktop.ui.review.second import SecondLookView
from desktop.ui.session import Session
from desktop.ui.theme import current_theme

QUEUE = 240
DECISION = "decision"
_LETTER = Tab("letter", "Letter")
_TABS = (REQUEST, CHANGES, _LETTER, INTEREST, WHOLE, Tab(DECISION, "Your decision"))


class ReviewFrame(Reader):
    """Queue; header, tabs and what they show; decision. In narrow windows the queue folds and the pane is a tab."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, _TABS, "review", "review", parent)
        self._watcher: WidthWatcher | None = None
        self._queue_open = False
        name_widget(self, "review_page", "Review queue")
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(0)
        self._left = self._build_queue()
        across.addWidget(self._left, 1)
        self.stack = QStackedWidget()
        self.empty = EmptyState("list-checks", "Nothing is chosen", "")
        self.stack.addWidget(self.empty)
        self._case = self._build_case()
        self.stack.addWidget(self._case)
        self.second = SecondLookView(session)
        self.stack.addWidget(self.second)
        self.looks.read.connect(self.second.keep_among)
        self.second.opened.connect(partial(self.show_second, True))
        self.second.left.connect(self._second_left)
        for fold in (self.fold, self.second.fold):
            fold.triggered.connect(self.toggle_queue)
        across.addWidget(self.stack, 4)
        starts_at(self, self.queue)
        current_theme().changed.connect(self.arrange)
        # Before it is first laid out: what a wide window does not show would make it wider.
        self.arrange()

    @property
    def narrow(self) -> bool:
        """Whether queue and decision give way to the case."""
        return self._watcher is not None and self._watcher.step < 1366

    def panes(self) -> list[QWidget]:
        """What F6 goes round."""
        every = (self._left, self.looks, self.header, self.tabs, self.parts, self.pane, *self.second.panes())
        return [one for one in every if one.isVisible()]

    def minimumSizeHint(self) -> QSize:
        """Narrow: whatever does not fit folds, so a wide arrangement must not hold the window wide."""
        return QSize(current_theme().px(LEAST), current_theme().px(LEAST_HIGH))

    def showEvent(self, event: QShowEvent) -> None:
        """Follows the width of the window that it now stands in."""
        super().showEvent(event)
        if self._watcher is None:
            self._watcher = WidthWatcher(self.window())
            self._watcher.crossed.connect(self._crossed)
        self.arrange()

    def show_case(self, shown: bool) -> None:
        """Shows the case, or that none is chosen."""
        self._put_in_front(self._case if shown else self.empty)

    def show_second(self, shown: bool) -> None:
        """Shows a second look, or that nothing is chosen."""
        self._put_in_front(self.second if shown else self.empty)

    def _second_left(self) -> None:
        self.looks.list.let_go()
        self.show_second(False)
        (self.looks.list if self.looks.isVisibleTo(self) else self.next).setFocus()

    def _put_in_front(self, part: QWidget) -> None:
        shown = part is not self.empty
        self.stack.setCurrentWidget(part)
        self._queue_open = False
        # One filled button to a page: while a case is open, that is the decision.
        self.next.set_kind(PLAIN if shown else MAIN)
        self.arrange()

    def toggle_queue(self) -> None:
        """Unfolds the queue in a narrow window, or folds it."""
        self._queue_open = not self._queue_open
        self.arrange()
        if self._queue_open:
            self.queue.setFocus(Qt.FocusReason.OtherFocusReason)

    def _crossed(self, _step: int) -> None:
        # A method, not a lambda: Qt lets go of it with the widget, and the watcher lives as long as the window.
        self.arrange()

    def arrange(self) -> None:
        """Lays everything out for the width."""
        px, narrow = current_theme().px, self.narrow
        case = self.stack.currentWidget() is not self.empty
        self._left.setVisible(not narrow or not case or self._queue_open)
        self.stack.setVisible(not narrow or (case and not self._queue_open))
        self._left.setMinimumWidth(px(QUEUE))
        self._left.setMaximumWidth(UNLIMITED if narrow else px(QUEUE))
        small = self._watcher is not None and self._watcher.step < 1024
        for reader in (self, self.second):
            reader.fit(narrow=narrow, small=small)

    def _build_queue(self) -> QWidget:
        px = current_theme().px
        left = Ground("canvas", "right")
        name_widget(left, "queue_pane", "Queue")
        column = QVBoxLayout(left)
        column.setContentsMargins(0, px(14), 1, 0)
        column.setSpacing(px(10))
        head = QHBoxLayout()
        head.setContentsMargins(px(16), 0, px(16), 0)
        head.setSpacing(px(8))
        head.addWidget(Text("Review queue", "group"))
        self.count = Count(0)
        head.addWidget(self.count)
        head.addStretch(1)
        column.addLayout(head)
        row = QHBoxLayout()
        row.setContentsMargins(px(16), 0, px(16), 0)
        self.next = Button("Give me the next one", key_hint="Ctrl+J", name="next_case")
        row.addWidget(self.next, 1)
        column.addLayout(row)
        self.queue = Queue()
        column.addWidget(self.queue, 1)
        self.looks = LooksPart(self.session)
        column.addWidget(self.looks)
        return left

    def _build_case(self) -> QWidget:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.header = CaseHeader()
        self.header.show_main(False)
        self.header.more.hide()
        column.addWidget(self.header)
        self.pane = DecisionPane()
        column.addLayout(self.body(), 1)
        return holder

    def pane_of(self) -> QWidget:
        """Where this person decides."""
        return self.pane

    def part(self, tab: Tab) -> QWidget:
        """What a tab shows."""
        return self._build_letter() if tab is _LETTER else super().part(tab)

    def _build_letter(self) -> QWidget:
        letter = QWidget()
        inside = QVBoxLayout(letter)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(0)
        self.letter_notice = QVBoxLayout()
        inside.addLayout(self.letter_notice)
        self.no_letter = EmptyState("file-text", "There is no letter yet")
        inside.addWidget(self.no_letter, 1)
        self.paper = Paper(self.session)
        inside.addWidget(self.paper, 1)
        return letter
