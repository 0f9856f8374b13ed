"""An address as the requester gave it: lines, and the postcode in a box of its own."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from db.records import Json
from desktop.ui.kit.field import Field
from desktop.ui.kit.inputs import LineEdit, TextEdit


class AddressField(Field):
    """Value: {"lines": lines joined by newlines, "postcode"}, both as typed."""

    def __init__(
        self,
        key: str,
        label: str,
        *,
        note: str = "",
        hint: str = "",
        help: str = "",
        lines: int = 2,
        parent: QWidget | None = None,
    ) -> None:
        self.lines = TextEdit(lines, 6)
        self.postcode = LineEdit()
        super().__init__(key, label, note=note, hint=hint, help=help, parent=parent)
        self.name_control(self.lines, "lines", f"{label}: lines")
        self.name_control(self.postcode, "postcode", f"{label}: postcode")
        self.postcode.setPlaceholderText("Postcode")
        row = QHBoxLayout()
        row.setSpacing(self.theme.px(8))
        row.addWidget(self.lines, 1)
        row.addWidget(self.postcode, 0, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(row)
        self.setFocusProxy(self.lines)
        self._setting = False
        self.lines.textChanged.connect(self._changed)
        self.postcode.textEdited.connect(self.emit_edited)
        self.lines.left.connect(self._left)
        self.postcode.left.connect(self._left)
        self._size()
        self.theme.changed.connect(self._size)

    def value(self) -> Json:
        """Lines and postcode as typed."""
        return {"lines": self.lines.toPlainText(), "postcode": self.postcode.text()}

    def set_value(self, value: Json) -> None:
        """Shows an address."""
        parts = value if isinstance(value, Mapping) else {}
        lines, postcode = str(parts.get("lines") or ""), str(parts.get("postcode") or "")
        self._setting = True
        if lines != self.lines.toPlainText():
            self.lines.setPlainText(lines)
        self._setting = False
        if postcode != self.postcode.text():
            self.postcode.setText(postcode)

    def words(self) -> str:
        """The address over its lines."""
        parts = (self.lines.toPlainText(), self.postcode.text())
        return "\n".join(part for part in parts if part) or "Not given"

    def controls(self) -> list[QWidget]:
        """Lines, postcode."""
        return [self.lines, self.postcode]

    def wrong_controls(self, message: str) -> list[QWidget]:
        """The postcode where the message names it, else both."""
        return [self.postcode] if "postcode" in message.lower() else self.controls()

    def _left(self) -> None:
        if self.focusWidget() not in (self.lines, self.postcode):
            self.left.emit(self.key)

    def _changed(self) -> None:
        if not self._setting:
            self.emit_edited()

    def _size(self) -> None:
        self.postcode.setFixedWidth(self.theme.px(104))
