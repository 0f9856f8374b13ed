"""What can be done with the files of the open case."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog

from desktop.casework import attachments
from desktop.casework.attachments import Attachment
from desktop.casework.desk import Desk, Invalid, Refused
from desktop.policy.fields import Problem
from desktop.policy.filekinds import safe_name
from desktop.ui import dialogs
from desktop.ui.attached.copying import save_copy
from desktop.ui.attached.viewer import AttachmentDialog
from desktop.ui.case.attachments import AttachmentsPart
from desktop.ui.case.progress import FILES

if TYPE_CHECKING:
    from desktop.ui.case.view import CaseView


class FileDeeds(QObject):
    """Adds files one after the other, each read piece by piece on the store's thread, and takes them out."""

    _read = Signal(int, int)
    """Bytes read and to read: sent from the store's thread, received on the window's."""

    def __init__(self, view: CaseView) -> None:
        super().__init__(view)
        self._view = view
        self._case_id = 0
        self._waiting: list[Path] = []
        self._problems: list[str] = []
        self._stop = Event()
        self._read.connect(self._progress)

    @property
    def busy(self) -> bool:
        """Whether files are being added."""
        return bool(self._waiting)

    def make_part(self) -> AttachmentsPart:
        """The part of the window, its signals connected."""
        part = AttachmentsPart()
        part.choose_wanted.connect(self.choose)
        part.wanted.connect(self.add)
        part.files.looked.connect(self.look)
        part.files.copied.connect(self.copy)
        part.files.removed.connect(self.remove)
        part.progress.cancelled.connect(self._cancel)
        return part

    def choose(self) -> None:
        """Asks for files and adds them."""
        chosen, _filter = QFileDialog.getOpenFileNames(self._view, "Add files")
        self.add([Path(one) for one in chosen])

    def add(self, paths: Sequence[Path]) -> None:
        """Adds files; what is wrong with any of them is said together at the end."""
        page, busy = self._view.page, bool(self._waiting)
        if page is None:
            return
        self._waiting += paths
        if not busy and self._waiting:
            self._case_id = page.case.row.id
            self._problems = []
            self._stop.clear()
            self._next()

    def look(self, one: Attachment) -> None:
        """Shows a file inside the desk."""
        page = self._view.page
        if page is not None:
            reference, copy = page.case.row.reference, partial(self.copy, one)
            AttachmentDialog(self._view.session, reference, one, copy, self._view).open()

    def copy(self, one: Attachment) -> None:
        """Saves a copy outside the store."""
        page = self._view.page
        if page is not None:
            save_copy(self._view.session, self._view, page.case.row.reference, one)

    def remove(self, one: Attachment) -> None:
        """Takes a file out for good, after asking."""
        words = "Its name and everything in it are overwritten. This cannot be undone."
        if dialogs.confirm(self._view, "Remove this file?", words, "Remove it", destructive=True):
            self._view.deeds.act(
                attachments.remove_attachment,
                lambda on: attachments.RemoveAttachment(**on, attachment_id=one.id),
                "The file was removed",
                "",
            )

    @property
    def _part(self) -> AttachmentsPart | None:
        part = self._view.parts.get(FILES)
        return part if isinstance(part, AttachmentsPart) else None

    def _next(self) -> None:
        part = self._part
        if part is None:
            return
        if not self._waiting:
            part.show_problem(" ".join(self._problems))
            return
        path = self._waiting[0]
        part.show_problem("")
        part.progress.start()

        def read(_desk: Desk) -> bytes:
            return attachments.read_file(path, self._reading)

        self._view.session.run(self._view, read, done=partial(self._has, path.name), failed=partial(self._wrong, path))

    def _reading(self, read: int, size: int) -> bool:
        self._read.emit(read, size)
        return not self._stop.is_set()

    def _progress(self, read: int, size: int) -> None:
        if self._part is not None and self._waiting:
            self._part.progress.show_read(read, size)

    def _has(self, name: str, content: bytes) -> None:
        page = self._view.page
        if self._stop.is_set() or page is None or page.case.row.id != self._case_id:
            # Another case was opened meanwhile: a file must not land in it.
            self._give_up()
            return
        self._view.deeds.act(
            attachments.add_attachment,
            lambda on: attachments.AddAttachment(**on, name=name, content=content),
            "The file was attached",
            "",
            then=self._over,
            wrong=partial(self._refused, name),
            lost=self._give_up,
        )

    def _refused(self, name: str, problems: Sequence[Problem]) -> None:
        self._problems += [f"{safe_name(name)}: {one.message}" for one in problems]
        self._over()

    def _wrong(self, path: Path, error: Exception) -> None:
        if isinstance(error, attachments.Cancelled):
            self._give_up()
        elif isinstance(error, Invalid):
            self._refused(path.name, error.problems)
        elif isinstance(error, Refused | OSError):
            words = error.strerror if isinstance(error, OSError) else str(error)
            self._refused(path.name, (Problem("file", f"It cannot be read. {words}", hard=True),))
        else:
            self._give_up()
            self._view.session.show_error(self._view, error)

    def _cancel(self) -> None:
        self._stop.set()

    def _over(self) -> None:
        self._waiting = self._waiting[1:]
        if self._part is not None:
            self._part.progress.stop()
        self._next()

    def _give_up(self) -> None:
        self._waiting = []
        self._over()
