"""Panes: a body that scrolls downwards only, and splitters that the keyboard can move."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSplitter, QSplitterHandle, QVBoxLayout, QWidget

from desktop.ui.kit.base import RING, name_widget
from desktop.ui.kit.card import Ground
from desktop.ui.theme import current_theme


class ScrollPane(QScrollArea):
    """Scrolls downwards only; put things into `body`. What gets the focus is brought into sight."""

    def __init__(
        self, name: str, label: str, ground: str = "canvas", margin: int = 16, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        theme = current_theme()
        name_widget(self, name, label)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._inner = Ground(ground)
        self.body = QVBoxLayout(self._inner)
        edge = theme.px(margin)
        self.body.setContentsMargins(edge, edge, edge, edge)
        self.body.setSpacing(theme.px(16))
        self.setWidget(self._inner)

    def minimumSizeHint(self) -> QSize:
        """As wide as its content must be; any height."""
        return QSize(self._inner.minimumSizeHint().width(), current_theme().px(60))

    def focusNextPrevChild(self, next: bool) -> bool:
        """Brings the control that gets the focus wholly into sight, with its label."""
        moved = super().focusNextPrevChild(next)
        focused = self.focusWidget()
        if moved and focused is not None:
            self.ensureWidgetVisible(focused, 0, current_theme().px(48))
        return moved


class Handle(QSplitterHandle):
    """A splitter's handle: arrows move it by 16 px, Home and End to the ends."""

    def __init__(self, orientation: Qt.Orientation, parent: QSplitter) -> None:
        super().__init__(orientation, parent)
        self._theme = current_theme()
        name_widget(self, "splitter_handle", "Divider between panes: arrows move it")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty(RING, "none")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Moves the divider."""
        step = self._theme.px(16)
        moves = {Qt.Key.Key_Left: -step, Qt.Key.Key_Up: -step, Qt.Key.Key_Right: step, Qt.Key.Key_Down: step}
        splitter = self.splitter()
        across = self.orientation() == Qt.Orientation.Horizontal
        place = self.x() if across else self.y()
        ends = {Qt.Key.Key_Home: 0, Qt.Key.Key_End: splitter.width() if across else splitter.height()}
        if event.key() in moves:
            self.moveSplitter(place + moves[Qt.Key(event.key())])
        elif event.key() in ends:
            self.moveSplitter(ends[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Shows the focus."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Takes the focus's look away."""
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A line of 1 px, 3 px in the focus colour while it has the keyboard."""
        painter = QPainter(self)
        if self.hasFocus() or self.underMouse():
            painter.fillRect(self.rect(), self._theme.colour("focus" if self.hasFocus() else "accent"))
            return
        across = self.orientation() == Qt.Orientation.Horizontal
        left, right = QWidget.rect(self), self._theme.colour("line")
        if across:
            painter.fillRect(left.center().x(), 0, 1, self.height(), right)
        else:
            painter.fillRect(0, left.center().y(), self.width(), 1, right)


class Splitter(QSplitter):
    """Panes side by side. `moved` fires when the user has moved a divider: keep `sizes()` in the settings."""

    moved = Signal()

    def __init__(self, name: str, orientation: Qt.Orientation = Qt.Orientation.Horizontal) -> None:
        super().__init__(orientation)
        self.setObjectName(name)
        self.setChildrenCollapsible(False)
        self.setHandleWidth(3)
        self.splitterMoved.connect(lambda _place, _index: self.moved.emit())

    def createHandle(self) -> QSplitterHandle:
        """A handle that takes the keyboard."""
        return Handle(self.orientation(), self)


class WidthWatcher(QObject):
    """Tells when a window's effective width (width divided by text scale) crosses a step of the layout."""

    crossed = Signal(int)
    """The step now: 1600, 1366, 1024 or 0."""
    STEPS = (1600, 1366, 1024, 0)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._theme = current_theme()
        self.step = self._find()
        window.installEventFilter(self)
        self._theme.changed.connect(self._check)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follows the window."""
        if event.type() == QEvent.Type.Resize:
            self._check()
        return False

    def _find(self) -> int:
        effective = self._window.width() * 100 / self._theme.text_scale
        return next(step for step in self.STEPS if effective >= step)

    def _check(self) -> None:
        step = self._find()
        if step != self.step:
            self.step = step
            self.crossed.emit(step)
