"""Inter, so that the desk looks the same on every machine; the system's sans serif where it cannot be read."""

from __future__ import annotations

from PySide6.QtCore import QByteArray
from PySide6.QtGui import QFont, QFontDatabase

from resources import resource

_FILES = ("Inter-Regular.otf", "Inter-Medium.otf", "Inter-SemiBold.otf")


def load_family() -> str:
    """Makes Inter known to Qt and returns its family name, or the system's sans serif. Takes about 5 ms."""
    family = ""
    for name in _FILES:
        identity = QFontDatabase.addApplicationFontFromData(
            QByteArray(resource("fonts", "Inter", name).read_bytes()),
        )
        names = QFontDatabase.applicationFontFamilies(identity) if identity >= 0 else []
        family = names[0] if names else family
    return family or QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont).family()


def make_font(family: str, pixels: int, weight: int) -> QFont:
    """A font with tabular figures."""
    font = QFont(family)
    font.setPixelSize(pixels)
    font.setWeight(QFont.Weight(weight))
    font.setFeature(QFont.Tag("tnum"), 1)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    font.setStyleHint(QFont.StyleHint.SansSerif)
    return font
