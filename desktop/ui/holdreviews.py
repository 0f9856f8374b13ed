"""The line that says that holds wait for their review, to whoever may release them."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from db.records import Changed
from desktop.casework.holds import reviews_due
from desktop.policy.wording import plural
from desktop.ui.kit.base import name_widget
from desktop.ui.kit.notices import Banner
from desktop.ui.session import Session


class HoldReviews(QWidget):
    """A banner that is there only while a review is due."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        name_widget(self, "hold_reviews", "Holds that are due for review")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self.banner = Banner("warning", "", icon="clock-alert")
        column.addWidget(self.banner)
        self.hide()
        session.changed.connect(self._changed)

    def refresh(self) -> None:
        """Counts again."""
        self._session.run(self, reviews_due, done=self._show)

    def _show(self, count: int) -> None:
        what = plural(count, "hold is", "holds are")
        words = f"{what} due for review. Under Holds, propose a release, or have another person keep it."
        self.banner.sentence.setText(words)
        self.setVisible(bool(count))

    def _changed(self, changed: Changed) -> None:
        # A new day changes what is due, and says so as a change of cases.
        if changed.kinds & {"hold", "case"}:
            self.refresh()
