"""What the window of a case is made of, and how that fits the width there is."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.ui.case.foot import Foot
from desktop.ui.case.form import SectionForm
from desktop.ui.case.header import CaseHeader
from desktop.ui.case.middle import Middle
from desktop.ui.case.sections import Sections
from desktop.ui.case.side import SidePane
from desktop.ui.case.taborder import set_tab_order
from desktop.ui.kit.panes import WidthWatcher
from desktop.ui.kit.tabs import Tab, Tabs
from desktop.ui.theme import current_theme

FORM, BESIDE = "form", "beside"


class CaseFrame(QWidget):
    """Header; sections, form with its foot, side pane. The pane becomes a tab, and the sections a drop-down list."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("case_view")
        self._watcher: WidthWatcher | None = None
        self.header = CaseHeader()
        self.sections = Sections()
        self.middle = Middle()
        self.foot = Foot()
        self.side = SidePane()
        self.tabs = Tabs([Tab(FORM, "Form"), Tab(BESIDE, "Agreement and earlier requests")], "Beside the form")
        self.tabs.changed.connect(lambda _key: self.arrange())
        self._ordering = QTimer(self)
        self._ordering.setSingleShot(True)
        self._ordering.setInterval(0)
        self._ordering.timeout.connect(self._order_tabs)
        self.side.filled.connect(self.order_tabs)
        self._build()
        current_theme().changed.connect(self.arrange)

    @property
    def width_step(self) -> int:
        """The step of the layout: 1600, 1366, 1024 or 0."""
        return self._watcher.step if self._watcher is not None else 1366

    def panes(self) -> list[QWidget]:
        """What F6 goes through."""
        every = (self.header, self.sections, self.middle, self.foot, self.side)
        return [one for one in every if one.isVisible()]

    def free(self) -> QRect:
        """Where a notice may stand for a moment: over the form, not over the sections and the buttons."""
        over = self.middle if self.middle.isVisible() else self
        return QRect(over.mapTo(self, QPoint(0, 0)), over.size())

    def order_tabs(self) -> None:
        """Tab goes through header, sections, form, foot and side pane, as they stand once all is laid out."""
        self._ordering.start()

    def _order_tabs(self) -> None:
        set_tab_order((self.header, self.sections, self.sections.folded, self.tabs, self._centre, self.side))

    def show_form(self) -> None:
        """Brings the form into sight where the side pane is a tab beside it."""
        if self.tabs.current() != FORM:
            self.tabs.set_current(FORM)
            self.arrange()

    def show_beside(self) -> None:
        """Brings the side pane into sight where it is a tab."""
        if not self.tabs.isHidden():
            self.tabs.set_current(BESIDE)
            self.arrange()

    def showEvent(self, event: QShowEvent) -> None:
        """Follows the width of the window that it now stands in."""
        super().showEvent(event)
        if self._watcher is None:
            self._watcher = WidthWatcher(self.window())
            self._watcher.crossed.connect(self._crossed)
        self.arrange()

    def _crossed(self, _step: int) -> None:
        # A method, not a lambda: Qt lets go of it with the widget, and the watcher lives as long as the window.
        self.arrange()

    def arrange(self) -> None:
        """Lays everything out for the width."""
        px, step = current_theme().px, self.width_step
        wide = step >= 1366
        self.tabs.setVisible(not wide)
        # What goes is hidden first: both at once would ask for more room than there is, and widen the window.
        shown = (
            (self.side, wide or self.tabs.current() == BESIDE),
            (self._centre, wide or self.tabs.current() == FORM),
        )
        for pane, seen in sorted(shown, key=lambda one: one[1]):
            pane.setVisible(seen)
        self.sections.set_folded(step < 1024)
        self.sections.setFixedWidth(px(264))
        if wide:
            self.side.setFixedWidth(px(400 if step >= 1600 else 360))
        else:
            self.side.setMinimumWidth(0)
            self.side.setMaximumWidth(16777215)
        self.middle.set_most(px(760))
        for form in self.middle.findChildren(SectionForm):
            form.arrange(one_column=step < 1024)

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(self.sections.folded)
        edge = current_theme().px(24)
        row = QHBoxLayout()
        row.setContentsMargins(edge, 0, edge, 0)
        row.addWidget(self.tabs)
        column.addLayout(row)
        body = QHBoxLayout()
        body.setSpacing(0)
        self._centre = QWidget()
        centre = QVBoxLayout(self._centre)
        centre.setContentsMargins(0, 0, 0, 0)
        centre.setSpacing(0)
        centre.addWidget(self.middle, 1)
        centre.addWidget(self.foot)
        for widget, stretch in ((self.sections, 0), (self._centre, 1), (self.side, 1)):
            body.addWidget(widget, stretch)
        column.addLayout(body, 1)
