"""A letter's pages as pictures, rendered from its very bytes. The only importer of pypdfium2."""

from __future__ import annotations

import pypdfium2 as pdfium
from PySide6.QtGui import QImage

A4_POINTS = 595.28


def page_images(pdf: bytes, width: float, ratio: float = 1.0) -> list[QImage]:
    """Each page, `width` logical pixels wide, sharp at this device pixel ratio. Safe off the window's thread."""
    document = pdfium.PdfDocument(pdf)
    try:
        images = []
        for number in range(len(document)):
            page = document[number]
            bitmap = page.render(scale=width * ratio / page.get_width(), rev_byteorder=True)
            view = bytes(bitmap.buffer)
            image = QImage(view, bitmap.width, bitmap.height, bitmap.stride, _format(bitmap.n_channels)).copy()
            image.setDevicePixelRatio(ratio)
            images.append(image)
            page.close()
        return images
    finally:
        document.close()


def _format(channels: int) -> QImage.Format:
    return QImage.Format.Format_RGB888 if channels == 3 else QImage.Format.Format_RGBA8888
