"""What was asked, and each criterion with its answer: the reviewer agrees or disagrees beside it."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from db.records import Answers, Json
from desktop.casework.casepage import CasePage, changes_since_sent_back, decided_answers
from desktop.policy.agreements import Criterion
from desktop.policy.answers import met_of, value_words
from desktop.policy.wording import plural
from desktop.ui.case.criterion import draw_number
from desktop.ui.kit.base import clear_layout
from desktop.ui.kit.card import Card
from desktop.ui.kit.inputs import TextField
from desktop.ui.kit.segmented import Segment, Segmented
from desktop.ui.kit.small import IconText, Line
from desktop.ui.kit.tag import Tag, met_look
from desktop.ui.kit.text import Text
from desktop.ui.theme import current_theme

_ASKED = (
    ("Person sought", ("person.given_names", "person.family_name")),
    ("Requester", ("requester.officer", "requester.unit")),
    ("Born", ("person.born",)),
    ("Countersigned", ("countersigner.name", "countersigner.grade")),
    ("Ground", ("ground.ground",)),
    ("Asked for", ("asked.items",)),
    ("Offence", ("ground.offence",)),
    ("To be released", ("release.items",)),
)
View = dict[str, str]


class _Number(QWidget):
    """A criterion's number in its circle."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self._number = number
        self.setFixedSize(self.sizeHint())

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

    def __init__(self, number: int, criterion: Criterion, value: Json, changed: bool) -> None:
        super().__init__()
        self.criterion = criterion
        self.setObjectName(f"criterion_{criterion.id}")
        px = current_theme().px
        column = QVBoxLayout(self)
        column.setContentsMargins(px(16), px(8), px(12), px(8))
        column.setSpacing(px(4))
        row = QHBoxLayout()
        row.setSpacing(px(10))
        row.addWidget(_Number(number))
        row.addWidget(Text(criterion.short, "label", wrap=True), 1)
        if changed:
            row.addWidget(IconText("refresh-cw", "Changed", "accent", "tiny-strong", size=14))
        met = met_of(value)
        row.addWidget(Tag(met_look(met.value if met else "")))
        segments = [Segment("agree", "Agree", "check"), Segment("disagree", "Disagree", "x")]
        label = f"Criterion {number}, {criterion.short}"
        self.view = Segmented(segments, label, name=f"view_{criterion.id}", filled=False, height=28)
        row.addWidget(self.view)
        column.addLayout(row)
        for words in _reasons(value):
            text = Text(words, "small", "text-2", wrap=True)
            holder = QHBoxLayout()
            holder.setContentsMargins(px(34), 0, 0, 0)
            holder.addWidget(text)
            column.addLayout(holder)
        self.note = TextField(f"note_{criterion.id}", "Why you disagree", lines=2)
        self.note.hide()
        column.addWidget(self.note)
        self.view.changed.connect(self._chosen)
        self.note.edited.connect(lambda _key, _value: self._tell())

    def show_view(self, view: Mapping[str, str]) -> None:
        """Shows what was chosen before."""
        self.view.set_value(view.get("view", ""))
        self.note.set_value(view.get("note", ""))
        self.note.setVisible(view.get("view") == "disagree")

    def _chosen(self, key: str) -> None:
        self.note.setVisible(key == "disagree")
        self._tell()

    def _tell(self) -> None:
        self.changed.emit(self.criterion.id, {"view": self.view.value(), "note": str(self.note.value())})


def _reasons(value: Json) -> list[str]:
    if not isinstance(value, Mapping):
        return []
    found = [str(value.get("reasons") or "").strip()]
    evidence = value.get("evidence")
    if isinstance(evidence, list) and evidence:
        found.append("Evidence: " + "; ".join(str(one) for one in evidence))
    return [words for words in found if words]


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

    def show_page(self, page: CasePage, views: Mapping[str, Mapping[str, str]], may_decide: bool) -> None:
        """Shows a case as it was submitted."""
        clear_layout(self._column)
        self.rows = {}
        answers = decided_answers(page)
        self._column.addWidget(Text("What was asked", "group"))
        self._column.addWidget(_asked(page, answers))
        if not page.agreement.criteria:
            words = page.version.because if page.version is not None else page.agreement.because_none
            self._column.addWidget(Text("No criteria", "group"))
            self._column.addWidget(Text(words, "body", "text-2", wrap=True))
            self._column.addStretch(1)
            return
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
            row = CriterionView(number, criterion, answers.get(key), key in changed)
            row.show_view(views.get(criterion.id, {}))
            row.view.setVisible(may_decide)
            row.changed.connect(self.viewed)
            if number > 1:
                card.body.addWidget(Line())
            card.body.addWidget(row)
            self.rows[criterion.id] = row
        self._column.addWidget(card)
        self._column.addStretch(1)
        self.show_count(views)

    def show_count(self, views: Mapping[str, Mapping[str, str]]) -> None:
        """How many are agreed with."""
        if not self.rows:
            return
        agree = sum(1 for view in views.values() if view.get("view") == "agree")
        disagree = sum(1 for view in views.values() if view.get("view") == "disagree")
        left = len(self.rows) - agree - disagree
        words = f"You agree with {agree} and disagree with {disagree}"
        self.count.setText(f"{words}, {plural(left, 'criterion', 'criteria')} left" if left else words)

    def current(self) -> CriterionView | None:
        """The criterion that has the keyboard, else the first without a view."""
        focused = QApplication.focusWidget()
        for row in self.rows.values():
            if focused is not None and row.isAncestorOf(focused):
                return row
        return next((row for row in self.rows.values() if not row.view.value()), None)


def _asked(page: CasePage, answers: Answers) -> QWidget:
    px = current_theme().px
    holder = QWidget()
    grid = QGridLayout(holder)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(px(12))
    grid.setVerticalSpacing(px(8))
    at = 0
    for label, keys in _ASKED:
        words = [
            value_words(field, answers.get(key)) for key in keys if (field := page.agreement.field(key)) is not None
        ]
        shown = " ".join(word for word in words if word != "Not given")
        if label in ("Requester", "Countersigned"):
            shown = ", ".join(word for word in words if word != "Not given")
        if not words:
            continue
        row, column = divmod(at, 2)
        name = Text(label, "small", "text-2")
        name.setFixedWidth(px(104))
        grid.addWidget(name, row, column * 2, Qt.AlignmentFlag.AlignTop)
        value = Text(shown or "Not given", "small-label" if at == 0 else "small", wrap=True)
        grid.addWidget(value, row, column * 2 + 1, Qt.AlignmentFlag.AlignTop)
        at += 1
    grid.setColumnStretch(1, 1)
    grid.setColumnStretch(3, 1)
    return holder
