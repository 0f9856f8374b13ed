"""Rates, as reports show them beside their counts."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Final

NO_RATE: Final = "–"
"""Where there is nothing of which a part could be."""


def rate(part: int, whole: int, places: int = 1) -> str:
    """How many in a hundred, such as "92.5%"; half a last place goes up."""
    if not whole:
        return NO_RATE
    exact = Decimal(part) * 100 / Decimal(whole)
    return f"{exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)}%"


def average(total: int, of: int, places: int = 1) -> str:
    """How many for each, such as "2.4"."""
    if not of:
        return NO_RATE
    return str((Decimal(total) / Decimal(of)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))
