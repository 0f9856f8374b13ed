"""What was asked, and each criterion with its answer: the reviewer agrees or disagrees beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from db.records import Answers, Json
from desktop.casework.casepage import CasePage, changes_since_sent_back, decided_answers
from desktop.policy.agreements import Criterion
from desktop.policy.answers import NOT_GIVEN, met_of, value_words
from desktop.policy.wording import plural
from desktop.ui.case.criterion import draw_number
from desktop.ui.kit.base import clear_layout, set_tooltip
from desktop.ui.kit.card import Card
from desktop.ui.kit.inputs import TextField
from desktop.ui.kit.segmented import Segment, Segmented
from desktop.ui.kit.small import IconText, Line
from desktop.ui.kit.tag import Tag, met_look
from desktop.ui.kit.text import Text
from desktop.ui.theme import current_theme

_ASKED = (
    ("Person", ("person.given_names", "person.family_name"), " "),
    ("Requester", ("requester.officer", "requester.unit"), ", "),
    ("Born", ("person.born",), ""),
    ("Countersigned", ("countersigner.name", "countersigner.grade"), ", "),
    ("Ground", ("ground.ground",), ""),
    ("Asked for", ("asked.items",), ""),
    ("Offence", ("ground.offence",), ""),
    ("To be released", ("release.items",), ""),
)
_INDENT = 34
_EVIDENCE = 220
_ANSWER = 116
_AT_ONCE = 2
"""So many criteria are made in one step."""


class _Number(QWidget):
    """A criterion's number in its circle."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self._number = number
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """24 square."""
        side = current_theme().px(24)
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws it."""
        draw_number(current_theme(), QPainter(self), 0, 0, self._number, filled=False)


class CriterionView(QWidget):
    """One criterion: answer, reasons, evidence, and what the reviewer makes of it."""

    changed = Signal(str, dict)
    """The criterion's id, and {"view": "agree" | "disagree" | "", "note": str}."""

    def __init__(self, number: int, criterion: Criterion, value: Json, *, changed: bool) -> None:
        super().__init__()
        self.criterion = criterion
        self.setObjectName(f"criterion_{criterion.id}")
        px = current_theme().px
        column = QVBoxLayout(self)
        column.setContentsMargins(px(16), px(4), px(12), px(5))
        column.setSpacing(px(4))
        label = f"Criterion {number}, {criterion.short}"
        segments = [Segment("agree", "Agree", "check"), Segment("disagree", "Disagree", "x")]
        self.view = Segmented(segments, label, name=f"view_{criterion.id}", filled=False, height=28)
        self.view.setAccessibleDescription(criterion.question)
        column.addLayout(self._first_line(number, value, changed))
        below = _reasons_line(value)
        if below is not None:
            column.addLayout(below)
        self.note: TextField | None = None
        self._column = column
        self.view.changed.connect(self._chosen)

    def _first_line(self, number: int, value: Json, changed: bool) -> QHBoxLayout:
        px = current_theme().px
        row = QHBoxLayout()
        row.setSpacing(px(10))
        row.addWidget(_Number(number))
        words = Text(self.criterion.short, "label", wrap=True)
        set_tooltip(words, self.criterion.question)
        row.addWidget(words, 1, Qt.AlignmentFlag.AlignVCenter)
        if changed:
            mark = IconText("refresh-cw", "Changed", "accent", "tiny-strong", size=14)
            mark.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
            row.addWidget(mark)
        met = met_of(value)
        answer = QWidget()
        inner = QHBoxLayout(answer)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addWidget(Tag(met_look(met.value if met else "")))
        inner.addStretch(1)
        answer.setMinimumWidth(px(_ANSWER))
        row.addWidget(answer)
        row.addWidget(self.view)
        return row

    def show_view(self, view: Mapping[str, str]) -> None:
        """Shows what was chosen before."""
        self.view.set_value(view.get("view", ""))
        if view.get("note") or view.get("view") == "disagree":
            self._make_note().set_value(view.get("note", ""))
        if self.note is not None:
            self.note.setVisible(view.get("view") == "disagree")

    def focus(self) -> None:
        """Puts the keyboard on the answer."""
        button = self.view.buttons[self.view.value() or "agree"]
        button.setFocus(Qt.FocusReason.OtherFocusReason)

    def focus_note(self) -> None:
        """Puts the keyboard where the disagreement is explained."""
        self._make_note().focus()

    def _make_note(self) -> TextField:
        """Made when it is first wanted: most criteria are agreed with."""
        if self.note is None:
            px = current_theme().px
            self.note = TextField(f"note_{self.criterion.id}", "Why you disagree", lines=1)
            self.note.setContentsMargins(px(_INDENT), 0, 0, px(4))
            self.note.edited.connect(lambda _key, _value: self._tell())
            self._column.addWidget(self.note)
        return self.note

    def _chosen(self, key: str) -> None:
        if key == "disagree":
            self._make_note()
        if self.note is not None:
            self.note.setVisible(key == "disagree")
        self._tell()

    def _tell(self) -> None:
        note = str(self.note.value()) if self.note is not None else ""
        self.changed.emit(self.criterion.id, {"view": self.view.value(), "note": note})


