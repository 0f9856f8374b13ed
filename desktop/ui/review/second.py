"""A second look, open: the request as it was put before whoever decided it, and what this person would decide."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from db.records import Action
from desktop.casework.casepage import changes_since_sent_back
from desktop.casework.desk import Done, Invalid
from desktop.casework.secondlookpage import LookPage, open_second_look
from desktop.casework.secondlooks import SecondLook, second_look
from desktop.ui.case.concern import ask_concern
from desktop.ui.case.taborder import set_tab_order
from desktop.ui.kit.base import clear_layout, name_widget
from desktop.ui.kit.button import QUIET, Button
from desktop.ui.kit.card import Ground
from desktop.ui.kit.inputs import Combo
from desktop.ui.kit.panes import ScrollPane
from desktop.ui.kit.tabs import Tab, Tabs
from desktop.ui.kit.tag import Tag, TagLook
from desktop.ui.kit.text import Text
from desktop.ui.review.criteria import RequestPart
from desktop.ui.review.decide import WIDTH
from desktop.ui.review.lookpane import LookPane, LookSketch
from desktop.ui.review.notices import notices
from desktop.ui.review.reading import ReadingPart
from desktop.ui.session import Session, command_id, next_try
from desktop.ui.theme import current_theme

VIEW = "view"
_TABS = (
    Tab("request", "Request and criteria"),
    Tab("changes", "What changed"),
    Tab("interest", "Public interest"),
    Tab("whole", "Whole request"),
    Tab(VIEW, "Your second look"),
)
_PARTS = ("request", "changes", "interest", "whole")
_UNLIMITED = 16777215
_DONE = object()
_BLIND = "As it was put before whoever decided it. What they decided is not shown to you."


class SecondLookView(QWidget):
    """Header, tabs with what they show, and the pane; in narrow windows the pane is a tab."""

    opened = Signal()
    left = Signal()
    """It was kept, or cannot be taken: nothing is in front any more."""
    fold_wanted = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.look: LookPage | None = None
        self._sketches: dict[int, LookSketch] = {}
        self._wanted = 0
        self._turn = 0
        self._command = command_id()
        self._read: set[str] = set()
        name_widget(self, "second_look_page", "Second look")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._build_head())
        self._across = QHBoxLayout()
        self._across.setSpacing(0)
        self._middle = QVBoxLayout()
        self._middle.setSpacing(0)
        self._middle.addWidget(self._build_tabs())
        self._middle.addWidget(self._build_parts(), 1)
        self._across.addLayout(self._middle, 1)
        self.pane = LookPane()
        self._across.addWidget(self.pane)
        column.addLayout(self._across, 1)
        self._connect()

    def _build_head(self) -> QWidget:
        px = current_theme().px
        self.head = Ground("surface", "bottom")
        name_widget(self.head, "look_head", "What the second look is at")
        column = QVBoxLayout(self.head)
        column.setContentsMargins(px(24), px(12), px(24), px(10))
        column.setSpacing(px(6))
        row = QHBoxLayout()
        row.setSpacing(px(12))
        self.reference = Text("", "section")
        self.asked = Text("", "body", "text", elide=True)
        row.addWidget(self.reference)
        row.addWidget(Tag(TagLook("Second look", "eye", "accent")))
        row.addWidget(self.asked, 1)
        column.addLayout(row)
        column.addWidget(Text(_BLIND, "body", "text-2", wrap=True))
        return self.head

    def _build_tabs(self) -> QWidget:
        px = current_theme().px
        bar = Ground("canvas", "bottom")
        row = QHBoxLayout(bar)
        row.setContentsMargins(px(24), 0, px(24), 0)
        row.setSpacing(px(16))
        self.fold = Button("Queue", QUIET, "list-checks", name="look_fold_queue")
        row.addWidget(self.fold)
        self.tabs = Tabs(list(_TABS), "Parts of the second look")
        row.addWidget(self.tabs, 1)
        self.pick = Combo()
        name_widget(self.pick, "pick_look_part", "Part of the second look")
        for tab in _TABS:
            self.pick.addItem(tab.words, tab.key)
        row.addWidget(self.pick, 1)
        return bar

    def _build_parts(self) -> QWidget:
        px = current_theme().px
        self.parts = QStackedWidget()
        self.request, self.changes = RequestPart(), ReadingPart()
        self.interest, self.whole = ReadingPart(), ReadingPart()
        inner: tuple[QWidget, ...] = (self.request, self.changes, self.interest, self.whole)
        for key, part in zip(_PARTS, inner, strict=True):
            label = next(tab.words for tab in _TABS if tab.key == key)
            scroll = ScrollPane(f"look_{key}", label, margin=24)
            if part is self.request:
                self.notice = QVBoxLayout()
                self.notice.setSpacing(px(8))
                scroll.body.addLayout(self.notice)
            scroll.body.addWidget(part)
            self.parts.addWidget(scroll)
        return self.parts

    def _connect(self) -> None:
        self.tabs.changed.connect(self.show_tab)
        self.pick.activated.connect(lambda _at: self.show_tab(str(self.pick.currentData())))
        self.fold.triggered.connect(self.fold_wanted)
        self.pane.pressed.connect(self._keep)
        self.pane.concern_wanted.connect(self._concern)
        keys: tuple[tuple[str, Callable[[], object]], ...] = (
            ("Ctrl+Shift+W", partial(self.show_tab, "changes")),
            ("Alt+P", partial(self._choose, "approve")),
            ("Alt+R", partial(self._choose, "refuse")),
            ("Alt+J", partial(self._choose, "reject")),
            ("Ctrl+Return", self.pane.button.click),
            ("Ctrl+Enter", self.pane.button.click),
        )
        for words, then in keys:
            # Those of one who is not in sight are silent: the queue's cases have the same.
            QShortcut(QKeySequence(words), self).activated.connect(then)

    # Showing

    def panes(self) -> list[QWidget]:
        """What F6 goes round."""
        return [one for one in (self.tabs, self.parts, self.pane) if one.isVisible()]

    def open(self, decision_id: int) -> None:
        """Opens what a second look is at; where this person may not, that is said, and nothing is in front."""
        self._wanted = decision_id
        self.session.run(self, open_second_look, decision_id, done=self._show, failed=self._refused)

    def let_go(self) -> None:
        """Nothing is in front any more."""
        self.look, self._wanted = None, 0
        self._turn += 1

    def keep_among(self, waiting: frozenset[int]) -> None:
        """Lets go of what waits no more: somebody took it, or it is asked for no more."""
        if self._wanted and self._wanted not in waiting:
            self.let_go()
            self.left.emit()

    def _refused(self, error: Exception) -> None:
        self.let_go()
        self.left.emit()
        self.session.show_error(self, error)

    def _show(self, look: LookPage) -> None:
        if look.decision_id == self._wanted:
            self._turn += 1
            self._step(self._turn, self._showing(look))

    def _step(self, turn: int, steps: Iterator[None]) -> None:
        """Builds a piece, then lets the window answer."""
        if turn == self._turn and next(steps, _DONE) is not _DONE:
            QTimer.singleShot(0, self, partial(self._step, turn, steps))

    def _showing(self, look: LookPage) -> Iterator[None]:
        page, desk = look.page, self.session.desk
        self.reference.setText(page.case.row.reference)
        version = f"version {page.version.number}" if page.version else "no version in force"
        self.asked.setText(f"{page.case.row.requester}  ·  {page.agreement.short_title}, {version}")
        changes = len(changes_since_sent_back(page))
        self.tabs.set_count("changes", changes or -1)
        clear_layout(self.notice)
        for banner in notices(page, desk.user.id, desk.today(), changes):
            banner.followed.connect(partial(self.show_tab, banner.property("tab") or "changes"))
            self.notice.addWidget(banner)
        yield
        yield from self.request.building(page, {}, False)
        yield
        self.pane.show_page(page, self._sketches.setdefault(look.decision_id, LookSketch()))
        set_tab_order((self.tabs, self.pick, self.parts, self.pane))
        self.look = look
        self._command = command_id()
        self._read.clear()
        self.opened.emit()
        self.show_tab("request")
        self.tabs.buttons["request"].setFocus()

    def show_tab(self, key: str) -> None:
        """Shows one part; what is only read is made when it is first looked at."""
        if self.look is not None and key not in self._read:
            self._read.add(key)
            if key == "changes":
                self.changes.show_changes(self.look.page)
            elif key == "interest":
                self.interest.show_sections(self.look.page, ("register", "balance", "safeguarding", "release"))
            elif key == "whole":
                self.whole.show_whole(self.look.page, self.session)
        self.tabs.set_current(key)
        if key in _PARTS:
            self.parts.setCurrentIndex(_PARTS.index(key))
        self.arrange(narrow=not self.fold.isHidden(), small=self.tabs.isHidden())

    def arrange(self, *, narrow: bool, small: bool) -> None:
        """Lays everything out: `narrow`, the pane is a tab; `small`, the tabs are a list to choose from."""
        self.fold.setVisible(narrow)
        self.tabs.setVisible(not small)
        self.pick.setVisible(small)
        self.tabs.buttons[VIEW].setVisible(narrow)
        if not narrow and self.tabs.current() == VIEW:
            self.tabs.set_current(_PARTS[self.parts.currentIndex()])
        self.pick.setCurrentIndex(self.pick.findData(self.tabs.current()))
        if narrow and self._across.indexOf(self.pane) >= 0:
            self._middle.addWidget(self.pane, 1)
        elif not narrow and self._across.indexOf(self.pane) < 0:
            self._across.addWidget(self.pane)
        wide = current_theme().px(WIDTH)
        self.pane.setMinimumWidth(0 if narrow else wide)
        self.pane.setMaximumWidth(_UNLIMITED if narrow else wide)
        viewing = self.tabs.current() == VIEW
        self.pane.setVisible(not narrow or viewing)
        self.parts.setVisible(not narrow or not viewing)

    # Saying

    def _choose(self, key: str) -> None:
        if self.look is None:
            return
        if not self.fold.isHidden():
            self.show_tab(VIEW)
        self.pane.group.choose(key)

    def _keep(self) -> None:
        look, sketch = self.look, self.pane.sketch
        if look is None or not sketch.choice:
            return
        command = SecondLook(
            command_id=self._command,
            decision_id=look.decision_id,
            action=Action(sketch.choice),
            reasons=sketch.reasons,
        )
        self.pane.button.set_busy(True)

        def done(_done: Done) -> None:
            self.pane.button.set_busy(False)
            self.let_go()
            self.left.emit()

        def failed(error: Exception) -> None:
            self.pane.button.set_busy(False)
            self._command = next_try(self._command, error)
            if isinstance(error, Invalid):
                self.pane.reasons.show_problem(error.problems[0].message)
                self.pane.reasons.focus()
            else:
                self.session.show_error(self, error)

        said = f"Your second look at {look.page.case.row.reference} is kept"
        self.session.act(self, second_look, command, done=done, failed=failed, said=said)

    def _concern(self) -> None:
        if self.look is not None:
            ask_concern(self.look.page, self.session, self)
