"""The keys of the Retention window: each goes to the tab of its button, and presses it there."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut

from desktop.ui.disposal.runs import RunsPart
from desktop.ui.holds import HoldsPart
from desktop.ui.kit.button import Button

if TYPE_CHECKING:
    from desktop.ui.retention import RetentionView


def add_keys(view: RetentionView) -> None:
    """Makes the keys work wherever the keyboard is in the window."""
    runs, holds = view.parts["runs"], view.parts["holds"]
    if not isinstance(runs, RunsPart) or not isinstance(holds, HoldsPart):
        raise TypeError("The parts of the window are others.")

    def dispose() -> tuple[Button, ...]:
        if view.tabs.current() in ("months", *view.parts):
            view.tabs.buttons["due"].click()
        return (view.dispose,)

    def on(tab: str, *buttons: Button) -> tuple[Button, ...]:
        if view.tabs.current() != tab:
            view.tabs.buttons[tab].click()
        return buttons

    keys: dict[str, Callable[[], tuple[Button, ...]]] = {
        "Ctrl+Shift+P": dispose,
        "Ctrl+Return": lambda: on("runs", runs.buttons["approve"]),
        "Ctrl+Shift+T": lambda: on("runs", runs.buttons["save"]),
        "Ctrl+Shift+O": lambda: on("holds", holds.place),
        "Ctrl+Shift+R": lambda: on("holds", holds.pane.release, holds.pane.propose),
    }
    for key, found in keys.items():
        shortcut = QShortcut(QKeySequence(key), view)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(lambda found=found: _press(found()))


def _press(buttons: tuple[Button, ...]) -> None:
    """The first that is there to be pressed; one that is off says why, as when it is pressed itself."""
    for button in buttons:
        if not button.isHidden():
            button.setFocus(Qt.FocusReason.ShortcutFocusReason)
            button.click()
            return
