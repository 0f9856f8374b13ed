"""What widgets of the kit share: names for assistive technology, tooltips that show text as typed, and painting."""

from __future__ import annotations

import html

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QLayout, QWidget

RING = "focusRing"
"""Widget property: "outside" (the default), "none" (it shows its own), or "problem" (a ring around a red edge)."""


def name_widget(widget: QWidget, object_name: str, accessible_name: str) -> None:
    """Gives a control the name by which tests find it and the one that assistive technology speaks."""
    widget.setObjectName(object_name)
    widget.setAccessibleName(accessible_name)


def set_tooltip(widget: QWidget, text: str) -> None:
    """Shows text as a tooltip exactly as typed: markup in it is not obeyed."""
    widget.setToolTip(as_typed(text) if text else "")


def as_typed(text: str) -> str:
    """Text for a tooltip that is shown exactly so: markup in it is not obeyed."""
    return f"<qt>{html.escape(text)}</qt>"


def slug(text: str) -> str:
    """An object name from words: "Save a copy" gives "save_a_copy"."""
    return "_".join("".join(c if c.isalnum() else " " for c in text.lower()).split())


def draw_box(
    painter: QPainter,
    rect: QRectF,
    fill: QColor | None,
    edge: QColor | None = None,
    width: float = 1.0,
    radius: float = 6.0,
) -> None:
    """Draws a rounded box wholly inside `rect`, with an edge of `width`."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    inset = width / 2 if edge is not None else 0.0
    painter.setPen(QPen(edge, width) if edge is not None else QPen(Qt.PenStyle.NoPen))
    painter.setBrush(fill if fill is not None else Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(rect.adjusted(inset, inset, -inset, -inset), radius - inset, radius - inset)


def clear_layout(layout: QLayout) -> None:
    """Takes everything out of a layout; its widgets are hidden at once and deleted when events are next handled."""
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        inner = item.layout()
        if widget is not None:
            widget.hide()
            widget.setParent(None)
            widget.deleteLater()
        elif inner is not None:
            clear_layout(inner)
