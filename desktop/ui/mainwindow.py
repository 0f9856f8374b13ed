"""The signed-in desk: top bar, navigation, and the pages of one's role."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, cast

from PySide6.QtCore import QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QPainter, QPaintEvent, QPen, QResizeEvent, QShortcut
from PySide6.QtWidgets import QApplication, QHBoxLayout, QMenu, QStackedWidget, QVBoxLayout, QWidget

from db.records import Changed, Organisation, Role
from desktop.casework.accounts import organisation
from desktop.casework.register import register_rows
from desktop.casework.work import queue_count, queue_states
from desktop.ui import dialogs
from desktop.ui.kit.base import name_widget
from desktop.ui.kit.card import Ground
from desktop.ui.kit.notices import Toast
from desktop.ui.navigation import NARROW_RAIL, RAIL, Navigation, Place
from desktop.ui.search import SearchPopup
from desktop.ui.session import Session
from desktop.ui.theme import current_theme
from desktop.ui.topbar import TopBar

WORK = Place("work", "My work", "clipboard-list", 1)
REVIEW = Place("review", "Review queue", "scale", 2)
REGISTER = Place("register", "Register", "library", 3)
RETENTION = Place("retention", "Retention", "hourglass", 4)
ADMIN = Place("admin", "Administration", "settings-2", 6)
JOURNAL = Place("admin", "Journal", "scroll-text", 6)

PLACES: dict[Role, tuple[Place, ...]] = {
    Role.CASEWORKER: (WORK, REGISTER),
    Role.REVIEWER: (REVIEW, REGISTER),
    Role.GUARDIAN: (REVIEW, REGISTER, RETENTION),
    Role.RECORDS_OFFICER: (RETENTION, REGISTER),
    Role.ADMINISTRATOR: (ADMIN, RETENTION),
    Role.AUDITOR: (REGISTER, JOURNAL),
}
"""The pages of each role; the first one is shown after signing in."""

_RAILED = frozenset({"case", "letter", "review", "register", "retention"})
_NO_SEARCH = frozenset({Role.ADMINISTRATOR, Role.AUDITOR})
_RECENT = 5


class Page(Protocol):
    """What the window needs of a page. The rest is looked for and may be missing: panes(), flush(), unsaved."""

    def refresh(self) -> None:
        """Loads anew."""


class _PageFrame(QWidget):
    """The ground of the pages: a line above and at the left, and a round corner between them."""

    def __init__(self) -> None:
        super().__init__()
        self.stack = QStackedWidget()
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 0, 0)
        column.addWidget(self.stack)
        self._corner = _Corner(self)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws the two lines."""
        painter = QPainter(self)
        line = current_theme().colour("line")
        painter.fillRect(0, 0, self.width(), 1, line)
        painter.fillRect(0, 0, 1, self.height(), line)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keeps the corner on top."""
        super().resizeEvent(event)
        self._corner.raise_()


class _Corner(QWidget):
    """The round corner at the top left, over whichever page is shown."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = current_theme()
        side = self._theme.px(8)
        self.setGeometry(0, 0, side, side)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side = self.width()
        painter.fillRect(self.rect(), self._theme.colour("chrome"))
        painter.setPen(QPen(self._theme.colour("line"), 1))
        painter.setBrush(self._theme.colour("canvas"))
        painter.drawRoundedRect(QRectF(0.5, 0.5, side * 4, side * 4), side, side)


