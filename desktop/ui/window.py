"""The one window, with the pages that follow one another in it: set-up or sign-in, the desk, the lock."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QMainWindow, QMenu, QStackedWidget, QWidget

from desktop.settings import TEXT_SCALES, Settings, UnsafeFolder, WindowSettings
from desktop.ui.kit.focus import FocusRing
from desktop.ui.theme import Theme

P = TypeVar("P", bound=QWidget)

_FRAME = 40
"""Room for the title bar and edges that a window manager puts around the window once it is shown."""
_SCHEMES = (
    ("system", "As the system has it"),
    ("light", "Light"),
    ("dark", "Dark"),
    ("high_contrast", "High contrast"),
)


class DeskWindow(QMainWindow):
    """Holds pages by a key; a page that is taken out is forgotten with what was typed into it."""

    def __init__(self, theme: Theme, closing: Callable[[], bool]) -> None:
        super().__init__()
        self._theme = theme
        self._closing = closing
        self._pages: dict[str, QWidget] = {}
        self.setObjectName("desk_window")
        self.setWindowTitle("Tracing Desk")
        self.stack = QStackedWidget()
        self.setCentralWidget(self.stack)
        self.ring = FocusRing(self)
        self._fit()
        self.add_key("Ctrl++", lambda: self.scale_text(1))
        self.add_key("Ctrl+=", lambda: self.scale_text(1))
        self.add_key("Ctrl+-", lambda: self.scale_text(-1))
        self.add_key("Ctrl+0", lambda: self.scale_text(0))
        self.add_key("Ctrl+/", self.show_keys)
        self.add_key("F1", self.show_help)
        self.add_key("Ctrl+Q", self.close)

    def _fit(self) -> None:
        """As large as the design's least screen, or as the screen leaves room for a window with its frame."""
        free = self.screen().availableGeometry()
        self.resize(min(1366, free.width()), min(768, free.height() - _FRAME))

    def add_key(self, keys: str, then: Callable[[], object]) -> None:
        """Makes a key work on every page of the window."""
        shortcut = QShortcut(QKeySequence(keys), self)
        shortcut.activated.connect(then)

    def page(self, key: str) -> QWidget | None:
        """The page kept under a key, or None."""
        return self._pages.get(key)

    def show_page(self, key: str, page: P) -> P:
        """Brings a page to the front, with the keyboard where it starts."""
        old = self._pages.get(key)
        if old is not None and old is not page:
            self.forget(key)
        self._pages[key] = page
        if self.stack.indexOf(page) < 0:
            self.stack.addWidget(page)
        self.stack.setCurrentWidget(page)
        page.setFocus(Qt.FocusReason.OtherFocusReason)
        return page

    def prepare_page(self, page: QWidget) -> None:
        """Takes a page in behind the one in front and draws it once, unseen: the first time is the slow one."""
        self.stack.addWidget(page)
        page.resize(self.stack.size())
        page.grab()

    def forget(self, *keys: str) -> None:
        """Takes pages out that have done their work."""
        for key in keys:
            page = self._pages.pop(key, None)
            if page is not None:
                self.stack.removeWidget(page)
                page.deleteLater()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closes once everything typed is in the store, or the person gives it up."""
        if self._closing():
            super().closeEvent(event)
        else:
            event.ignore()

    def restore(self, kept: WindowSettings) -> None:
        """Stands as it was left."""
        if kept.geometry:
            self.restoreGeometry(QByteArray.fromBase64(kept.geometry.encode()))

    def remember(self, settings: Settings) -> None:
        """Keeps how the window was left."""
        geometry = bytes(self.saveGeometry().toBase64().data()).decode()
        try:
            settings.save_window(WindowSettings(geometry, self._theme.scheme, self._theme.text_scale))
        except (OSError, UnsafeFolder):
            # A window that opens at its first place again is no reason to keep anyone from closing this one.
            return

    def choose_theme(self, button: QWidget) -> None:
        """Opens the choice of light, dark or high contrast, and of the size of text, under a button."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for scheme, words in _SCHEMES:
            action = menu.addAction(words, partial(self._theme.set_scheme, scheme))
            action.setCheckable(True)
            action.setChecked(scheme == self._theme.scheme)
        menu.addSeparator()
        menu.addAction("Larger text\tCtrl++", lambda: self.scale_text(1))
        menu.addAction("Smaller text\tCtrl+-", lambda: self.scale_text(-1))
        menu.popup(button.mapToGlobal(button.rect().topLeft()))

    def scale_text(self, step: int) -> None:
        """The next larger (1), smaller (-1) or the ordinary (0) size of text."""
        if not step:
            self._theme.set_text_scale(100)
            return
        sizes = [size for size in TEXT_SCALES if (size - self._theme.text_scale) * step > 0]
        if sizes:
            self._theme.set_text_scale(min(sizes) if step > 0 else max(sizes))

    def show_keys(self) -> None:
        """Opens the list of all keys."""
        from desktop.ui.keys import KeysDialog

        KeysDialog(self).exec()

    def show_help(self) -> None:
        """Opens the help at the page for where the keyboard is."""
        from desktop.ui.help import HelpDialog, page_for

        HelpDialog(self, page_for(self.focusWidget())).exec()
