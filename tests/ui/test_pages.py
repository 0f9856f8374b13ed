"""A letter's pages as pictures and on paper."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMarginsF, Qt
from PySide6.QtGui import QImage, QPageLayout, QPageSize
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QApplication

from db.records import LetterKind
from desktop.letters.pages import render
from desktop.ui.pages import PrintError, page_count, page_image, page_images, print_pages
from tests.letters.factory import letter


@pytest.fixture(scope="module")
def pdf() -> bytes:
    """A letter of two pages."""
    return render(letter(LetterKind.DISCLOSURE))


def grey(image: QImage, width: int = 60) -> list[int]:
    """A picture boiled down to a few shades."""
    small = image.convertToFormat(QImage.Format.Format_Grayscale8).scaled(
        width, round(width * 1.414), mode=Qt.TransformationMode.SmoothTransformation
    )
    return [small.pixelColor(x, y).value() for y in range(small.height()) for x in range(small.width())]


def test_every_page_is_rendered_at_the_width_and_for_the_pixels_asked_for(qapp: QApplication, pdf: bytes) -> None:
    images = page_images(pdf, 300, 2.0)
    assert len(images) == page_count(pdf) == 2
    for image in images:
        assert image.devicePixelRatio() == 2.0
        assert abs(image.width() - 600) <= 1
        assert abs(image.height() / image.width() - 1.414) < 0.01
        assert min(grey(image)) < 200
        assert image.pixelColor(2, 2) == Qt.GlobalColor.white


def test_one_page_can_be_had_alone(qapp: QApplication, pdf: bytes) -> None:
    whole = page_images(pdf, 400)
    assert grey(page_image(pdf, 1, 400)) == grey(whole[1])
    assert grey(page_image(pdf, 0, 400)) != grey(whole[1])


def to_file(path: Path) -> QPrinter:
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(path))
    printer.setResolution(300)
    size = QPageSize(QPageSize.PageSizeId.A4)
    printer.setPageLayout(QPageLayout(size, QPageLayout.Orientation.Portrait, QMarginsF()))
    printer.setFullPage(True)
    return printer


def test_what_is_printed_looks_as_it_was_issued(qapp: QApplication, pdf: bytes, tmp_path: Path) -> None:
    out = tmp_path / "printed.pdf"
    print_pages(to_file(out), pdf)
    printed = out.read_bytes()
    assert page_count(printed) == page_count(pdf)
    for before, after in zip(page_images(pdf, 600), page_images(printed, 600), strict=True):
        pairs = list(zip(grey(before), grey(after), strict=True))
        assert max(abs(one - other) for one, other in pairs) < 60
        assert sum(abs(one - other) for one, other in pairs) / len(pairs) < 3


@pytest.mark.qt_log_ignore("QPrinter", "QPdf", "QFile", "QPainter")
def test_a_printer_that_does_not_take_the_pages_is_an_error(qapp: QApplication, pdf: bytes, tmp_path: Path) -> None:
    with pytest.raises(PrintError):
        print_pages(to_file(tmp_path / "nowhere" / "printed.pdf"), pdf)
