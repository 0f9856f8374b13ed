"""The frame of this window's dialogs: title, body, and a foot whose safe button has the focus. Esc is Cancel."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from desktop.ui.kit.button import DESTRUCTIVE, MAIN, PLAIN, Button
from desktop.ui.kit.card import Ground
from desktop.ui.kit.focus import FocusRing
from desktop.ui.kit.panes import ScrollPane
from desktop.ui.kit.text import Text
from desktop.ui.theme import current_theme


class Dialog(QDialog):
    """Put things into ``body``; ``add_button`` fills the foot from the left. Titles carry references, never names."""

    def __init__(self, title: str, name: str, parent: QWidget, *, width: int = 560, scrolls: bool = False) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(True)
        self._ring: FocusRing | None = None
        px = current_theme().px
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        top = Ground("surface")
        inner = QVBoxLayout(top)
        inner.setContentsMargins(px(24), px(20), px(24), px(20))
        inner.setSpacing(px(12))
        inner.addWidget(Text(title, "section", wrap=True))
        if scrolls:
            pane = ScrollPane(f"{name}_pane", title, ground="surface", margin=0)
            inner.addWidget(pane, 1)
            self.body = pane.body
            self.body.setSpacing(px(8))
        else:
            self.body = QVBoxLayout()
            self.body.setSpacing(px(14))
            inner.addLayout(self.body, 1)
        column.addWidget(top, 1)
        foot = Ground("sunken", "top")
        self.foot = QHBoxLayout(foot)
        self.foot.setContentsMargins(px(24), px(16), px(24), px(16))
        self.foot.setSpacing(px(12))
        self.foot.addStretch(1)
        column.addWidget(foot)
        self.resize(px(width), px(560) if scrolls else 0)
        self.setMinimumWidth(min(px(width), px(400)))

    def add_button(self, words: str, kind: str = PLAIN, *, then: Callable[[], object] | None = None) -> Button:
        """A button of the foot. Without `then` it cancels."""
        button = Button(words, kind)
        button.triggered.connect(then if then is not None else self.reject)
        self.foot.addWidget(button)
        return button

    def showEvent(self, event: QShowEvent) -> None:
        """Shows the focus ring over everything in it."""
        super().showEvent(event)
        if self._ring is None:
            self._ring = FocusRing(self)


def confirm(parent: QWidget, title: str, words: str, button: str, then: Callable[[], object]) -> Dialog:
    """Asks before something is lost. Cancel has the focus; `then` is called where the other is pressed."""
    dialog = Dialog(title, "confirm", parent, width=480)
    dialog.body.addWidget(Text(words, "body", wrap=True))

    def go() -> None:
        dialog.accept()
        then()

    cancel = dialog.add_button("Cancel")
    dialog.add_button(button, DESTRUCTIVE, then=go)
    dialog.open()
    cancel.setFocus(Qt.FocusReason.OtherFocusReason)
    return dialog


def inform(parent: QWidget, title: str, words: str) -> Dialog:
    """Says something that needs no more than to be read."""
    dialog = Dialog(title, "inform", parent, width=480)
    dialog.body.addWidget(Text(words, "body", wrap=True))
    close = dialog.add_button("Close", MAIN, then=dialog.accept)
    dialog.open()
    close.setFocus(Qt.FocusReason.OtherFocusReason)
    return dialog
