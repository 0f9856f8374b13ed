"""The problems of a form, in a red box at its top: one link to each field."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from desktop.policy.wording import plural
from desktop.ui.kit.base import clear_layout, draw_box, name_widget, slug
from desktop.ui.kit.button import Link
from desktop.ui.kit.field import IconLabel
from desktop.ui.kit.text import Text
from desktop.ui.theme import current_theme
from desktop.ui.tokens import CORNER

_WRAPPED = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)


class _Jump(Link):
    """A link of as many lines as its words need."""

    def __init__(self, text: str, name: str) -> None:
        super().__init__(text, "body", name=name, colour="red")
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def minimumSizeHint(self) -> QSize:
        """Narrow: it wraps."""
        return QSize(self._theme.px(40), self._theme.px(24))

    def heightForWidth(self, width: int) -> int:
        """Whole lines at this width."""
        return max(self._theme.px(24), self._box(width).height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keeps the layout's height right when the width changes."""
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self.setMinimumHeight(self.heightForWidth(event.size().width()))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws the words, underlined."""
        painter = QPainter(self)
        font = QFont(self._theme.font(self._style))
        font.setUnderline(True)
        painter.setFont(font)
        painter.setPen(self._theme.colour(self._colour))
        painter.drawText(self.rect(), _WRAPPED, self._words)

    def _box(self, width: int) -> QRect:
        return self._theme.metrics(self._style).boundingRect(QRect(0, 0, width, 1 << 16), _WRAPPED, self._words)


class ErrorSummary(QWidget):
    """Hidden while there is nothing wrong. It takes the focus when it appears; `jumped` carries the field's key."""

    jumped = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = current_theme()
        name_widget(self, "error_summary", "There is a problem")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        px = self._theme.px
        row = QHBoxLayout(self)
        row.setContentsMargins(px(16), px(10), px(16), px(10))
        row.setSpacing(px(8))
        icon = QVBoxLayout()
        icon.setContentsMargins(0, px(2), 0, 0)
        icon.addWidget(IconLabel("circle-alert", "red"))
        icon.addStretch(1)
        row.addLayout(icon)
        column = QVBoxLayout()
        column.setSpacing(0)
        self._title = Text("There is a problem", "strong", "red")
        column.addWidget(self._title, 0, Qt.AlignmentFlag.AlignLeft)
        self._links = QVBoxLayout()
        self._links.setSpacing(px(4))
        column.addLayout(self._links)
        column.addStretch(1)
        row.addLayout(column, 1)
        self.hide()

    def show_problems(self, problems: Sequence[tuple[str, str, str]], take_focus: bool = True) -> None:
        """Lists (key, label, message); none hides it. Takes the focus when it appears, not when it only changes."""
        appears = self.isHidden() and bool(problems)
        clear_layout(self._links)
        count = len(problems)
        title = "There is a problem" if count == 1 else f"There are {plural(count, 'problem')}"
        self._title.setText(title)
        words = [f"{label}: {message}" if label else message for _key, label, message in problems]
        self.setAccessibleName(f"{title}. {' '.join(words)}")
        for (key, _label, _message), text in zip(problems, words, strict=True):
            link = _Jump(text, f"problem_{slug(key)}")
            link.clicked.connect(lambda _checked=False, key=key: self.jumped.emit(key))
            self._links.addWidget(link)
        self.setVisible(bool(problems))
        if appears and take_focus:
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws the 2 px red box."""
        theme = self._theme
        box = QRectF(self.rect())
        draw_box(QPainter(self), box, theme.colour("surface"), theme.colour("red"), 2, theme.px(CORNER))
