"""Who asks, as the desk has them on record: the card beside the form."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.policy.requesters import Standing
from desktop.ui.kit.base import clear_layout
from desktop.ui.kit.card import Card
from desktop.ui.kit.small import IconText
from desktop.ui.theme import current_theme


class RequesterCard(Card):
    """What the record says of the body, the officer, the countersigner and the address. Hidden where it says nothing.

    What is to be asked about has another icon and stands first, so colour alone says nothing.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Who asks, by our record", parent=parent)
        self.setObjectName("requester_record")
        self._rows = QVBoxLayout()
        self._rows.setSpacing(current_theme().px(6))
        self.body.addLayout(self._rows)
        self._shown: Sequence[Standing] = ()
        self.hide()

    @property
    def says(self) -> bool:
        """Whether there is anything to show."""
        return bool(self._shown)

    def show_standings(self, standings: Sequence[Standing]) -> None:
        """Shows what the record says."""
        if standings == self._shown:
            return
        self._shown = standings
        clear_layout(self._rows)
        for one in sorted(standings, key=lambda each: each.good):
            icon, colour = ("check", "green") if one.good else ("circle-alert", "amber")
            self._rows.addWidget(IconText(icon, one.words, "text", "small", icon_colour=colour, wrap=True))
