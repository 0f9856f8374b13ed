"""The one theme: palette, fonts, sizes and style sheet, made of the tokens, following the system unless overridden.

One Theme is made by app.py and installed on the application; widgets of the kit take it from there with
``current_theme()``. Nothing outside this package of modules writes a colour or a size of its own.
"""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import QObject, QRect, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtWidgets import QApplication, QWidget

from desktop.ui.fonts import load_family, make_font
from desktop.ui.icons import Icons
from desktop.ui.kit.scaling import rescale
from desktop.ui.qss import style_sheet
from desktop.ui.tokens import CORNER, ICON, PALETTES, TYPE

_PROPERTY = "tracingDeskTheme"

SCHEMES = ("system", "light", "dark", "high_contrast")
"""What a user may choose. "system" follows the system's light or dark."""


class Theme(QObject):
    """What everything looks like now. ``changed`` fires after any of it has changed."""

    changed = Signal()
    focus_changed = Signal(object, object)
    """(old, new): the application's own signal, for the focus rings."""

    def __init__(
        self, app: QApplication, scheme: str = "system", text_scale: int = 100, reduced_motion: bool = False
    ) -> None:
        super().__init__(app)
        self._app = app
        self._scheme = scheme
        self._text_scale = text_scale
        self.reduced_motion = reduced_motion
        self._family = load_family()
        self._icons = Icons()
        self._fonts: dict[str, QFont] = {}
        self._colours: dict[str, QColor] = {}
        # Before the style: it asks the widgets that there are how large they are, and they ask their theme.
        app.setProperty(_PROPERTY, self)
        app.setStyle("Fusion")
        app.styleHints().colorSchemeChanged.connect(self._system_changed)
        app.styleHints().accessibility().contrastPreferenceChanged.connect(self._system_changed)
        app.focusChanged.connect(self._focus_moved)
        self._apply()

    @property
    def scheme(self) -> str:
        """What was chosen: one of SCHEMES."""
        return self._scheme

    @property
    def effective(self) -> str:
        """The palette in use: "light", "dark" or "high_contrast"."""
        if self._scheme != "system":
            return self._scheme
        hints = self._app.styleHints()
        if hints.accessibility().contrastPreference() == Qt.ContrastPreference.HighContrast:
            return "high_contrast"
        return "dark" if hints.colorScheme() == Qt.ColorScheme.Dark else "light"

    @property
    def text_scale(self) -> int:
        """Text size in per cent, 100 to 200. All sizes follow it."""
        return self._text_scale

    @property
    def high_contrast(self) -> bool:
        """Whether tags and counts need an outline in their own colour."""
        return self.effective == "high_contrast"

    def set_scheme(self, scheme: str) -> None:
        """Overrides the system's choice, or follows it again with "system"."""
        if scheme not in SCHEMES:
            raise ValueError(scheme)
        if scheme != self._scheme:
            self._scheme = scheme
            self._apply()

    def set_text_scale(self, per_cent: int) -> None:
        """Sets the text size, kept between 100 and 200 per cent."""
        per_cent = min(200, max(100, per_cent))
        before = self._text_scale
        if per_cent != before:
            self._text_scale = per_cent
            rescale(self._app.allWidgets(), before, per_cent)
            self._apply()

    def hex(self, token: str) -> str:
        """A token's colour as "#RRGGBB". KeyError for a name that is no token."""
        return PALETTES[self.effective][token]

    def colour(self, token: str) -> QColor:
        """A token's colour."""
        found = self._colours.get(token)
        if found is None:
            found = self._colours[token] = QColor(self.hex(token))
        return found

    def px(self, size: float) -> int:
        """A size of the tokens (at 14 px text) in logical pixels now. Edges of 1 px are not scaled: write 1."""
        return round(size * self._text_scale / 100)

    def font(self, style: str = "body") -> QFont:
        """The font of a step of the type scale: a key of ``tokens.TYPE``."""
        found = self._fonts.get(style)
        if found is None:
            step = TYPE[style]
            found = self._fonts[style] = make_font(self._family, self.px(step.size), step.weight)
        return found

    def line(self, style: str = "body") -> int:
        """The line height of a step of the type scale in logical pixels."""
        return self.px(TYPE[style].line)

    def metrics(self, style: str = "body") -> QFontMetrics:
        """Measures text in a step of the type scale."""
        return QFontMetrics(self.font(style))

    def pixmap(self, name: str, colour: str = "text", size: int = ICON) -> QPixmap:
        """An icon in a token's colour, `size` at 100 %, at the screen's pixel ratio."""
        return self._icons.pixmap(name, self.px(size), self.hex(colour), self._app.devicePixelRatio())

    def icon(self, name: str, colour: str = "text", size: int = ICON) -> QIcon:
        """An icon in a token's colour as a QIcon."""
        return self._icons.icon(name, self.px(size), self.hex(colour))

    def draw_icon(
        self, painter: QPainter, name: str, x: int, y: int, colour: str = "text", size: int = ICON, stroke: float = 1.5
    ) -> None:
        """Draws an icon with its top left corner at x, y."""
        side = self.px(size)
        ratio = painter.device().devicePixelRatioF()
        pixmap = self._icons.pixmap(name, side, self.hex(colour), ratio, stroke)
        painter.drawPixmap(QRect(x, y, side, side), pixmap)

    def _focus_moved(self, old: QWidget | None, new: QWidget | None) -> None:
        self.focus_changed.emit(old, new)

    def _system_changed(self) -> None:
        if self._scheme == "system":
            self._apply()

    def _apply(self) -> None:
        self._fonts.clear()
        self._colours.clear()
        self._app.setFont(self.font("body"))
        self._app.setPalette(self._palette())
        self._app.setStyleSheet(style_sheet(self.hex, self.px, CORNER))
        self.changed.emit()

    def _palette(self) -> QPalette:
        roles = QPalette.ColorRole
        palette = QPalette()
        pairs = {
            roles.Window: "canvas",
            roles.WindowText: "text",
            roles.Base: "surface",
            roles.AlternateBase: "sunken",
            roles.Text: "text",
            roles.PlaceholderText: "text-3",
            roles.Button: "surface",
            roles.ButtonText: "text",
            roles.BrightText: "red",
            roles.Light: "surface",
            roles.Midlight: "hover",
            roles.Mid: "line",
            roles.Dark: "edge",
            roles.Shadow: "edge",
            roles.Highlight: "accent",
            roles.HighlightedText: "on-accent",
            roles.Link: "accent",
            roles.LinkVisited: "accent",
            roles.ToolTipBase: "text",
            roles.ToolTipText: "surface",
            roles.Accent: "accent",
        }
        for role, token in pairs.items():
            palette.setColor(role, self.colour(token))
        for role in (roles.WindowText, roles.Text, roles.ButtonText):
            palette.setColor(QPalette.ColorGroup.Disabled, role, self.colour("text-3"))
        return palette


def current_theme() -> Theme:
    """The theme that app.py installed on the application. Make a Theme before the first widget of the kit."""
    app = QApplication.instance()
    found = app.property(_PROPERTY) if app is not None else None
    if found is None:
        raise RuntimeError("Make a Theme(app) before any widget of the kit.")
    return cast("Theme", found)
