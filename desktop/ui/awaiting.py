"""The line over Retention that says what waits for whoever is signed in: runs, releases of holds, and reviews."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.casework.awaiting import Awaiting, awaiting
from desktop.policy.wording import plural
from desktop.ui.kit.base import name_widget
from desktop.ui.kit.notices import Banner
from desktop.ui.session import Session


class AwaitingBanner(QWidget):
    """A banner that is there only while something waits. `counted` carries the Awaiting."""

    counted = Signal(object)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        name_widget(self, "awaiting", "What waits for you")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self.banner = Banner("warning", "", icon="clock-alert")
        column.addWidget(self.banner)
        self.hide()

    def refresh(self) -> None:
        """Counts again."""
        self._session.run(self, awaiting, done=self._show)

    def _show(self, found: Awaiting) -> None:
        words = " ".join(_sentences(found))
        self.banner.sentence.setText(words)
        self.setVisible(bool(words))
        self.counted.emit(found)


def _sentences(found: Awaiting) -> list[str]:
    lines = []
    if found.decide:
        lines.append(f"{plural(found.decide, 'run waits', 'runs wait')} for your decision.")
    if found.carry_out:
        lines.append(f"{plural(found.carry_out, 'run')} may be carried out.")
    if found.releases:
        lines.append(f"{plural(found.releases, 'release waits', 'releases wait')} for you.")
    if found.reviews:
        what = plural(found.reviews, "hold is", "holds are")
        lines.append(f"{what} due for review. Under Holds, propose a release, or have another person keep it.")
    return lines
