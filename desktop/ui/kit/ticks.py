"""Ticks and radio buttons: 18 px in a row of at least 28, and the whole row is the target."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QCheckBox, QRadioButton, QSizePolicy, QVBoxLayout, QWidget

from db.records import Json
from desktop.ui.kit.base import draw_box, name_widget, set_tooltip, slug
from desktop.ui.kit.field import Field
from desktop.ui.theme import Theme, current_theme

_BOX = 18


def _paint_words(widget: QAbstractButton, theme: Theme, painter: QPainter, left: int, ink: str, strong: bool) -> None:
    style = "strong" if strong else "body"
    painter.setFont(theme.font(style))
    painter.setPen(theme.colour(ink))
    words = widget.text().replace("&&", "&")
    box = QRect(left, 0, widget.width() - left, widget.height())
    flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap
    painter.drawText(box, int(flags), words)


class Tick(QCheckBox):
    """A tick box with its words. `toggled` fires for any change, `clicked` for the user's."""

    def __init__(self, words: str, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(words.replace("&", "&&"), parent)
        self._theme = current_theme()
        name_widget(self, name or slug(words), words)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._theme.changed.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        """Box, 8 px of air, words."""
        px = self._theme.px
        words = self._theme.metrics().horizontalAdvance(self.accessibleName())
        return QSize(px(_BOX) + (px(8) + words + 2 if words else 2), px(28))

    def minimumSizeHint(self) -> QSize:
        """The words are never cut."""
        return self.sizeHint()

    def hitButton(self, pos: QPoint) -> bool:
        """The whole row is the target."""
        return self.rect().contains(pos)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws the box, its tick, the words."""
        painter = QPainter(self)
        side = self._theme.px(_BOX)
        top = (self.height() - side) // 2
        colour = self._theme.colour
        on = self.isChecked()
        edge = colour("line") if not self.isEnabled() else colour("red" if self.property("problem") else "edge")
        fill = colour("accent" if on and self.isEnabled() else "surface")
        box = QRectF(0, top, side, side)
        draw_box(painter, box, fill, None if on and self.isEnabled() else edge, 1.0, self._theme.px(4))
        if on:
            inset = (side - self._theme.px(14)) // 2
            ink = "on-accent" if self.isEnabled() else "text-3"
            self._theme.draw_icon(painter, "check", inset, top + inset, ink, 14)
        _paint_words(
            self, self._theme, painter, side + self._theme.px(8), "text" if self.isEnabled() else "text-3", False
        )


class TickField(Field):
    """One thing to tick. Value: bool."""

    def __init__(self, key: str, label: str, *, hint: str = "", help: str = "", parent: QWidget | None = None) -> None:
        self.tick = Tick(label, slug(key))
        super().__init__(key, label, hint=hint, help=help, parent=parent)
        self.label.hide()
        self.body.addWidget(self.tick)
        self.setFocusProxy(self.tick)
        self.tick.clicked.connect(self.emit_edited)

    def value(self) -> Json:
        """Whether it is ticked."""
        return self.tick.isChecked()

    def words(self) -> str:
        """Yes or no."""
        return f"{self.label_text}: {'yes' if self.tick.isChecked() else 'no'}"

    def set_value(self, value: Json) -> None:
        """Ticks it or not."""
        self.tick.setChecked(value is True)

    def controls(self) -> list[QWidget]:
        """The tick."""
        return [self.tick]


class MultiTick(Field):
    """Several things to tick. Value: list of the keys ticked, in the list's order. `options` are (key, words)."""

    def __init__(
        self,
        key: str,
        label: str,
        options: Sequence[tuple[str, str]],
        *,
        note: str = "",
        hint: str = "",
        help: str = "",
        off: Mapping[str, str] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        self.ticks = {option: Tick(words, f"{slug(key)}_{slug(option)}") for option, words in options}
        self._off = {self.ticks[option]: reason for option, reason in (off or {}).items() if option in self.ticks}
        self._kept: list[str] = []
        super().__init__(key, label, note=note, hint=hint, help=help, parent=parent)
        for tick in self.ticks.values():
            self.body.addWidget(tick)
            tick.clicked.connect(self.emit_edited)
            tick.setEnabled(tick not in self._off)
            set_tooltip(tick, self._off.get(tick, ""))

    def value(self) -> Json:
        """Keys ticked; keys that the list does not offer are kept."""
        return [option for option, tick in self.ticks.items() if tick.isChecked()] + self._kept

    def words(self) -> str:
        """The words of what is ticked, one to a line."""
        return "\n".join(t.accessibleName() for t in self.ticks.values() if t.isChecked()) or "None"

    def set_value(self, value: Json) -> None:
        """Ticks these keys."""
        keys = [str(one) for one in value] if isinstance(value, (list, tuple)) else []
        self._kept = [one for one in keys if one not in self.ticks]
        for option, tick in self.ticks.items():
            tick.setChecked(option in keys)

    def standing(self, control: QWidget) -> str:
        """Why it may not be ticked."""
        return next((reason for tick, reason in self._off.items() if tick is control), "")

    def controls(self) -> list[QWidget]:
        """The ticks."""
        return list(self.ticks.values())


@dataclass(frozen=True, slots=True)
class Choice:
    """One row of a radio group. `off` says why it cannot be chosen ("" if it can)."""

    key: str
    words: str
    shortcut: str = ""
    off: str = ""
    note: str = ""


class RadioRow(QRadioButton):
    """A radio button whose whole row is the target, with its shortcut at the right and why it is off below."""

    def __init__(self, choice: Choice, name: str, parent: QWidget | None = None) -> None:
        super().__init__(choice.words.replace("&", "&&"), parent)
        self._theme = current_theme()
        self.choice = choice
        name_widget(self, name, choice.words)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_off(choice.off)
        self._theme.changed.connect(self.updateGeometry)

    def set_off(self, reason: str) -> None:
        """Says why it cannot be chosen; "" lets it be chosen. It keeps its place in the keyboard's order."""
        self._off = reason
        self.setAccessibleDescription(self.standing())
        # The row may be too narrow for its words, and for its note.
        set_tooltip(self, reason or ". ".join(filter(None, (self.choice.words, self.choice.note))))
        self.setCheckable(not reason or self.isChecked())
        self.updateGeometry()
        self.update()

    def standing(self) -> str:
        """What assistive technology says besides its words: why it is off, or its note."""
        return f"Off. {self._off}" if self._off else self.choice.note

    def sizeHint(self) -> QSize:
        """32 high, 48 with a second line."""
        px = self._theme.px
        words = self._theme.metrics("strong").horizontalAdvance(self.choice.words)
        hint = self._theme.metrics("tiny").horizontalAdvance(self.choice.shortcut)
        second = self._theme.line("small") if self._second() else 0
        return QSize(px(8 + _BOX + 12 + 16 + 8) + words + hint, px(32) + second)

    def hitButton(self, pos: QPoint) -> bool:
        """The whole row is the target."""
        return self.rect().contains(pos)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Shows the hover fill."""
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Takes the hover fill away."""
        super().leaveEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws the fill, the circle, words, shortcut and second line."""
        painter = QPainter(self)
        theme, px = self._theme, self._theme.px
        on = self.isChecked()
        if on or (self.underMouse() and not self._off):
            draw_box(painter, QRectF(self.rect()), theme.colour("selected" if on else "hover"), None, 1, px(6))
        side = px(_BOX)
        row = px(32)
        top = (row - side) // 2
        edge = theme.colour("line" if self._off else "accent" if on else "edge")
        draw_box(painter, QRectF(px(8), top, side, side), theme.colour("surface"), edge, 2 if on else 1, side / 2)
        if on:
            dot = px(8)
            inset = (side - dot) / 2
            draw_box(painter, QRectF(px(8) + inset, top + inset, dot, dot), theme.colour("accent"), None, 1, dot / 2)
        left = px(8) + side + px(10)
        middle = Qt.AlignmentFlag.AlignVCenter
        style = "strong" if on else "body"
        painter.setFont(theme.font(style))
        painter.setPen(theme.colour("text-3" if self._off else "text"))
        room = self.width() - left - px(8)
        shown = theme.metrics(style).elidedText(self.choice.words, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRect(left, 0, room, row), int(middle), shown)
        painter.setPen(theme.colour("text-3"))
        painter.setFont(theme.font("tiny"))
        right = QRect(0, 0, self.width() - px(8), row)
        painter.drawText(right, int(middle | Qt.AlignmentFlag.AlignRight), self.choice.shortcut)
        if self._second():
            painter.setFont(theme.font("small"))
            under = QRect(left, row - px(6), self.width() - left - px(8), theme.line("small"))
            words = theme.metrics("small").elidedText(self._second(), Qt.TextElideMode.ElideRight, under.width())
            painter.drawText(under, int(middle), words)

    def _second(self) -> str:
        return self._off or self.choice.note


class RadioGroup(Field):
    """One of a few, each on its own row. Value: the key, "" for none. `chosen` fires for the user's choice."""

    chosen = Signal(str)

    def __init__(
        self,
        key: str,
        label: str,
        choices: Sequence[Choice],
        *,
        note: str = "",
        hint: str = "",
        help: str = "",
        parent: QWidget | None = None,
    ) -> None:
        self.rows = {choice.key: RadioRow(choice, f"{slug(key)}_{slug(choice.key)}") for choice in choices}
        super().__init__(key, label, note=note, hint=hint, help=help, parent=parent)
        self._group = QButtonGroup(self)
        column = QVBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for row in self.rows.values():
            column.addWidget(row)
            self._group.addButton(row)
            row.clicked.connect(self._clicked)
        self.body.addLayout(column)

    def value(self) -> Json:
        """The key chosen."""
        return next((key for key, row in self.rows.items() if row.isChecked()), "")

    def words(self) -> str:
        """The words chosen."""
        return next((row.choice.words for row in self.rows.values() if row.isChecked()), "Not given")

    def set_value(self, value: Json) -> None:
        """Chooses a key; "" for none."""
        self._group.setExclusive(False)
        for key, row in self.rows.items():
            row.setChecked(key == value)
        self._group.setExclusive(True)

    def choose(self, key: str) -> None:
        """Chooses as the user does, by a shortcut: nothing happens where it is off."""
        self.rows[key].setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.rows[key].click()

    def set_off(self, key: str, reason: str) -> None:
        """Says why a row cannot be chosen; "" lets it be chosen."""
        self.rows[key].set_off(reason)

    def standing(self, control: QWidget) -> str:
        """Why a row is off, or its note."""
        return control.standing() if isinstance(control, RadioRow) else ""

    def controls(self) -> list[QWidget]:
        """The rows."""
        return list(self.rows.values())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter is left to the window."""
        event.ignore()

    def _clicked(self, checked: bool) -> None:
        if checked:
            self.chosen.emit(str(self.value()))
            self.emit_edited()
