"""What was typed here and could not be saved because somebody else changed the case: kept in sight to be copied."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from db.records import Json
from desktop.policy.agreements import Agreement
from desktop.policy.answers import value_words
from desktop.ui.kit.base import clear_layout, slug
from desktop.ui.kit.button import Button, Link
from desktop.ui.kit.card import Card
from desktop.ui.kit.text import Text
from desktop.ui.theme import current_theme


class Kept(Card):
    """One row for each answer: its name, the words, copy them, or put them into the form."""

    put_back = Signal(str, object)
    """(key, value): the user wants this to stand in the form again."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("What you typed and is not saved", parent=parent)
        self.setObjectName("kept_answers")
        self._rows = QVBoxLayout()
        self._rows.setSpacing(current_theme().px(12))
        self.body.addLayout(self._rows)
        self.values: dict[str, Json] = {}
        self._agreement: Agreement | None = None
        done = Button("Done with these", name="kept_done")
        done.triggered.connect(lambda: self.show_values({}, self._agreement))
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(done)
        self.body.addLayout(row)
        self.hide()

    def show_values(self, values: Mapping[str, Json], agreement: Agreement | None) -> None:
        """Lists these answers; none hides it."""
        self.values = dict(values)
        self._agreement = agreement
        clear_layout(self._rows)
        for key, value in self.values.items():
            self._rows.addWidget(self._row(key, value))
        self.setVisible(bool(self.values))

    def _row(self, key: str, value: Json) -> QWidget:
        field = self._agreement.field(key) if self._agreement is not None else None
        words = value_words(field, value) if field is not None else str(value)
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(Text(field.label if field is not None else key, "small-label", "text-2", wrap=True))
        column.addWidget(Text(words, "body", wrap=True))
        row.addLayout(column, 1)
        copy = Link("Copy", name=f"kept_copy_{slug(key)}")
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(words))
        back = Link("Put it back", name=f"kept_back_{slug(key)}")
        back.clicked.connect(lambda: self._put_back(key))
        row.addWidget(copy)
        row.addWidget(back)
        return holder

    def _put_back(self, key: str) -> None:
        value = self.values.pop(key)
        self.show_values(self.values, self._agreement)
        self.put_back.emit(key, value)
