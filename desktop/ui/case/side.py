"""The pane at the right: what the agreement says, earlier requests, the verdict and the items asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from db.records import Answers, State
from desktop.casework.beside import Earlier
from desktop.casework.casepage import CasePage
from desktop.policy.agreements import Item, Section
from desktop.policy.answers import keys_of
from desktop.ui.case.comparison import ComparisonPanel
from desktop.ui.case.linked import LinkedCard
from desktop.ui.case.verdictpanel import VerdictPanel
from desktop.ui.case.words import say, short_source
from desktop.ui.kit.base import clear_layout
from desktop.ui.kit.button import Link
from desktop.ui.kit.card import Card
from desktop.ui.kit.field import IconLabel
from desktop.ui.kit.panes import ScrollPane
from desktop.ui.kit.small import IconText
from desktop.ui.kit.text import Text
from desktop.ui.theme import current_theme


class SidePane(ScrollPane):
    """Follows the section: guidance and earlier requests beside the request, the verdict beside the assessment."""

    agreement_wanted = Signal()
    case_wanted = Signal(int)
    decided = Signal(int, bool)
    """(the other case's id, whether it is the same person)."""
    filled = Signal()
    """The last of the earlier requests stands there too: there are other controls than before."""
    take_out_wanted = Signal()
    """To the items to release: something is asked for that is not permitted."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("case_side", "The agreement and earlier requests", parent=parent)
        px = current_theme().px
        self._guidance = Card()
        self._guidance.body.addWidget(IconText("book-open", "What the agreement says", "text", "strong"))
        self._says = Text("", "small", "text-2", wrap=True)
        self._source = Text("", "tiny", "text-3", wrap=True)
        self.whole = Link("Read the whole agreement", name="whole_agreement")
        self.whole.clicked.connect(self.agreement_wanted)
        words: tuple[QWidget, ...] = (self._says, self._source, self.whole)
        for widget in words:
            self._guidance.body.addWidget(widget)
        self.verdict = VerdictPanel()
        self._asked = Card("Items asked for")
        self._items = QVBoxLayout()
        self._items.setSpacing(px(6))
        self._asked.body.addLayout(self._items)
        self._earlier = QWidget()
        self._earlier.setObjectName("earlier_requests")
        around = QVBoxLayout(self._earlier)
        around.setContentsMargins(0, 0, 0, 0)
        self._holder = QWidget()
        around.addWidget(self._holder)
        self._panels = QVBoxLayout(self._holder)
        self._panels.setContentsMargins(0, 0, 0, 0)
        self._panels.setSpacing(px(8))
        self._shown: Sequence[Earlier] = ()
        self._to_do: list[Callable[[], None]] = []
        self._filling = QTimer(self)
        self._filling.setSingleShot(True)
        self._filling.timeout.connect(self._go_on)
        self._listed: tuple[Item, ...] | None = None
        self.linked = LinkedCard()
        for card in (self._guidance, self.verdict, self._asked, self._earlier, self.linked):
            self.body.addWidget(card)
        self.body.addStretch(1)
        self._earlier.hide()

    def show_section(self, section: Section | None, assessment: bool) -> None:
        """Shows what belongs beside a section; None for the parts that follow them."""
        self._guidance.setVisible(section is not None)
        if section is not None:
            say(self._says, section.guidance)
            say(self._source, f"Source: {short_source(section.source)}")
        self.verdict.setVisible(assessment)
        self._asked.setVisible(assessment)
        self._earlier.setVisible(not assessment and bool(self._shown))

    def show_page(self, page: CasePage, answers: Answers, may_decide: bool, may_link: bool) -> bool:
        """Shows what the store makes of the case now; the earlier requests with `fill`. True where there are other
        controls in it than before.
        """
        self.verdict.show_verdict(page.verdict, page.case.row.state is State.HELD)
        items = tuple(one for one in page.agreement.items if one.id in keys_of(answers.get("asked.items")))
        changed = items != self._listed or page.earlier != self._shown
        changed = self.linked.show_page(page, may_link) or changed
        if items != self._listed:
            self._show_items(items)
        if page.earlier != self._shown:
            self._show_earlier(page.earlier, may_decide)
        return changed

    def focus_earlier(self) -> bool:
        """Puts the keyboard into the earlier requests; False where there are none."""
        panel = None if self._to_do else self._earlier.findChild(ComparisonPanel)
        if panel is None:
            return False
        self.verdict.hide()
        self._earlier.show()
        panel.fold.setFocus(Qt.FocusReason.OtherFocusReason)
        self.ensureWidgetVisible(panel)
        return True

    def _show_items(self, items: tuple[Item, ...]) -> None:
        self._listed = items
        clear_layout(self._items)
        if not items:
            self._items.addWidget(Text("Nothing is ticked yet.", "small", "text-2"))
        for item in items:
            self._items.addWidget(self._item(item.id, item.label, item.releasable))

    def _item(self, key: str, label: str, permitted: bool) -> QWidget:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(current_theme().px(8))
        row.addWidget(IconLabel("check" if permitted else "circle-slash", "green" if permitted else "text-2"))
        row.addWidget(Text(label, "small", elide=True), 0 if not permitted else 1)
        if not permitted:
            row.addWidget(Text("not permitted", "small", "text-3"), 1)
            take_out = Link("Leave it out", name=f"leave_out_{key}")
            take_out.setAccessibleName(f"Leave out {label}")
            take_out.clicked.connect(self.take_out_wanted)
            row.addWidget(take_out)
        holder.setAccessibleName(f"{label}: {'permitted' if permitted else 'not permitted'}")
        holder.setObjectName(f"asked_item_{key}")
        return holder

    def _show_earlier(self, earlier: Sequence[Earlier], may_decide: bool) -> None:
        self._shown = earlier
        self._holder.hide()
        panels = [partial(self._add_panel, one, number == 0, may_decide) for number, one in enumerate(earlier)]
        self._to_do = [self._clear, *panels]

    def fill(self) -> None:
        """Shows the earlier requests, where they are not there yet: each in a tick of its own, since there may be
        twenty.
        """
        if self._to_do:
            self._filling.start()

    def _go_on(self) -> None:
        self._to_do.pop(0)()
        self.fill()
        if not self._to_do:
            self.filled.emit()

    def _clear(self) -> None:
        clear_layout(self._panels)
        if self._shown:
            self._panels.addWidget(Text("Earlier requests that may be about this person", "strong", wrap=True))
        self._holder.show()

    def _add_panel(self, earlier: Earlier, open_at_first: bool, may_decide: bool) -> None:
        panel = ComparisonPanel(earlier, open_at_first=open_at_first, may_decide=may_decide)
        panel.case_wanted.connect(self.case_wanted)
        panel.decided.connect(self.decided)
        self._panels.addWidget(panel)