class MainWindow(Ground):
    """The desk of one person, from signing in to signing out."""

    lock_wanted = Signal()
    sign_out_wanted = Signal()
    theme_wanted = Signal(QWidget)
    help_wanted = Signal()
    titled = Signal(str)
    """The title of the window: the desk's name, and at most a reference."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__("chrome", parent=parent)
        self.session = session
        self._theme = current_theme()
        user = session.desk.user
        self._role = user.role
        name_widget(self, "main_window", "Tracing Desk")
        self.top = TopBar(user)
        self.navigation = Navigation(PLACES[user.role])
        self._frame = _PageFrame()
        self.toast = Toast(self._frame)
        self.pages: dict[str, QWidget] = {}
        self._at: tuple[str, int] = ("", 0)
        self._back: list[tuple[str, int]] = []
        self._recent: list[tuple[int, str]] = []
        self._wide_wanted: bool | None = None
        self._build()
        self.search = SearchPopup(session, self.top.search, self)
        self._connect()
        self._keys()
        self.go_to(PLACES[user.role][0].key)
        # What the first page does not need is asked after it, so that it is not kept waiting.
        QTimer.singleShot(0, self, self._ask_the_rest)

    # What others call

    def go_to(self, key: str, case_id: int = 0, part: str = "") -> None:
        """Shows a page by its key; "case" and "letter" with a case's id."""
        if (key, case_id) != self._at and self._at[0]:
            self._back.append(self._at)
            del self._back[:-50]
        self._leave()
        self._show(key, case_id, part)

    def page(self) -> QWidget:
        """The page that is shown."""
        return self._frame.stack.currentWidget()

    def open_case(self, case_id: int, part: str = "") -> None:
        """Opens a case, or with the part "letter" its letter."""
        self.go_to("letter" if part == "letter" else "case", case_id, part)
        self.session.run(self, register_rows, [case_id], done=self._opened)

    def new_request(self, agreement_id: str = "") -> None:
        """Asks which agreement a new request comes under, registers it and opens it."""
        if self._role is not Role.CASEWORKER:
            return
        from desktop.ui.case.new import NewRequest

        dialog = NewRequest(self.session, self)
        choose = getattr(dialog, "choose", None)
        if agreement_id and choose is not None:
            choose(agreement_id)
        dialog.created.connect(self.open_case)
        dialog.exec()
        dialog.deleteLater()

    def go_back(self) -> None:
        """Goes to the page that was shown before."""
        if self._back:
            key, case_id = self._back.pop()
            self._leave()
            self._show(key, case_id, "")

    def close_case(self) -> None:
        """Leaves a case for the list that it was opened from."""
        if self._at[0] in ("case", "letter"):
            while self._back and self._back[-1][0] in ("case", "letter"):
                self._back.pop()
            if self._back:
                self.go_back()
            else:
                self.go_to(PLACES[self._role][0].key)

    def save_drafts(self) -> None:
        """Sends to the store whatever is typed and not yet on its way."""
        for page in self.pages.values():
            flush = getattr(page, "flush", None)
            if flush is not None:
                flush(_nothing)

    @property
    def unsaved(self) -> bool:
        """Whether leaving would lose something typed."""
        return any(bool(getattr(page, "unsaved", False)) for page in self.pages.values())

    def may_leave(self) -> bool:
        """Whether the desk may be left: asks where that would lose something typed."""
        return not self.unsaved or dialogs.confirm(
            self,
            "Something you typed is not saved",
            "It will be lost if you leave now.",
            "Leave without saving",
            destructive=True,
        )

    def back_again(self) -> None:
        """After the lock: the title and the keyboard as they were."""
        self._title()
        self.page().setFocus(Qt.FocusReason.OtherFocusReason)

    # Building

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.top)
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(self.navigation)
        row.addWidget(self._frame, 1)
        column.addLayout(row, 1)
        if self._role in _NO_SEARCH:
            self.top.search.setEnabled(False)
            self.top.search.setPlaceholderText("Your role does not search for people")

    def _connect(self) -> None:
        session = self.session
        session.case_wanted.connect(self.open_case)
        session.page_wanted.connect(self.go_to)
        session.toasted.connect(lambda words: self.toast.say(words))
        session.saving.connect(self.navigation.set_saving)
        session.changed.connect(self._changed)
        self.navigation.wanted.connect(self.go_to)
        self.navigation.case_wanted.connect(self.open_case)
        self.search.opened.connect(self.open_case)
        self.top.lock_wanted.connect(self.lock_wanted)
        self.top.person_wanted.connect(self._person_menu)
        self._theme.changed.connect(self._arrange)

    def _keys(self) -> None:
        for place in PLACES[self._role]:
            self._key(f"Ctrl+{place.number}", lambda key=place.key: self.go_to(key))
        self._key("Ctrl+K", self._search)
        self._key("Ctrl+N", self.new_request)
        self._key("Ctrl+B", self._toggle_navigation)
        self._key("Alt+Left", self.go_back)
        self._key("Ctrl+W", self.close_case)
        self._key("F6", lambda: self._next_pane(1))
        self._key("Shift+F6", lambda: self._next_pane(-1))

    def _key(self, keys: str, then: Callable[[], Any]) -> None:
        shortcut = QShortcut(QKeySequence(keys), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(then)

    def _make(self, key: str) -> QWidget:
        """Makes a page when it is first wanted: what is not looked at is not imported."""
        session = self.session
        if key == "work":
            from desktop.ui.mywork import MyWorkPage

            work = MyWorkPage(session)
            work.request_wanted.connect(self.new_request)
            work.counted.connect(self.navigation.items["work"].set_count)
            work.recent.connect(self._recent_work)
            return work
        if key == "review":
            from desktop.ui.review.view import ReviewView

            return cast(QWidget, ReviewView(session))
        if key == "register":
            from desktop.ui.register import RegisterView

            return cast(QWidget, RegisterView(session))
        if key == "retention":
            from desktop.ui.retention import RetentionView

            return cast(QWidget, RetentionView(session))
        if key == "admin":
            from desktop.ui.admin.view import AdminPage

            return AdminPage(session)
        if key == "case":
            from desktop.ui.case.view import CaseView

            return cast(QWidget, CaseView(session))
        from desktop.ui.letter.view import LetterView

        return cast(QWidget, LetterView(session))

    # What happens

    def _show(self, key: str, case_id: int, part: str) -> None:
        first = key not in self.pages
        if first:
            self.pages[key] = self._make(key)
            self._frame.stack.addWidget(self.pages[key])
        page = self.pages[key]
        self._at = (key, case_id)
        self._frame.stack.setCurrentWidget(page)
        self.navigation.set_current(key)
        self._arrange()
        self._title()
        page.setFocus(Qt.FocusReason.OtherFocusReason)
        if key == "letter":
            page.open(case_id)  # type: ignore[attr-defined]
        elif key == "case":
            page.open(case_id, part)  # type: ignore[attr-defined]
        elif not first and key != "work":
            cast(Page, page).refresh()

    def _leave(self) -> None:
        """What was typed on the page that is left goes to the store at once."""
        page = self.pages.get(self._at[0])
        flush = getattr(page, "flush", None)
        if flush is not None:
            flush(_nothing)

    def _opened(self, rows: tuple[Any, ...]) -> None:
        for row in rows:
            self._recent = [(row.id, row.reference), *(one for one in self._recent if one[0] != row.id)][:_RECENT]
        self.navigation.show_recent(self._recent)
        self._title()

    def _recent_work(self, cases: tuple[tuple[int, str], ...]) -> None:
        known = {case_id for case_id, _reference in self._recent}
        self._recent = [*self._recent, *(one for one in cases if one[0] not in known)][:_RECENT]
        self.navigation.show_recent(self._recent)

    def _title(self) -> None:
        reference = dict(self._recent).get(self._at[1], "")
        self.titled.emit(f"{reference} – Tracing Desk" if reference else "Tracing Desk")

    def _changed(self, changed: Changed) -> None:
        if "case" in changed.kinds:
            self._count()
        if "organisation" in changed.kinds:
            self.session.run(self, organisation, done=self._show_organisation)

    def _ask_the_rest(self) -> None:
        self.session.run(self, organisation, done=self._show_organisation)
        self._count()

    def _count(self) -> None:
        item = self.navigation.items.get("review")
        if item is not None and queue_states(self._role):
            self.session.run(self, queue_count, done=item.set_count)

    def _show_organisation(self, found: Organisation) -> None:
        self.navigation.organisation.setText(found.name)
        self.top.set_sample(found.sample)

    def _search(self) -> None:
        if self.top.search.isEnabled():
            self.top.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.top.search.selectAll()

    def _person_menu(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        person = self.top.person
        menu.addAction("Light, dark or high contrast", lambda: self.theme_wanted.emit(person))
        menu.addAction("All keys\tCtrl+/", self.help_wanted.emit)
        menu.addSeparator()
        menu.addAction("Lock\tCtrl+Shift+L", self.lock_wanted.emit)
        menu.addAction("Sign out", self.sign_out_wanted.emit)
        menu.popup(person.mapToGlobal(person.rect().bottomLeft()))

    def _next_pane(self, step: int) -> None:
        """Puts the keyboard into the next pane: search, navigation, then those of the page."""
        panes: list[QWidget] = [self.top.search] if self.top.search.isEnabled() else []
        current = self.navigation.items.get(self._at[0]) or next(iter(self.navigation.items.values()))
        panes.append(current)
        find = getattr(self.page(), "panes", None)
        own: list[QWidget] = [one for one in (find() if find else [self.page()]) if one.isVisible()]
        panes += own
        focused = QApplication.focusWidget()
        at = next((at for at, pane in enumerate(panes) if focused and (pane is focused or pane.isAncestorOf(focused))), -1)
        if at < 0 and focused is not None and self.navigation.isAncestorOf(focused):
            at = panes.index(current)
        for turn in range(1, len(panes) + 1):
            pane = panes[(at + step * turn) % len(panes)]
            if _focus_in(pane):
                return

    def _toggle_navigation(self) -> None:
        self._wide_wanted = not (self._wide_wanted if self._wide_wanted is not None else self._wide())
        self._arrange()

    def _effective(self) -> float:
        return self.width() * 100 / self._theme.text_scale

    def _wide(self) -> bool:
        """Whether the navigation is wide by itself."""
        effective = self._effective()
        return effective >= 1600 or (effective >= 1024 and self._at[0] not in _RAILED)

    def _arrange(self) -> None:
        narrow = self._effective() < 1024
        wide = self._wide() if self._wide_wanted is None else self._wide_wanted and not narrow
        self.navigation.set_rail(0 if wide else NARROW_RAIL if narrow else RAIL)
        self.top.set_narrow(narrow)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Chooses the wide navigation or the rail."""
        super().resizeEvent(event)
        self._arrange()


def _focus_in(pane: QWidget) -> bool:
    """Puts the keyboard into a pane, or its first control; False where nothing in it takes it."""
    if pane.focusPolicy() != Qt.FocusPolicy.NoFocus or pane.focusProxy() is not None:
        pane.setFocus(Qt.FocusReason.TabFocusReason)
        return True
    for child in pane.findChildren(QWidget):
        if child.focusPolicy() & Qt.FocusPolicy.TabFocus and child.isVisible() and child.isEnabled():
            child.setFocus(Qt.FocusReason.TabFocusReason)
            return True
    return False


def _nothing() -> None:
    """For a flush that nobody waits for."""
