"""The files of a case, a line each, with what can be done with them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.casework.attachments import Attachment
from desktop.policy.filekinds import KINDS, PDF_ACTIVE, size_words
from desktop.policy.wording import join_and, when
from desktop.ui.kit.base import clear_layout
from desktop.ui.kit.button import QUIET, Button
from desktop.ui.kit.field import IconLabel
from desktop.ui.kit.small import Line
from desktop.ui.kit.text import Text
from desktop.ui.theme import current_theme

_ICONS = {"image": "image", "application": "file-text", "text": "scroll-text", "message": "mail"}
_ACTIVE = (
    "It carries other files or programs (JavaScript). Here its pages are shown and nothing runs; a saved copy may run "
    "them elsewhere."
)


class FileList(QWidget):
    """``looked``, ``copied`` and ``removed`` carry the file. It is made anew only where the files are others."""

    looked = Signal(object)
    copied = Signal(object)
    removed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("file_list")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(current_theme().px(8))
        self._shown: tuple[Sequence[Attachment], bool] | None = None

    def show_files(self, files: Sequence[Attachment], now: datetime, *, may_remove: bool) -> bool:
        """Shows these files; True where there are other controls than before."""
        if self._shown == (files, may_remove):
            return False
        self._shown = (files, may_remove)
        clear_layout(self._column)
        for number, one in enumerate(files):
            if number:
                self._column.addWidget(Line())
            self._column.addWidget(self._row(one, now, may_remove))
        return True

    def _row(self, one: Attachment, now: datetime, may_remove: bool) -> QWidget:
        px = current_theme().px
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(8))
        icon = _ICONS.get(one.media_type.partition("/")[0], "file-text")
        row.addWidget(IconLabel(icon, "text-2"), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(Text(one.name, "label", elide=True))
        words.addWidget(Text(_about(one, now), "small", "text-2", wrap=True))
        if one.media_type == PDF_ACTIVE:
            words.addWidget(Text(_ACTIVE, "small", "amber", wrap=True))
        if one.also_in:
            said = f"The same file is attached to {join_and(one.also_in)}."
            words.addWidget(Text(said, "small", "amber", wrap=True))
        row.addLayout(words, 1)
        deeds = [("Look at it", "eye", "look", self.looked), ("Save a copy", "download", "copy", self.copied)]
        if may_remove:
            deeds.append(("Remove", "trash-2", "remove", self.removed))
        for label, icon, name, signal in deeds:
            button = Button(label, QUIET, icon, height=28, name=f"{name}_file_{one.id}")
            button.setAccessibleName(f"{label}: {one.name}")
            if name == "remove" and one.submitted is not None:
                button.set_off("A reviewer has had this file before them, so it stays with the case.")
            button.triggered.connect(lambda one=one, signal=signal: signal.emit(one))
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        return holder


def _about(one: Attachment, now: datetime) -> str:
    kind = KINDS[one.media_type][0]
    submitted = ". Stands in what was submitted" if one.submitted is not None else ""
    return f"{kind}, {size_words(one.size)}. Added by {one.added_by_name}, {when(one.added_at, now)}{submitted}"
