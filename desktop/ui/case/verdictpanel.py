"""What the agreement makes of a request as answered so far: the outcome that leads, and all six with why."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.policy.verdict import Lead, Verdict, VerdictRow
from desktop.policy.wording import lower_first
from desktop.ui.case.words import say
from desktop.ui.kit.base import draw_box
from desktop.ui.kit.card import Card
from desktop.ui.kit.field import IconLabel
from desktop.ui.kit.text import Text
from desktop.ui.theme import current_theme

ICONS: dict[Lead, str] = {
    "approve": "circle-check",
    "reject": "ban",
    "refuse": "circle-x",
    "return": "undo-2",
    "narrow": "split",
    "escalate": "shield-alert",
    "unfinished": "circle-dashed",
}


def verdict_words(verdict: Verdict, held: bool) -> tuple[str, str]:
    """The title and the summary of a verdict. Nothing may be decided of what is held."""
    if not held:
        return verdict.title, verdict.summary
    return "Nobody decides it while it is held", f"Once it is off hold: {lower_first(verdict.title)}. {verdict.summary}"


class VerdictPanel(Card):
    """Its rows are made once; what changes is announced politely."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(padded=False, parent=parent)
        self.setObjectName("verdict")
        px = current_theme().px
        head = QVBoxLayout()
        head.setContentsMargins(px(16), px(12), px(16), px(12))
        head.setSpacing(px(2))
        head.addWidget(Text("What the agreement makes of this", "small-strong", "text-2"))
        line = QHBoxLayout()
        line.setSpacing(px(8))
        self._icon = IconLabel("circle-dashed", "text", 20)
        self.title = Text("", "section", wrap=True)
        line.addWidget(self._icon)
        line.addWidget(self.title, 1)
        head.addLayout(line)
        self.summary = Text("", "small", "text-2", wrap=True)
        self.blocks = Text("", "small", "text-2", wrap=True)
        head.addWidget(self.summary)
        head.addWidget(self.blocks)
        self.body.addLayout(head)
        self.rows: dict[str, _Row] = {}
        self._said = ""

    def show_verdict(self, verdict: Verdict, held: bool = False) -> None:
        """Shows a verdict; of a case that is `held`, what it would be once that is over."""
        plain = verdict.leads in ("approve", "unfinished") and not verdict.stuck
        colour = "text" if plain else "amber"
        self._icon.set_icon("pause" if held else ICONS[verdict.leads], "violet" if held else colour)
        self.title.set_style("section", "violet" if held else colour)
        title, summary = verdict_words(verdict, held)
        say(self.title, title)
        say(self.summary, summary)
        say(self.blocks, "\n".join(verdict.contradictions))
        self.blocks.setVisible(bool(verdict.contradictions))
        for row in verdict.rows:
            if row.key not in self.rows:
                self.rows[row.key] = _Row(last=row is verdict.rows[-1])
                self.body.addWidget(self.rows[row.key])
            self.rows[row.key].show_row(row)
        self._announce(f"What the agreement makes of this: {title}. {summary}")

    def _announce(self, words: str) -> None:
        before, self._said = self._said, words
        if before and before != words and self.isVisible():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, words))


class _Row(QWidget):
    def __init__(self, last: bool) -> None:
        super().__init__()
        self._theme = current_theme()
        self._applies, self._last = False, last
        self._tint = "amber-tint"
        px = self._theme.px
        row = QHBoxLayout(self)
        row.setContentsMargins(px(16), px(8), px(16), px(8))
        row.setSpacing(px(12))
        self._icon = IconLabel("minus", "text-3")
        self._label = Text("", "small-label")
        self._why = Text("", "small", "text-2", wrap=True)
        self._short = Text("", "small", "text-2")
        column = QVBoxLayout()
        column.setSpacing(0)
        line = QHBoxLayout()
        line.addWidget(self._label, 1)
        line.addWidget(self._short)
        column.addLayout(line)
        column.addWidget(self._why)
        row.addWidget(self._icon)
        row.addLayout(column, 1)

    def show_row(self, row: VerdictRow) -> None:
        """Shows one outcome."""
        self._applies = row.applies
        self._tint = "green-tint" if row.key == "approve" else "amber-tint"
        marked = row.applies and row.key != "approve"
        icon = ICONS[row.key] if row.applies else "circle-dashed" if row.waits else "minus"
        self._icon.set_icon(icon, "amber" if marked else "text-2")
        self._label.setText(row.label)
        self._label.set_style("small-strong" if row.applies else "small-label", "amber" if marked else "text")
        # A few words stand beside the name; a sentence stands below it.
        beside = not row.applies and len(row.label) + len(row.why) <= 38
        self._short.setVisible(beside)
        self._why.setVisible(not beside)
        self._short.setText(row.why)
        say(self._why, row.why)
        self.setAccessibleName(f"{row.label}: {row.why}")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws the line above, and the tint of the one that applies."""
        painter = QPainter(self)
        box = self.rect().adjusted(1, 0, -1, -1 if self._last else 0)
        if self._applies:
            radius = self._theme.px(5) if self._last else 0
            draw_box(painter, QRectF(box), self._theme.colour(self._tint), None, 1, radius)
        painter.fillRect(box.x(), 0, box.width(), 1, self._theme.colour("line"))
