"""Where an answer's reasons can be checked: a list of places, each a line of text."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from db.records import Json
from desktop.ui.kit.base import clear_layout, name_widget, slug
from desktop.ui.kit.button import QUIET, Button
from desktop.ui.kit.chip import Chip
from desktop.ui.kit.field import Field
from desktop.ui.kit.flow import Flow
from desktop.ui.kit.inputs import LineEdit


class EvidenceField(Field):
    """Value: list of str. Enter in the box adds, Delete on a chip takes out."""

    def __init__(self, key: str, label: str, parent: QWidget | None = None) -> None:
        self._entries: list[str] = []
        self._chips: list[Chip] = []
        self.edit = LineEdit()
        self.add = Button("Add", QUIET, "plus", name=f"{slug(key)}_add")
        super().__init__(key, label, parent=parent)
        self._holder = QWidget()
        self._flow = Flow(self._holder, self.theme.px(8))
        self._flow.setContentsMargins(0, 0, 0, self.theme.px(8))
        self.body.addWidget(self._holder)
        self._holder.hide()
        row = QHBoxLayout()
        row.setSpacing(self.theme.px(4))
        row.addWidget(self.edit, 1)
        row.addWidget(self.add)
        self.body.addLayout(row)
        self.name_control(self.edit)
        self.edit.setPlaceholderText("Form, page 2")
        self.edit.textEdited.connect(self.emit_edited)
        self.edit.returnPressed.connect(self._keep)
        self.edit.left.connect(self._keep)
        self.add.triggered.connect(self._keep_and_stay)

    def set_name(self, object_name: str, label: str) -> None:
        """Names the controls after the criterion that they are about."""
        name_widget(self.edit, object_name, label)
        name_widget(self.add, f"{object_name}_add", f"Add to {label}")

    def value(self) -> Json:
        """The entries, and what stands in the box: nothing typed is lost because Enter was not pressed."""
        typed = self.edit.text()
        return [*self._entries, typed] if typed.strip() else list(self._entries)

    def set_value(self, value: Json) -> None:
        """Shows entries."""
        entries = [str(one) for one in value] if isinstance(value, list | tuple) else []
        if entries != self.value():
            self._entries = entries
            self.edit.clear()
            self._show()

    def words(self) -> str:
        """One entry to a line."""
        return "\n".join(self._entries) or "None given"

    def controls(self) -> list[QWidget]:
        """Chips, the box, the button."""
        return [*self._chips, self.edit, self.add]

    def set_read_only(self, reason: str) -> None:
        """Shows the entries as text."""
        super().set_read_only(reason)
        self._holder.setVisible(bool(self._entries) and not reason)

    def _keep(self) -> None:
        typed = self.edit.text()
        if typed.strip():
            self._entries.append(typed)
            self.edit.clear()
            self._show()
            self.emit_edited()

    def _keep_and_stay(self) -> None:
        self._keep()
        self.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def _remove(self, index: int) -> None:
        del self._entries[index]
        self._show()
        left = self._chips[min(index, len(self._chips) - 1)] if self._chips else self.edit
        left.setFocus(Qt.FocusReason.OtherFocusReason)
        self.emit_edited()

    def _show(self) -> None:
        clear_layout(self._flow)
        self._chips = []
        for index, entry in enumerate(self._entries):
            chip = Chip(entry, removable=True, name=f"{self.edit.objectName()}_{index + 1}")
            chip.removed.connect(lambda index=index: self._remove(index))
            self._flow.addWidget(chip)
            self._chips.append(chip)
        self._holder.setVisible(bool(self._chips) and not self.read_only_reason)
        before: QWidget | None = None
        for control in self.controls():
            if before is not None:
                QWidget.setTabOrder(before, control)
            before = control
