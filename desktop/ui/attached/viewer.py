"""Looks at an attached file inside the desk: nothing of it is written to a disk, and nothing in it is run."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QLabel, QWidget

from desktop.casework.attachments import Attachment, read_attachment
from desktop.casework.desk import Desk
from desktop.policy.filekinds import JPEG, PDF, PNG, TIFF
from desktop.policy.filetext import READABLE, text_pages
from desktop.ui.case.dialog import Dialog
from desktop.ui.kit.button import MAIN
from desktop.ui.kit.inputs import TextField
from desktop.ui.kit.notices import EmptyState
from desktop.ui.kit.text import Text
from desktop.ui.pages import NotShown, page_count, page_image, picture_count, picture_image
from desktop.ui.session import Session
from desktop.ui.theme import current_theme

WIDE, HIGH = 860, 430
_FORMATS = {PNG: b"png", JPEG: b"jpeg", TIFF: b"tiff"}
_CANNOT = "The desk cannot show this file: it is damaged, locked, or too large to draw. Save a copy to look at it."
_OFFICE = "The desk does not show Word and Excel files. Save a copy to read it."

Page = QImage | str


def opened(desk: Desk, one: Attachment, pixels: int) -> tuple[bytes, int, Page]:
    """The file's bytes, how many pages it has, and the first. Journals that it was looked at. Raises NotShown."""
    content = read_attachment(desk, one.case_id, one.id)
    if one.media_type in READABLE:
        pages = text_pages(content, one.media_type)
        return content, len(pages), pages[0]
    if one.media_type == PDF:
        count = page_count(content)
    elif one.media_type in _FORMATS:
        count = picture_count(content, _FORMATS[one.media_type])
    else:
        raise NotShown(_OFFICE)
    return content, count, drawn(one.media_type, content, 0, pixels)


def drawn(media_type: str, content: bytes, number: int, pixels: int) -> Page:
    """One page of it, counted from 0. Raises NotShown."""
    if media_type in READABLE:
        return text_pages(content, media_type)[number]
    if media_type == PDF:
        return page_image(content, number, pixels)
    return picture_image(content, _FORMATS[media_type], number, pixels)


class AttachmentDialog(Dialog):
    """Shows a file page by page. ``copy`` is called for "Save a copy"."""

    def __init__(
        self, session: Session, reference: str, one: Attachment, copy: Callable[[], None], parent: QWidget
    ) -> None:
        super().__init__(f"{reference}: attached file", "attachment_viewer", parent, width=WIDE, high=HIGH)
        self._session, self._one = session, one
        self._content = b""
        self._number, self._count, self._turn = 0, 0, 0
        self.body.insertWidget(0, Text(one.name, "label", elide=True))
        self.picture = QLabel()
        self.picture.setObjectName("attachment_page")
        self.picture.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.words = TextField("attachment_words", "What it says", lines=18)
        self.words.edit.setReadOnly(True)
        self.cannot = EmptyState("eye-off", "It cannot be shown here", "")
        for widget in (self.picture, self.words, self.cannot):
            self.content.addWidget(widget)
            widget.hide()
        self.content.addStretch(1)
        self.place = Text("", "small", "text-2")
        self.body.addWidget(self.place)
        self.back = self.add("Previous page", then=lambda: self._go(-1))
        self.on = self.add("Next page", then=lambda: self._go(1))
        self.copy = self.add("Save a copy", then=copy)
        self.close_button = self.add("Close", MAIN, then=self.accept)
        self.close_button.setFocus()
        self._show_ways()
        session.run(self, opened, one, self._pixels(), done=self._opened, failed=self._failed)

    def _pixels(self) -> int:
        return round(current_theme().px(WIDE - 96) * self.devicePixelRatioF())

    def _opened(self, found: tuple[bytes, int, Page]) -> None:
        self._content, self._count, first = found
        self._show(self._turn, first)

    def _go(self, by: int) -> None:
        if 0 <= self._number + by < self._count:
            self._number += by
            self._turn += 1
            self._show_ways()
            self._session.worker.run(
                drawn,
                self._one.media_type,
                self._content,
                self._number,
                self._pixels(),
                owner=self,
                done=partial(self._show, self._turn),
                failed=self._failed,
            )

    def _show(self, turn: int, page: Page) -> None:
        if turn != self._turn:
            return
        text = isinstance(page, str)
        if isinstance(page, str):
            self.words.set_value(page)
        else:
            page.setDevicePixelRatio(self.devicePixelRatioF())
            self.picture.setPixmap(QPixmap.fromImage(page))
            self.picture.setAccessibleName(f"Page {self._number + 1} of {self._count}")
        self.words.setVisible(text)
        self.picture.setVisible(not text)
        self.cannot.hide()
        self._show_ways()

    def _show_ways(self) -> None:
        self.place.setText(f"Page {self._number + 1} of {self._count}" if self._count > 1 else "")
        for button, edge in ((self.back, self._number <= 0), (self.on, self._number + 1 >= self._count)):
            button.setVisible(self._count > 1)
            button.set_off("There is no other page that way." if edge else "")

    def _failed(self, error: Exception) -> None:
        if isinstance(error, NotShown):
            self.cannot.set_words("It cannot be shown here", str(error) or _CANNOT)
            self.picture.hide()
            self.words.hide()
            self.cannot.show()
            return
        self._session.show_error(self, error)
