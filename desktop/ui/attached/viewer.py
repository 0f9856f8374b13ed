"""Looks at an attached file inside the desk: nothing of it is written to a disk, and nothing in it is run."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.casework.attachments import Attachment, read_attachment
from desktop.casework.desk import Desk
from desktop.policy.filekinds import JPEG, PDFS, PNG, TIFF
from desktop.policy.filetext import READABLE, text_pages
from desktop.policy.officetext import NotRead
from desktop.ui.dialogs import Dialog
from desktop.ui.kit.base import clear_layout
from desktop.ui.kit.button import MAIN
from desktop.ui.kit.inputs import TextField
from desktop.ui.kit.notices import EmptyState
from desktop.ui.kit.text import Text
from desktop.ui.letter.paper import Sheet
from desktop.ui.pages import NotShown, page_count, page_image, picture_count, picture_image
from desktop.ui.session import Session
from desktop.ui.theme import current_theme

WIDE, HIGH = 860, 430
_FORMATS = {PNG: b"png", JPEG: b"jpeg", TIFF: b"tiff"}
_CANNOT = "The desk cannot show this file: it is damaged, locked, or too large to draw. Save a copy to look at it."

Page = QImage | str
Held = bytes | tuple[str, ...]
"""A file to draw from, or its words, page by page."""


def opened(desk: Desk, one: Attachment, pixels: int) -> tuple[Held, int, Page]:
    """The file, how many pages it has, and the first of them. Journals that it was looked at. Raises NotShown."""
    content = read_attachment(desk, one.case_id, one.id)
    if one.media_type in READABLE:
        try:
            pages = text_pages(content, one.media_type)
        except NotRead as error:
            raise NotShown from error
        return pages, len(pages), pages[0]
    pdf = one.media_type in PDFS
    count = page_count(content) if pdf else picture_count(content, _FORMATS[one.media_type])
    return content, count, drawn(one.media_type, content, 0, pixels)


def drawn(media_type: str, held: Held, number: int, pixels: int) -> Page:
    """One page, counted from 0. Raises NotShown."""
    if isinstance(held, tuple):
        return held[number]
    if media_type in PDFS:
        return page_image(held, number, pixels)
    return picture_image(held, _FORMATS[media_type], number, pixels)


def _room(owner: QWidget) -> tuple[int, int]:
    """How wide and high, in the theme's measure, so that the dialog fits over the window at any size of text."""
    scale, window = current_theme().text_scale / 100, owner.window().size()
    wide, high = round(window.width() / scale) - 48, round(window.height() / scale) - 240
    return max(320, min(WIDE, wide)), max(80, min(HIGH, high))


class AttachmentDialog(Dialog):
    """Shows a file page by page. ``copy`` is called for "Save a copy"."""

    def __init__(
        self, session: Session, reference: str, one: Attachment, copy: Callable[[], None], parent: QWidget
    ) -> None:
        wide, high = _room(parent)
        super().__init__(parent, "attachment_viewer", f"{reference}: attached file", width=wide, high=high)
        self._wide = wide
        self._session, self._one = session, one
        self._held: Held = b""
        self._number, self._count, self._turn = 0, 0, 0
        self.body.insertWidget(0, Text(one.name, "label", elide=True))
        self.picture = QWidget()
        self.picture.setObjectName("attachment_page")
        self._sheets = QVBoxLayout(self.picture)
        self._sheets.setContentsMargins(0, 0, 0, 0)
        self.words = TextField("attachment_words", "What it says", lines=18)
        self.words.edit.setReadOnly(True)
        self.cannot = EmptyState("eye-off", "It cannot be shown here", "")
        for widget in (self.picture, self.words, self.cannot):
            self.body.addWidget(widget)
            widget.hide()
        self.body.addStretch(1)
        self.place = Text("", "small", "text-2")
        self.foot.insertWidget(0, self.place)
        self.back = self.add_button("Previous page", then=lambda: self._go(-1))
        self.on = self.add_button("Next page", then=lambda: self._go(1))
        self.copy = self.add_button("Save a copy", then=copy)
        self.close_button = self.add_button("Close", MAIN, then=self.accept)
        self.close_button.setFocus()
        self._show_ways()
        session.run(self, opened, one, self._pixels(), done=self._opened, failed=self._failed)

    def _pixels(self) -> int:
        return round(current_theme().px(self._wide - 96) * self.devicePixelRatioF())

    def _opened(self, found: tuple[Held, int, Page]) -> None:
        self._held, self._count, first = found
        self._show(self._turn, first)

    def _go(self, by: int) -> None:
        if 0 <= self._number + by < self._count:
            self._number += by
            self._turn += 1
            self._show_ways()
            self._session.worker.run(
                drawn,
                self._one.media_type,
                self._held,
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
            clear_layout(self._sheets)
            sheet = Sheet(page, f"Page {self._number + 1} of {self._count}")
            self._sheets.addWidget(sheet, 0, Qt.AlignmentFlag.AlignHCenter)
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
            self.cannot.set_words("It cannot be shown here", _CANNOT)
            self.picture.hide()
            self.words.hide()
            self.cannot.show()
            return
        self._session.show_error(self, error)
