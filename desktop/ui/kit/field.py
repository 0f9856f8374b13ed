"""What every field shares: key, label, hint, message, and how it is read, set, faulted and fixed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from db.records import Json
from desktop.ui.kit.base import RING, name_widget, slug
from desktop.ui.kit.text import Text
from desktop.ui.theme import Theme, current_theme


class IconLabel(QLabel):
    """An icon of the theme on its own: decoration beside words that say the same."""

    def __init__(
        self, icon: str, colour: str = "text", size: int = 16, parent: QWidget | None = None, *, line: str = ""
    ) -> None:
        """`line`: the style of the text on whose first line it stands."""
        super().__init__(parent)
        self._theme = current_theme()
        self._icon, self._colour, self._size, self._line = icon, colour, size, line
        self._restyle()
        self._theme.changed.connect(self._restyle)

    def set_icon(self, icon: str, colour: str, line: str = "") -> None:
        """Shows another icon in another token's colour, on the line of another style where one is given."""
        self._icon, self._colour, self._line = icon, colour, line or self._line
        self._restyle()

    def _restyle(self) -> None:
        side = self._theme.px(self._size)
        self.setFixedSize(side, max(side, self._theme.line(self._line)) if self._line else side)
        self.setPixmap(self._theme.pixmap(self._icon, self._colour, self._size))


class Message(QWidget):
    """Icon and words below a field. Hidden while there is nothing to say; announced as the field's description."""

    _LOOKS: ClassVar[Mapping[str, tuple[str, str]]] = {
        "error": ("circle-alert", "red"),
        "warning": ("triangle-alert", "amber"),
        "good": ("check", "green"),
        "hint": ("", "text-3"),
    }

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme = current_theme()
        self.kind = ""
        row = QHBoxLayout(self)
        row.setContentsMargins(0, theme.px(4), 0, 0)
        row.setSpacing(theme.px(6))
        self._icon = IconLabel("circle-alert", "red")
        self._text = Text("", "small-label", wrap=True)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._text, 1)
        self.hide()

    def show_message(self, kind: str, words: str) -> None:
        """Shows words of a kind: "error", "warning", "good" or "hint"."""
        icon, colour = self._LOOKS[kind]
        self.kind = kind
        self._icon.setVisible(bool(icon))
        if icon:
            self._icon.set_icon(icon, colour)
        self._text.set_style("small" if kind in ("good", "hint") else "small-label", colour)
        self._text.setText(words)
        self.show()

    def words(self) -> str:
        """What it says, or "" while hidden."""
        return self._text.text() if self.kind else ""

    def clear(self) -> None:
        """Says nothing."""
        self.kind = ""
        self._text.setText("")
        self.hide()


