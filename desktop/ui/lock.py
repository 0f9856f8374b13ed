"""The lock: a page without any person's data over the whole window, and the watch for an idle desk."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication, QWidget

from desktop.ui.gate import SecretPage
from desktop.ui.kit.button import Link

IDLE_MINUTES = 10
TRIES = 5


class LockPage(SecretPage):
    """Covers everything. `entered` carries a password; `left` asks for another person's sign-in."""

    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            "lock_page",
            "The desk is locked",
            "Type your password to go on. Your work is as you left it.",
            "Password",
            "Unlock",
            "unlock",
            parent,
        )
        self.tries = TRIES
        self.other = Link("Sign in as someone else", "small", name="sign_in_as_other")
        self.card.body.addWidget(self.other)
        self.other.clicked.connect(self.left)

    def start(self) -> None:
        """Locks anew."""
        self.tries = TRIES
        self.clear()

    def wrong(self) -> bool:
        """Counts a wrong password; False once there were too many, when the person is to be signed out."""
        self.tries -= 1
        left = f"{self.tries} {'try' if self.tries == 1 else 'tries'} left before you are signed out."
        self.refuse(f"This is not your password. {left}")
        return self.tries > 0


class IdleWatch(QObject):
    """Fires `idle` after ten minutes without a key or a move of the pointer, while it runs; at most five seconds later.

    After each sign of someone it does not look for so long: to be asked about every event of every control takes a
    twentieth of what the windows do.
    """

    idle = Signal()
    _LOOKS = 120
    """How often it looks, in all, before it fires."""
    _SIGNS = frozenset({QEvent.Type.KeyPress, QEvent.Type.MouseMove, QEvent.Type.MouseButtonPress, QEvent.Type.Wheel})

    def __init__(self, app: QApplication, minutes: float = IDLE_MINUTES, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(round(minutes * 60_000))
        self._timer.timeout.connect(self.idle)
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(self._timer.interval() // self._LOOKS)
        self._again.timeout.connect(self.start)
        self._app = app

    def start(self) -> None:
        """Begins to watch, or watches again: whatever was done meanwhile may have been done just now."""
        self._app.installEventFilter(self)
        self._timer.start()

    def stop(self) -> None:
        """Watches no longer."""
        self._app.removeEventFilter(self)
        self._timer.stop()
        self._again.stop()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Counts from the start again at a sign of someone."""
        if event.type() in self._SIGNS and self._timer.isActive():
            self._app.removeEventFilter(self)
            self._timer.start()
            self._again.start()
        return False


def close_dialogs(app: QApplication, window: QWidget) -> None:
    """Cancels every open dialog and menu, so that nothing stands in front of the lock."""
    while (popup := app.activePopupWidget()) is not None:
        popup.close()
    while (modal := app.activeModalWidget()) is not None and modal is not window:
        modal.close()
        if modal.isVisible():
            modal.hide()
