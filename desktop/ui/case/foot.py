"""The foot of the form: whether it is saved, the section before, and the one main button."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.policy.wording import clock_time
from desktop.ui.kit.button import MAIN, PLAIN, Button, Link
from desktop.ui.kit.card import Ground
from desktop.ui.kit.field import IconLabel
from desktop.ui.kit.text import Text
from desktop.ui.theme import current_theme


class Foot(Ground):
    """Below the form, always in sight."""

    back_pressed = Signal()
    main_pressed = Signal()
    retry_pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("sunken", "top", parent)
        self.setObjectName("case_foot")
        px = current_theme().px
        column = QVBoxLayout(self)
        column.setContentsMargins(px(24), px(12), px(24), px(12))
        column.setSpacing(px(8))
        column.addWidget(self._trouble_row())
        row = QHBoxLayout()
        row.setSpacing(px(12))
        column.addLayout(row)
        self._icon = IconLabel("circle-check", "text-2")
        self.saved = Text("", "small", "text-2", elide=True)
        self.back = Button("Back", PLAIN, "arrow-left", name="previous_section")
        self.main = Button("Continue", MAIN, "arrow-right", icon_after=True, name="continue_button")
        row.addWidget(self._icon)
        row.addWidget(self.saved, 1)
        for widget in (self.back, self.main):
            row.addWidget(widget)
        self.retry.clicked.connect(self.retry_pressed)
        self.back.triggered.connect(self.back_pressed)
        self.main.triggered.connect(self.main_pressed)
        self._trouble.hide()

    def _trouble_row(self) -> QWidget:
        """What is not saved and why, in as many lines as that needs, above the buttons."""
        px = current_theme().px
        self._trouble = QWidget()
        row = QHBoxLayout(self._trouble)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(12))
        row.addWidget(IconLabel("triangle-alert", "amber"), 0, Qt.AlignmentFlag.AlignTop)
        self.trouble = Text("", "small", "amber", wrap=True)
        self.retry = Link("Try again", name="save_again")
        row.addWidget(self.trouble, 1)
        row.addWidget(self.retry, 0, Qt.AlignmentFlag.AlignTop)
        return self._trouble

    def show_saved(self, at: datetime | None) -> None:
        """Everything is kept, and when the last of it was."""
        self._say("circle-check", f"Saved at {clock_time(at)}" if at else "", "text-2")

    def show_saving(self) -> None:
        """Something typed is on its way."""
        self._say("loader", "Saving", "text-2")

    def show_not_saved(self, words: str, retry: bool) -> None:
        """Something typed is not kept, and why."""
        self._say("circle-check", "", "text-2")
        self.trouble.setText(words)
        self.retry.setVisible(retry)
        self._trouble.show()

    def show_fixed(self, words: str) -> None:
        """Nothing can be typed here now."""
        self._say("lock", words, "text-2")

    def set_ways(self, back: str, forward: str, off: str = "", *, goes_on: bool = True) -> None:
        """Names the buttons; "" hides one. `goes_on` for a step to another section, which has an arrow."""
        self.back.setVisible(bool(back))
        self.back.setText(back or "Back")
        self.main.setVisible(bool(forward))
        self.main.setText(forward or "Continue")
        self.main.set_icon("arrow-right" if goes_on else "")
        self.main.set_off(off)

    def focus_main(self) -> None:
        """Puts the keyboard on the main button, or on what there is instead."""
        for button in (self.main, self.back):
            if not button.isHidden():
                button.setFocus(Qt.FocusReason.OtherFocusReason)
                return

    def _say(self, icon: str, words: str, colour: str) -> None:
        self._trouble.hide()
        self._icon.setVisible(bool(words))
        self._icon.set_icon(icon, colour)
        self.saved.set_style("small", colour)
        self.saved.setText(words)
