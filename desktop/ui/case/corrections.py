"""What was given about a person, item by item: not challenged, right as given, or wrong, and what is right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from db.records import Json
from desktop.policy.agreements import Option
from desktop.policy.corrections import FINDINGS, WRONG, correction_words, corrections_in
from desktop.ui.kit.base import name_widget, slug
from desktop.ui.kit.field import Field
from desktop.ui.kit.inputs import TextEdit
from desktop.ui.kit.segmented import Segment, Segmented
from desktop.ui.kit.text import Text

_NONE = "not_challenged"
_ICONS = {"stands": "check", WRONG: "x"}


@dataclass(frozen=True, slots=True)
class _Row:
    """The controls of one item."""

    given: str
    marks: Segmented
    label: Text
    right: TextEdit


class CorrectionsField(Field):
    """Value: list of {"item", "finding", "right"}, in the list's order, without what nobody challenges."""

    def __init__(self, key: str, label: str, options: Sequence[Option], *, hint: str = "") -> None:
        self._options = tuple(options)
        self._rows: dict[str, _Row] = {}
        super().__init__(key, label, hint=hint)
        self._empty = Text("Nothing was given about this person, as far as is recorded.", "body", "text-2", wrap=True)
        self.body.addWidget(self._empty)
        self._empty.setVisible(not self._options)
        self._holder = QWidget()
        column = QVBoxLayout(self._holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(self.theme.px(4))
        for number, option in enumerate(self._options, start=1):
            heading, _, given = option.label.partition("\n")
            if number > 1:
                column.addSpacing(self.theme.px(12))
            column.addWidget(Text(heading, "small", "text-2", wrap=True))
            if given:
                column.addWidget(Text(given, "label", wrap=True))
            if option.approved:
                self._add(column, option, number, given)
        self.body.addWidget(self._holder)
        self._holder.setVisible(bool(self._options))

    def _add(self, column: QVBoxLayout, option: Option, number: int, given: str) -> None:
        name = f"{slug(self.key)}_{number}"
        segments = [Segment(_NONE, "Not challenged", "minus")]
        segments += [Segment(key, words, _ICONS[key]) for key, words in FINDINGS.items()]
        marks = Segmented(segments, given, name=name)
        marks.set_value(_NONE)
        label = Text("What is right", "label")
        right = TextEdit(lines=2)
        name_widget(right, f"{name}_right", f"What is right in place of: {given}")
        row = _Row(given, marks, label, right)
        self._rows[option.id] = row
        column.addWidget(marks, 0, Qt.AlignmentFlag.AlignLeft)
        for widget in (label, right):
            column.addWidget(widget)
            widget.hide()
        marks.changed.connect(lambda _key: self._marked(row))
        right.textChanged.connect(lambda: self._typed(right))
        right.left.connect(lambda: self.left.emit(self.key))

    def value(self) -> Json:
        """What is marked; what the list does not offer any more is dropped with the next change."""
        return [
            {"item": item, "finding": row.marks.value(), "right": row.right.toPlainText() if _wrong(row) else ""}
            for item, row in self._rows.items()
            if row.marks.value() in FINDINGS
        ]

    def set_value(self, value: Json) -> None:
        """Shows what is marked."""
        marked = {one.item: one for one in corrections_in(value)}
        typed = _typed_texts(value)
        for item, row in self._rows.items():
            row.marks.set_value(marked[item].finding if item in marked else _NONE)
            if row.right.toPlainText() != typed.get(item, ""):
                row.right.blockSignals(True)
                row.right.setPlainText(typed.get(item, ""))
                row.right.blockSignals(False)
            self._arrange(row)

    def words(self) -> str:
        """What is marked, as the reviewer reads it."""
        return correction_words(self.value(), self._options) or "Nothing is marked"

    def controls(self) -> list[QWidget]:
        """The segments and the boxes, item by item."""
        found: list[QWidget] = []
        for row in self._rows.values():
            buttons = row.marks.buttons.values()
            found += [*sorted(buttons, key=lambda one: one.focusPolicy() != Qt.FocusPolicy.StrongFocus), row.right]
        return found

    def wrong_controls(self, message: str) -> list[QWidget]:
        """The boxes of what is marked as wrong."""
        return [row.right for row in self._rows.values() if _wrong(row)]

    def set_read_only(self, reason: str) -> None:
        """Shows what is marked as text."""
        super().set_read_only(reason)
        self._holder.setVisible(not reason and bool(self._options))
        self._empty.setVisible(not self._options)
        for row in self._rows.values():
            self._arrange(row)

    def _marked(self, row: _Row) -> None:
        self._arrange(row)
        if _wrong(row):
            self._as_elsewhere(row)
            row.right.setFocus(Qt.FocusReason.OtherFocusReason)
        self.emit_edited()

    def _as_elsewhere(self, row: _Row) -> None:
        """What is right where the same was given to somebody else, so that nobody types it twice."""
        said = [
            one.right.toPlainText()
            for one in self._rows.values()
            if one is not row and one.given == row.given and _wrong(one) and one.right.toPlainText().strip()
        ]
        if said and not row.right.toPlainText().strip():
            row.right.setPlainText(said[0])

    def _typed(self, right: TextEdit) -> None:
        if right.hasFocus():
            self.emit_edited()

    def _arrange(self, row: _Row) -> None:
        row.label.setVisible(_wrong(row) and not self.read_only_reason)
        row.right.setVisible(_wrong(row) and not self.read_only_reason)


def _wrong(row: _Row) -> bool:
    return row.marks.value() == WRONG


def _typed_texts(value: Json) -> dict[str, str]:
    """What was typed for each item, blanks and all, so that nobody's cursor moves."""
    rows = [one for one in value if isinstance(one, dict)] if isinstance(value, list | tuple) else []
    return {str(one.get("item")): str(one.get("right") or "") for one in rows}
