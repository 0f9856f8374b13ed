"""Second looks, under the queue: the decisions of others that this person may look at again, without knowing them."""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from desktop.casework.secondlooks import LookRow, second_looks
from desktop.policy.wording import short_day
from desktop.ui.kit.base import name_widget
from desktop.ui.kit.focus import starts_at
from desktop.ui.kit.small import Count, Line
from desktop.ui.kit.text import Text
from desktop.ui.review.caselist import ROW, CaseList, Shown
from desktop.ui.session import Session
from desktop.ui.theme import current_theme

AT_ONCE = 3
"""So many rows are in sight; the others are scrolled to."""


class LooksList(CaseList[LookRow]):
    """The list, as high as a few of its rows, and no lower than one of them."""

    def sizeHint(self) -> QSize:
        """A few rows."""
        return QSize(0, min(len(self.model_.rows), AT_ONCE) * current_theme().px(ROW))

    def minimumSizeHint(self) -> QSize:
        """One row."""
        return QSize(0, current_theme().px(ROW))


class LooksPart(QWidget):
    """The heading "Second looks" with the list; not there while none waits."""

    chosen = Signal(object)
    """A LookRow that is to be opened."""
    read = Signal(object)
    """The ids of the decisions that wait now."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        px = current_theme().px
        name_widget(self, "second_looks_pane", "Second looks")
        self.list = LooksList("second_looks", "Second looks that wait for you", self._shown)
        self.list.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.count = Count(0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(8))
        column.addWidget(Line())
        head = QHBoxLayout()
        head.setContentsMargins(px(16), 0, px(16), 0)
        head.setSpacing(px(8))
        head.addWidget(Text("Second looks", "group"))
        head.addWidget(self.count)
        head.addStretch(1)
        column.addLayout(head)
        column.addWidget(self.list)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        starts_at(self, self.list)
        self.list.chosen.connect(self.chosen)
        current_theme().changed.connect(self.list.updateGeometry)
        self.hide()

    def refresh(self) -> None:
        """Reads what waits; the one in front stays current."""
        self._session.run(self, second_looks, done=self._show)

    def _show(self, rows: tuple[LookRow, ...]) -> None:
        current = self.list.current()
        self.count.set_number(len(rows))
        self.list.show_rows(rows, current.decision_id if current is not None else 0)
        self.setVisible(bool(rows))
        self.list.updateGeometry()
        self.read.emit(frozenset(one.decision_id for one in rows))

    def _shown(self, row: LookRow) -> Shown:
        since = short_day(row.since, self._session.desk.today())
        return Shown(
            id=row.decision_id,
            reference=row.reference,
            mark=("", "", ""),
            requester=row.requester,
            last=("eye", f"Since {since}", "text-2"),
        )
