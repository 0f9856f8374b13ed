"""A row of widgets that goes on in the next line when it is full: chips, tags, buttons."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget


class Flow(QLayout):
    """Lays widgets out from left to right, wrapping, `gap` apart; its lines too, or `between` apart.

    With `closer`, they stand down to half as far apart where all of them fit in one line so.
    """

    def __init__(
        self, parent: QWidget | None = None, gap: int = 8, between: int | None = None, *, closer: bool = False
    ) -> None:
        super().__init__(parent)
        self._between, self._closer = between, closer
        self._items: list[QLayoutItem] = []
        self.setContentsMargins(0, 0, 0, 0)
        self.setSpacing(gap)

    def addItem(self, item: QLayoutItem) -> None:
        """Adds at the end."""
        self._items.append(item)

    def insert(self, index: int, widget: QWidget) -> None:
        """Puts a widget before the one at `index`."""
        self.addWidget(widget)
        self._items.insert(index, self._items.pop())
        self.invalidate()

    def count(self) -> int:
        """How many."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        """The one at `index`, or None."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        """Takes the one at `index` out, or None."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        """Takes no more than it needs."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        """It grows downwards."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Height at this width."""
        return self._place(QRect(0, 0, width, 0), False)

    def setGeometry(self, rect: QRect) -> None:
        """Places the widgets."""
        super().setGeometry(rect)
        self._place(rect, True)

    def sizeHint(self) -> QSize:
        """All in one line."""
        hints = [item.sizeHint() for item in self._shown()]
        width = sum(hint.width() for hint in hints) + self.spacing() * max(0, len(hints) - 1)
        return QSize(width, max((hint.height() for hint in hints), default=0))

    def minimumSize(self) -> QSize:
        """The widest one."""
        hints = [item.minimumSize() for item in self._shown()]
        return QSize(max((h.width() for h in hints), default=0), max((h.height() for h in hints), default=0))

    def _shown(self) -> list[QLayoutItem]:
        return [item for item in self._items if not item.isEmpty()]

    def _gap(self, room: int) -> int:
        """How far apart they stand in this width."""
        gap, shown = self.spacing(), self._shown()
        if not self._closer or len(shown) < 2:
            return gap
        left = room - sum(item.sizeHint().expandedTo(item.minimumSize()).width() for item in shown)
        fits = left // (len(shown) - 1)
        return min(gap, fits) if fits >= gap // 2 else gap

    def _place(self, rect: QRect, move: bool) -> int:
        x, y, high = rect.x(), rect.y(), 0
        between = self.spacing() if self._between is None else self._between
        gap = self._gap(rect.width())
        for item in self._shown():
            hint = item.sizeHint().expandedTo(item.minimumSize())
            if x > rect.x() and x + hint.width() > rect.right() + 1:
                x, y, high = rect.x(), y + high + between, 0
            if move:
                item.setGeometry(QRect(QPoint(x, y), QSize(min(hint.width(), max(rect.width(), 1)), hint.height())))
            x += hint.width() + gap
            high = max(high, hint.height())
        return y + high - rect.y()
