"""What keeps a case from being destroyed: the holds over it, each with its authority, and what else."""

from __future__ import annotations

from datetime import date

from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.casework.holds import HoldRow, Keeping
from desktop.policy.holds import STANDING_WORDS, review_words
from desktop.policy.wording import lower_first
from desktop.ui.kit.base import clear_layout, name_widget
from desktop.ui.kit.card import Card, Facts
from desktop.ui.kit.small import IconText
from desktop.ui.theme import current_theme


class KeepingCard(Card):
    """A card that is there only where something keeps the case."""

    def __init__(self, name_width: int = 88) -> None:
        super().__init__("What keeps this case")
        name_widget(self, "keeping_card", "What keeps this case")
        self._name_width = name_width
        self._rows = QVBoxLayout()
        self._rows.setSpacing(current_theme().px(8))
        self.body.addLayout(self._rows)
        self.hide()

    def show_keeping(self, found: Keeping, today: date) -> None:
        """Shows what keeps it, or nothing."""
        clear_layout(self._rows)
        for row in found.holds:
            self._add_hold(row, today)
        for sentence in found.others:
            self._rows.addWidget(IconText("circle-pause", sentence, "text", "small", icon_colour="amber", wrap=True))
        self.setVisible(bool(found))

    def _add_hold(self, row: HoldRow, today: date) -> None:
        words = f"Hold {row.hold.id}: {lower_first(row.scope)}"
        self._rows.addWidget(IconText("circle-pause", words, "text", "label", icon_colour="violet", wrap=True))
        found: list[tuple[str, str | QWidget]] = [("Authority", row.hold.authority), ("Why", row.hold.because)]
        if row.hold.standing != "stands":
            found.append(("Standing", STANDING_WORDS[row.hold.standing]))
        found.append(("Review", review_words(row.review_on, today)))
        facts = Facts(self._name_width)
        facts.set_facts(found)
        self._rows.addWidget(facts)
