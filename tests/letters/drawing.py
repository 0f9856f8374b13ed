"""Text as the letters' canvas draws it, and as another engine does, to be compared."""

from __future__ import annotations

import io
from pathlib import Path

import pypdfium2
from PIL import Image, ImageChops, ImageStat
from PySide6.QtCore import QByteArray
from PySide6.QtGui import QColor, QFont, QFontDatabase, QImage, QPainter

from desktop.letters import faces, shaping
from desktop.letters.parts import register_fonts
from desktop.letters.styles import BOLD, REGULAR
from desktop.letters.writing import ShapingCanvas
from resources import resource

FONTS = Path(__file__).parent / "fonts"
"""A font of some characters of Chinese, Japanese and Korean, as the system would have it."""


def drawn(text: str, weight: str) -> Image.Image:
    """The ink of the text as the letter's canvas draws it, at 96 points to the em."""
    register_fonts()
    out = io.BytesIO()
    font = BOLD if weight == "Bold" else REGULAR
    canvas = ShapingCanvas(out, pagesize=(2200, 400), initialFontName=font)
    canvas.setFont(font, 96)
    canvas.drawString(100, 150, text)
    canvas.showPage()
    canvas.save()
    document = pypdfium2.PdfDocument(out.getvalue())
    try:
        picture: Image.Image = document[0].render(scale=1).to_pil().convert("L")
    finally:
        document.close()
    return _ink(picture)


def by_qt(text: str, weight: str) -> Image.Image:
    """The same by Qt, with the same font files."""
    names = {
        f"{faces.shipped_family(char) or faces.BASE}-{weight}.ttf" for char in text if char not in f" {shaping.JOINERS}"
    }
    if any(map(faces.is_east_asian, text)):
        data = [(FONTS / ("NanumGothicBold.ttf" if weight == "Bold" else "NanumGothic.ttf")).read_bytes()]
    else:
        data = [resource("fonts", faces.BASE, name).read_bytes() for name in sorted(names)]
    ids = [QFontDatabase.addApplicationFontFromData(QByteArray(each)) for each in data]
    try:
        families = [QFontDatabase.applicationFontFamilies(one)[0] for one in ids]
        font = QFont(families)
        font.setPixelSize(96)
        font.setBold(weight == "Bold")
        font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
        font.setKerning(not shaping.shipped(faces.BASE, weight).is_plain(text))
        if len(families) == 1:
            font.setStyleStrategy(QFont.StyleStrategy.NoFontMerging)
        image = QImage(2200, 400, QImage.Format.Format_Grayscale8)
        image.fill(QColor("white"))
        painter = QPainter(image)
        painter.setFont(font)
        painter.drawText(100, 250, text)
        painter.end()
    finally:
        for one in ids:
            QFontDatabase.removeApplicationFont(one)
    pixels = bytes(image.constBits())
    return _ink(Image.frombytes("L", (image.width(), image.height()), pixels, "raw", "L", image.bytesPerLine()))


def _ink(picture: Image.Image) -> Image.Image:
    inverted = ImageChops.invert(picture)
    return inverted.crop(inverted.point(lambda value: 255 if value > 60 else 0).getbbox())


def unlike(one: Image.Image, other: Image.Image) -> float:
    """How much of the ink of two pictures differs: 0 is none, and 1 and more is all of it."""
    size = (max(one.width, other.width), max(one.height, other.height))
    padded = []
    for picture in (one, other):
        canvas = Image.new("L", size)
        canvas.paste(picture, (0, 0))
        padded.append(canvas)
    amount = ImageStat.Stat(padded[0]).sum[0] + ImageStat.Stat(padded[1]).sum[0]
    return float(ImageStat.Stat(ImageChops.difference(*padded)).sum[0] / amount)
