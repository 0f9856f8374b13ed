"""Pages of a letter on a desk, one after the other at the size that is asked for; and small, to choose by."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QImage, QKeyEvent, QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from desktop.ui.kit.base import clear_layout, draw_box, name_widget
from desktop.ui.kit.card import Ground
from desktop.ui.kit.panes import ScrollPane
from desktop.ui.pages import A4_POINTS, page_images
from desktop.ui.session import Session
from desktop.ui.theme import current_theme

PAGE, WIDTH, FULL = "page", "width", "full"
SMALL = 97
"""How wide a small page is."""
_FULL_WIDTH = A4_POINTS * 96 / 72
_WIDEST = _FULL_WIDTH * 1.2
_TALL = 1.4142
_EDGE = 24
_MOST_ROOM = 700
"""From this width on there is air beside the page."""


class Sheet(QWidget):
    """One page with its edge. It stays white in every palette."""

    def __init__(self, image: QImage, name: str) -> None:
        super().__init__()
        self._theme = current_theme()
        self._pixmap = QPixmap.fromImage(image)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """The page and an edge of 1."""
        return self._pixmap.deviceIndependentSize().toSize() + QSize(2, 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws page and edge."""
        painter = QPainter(self)
        painter.drawPixmap(1, 1, self._pixmap)
        painter.setPen(self._theme.colour("edge"))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))


