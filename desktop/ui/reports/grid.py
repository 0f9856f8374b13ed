"""A grid of a report: titles at the left, figures in cells of which each can be opened."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from desktop.policy.disclosurecontrol import HIDDEN
from desktop.policy.reports import Grid, GridRow
from desktop.ui.kit.base import slug
from desktop.ui.kit.drawntable import DrawnTable
from desktop.ui.reports.gridmodel import GridModel, Index, cell_words
from desktop.ui.theme import current_theme

AIR, INSET, ROW = 8, 20, 28
_LEAST, _MOST, _WORDS = 64, 132, 300
"""How wide a column of figures is, and one of words at most."""
_TITLES = 140
"""How wide the titles of the lines are at least."""
_WRAPPED = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignBottom)
_MIDDLE = Qt.AlignmentFlag.AlignVCenter


class _Columns(QHeaderView):
    """The titles of the columns, in as many lines as they need."""

    def __init__(self, table: ReportGrid) -> None:
        super().__init__(Qt.Orientation.Horizontal, table)
        self._table = table
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:
        """Draws one title."""
        theme = current_theme()
        painter.save()
        painter.fillRect(rect, theme.colour("sunken"))
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, theme.colour("line"))
        current = self._table.hasFocus() and self._table.currentIndex().column() == logicalIndex
        painter.setFont(theme.font("tiny-strong" if current else "tiny-label"))
        painter.setPen(theme.colour("text" if current else "text-2"))
        right = self._table.is_figures(logicalIndex)
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        inner = rect.adjusted(theme.px(AIR), 0, -theme.px(AIR), -theme.px(7))
        painter.drawText(inner, _WRAPPED | int(side), self._table.grid.columns[logicalIndex])
        painter.restore()


class _Lines(QHeaderView):
    """The titles of the lines: parts inset, sums bold."""

    def __init__(self, table: ReportGrid) -> None:
        super().__init__(Qt.Orientation.Vertical, table)
        self._table = table
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:
        """Draws one title."""
        theme = current_theme()
        row = self._table.grid.rows[logicalIndex]
        painter.save()
        painter.fillRect(rect, theme.colour("sunken" if row.whole else "surface"))
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, theme.colour("line"))
        painter.setFont(theme.font(_style(row)))
        painter.setPen(theme.colour("text-2" if row.inset else "text"))
        inner = rect.adjusted(_indent(row), 0, -theme.px(AIR), -1)
        painter.drawText(inner, int(_MIDDLE | Qt.TextFlag.TextWordWrap), row.title)
        painter.restore()


def _style(row: GridRow) -> str:
    return "small-strong" if row.whole else "small"


def _indent(row: GridRow) -> int:
    return current_theme().px(16 + (INSET if row.inset else 0))


class _Corner(QWidget):
    """What the titles of the lines are of, above them."""

    def __init__(self, words: str, table: QTableView) -> None:
        super().__init__(table)
        self._words = words

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws it as a column's title."""
        theme = current_theme()
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colour("sunken"))
        painter.fillRect(0, self.height() - 1, self.width(), 1, theme.colour("line"))
        painter.setFont(theme.font("tiny-label"))
        painter.setPen(theme.colour("text-2"))
        painter.drawText(self.rect().adjusted(theme.px(16), 0, -theme.px(AIR), -theme.px(7)), _WRAPPED, self._words)


