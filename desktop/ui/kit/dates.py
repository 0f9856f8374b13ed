"""A date as it is typed: day, month and year in boxes of their own, and "Part not known" beside them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from db.records import Json
from desktop.policy.dates import FIRST_YEAR, LAST_YEAR
from desktop.policy.fields import is_empty, parse_date
from desktop.ui.kit.field import Field
from desktop.ui.kit.inputs import LineEdit
from desktop.ui.kit.text import Text
from desktop.ui.kit.ticks import Tick

_PARTS = (("day", "Day", 52), ("month", "Month", 52), ("year", "Year", 64))


class DateField(Field):
    """A date, whole or (with `partial`) in part. Value: {"day", "month", "year"} as typed, and "unknown" if partial.

    `optional`: it may be left empty. `in_words` turns the value into words for a field that is fixed.
    """

    def __init__(
        self,
        key: str,
        label: str,
        *,
        partial: bool = False,
        optional: bool = False,
        note: str = "",
        hint: str = "",
        help: str = "",
        in_words: Callable[[Json], str] | None = None,
    ) -> None:
        self.boxes = {part: LineEdit() for part, _words, _width in _PARTS}
        self.unknown = Tick("Part not known") if partial else None
        self._in_words = in_words
        self._optional = optional
        super().__init__(key, label, note=note, hint=hint, help=help)
        row = QHBoxLayout()
        row.setSpacing(self.theme.px(8))
        for part, words, _width in _PARTS:
            box = self.boxes[part]
            self.name_control(box, part, f"{label}: {words.lower()}")
            column = QVBoxLayout()
            column.setSpacing(self.theme.px(2))
            small = Text(words, "small", "text-2")
            small.setBuddy(box)
            column.addWidget(small)
            column.addWidget(box)
            row.addLayout(column)
            box.textEdited.connect(self.emit_edited)
            box.left.connect(self._left)
        if self.unknown is not None:
            self.name_control(self.unknown, "unknown", f"{label}: part not known")
            self.unknown.setFixedHeight(self.theme.px(32))
            row.addSpacing(self.theme.px(4))
            row.addWidget(self.unknown, 0, Qt.AlignmentFlag.AlignBottom)
            self.unknown.clicked.connect(self.emit_edited)
        row.addStretch(1)
        self.body.addLayout(row)
        self.setFocusProxy(self.boxes["day"])
        self._size()
        self.theme.changed.connect(self._size)

    def value(self) -> Json:
        """The parts as typed."""
        parts: dict[str, Json] = {part: box.text() for part, box in self.boxes.items()}
        if self.unknown is not None:
            parts["unknown"] = self.unknown.isChecked()
        return parts

    def set_value(self, value: Json) -> None:
        """Shows the parts."""
        parts = value if isinstance(value, Mapping) else {}
        for part, box in self.boxes.items():
            text = str(parts.get(part) or "")
            if text != box.text():
                box.setText(text)
        if self.unknown is not None:
            self.unknown.setChecked(parts.get("unknown") is True)

    def date_problem(self) -> str:
        """What is wrong with what stands in the boxes of a whole date; "" for a date, and where they are all empty."""
        value = self.value()
        if is_empty(value) or parse_date(value) is not None:
            return ""
        year = self.boxes["year"].text().strip()
        if year.isdecimal() and not FIRST_YEAR <= int(year) <= LAST_YEAR:
            return f"Check the year: it is one of {FIRST_YEAR} to {LAST_YEAR}."
        if all(box.text().strip() for box in self.boxes.values()):
            return "There is no such day."
        return "Give the whole date, or leave it empty." if self._optional else "Give the whole date."

    def words(self) -> str:
        """The date in words."""
        if self._in_words is not None:
            return self._in_words(self.value())
        return " ".join(box.text() for box in self.boxes.values() if box.text()) or "Not given"

    def controls(self) -> list[QWidget]:
        """The three boxes, and the tick."""
        return [*self.boxes.values(), *([self.unknown] if self.unknown is not None else [])]

    def wrong_controls(self, message: str) -> list[QWidget]:
        """The boxes that a message names ("Check the day…"), else all three."""
        named: list[QWidget] = [box for part, box in self.boxes.items() if f"the {part}" in message.lower()]
        return named or list(self.boxes.values())

    def show_parts_problem(self, message: str, *parts: str) -> None:
        """Shows a hard problem at these boxes alone: "day", "month", "year"."""
        self.message.show_message("error", message)
        self._mark([self.boxes[part] for part in parts])
        self._describe(message)

    def set_read_only(self, reason: str) -> None:
        """Hides the small labels too."""
        super().set_read_only(reason)
        for label in self.findChildren(Text):
            if label.buddy() in self.boxes.values():
                label.setVisible(not reason)

    def _left(self) -> None:
        # Not the field's own focusWidget: that stays the box that had the keyboard last.
        if QApplication.focusWidget() not in self.boxes.values():
            self.left.emit(self.key)

    def _size(self) -> None:
        for part, _words, width in _PARTS:
            self.boxes[part].setFixedWidth(self.theme.px(width))