def _reasons_line(value: Json) -> QHBoxLayout | None:
    """The caseworker's reasons, and at the right the evidence; None where there is neither."""
    if not isinstance(value, Mapping):
        return None
    reasons = str(value.get("reasons") or "").strip()
    listed = value.get("evidence")
    evidence = "; ".join(str(one) for one in listed) if isinstance(listed, list | tuple) else ""
    if not reasons and not evidence:
        return None
    px = current_theme().px
    row = QHBoxLayout()
    row.setContentsMargins(px(_INDENT), 0, 0, px(4))
    row.setSpacing(px(16))
    row.addWidget(Text(reasons, "small", "text-2", wrap=True), 1, Qt.AlignmentFlag.AlignTop)
    if evidence:
        proof = IconText("paperclip", evidence, "text-2", "small", size=14, wrap=True)
        proof.setMaximumWidth(px(_EVIDENCE))
        proof.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Minimum)
        row.addWidget(proof, 0, Qt.AlignmentFlag.AlignTop)
    return row


class RequestPart(QWidget):
    """The tab "Request and criteria"."""

    viewed = Signal(str, dict)
    """A criterion's id and the view of it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: dict[str, CriterionView] = {}
        px = current_theme().px
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(px(12))

    def building(self, page: CasePage, views: Mapping[str, Mapping[str, str]], may_view: bool) -> Iterator[None]:
        """Shows a case as it was submitted, a piece at each step, so that the window never stands still.

        `may_view`: this person agrees or disagrees.
        """
        clear_layout(self._column)
        self.rows = {}
        yield
        answers = decided_answers(page)
        self._column.addWidget(Text("What was asked", "group"))
        self._column.addWidget(_asked(page, answers))
        yield
        if page.agreement.criteria:
            yield from self._criteria(page, answers, views, may_view)
        else:
            words = page.version.because if page.version is not None else page.agreement.because_none
            self._column.addWidget(Text("No criteria", "group"))
            self._column.addWidget(Text(words, "body", "text-2", wrap=True))
        self._column.addStretch(1)

    def _criteria(
        self, page: CasePage, answers: Answers, views: Mapping[str, Mapping[str, str]], may_view: bool
    ) -> Iterator[None]:
        head = QHBoxLayout()
        head.addWidget(Text("Criteria", "group"))
        head.addStretch(1)
        self.count = Text("", "body", "text-2")
        head.addWidget(self.count)
        self._column.addLayout(head)
        card = Card(padded=False)
        changed = {one.key for one in changes_since_sent_back(page)}
        for number, criterion in enumerate(page.agreement.criteria, 1):
            key = f"criteria.{criterion.id}"
            row = CriterionView(number, criterion, answers.get(key), changed=key in changed)
            row.show_view(views.get(criterion.id, {}))
            row.view.setVisible(may_view)
            row.changed.connect(self.viewed)
            if number > 1:
                card.body.addWidget(Line())
            card.body.addWidget(row)
            self.rows[criterion.id] = row
            if number % _AT_ONCE == 0:
                yield
        self._column.addWidget(card)
        self.count.setVisible(may_view)
        self.show_count(views)

    def show_count(self, views: Mapping[str, Mapping[str, str]]) -> None:
        """How many are agreed with."""
        if not self.rows:
            return
        agree = sum(1 for view in views.values() if view.get("view") == "agree")
        disagree = sum(1 for view in views.values() if view.get("view") == "disagree")
        left = len(self.rows) - agree - disagree
        words = f"You agree with {agree} and disagree with {disagree}"
        if not agree + disagree:
            words = f"{plural(left, 'criterion', 'criteria')} to agree or disagree with"
        elif left:
            words = f"{words}, {left} left"
        self.count.setText(words)

    def current(self) -> CriterionView | None:
        """The criterion that has the keyboard, else the first without a view."""
        focused = QApplication.focusWidget()
        for row in self.rows.values():
            if focused is not None and row.isAncestorOf(focused):
                return row
        return self.next_open(None)

    def next_open(self, after: CriterionView | None) -> CriterionView | None:
        """The next criterion without a view, going round; None where all have one."""
        rows = list(self.rows.values())
        at = rows.index(after) + 1 if after in rows else 0
        return next((row for row in (*rows[at:], *rows[:at]) if not row.view.value()), None)


def _asked(page: CasePage, answers: Answers) -> QWidget:
    px = current_theme().px
    holder = QWidget()
    grid = QGridLayout(holder)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(px(8))
    grid.setVerticalSpacing(px(5))
    shown = [(label, words) for label, keys, between in _ASKED if (words := _words(page, answers, keys, between))]
    if page.agreement.field("requester.officer") is None:
        shown.insert(0, ("Requester", _words(page, answers, ("requester.body",), "")))
    for at, (label, words) in enumerate(shown):
        row, column = at // 2 * 2 + 1, at % 2 * 3
        if not column:
            grid.addWidget(Line(), row - 1, 0, 1, 5)
        name = Text(label, "small", "text-2")
        name.setFixedWidth(px(100))
        grid.addWidget(name, row, column, Qt.AlignmentFlag.AlignTop)
        value = Text(words, "small-strong" if not at else "small", wrap=True)
        grid.addWidget(value, row, column + 1, Qt.AlignmentFlag.AlignTop)
    grid.setColumnMinimumWidth(2, px(8))
    grid.setColumnStretch(1, 1)
    grid.setColumnStretch(4, 1)
    return holder


def _words(page: CasePage, answers: Answers, keys: tuple[str, ...], between: str) -> str:
    """These answers in words; "" where the agreement does not ask for any of them."""
    fields = [field for key in keys if (field := page.agreement.field(key)) is not None]
    if not fields:
        return ""
    words = [value_words(field, answers.get(field.key)) for field in fields]
    return between.join(word for word in words if word != NOT_GIVEN) or NOT_GIVEN
