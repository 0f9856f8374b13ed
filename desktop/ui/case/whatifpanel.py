"""What the step that is being filled in would do to the due date: the old date, the new one, and why."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.policy.whatif import WhatIf
from desktop.ui.kit.base import name_widget
from desktop.ui.kit.card import Ground
from desktop.ui.kit.small import IconText
from desktop.ui.kit.text import Text
from desktop.ui.theme import current_theme


class WhatIfPanel(Ground):
    """Two dates and a sentence for each difference, or nothing while no date can be worked out."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("sunken", "left", parent)
        px = current_theme().px
        column = QVBoxLayout(self)
        column.setContentsMargins(px(12), px(10), px(12), px(10))
        column.setSpacing(px(4))
        self.head = IconText("calendar-clock", "", "text", "strong", wrap=True)
        self.why = Text("", "small", "text-2", wrap=True)
        column.addWidget(self.head)
        column.addWidget(self.why)
        name_widget(self, "what_if", "What this does to the due date")
        self.hide()

    def show_change(self, change: WhatIf | None) -> None:
        """Shows what would change; None hides it."""
        if change is not None:
            why = "\n".join(change.why)
            self.head.show_words("calendar-clock", change.head, "text", "strong")
            self.why.setText(why)
            self.why.setVisible(bool(why))
            self.setAccessibleDescription(self.text())
        self.setVisible(change is not None and (change.before is not None or change.after is not None))

    def text(self) -> str:
        """What it says."""
        return "\n".join(words for words in (self.head.words.text(), self.why.text()) if words)
