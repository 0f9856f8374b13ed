"""The focus ring: 2 px in the focus colour, 2 px away from the focused control, above everything, in every window."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractScrollArea,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)
from shiboken6 import isValid

from desktop.ui.kit.base import RING, draw_box
from desktop.ui.theme import current_theme

_OWN_FOCUS = (QLineEdit, QPlainTextEdit, QComboBox, QAbstractItemView)
_FOLLOWED = frozenset(
    {QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.Hide, QEvent.Type.LayoutRequest}
)


class _Start(QObject):
    """Hands the keyboard on from a page to the control at which it starts."""

    def __init__(self, page: QWidget) -> None:
        super().__init__(page)
        self.control: QWidget = page
        page.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follows the focus of the page."""
        if event.type() == QEvent.Type.FocusIn and self.control is not watched and isValid(self.control):
            self.control.setFocus(Qt.FocusReason.OtherFocusReason)
        return False


def starts_at(page: QWidget, control: QWidget) -> None:
    """The page's keyboard starts at this control.

    Not by a focus proxy: from a proxy, Tab jumps over everything else on its page.
    """
    found = page.findChild(_Start, options=Qt.FindChildOption.FindDirectChildrenOnly) or _Start(page)
    found.control = control


class FocusRing(QWidget):
    """One overlay for a top-level window. Make it after the window's content; it finds the focus by itself."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._theme = current_theme()
        self._target: QWidget | None = None
        self._watched: list[QWidget] = []
        self._clip = QRect()
        self.setObjectName("focus_ring")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()
        self._theme.focus_changed.connect(self._focus_changed)
        self._theme.changed.connect(self.update)
        self._focus_changed(None, QApplication.focusWidget())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follows the focused control and what it stands in."""
        if event.type() in _FOLLOWED or event.type() == QEvent.Type.DynamicPropertyChange:
            self._place()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws the ring, cut where the control itself is scrolled out of sight."""
        painter = QPainter(self)
        painter.setClipRect(self._clip)
        radius = self._theme.px(8)
        draw_box(painter, QRectF(self.rect()), None, self._theme.colour("focus"), 2.0, radius)

    def _focus_changed(self, _old: QWidget | None, new: QWidget | None) -> None:
        for widget in self._watched:
            if isValid(widget):
                widget.removeEventFilter(self)
        self._watched.clear()
        self._target = new if new is not None and new.window() is self.window() else None
        around: QWidget | None = self._target
        while around is not None and around is not self.window():
            around.installEventFilter(self)
            self._watched.append(around)
            around = around.parentWidget()
        self._place()

    def _place(self) -> None:
        target = self._target
        if target is None or not isValid(target) or not target.isVisible() or not self._wanted(target):
            self.hide()
            return
        box = QRect(target.mapTo(self.window(), QPoint(0, 0)), target.size()).adjusted(-4, -4, 4, 4)
        self.setGeometry(box)
        self._clip = self._visible_part(target).translated(-box.topLeft())
        self.show()
        self.raise_()
        self.update()

    def _wanted(self, target: QWidget) -> bool:
        ring: str | None = target.property(RING)
        if ring == "none":
            return False
        if isinstance(target, _OWN_FOCUS):
            return ring == "problem"
        return not isinstance(target, QAbstractScrollArea)

    def _visible_part(self, target: QWidget) -> QRect:
        """What scroll areas around the control leave of the window, with room for the ring."""
        window = self.window()
        part = window.rect()
        widget = target.parentWidget()
        while widget is not None and widget is not window:
            parent = widget.parentWidget()
            if isinstance(parent, QAbstractScrollArea) and parent.viewport() is widget:
                seen = QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())
                # Of a control that is wholly in sight none of the ring is cut, though it stands at the very edge.
                high = 4 if seen.contains(QRect(target.mapTo(window, QPoint(0, 0)), target.size())) else 0
                part &= seen.adjusted(-4, -high, 4, high)
            widget = parent
        return part