class Field(QWidget):
    """A labelled control for one answer. Subclasses fill `body` and implement value() and set_value().

    `edited` fires for what the user does, never for set_value().
    """

    edited = Signal(str, object)
    """(key, value): after each keystroke or choice."""
    left = Signal(str)
    """(key): the user has left the field; the time to check it."""

    def __init__(
        self, key: str, label: str, *, note: str = "", hint: str = "", help: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.theme: Theme = current_theme()
        self.key = key
        self.label_text = label
        self._help = help
        self.read_only_reason = ""
        self.setObjectName(f"field_{slug(key)}")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.label = Text(label, "label", wrap=not note)
        head = QHBoxLayout()
        head.setSpacing(self.theme.px(8))
        head.addWidget(self.label, 0 if note else 1)
        if note:
            self._note = Text(note, "small", "text-3", elide=True)
            head.addWidget(self._note, 1)
        column.addLayout(head)
        self.label.setVisible(bool(label))
        if hint:
            column.addWidget(Text(hint, "small", "text-3", wrap=True))
        column.addSpacing(self.theme.px(4))
        self.body = QVBoxLayout()
        self.body.setSpacing(0)
        column.addLayout(self.body)
        self.message = Message()
        column.addWidget(self.message)
        column.addStretch(1)
        self._fixed: FixedText | None = None
        self.clear_problem()

    def value(self) -> Json:
        """The answer in the shape of its kind, exactly as typed."""
        raise NotImplementedError

    def set_value(self, value: Json) -> None:
        """Shows an answer. Fires nothing."""
        raise NotImplementedError

    def controls(self) -> list[QWidget]:
        """The controls in it that take the focus, in order."""
        raise NotImplementedError

    def focus(self) -> None:
        """Puts the keyboard in its first control that is wrong, else its first."""
        controls = self.controls()
        wrong = [control for control in controls if control.property("problem")]
        for control in (wrong or controls)[:1]:
            control.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_problem(self, message: str, hard: bool = True) -> None:
        """Says what is wrong: with a red edge where `hard`, in amber words where it can be kept as it is."""
        self.message.show_message("error" if hard else "warning", message)
        self._mark(self.wrong_controls(message) if hard else [])
        self._describe(message)

    def show_good(self, message: str) -> None:
        """Says what was found right, such as a check digit."""
        self.message.show_message("good", message)
        self._mark([])
        self._describe(message)

    def clear_problem(self) -> None:
        """Takes the message away; a help text comes back."""
        self._mark([])
        self._describe(self._help)
        if self._help:
            self.message.show_message("hint", self._help)
        else:
            self.message.clear()

    def set_read_only(self, reason: str) -> None:
        """Shows the answer as plain text with a lock, and says why; "" lets it be edited again."""
        self.read_only_reason = reason
        for control in self.controls():
            control.setVisible(not reason)
        if reason and self._fixed is None:
            self._fixed = FixedText(f"{self.objectName()}_fixed")
            self.body.addWidget(self._fixed)
        if self._fixed is not None:
            self._fixed.setVisible(bool(reason))
            self._fixed.show_value(self.label_text, self.words(), reason)

    def words(self) -> str:
        """The answer in words, for a field that is fixed."""
        return str(self.value() or "") or "Not given"

    def wrong_controls(self, message: str) -> list[QWidget]:
        """Which controls a message is about. All of them, unless a subclass knows better."""
        return self.controls()

    def standing(self, control: QWidget) -> str:
        """What assistive technology says of a control whether something is wrong or not, such as why it is off."""
        return ""

    def name_control(self, control: QWidget, suffix: str = "", label: str = "") -> None:
        """Gives a control in it an object name and an accessible name."""
        tail = f"_{suffix}" if suffix else ""
        name_widget(control, f"{slug(self.key)}{tail}", label or self.label_text)

    def emit_edited(self) -> None:
        """Tells that the user changed it."""
        self.edited.emit(self.key, self.value())

    def _mark(self, wrong: list[QWidget]) -> None:
        for control in self.controls():
            problem = control in wrong
            if bool(control.property("problem")) != problem:
                control.setProperty("problem", problem)
                control.setProperty(RING, "problem" if problem else None)
                control.style().unpolish(control)
                control.style().polish(control)
                control.update()

    def _describe(self, words: str) -> None:
        for control in self.controls():
            control.setAccessibleDescription(" ".join(part for part in (self.standing(control), words) if part))


class FixedText(QWidget):
    """An answer that cannot be changed here: plain text with a lock. It takes the focus so that it can be read."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme = current_theme()
        self.setObjectName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, theme.px(6), 0, theme.px(6))
        row.setSpacing(theme.px(8))
        row.addWidget(IconLabel("lock", "text-3"), 0, Qt.AlignmentFlag.AlignTop)
        self._text = Text("", wrap=True)
        row.addWidget(self._text, 1)

    def show_value(self, label: str, words: str, reason: str) -> None:
        """Shows the words; the reason is in the description and the tooltip."""
        self._text.setText(words)
        self._text.setToolTip("")
        self.setAccessibleName(f"{label}: {words}")
        self.setAccessibleDescription(reason)
