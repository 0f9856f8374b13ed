"""The last step of the first start: the recovery sheet, to be printed or saved before the desk opens."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from desktop.security.files import write_private
from desktop.ui import dialogs
from desktop.ui.kit.base import name_widget
from desktop.ui.kit.button import Button
from desktop.ui.kit.field import Message
from desktop.ui.kit.notices import Banner
from desktop.ui.kit.text import Text
from desktop.ui.kit.ticks import Tick
from desktop.ui.setup.steps import Step
from desktop.ui.theme import current_theme

_WIDTH = 380
LOST = (
    "This sheet was neither printed nor saved. Its key is shown now and never again, and without it a lost key means a "
    "lost store. An administrator can make another sheet later, under Administration › Backups."
)


class _Sheet(QWidget):
    """The page as it will be printed, small. White in every palette, as paper is."""

    def __init__(self) -> None:
        super().__init__()
        px = current_theme().px
        self._page = QPixmap()
        self.setFixedSize(px(_WIDTH), round(px(_WIDTH) * 297 / 210))
        name_widget(self, "sheet_preview", "The recovery sheet as it will be printed")

    def show_page(self, page: QPixmap) -> None:
        """Shows this page."""
        self._page = page
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws the paper and what is on it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(self.rect(), Qt.GlobalColor.white)
        if not self._page.isNull():
            painter.drawPixmap(self.rect(), self._page)
        painter.setPen(current_theme().colour("line"))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))


class SheetStep(Step):
    """The sheet, Print, Save as PDF, and the tick without which the set-up does not end."""

    title = "Print the recovery sheet"
    sentence = "The store is made. This key opens it when the computer that keeps the key is lost or broken."
    ticked = Signal()
    given = Signal()
    """The sheet was printed or saved."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pdf = b""
        self._given = False
        px = current_theme().px
        row = QHBoxLayout()
        row.setSpacing(px(24))
        self._sheet = _Sheet()
        row.addWidget(self._sheet, 0, Qt.AlignmentFlag.AlignTop)
        side = QVBoxLayout()
        side.setSpacing(px(12))
        side.addWidget(
            Banner("warning", "The key is shown now and never again. Without it, a lost key means a lost store.")
        )
        side.addWidget(
            Text("Put it in a safe that two people can open, away from this computer.", "body", "text-2", wrap=True)
        )
        self.print_button = Button("Print…", icon="printer", name="print_sheet")
        self.save_button = Button("Save as PDF…", icon="save", name="save_sheet")
        side.addWidget(self.print_button)
        side.addWidget(self.save_button)
        self.message = Message()
        side.addWidget(self.message)
        self.tick = Tick("I have printed or saved it", "sheet_kept")
        side.addWidget(self.tick)
        side.addStretch(1)
        row.addLayout(side, 1)
        self.column.addLayout(row)
        self.column.addStretch(1)
        self.print_button.triggered.connect(self._print)
        self.save_button.triggered.connect(self._choose_file)
        self.tick.toggled.connect(lambda _on: self.ticked.emit())
        self.setFocusProxy(self.print_button)

    def show_sheet(self, pdf: bytes) -> None:
        """Shows the sheet, rendered from the very bytes that are printed and saved."""
        from desktop.ui.pages import page_images

        self._pdf, self._given = pdf, False
        images = page_images(pdf, self._sheet.width(), self._sheet.devicePixelRatioF())
        self._sheet.show_page(QPixmap.fromImage(images[0]))

    def kept(self) -> bool:
        """Whether the person says that it was printed or saved."""
        return self.tick.isChecked()

    @property
    def out(self) -> bool:
        """Whether the sheet is somewhere else by now: it was printed or saved, or the person says so."""
        return self._given or self.kept()

    def may_go(self) -> bool:
        """Whether the window may close: asks where the sheet would be lost, and staying is the safe answer."""
        return self.out or dialogs.confirm(self, "Close without the recovery sheet?", LOST, "Close", destructive=True)

    def ready(self) -> bool:
        """Whether the set-up may end."""
        return self.kept()

    def save(self, path: Path) -> None:
        """Writes the sheet, for this account alone to read."""
        try:
            write_private(path, self._pdf)
        except OSError as error:
            self.message.show_message("error", f"The sheet was not saved: {error.strerror or error}.")
        else:
            self._give()
            self.message.show_message(
                "good", f"Saved as {path.name}. Move it off this computer: beside the store it protects nothing."
            )

    def _give(self) -> None:
        self._given = True
        self.given.emit()

    def _choose_file(self) -> None:
        chosen, _filter = QFileDialog.getSaveFileName(
            self, "Save the recovery sheet", "tracing-desk-recovery-sheet.pdf", "PDF (*.pdf)"
        )
        if chosen:
            self.save(Path(chosen))

    def _print(self) -> None:
        from desktop.ui.pages import PrintError, print_pdf

        try:
            printed = print_pdf(self, self._pdf)
        except PrintError:
            self.message.show_message("error", "The printer did not take the sheet. Try again, or save it.")
            return
        if printed:
            self._give()
            self.message.show_message("good", "Sent to the printer. Check the page before you go on.")
