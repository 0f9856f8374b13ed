"""The pane of the decision: what is proposed, the choice with why each is off, the reasons, and the one button."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from db.records import State
from desktop.casework.casepage import CasePage
from desktop.casework.letterfacts import MATCHED_WORDS
from desktop.policy.life import OUTCOME_WORDS
from desktop.policy.wording import join_and
from desktop.ui.kit.base import clear_layout, name_widget
from desktop.ui.kit.button import MAIN, Button
from desktop.ui.kit.card import Facts, Ground
from desktop.ui.kit.inputs import TextField
from desktop.ui.kit.panes import ScrollPane
from desktop.ui.kit.small import Line
from desktop.ui.kit.text import Text
from desktop.ui.kit.ticks import Choice, MultiTick, RadioGroup
from desktop.ui.theme import current_theme
from desktop.ui.tokens import CONTROL_TALL

WIDTH = 328
CHOICES = (
    Choice("approve", "Approve", "Alt+P"),
    Choice("refuse", "Refuse", "Alt+R"),
    Choice("reject", "Reject (procedure)", "Alt+J"),
    Choice("send_back", "Send back with questions", "Alt+B"),
    Choice("escalate", "Escalate to the guardian", "Alt+E"),
)
RELEASE_CHOICES = (
    Choice("release", "Release the disclosure", "Alt+P"),
    Choice("return_outcome", "Send the outcome back", "Alt+B"),
)
HELD_CHOICES = (Choice("take_off_hold", "Take it off hold", "Alt+P"),)
BUTTONS = {
    "": "Choose a decision",
    "approve": "Approve this request",
    "refuse": "Refuse this request",
    "reject": "Reject this request",
    "send_back": "Send it back",
    "escalate": "Escalate to the guardian",
    "release": "Release the disclosure",
    "return_outcome": "Send the outcome back",
    "take_off_hold": "Take it off hold",
}
_LABELS = {
    "send_back": "What the caseworker should change",
    "escalate": "What the guardian should look at",
    "return_outcome": "What is wrong with the outcome",
}


@dataclass(slots=True)
class Sketch:
    """What a decider has chosen and written so far: it survives a look at another case."""

    choice: str = ""
    because_of: tuple[str, ...] = ()
    reasons: str = ""
    views: dict[str, dict[str, str]] = field(default_factory=dict)


class DecisionPane(Ground):
    """The right pane of the review."""

    edited = Signal()
    """Something of the sketch has changed."""
    pressed = Signal(str)
    """The main button: the action chosen."""
    letter_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("surface", "left", parent)
        self.sketch = Sketch()
        px = current_theme().px
        name_widget(self, "decision_pane", "Your decision")
        self.setFixedWidth(px(WIDTH))
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 0, 0, 0)
        column.setSpacing(0)
        scroll = ScrollPane("decision_scroll", "Your decision", "surface")
        scroll.body.setSpacing(px(12))
        self.proposal = Text("", "small", "text-2", wrap=True)
        self.verdict = Text("", "strong", wrap=True)
        scroll.body.addWidget(self.proposal)
        scroll.body.addWidget(self.verdict)
        self.facts = Facts(96)
        scroll.body.addWidget(self.facts)
        scroll.body.addWidget(Line())
        scroll.body.addWidget(Text("Your decision", "group"))
        self._choices = QVBoxLayout()
        scroll.body.addLayout(self._choices)
        self._because = QVBoxLayout()
        scroll.body.addLayout(self._because)
        self.reasons = TextField("reasons", "Your reasons", lines=3)
        scroll.body.addWidget(self.reasons)
        scroll.body.addStretch(1)
        column.addWidget(scroll, 1)
        foot = QVBoxLayout()
        foot.setContentsMargins(px(16), px(12), px(16), px(12))
        foot.setSpacing(px(8))
        row = QHBoxLayout()
        self.button = Button("Choose a decision", MAIN, key_hint="Ctrl+Enter", height=CONTROL_TALL, name="decide")
        row.addWidget(self.button, 1)
        foot.addLayout(row)
        self.after = Text("", "small", "text-2", wrap=True)
        foot.addWidget(self.after)
        column.addLayout(foot)
        self.group: RadioGroup | None = None
        self.because: MultiTick | None = None
        self.button.triggered.connect(lambda: self.pressed.emit(self.sketch.choice))
        self.reasons.edited.connect(self._reasoned)

    def show_page(self, page: CasePage, sketch: Sketch) -> None:
        """Shows a case, with what was chosen for it before."""
        self.sketch = sketch
        state = page.case.row.state
        self._propose(page)
        clear_layout(self._choices)
        clear_layout(self._because)
        rows: tuple[Choice, ...] = (
            RELEASE_CHOICES if state is State.RECORDED else HELD_CHOICES if state is State.HELD else CHOICES
        )
        if state is State.ESCALATED:
            rows = tuple(one for one in CHOICES if one.key != "escalate")
        self.group = RadioGroup("decision", "", rows)
        self._choices.addWidget(self.group)
        self.group.chosen.connect(self._chosen)
        labels = [(one.id, f"{number}. {one.short}") for number, one in enumerate(page.agreement.criteria, 1)]
        self.because = MultiTick("because_of", "Because of", labels) if labels else None
        if self.because is not None:
            self._because.addWidget(self.because)
            self.because.edited.connect(self._because_of)
        caseworker = page.case.row.caseworker.split(" ")[0]
        self.after.setText(
            "Nothing is sent yet." if state is State.HELD else f"Nothing is sent yet. {caseworker} issues the letter."
        )
        self.group.set_value(sketch.choice)
        if self.because is not None:
            self.because.set_value(list(sketch.because_of))
        self.reasons.set_value(sketch.reasons)
        self.arrange()

    def _propose(self, page: CasePage) -> None:
        state = page.case.row.state
        finding = page.case.finding
        if state is State.RECORDED and finding is not None:
            self.proposal.setText(f"{finding.recorded_by_name} recorded")
            self.verdict.setText(OUTCOME_WORDS[finding.outcome])
            matched = join_and([MATCHED_WORDS.get(key, key) for key in finding.matched])
            items = {item.id: item.label for item in page.agreement.items}
            facts = [("Agree", matched[:1].upper() + matched[1:])] if matched else []
            answer = page.agreement.answer(finding.status_answer)
            facts += [("Answer", answer.label)] if answer is not None else []
            facts += [(items.get(key, key), value.get("value", "")) for key, value in finding.values.items()]
            self.facts.set_facts(list(facts))
            self.facts.show()
            return
        self.facts.hide()
        if state is State.HELD:
            self.proposal.setText("This request is held")
            self.verdict.setText(page.version.because if page.version is not None else "")
            return
        self.proposal.setText(f"As {page.case.row.caseworker} answered, the agreement says")
        self.verdict.setText(page.verdict.title)

    def show_off(self, why: Mapping[str, str]) -> None:
        """Shows why each choice is off; "" for on."""
        if self.group is None:
            return
        for key, reason in why.items():
            if key in self.group.rows:
                self.group.set_off(key, reason)
        if self.sketch.choice and why.get(self.sketch.choice):
            self.button.set_off(why[self.sketch.choice])
        else:
            self.button.set_off("" if self.sketch.choice else "Choose what you decide first.")

    def arrange(self) -> None:
        """Shows what the choice needs."""
        choice = self.sketch.choice
        if self.because is not None:
            self.because.setVisible(choice in ("refuse", "reject"))
        self.reasons.setVisible(bool(choice) and choice != "release")
        self.reasons.label.setText(_LABELS.get(choice, "Your reasons"))
        self.button.setText(BUTTONS[choice])

    def choose(self, key: str) -> None:
        """Chooses by a shortcut."""
        if self.group is not None and key in self.group.rows:
            self.group.choose(key)

    def show_problem(self, field_key: str, message: str) -> None:
        """Says what is the matter, beside where it is."""
        if field_key == "because_of" and self.because is not None and self.because.isVisible():
            self.because.show_problem(message)
        else:
            self.reasons.show()
            self.reasons.show_problem(message)

    def _chosen(self, key: str) -> None:
        self.sketch.choice = key
        self.reasons.clear_problem()
        if self.because is not None:
            self.because.clear_problem()
        self.arrange()
        self.edited.emit()

    def _because_of(self, _key: str, value: object) -> None:
        self.sketch.because_of = tuple(str(one) for one in value) if isinstance(value, list | tuple) else ()
        if self.because is not None:
            self.because.clear_problem()
        self.edited.emit()

    def _reasoned(self, _key: str, value: object) -> None:
        self.sketch.reasons = str(value)
        self.reasons.clear_problem()
