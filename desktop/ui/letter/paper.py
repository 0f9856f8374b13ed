"""Pages of a letter on a desk: scrolled, at a width, one after the other."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QImage, QKeyEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QLabel, QScrollArea, QVBoxLayout, QWidget

from desktop.ui.kit.base import name_widget
from desktop.ui.pages import A4_POINTS, page_images
from desktop.ui.session import Session
from desktop.ui.theme import current_theme

PAGE, WIDTH, FULL = "page", "width", "full"
_FULL_WIDTH = A4_POINTS * 96 / 72
_RATIO = 1.4142


class Paper(QScrollArea):
    """The pages. PgUp and PgDn go from page to page."""

    turned = Signal(int, int)
    """The page in sight, from 1, and how many there are."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._pdf = b""
        self._zoom = WIDTH
        self._shown_width = 0
        self._sheets: list[QLabel] = []
        name_widget(self, "letter_pages", "The letter as it is printed")
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._desk = QWidget()
        self._desk.setAutoFillBackground(True)
        self._column = QVBoxLayout(self._desk)
        px = current_theme().px
        self._column.setContentsMargins(px(24), px(24), px(24), px(24))
        self._column.setSpacing(px(24))
        self.setWidget(self._desk)
        self._restyle()
        current_theme().changed.connect(self._restyle)
        self.verticalScrollBar().valueChanged.connect(lambda _value: self._tell())

    def _restyle(self) -> None:
        palette = self._desk.palette()
        palette.setColor(self._desk.backgroundRole(), current_theme().colour("grey-tint"))
        self._desk.setPalette(palette)

    def show_pdf(self, pdf: bytes) -> None:
        """Shows a letter; empty bytes show nothing."""
        self._pdf = pdf
        self._shown_width = 0
        self._render()

    def set_zoom(self, zoom: str) -> None:
        """The whole page, the width of the window, or full size."""
        self._zoom = zoom
        self._render()

    def _width(self) -> int:
        px = current_theme().px
        # Two pixels for the frame of each sheet.
        room = self.viewport().width() - px(48) - 2
        if self._zoom == PAGE:
            return max(px(200), min(room, round((self.viewport().height() - px(48)) / _RATIO)))
        return round(_FULL_WIDTH) if self._zoom == FULL else max(px(200), min(room, round(_FULL_WIDTH * 0.8)))

    def _render(self) -> None:
        width = self._width()
        if not self._pdf or width == self._shown_width:
            if not self._pdf:
                self._show([])
            return
        self._shown_width = width
        pdf, ratio = self._pdf, self.devicePixelRatioF()
        self._session.worker.run(
            page_images, pdf, width, ratio, owner=self, done=self._show, failed=lambda _error: self._show([])
        )

    def _show(self, images: Sequence[QImage]) -> None:
        while (item := self._column.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        self._sheets = []
        for number, image in enumerate(images, 1):
            sheet = QLabel()
            sheet.setPixmap(QPixmap.fromImage(image))
            sheet.setAccessibleName(f"Page {number} of {len(images)}")
            sheet.setFrameShape(QLabel.Shape.Box)
            self._sheets.append(sheet)
            self._column.addWidget(sheet, 0, Qt.AlignmentFlag.AlignHCenter)
        self._column.addStretch(1)
        # The sheets have their places once the window is laid out.
        QTimer.singleShot(0, self, self._tell)

    def go_to(self, number: int) -> None:
        """Brings a page, counted from 1, to the top."""
        if 1 <= number <= len(self._sheets):
            self.verticalScrollBar().setValue(self._sheets[number - 1].y() - current_theme().px(24))
            self._tell()

    def current(self) -> int:
        """The page in sight, from 1."""
        middle = self.verticalScrollBar().value() + self.viewport().height() // 3
        before = [number for number, sheet in enumerate(self._sheets, 1) if sheet.y() <= middle]
        return before[-1] if before else 1

    def _tell(self) -> None:
        self.turned.emit(self.current(), len(self._sheets))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """From page to page."""
        steps = {Qt.Key.Key_PageDown: 1, Qt.Key.Key_PageUp: -1}
        if event.key() in steps:
            self.go_to(self.current() + steps[Qt.Key(event.key())])
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Draws anew at the new width."""
        super().resizeEvent(event)
        self._render()
