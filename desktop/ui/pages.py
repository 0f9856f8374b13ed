"""A letter's pages as pictures and on paper, rendered from its very bytes. The only importer of pypdfium2."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pypdfium2 as pdfium
from PySide6.QtCore import QMarginsF
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QDialog, QWidget

A4_POINTS = 595.28
"""How wide a page of A4 is, in points of 1/72 inch."""
MOST_DOTS = 600
"""Dots an inch above which a printed page gains nothing and costs more memory than an office machine has to spare."""


class PrintError(Exception):
    """The printer did not take the pages."""


def page_images(pdf: bytes, width: float, ratio: float = 1.0) -> list[QImage]:
    """Each page, `width` logical pixels wide, sharp at this device pixel ratio. Safe off the window's thread."""
    with _opened(pdf) as document:
        images = [_render(document, number, round(width * ratio)) for number in range(len(document))]
    for image in images:
        image.setDevicePixelRatio(ratio)
    return images


def page_image(pdf: bytes, number: int, pixels: int) -> QImage:
    """One page, counted from 0, so many pixels wide."""
    with _opened(pdf) as document:
        return _render(document, number, pixels)


def page_count(pdf: bytes) -> int:
    """How many pages there are."""
    with _opened(pdf) as document:
        return len(document)


def choose_printer(owner: QWidget, name: str) -> QPrinter | None:
    """Asks which printer; None for Cancel. `name` is what the printer's queue shows: a reference, never a person."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setDocName(name)
    printer.setPageLayout(
        QPageLayout(QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Portrait, QMarginsF())
    )
    # A page has its own margins: it fills the sheet.
    printer.setFullPage(True)
    dialog = QPrintDialog(printer, owner)
    chosen = dialog.exec() == QDialog.DialogCode.Accepted
    dialog.deleteLater()
    return printer if chosen else None


def print_pages(printer: QPrinter, pdf: bytes) -> None:
    """Paints each page to fill its sheet, one at a time. Safe off the window's thread. Raises PrintError."""
    painter = QPainter()
    if not painter.begin(printer):
        raise PrintError
    try:
        sheet = printer.pageLayout().fullRectPixels(printer.resolution())
        pixels = round(sheet.width() * min(printer.resolution(), MOST_DOTS) / printer.resolution())
        with _opened(pdf) as document:
            for number in range(len(document)):
                if number and not printer.newPage():
                    raise PrintError
                image = _render(document, number, pixels)
                sheet.setHeight(round(sheet.width() * image.height() / image.width()))
                painter.drawImage(sheet, image)
    finally:
        painter.end()


def print_pdf(owner: QWidget, pdf: bytes) -> bool:
    """Asks for a printer and prints at once, for a page that belongs to no case; False for Cancel."""
    printer = choose_printer(owner, "tracing-desk-recovery-sheet")
    if printer is None:
        return False
    print_pages(printer, pdf)
    return True


@contextmanager
def _opened(pdf: bytes) -> Iterator[pdfium.PdfDocument]:
    document = pdfium.PdfDocument(pdf)
    try:
        yield document
    finally:
        document.close()


def _render(document: pdfium.PdfDocument, number: int, pixels: int) -> QImage:
    page = document[number]
    try:
        bitmap = page.render(scale=pixels / page.get_width(), rev_byteorder=True)
        shape = (bitmap.width, bitmap.height, bitmap.stride)
        form = QImage.Format.Format_RGB888 if bitmap.n_channels == 3 else QImage.Format.Format_RGBA8888
        # A copy: the bitmap's memory is not the picture's to keep.
        return QImage(bytes(bitmap.buffer), *shape, form).copy()
    finally:
        page.close()
