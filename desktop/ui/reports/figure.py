"""The cases behind a figure of a report: the register, of exactly these."""

from __future__ import annotations

from array import array

from db.records_views import RegisterFilter
from desktop.casework.desk import Desk
from desktop.casework.register import register_ids
from desktop.policy.wording import plural
from desktop.ui.kit.base import name_widget
from desktop.ui.kit.button import Button
from desktop.ui.register import RegisterView
from desktop.ui.session import Figure, Session


class FigureView(RegisterView):
    """The cases of one figure at a time, and the way back to its report."""

    key = "figure"

    def __init__(self, session: Session) -> None:
        self._figure = Figure("", "", array("q"))
        super().__init__(session)
        name_widget(self, "figure_page", "The cases behind a figure")
        self.back = Button("Back to the report", icon="arrow-left", name="back_to_report")
        self.back.triggered.connect(lambda: session.page_wanted.emit("reports"))
        self.head.actions.addWidget(self.back)

    def first(self) -> RegisterFilter:
        """All of them, in the order of their references."""
        return RegisterFilter(sort="reference")

    def ids(self, desk: Desk, wanted: RegisterFilter, most: int | None = None) -> array[int]:
        """On the store's thread: those of the figure that the filter admits, or the first of them."""
        return register_ids(desk, wanted, most, self._figure.cases)

    def show_figure(self, figure: Figure) -> None:
        """Lists the cases of a figure."""
        self._figure = figure
        self.head.title.setText(figure.name)
        self.setAccessibleName(f"The cases behind a figure: {figure.name}")
        self.filters.set(self.first())
        self.refresh()

    def say(self, summary: str) -> None:
        """Which figure it is."""
        cases = len(self._figure.cases)
        counts = "This case counts" if cases == 1 else f"These {plural(cases, 'case')} count"
        super().say(f"{self._figure.where}. {counts} in it. {self._figure.said}".rstrip())
