"""Lucide's icons, coloured by the theme: the stroke is 1.5 of 24 with round ends, in the colour of the text beside it."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from resources import resource

STATE_ICONS: dict[str, str] = {
    "draft": "pen-line",
    "held": "pause",
    "returned": "undo-2",
    "submitted": "eye",
    "sent_back": "undo-2",
    "escalated": "shield-alert",
    "approved": "circle-check",
    "recorded": "file-search",
    "released": "circle-check",
    "refused": "circle-x",
    "rejected": "ban",
    "issued": "mail",
    "withdrawn": "archive",
    "destroyed": "shredder",
}
"""State to icon name. ``kit.tag.state_tag`` adds word and colour."""

OUTCOME_ICONS: dict[str, str] = {
    "traced": "file-check",
    "no_trace": "file-x",
    "more_than_one": "users",
    "status": "file-check",
    "refused": "circle-x",
    "rejected": "ban",
    "withdrawn": "archive",
}

ROLE_ICONS: dict[str, str] = {
    "caseworker": "pen-line",
    "reviewer": "scale",
    "guardian": "shield-check",
    "records_officer": "hourglass",
    "administrator": "settings-2",
    "auditor": "scroll-text",
}


class Icons:
    """Draws and keeps icons by name, size, colour and device pixel ratio."""

    def __init__(self) -> None:
        self._sources: dict[str, str] = {}
        self._pixmaps: dict[tuple[str, int, str, float], QPixmap] = {}

    def pixmap(self, name: str, size: int, colour: str, ratio: float = 1.0) -> QPixmap:
        """The icon as a pixmap of `size` logical px in `colour` ("#RRGGBB"). KeyError never: the name must be shipped."""
        key = (name, size, colour, ratio)
        found = self._pixmaps.get(key)
        if found is None:
            found = self._draw(name, size, colour, ratio)
            self._pixmaps[key] = found
        return found

    def icon(self, name: str, size: int, colour: str) -> QIcon:
        """The icon as a QIcon, at one and two device pixels to the pixel."""
        icon = QIcon(self.pixmap(name, size, colour, 1.0))
        icon.addPixmap(self.pixmap(name, size, colour, 2.0))
        return icon

    def _draw(self, name: str, size: int, colour: str, ratio: float) -> QPixmap:
        source = self._source(name).replace("currentColor", colour)
        renderer = QSvgRenderer(QByteArray(source.encode()))
        pixels = max(1, round(size * ratio))
        pixmap = QPixmap(pixels, pixels)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        renderer.render(painter, QRectF(0, 0, pixels, pixels))
        painter.end()
        pixmap.setDevicePixelRatio(ratio)
        return pixmap

    def _source(self, name: str) -> str:
        if name not in self._sources:
            text = resource("icons", f"{name}.svg").read_text(encoding="utf-8")
            self._sources[name] = text.replace('stroke-width="2"', 'stroke-width="1.5"')
        return self._sources[name]
