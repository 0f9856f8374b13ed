"""The pane of a second look: what is proposed, what this person would decide, why, and the one button."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.casework.casepage import CasePage
from desktop.policy.verdict import LABELS
from desktop.ui.case.verdictpanel import ICONS
from desktop.ui.case.words import say
from desktop.ui.kit.base import name_widget
from desktop.ui.kit.button import MAIN, Button, Link
from desktop.ui.kit.card import Ground
from desktop.ui.kit.inputs import TextField
from desktop.ui.kit.panes import ScrollPane
from desktop.ui.kit.small import Line
from desktop.ui.kit.tag import Tag, TagLook
from desktop.ui.kit.text import Text
from desktop.ui.kit.ticks import Choice, RadioGroup
from desktop.ui.theme import current_theme
from desktop.ui.tokens import CONTROL_TALL

CHOICES = (
    Choice("approve", "I would approve it", "Alt+P"),
    Choice("refuse", "I would refuse it", "Alt+R"),
    Choice("reject", "I would reject it", "Alt+J"),
)


@dataclass(slots=True)
class LookSketch:
    """What is chosen and written so far: it survives a look at something else."""

    choice: str = ""
    reasons: str = ""


class LookPane(Ground):
    """The right pane of a second look. ``pressed`` when its button is."""

    pressed = Signal()
    concern_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("surface", "left", parent)
        self.sketch = LookSketch()
        px = current_theme().px
        name_widget(self, "look_pane", "Your second look")
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 0, 0, 0)
        column.setSpacing(0)
        scroll = ScrollPane("look_scroll", "Your second look", "surface")
        scroll.body.setSpacing(px(8))
        self.who = Text("", "body", "text-2", wrap=True)
        self.tag = Tag(TagLook("", ""))
        self.group = RadioGroup("second_look", "", CHOICES)
        self.reasons = TextField("look_reasons", "Your reasons", lines=3)
        self.concern = Link("Raise a safeguarding concern", "body", name="look_concern")
        for widget in (self.who, self.tag, Line(), Text("Your second look", "group"), self.group, self.reasons):
            scroll.body.addWidget(widget)
        scroll.body.addWidget(self.concern)
        scroll.body.addStretch(1)
        column.addWidget(scroll, 1)
        foot = QVBoxLayout()
        foot.setContentsMargins(px(16), px(8), px(16), px(12))
        foot.setSpacing(px(8))
        words = "Keep this second look"
        self.button = Button(words, MAIN, "check", key_hint="Ctrl+Enter", height=CONTROL_TALL, name="keep_look")
        foot.addWidget(self.button)
        foot.addWidget(Text("The case and its answer stay as they are.", "small", "text-2", wrap=True))
        column.addLayout(foot)
        self.button.triggered.connect(self.pressed)
        self.group.chosen.connect(self._chosen)
        self.reasons.edited.connect(self._reasoned)
        self.concern.clicked.connect(self.concern_wanted)

    def show_page(self, page: CasePage, sketch: LookSketch) -> None:
        """Shows what the caseworker proposes, and what was chosen before."""
        self.sketch = sketch
        say(self.who, f"{page.case.row.caseworker} proposes")
        leads = page.verdict.leads
        self.tag.set_look(TagLook(LABELS.get(leads, page.verdict.title), ICONS[leads]))
        self.group.set_value(sketch.choice)
        self.reasons.set_value(sketch.reasons)
        self.reasons.clear_problem()
        self._settle()

    def _settle(self) -> None:
        self.button.set_off("" if self.sketch.choice else "Choose what you would decide first.")

    def _chosen(self, key: str) -> None:
        self.sketch.choice = key
        self._settle()

    def _reasoned(self, _key: str, value: object) -> None:
        self.sketch.reasons = str(value)
        self.reasons.clear_problem()
