"""The order in which Tab goes through the window: as the layouts stand, whatever was made first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QComboBox,
    QLayout,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QWidget,
)

_WHOLE = (QAbstractButton, QAbstractItemView, QComboBox, QLineEdit, QPlainTextEdit)
"""What takes the focus itself and has nothing in it that does."""


def set_tab_order(panes: Sequence[QWidget]) -> None:
    """Chains every control of these panes, one pane after the other."""
    for first, second in pairwise([one for pane in panes for one in controls(pane)]):
        QWidget.setTabOrder(first, second)


def controls(widget: QWidget) -> Iterator[QWidget]:
    """What takes the focus in a widget, in the order of its layouts."""
    proxy = widget.focusProxy()
    if proxy is not None and widget.isAncestorOf(proxy):
        # Qt stops at such a widget too, wherever that stands in its chain: Tab would jump over what lies between.
        widget.setFocusProxy(None)  # type: ignore[arg-type]
    if widget.focusPolicy() != Qt.FocusPolicy.NoFocus:
        yield widget
    if isinstance(widget, _WHOLE):
        return
    inner = widget.widget() if isinstance(widget, QScrollArea) else None
    if inner is not None:
        yield from controls(inner)
        return
    layout = widget.layout()
    if layout is not None:
        yield from _in_layout(layout)


def _in_layout(layout: QLayout) -> Iterator[QWidget]:
    for index in range(layout.count()):
        item = layout.itemAt(index)
        if item is None:
            continue
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            yield from controls(widget)
        elif inner is not None:
            yield from _in_layout(inner)
