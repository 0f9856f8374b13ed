"""The list of sections at the left, with how far each has come; a drop-down list where there is no room for it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from desktop.ui.case.progress import GROUPS, Progress
from desktop.ui.kit.base import RING, clear_layout, draw_box, name_widget, slug
from desktop.ui.kit.inputs import Combo
from desktop.ui.kit.panes import ScrollPane
from desktop.ui.kit.text import Text
from desktop.ui.theme import current_theme

_WRAPPED = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)


class SectionRow(QAbstractButton):
    """One section: icon, name, state in words. 32 high, or more where the name needs two lines; the current one has a
    fill and a bar.
    """

    def __init__(self, row: Progress, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = current_theme()
        self.row = row
        self.setCheckable(True)
        self.setProperty(RING, "none")
        self.setObjectName(f"section_{slug(row.key)}")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.show_row(row)

    def show_row(self, row: Progress) -> None:
        """Shows how far it is now."""
        self.row = row
        self.setText(row.title)
        self.setAccessibleName(f"{row.title}, {row.words}" if row.words else row.title)
        self._grow()
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keeps the height right when the width changes: a pane that scrolls would squeeze it."""
        super().resizeEvent(event)
        self._grow()

    def _grow(self) -> None:
        """As high as the name needs beside the words. A row that becomes current keeps its height."""
        self.setFixedHeight(self._high(self.width()))

    def _high(self, width: int) -> int:
        room = QRect(0, 0, self._room(width), 1 << 16)
        name = self._theme.metrics("strong").boundingRect(room, _WRAPPED, self.row.title)
        return max(self._theme.px(32), name.height() + self._theme.px(10))

    def sizeHint(self) -> QSize:
        """32 high."""
        return QSize(self._theme.px(200), self._theme.px(32))

    def minimumSizeHint(self) -> QSize:
        """32 high, as narrow as need be."""
        return QSize(self._theme.px(120), self._theme.px(32))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter chooses as Space does; the list takes the arrows."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.click()
        elif event.key() == Qt.Key.Key_Space:
            super().keyPressEvent(event)
        else:
            event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws the row."""
        painter = QPainter(self)
        theme, px, on = self._theme, self._theme.px, self.isChecked()
        if on or self.underMouse():
            draw_box(painter, QRectF(self.rect()), theme.colour("selected" if on else "hover"), None, 1, px(6))
        if on:
            painter.fillRect(0, 0, px(3), self.height(), theme.colour("accent"))
        if self.hasFocus():
            draw_box(painter, QRectF(self.rect()), None, theme.colour("focus"), 2, px(6))
        theme.draw_icon(painter, self.row.icon, px(12), (self.height() - px(16)) // 2, self.row.colour)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(theme.font(self._style()))
        painter.setPen(theme.colour("red" if self.row.colour == "red" else "text-3"))
        right = self.rect().adjusted(0, 0, -px(8), 0)
        painter.drawText(right, int(middle | Qt.AlignmentFlag.AlignRight), self.row.words)
        name = "strong" if on else "body"
        painter.setFont(theme.font(name))
        painter.setPen(theme.colour("text"))
        painter.drawText(QRect(px(36), 0, self._room(self.width()), self.height()), _WRAPPED, self.row.title)

    def _style(self) -> str:
        return "small-strong" if self.row.colour == "red" else "small"

    def _room(self, width: int) -> int:
        """What the words leave for the name."""
        words = self._theme.metrics(self._style()).horizontalAdvance(self.row.words)
        return max(1, width - self._theme.px(36 + 8 + 3) - words)


class Sections(ScrollPane):
    """``chosen`` carries the key of the row. Arrows move through it, Enter or Space chooses; Tab leaves it."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("case_sections", "Sections", margin=12, parent=parent)
        self.body.setSpacing(0)
        self._keys: tuple[str, ...] = ()
        self.rows: dict[str, SectionRow] = {}
        self._counts: dict[str, Text] = {}
        self._is_folded = False
        self.folded = QWidget()
        row = QHBoxLayout(self.folded)
        edge = current_theme().px(24)
        row.setContentsMargins(edge, current_theme().px(8), edge, current_theme().px(8))
        self.combo = Combo()
        name_widget(self.combo, "case_sections_list", "Section")
        row.addWidget(self.combo)
        self.combo.activated.connect(lambda _index: self.chosen.emit(str(self.combo.currentData())))
        self.folded.hide()

    def show_rows(self, rows: Sequence[Progress], current: str) -> None:
        """Shows how far every section is, and which is current. The rows are made anew only where they are others."""
        keys = tuple(row.key for row in rows)
        if keys != self._keys:
            self._keys = keys
            self._build(rows)
        for row in rows:
            self.rows[row.key].show_row(row)
            self.rows[row.key].setChecked(row.key == current)
        for group, count in self._counts.items():
            mine = [row for row in rows if row.group == group]
            count.setText(f"{sum(row.done for row in mine)} of {len(mine)}")
        for index, row in enumerate(rows):
            self.combo.setItemText(index, f"{row.title}: {row.words}" if row.words else row.title)
        self.combo.setCurrentIndex(keys.index(current) if current in keys else -1)
        self._arrange(current)

    def set_folded(self, folded: bool) -> None:
        """Shows the drop-down list instead."""
        self._is_folded = folded
        self.setVisible(not folded)
        self.folded.setVisible(folded)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows, Home and End move the focus through the rows."""
        keys = list(self.rows)
        at = next((i for i, key in enumerate(keys) if self.rows[key].hasFocus()), -1)
        goals = {
            Qt.Key.Key_Down: min(at + 1, len(keys) - 1),
            Qt.Key.Key_Up: max(at - 1, 0),
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: len(keys) - 1,
        }
        if at < 0 or event.key() not in goals or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            event.ignore()
            return
        row = self.rows[keys[goals[Qt.Key(event.key())]]]
        row.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        row.setFocus(Qt.FocusReason.OtherFocusReason)
        self.ensureWidgetVisible(row)

    def _build(self, rows: Sequence[Progress]) -> None:
        px = current_theme().px
        before, self.rows, self._counts = self.rows, {}, {}
        for button in before.values():
            self.body.removeWidget(button)
        clear_layout(self.body)
        self.combo.clear()
        group = ""
        for row in rows:
            if row.group != group:
                group = row.group
                self._head(group)
            self.rows[row.key] = before.pop(row.key) if row.key in before else self._row(row)
            self.body.addWidget(self.rows[row.key])
            self.combo.addItem(row.title, row.key)
        for button in before.values():
            button.hide()
            button.deleteLater()
        self.body.addSpacing(px(8))
        self.body.addStretch(1)

    def _row(self, row: Progress) -> SectionRow:
        button = SectionRow(row)
        button.clicked.connect(lambda _on=False, key=row.key: self._choose(key))
        return button

    def _head(self, group: str) -> None:
        px = current_theme().px
        holder = QVBoxLayout()
        holder.setContentsMargins(px(12), px(12) if self.rows else px(4), px(8), px(4))
        line = QHBoxLayout()
        line.addWidget(Text(GROUPS[group], "strong"), 1)
        if group != "finish":
            self._counts[group] = Text("", "small", "text-3")
            line.addWidget(self._counts[group])
        holder.addLayout(line)
        self.body.addLayout(holder)

    def _choose(self, key: str) -> None:
        self.rows[key].setChecked(True)
        self.chosen.emit(key)

    def _arrange(self, current: str) -> None:
        """One stop of Tab for the whole list: the current row."""
        for key, row in self.rows.items():
            stop = key == current or row.hasFocus()
            row.setFocusPolicy(Qt.FocusPolicy.StrongFocus if stop else Qt.FocusPolicy.ClickFocus)
