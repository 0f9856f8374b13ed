"""The line that says that this computer's clock is behind the journal, and the way on where the clock is right."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.casework.clockright import SayClockRight, clock_ahead, say_clock_right
from desktop.policy.wording import day, london
from desktop.ui.admin.storekey import confirmed, second_person
from desktop.ui.kit.base import name_widget
from desktop.ui.kit.notices import Banner
from desktop.ui.recorddialog import RecordDialog
from desktop.ui.session import Session

_LEAD = (
    "This computer’s clock ran ahead, and what was done then bears the wrong date for good. Say so once it is right: "
    "runs go by it again. Days that come within a month are waited for all the same. Whatever was destroyed before "
    "its time while it ran ahead is named by each check."
)


class ClockBehind(QWidget):
    """A banner that is there only while the journal knows of a moment that is still to come."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        name_widget(self, "clock_behind", "This computer’s clock")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self.banner = Banner("warning", "", "The clock is right…", icon="clock-alert")
        column.addWidget(self.banner)
        self.hide()
        self.banner.followed.connect(self._ask)

    def refresh(self) -> None:
        """Looks again."""
        self._session.run(self, clock_ahead, done=self._show)

    def _show(self, latest: datetime | None) -> None:
        if latest is not None:
            knows, today = day(london(latest).date()), day(self._session.desk.today())
            clocks = f"The journal has an entry of {knows}, and this computer says {today}."
            self.banner.sentence.setText(f"{clocks} If that is wrong, set its clock right.")
        self.setVisible(latest is not None)

    def _ask(self) -> None:
        title = f"Is today {day(self._session.desk.today())}?"
        dialog = RecordDialog(title, "clock_right", "It is", second_person(), self, _LEAD)

        def command() -> SayClockRight:
            second, password = confirmed(dialog)
            return SayClockRight(second=second, password=password)

        def done(_nothing: None) -> None:
            self._session.toasted.emit("Runs go by this clock again")
            self.refresh()

        dialog.ask(self._session, say_clock_right, command, done)
