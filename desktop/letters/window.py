"""Where a letter's address stands, so that an envelope's window shows it in every place to which the sheet can slip.

DL and C5 are sizes of ISO 269. Windows follow BS 4264 and DIN 680, which both begin 20 mm from the left and differ in
height and place; those below are the ones that the desk's letters are made for, and an organisation that buys others
compares them with ``CLEAR`` and ``SEEN``. The sheet is A4, folded at the marks in its margin so that its head lies in
front: at 105 and 210 mm for DL (as DIN 5008 has them), once for C5. It can slip as far as the envelope is larger.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from reportlab.lib.units import mm

_SHEET: Final = 210.0
"""How wide an A4 sheet is."""


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle of the sheet, in millimetres from its left and its upper edge."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Envelope:
    """An envelope and its window, in millimetres. The window's place is told from the lower left corner."""

    name: str
    width: float
    height: float
    left: float
    up: float
    window_width: float
    window_height: float
    fold: float
    """How far below its upper edge the sheet is folded: the fold lies along the lower edge of the envelope."""

    @property
    def slack(self) -> tuple[float, float]:
        """How far the sheet can slip to the right and upwards."""
        return self.width - _SHEET, self.height - self.fold

    @property
    def clear(self) -> Area:
        """What of the sheet shows wherever it has slipped to."""
        across, upwards = self.slack
        top, bottom = self._rows
        return Area(self.left, top + upwards, self.left + self.window_width - across, bottom)

    @property
    def seen(self) -> Area:
        """What of the sheet can show at all."""
        across, upwards = self.slack
        top, bottom = self._rows
        return Area(self.left - across, top, self.left + self.window_width, bottom + upwards)

    @property
    def _rows(self) -> tuple[float, float]:
        """The window's upper and lower edge on a sheet that lies at the bottom."""
        bottom = self.fold - self.up
        return bottom - self.window_height, bottom


ENVELOPES: Final = (
    Envelope("DL", 220, 110, left=20, up=18, window_width=90, window_height=35, fold=105),
    Envelope("C5", 229, 162, left=20, up=65, window_width=90, window_height=40, fold=148.5),
)

FOLDS: Final = (105.0, 148.5, 210.0)
"""How far below its upper edge the sheet is folded, in millimetres: twice for DL, once in the middle for C5."""

CLEAR: Final = Area(
    max(one.clear.left for one in ENVELOPES),
    max(one.clear.top for one in ENVELOPES),
    min(one.clear.right for one in ENVELOPES),
    min(one.clear.bottom for one in ENVELOPES),
)
"""Where an address shows whole, in any of the envelopes and wherever the sheet lies in it."""
SEEN: Final = Area(
    min(one.seen.left for one in ENVELOPES),
    min(one.seen.top for one in ENVELOPES),
    max(one.seen.right for one in ENVELOPES),
    max(one.seen.bottom for one in ENVELOPES),
)
"""Where nothing but the address may stand."""

LEFT: Final = (CLEAR.left + 2) * mm
WIDTH: Final = (CLEAR.right - 1) * mm - LEFT
TOP: Final = CLEAR.top * mm
HEIGHT: Final = (CLEAR.bottom - CLEAR.top) * mm
"""The room for what the letters of the address cover, in points."""
