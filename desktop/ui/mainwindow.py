"""The signed-in desk: the frame, and in it the pages of one's role."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QRect, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QMenu, QTableView, QWidget

from db.records import CaseRow, Changed, Organisation, Role
from desktop.casework.accounts import organisation
from desktop.casework.anchors import anchor_by_itself
from desktop.casework.desk import Desk
from desktop.casework.register import register_rows
from desktop.casework.work import queue_count, queue_states
from desktop.policy.life import ROLE_WORDS
from desktop.ui import dialogs
from desktop.ui.ahead import import_each
from desktop.ui.daywatch import DayWatch
from desktop.ui.frame import MainFrame
from desktop.ui.kit.base import name_widget
from desktop.ui.kit.notices import Toast
from desktop.ui.makers import left_of_page, make_page
from desktop.ui.mywork import MyWorkPage
from desktop.ui.retentioncount import RetentionCount
from desktop.ui.rolepages import PAGES, items_of
from desktop.ui.search import SearchPopup
from desktop.ui.session import Figure, Session

_NO_SEARCH = frozenset({Role.ADMINISTRATOR, Role.AUDITOR})
_WHY_NO_SEARCH = "Your role does not search for people"
_RECENT = 5
_FIRST_PAGE = 300
"""Milliseconds that are left to the first page before the others are got ready."""
_BESIDE = {Role.CASEWORKER: ("case", "letter"), Role.RECORDS_OFFICER: ("case", "letter")}
"""The pages that a role opens from the others; a reviewer's own page has them both."""
_UNDER = {"letter": "case", "figure": "reports"}
"""What is current in the navigation while a page is shown that does not stand there."""


