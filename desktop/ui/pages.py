"""Pages as pictures and on paper, rendered from the very bytes of a letter or a file. The only importer of pypdfium2.

Scripts and actions in a PDF are never run: the renderer is given no form environment, and is built without an engine.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pypdfium2 as pdfium
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QSize, Qt
from PySide6.QtGui import QImage, QImageReader, QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QAbstractPrintDialog, QPrintDialog, QPrinter
from PySide6.QtWidgets import QDialog, QWidget

A4_POINTS = 595.28
"""How wide a page of A4 is, in points of 1/72 inch."""
MOST_DOTS = 600
"""Dots an inch above which a printed page gains nothing and costs more memory than an office machine has to spare."""


MOST_SIDE = 8_000
"""Pixels of the longer side of a page: one that is larger is drawn smaller."""
MOST_PIXELS = 60_000_000
"""A picture with more than these, 240 MB of memory, is not drawn at all: a small file can claim any size."""


class NotShown(Exception):
    """A file whose pages cannot be drawn."""


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
    """One page, counted from 0, so many pixels wide. Raises NotShown."""
    with _opened(pdf) as document:
        return _render(document, number, pixels)


def page_count(pdf: bytes) -> int:
    """How many pages there are. Raises NotShown."""
    with _opened(pdf) as document:
        return len(document)


def choose_printer(owner: QWidget, name: str, pages: int = 0) -> QPrinter | None:
    """Asks which printer; None for Cancel. `name` is what the printer's queue shows: a reference, never a person.

    `pages`: how many there are, so that some of them can be chosen; 0 for all.
    """
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setDocName(name)
    printer.setPageLayout(
        QPageLayout(QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Portrait, QMarginsF())
    )
    # A page has its own margins: it fills the sheet.
    printer.setFullPage(True)
    dialog = QPrintDialog(printer, owner)
    dialog.setOption(QAbstractPrintDialog.PrintDialogOption.PrintPageRange, pages > 1)
    if pages > 1:
        dialog.setMinMax(1, pages)
    chosen = dialog.exec() == QDialog.DialogCode.Accepted
    dialog.deleteLater()
    return printer if chosen else None


def print_pages(printer: QPrinter, pdf: bytes) -> None:
    """Paints the pages that were asked for to fill their sheets, one at a time, as one job of the printer.

    Safe off the window's thread. Raises PrintError where the printer does not take all of them.
    """
    with _opened(pdf) as document:
        numbers = _sheets(printer, len(document))
        if not numbers:
            raise PrintError
        _paint(printer, document, numbers)
    if printer.printerState() in (QPrinter.PrinterState.Error, QPrinter.PrinterState.Aborted):
        raise PrintError


def _sheets(printer: QPrinter, count: int) -> list[int]:
    """The pages as they leave the printer, counted from 0: those asked for, in order, and as often as asked for.

    Where the printer's own system makes the copies, it is left to it.
    """
    ranges = printer.pageRanges()
    chosen = [n for n in range(count) if ranges.isEmpty() or ranges.contains(n + 1)]
    if printer.pageOrder() == QPrinter.PageOrder.LastPageFirst:
        chosen.reverse()
    copies = 1 if printer.supportsMultipleCopies() else printer.copyCount()
    if printer.collateCopies():
        return chosen * copies
    return [number for number in chosen for _ in range(copies)]


def _paint(printer: QPrinter, document: pdfium.PdfDocument, numbers: Sequence[int]) -> None:
    painter = QPainter()
    if not painter.begin(printer):
        raise PrintError
    try:
        sheet = printer.pageLayout().fullRectPixels(printer.resolution())
        pixels = round(sheet.width() * min(printer.resolution(), MOST_DOTS) / printer.resolution())
        for at, number in enumerate(numbers):
            if at and not printer.newPage():
                raise PrintError
            image = _render(document, number, pixels)
            sheet.setHeight(round(sheet.width() * image.height() / image.width()))
            painter.drawImage(sheet, image)
    except BaseException:
        printer.abort()
        raise
    finally:
        ended = painter.end()
    if not ended:
        raise PrintError


def print_pdf(owner: QWidget, pdf: bytes) -> bool:
    """Asks for a printer and prints at once, for a page that belongs to no case; False for Cancel."""
    printer = choose_printer(owner, "tracing-desk-recovery-sheet")
    if printer is None:
        return False
    print_pages(printer, pdf)
    return True


@contextmanager
def _opened(pdf: bytes) -> Iterator[pdfium.PdfDocument]:
    try:
        document = pdfium.PdfDocument(pdf)
    except pdfium.PdfiumError as error:
        raise NotShown from error
    try:
        yield document
    except pdfium.PdfiumError as error:
        raise NotShown from error
    finally:
        document.close()


def _render(document: pdfium.PdfDocument, number: int, pixels: int) -> QImage:
    page = document[number]
    try:
        wide, high = page.get_size()
        if wide <= 0 or high <= 0:
            raise NotShown
        bitmap = page.render(scale=min(pixels / wide, MOST_SIDE / high), rev_byteorder=True)
        shape = (bitmap.width, bitmap.height, bitmap.stride)
        form = QImage.Format.Format_RGB888 if bitmap.n_channels == 3 else QImage.Format.Format_RGBA8888
        # A copy: the bitmap's memory is not the picture's to keep.
        return QImage(bytes(bitmap.buffer), *shape, form).copy()
    finally:
        page.close()


def picture_count(content: bytes, form: bytes) -> int:
    """How many pictures a file of this format ("png", "jpeg", "tiff") holds. Raises NotShown."""
    with _reader(content, form) as reader:
        return max(1, reader.imageCount())


def picture_image(content: bytes, form: bytes, number: int, pixels: int) -> QImage:
    """One picture of a file, counted from 0, no wider than so many pixels. Raises NotShown."""
    with _reader(content, form) as reader:
        if number and not reader.jumpToImage(number):
            raise NotShown
        size = reader.size()
        if not size.isValid() or size.width() * size.height() > MOST_PIXELS:
            raise NotShown
        wanted = size.scaled(QSize(pixels, MOST_SIDE), Qt.AspectRatioMode.KeepAspectRatio)
        if wanted.width() < size.width():
            reader.setScaledSize(wanted)
        image = reader.read()
    if image.isNull():
        raise NotShown
    return image


@contextmanager
def _reader(content: bytes, form: bytes) -> Iterator[QImageReader]:
    """Reads as this format and no other, whatever the bytes or the installed plug-ins say."""
    held = QBuffer()
    held.setData(QByteArray(content))
    held.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(held, QByteArray(form))
    reader.setAutoDetectImageFormat(False)
    reader.setAutoTransform(True)
    yield reader
    held.close()
