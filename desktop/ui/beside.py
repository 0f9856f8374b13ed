"""A list and the pane beside it: side by side where there is room, one in place of the other where there is not."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from desktop.ui.kit.panes import WidthWatcher
from desktop.ui.theme import current_theme

ROOM = 1366
"""The effective width from which list and pane stand side by side."""
LEAST, LEAST_HIGH = 480, 300
"""How small such a page may become: what does not fit gives way or scrolls."""
_UNLIMITED = 16777215


class Beside(QObject):
    """Arranges `page`, whose list is in `left` and whose pane is `pane`, `width` wide. `arranged` gets the step."""

    def __init__(
        self, page: QWidget, left: QWidget, pane: QWidget, width: int, arranged: Callable[[int], None]
    ) -> None:
        super().__init__(page)
        self._page, self._left, self._pane, self._width = page, left, pane, width
        self._arranged = arranged
        self._watcher: WidthWatcher | None = None
        self._wanted: bool | None = None
        self._focus: QWidget | None = None
        page.installEventFilter(self)
        current_theme().changed.connect(self.arrange)
        self._back = QShortcut(QKeySequence(Qt.Key.Key_Escape), page)
        self._back.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self._back.activated.connect(self.toggle)
        self.arrange()

    @property
    def step(self) -> int:
        """The step of the layout: 1600, 1366, 1024 or 0."""
        return self._watcher.step if self._watcher is not None else ROOM

    def toggle(self) -> None:
        """Shows the pane, or hides it."""
        shown = not self._pane.isHidden()
        self._wanted = not shown
        self._focus = self._page.window().focusWidget() if not shown else self._focus
        self.arrange()
        if self.step < ROOM and not shown:
            self._pane.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self._focus is not None and self._focus.isVisible():
            self._focus.setFocus(Qt.FocusReason.OtherFocusReason)

    def arrange(self) -> None:
        """Lays both out for the width."""
        room = self.step >= ROOM
        shown = room if self._wanted is None else self._wanted
        wide = current_theme().px(self._width)
        self._pane.setVisible(shown)
        self._pane.setMinimumWidth(wide if room else 0)
        self._pane.setMaximumWidth(wide if room else _UNLIMITED)
        self._left.setVisible(room or not shown)
        # Esc is for the way back to the list, where the pane has taken its place.
        self._back.setEnabled(not room and shown)
        self._arranged(self.step)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follows the width of the window that the page stands in."""
        if event.type() == QEvent.Type.Show and self._watcher is None:
            self._watcher = WidthWatcher(self._page.window())
            self._watcher.crossed.connect(self._crossed)
            self.arrange()
        return False

    def _crossed(self, _step: int) -> None:
        self._wanted = None
        self.arrange()