class Paper(QScrollArea):
    """The pages. PgUp and PgDn go from page to page. `air` is what "page width" leaves free at each side."""

    turned = Signal(int, int)
    """The page in sight, from 1, and how many there are."""

    def __init__(self, session: Session, air: int = _EDGE, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._air = air
        self._pdf = b""
        self._zoom = WIDTH
        self._drawn: tuple[int, float] = (0, 0.0)
        self._turn = 0
        self._sheets: list[Sheet] = []
        name_widget(self, "letter_pages", "The letter as it is printed")
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._desk = Ground("line")
        self._column = QVBoxLayout(self._desk)
        edge = current_theme().px(_EDGE)
        self._column.setContentsMargins(edge, edge, edge, edge)
        self._column.setSpacing(edge)
        self.setWidget(self._desk)
        self.verticalScrollBar().valueChanged.connect(lambda _value: self._tell())

    def show_pdf(self, pdf: bytes) -> None:
        """Shows a letter from its first page; empty bytes show nothing."""
        if pdf == self._pdf:
            return
        self._pdf = pdf
        self._drawn = (0, 0.0)
        if not pdf:
            self._turn += 1
            self._show(self._turn, 0.0, [])
        self._render()

    def set_zoom(self, zoom: str) -> None:
        """The whole page, the width of the window, or full size."""
        self._zoom = zoom
        self._render()

    def go_to(self, number: int) -> None:
        """Brings a page, counted from 1, to the top."""
        if 1 <= number <= len(self._sheets):
            self.verticalScrollBar().setValue(self._sheets[number - 1].y() - current_theme().px(_EDGE))
            self._tell()

    def step(self, by: int) -> None:
        """Goes to the next or the previous page."""
        self.go_to(min(max(self.current() + by, 1), len(self._sheets)))

    def current(self) -> int:
        """The page in sight, from 1."""
        bar = self.verticalScrollBar()
        if self._sheets and bar.maximum() and bar.value() == bar.maximum():
            return len(self._sheets)
        middle = bar.value() + self.viewport().height() // 2
        before = [number for number, sheet in enumerate(self._sheets, 1) if sheet.y() <= middle]
        return before[-1] if before else 1

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """From page to page."""
        steps = {Qt.Key.Key_PageDown: 1, Qt.Key.Key_PageUp: -1}
        if event.key() in steps:
            self.step(steps[Qt.Key(event.key())])
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Draws anew at the new width."""
        super().resizeEvent(event)
        self._render()

    def changeEvent(self, event: QEvent) -> None:
        """Draws anew for a screen with other pixels."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._render()

    def _width(self) -> int:
        px = current_theme().px
        # Two pixels for the edge of each sheet.
        room = self.viewport().width() - 2 * px(_EDGE) - 2
        if self._zoom == FULL:
            return round(_FULL_WIDTH)
        if self._zoom == PAGE:
            return max(px(200), min(room, round((self.viewport().height() - 2 * px(_EDGE)) / _TALL)))
        if self.viewport().width() >= px(_MOST_ROOM):
            room = self.viewport().width() - 2 * px(self._air) - 2
        return max(px(200), min(room, round(_WIDEST)))

    def _render(self) -> None:
        wanted = (self._width(), self.devicePixelRatioF())
        if not self._pdf or wanted == self._drawn:
            return
        bar = self.verticalScrollBar()
        place = bar.value() / bar.maximum() if self._drawn[0] and bar.maximum() else 0.0
        self._drawn = wanted
        self._turn += 1
        done = partial(self._show, self._turn, place)
        self._session.worker.run(page_images, self._pdf, *wanted, owner=self, done=done)

    def _show(self, turn: int, place: float, images: Sequence[QImage]) -> None:
        if turn != self._turn:
            return
        clear_layout(self._column)
        self._sheets = []
        for number, image in enumerate(images, 1):
            sheet = Sheet(image, f"Page {number} of {len(images)}")
            self._sheets.append(sheet)
            self._column.addWidget(sheet, 0, Qt.AlignmentFlag.AlignHCenter)
        self._column.addStretch(1)
        # The sheets have their places once the window is laid out.
        QTimer.singleShot(0, self, lambda: self._stand(place))

    def _stand(self, place: float) -> None:
        bar = self.verticalScrollBar()
        bar.setValue(round(place * bar.maximum()))
        self._tell()

    def _tell(self) -> None:
        self.turned.emit(self.current(), len(self._sheets))


class SmallPage(QAbstractButton):
    """A page as small as a stamp, with its number below where it has one."""

    def __init__(self, image: QImage, name: str, number: int = 0) -> None:
        super().__init__()
        self._theme = current_theme()
        self._pixmap = QPixmap.fromImage(image)
        self._number = number
        name_widget(self, f"small_page_{number}" if number else "small_page", name)
        self.setCheckable(bool(number))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        """The page, its edge, and room for the number."""
        below = self._theme.px(28) if self._number else 0
        return self._pixmap.deviceIndependentSize().toSize() + QSize(4, 4 + below)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter chooses as Space does."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.click()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws page, edge and number."""
        painter = QPainter(self)
        size = self._pixmap.deviceIndependentSize().toSize()
        on = self.isChecked()
        painter.drawPixmap(2, 2, self._pixmap)
        edge = self._theme.colour("accent" if on or self.underMouse() else "edge")
        box = QRectF(0, 0, size.width() + 4, size.height() + 4)
        draw_box(painter, box if on else box.adjusted(1, 1, -1, -1), None, edge, 2 if on else 1, 3)
        if self._number:
            painter.setFont(self._theme.font("small-strong" if on else "small"))
            painter.setPen(self._theme.colour("text" if on else "text-2"))
            below = QRect(0, size.height() + 4, self.width(), self._theme.px(28))
            painter.drawText(below, int(Qt.AlignmentFlag.AlignCenter), f"Page {self._number}")


class SmallPages(ScrollPane):
    """Every page, small, one below the other. `chosen` carries its number from 1."""

    chosen = Signal(int)

    def __init__(self, session: Session) -> None:
        super().__init__("letter_small_pages", "Pages of the letter")
        self._session = session
        self._pdf = b""
        self._turn = 0
        self.pages: list[SmallPage] = []
        self.setFixedWidth(current_theme().px(SMALL + 2 * 19) + 4)
        self.body.setContentsMargins(0, current_theme().px(16), 0, current_theme().px(16))

    def show_pdf(self, pdf: bytes) -> None:
        """Shows a letter's pages; empty bytes show none."""
        if pdf == self._pdf:
            return
        self._pdf = pdf
        self._turn += 1
        if not pdf:
            self._show(self._turn, [])
            return
        width = current_theme().px(SMALL)
        done = partial(self._show, self._turn)
        self._session.worker.run(page_images, pdf, width, self.devicePixelRatioF(), owner=self, done=done)

    def set_current(self, number: int) -> None:
        """Marks the page in sight."""
        for at, page in enumerate(self.pages, 1):
            page.setChecked(at == number)

    def _show(self, turn: int, images: Sequence[QImage]) -> None:
        if turn != self._turn:
            return
        clear_layout(self.body)
        self.pages = []
        for number, image in enumerate(images, 1):
            page = SmallPage(image, f"Page {number} of {len(images)}", number)
            page.clicked.connect(lambda _on=False, number=number: self._chosen(number))
            self.pages.append(page)
            self.body.addWidget(page, 0, Qt.AlignmentFlag.AlignHCenter)
        self.body.addStretch(1)
        self.set_current(1)

    def _chosen(self, number: int) -> None:
        self.set_current(number)
        self.chosen.emit(number)
