"""Other names of a person: chips with the kind of name, and a row to add one."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from db.records import Json
from desktop.ui.kit.base import clear_layout, name_widget, slug
from desktop.ui.kit.button import QUIET, Button
from desktop.ui.kit.chip import Chip
from desktop.ui.kit.field import Field
from desktop.ui.kit.flow import Flow
from desktop.ui.kit.inputs import Combo, LineEdit

KINDS = {"former": "formerly", "alias": "known as", "spelling": "also spelled"}


class NamesField(Field):
    """Value: list of {"name", "kind"}; kind is "former", "alias" or "spelling"."""

    def __init__(
        self,
        key: str,
        label: str,
        *,
        note: str = "former names, aliases, other spellings",
        hint: str = "",
        help: str = "",
        parent: QWidget | None = None,
    ) -> None:
        self._names: list[dict[str, str]] = []
        self.add = Button("Add a name", QUIET, "plus", name=f"{slug(key)}_add")
        self.edit = LineEdit()
        self.kind = Combo()
        self._chips: list[Chip] = []
        super().__init__(key, label, note=note, hint=hint, help=help, parent=parent)
        self._holder = QWidget()
        self._flow = Flow(self._holder, self.theme.px(8))
        self._flow.addWidget(self.add)
        self.body.addWidget(self._holder)
        self._build_row()
        self.setFocusProxy(self.add)
        self.add.triggered.connect(self._open_row)

    def value(self) -> Json:
        """The names in the order in which they were added."""
        return [dict(name) for name in self._names]

    def set_value(self, value: Json) -> None:
        """Shows the names."""
        rows = value if isinstance(value, (list, tuple)) else []
        names = [
            {"name": str(row.get("name", "")), "kind": str(row.get("kind", "alias"))}
            for row in rows
            if isinstance(row, Mapping)
        ]
        if names != self._names:
            self._names = names
            self._show()

    def words(self) -> str:
        """The names, one to a line, each with its kind."""
        return "\n".join(f"{n['name']}, {KINDS.get(n['kind'], n['kind'])}" for n in self._names) or "None given"

    def standing(self, control: QWidget) -> str:
        """How a name is taken out."""
        return "Delete removes it" if isinstance(control, Chip) else ""

    def controls(self) -> list[QWidget]:
        """The chips and the button."""
        return [*self._chips, self.add]

    def _build_row(self) -> None:
        self._row = QWidget()
        row = QHBoxLayout(self._row)
        row.setContentsMargins(0, self.theme.px(8), 0, 0)
        row.setSpacing(self.theme.px(8))
        name_widget(self.edit, f"{slug(self.key)}_name", "Another name")
        name_widget(self.kind, f"{slug(self.key)}_kind", "Kind of name")
        self.edit.setPlaceholderText("Name, spelled as the requester spelled it")
        for kind, words in KINDS.items():
            self.kind.addItem(words, kind)
        keep = Button("Add", name=f"{slug(self.key)}_keep")
        cancel = Button("Cancel", QUIET, name=f"{slug(self.key)}_cancel")
        row.addWidget(self.edit, 3)
        row.addWidget(self.kind, 1)
        row.addWidget(keep)
        row.addWidget(cancel)
        self.body.addWidget(self._row)
        self._row.hide()
        keep.triggered.connect(self._keep)
        self.edit.returnPressed.connect(self._keep)
        cancel.triggered.connect(self._close_row)

    def _open_row(self) -> None:
        self._row.show()
        self.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def _close_row(self) -> None:
        self.edit.clear()
        self._row.hide()
        self.add.setFocus(Qt.FocusReason.OtherFocusReason)

    def _keep(self) -> None:
        name = self.edit.text()
        if not name.strip():
            self.edit.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self._names.append({"name": name, "kind": str(self.kind.currentData())})
        self._show()
        self._close_row()
        self.emit_edited()

    def _remove(self, index: int) -> None:
        del self._names[index]
        self._show()
        (self._chips[min(index, len(self._chips) - 1)] if self._chips else self.add).setFocus(
            Qt.FocusReason.OtherFocusReason
        )
        self.emit_edited()

    def _show(self) -> None:
        self._flow.removeWidget(self.add)
        clear_layout(self._flow)
        self._chips = []
        for index, name in enumerate(self._names):
            chip = Chip(
                name["name"],
                KINDS.get(name["kind"], name["kind"]),
                removable=True,
                height=32,
                name=f"{slug(self.key)}_chip_{index + 1}",
            )
            chip.removed.connect(lambda index=index: self._remove(index))
            self._flow.addWidget(chip)
            chip.show()
            self._chips.append(chip)
        self._flow.addWidget(self.add)
        previous: QWidget | None = None
        for control in (*self._chips, self.add):
            if previous is not None:
                QWidget.setTabOrder(previous, control)
            previous = control
        self._holder.updateGeometry()
