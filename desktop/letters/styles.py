"""How a letter is set: its colours, its type, and the styles of the ordinary and of the large print."""

from __future__ import annotations

from typing import Any, Final

from reportlab.lib.colors import HexColor
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm

INK: Final = HexColor("#1B1D1F")
INK_2: Final = HexColor("#4A4D4F")
ACCENT: Final = HexColor("#0B4A5A")
LINE: Final = HexColor("#C9C6BF")

REGULAR: Final = "NotoSans-Regular"
BOLD: Final = "NotoSans-Bold"

BODY_WIDTH: Final = 170 * mm
_SECTION_GAP: Final = 17
_SHORTER: Final = 5.5 * mm
"""By how much lines of reading text are shorter than the tables."""


class Styles:
    """The styles of a letter whose text is ``12 * scale`` points high.

    A style's ``tag`` is what its paragraphs are to a screen reader. ``air`` is how much of the usual room stands
    between its paragraphs, ``leading`` how far the lines of the ordinary print's text are apart, in points.
    """

    def __init__(self, scale: float, air: float = 1, leading: float = 18) -> None:
        self.scale = scale
        self.section_gap = _SECTION_GAP * air
        """The space above a heading."""
        self.signature_height = 50 if air >= 1 else 40
        self.title = self.style("title", 18, 24, BOLD, spaceAfter=11 * air, tag="H1")
        self.heading = self.style("heading", 13.5, 18, BOLD, spaceAfter=8 * air, tag="H2")
        self.label = self.style("label", 12, 18, BOLD, spaceAfter=3 * air, tag="H3")
        self.text = self.style("text", 12, leading, spaceAfter=9 * air, rightIndent=_SHORTER)
        self.bullet = self.style(
            "bullet", 12, 18, spaceAfter=6 * air, rightIndent=_SHORTER, leftIndent=15.4 * scale,
            bulletIndent=1.6 * scale, bulletFontName=BOLD, bulletFontSize=14 * scale, bulletOffsetY=-0.7 * scale,
            tag="LI",
        )  # fmt: skip
        self.sign_off = self.style("sign off", 12, leading, spaceBefore=16 * air)
        self.signed = self.style("signed", 12, leading)
        self.signatory = self.style("signatory", 12, leading, BOLD)
        self.ending = self.style("ending", 12, leading, BOLD, spaceBefore=15 * air)
        self.cell = self.style("cell", 12, 16.5)
        self.label_cell = self.style("label cell", 12, 16.5, textColor=INK_2)
        self.head_cell = self.style("head cell", 12, 16.5, BOLD)
        self.key_cell = self.style("key cell", 15, 20, BOLD)
        fit: dict[str, Any] = {"allowOrphans": 1, "allowWidows": 1}
        self.names = tuple(
            self.style("letterhead", size / scale, size / scale * 1.17, BOLD, textColor=ACCENT, **fit)
            for size in (*(size * scale for size in (17, 14, 12)), *((15, 12) if scale > 1 else ()))
        )
        """The organisation's name, from the usual size down to 12 points; the first that stays clear of the window is
        used.
        """
        self.contact = self.style("contact", 12, 16.5, **fit)
        self.email = self.style("email", 12, 16.5, textColor=ACCENT, underlineWidth=0.8, **fit)
        self.reference_label = self.style("reference label", 12, 16.5, textColor=INK_2, spaceBefore=7.3, **fit)
        self.reference = self.style("reference", 12, 16.5, BOLD, **fit)
        self.address = tuple(
            self.style("address", size / scale, leading / scale, **fit)
            for size, leading in ((16, 19), (14, 16.8), (12, 15.6), (12, 14), (12, 12.2))
            if size <= 12 * scale
        )
        """The address in the envelope's window, from the largest size down; the first that fits is used.

        None is smaller than 12 points, in either print.
        """
        self.item_columns = (47 * mm, 64.4 * mm, 58.6 * mm) if scale > 1 else (56.6 * mm, 73.6 * mm, 39.8 * mm)
        """The widths of the table of items: in each print the longest date, 28 September 2016, stands in one line."""

    def style(self, name: str, size: float, leading: float, font: str = REGULAR, **more: Any) -> ParagraphStyle:
        """A style whose type is so high in the ordinary print."""
        defaults = {"textColor": INK, "allowWidows": 0, "allowOrphans": 0, "splitLongWords": 1, "tag": "P"}
        size, leading = size * self.scale, leading * self.scale
        return ParagraphStyle(name, fontName=font, fontSize=size, leading=leading, **{**defaults, **more})


ORDINARY: Final = Styles(1)
LARGE: Final = Styles(1.5)
"""18 points and more: NHS England, Accessible Information Standard (DCB1605)."""
SPACINGS: Final = {
    one: (one, Styles(one.scale, 0.6), Styles(one.scale, 1.4), Styles(one.scale, 1.7, 20)) for one in (ORDINARY, LARGE)
}
"""Each print as it usually is, then with less room between paragraphs, so that a few lines more find room on a page,
then with more of it, so that a page fills whose next part is kept whole on the page after it.
"""
