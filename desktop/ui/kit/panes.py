"""Panes: a body that scrolls downwards only, and splitters that the keyboard can move."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from desktop.ui.kit.base import name_widget
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
        self.inner = Ground(ground)
        self.body = QVBoxLayout(self.inner)
        edge = theme.px(margin)
        self.body.setContentsMargins(edge, edge, edge, edge)
        self.body.setSpacing(theme.px(16))
        self.setWidget(self.inner)

    def minimumSizeHint(self) -> QSize:
        """As wide as its content must be; any height."""
        return QSize(self.inner.minimumSizeHint().width(), current_theme().px(40))

    def show_from(self, widget: QWidget) -> None:
        """Scrolls to where something that was just shown begins, once it has its place."""
        to = self.verticalScrollBar()
        QTimer.singleShot(0, widget, lambda: to.setValue(widget.mapTo(self.inner, QPoint()).y()))

    def focusNextPrevChild(self, next: bool) -> bool:
        """Brings the control that gets the focus wholly into sight, with its label."""
        moved = super().focusNextPrevChild(next)
        focused = self.focusWidget()
        if moved and focused is not None:
            self.ensureWidgetVisible(focused, 0, current_theme().px(48))
        return moved


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
