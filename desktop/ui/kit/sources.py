"""What the requester already tried: a row for each source, with when it was asked and what it gave."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from db.records import Json
from desktop.ui.kit.base import name_widget, slug
from desktop.ui.kit.button import QUIET, Button
from desktop.ui.kit.field import Field
from desktop.ui.kit.inputs import LineEdit
from desktop.ui.kit.text import Text

_COLUMNS = (("source", "Source asked", 5), ("on", "On which date", 3), ("result", "What it gave", 5))


class SourcesField(Field):
    """Value: list of {"source", "on", "result"} as typed; rows with nothing in them are left out."""

    def __init__(
        self, key: str, label: str, *, note: str = "", hint: str = "", help: str = "", parent: QWidget | None = None
    ) -> None:
        self._rows: list[dict[str, LineEdit]] = []
        self._removes: list[Button] = []
        self.add = Button("Add a source", QUIET, "plus", name=f"{slug(key)}_add")
        super().__init__(key, label, note=note, hint=hint, help=help, parent=parent)
        self._holder = QWidget()
        self._grid = QGridLayout(self._holder)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(self.theme.px(8))
        for column, (_part, words, stretch) in enumerate(_COLUMNS):
            self._grid.addWidget(Text(words, "small", "text-2"), 0, column)
            self._grid.setColumnStretch(column, stretch)
        self.body.addWidget(self._holder)
        self.body.addWidget(self.add, 0, Qt.AlignmentFlag.AlignLeft)
        self.add.triggered.connect(self._add_row)
        self._resize(1)
        self.setFocusProxy(self._rows[0]["source"])

    def value(self) -> Json:
        """Rows that have anything in them."""
        rows = [{part: box.text() for part, box in row.items()} for row in self._rows]
        return [dict(row) for row in rows if any(row.values())]

    def set_value(self, value: Json) -> None:
        """Shows the rows, and one empty one where there is none. A row being typed in is not moved."""
        given = value if isinstance(value, (list, tuple)) else []
        if value == self.value():
            return
        rows = [row for row in given if isinstance(row, Mapping)]
        self._resize(max(1, len(rows)))
        for boxes, row in zip(self._rows, rows or [{}], strict=True):
            for part, box in boxes.items():
                box.setText(str(row.get(part) or ""))

    def words(self) -> str:
        """One source to a line."""
        lines = [", ".join(box.text() for box in row.values() if box.text()) for row in self._rows]
        return "\n".join(line for line in lines if line) or "None given"

    def controls(self) -> list[QWidget]:
        """The boxes and buttons, row by row."""
        out: list[QWidget] = []
        for row, remove in zip(self._rows, self._removes, strict=True):
            out += [*row.values(), remove]
        return [*out, self.add]

    def wrong_controls(self, message: str) -> list[QWidget]:
        """The boxes, never the buttons."""
        return [box for row in self._rows for box in row.values()]

    def _add_row(self) -> None:
        self._resize(len(self._rows) + 1)
        self._rows[-1]["source"].setFocus(Qt.FocusReason.OtherFocusReason)

    def _remove(self, index: int) -> None:
        kept = [{part: box.text() for part, box in row.items()} for i, row in enumerate(self._rows) if i != index]
        self._resize(max(1, len(kept)))
        for boxes, row in zip(self._rows, kept or [{}], strict=True):
            for part, box in boxes.items():
                box.setText(row.get(part, ""))
        self._rows[min(index, len(self._rows) - 1)]["source"].setFocus(Qt.FocusReason.OtherFocusReason)
        self.emit_edited()

    def _resize(self, count: int) -> None:
        while len(self._rows) > count:
            for box in self._rows.pop().values():
                box.hide()
                box.deleteLater()
            remove = self._removes.pop()
            remove.hide()
            remove.deleteLater()
        while len(self._rows) < count:
            self._append()

    def _append(self) -> None:
        number = len(self._rows) + 1
        boxes: dict[str, LineEdit] = {}
        for column, (part, words, _stretch) in enumerate(_COLUMNS):
            box = LineEdit()
            name_widget(box, f"{slug(self.key)}_{number}_{part}", f"Source {number}: {words.lower()}")
            box.textEdited.connect(self.emit_edited)
            box.left.connect(lambda: self.left.emit(self.key))
            self._grid.addWidget(box, number, column)
            boxes[part] = box
        remove = Button("", QUIET, "x", name=f"{slug(self.key)}_{number}_remove")
        remove.setAccessibleName(f"Remove source {number}")
        remove.triggered.connect(lambda: self._remove(number - 1))
        self._grid.addWidget(remove, number, len(_COLUMNS))
        self._rows.append(boxes)
        self._removes.append(remove)
        for control in (*boxes.values(), remove):
            control.show()
        for first, second in pairwise(self.controls()):
            QWidget.setTabOrder(first, second)
