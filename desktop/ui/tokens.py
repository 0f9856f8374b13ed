"""The tokens of the look: colours in three palettes, the type scale, and sizes at 14 px text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

_ROWS: tuple[tuple[str, str, str, str], ...] = (
    ("chrome", "#E9E7E1", "#111314", "#000000"),
    ("canvas", "#F6F5F2", "#17191B", "#000000"),
    ("surface", "#FFFFFF", "#1E2123", "#000000"),
    ("sunken", "#FAF9F7", "#1A1D1F", "#000000"),
    ("hover", "#F1EFEB", "#272B2E", "#1F1F1F"),
    ("selected", "#DFEDF0", "#17363F", "#00303A"),
    ("line", "#DDDAD3", "#33383B", "#FFFFFF"),
    ("edge", "#7F7C74", "#7E8589", "#FFFFFF"),
    ("text", "#1B1D1F", "#ECEBE8", "#FFFFFF"),
    ("text-2", "#4A4D4F", "#BDBFBE", "#FFFFFF"),
    ("text-3", "#606366", "#9DA1A2", "#E8E8E8"),
    ("accent", "#0B5A6E", "#74C6D6", "#7FE9FF"),
    ("accent-hover", "#084758", "#93D5E1", "#B8F3FF"),
    ("on-accent", "#FFFFFF", "#05262E", "#000000"),
    ("focus", "#0B5A6E", "#74C6D6", "#FFE100"),
    ("green", "#17663A", "#7FCD9B", "#86FFB0"),
    ("green-tint", "#E2F1E7", "#17301F", "#000000"),
    ("amber", "#825000", "#E9B660", "#FFD36B"),
    ("amber-tint", "#FBF0DB", "#352A12", "#000000"),
    ("red", "#A61E29", "#F4938F", "#FFABAB"),
    ("red-tint", "#FBE9E8", "#3E1E1F", "#000000"),
    ("violet", "#593D98", "#BDA9EF", "#DCC7FF"),
    ("violet-tint", "#EFEAF8", "#2B2341", "#000000"),
    ("grey", "#4A4D4F", "#BDBFBE", "#FFFFFF"),
    ("grey-tint", "#ECEAE5", "#2B2F32", "#000000"),
)

LIGHT: Mapping[str, str] = {name: light for name, light, _dark, _high in _ROWS}
DARK: Mapping[str, str] = {name: dark for name, _light, dark, _high in _ROWS}
HIGH_CONTRAST: Mapping[str, str] = {name: high for name, _light, _dark, high in _ROWS}
PALETTES: Mapping[str, Mapping[str, str]] = {"light": LIGHT, "dark": DARK, "high_contrast": HIGH_CONTRAST}


@dataclass(frozen=True, slots=True)
class Type:
    """One step of the type scale: size and line in px at 100 %, and weight."""

    size: int
    line: int
    weight: int


TYPE: Mapping[str, Type] = {
    "title": Type(24, 32, 600),
    "section": Type(20, 28, 600),
    "group": Type(16, 24, 600),
    "body": Type(14, 20, 400),
    "label": Type(14, 20, 500),
    "strong": Type(14, 20, 600),
    "small": Type(13, 18, 400),
    "small-label": Type(13, 18, 500),
    "small-strong": Type(13, 18, 600),
    "tiny": Type(12, 16, 400),
    "tiny-label": Type(12, 16, 500),
    "tiny-strong": Type(12, 16, 600),
}

CORNER = 6
CONTROL = 32
CONTROL_TALL = 40
ICON = 16
ICON_NAVIGATION = 18
PAGE_MARGIN = 24
