"""What was measured when it was made takes the new size of text: margins, gaps, and least, most and fixed sizes."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtWidgets import QBoxLayout, QGridLayout, QLayout, QWidget

from desktop.ui.kit.flow import Flow

_UNLIMITED = 16777215
_Scaled = Callable[[int], int]


def rescale(widgets: Iterable[QWidget], before: int, after: int) -> None:
    """Brings what these widgets were given in pixels at `before` per cent to `after` per cent.

    A size of the tokens comes out exactly as ``Theme.px`` gives it: text is never smaller than 100 per cent, where each
    pixel is one of the tokens. Edges of 1 px stay so. A widget that measures itself does so after this.
    """

    def scaled(size: int) -> int:
        if size <= 1 or size >= _UNLIMITED:
            return size
        return min(round(round(size * 100 / before) * after / 100), _UNLIMITED)

    for widget in widgets:
        if not widget.isWindow():
            widget.setMinimumSize(scaled(widget.minimumWidth()), scaled(widget.minimumHeight()))
            widget.setMaximumSize(scaled(widget.maximumWidth()), scaled(widget.maximumHeight()))
        layout = widget.layout()
        if layout is not None:
            _layout(layout, scaled, follows=False)


def _layout(layout: QLayout, scaled: _Scaled, *, follows: bool) -> None:
    edges = layout.contentsMargins()
    layout.setContentsMargins(scaled(edges.left()), scaled(edges.top()), scaled(edges.right()), scaled(edges.bottom()))
    items = [item for at in range(layout.count()) if (item := layout.itemAt(at)) is not None]
    inner = [found for item in items if (found := item.layout()) is not None]
    before = [one.spacing() for one in inner]
    if not follows:
        _gaps(layout, scaled)
    for item in items:
        spacer = item.spacerItem()
        if spacer is not None:
            size, policy = spacer.sizeHint(), spacer.sizePolicy()
            across, down = policy.horizontalPolicy(), policy.verticalPolicy()
            spacer.changeSize(scaled(size.width()), scaled(size.height()), across, down)
    for one, gap in zip(inner, before, strict=True):
        # One that was given no gap has that of the layout around it, which it followed just now.
        _layout(one, scaled, follows=one.spacing() != gap)
    layout.invalidate()


def _gaps(layout: QLayout, scaled: _Scaled) -> None:
    if isinstance(layout, QGridLayout):
        layout.setHorizontalSpacing(scaled(layout.horizontalSpacing()))
        layout.setVerticalSpacing(scaled(layout.verticalSpacing()))
        for column in range(layout.columnCount()):
            layout.setColumnMinimumWidth(column, scaled(layout.columnMinimumWidth(column)))
        for row in range(layout.rowCount()):
            layout.setRowMinimumHeight(row, scaled(layout.rowMinimumHeight(row)))
    elif isinstance(layout, QBoxLayout | Flow):
        layout.setSpacing(scaled(layout.spacing()))
