"""A second look, open: the request as it was put before whoever decided it, and what this person would decide."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from db.records import Action
from desktop.casework.casepage import CasePage
from desktop.casework.desk import Done, Invalid
from desktop.casework.secondlookpage import LookPage, open_second_look
from desktop.casework.secondlooks import SecondLook, second_look
from desktop.ui.case.concern import ask_concern
from desktop.ui.case.taborder import set_tab_order
from desktop.ui.kit.base import name_widget
from desktop.ui.kit.card import Ground
from desktop.ui.kit.tabs import Tab
from desktop.ui.kit.tag import Tag, TagLook
from desktop.ui.kit.text import Text
from desktop.ui.review.lookpane import LookPane, LookSketch
from desktop.ui.review.reader import CHANGES, INTEREST, REQUEST, WHOLE, Reader
from desktop.ui.session import Session, command_id, next_try
from desktop.ui.theme import current_theme

VIEW = "view"
_TABS = (REQUEST, CHANGES, INTEREST, WHOLE, Tab(VIEW, "Your second look"))
_BLIND = "As it was put before whoever decided it. What they decided is not shown to you."


class SecondLookView(Reader):
    """Header, tabs with what they show, and the pane; in narrow windows the pane is a tab."""

    opened = Signal()
    left = Signal()
    """It was kept, or cannot be taken: nothing is in front any more."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, _TABS, "look", "second look", parent)
        self.look: LookPage | None = None
        self._sketches: dict[int, LookSketch] = {}
        self._wanted = 0
        self._command = command_id()
        name_widget(self, "second_look_page", "Second look")
        self.pane = LookPane()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._build_head())
        column.addLayout(self.body(), 1)
        self._connect()

    def shown_page(self) -> CasePage | None:
        """What the second look is at."""
        return self.look.page if self.look is not None else None

    def pane_of(self) -> QWidget:
        """Where this person says what they would decide."""
        return self.pane

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

    def _connect(self) -> None:
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
        self.stop_building()

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
            self.build(self._showing(look))

    def _showing(self, look: LookPage) -> Iterator[None]:
        page = look.page
        self.reference.setText(page.case.row.reference)
        version = f"version {page.version.number}" if page.version else "no version in force"
        self.asked.setText(f"{page.case.row.requester}  ·  {page.agreement.short_title}, {version}")
        self.show_notices(page)
        yield
        yield from self.request.building(page, {}, False)
        yield
        self.pane.show_page(page, self._sketches.setdefault(look.decision_id, LookSketch()))
        set_tab_order((self.tabs, self.pick, self.parts, self.pane))
        self.look = look
        self._command = command_id()
        self.read_anew()
        self.opened.emit()
        self.show_tab("request")
        self.tabs.buttons["request"].setFocus()

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
