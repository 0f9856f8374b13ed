"""The part of a case that holds its files: add them with a dialog or by dropping them, look at them, take them out."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.casework.attachments import LIMITS
from desktop.casework.casepage import CasePage
from desktop.policy.filekinds import ACCEPTED, size_words
from desktop.ui.attached.filelist import FileList
from desktop.ui.kit.base import name_widget
from desktop.ui.kit.button import PLAIN, Button
from desktop.ui.kit.card import Card
from desktop.ui.kit.notices import Banner, EmptyState
from desktop.ui.kit.text import Text
from desktop.ui.theme import current_theme

SLOW = 400
"""Milliseconds after which reading a file shows how far it is."""


class ReadBar(QWidget):
    """How much of a file has been read, in words and as a bar, with Cancel beside."""

    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        px = current_theme().px
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, px(14))
        self.words = Text("Reading the file", "small", "text-2")
        self.cancel = Button("Cancel", PLAIN, height=28, name="cancel_reading")
        self.cancel.triggered.connect(self.cancelled)
        row.addWidget(self.words, 1)
        row.addWidget(self.cancel)
        name_widget(self, "read_progress", "Reading the file")
        self._part = 0.0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SLOW)
        self._timer.timeout.connect(self.show)
        self.hide()

    def start(self) -> None:
        """Begins: it shows itself once it takes long enough to be worth it."""
        self.show_read(0, 0)
        self._timer.start()

    def stop(self) -> None:
        """The file is read, or is not going to be."""
        self._timer.stop()
        self.hide()

    def show_read(self, read: int, size: int) -> None:
        """Shows how far it is."""
        self._part = read / size if size else 0.0
        self.words.setText(
            f"Reading the file: {size_words(read)} of {size_words(size)}" if size else "Reading the file"
        )
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws the bar below the words: 8 high, with an edge."""
        theme, painter = current_theme(), QPainter(self)
        high = theme.px(8)
        box = self.rect().adjusted(0, self.height() - high, -1, -1)
        painter.fillRect(box, theme.colour("surface"))
        painter.fillRect(box.x(), box.y(), round(box.width() * self._part), box.height(), theme.colour("accent"))
        painter.setPen(theme.colour("edge"))
        painter.drawRect(box)


class AttachmentsPart(QWidget):
    """``wanted`` carries the paths of files to add. What is wrong with one stands over the list."""

    wanted = Signal(list)
    choose_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("attachments_part")
        px = current_theme().px
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(12))
        column.addWidget(Text("Attachments", "section"))
        self.lead = Text(f"What the requester sent: {ACCEPTED}. {LIMITS}", "body", "text-2", wrap=True)
        column.addWidget(self.lead)
        self.fixed = Text("", "body", "text-2", wrap=True)
        column.addWidget(self.fixed)
        self._problems = QVBoxLayout()
        column.addLayout(self._problems)
        self._problem: Banner | None = None
        row = QHBoxLayout()
        row.setSpacing(px(12))
        self.add = Button("Add a file", PLAIN, "upload", name="add_file")
        self.add.triggered.connect(self.choose_wanted)
        self.drop = Text("Or drop files here.", "small", "text-3")
        row.addWidget(self.add)
        row.addWidget(self.drop)
        row.addStretch(1)
        column.addLayout(row)
        self.progress = ReadBar()
        column.addWidget(self.progress)
        self.card = Card()
        self.files = FileList()
        self.empty = EmptyState(
            "paperclip", "No file is attached", "A file is kept encrypted in the store, and destroyed with the case."
        )
        self.card.body.addWidget(self.files)
        self.card.body.addWidget(self.empty)
        column.addWidget(self.card)
        column.addStretch(1)

    def show_page(self, page: CasePage, fixed: str, now: datetime) -> bool:
        """Shows the case's files; `fixed` says why none can be added. True where there are other controls now."""
        self.fixed.setText(fixed)
        self.fixed.setVisible(bool(fixed))
        self.lead.setVisible(not fixed)
        self.drop.setVisible(not fixed)
        self.add.set_off(fixed)
        self.setAcceptDrops(not fixed)
        self.empty.setVisible(not page.attachments)
        self.files.setVisible(bool(page.attachments))
        return self.files.show_files(page.attachments, now, may_remove=not fixed)

    def show_problem(self, words: str) -> None:
        """Says what is wrong with a file; "" for nothing."""
        if self._problem is not None:
            self._problem.hide()
            self._problem.deleteLater()
            self._problem = None
        if words:
            self._problem = Banner("error", words)
            self._problem.setObjectName("file_problem")
            self._problems.addWidget(self._problem)

    def focus_first(self) -> None:
        """Puts the keyboard on the way to add one, or on the first file."""
        self.add.setFocus()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Takes files, and nothing else."""
        if _paths(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Adds what was dropped."""
        if paths := _paths(event):
            event.acceptProposedAction()
            self.wanted.emit(paths)


def _paths(event: QDropEvent) -> list[Path]:
    return [Path(one.toLocalFile()) for one in event.mimeData().urls() if one.isLocalFile()]
