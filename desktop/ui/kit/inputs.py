"""Fields of text: one line, several lines, a choice from a list."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QTextOption, QWheelEvent
from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit, QSizePolicy, QWidget

from db.records import Json
from desktop.ui.kit.field import Field
from desktop.ui.theme import current_theme
from desktop.ui.tokens import CONTROL


class LineEdit(QLineEdit):
    """A one-line edit of the kit: what is typed or pasted stays as it is, up to its length."""

    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """32 high at 100 %."""
        return QSize(super().sizeHint().width(), current_theme().px(CONTROL))

    def minimumSizeHint(self) -> QSize:
        """As high as it wants to be; as narrow as a year."""
        return QSize(current_theme().px(48), current_theme().px(CONTROL))

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Tells that the user has left it, except for a menu of its own."""
        super().focusOutEvent(event)
        if event.reason() not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
            self.left.emit()


class TextEdit(QPlainTextEdit):
    """A plain text edit that grows with what is in it. Tab leaves it."""

    left = Signal()

    def __init__(self, lines: int = 3, most: int = 14, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = current_theme()
        self._least, self._most = lines, most
        self.setTabChangesFocus(True)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().setDocumentMargin(2)
        self.document().documentLayout().documentSizeChanged.connect(self._grow)
        self._theme.changed.connect(self._grow)
        self._grow()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Tells that the user has left it."""
        super().focusOutEvent(event)
        if event.reason() not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
            self.left.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leaves Ctrl+Enter to the window's main button."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier and event.key() in (
            Qt.Key.Key_Return,
            Qt.Key.Key_Enter,
        ):
            event.ignore()
            return
        super().keyPressEvent(event)

    def _grow(self) -> None:
        count = max(self._least, min(self._most, round(self.document().size().height())))
        self.setFixedHeight(count * self.fontMetrics().lineSpacing() + self._theme.px(8) + 6)


class LineField(Field):
    """One line of text, a number, a reference, an e-mail address. Value: str as typed, never cut: what is too long is
    said where it is kept.
    """

    def __init__(
        self,
        key: str,
        label: str,
        *,
        note: str = "",
        hint: str = "",
        help: str = "",
        placeholder: str = "",
        password: bool = False,
    ) -> None:
        self.edit = LineEdit()
        super().__init__(key, label, note=note, hint=hint, help=help)
        self.name_control(self.edit)
        self.edit.setPlaceholderText(placeholder)
        if password:
            self.edit.setEchoMode(QLineEdit.EchoMode.Password)
        self.label.setBuddy(self.edit)
        self.body.addWidget(self.edit)
        self.setFocusProxy(self.edit)
        self.edit.textEdited.connect(self.emit_edited)
        self.edit.left.connect(lambda: self.left.emit(self.key))

    def value(self) -> Json:
        """The text as typed."""
        return self.edit.text()

    def set_value(self, value: Json) -> None:
        """Shows the text, keeping the cursor where the text is the same."""
        text = value if isinstance(value, str) else ""
        if text != self.edit.text():
            self.edit.setText(text)

    def controls(self) -> list[QWidget]:
        """The edit."""
        return [self.edit]


class TextField(Field):
    """Several lines of text that grow. Value: str."""

    def __init__(
        self,
        key: str,
        label: str,
        *,
        note: str = "",
        hint: str = "",
        help: str = "",
        lines: int = 3,
        parent: QWidget | None = None,
    ) -> None:
        self.edit = TextEdit(lines)
        super().__init__(key, label, note=note, hint=hint, help=help, parent=parent)
        self.name_control(self.edit)
        self.label.setBuddy(self.edit)
        self.body.addWidget(self.edit)
        self.setFocusProxy(self.edit)
        self._setting = False
        self.edit.textChanged.connect(self._changed)
        self.edit.left.connect(lambda: self.left.emit(self.key))

    def value(self) -> Json:
        """The text as typed."""
        return self.edit.toPlainText()

    def set_value(self, value: Json) -> None:
        """Shows the text, keeping the cursor where the text is the same."""
        text = value if isinstance(value, str) else ""
        if text != self.edit.toPlainText():
            self._setting = True
            self.edit.setPlainText(text)
            self._setting = False

    def controls(self) -> list[QWidget]:
        """The edit."""
        return [self.edit]

    def _changed(self) -> None:
        if not self._setting:
            self.emit_edited()


class Combo(QComboBox):
    """A drop-down list of the kit: the wheel never changes it by accident."""

    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = current_theme()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(6)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.view().installEventFilter(self)

    def sizeHint(self) -> QSize:
        """32 high at 100 %."""
        return QSize(super().sizeHint().width(), self._theme.px(CONTROL))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leaves the wheel to the page."""
        event.ignore()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Tells that the user has left it."""
        super().focusOutEvent(event)
        if event.reason() not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
            self.left.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Lets the list be as wide as its longest words."""
        if event.type() == QEvent.Type.Show:
            wide = max((self.fontMetrics().horizontalAdvance(self.itemText(i)) for i in range(self.count())), default=0)
            self.view().setMinimumWidth(min(wide + self._theme.px(40), self._theme.px(600)))
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws the theme's arrow over the box."""
        super().paintEvent(event)
        painter = QPainter(self)
        side = self._theme.px(16)
        colour = "text-2" if self.isEnabled() else "text-3"
        self._theme.draw_icon(
            painter, "chevron-down", self.width() - side - self._theme.px(8), (self.height() - side) // 2, colour
        )


class ChoiceField(Field):
    """One of a list. Value: the option's key, "" for none. `options` are (key, words)."""

    def __init__(
        self,
        key: str,
        label: str,
        options: Sequence[tuple[str, str]],
        *,
        note: str = "",
        hint: str = "",
        help: str = "",
        none_words: str = "Choose",
        parent: QWidget | None = None,
    ) -> None:
        self.combo = Combo()
        super().__init__(key, label, note=note, hint=hint, help=help, parent=parent)
        self.name_control(self.combo)
        self.label.setBuddy(self.combo)
        self._none_words = none_words
        self.set_options(options)
        self.body.addWidget(self.combo)
        self.setFocusProxy(self.combo)
        self.combo.activated.connect(self.emit_edited)
        self.combo.left.connect(lambda: self.left.emit(self.key))

    def set_options(self, options: Sequence[tuple[str, str]]) -> None:
        """Offers other options, keeping the answer where it is still among them."""
        kept = self.combo.currentData()
        self.combo.clear()
        if self._none_words:
            self.combo.addItem(self._none_words, "")
        for key, words in options:
            self.combo.addItem(words, key)
        self.set_value(kept if isinstance(kept, str) else "")

    def value(self) -> Json:
        """The key of the option chosen."""
        return str(self.combo.currentData() or "")

    def words(self) -> str:
        """The words of the option chosen."""
        return self.combo.currentText() if self.value() else "Not given"

    def set_value(self, value: Json) -> None:
        """Shows an option. A key that is no longer offered is shown as it is, so that nothing is lost."""
        text = value if isinstance(value, str) else ""
        index = self.combo.findData(text)
        if index < 0 and text:
            self.combo.addItem(text, text)
            index = self.combo.count() - 1
        self.combo.setCurrentIndex(max(index, 0) if self.combo.count() else -1)

    def controls(self) -> list[QWidget]:
        """The drop-down list."""
        return [self.combo]
