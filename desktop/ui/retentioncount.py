"""What is counted beside Retention, asked for now and then, and told on whatever page is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from desktop.casework.desk import Desk
from desktop.policy.wording import join_and, plural
from desktop.ui.rolepages import PAGES
from desktop.ui.session import Session

if TYPE_CHECKING:
    from desktop.casework.awaiting import Reminders


class RetentionCount(QObject):
    """Counts what waits in Retention for the signed-in person, and tells what came since it last counted.

    What another desk of the same store does tells this one nothing, so it looks by itself too; under the lock it waits.
    """

    counted = Signal(int)
    EVERY = 60_000
    """Milliseconds."""

    def __init__(self, session: Session, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._window = session, window
        self._pages = PAGES[session.desk.user.role]
        self._last: Reminders | None = None
        self.timer = QTimer(self, interval=self.EVERY)
        self.timer.timeout.connect(self.ask)
        self.timer.start()

    def ask(self) -> None:
        """Counts again, unless the lock covers the desk; nothing for whoever does not see the page."""
        if "retention" in self._pages and self._window.isVisible():
            self._session.run(self._window, _reminders, done=self._show)

    def _show(self, found: Reminders) -> None:
        before, self._last = self._last, found
        if before is not None:
            words = ". ".join(_came(before, found))
        else:
            # Whoever begins on the page reads it there.
            waiting = [] if self._pages[0] == "retention" else _waiting(found)
            words = f"Retention: {join_and(waiting)}" if waiting else ""
        if words:
            self._session.toasted.emit(words)
        self.counted.emit(found.count)


def _reminders(desk: Desk) -> Reminders:
    # On the store's thread, which imports what it is made of.
    from desktop.casework.awaiting import reminders

    return reminders(desk)


def _waiting(found: Reminders) -> list[str]:
    """What waits when somebody signs in."""
    said = []
    if found.releases:
        said.append(_releases(len(found.releases)))
    if found.reviews:
        said.append(f"{plural(len(found.reviews), 'hold is', 'holds are')} due for review")
    return said


def _came(before: Reminders, found: Reminders) -> list[str]:
    """What is new since, a sentence each without its full stop."""
    said = []
    if found.cases > before.cases:
        said.append(f"{plural(found.cases - before.cases, 'case')} fell due for review")
    if new := found.releases - before.releases:
        said.append(_releases(len(new)))
    if new := found.reviews - before.reviews:
        said.append(f"{plural(len(new), 'hold')} fell due for review")
    return said


def _releases(count: int) -> str:
    return plural(count, "release waits for you", "releases wait for you")
