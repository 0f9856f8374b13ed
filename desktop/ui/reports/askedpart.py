"""A report that is asked for something: its days, its table, how small figures are kept back."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QVBoxLayout

from desktop.policy.savedreports import ReportKind, WantedReport
from desktop.ui.kit.base import clear_layout
from desktop.ui.kit.focus import starts_at
from desktop.ui.kit.notices import Banner
from desktop.ui.reports.asking import Asking
from desktop.ui.reports.part import ReportPart
from desktop.ui.session import Session

_MOST_FAULTS = 5
_EMPTY = "No request was open, received or answered in these days."


class AskedPart(ReportPart):
    """What is asked for stands over the figures. It can be saved, and shown as it was saved."""

    def __init__(self, session: Session, report: ReportKind, title: str, main: str, icon: str) -> None:
        super().__init__(session, report.value, title, main, icon)
        self._report = report
        self.asking = Asking(report.value, session.desk.today, table=report is ReportKind.PUBLICATION)
        self.top.addWidget(self.asking)
        self._told = QVBoxLayout()
        self.middle.addLayout(self._told)
        starts_at(self, next(iter(self.asking.fields.values())))
        self.asking.wanted.connect(self.ask)
        self.asking.edited.connect(self.weigh)

    def weigh(self) -> None:
        """Says whether the report may leave the desk as it is asked for now."""
        raise NotImplementedError

    def wanted(self) -> WantedReport | None:
        """What is asked for; None where it cannot be counted."""
        return self.asking.what.wanted(self._report)

    def show_wanted(self, wanted: WantedReport) -> None:
        """Asks for something else, and counts it."""
        self.asking.show_wanted(wanted)
        self._count()

    def reset(self) -> None:
        """Asks for what is asked for at first, and counts it."""
        self.asking.reset()
        self._count()

    def tell(self, faults: Sequence[str], off: str, *, empty: bool) -> None:
        """Says over the figures where they do not add up, and so `off`; or that there is nothing to count."""
        clear_layout(self._told)
        if faults:
            more = len(faults) - _MOST_FAULTS
            named = " ".join(faults[:_MOST_FAULTS]) + (f" And {more} more." if more > 0 else "")
            self._told.addWidget(Banner("error", f"{off} {named}"))
        elif empty:
            self._told.addWidget(Banner("info", _EMPTY))

    def _count(self) -> None:
        self.weigh()
        self.stale = True
        if self.isVisible():
            self.ask()
