"""The letter window: read it as it is printed, issue it, then print, copy or mail it and mark it as sent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from db.records import Changed, LetterKind
from desktop.casework import issuing
from desktop.casework.casepage import CasePage, case_page, open_case
from desktop.casework.certificates import ready_to_sign
from desktop.casework.desk import Desk, Done, Refused
from desktop.casework.mailing import mail_address
from desktop.casework.sending import TypedBack, letter_to_type_back
from desktop.policy.letterkinds import TITLES
from desktop.ui import dialogs
from desktop.ui.beside import LEAST, LEAST_HIGH
from desktop.ui.case.header import CaseHeader
from desktop.ui.case.why import WhyDialog
from desktop.ui.kit.base import clear_layout, name_widget
from desktop.ui.kit.card import Ground
from desktop.ui.kit.notices import Banner, EmptyState
from desktop.ui.kit.panes import WidthWatcher
from desktop.ui.kit.segmented import Segment, Segmented
from desktop.ui.kit.tabs import Tab, Tabs
from desktop.ui.kit.text import Text
from desktop.ui.kit.ticks import Tick
from desktop.ui.letter.deeds import LetterDeeds
from desktop.ui.letter.pane import WIDTH as PANE
from desktop.ui.letter.pane import LetterPane
from desktop.ui.letter.paper import FULL, PAGE, WIDTH, Paper, SmallPages
from desktop.ui.pages import PrintError
from desktop.ui.session import Session, command_id, next_try
from desktop.ui.theme import current_theme

_AIR = 112
"""What "page width" leaves free at each side."""
_UNLIMITED = 16777215


@dataclass(frozen=True)
class Shown:
    """What the window shows: the case, and its letter issued or as it would be. ``pdf`` is empty without one."""

    page: CasePage
    pdf: bytes
    kind: LetterKind | None
    problems: tuple[str, ...]
    typed_back: TypedBack | None = None
    """Of an issued letter: what marking it as sent asks for."""
    mail: str = ""
    """Of an issued letter: the secure address that it may be mailed to, or ""."""
    no_mail: str = ""
    """Why there is none."""
    note: str = ""
    """Of a letter that is still to be issued: what is otherwise than its recipient prefers."""
    large_print: bool = False
    seen: str = ""
    """Of a letter that is still to be issued: what it was made from."""


def read(desk: Desk, case_id: int, known: tuple[str, bytes], first: bool, large_print: bool | None) -> Shown:
    """The case and its letter; called on the store's thread. Looking at either is journalled, once.

    `known` are the fingerprint and the bytes of the issued letter that the window shows already; `large_print` is None
    for as the request says.
    """
    page = case_page(desk, case_id)
    letter = page.case.letter
    if letter is not None:
        pdf = known[1] if known[0] == letter.sha256 else issuing.read_letter(desk, case_id)
        return _issued(desk, page, pdf)
    if first:
        page = open_case(desk, case_id, "letter")
    try:
        made = issuing.preview(desk, case_id, large_print=large_print)
    except Refused as error:
        return Shown(page, b"", None, (str(error),))
    return Shown(page, made.pdf, made.kind, made.problems, note=made.note, large_print=made.large_print, seen=made.seen)


def _issued(desk: Desk, page: CasePage, pdf: bytes) -> Shown:
    case_id = page.case.row.id
    try:
        mail, no_mail = mail_address(desk, case_id), ""
    except Refused as error:
        mail, no_mail = "", str(error)
    kind = page.case.letter.kind if page.case.letter is not None else None
    return Shown(page, pdf, kind, (), letter_to_type_back(desk, case_id), mail, no_mail)


class LetterView(QWidget):
    """One case's letter."""

    key = "letter"

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.shown: Shown | None = None
        self._case_id = 0
        self._issue_id = command_id()
        self._large: bool | None = None
        """Whether it is wanted in large print; None for as the request says."""
        self._watcher: WidthWatcher | None = None
        self.deeds = LetterDeeds(self)
        self._build()
        self._connect()

    def panes(self) -> list[QWidget]:
        """What F6 goes round."""
        return [one for one in (self.header, self.small, self.paper, self.pane) if one.isVisible()]

    def open(self, case_id: int) -> None:
        """Shows the letter of a case."""
        self._case_id = case_id
        self._issue_id = command_id()
        self._large = None
        if self.shown is not None and self.shown.page.case.row.id != case_id:
            self.shown = None
            self.stack.setCurrentWidget(self.waiting)
        self._read(first=True)

    def refresh(self) -> None:
        """Reads case and letter again."""
        if self._case_id:
            self._read(first=False)

    def minimumSizeHint(self) -> QSize:
        """Narrow: whatever does not fit gives way, so a wide arrangement must not hold the window wide."""
        return QSize(current_theme().px(LEAST), current_theme().px(LEAST_HIGH))

    def showEvent(self, event: QShowEvent) -> None:
        """Follows the width of the window that it now stands in."""
        super().showEvent(event)
        if self._watcher is None:
            self._watcher = WidthWatcher(self.window())
            self._watcher.crossed.connect(self._crossed)
        self._arrange()

    # Building

    def _build(self) -> None:
        name_widget(self, "letter_page", "Letter")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self.stack = QStackedWidget()
        column.addWidget(self.stack)
        self.waiting = Ground("canvas")
        self.stack.addWidget(self.waiting)
        self.stack.addWidget(self._letter())
        self.setFocusProxy(self.paper)
        self._arrange()

    def _letter(self) -> QWidget:
        px = current_theme().px
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.header = CaseHeader()
        self.header.show_main(False)
        self.header.more.hide()
        column.addWidget(self.header)
        self.tabs = Tabs([Tab("letter", "Letter"), Tab("about", "About the letter")], "Letter and what is done with it")
        row = QHBoxLayout()
        row.setContentsMargins(px(24), 0, px(24), 0)
        row.addWidget(self.tabs)
        column.addLayout(row)
        across = QHBoxLayout()
        across.setSpacing(0)
        self._middle = self._pages()
        across.addWidget(self._middle, 1)
        self.pane = LetterPane()
        across.addWidget(self.pane, 1)
        column.addLayout(across, 1)
        return holder

    def _pages(self) -> QWidget:
        holder = QWidget()
        across = QHBoxLayout(holder)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(0)
        self._beside = Ground("canvas", "right")
        left = QVBoxLayout(self._beside)
        left.setContentsMargins(0, 0, 1, 0)
        self.small = SmallPages(self.session)
        left.addWidget(self.small)
        across.addWidget(self._beside)
        middle = QVBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self._bar())
        self.notice = QVBoxLayout()
        middle.addLayout(self.notice)
        self.paper = Paper(self.session, _AIR)
        middle.addWidget(self.paper, 1)
        self.empty = EmptyState("file-text", "There is no letter yet", "", "Open the case")
        middle.addWidget(self.empty, 1)
        across.addLayout(middle, 1)
        return holder

    def _bar(self) -> QWidget:
        px = current_theme().px
        bar = Ground("canvas", "bottom")
        row = QHBoxLayout(bar)
        row.setContentsMargins(px(24), px(8), px(16), px(9))
        row.setSpacing(px(12))
        self.title = Text("", "group")
        self.place = Text("", "body", "text-2")
        row.addWidget(self.title)
        row.addWidget(self.place)
        row.addStretch(1)
        self.large = Tick("Large print", "large_print")
        self.large.setToolTip("Large print (Ctrl+Shift+G)")
        row.addWidget(self.large)
        zooms = [Segment(PAGE, "Whole page"), Segment(WIDTH, "Page width"), Segment(FULL, "100%")]
        self.zoom = Segmented(zooms, "Size of the page", name="zoom")
        self.zoom.set_value(WIDTH)
        row.addWidget(self.zoom)
        return bar

    def _connect(self) -> None:
        self.zoom.changed.connect(self.paper.set_zoom)
        self.large.clicked.connect(self._print_large)
        self.paper.turned.connect(self._turned)
        self.small.chosen.connect(self.paper.go_to)
        self.tabs.changed.connect(lambda _key: self._arrange())
        self.empty.acted.connect(lambda: self.session.case_wanted.emit(self._case_id, ""))
        self.header.history_wanted.connect(self._history)
        self.header.why_wanted.connect(self._why)
        self.pane.part_wanted.connect(lambda part: self.session.case_wanted.emit(self._case_id, part))
        self.pane.issue.triggered.connect(self.issue)
        self.pane.print.triggered.connect(self.deeds.print)
        self.pane.save.triggered.connect(self.deeds.save)
        self.pane.mail.triggered.connect(self.deeds.prepare_mail)
        self.pane.sent.triggered.connect(self.deeds.mark_sent)
        self.session.changed.connect(self._changed)
        keys: tuple[tuple[str, Callable[[], object]], ...] = (
            ("PgUp", lambda: self.paper.step(-1)),
            ("PgDown", lambda: self.paper.step(1)),
            ("Ctrl+Return", self.pane.press_main),
            ("Ctrl+Enter", self.pane.press_main),
            ("Ctrl+Shift+G", self.large.click),
            ("Ctrl+P", self.pane.print.click),
            ("Ctrl+S", self.pane.save.click),
            ("Ctrl+E", self.pane.mail.click),
            ("Ctrl+M", self.pane.sent.click),
            ("Ctrl+Shift+D", self._why),
            ("Ctrl+Shift+H", self._history),
        )
        for words, then in keys:
            QShortcut(QKeySequence(words), self).activated.connect(then)

    # Showing

    def _read(self, *, first: bool) -> None:
        letter = self.shown.page.case.letter if self.shown is not None else None
        known = (letter.sha256, self.shown.pdf) if letter is not None and self.shown is not None else ("", b"")
        self.session.run(self, read, self._case_id, known, first, self._large, done=self._show)

    def _show(self, shown: Shown) -> None:
        if shown.page.case.row.id != self._case_id:
            return
        first_time = self.shown is None
        issued_now = (
            self.shown is not None and self.shown.page.case.letter is None and shown.page.case.letter is not None
        )
        self.shown = shown
        desk = self.session.desk
        self.header.show_page(shown.page, desk.calendars[shown.page.agreement.clock.calendar], desk.today())
        self.title.setText(TITLES[shown.kind] if shown.kind is not None else "No letter yet")
        clear_layout(self.notice)
        for problem in shown.problems if shown.pdf else ():
            self.notice.addWidget(Banner("error", problem))
        if shown.note:
            self.notice.addWidget(Banner("info", shown.note))
        self.empty.set_words("There is no letter yet", " ".join(shown.problems))
        self.empty.setVisible(not shown.pdf)
        self.paper.setVisible(bool(shown.pdf))
        self.zoom.setVisible(bool(shown.pdf))
        self.large.setVisible(bool(shown.pdf) and shown.page.case.letter is None)
        self.large.setChecked(shown.large_print)
        self.paper.show_pdf(shown.pdf)
        self.small.show_pdf(shown.pdf)
        self.pane.show_letter(shown.page, shown.problems, desk.clock(), shown.mail, shown.no_mail)
        self.stack.setCurrentIndex(1)
        if issued_now:
            self.pane.print.setFocus(Qt.FocusReason.OtherFocusReason)
        elif first_time:
            (self.paper if shown.pdf else self.empty.button).setFocus(Qt.FocusReason.OtherFocusReason)

    def _print_large(self) -> None:
        self._large = self.large.isChecked()
        self._read(first=False)

    def _turned(self, number: int, count: int) -> None:
        self.place.setText(f"Page {number} of {count}" if count else "")
        self.small.set_current(number)

    def _crossed(self, _step: int) -> None:
        # A method, not a lambda: Qt lets go of it with the widget, and the watcher lives as long as the window.
        self._arrange()

    def _arrange(self) -> None:
        """Below 1,366 the pane is a tab beside the letter, and the small pages go."""
        px = current_theme().px
        wide = self._watcher is None or self._watcher.step >= 1366
        self.tabs.setVisible(not wide)
        self._beside.setVisible(wide)
        self._middle.setVisible(wide or self.tabs.current() == "letter")
        self.pane.setVisible(wide or self.tabs.current() == "about")
        self.pane.setMinimumWidth(px(PANE) if wide else 0)
        self.pane.setMaximumWidth(px(PANE) if wide else _UNLIMITED)

    def _changed(self, changed: Changed) -> None:
        if self._case_id in changed.cases and self.isVisible():
            self.refresh()

    def _history(self) -> None:
        self.session.case_wanted.emit(self._case_id, "history")

    def _why(self) -> None:
        if self.shown is not None and self.shown.page.due is not None:
            WhyDialog(self.shown.page, self.session.desk.today(), self).exec()

    # What is done with it

    def issue(self) -> None:
        """Issues the letter, once someone has said yes."""
        if self.shown is None:
            return
        row, seen = self.shown.page.case.row, self.shown.seen
        # What signing needs is imported, on the store's thread, while the person is asked.
        self.session.run(self, ready_to_sign, done=lambda _nothing: None)
        words = "The letter is numbered and fixed for good, the case closes and its retention timer starts."
        if dialogs.confirm(self, f"Issue the letter of {row.reference}?", words, "Issue the letter"):
            command = issuing.Issue(
                command_id=self._issue_id,
                case_id=row.id,
                version=row.version,
                large_print=self._large,
                seen=seen,
            )
            self.act(issuing.issue, command, f"The letter of {row.reference} was issued")

    def act(self, action: Callable[[Desk, Any], Done], command: Any, said: str) -> None:
        """Runs something that is done with the letter, with no button to be pressed meanwhile."""
        self.pane.set_busy(True)

        def done(_done: Done) -> None:
            self.pane.set_busy(False)

        def failed(error: Exception) -> None:
            self.pane.set_busy(False)
            self._issue_id = next_try(self._issue_id, error)
            safe = "The letter itself is safe in the store."
            if isinstance(error, OSError):
                words = f"It cannot be written there: {error.strerror or error}. {safe}"
                dialogs.inform(self, "The file was not saved", words)
            elif isinstance(error, PrintError):
                dialogs.inform(self, "The letter was not printed", f"The printer did not take it. {safe}")
            else:
                self.session.show_error(self, error)
            self.refresh()

        self.session.act(self, action, command, done=done, failed=failed, said=said)
