"""What the search field finds as one types: references, names, dates of birth, NHS numbers, requesters' references."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from db.records import CaseRow
from desktop.casework.consulting import searched
from desktop.casework.register import find
from desktop.policy.life import STATE_WORDS
from desktop.policy.wording import partial_date_words, plural
from desktop.ui.kit.base import draw_box, name_widget
from desktop.ui.kit.small import Line
from desktop.ui.kit.tag import draw_tag, state_look, tag_size
from desktop.ui.kit.text import Text
from desktop.ui.mywork_model import Index
from desktop.ui.session import Session
from desktop.ui.theme import current_theme
from desktop.ui.tokens import CORNER

MOST = 50
_SHOWN = 8
WHAT = "Search by reference, name, date of birth (4 November 1991, or 1991), NHS number or requester’s reference."


def born_words(born: str) -> str:
    """A stored date of birth in words: "1984-06" is June 1984, day not known."""
    year, month, one = (*born.split("-"), "", "")[:3]
    return partial_date_words({"year": year, "month": month, "day": one})


class FoundModel(QAbstractListModel):
    """The cases found."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: tuple[CaseRow, ...] = ()

    def show_rows(self, rows: Sequence[CaseRow]) -> None:
        """Shows these."""
        self.beginResetModel()
        self.rows = tuple(rows)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  (Qt's own signature)
        """How many."""
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Words for assistive technology; the delegate paints from `rows`."""
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole) or not index.isValid():
            return None
        row = self.rows[index.row()]
        born = f"born {born_words(row.born)}" if row.born else ""
        parts = (row.reference, STATE_WORDS[row.state], row.person, born, row.requester)
        return ", ".join(part for part in parts if part)


class _FoundDelegate(QStyledItemDelegate):
    def __init__(self, model: FoundModel, parent: QObject) -> None:
        super().__init__(parent)
        self._model = model
        self._theme = current_theme()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Two lines."""
        return QSize(0, self._theme.px(52))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Reference and state; person, date of birth and requester below."""
        theme, px = self._theme, self._theme.px
        row = self._model.rows[index.row()]
        rect = QRect(option.rect)
        state = option.state
        painter.save()
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, theme.colour("selected"))
            painter.fillRect(rect.left(), rect.top(), 3, rect.height(), theme.colour("accent"))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, theme.colour("hover"))
        look = state_look(row.state)
        size = tag_size(theme, look)
        right = rect.right() - px(12)
        draw_tag(theme, painter, right - size.width(), rect.top() + px(4), look)
        left, room = rect.left() + px(16), right - rect.left() - px(16)
        middle = int(Qt.AlignmentFlag.AlignVCenter)
        at = left
        for words, style in ((row.reference, "label"), (row.about or "No name yet", "body")):
            width = min(theme.metrics(style).horizontalAdvance(words) + 2, right - size.width() - px(12) - at)
            painter.setFont(theme.font(style))
            painter.setPen(theme.colour("text"))
            said = theme.metrics(style).elidedText(words, Qt.TextElideMode.ElideRight, width)
            painter.drawText(QRect(at, rect.top() + px(6), width, theme.line(style)), middle, said)
            at += width + px(12)
        born = f"Born {born_words(row.born)}" if row.born else ""
        second = "    ".join(part for part in (born, row.requester, row.requester_reference) if part)
        painter.setFont(theme.font("small"))
        painter.setPen(theme.colour("text-2"))
        said = theme.metrics("small").elidedText(second, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRect(left, rect.top() + px(27), room, theme.line("small")), middle, said)
        painter.restore()


class SearchPopup(QWidget):
    """The list below the search field. The keyboard stays in the field: arrows move, Enter opens, Esc closes."""

    opened = Signal(int)

    _session: Session

    def __init__(self, edit: QLineEdit, window: QWidget) -> None:
        super().__init__(window)
        self._edit, self._window = edit, window
        self._theme = current_theme()
        self._asking = ""
        """What the store is asked for at this moment; "" for nothing."""
        self._shown = ""
        """The words whose cases are shown."""
        self._count: int | None = None
        """How many cases the search found that is still going on; None where none is."""
        self.model = FoundModel(self)
        name_widget(self, "search_results", "Search results")
        self.list = QListView(self)
        name_widget(self.list, "search_list", "Cases found")
        self.list.setModel(self.model)
        self.list.setItemDelegate(_FoundDelegate(self.model, self))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setMouseTracking(True)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._words = Text("", "small", "text-2", wrap=True)
        px = self._theme.px
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addWidget(self.list)
        column.addWidget(Line())
        foot = QVBoxLayout()
        foot.setContentsMargins(px(16), px(8), px(16), px(8))
        foot.addWidget(self._words)
        column.addLayout(foot)
        self.list.clicked.connect(self._open)
        self.hide()

    def begin(self, session: Session) -> None:
        """From now on the field is listened to."""
        self._session = session
        self._edit.textEdited.connect(self._typed)
        self._edit.installEventFilter(self)
        self._window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys of the field, and the place below it."""
        kind = event.type()
        if watched is self._edit:
            if kind == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
                return self._key(event)
            if kind == QEvent.Type.FocusIn:
                self._typed()
            elif kind == QEvent.Type.FocusOut and not self.underMouse():
                self.hide()
                self._journal()
        elif kind == QEvent.Type.Resize and self.isVisible():
            self._place()
        return False

    def close_and_clear(self) -> None:
        """Ends the search."""
        self._edit.clear()
        self._journal()
        self._shown = ""
        self.model.show_rows(())
        self.hide()

    def _journal(self) -> None:
        """A search is over: the journal keeps that it was made, and how many it found last."""
        if self._count is not None:
            self._session.run(self, searched, self._count, done=lambda _nothing: None)
        self._count = None

    def shows(self, words: str) -> bool:
        """Whether the list has what these words find."""
        return self._shown == words

    def words(self) -> str:
        """What the foot of the list says."""
        return self._words.text()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws surface and edge."""
        colour, radius = self._theme.colour, self._theme.px(CORNER)
        draw_box(QPainter(self), QRectF(self.rect()), colour("surface"), colour("edge"), 1, radius)

    def _key(self, event: QKeyEvent) -> bool:
        key = event.key()
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up) and self.model.rows:
            step = 1 if key == Qt.Key.Key_Down else -1
            at = (self.list.currentIndex().row() + step) % len(self.model.rows)
            self.list.setCurrentIndex(self.model.index(at))
            self._say_row(at)
            return True
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            # What is still to come is not opened unseen.
            if self.model.rows and self.shows(self._edit.text()):
                self._open(self.list.currentIndex())
            return True
        if key == Qt.Key.Key_Escape:
            self.close_and_clear()
            self._edit.clearFocus()
            return True
        return False

    def _typed(self) -> None:
        if self._edit.text().strip():
            self._ask()
        else:
            self._shown = ""
            self._show((), WHAT)

    def _ask(self) -> None:
        """Asks for what is typed; while an answer is on its way, once that is there: quick fingers make no queue."""
        if self._asking:
            return
        self._asking = typed = self._edit.text()

        def found(rows: tuple[CaseRow, ...]) -> None:
            if self._answered(typed):
                self._found(rows, typed)

        def refused(error: Exception) -> None:
            if self._answered(typed):
                self._shown = typed
                self._show((), str(error))

        self._session.run(self, find, typed, MOST, done=found, failed=refused)

    def _answered(self, typed: str) -> bool:
        """Whether an answer is to what is typed now. One to what was typed before says nothing about it."""
        self._asking = ""
        now = self._edit.text()
        if now != typed and now.strip():
            self._ask()
        return now == typed

    def _found(self, rows: tuple[CaseRow, ...], typed: str) -> None:
        self._count = len(rows)
        self._shown = typed
        if not rows:
            self._show((), f"Nothing found for “{typed.strip()[:60]}”. {WHAT}")
        elif len(rows) >= MOST:
            self._show(rows, f"The latest {MOST} are shown. Type more to find fewer.")
        else:
            self._show(rows, f"{plural(len(rows), 'case')} found. Enter opens.")

    def _show(self, rows: Sequence[CaseRow], words: str) -> None:
        self.model.show_rows(rows)
        self._words.setText(words)
        self.list.setVisible(bool(rows))
        if rows:
            self.list.setCurrentIndex(self.model.index(0))
        self._edit.setAccessibleDescription(words)
        if self._edit.hasFocus():
            self._place()
            self.show()
            self.raise_()

    def _say_row(self, at: int) -> None:
        self._edit.setAccessibleDescription(str(self.model.data(self.model.index(at))))

    def _place(self) -> None:
        px = self._theme.px
        window = self._window
        here = self._edit.mapTo(window, QPoint(0, self._edit.height() + px(6)))
        width = min(max(self._edit.width(), px(560)), window.width() - here.x() - px(16))
        rows = min(len(self.model.rows), _SHOWN)
        self.list.setFixedHeight(rows * px(52))
        words = self._words.heightForWidth(width - px(34))
        self._words.setFixedHeight(words)
        height = rows * px(52) + words + px(16) + 3
        self.setGeometry(max(px(8), here.x()), here.y(), width, min(height, window.height() - here.y() - px(8)))

    def _open(self, index: Index) -> None:
        if index.isValid():
            case = self.model.rows[index.row()].id
            self.close_and_clear()
            self.opened.emit(case)
