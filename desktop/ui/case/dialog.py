"""What this window's larger dialogs share: they stay open beside the work of the store, and may scroll."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.ui import dialogs
from desktop.ui.kit.base import slug
from desktop.ui.kit.button import PLAIN, Button
from desktop.ui.kit.panes import ScrollPane
from desktop.ui.theme import current_theme


class Dialog(dialogs.Dialog):
    """Opened with ``open``, gone when closed. Put things into ``content``. Titles carry references, never names."""

    def __init__(self, title: str, name: str, owner: QWidget, *, width: int = dialogs.WIDTH, high: int = 0) -> None:
        """`high`: so many pixels, and the content scrolls."""
        super().__init__(owner, name, title, width=width)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        px = current_theme().px
        self.content: QVBoxLayout = self.body
        if high:
            pane = ScrollPane(f"{name}_pane", title, ground="surface", margin=0)
            pane.setMinimumHeight(min(px(high), self.most_high))
            self.body.addWidget(pane, 1)
            self.content = pane.body
            self.content.setSpacing(px(8))

    def add(self, words: str, kind: str = PLAIN, *, then: Callable[[], object] | None = None) -> Button:
        """Adds a button to the foot. Without `then` it cancels."""
        return self.add_button(words, kind, then if then is not None else self.reject, slug(words))
