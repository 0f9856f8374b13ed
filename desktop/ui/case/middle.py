"""The middle of a case: notices that stay, what could not be saved, and the part being worked on, which scrolls."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from db.records import Action
from desktop.ui.case.kept import Kept
from desktop.ui.case.notice import Notice
from desktop.ui.kit.notices import Banner
from desktop.ui.kit.panes import ScrollPane
from desktop.ui.theme import current_theme


class Middle(QWidget):
    """Shows one part at a time and keeps the others, with what was typed in them."""

    notice_followed = Signal(Action)
    change_followed = Signal()
    """A change of the agreement is to be taken in."""
    look_again = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        px = current_theme().px
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._notices = QVBoxLayout()
        self._notices.setContentsMargins(px(24), 0, px(24), 0)
        self._notices.setSpacing(px(8))
        column.addLayout(self._notices)
        self.pane = ScrollPane("case_form", "The form", margin=0)
        column.addWidget(self.pane, 1)
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(px(24), px(16), px(24), px(24))
        self._body = QWidget()
        self._column = QVBoxLayout(self._body)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(px(16))
        row.addWidget(self._body, 1, Qt.AlignmentFlag.AlignTop)
        self.pane.body.addWidget(holder)
        self.kept = Kept()
        self._column.addWidget(self.kept)
        self._current: QWidget | None = None
        self._notice: Notice | None = None
        self._banner: Banner | None = None
        self._conflict: Banner | None = None

    def set_most(self, width: int) -> None:
        """The form is never wider than this."""
        self._body.setMaximumWidth(width)

    def show_part(self, widget: QWidget) -> None:
        """Shows a part from its top."""
        if widget is self._current:
            return
        if self._current is not None:
            self._current.hide()
        if self._column.indexOf(widget) < 0:
            self._column.addWidget(widget, 1)
        widget.show()
        self._current = widget
        self.pane.verticalScrollBar().setValue(0)

    def drop(self, widget: QWidget) -> None:
        """Takes a part out for good."""
        if widget is self._current:
            self._current = None
        widget.hide()
        self._column.removeWidget(widget)
        widget.deleteLater()

    def show_notice(self, notice: Notice | None) -> None:
        """Says how the case stands; None says nothing."""
        if notice == self._notice:
            return
        self._notice = notice
        if self._banner is not None:
            self._take(self._banner)
            self._banner = None
        if notice is not None:
            self._banner = Banner(notice.kind, notice.words, notice.link)
            self._banner.setObjectName("case_notice")
            step = notice.step
            if step is not None:
                self._banner.followed.connect(lambda: self.notice_followed.emit(step))
            elif notice.link:
                self._banner.followed.connect(self.change_followed)
            self._notices.addWidget(self._banner)
        self._space()

    def show_conflict(self, words: str) -> None:
        """Somebody else changed the case: nothing typed here is saved until one looks at it again."""
        self.clear_conflict()
        self._conflict = Banner("error", words, "Look at it again")
        self._conflict.setObjectName("conflict")
        self._conflict.followed.connect(self.look_again)
        self._notices.insertWidget(0, self._conflict)
        self._space()

    def clear_conflict(self) -> None:
        """Takes the banner of a conflict away."""
        if self._conflict is not None:
            self._take(self._conflict)
            self._conflict = None
        self._space()

    def _take(self, banner: Banner) -> None:
        banner.hide()
        self._notices.removeWidget(banner)
        banner.deleteLater()

    def _space(self) -> None:
        edge = current_theme().px(24)
        top = current_theme().px(12) if self._notices.count() else 0
        self._notices.setContentsMargins(edge, top, edge, 0)
