"""The items to release: only what was asked for and is permitted can be ticked; the rest says why not."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from db.records import Json
from desktop.policy.agreements import Item
from desktop.ui.kit.base import clear_layout, slug
from desktop.ui.kit.button import Link
from desktop.ui.kit.field import Field, IconLabel
from desktop.ui.kit.text import Text
from desktop.ui.kit.ticks import Tick
from desktop.ui.theme import current_theme


class ReleaseField(Field):
    """Value: list of item keys in the agreement's order. ``set_asked`` says what the request asks for."""

    section_wanted = Signal(str)
    """The id of the section where it is said what they ask for."""

    def __init__(self, key: str, label: str, items: Sequence[Item], *, hint: str = "") -> None:
        self._items = tuple(items)
        self.ticks = {one.id: Tick(one.label, f"{slug(key)}_{slug(one.id)}") for one in items}
        self._asked: frozenset[str] = frozenset()
        super().__init__(key, label, hint=hint)
        for one in items:
            tick = self.ticks[one.id]
            self.body.addWidget(tick)
            tick.setAccessibleDescription(one.note)
            tick.clicked.connect(self._clicked)
        self._empty = Text("", "body", "text-2", wrap=True)
        self.body.addWidget(self._empty)
        self._link = Link("What they ask for", "body", name="release_items_asked")
        self._link.clicked.connect(lambda: self.section_wanted.emit("asked"))
        self.body.addWidget(self._link)
        self._left_out = QVBoxLayout()
        self._left_out.setSpacing(self.theme.px(8))
        self.body.addSpacing(self.theme.px(4))
        self.body.addLayout(self._left_out)
        self.set_asked(())

    def set_asked(self, asked: Collection[str]) -> None:
        """Offers what is asked for and permitted, and lists what is asked for and is not."""
        self._asked = frozenset(asked)
        for one in self._items:
            tick = self.ticks[one.id]
            offered = one.releasable and one.id in self._asked
            # Something that should not be ticked stays in sight until it is taken out.
            tick.setVisible((offered or tick.isChecked()) and not self.read_only_reason)
            extra = "" if offered else (": not asked for" if one.releasable else ": not permitted, take it out")
            tick.setText(f"{one.label}{extra}".replace("&", "&&"))
            tick.setAccessibleName(f"{one.label}{extra}")
        nothing = not any(one.id in self._asked for one in self._items)
        self._empty.setText("The request asks for nothing yet. First tick what they ask for." if nothing else "")
        self._empty.setVisible(nothing)
        self._link.setVisible(nothing)
        clear_layout(self._left_out)
        for one in self._items:
            if one.id in self._asked and not one.releasable:
                self._left_out.addWidget(_NotPermitted(one))

    def value(self) -> Json:
        """Keys of what is ticked."""
        return [key for key, tick in self.ticks.items() if tick.isChecked()]

    def set_value(self, value: Json) -> None:
        """Ticks these."""
        keys = value if isinstance(value, list | tuple) else ()
        for key, tick in self.ticks.items():
            tick.setChecked(key in keys)
        self.set_asked(self._asked)

    def words(self) -> str:
        """What is ticked, one to a line."""
        labels = {one.id: one.label for one in self._items}
        return "\n".join(labels[key] for key, tick in self.ticks.items() if tick.isChecked()) or "None"

    def controls(self) -> list[QWidget]:
        """The ticks that can be used."""
        return [tick for tick in self.ticks.values() if not tick.isHidden()]

    def set_read_only(self, reason: str) -> None:
        """Shows what is ticked as text."""
        super().set_read_only(reason)
        self.set_asked(self._asked)

    def _clicked(self) -> None:
        self.emit_edited()


class _NotPermitted(QWidget):
    """An item that was asked for and may not be given, and what that means."""

    def __init__(self, item: Item) -> None:
        super().__init__()
        px = current_theme().px
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(8))
        icons = QVBoxLayout()
        icons.setContentsMargins(0, px(2), 0, 0)
        icons.addWidget(IconLabel("circle-slash", "text-2"))
        icons.addStretch(1)
        row.addLayout(icons)
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(Text(f"{item.label}: not permitted", "label"))
        meaning = item.note or "The agreement does not let anyone give it."
        left_out = "Never given." if item.clinical else "It is left out, and the letter says so."
        column.addWidget(Text(f"{meaning} {left_out}", "small", "text-2", wrap=True))
        row.addLayout(column, 1)
        self.setAccessibleName(f"{item.label}: not permitted. {meaning} {left_out}")