class MainWindow(MainFrame):
    """The desk of one person, from signing in to signing out. It is made before that, while the password is typed.

    A page may have `flush(then)`, which sends what is typed to the store, and `unsaved`, whether leaving loses any.
    """

    lock_wanted = Signal()
    sign_out_wanted = Signal()
    theme_wanted = Signal(QWidget)
    help_wanted = Signal()
    keys_wanted = Signal()
    titled = Signal(str)
    """The title of the window: the desk's name, and at most a reference."""

    session: Session
    reminders: RetentionCount
    _role: Role

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name_widget(self, "main_window", "Tracing Desk")
        self._at: tuple[str, int] = ("", 0)
        self._back: list[tuple[str, int]] = []
        self._recent: list[tuple[int, str]] = []
        self._counts: dict[str, int] = {}
        self._unseen = ""
        """The page that is made, and shown in the next turn."""
        # A timer of no time lets whatever else waits have its turn, which an event that is posted does not.
        self._next = QTimer(self, interval=0, singleShot=True)
        self._next.timeout.connect(lambda: self.go_to(self._unseen))
        self._day_over = False
        """The day changed while the lock covered the desk."""
        self.toast = Toast(self.stack, self._free)
        self.stack.currentChanged.connect(lambda _index: self.toast.raise_())
        self.results = SearchPopup(self.top.search, self)
        self.work = MyWorkPage()
        self.add_page("work", self.work)
        self.show_saved("All changes saved")

    # What others call

    def begin(self, session: Session) -> None:
        """Someone has signed in: everything is shown that is theirs. Once; the next person gets a desk of their own."""
        user = session.desk.user
        self.session, self._role = session, user.role
        if self._role is Role.CASEWORKER:
            self.work.begin(session)
        else:
            self.remove_page("work")
        self.show_items(items_of(self._role))
        self.results.begin(session)
        self.show_person(user.name, ROLE_WORDS[self._role])
        if self._role in _NO_SEARCH:
            self.top.switch_off_search(_WHY_NO_SEARCH)
        self._wire()
        self.reminders = RetentionCount(session, self)
        self.reminders.counted.connect(lambda count: self._count("retention", count))
        self.days = DayWatch(session.desk.today, self)
        self.days.changed.connect(self._new_day)
        self.days.changed.connect(self._anchor)
        self.go_to(PAGES[self._role][0])
        # What the first page does not need is asked after it, so that it is not kept waiting.
        QTimer.singleShot(0, self, self._ask_the_rest)

    def go_to(self, key: str, case_id: int = 0, part: str = "") -> None:
        """Shows a page by its key; "case" and "letter" with a case's id."""
        if self._at[0] and (key, case_id) != self._at:
            self._back.append(self._at)
            del self._back[:-50]
        self._change_page(key, case_id, part)

    def open(self, case_id: int, part: str = "") -> None:
        """Opens a case, with the part "letter" its letter, with "review" where it waits in the queue."""
        if part == "review":
            self.go_to("review")
            review: Any = self.page("review")
            review.open(case_id)
            return
        self.go_to("letter" if part == "letter" else "case", case_id, part)
        self.session.run(self, register_rows, [case_id], done=self._opened)

    def open_figure(self, figure: Figure) -> None:
        """Lists the cases behind a figure of a report."""
        self.go_to("figure")
        listed: Any = self.page("figure")
        listed.show_figure(figure)

    def start_request(self, agreement_id: str = "") -> None:
        """Asks which agreement a new request comes under, registers it and opens it."""
        if self._role is not Role.CASEWORKER:
            return
        from desktop.ui.case.new import NewRequest

        dialog = NewRequest(self.session, self)
        if agreement_id:
            dialog.choose(agreement_id)
        dialog.created.connect(self.open)
        dialog.many_wanted.connect(self.import_requests)
        dialog.open()

    def import_requests(self) -> None:
        """Asks for a file of requests, and imports it."""
        from desktop.ui.intake.dialog import ImportDialog

        dialog = ImportDialog(self.session, self)
        changed = Changed(kinds=frozenset({"case"}))
        dialog.imported.connect(lambda: self.session.changed.emit(changed))
        dialog.open()

    def go_back(self) -> None:
        """Goes to the page that was shown before."""
        if self._back:
            key, case_id = self._back.pop()
            self._change_page(key, case_id, "")

    def close_case(self) -> None:
        """Leaves a case for the list that it was opened from, and the list behind a figure for its report."""
        if self._at[0] == "figure":
            self.go_to("reports")
        if self._at[0] not in ("case", "letter"):
            return
        while self._back and self._back[-1][0] in ("case", "letter"):
            self._back.pop()
        if self._back:
            self.go_back()
        else:
            self._change_page(PAGES[self._role][0], 0, "")

    def save_drafts(self) -> None:
        """Sends to the store whatever is typed and not yet on its way."""
        for page in self._made():
            flush = getattr(page, "flush", None)
            if flush is not None:
                flush(_nothing)

    @property
    def unsaved(self) -> bool:
        """Whether leaving would lose something typed."""
        return any(bool(getattr(page, "unsaved", False)) for page in self._made())

    def may_leave(self) -> bool:
        """Whether the desk may be left: saves, and asks where something typed would be lost."""
        self.session.leaving.emit()
        self.save_drafts()
        self.session.worker.drain()
        return not self.unsaved or dialogs.confirm(
            self.window(),
            "Something you typed is not saved",
            "It will be lost if you leave now.",
            "Leave without saving",
            destructive=True,
        )

    def back_again(self) -> None:
        """After the lock: the title and the keyboard as they were."""
        self._title()
        self._focus_page()

    # Building

    def _wire(self) -> None:
        session = self.session
        session.case_wanted.connect(self.open)
        session.case_left.connect(self.close_case)
        session.figure_wanted.connect(self.open_figure)
        session.page_wanted.connect(self.go_to)
        session.toasted.connect(self._toast)
        session.saving.connect(self._saving)
        session.changed.connect(self._changed)
        self.navigate.connect(self._navigate)
        self.open_case.connect(self.open)
        self.back.connect(self.go_back)
        self.new_request.connect(self.start_request)
        self.lock.connect(self.lock_wanted)
        self.person_menu.connect(self._person_menu)
        self.results.opened.connect(self.open)
        self.work.request_wanted.connect(self.start_request)
        self.work.counted.connect(lambda count: self._count("work", count))
        self.work.recent.connect(self._recent_work)
        shortcut = QShortcut(QKeySequence("Ctrl+W"), self)
        shortcut.activated.connect(self.close_case)

    def _made(self) -> list[QWidget]:
        keys = (*PAGES[self._role], "case", "letter")
        return [page for key in keys if (page := self.page(key)) is not None]

    # What happens

    def _navigate(self, key: str) -> None:
        """A page that is not there yet is made in one turn of the window's thread, and shown in the next."""
        if self.page(key) is None:
            self.add_page(key, make_page(key, self.session))
            self._unseen = key
        if key == self._unseen:
            self._next.start()
        else:
            self.go_to(key)

    def _change_page(self, key: str, case_id: int, part: str) -> None:
        self._next.stop()
        left = self.page(self._at[0])
        if left is not None and left is not self.page(key) and (flush := getattr(left, "flush", None)) is not None:
            flush(_nothing)
        first = self.page(key) is None or key == self._unseen or not self._at[0]
        if self.page(key) is None:
            self.add_page(key, make_page(key, self.session))
        self._unseen = ""
        page: Any = self.page(key)
        self._at = (key, case_id)
        self.show_page(key, _UNDER.get(key, key))
        self._title()
        self._focus_page()
        if key == "letter":
            page.open(case_id)
        elif key == "case":
            page.open(case_id, part)
        elif not first:
            page.refresh()

    def _focus_page(self) -> None:
        page = self.stack.currentWidget()
        if page is not None:
            self.setFocusProxy(page)
            page.setFocus(Qt.FocusReason.OtherFocusReason)

    def _opened(self, rows: Sequence[CaseRow]) -> None:
        for row in rows:
            others = [one for one in self._recent if one[0] != row.id]
            self._recent = [(row.id, row.reference), *others][:_RECENT]
        self.show_recent(self._recent)
        self._title()

    def _recent_work(self, cases: Sequence[tuple[int, str]]) -> None:
        known = {case_id for case_id, _reference in self._recent}
        self._recent = [*self._recent, *(one for one in cases if one[0] not in known)][:_RECENT]
        self.show_recent(self._recent)

    def _title(self) -> None:
        reference = dict(self._recent).get(self._at[1], "")
        self.titled.emit(f"{reference} – Tracing Desk" if reference else "Tracing Desk")

    def _free(self) -> QRect:
        """Where a toast may stand: the page, or what it says is free of what is pressed next."""
        free = getattr(self.stack.currentWidget(), "free", None)
        found: QRect = free() if free is not None else self.stack.rect()
        return found

    def _toast(self, words: str) -> None:
        self.toast.say(words)

    def _saving(self, saving: bool) -> None:
        self.show_saved("Saving…" if saving else "All changes saved", "loader" if saving else "circle-check")

    def _changed(self, changed: Changed) -> None:
        if "case" in changed.kinds:
            self._count_queue()
        if changed.kinds & {"case", "hold"}:
            self.reminders.ask()
        if "organisation" in changed.kinds:
            self.session.run(self, organisation, done=self._show_body)

    def _anchor(self) -> None:
        """Anchors the journal once a day while the desk is open, under the lock too."""
        self.session.run(self, anchor_by_itself, done=lambda _nothing: None)

    def _new_day(self) -> None:
        """Shows everything as it stands today; under the lock, once it is gone."""
        self._day_over = not self.isVisible()
        if self._day_over:
            return
        from desktop.casework.casepage import CasePage

        shown = getattr(self.stack.currentWidget(), "page", None)
        cases = {shown.case.row.id} if isinstance(shown, CasePage) else {self._at[1]}
        self.session.changed.emit(Changed(frozenset(cases), frozenset({"case"})))
        if self._role is Role.CASEWORKER and not self.work.isVisible():
            # What reached a point is told on whatever page is shown.
            self.work.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        """After the lock: what changed meanwhile because the day did."""
        super().showEvent(event)
        if self._day_over:
            self._new_day()
        elif self._at[0]:
            self.reminders.ask()

    def _ask_the_rest(self) -> None:
        self.session.run(self, organisation, done=self._show_body)
        self._count_queue()
        self.reminders.ask()
        keys = iter((*PAGES[self._role][1:], *_BESIDE.get(self._role, ())))
        QTimer.singleShot(_FIRST_PAGE, self, partial(self._read_ahead, keys))

    def _read_ahead(self, keys: Iterator[str]) -> None:
        """Gets ready what the other pages are made of, so that the window does not wait for it when one is opened."""
        if key := next(keys, ""):
            then = partial(self._read_ahead, keys)
            self.session.run(self, _left_of_page, key, done=lambda names: import_each(iter(names), self, then))
        else:
            # With the first table of all the binding makes a class of each that may be in one.
            QTableView().deleteLater()

    def _count_queue(self) -> None:
        if queue_states(self._role):
            self.session.run(self, queue_count, done=lambda count: self._count("review", count))

    def _count(self, key: str, count: int) -> None:
        self._counts[key] = count
        self.show_counts(self._counts)

    def _show_body(self, found: Organisation) -> None:
        self.show_organisation(found.name)
        self.show_sample(found.sample)

    def _person_menu(self, button: QWidget) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Light, dark or high contrast", lambda: self.theme_wanted.emit(button))
        menu.addAction("Help\tF1", self.help_wanted.emit)
        menu.addAction("All keys\tCtrl+/", self.keys_wanted.emit)
        menu.addSeparator()
        menu.addAction("Lock\tCtrl+Shift+L", self.lock_wanted.emit)
        menu.addAction("Sign out", self.sign_out_wanted.emit)
        menu.popup(button.mapToGlobal(button.rect().bottomLeft()))


def _nothing() -> None:
    """For a flush that nobody waits for."""


def _left_of_page(_desk: Desk, key: str) -> list[str]:
    return left_of_page(key)
