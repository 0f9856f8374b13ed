"""What the desk says by itself: banner, toast, empty list."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QEnterEvent, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from desktop.ui.kit.base import draw_box, slug
from desktop.ui.kit.button import Button, Link
from desktop.ui.kit.field import IconLabel
from desktop.ui.kit.text import Text
from desktop.ui.theme import current_theme
from desktop.ui.tokens import CORNER

_BANNERS = {
    "info": ("info", "selected", "accent"),
    "warning": ("triangle-alert", "amber-tint", "amber"),
    "error": ("circle-alert", "red-tint", "red"),
    "good": ("circle-check", "green-tint", "green"),
    "stopped": ("pause", "violet-tint", "violet"),
}


class Banner(QWidget):
    """One sentence and one link over a page; it stays until it is done with. Connect `followed`."""

    followed = Signal()

    def __init__(
        self, kind: str, sentence: str, link: str = "", *, icon: str = "", parent: QWidget | None = None
    ) -> None:
        """`kind` is "info", "warning", "error", "good" or "stopped"."""
        super().__init__(parent)
        self._theme = current_theme()
        shown, self._fill, self._edge = _BANNERS[kind]
        self.setObjectName(f"banner_{kind}")
        px = self._theme.px
        row = QHBoxLayout(self)
        row.setContentsMargins(px(12), px(8), px(12), px(8))
        row.setSpacing(px(10))
        row.addWidget(IconLabel(icon or shown, self._edge), 0, Qt.AlignmentFlag.AlignVCenter)
        self.sentence = Text(sentence, wrap=True)
        row.addWidget(self.sentence, 1, Qt.AlignmentFlag.AlignVCenter)
        if link:
            self.link = Link(link, "body", name=f"banner_{slug(link)}")
            self.link.clicked.connect(self.followed)
            row.addWidget(self.link)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws tint and edge."""
        theme = self._theme
        box = QRectF(self.rect())
        draw_box(QPainter(self), box, theme.colour(self._fill), theme.colour(self._edge), 1, theme.px(CORNER))


class Toast(QWidget):
    """Something was done, at the bottom left of its parent for 8 seconds; it waits under the pointer or the focus.

    `free` tells the part of the parent over which it may stand, if not all of it.

    ``Toast(page).say("TR-000148-6 was submitted", "Open", open_it)``. One toast to a page: make it once.
    """

    SECONDS = 8

    def __init__(self, parent: QWidget, free: Callable[[], QRect] | None = None) -> None:
        super().__init__(parent)
        self._theme = current_theme()
        self._free = free or parent.rect
        self.setObjectName("toast")
        px = self._theme.px
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(px(16), 0, px(16), 0)
        self._row.setSpacing(px(10))
        self._icon = IconLabel("check", "surface")
        self._words = Text("", "body", "surface")
        self._row.addWidget(self._icon)
        self._row.addWidget(self._words)
        self._link = Link("", "strong", name="toast_action", colour="surface")
        self._row.addSpacing(px(6))
        self._row.addWidget(self._link)
        self._then: Callable[[], None] | None = None
        self._link.clicked.connect(self._act)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._time_is_up)
        parent.installEventFilter(self)
        self.hide()

    def say(self, words: str, action: str = "", then: Callable[[], None] | None = None) -> None:
        """Shows the words, with an action if there is one, instead of what it showed before."""
        self._words.setText(words)
        self.setAccessibleName(words)
        self._then = then
        self._link.setVisible(bool(action))
        if action:
            self._link.setText(action)
        self._row.activate()
        self.resize(self._row.sizeHint().width(), self._theme.px(40))
        self._place()
        self.show()
        self.raise_()
        self._timer.start(self.SECONDS * 1000)

    def words(self) -> str:
        """What it says, "" while hidden."""
        return self._words.text() if self.isVisible() else ""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stays in its corner."""
        if watched is self.parent() and event.type() == QEvent.Type.Resize:
            self._place()
        return False

    def enterEvent(self, event: QEnterEvent) -> None:
        """Waits under the pointer."""
        self._timer.stop()

    def leaveEvent(self, event: QEvent) -> None:
        """Counts again."""
        self._timer.start(self.SECONDS * 1000)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc takes it away."""
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
        else:
            event.ignore()

    def dismiss(self) -> None:
        """Takes it away."""
        self._timer.stop()
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws the ink fill."""
        draw_box(QPainter(self), QRectF(self.rect()), self._theme.colour("text"), None, 1, self._theme.px(CORNER))

    def _act(self) -> None:
        then = self._then
        self.dismiss()
        if then is not None:
            then()

    def _time_is_up(self) -> None:
        if self._link.hasFocus() or self.underMouse():
            self._timer.start(self.SECONDS * 1000)
        else:
            self.hide()

    def _place(self) -> None:
        margin, free = self._theme.px(24), self._free()
        self.move(free.left() + margin, free.bottom() + 1 - self.height() - margin)


class EmptyState(QWidget):
    """An empty list: what it means, why, what to do. Connect `acted`."""

    acted = Signal()

    def __init__(self, icon: str, title: str, words: str = "", action: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme = current_theme()
        self.setObjectName("empty_state")
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.px(24), theme.px(4), theme.px(24), theme.px(4))
        column.setSpacing(theme.px(4))
        column.addStretch(1)
        centre = Qt.AlignmentFlag.AlignHCenter
        column.addWidget(IconLabel(icon, "text-2", 28), 0, centre)
        column.addSpacing(theme.px(6))
        self.title = Text(title, "strong", wrap=True)
        self.title.setAlignment(centre)
        self.words = Text(words, "small", "text-2", wrap=True)
        self.words.setAlignment(centre)
        for text in (self.title, self.words):
            text.setMaximumWidth(theme.px(360))
            row = QHBoxLayout()
            row.addStretch(1)
            row.addWidget(text, 8)
            row.addStretch(1)
            column.addLayout(row)
        if action:
            self.button = Button(action)
            self.button.triggered.connect(self.acted)
            column.addSpacing(theme.px(8))
            column.addWidget(self.button, 0, centre)
        column.addStretch(1)

    def minimumSizeHint(self) -> QSize:
        """As high as its words need at this width: nothing of it is squeezed."""
        hint = super().minimumSizeHint()
        return QSize(hint.width(), max(hint.height(), self.heightForWidth(max(self.width(), hint.width()))))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width needs another height."""
        super().resizeEvent(event)
        self.updateGeometry()

    def set_words(self, title: str, words: str) -> None:
        """Says something else."""
        self.title.setText(title)
        self.words.setText(words)
