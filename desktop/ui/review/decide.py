"""The pane of the decision: what is proposed, the choice with why each is off, the reasons, and the one button."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from db.records import State
from desktop.casework.casepage import CasePage
from desktop.casework.letterfacts import MATCHED_WORDS
from desktop.policy.answertables import value_words
from desktop.policy.verdict import LABELS
from desktop.policy.wording import join_and
from desktop.ui.case.verdictpanel import ICONS
from desktop.ui.case.words import say
from desktop.ui.kit.base import clear_layout, name_widget
from desktop.ui.kit.button import MAIN, Button, Link
from desktop.ui.kit.card import Facts, Ground
from desktop.ui.kit.inputs import TextField
from desktop.ui.kit.panes import ScrollPane
from desktop.ui.kit.small import IconText, Line
from desktop.ui.kit.tag import Tag, TagLook, outcome_look, state_look
from desktop.ui.kit.text import Text
from desktop.ui.kit.ticks import Choice, RadioGroup, TickField
from desktop.ui.letter.paper import SmallPage
from desktop.ui.review.because import Because
from desktop.ui.theme import current_theme
from desktop.ui.tokens import CONTROL_TALL

WIDTH = 328
SMALL = 83
"""How wide the small picture of the letter is."""
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
    "": ("Choose a decision", ""),
    "approve": ("Approve this request", "circle-check"),
    "refuse": ("Refuse this request", "circle-x"),
    "reject": ("Reject this request", "ban"),
    "send_back": ("Send it back", "undo-2"),
    "escalate": ("Escalate to the guardian", "shield-alert"),
    "release": ("Release the disclosure", "file-check"),
    "return_outcome": ("Send the outcome back", "undo-2"),
    "take_off_hold": ("Take it off hold", "circle-check"),
}
_LABELS = {
    "send_back": "What the caseworker should change",
    "escalate": "What the guardian should look at",
    "return_outcome": "What is wrong with the outcome",
}
RESTED = ("refuse", "reject")
"""Choices that rest on criteria."""


@dataclass(slots=True)
class Sketch:
    """What a decider has chosen and written so far: it survives a look at another case."""

    choice: str = ""
    because_of: tuple[str, ...] = ()
    because_chosen: bool = False
    """Whether the criteria were chosen by hand: until then they follow the answers and views."""
    reasons: str = ""
    views: dict[str, dict[str, str]] = field(default_factory=dict)
    let_address_go: bool = False


def choices_of(state: State) -> tuple[Choice, ...]:
    """What can be decided about a case in this state."""
    match state:
        case State.RECORDED:
            return RELEASE_CHOICES
        case State.HELD:
            return HELD_CHOICES
        case State.ESCALATED:
            return tuple(one for one in CHOICES if one.key != "escalate")
        case _:
            return CHOICES


class DecisionPane(Ground):
    """The right pane of the review."""

    edited = Signal()
    """Something of the sketch has changed."""
    pressed = Signal(str)
    """The main button: the action chosen."""
    letter_wanted = Signal()
    concern_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("surface", "left", parent)
        self.sketch = Sketch()
        self.group: RadioGroup | None = None
        self.because: Because | None = None
        self._rests = ""
        """Why the choice cannot rest on its criteria, as it is shown beside them."""
        self._about_address = False
        """Whether this decision says if the address may go."""
        px = current_theme().px
        name_widget(self, "decision_pane", "Your decision")
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 0, 0, 0)
        column.setSpacing(0)
        scroll = ScrollPane("decision_scroll", "Your decision", "surface")
        scroll.body.setSpacing(px(8))
        self._body = scroll.body
        scroll.body.addLayout(self._proposal())
        self.facts = Facts(96)
        scroll.body.addWidget(self.facts)
        scroll.body.addWidget(Line())
        scroll.body.addSpacing(px(2))
        scroll.body.addWidget(Text("Your decision", "group"))
        self.locked = IconText("lock", "", "text-2", wrap=True)
        scroll.body.addWidget(self.locked)
        self._choices = QVBoxLayout()
        scroll.body.addLayout(self._choices)
        self._because = QVBoxLayout()
        scroll.body.addLayout(self._because)
        said = "Kept off unless you tick this. Say in your reasons why it may go."
        self.address = TickField("let_address_go", "Let the address go", help=said)
        self.address.hide()
        scroll.body.addWidget(self.address)
        self.reasons = TextField("reasons", "Your reasons", lines=3)
        scroll.body.addWidget(self.reasons)
        self.concern = Link("Raise a safeguarding concern", "body", name="raise_concern")
        scroll.body.addWidget(self.concern)
        scroll.body.addStretch(1)
        column.addWidget(scroll, 1)
        column.addLayout(self._foot())
        self.button.triggered.connect(lambda: self.pressed.emit(self.sketch.choice))
        self.reasons.edited.connect(self._reasoned)
        self.read.clicked.connect(self.letter_wanted)
        self.address.edited.connect(self._addressed)
        self.concern.clicked.connect(self.concern_wanted)

    def _proposal(self) -> QHBoxLayout:
        px = current_theme().px
        row = QHBoxLayout()
        row.setSpacing(px(16))
        self._picture = QVBoxLayout()
        row.addLayout(self._picture)
        words = QVBoxLayout()
        words.setSpacing(px(4))
        self.who = Text("", "body", "text-2", wrap=True)
        self.tag = Tag(state_look(State.DRAFT))
        self.letter = Text("", "body", "text-2", wrap=True)
        self.read = Link("Read the letter", "body", name="read_the_letter")
        for widget in (self.who, self.tag, self.letter, self.read):
            words.addWidget(widget)
        words.addStretch(1)
        row.addLayout(words, 1)
        return row

    def _foot(self) -> QVBoxLayout:
        px = current_theme().px
        foot = QVBoxLayout()
        foot.setContentsMargins(px(16), px(8), px(16), px(12))
        foot.setSpacing(px(8))
        row = QHBoxLayout()
        self.button = Button("Choose a decision", MAIN, key_hint="Ctrl+Enter", height=CONTROL_TALL, name="decide")
        row.addWidget(self.button, 1)
        foot.addLayout(row)
        self.after = Text("", "small", "text-2", wrap=True)
        foot.addWidget(self.after)
        return foot

    def show_page(self, page: CasePage, sketch: Sketch) -> None:
        """Shows a case, with what was chosen for it before."""
        self.sketch = sketch
        state = page.case.row.state
        self._propose(page)
        self.show_letter(None, "")
        clear_layout(self._choices)
        clear_layout(self._because)
        self.group = RadioGroup("decision", "", choices_of(state))
        self._choices.addWidget(self.group)
        self.group.chosen.connect(self._chosen)
        criteria = [(one.id, one.short) for one in page.agreement.criteria]
        self.because = Because(criteria) if criteria else None
        if self.because is not None:
            self._because.addWidget(self.because)
            self.because.edited.connect(self._because_of)
        self.reasons.clear_problem()
        self._about_address = bool(page.case.concerns) and state is State.ESCALATED
        self.address.set_value(sketch.let_address_go)
        self.group.set_value(sketch.choice)
        self.show_because()
        self.reasons.set_value(sketch.reasons)
        who = page.case.row.caseworker.split(" ")[0]
        self.after.setText("" if state is State.HELD else f"Nothing is sent yet. {who} issues the letter.")
        self.arrange()

    def show_letter(self, image: QImage | None, words: str) -> None:
        """Shows the first page of the letter, small, and what it is; None where there is none."""
        clear_layout(self._picture)
        if image is not None:
            small = SmallPage(image, "Read the letter")
            small.clicked.connect(self.letter_wanted)
            self._picture.addWidget(small, 0, Qt.AlignmentFlag.AlignTop)
        say(self.letter, words)
        self.letter.setVisible(bool(words))
        self.read.setVisible(image is not None)

    def show_off(self, why: Mapping[str, str], own: str) -> None:
        """Shows why each choice is off, "" for on; or in `own` why this person decides nothing here."""
        if self.group is None:
            return
        self.locked.setVisible(bool(own))
        say(self.locked.words, own)
        self.group.setVisible(not own)
        for key in self.group.rows:
            self.group.set_off(key, why.get(key, ""))
        chosen = self.sketch.choice
        self.button.set_off(own or (why.get(chosen, "") if chosen else "Choose what you decide first."))

    def show_rests(self, wrong: str) -> None:
        """Says beside the criteria why the choice cannot rest on them, and keeps the button off; "" where it can."""
        if self.because is not None and wrong:
            self.because.show_problem(wrong)
            if not self.button.off_reason:
                self.button.set_off(wrong)
        elif self.because is not None and self._rests:
            self.because.clear_problem()
        self._rests = wrong

    def arrange(self) -> None:
        """Shows what the choice needs."""
        choice = self.sketch.choice
        if self.because is not None:
            self.because.setVisible(choice in RESTED)
        self.address.setVisible(choice == "approve" and self._about_address)
        self.reasons.setVisible(bool(choice) and choice != "release")
        self.reasons.label.setText(_LABELS.get(choice, "Your reasons"))
        words, icon = BUTTONS[choice]
        self.button.setText(words)
        self.button.set_icon(icon)

    def show_because(self) -> None:
        """Shows the criteria of the sketch."""
        if self.because is not None:
            self.because.set_value(list(self.sketch.because_of))

    def choose(self, key: str) -> None:
        """Chooses by a shortcut; where it is off, the keyboard goes to where it says why."""
        if self.group is not None and self.group.isVisibleTo(self) and key in self.group.rows:
            self.group.choose(key)

    def focus_choice(self) -> None:
        """Puts the keyboard on the choice, or on the first."""
        if self.group is not None:
            key = self.sketch.choice or next(iter(self.group.rows))
            self.group.rows[key].setFocus(Qt.FocusReason.OtherFocusReason)

    def show_problem(self, field_key: str, message: str) -> None:
        """Says what is the matter, beside where it is."""
        if field_key == "because_of" and self.because is not None and self.because.isVisibleTo(self):
            self.because.show_problem(message)
            self.because.focus()
        else:
            self.reasons.show()
            self.reasons.show_problem(message)
            self.reasons.focus()

    def _propose(self, page: CasePage) -> None:
        row, finding = page.case.row, page.case.finding
        self.facts.hide()
        if row.state is State.RECORDED and finding is not None:
            say(self.who, f"{finding.recorded_by_name} recorded")
            self.tag.set_look(outcome_look(finding.outcome))
            matched = join_and([MATCHED_WORDS.get(key, key) for key in finding.matched])
            items = {item.id: item.label for item in page.agreement.items}
            facts = [("Agree", f"{matched[:1].upper()}{matched[1:]}")] if matched else []
            answer = page.agreement.answer(finding.status_answer)
            facts += [("Answer", answer.label)] if answer is not None else []
            for key, value in finding.values.items():
                facts.append((items.get(key, key), value_words(value)))
            self.facts.set_facts(list(facts))
            self.facts.show()
        elif row.state is State.HELD:
            say(self.who, "This request is held: its agreement is suspended or its version is in doubt")
            self.tag.set_look(state_look(State.HELD))
        else:
            say(self.who, f"{row.caseworker} proposes")
            leads = page.verdict.leads
            words = LABELS.get(leads, page.verdict.title)
            self.tag.set_look(TagLook(words, ICONS[leads]))

    def _chosen(self, key: str) -> None:
        self.sketch.choice = key
        self.reasons.clear_problem()
        if self.because is not None:
            self.because.clear_problem()
        self.arrange()
        self.edited.emit()

    def _because_of(self, _key: str, value: object) -> None:
        self.sketch.because_of = tuple(str(one) for one in value) if isinstance(value, list | tuple) else ()
        self.sketch.because_chosen = True
        self.edited.emit()

    def _addressed(self, _key: str, value: object) -> None:
        self.sketch.let_address_go = value is True
        self.edited.emit()

    def _reasoned(self, _key: str, value: object) -> None:
        self.sketch.reasons = str(value)
        self.reasons.clear_problem()