class _Delegate(QStyledItemDelegate):
    """Draws a cell: a figure that can be opened, a nought, or a star."""

    def __init__(self, table: ReportGrid) -> None:
        super().__init__(table)
        self._table = table

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draws one cell."""
        theme, table = current_theme(), self._table
        rect: QRect = option.rect
        row = table.grid.rows[index.row()]
        current = table.currentIndex() == index
        over = table.hovered == (index.row(), index.column()) and table.can_open(index.row(), index.column())
        painter.save()
        fill = "selected" if current and table.hasFocus() else "hover" if over else "sunken" if row.whole else "surface"
        painter.fillRect(rect, theme.colour(fill))
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, theme.colour("line"))
        words = cell_words(table.grid, index.row(), index.column())
        font = theme.font("small-strong" if row.whole else "small")
        if over:
            font = type(font)(font)
            font.setUnderline(True)
        painter.setFont(font)
        quiet = words in ("0", HIDDEN) or row.inset
        painter.setPen(theme.colour("accent" if over else "text-2" if quiet else "text"))
        inner = rect.adjusted(theme.px(AIR), 0, -theme.px(AIR), -1)
        side = Qt.AlignmentFlag.AlignRight if table.is_figures(index.column()) else Qt.AlignmentFlag.AlignLeft
        shown = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, inner.width())
        painter.drawText(inner, int(_MIDDLE | side), shown)
        if current and table.hasFocus():
            painter.setPen(Qt.PenStyle.NoPen)
            for edge in _ring(rect):
                painter.fillRect(edge, theme.colour("focus"))
        painter.restore()


def _ring(rect: QRect) -> tuple[QRect, ...]:
    """A line of 2 px inside a cell."""
    left, top, wide, high = rect.left(), rect.top(), rect.width(), rect.height()
    return (
        QRect(left, top, wide, 2),
        QRect(left, top + high - 2, wide, 2),
        QRect(left, top, 2, high),
        QRect(left + wide - 2, top, 2, high),
    )


class ReportGrid(DrawnTable):
    """As high as its lines. Arrows go from figure to figure; Enter, Space or a click opens one; Tab leaves."""

    opened = Signal(int, int)
    """A figure is to be opened: its line and its column."""
    moved = Signal(int, int)
    """Another cell is current."""

    def __init__(self, grid: Grid, kept_back: str = "", parent: QWidget | None = None) -> None:
        """`kept_back`: why a figure that is a star is not shown."""
        label = f"{grid.head}, {grid.title}" if grid.head else grid.title
        super().__init__(f"grid_{slug(grid.title)}", label, parent)
        self.grid = grid
        self.hovered = (-1, -1)
        self.setAccessibleDescription("Enter on a figure lists the cases behind it.")
        self._figures = [grid.is_figures(column) for column in range(len(grid.columns))]
        self.setHorizontalHeader(_Columns(self))
        self.setVerticalHeader(_Lines(self))
        self.setModel(GridModel(grid, kept_back, self))
        self.setItemDelegate(_Delegate(self))
        self._corner = _Corner(grid.head, self)
        self._corner.setObjectName("grid_corner")
        self._set_up()
        self.clicked.connect(lambda index: self.opened.emit(index.row(), index.column()))
        self._theme.changed.connect(self._measure)
        self._measure()

    def is_figures(self, column: int) -> bool:
        """Whether a column stands as figures do: at the right."""
        return self._figures[column]

    def can_open(self, row: int, column: int) -> bool:
        """Whether there may be cases behind a cell."""
        return self.grid.rows[row].cells[column] not in (0, HIDDEN, "")

    def least_width(self) -> int:
        """The width from which nothing scrolls sideways."""
        return self._theme.px(_TITLES) + self._wanted

    def show_titles_at(self, below: int) -> None:
        """Keeps the titles of the columns in sight: so many pixels below the grid's top, as far as it has lines."""
        head, last = self.horizontalHeader(), self.rowHeight(len(self.grid.rows) - 1) if self.grid.rows else 0
        at = max(0, min(below, self.height() - head.height() - last))
        for one in (head, self._corner):
            one.move(one.x(), at)
            one.raise_()

    def current(self) -> tuple[int, int]:
        """The line and the column of the current cell; (-1, -1) for none."""
        return self.currentIndex().row(), self.currentIndex().column()

    def go_to(self, row: int, column: int) -> None:
        """Makes a cell current, or the nearest one that there is."""
        row, column = min(row, len(self.grid.rows) - 1), min(column, len(self.grid.columns) - 1)
        self.setCurrentIndex(self.model().index(max(0, row), max(0, column)))

    def currentChanged(self, current: Index, previous: Index) -> None:
        """Tells which cell is current."""
        super().currentChanged(current, previous)
        self._redraw()
        if current.isValid():
            self.moved.emit(current.row(), current.column())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and Space open, Home and End go to the ends of the line."""
        key, plain = event.key(), not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        index = self.currentIndex()
        if plain and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            if index.isValid():
                self.opened.emit(index.row(), index.column())
        elif plain and key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self.go_to(index.row(), 0 if key == Qt.Key.Key_Home else len(self.grid.columns) - 1)
        elif event.matches(QKeySequence.StandardKey.Copy):
            # Figures leave the desk where the journal and what was published know of it, never by the clipboard.
            event.ignore()
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown) or (event.text().isprintable() and event.text()):
            # The page scrolls; a letter that is typed here looks for nothing.
            event.ignore()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The keyboard is on a cell at once."""
        super().focusInEvent(event)
        if not self.currentIndex().isValid() and self.grid.rows and self.grid.columns:
            self.go_to(0, 0)
        elif self.currentIndex().isValid():
            self.moved.emit(*self.current())
        self._redraw()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The ring goes with the keyboard."""
        super().focusOutEvent(event)
        self._redraw()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """A figure under the pointer looks like the button that it is."""
        super().mouseMoveEvent(event)
        index = self.indexAt(event.position().toPoint())
        self._hover((index.row(), index.column()) if index.isValid() else (-1, -1))

    def leaveEvent(self, event: QEvent) -> None:
        """Takes the hover away."""
        self._hover((-1, -1))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leaves the wheel to the page, but sideways."""
        if event.angleDelta().x() and self.horizontalScrollBar().maximum():
            super().wheelEvent(event)
        else:
            event.ignore()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Shares the width out anew."""
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self._measure()

    def sizeHint(self) -> QSize:
        """As high as it is."""
        return QSize(self._theme.px(480), self.minimumHeight())

    def minimumSizeHint(self) -> QSize:
        """Narrow: it scrolls sideways."""
        return QSize(self._theme.px(240), self.minimumHeight())

    def _hover(self, cell: tuple[int, int]) -> None:
        if cell != self.hovered:
            self.hovered = cell
            hand = cell != (-1, -1) and self.can_open(*cell)
            shape = Qt.CursorShape.PointingHandCursor if hand else Qt.CursorShape.ArrowCursor
            self.viewport().setCursor(shape)
            self.viewport().update()

    def _redraw(self) -> None:
        self.viewport().update()
        self.horizontalHeader().viewport().update()

    def _set_up(self) -> None:
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        for header in (self.horizontalHeader(), self.verticalHeader()):
            header.setSectionsClickable(False)
            header.setMinimumSectionSize(1)
            header.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def _measure(self) -> None:
        """The columns as wide as they need, or as far as there is room a little wider; the rest is the titles'."""
        px = self._theme.px
        wide = self._needs()
        self._wanted = sum(wide)
        titles = max(
            (self._theme.metrics(_style(row)).horizontalAdvance(row.title) + _indent(row) for row in self.grid.rows),
            default=0,
        )
        # Titles take several lines before anything scrolls sideways.
        most = min(max(px(200), self.width() * 2 // 5), self.width() - sum(wide))
        titles = max(px(_TITLES), min(titles + px(AIR) + 2, most))
        over = max(0, self.width() - titles - sum(wide))
        for column, need in enumerate(wide):
            more = min(over // max(1, len(wide)), max(0, px(_MOST if self._figures[column] else _WORDS) - need))
            wide[column] = need + more
        titles = max(titles, self.width() - sum(wide))
        for column, found in enumerate(wide):
            self.setColumnWidth(column, found)
        high = max((self._head_height(column, found) for column, found in enumerate(wide)), default=px(32))
        self.horizontalHeader().setFixedHeight(high)
        self.verticalHeader().setFixedWidth(titles)
        rows = 0
        for number, row in enumerate(self.grid.rows):
            box = QRect(0, 0, titles - _indent(row) - px(AIR), 1 << 12)
            lines = self._theme.metrics(_style(row)).boundingRect(box, _WRAPPED, row.title).height()
            self.setRowHeight(number, max(px(ROW), lines + px(10)))
            rows += self.rowHeight(number)
        self._corner.setGeometry(0, 0, titles, high)
        self._corner.raise_()
        scrolls = titles + sum(wide) > max(self.width(), 1)
        bar = px(12) if scrolls else 0
        self.setHorizontalScrollBarPolicy(
            Qt.ScrollBarPolicy.ScrollBarAlwaysOn if scrolls else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        )
        self.setFixedHeight(high + rows + bar)
        # The cells begin where the titles end, which Qt has looked at before they changed.
        self.updateGeometries()

    def _head_height(self, column: int, wide: int) -> int:
        box = QRect(0, 0, wide - 2 * self._theme.px(AIR), 1 << 12)
        words = self._theme.metrics("tiny-strong").boundingRect(box, _WRAPPED, self.grid.columns[column])
        return max(self._theme.px(32), words.height() + self._theme.px(14))

    def _needs(self) -> list[int]:
        return [self._need(column) for column in range(len(self.grid.columns))]

    def _need(self, column: int) -> int:
        """The least width of a column: its longest figure, and the longest word of its title."""
        theme = self._theme
        bold, head = theme.metrics("small-strong"), theme.metrics("tiny-strong")
        cells = [bold.horizontalAdvance(cell_words(self.grid, row, column)) for row in range(len(self.grid.rows))]
        words = [head.horizontalAdvance(word) for word in self.grid.columns[column].split()]
        most = max([*cells, *words], default=0) + 2 * theme.px(AIR) + 2
        return min(max(theme.px(_LEAST), most), theme.px(_WORDS))
