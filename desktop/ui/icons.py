"""Lucide's icons, coloured by the theme: a stroke of 1.5 with round ends, in the colour of the text beside it."""

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
        self._pixmaps: dict[tuple[str, int, str, float, float], QPixmap] = {}

    def pixmap(self, name: str, size: int, colour: str, ratio: float = 1.0, stroke: float = 1.5) -> QPixmap:
        """The icon as a pixmap of `size` logical px in `colour` ("#RRGGBB"). FileNotFoundError: no such icon."""
        key = (name, size, colour, ratio, stroke)
        found = self._pixmaps.get(key)
        if found is None:
            found = self._draw(self._source(name, stroke).replace("currentColor", colour), size, ratio)
            self._pixmaps[key] = found
        return found

    def icon(self, name: str, size: int, colour: str) -> QIcon:
        """The icon as a QIcon, at one and two device pixels to the pixel."""
        icon = QIcon(self.pixmap(name, size, colour, 1.0))
        icon.addPixmap(self.pixmap(name, size, colour, 2.0))
        return icon

    def _draw(self, source: str, size: int, ratio: float) -> QPixmap:
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

    def _source(self, name: str, stroke: float) -> str:
        if name not in self._sources:
            self._sources[name] = resource("icons", f"{name}.svg").read_text(encoding="utf-8")
        return self._sources[name].replace('stroke-width="2"', f'stroke-width="{stroke}"')
