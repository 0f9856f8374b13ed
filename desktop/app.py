"""The one place that wires things together: settings, theme, the store's thread, the window and its pages."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QByteArray, QObject, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QMainWindow, QMenu, QStackedWidget, QWidget

from desktop.settings import TEXT_SCALES, Settings, UnsafeFolder, WindowSettings
from desktop.ui.background import Worker
from desktop.ui.kit.focus import FocusRing
from desktop.ui.signin import SignInPage
from desktop.ui.theme import Theme

if TYPE_CHECKING:
    from desktop.casework.desk import Desk, Entry
    from desktop.ui.gate import GatePage, NewPasswordPage, PassphrasePage, ProblemPage, RecoveryPage
    from desktop.ui.lock import LockPage
    from desktop.ui.mainwindow import MainWindow
    from desktop.ui.opening import Opened

STORE_FILE, SAMPLE_FILE = "desk.db", "store.sample"
"""As db.store and desktop.casework.setup have them; a test holds them equal. Importing those first would delay the
sign-in window by half its time."""


def run_desk(settings: Settings) -> int:
    """Opens the desk and runs it until it is closed; returns the exit status."""
    os.umask(0o077)
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    desk = DeskApp(app, settings)
    desk.start()
    status = app.exec()
    desk.stop()
    return status


def run_tour(out: Path) -> int:
    """Walks the main job through the real windows and leaves a picture of each; returns the exit status."""
    from desktop.ui.tour import run_tour as walk

    return walk(out)


class DeskWindow(QMainWindow):
    """The one window. Its pages follow one another: set-up or sign-in, the desk, the lock."""

    def __init__(self, closing: Callable[[], bool]) -> None:
        super().__init__()
        self._closing = closing
        self.setObjectName("desk_window")
        self.setWindowTitle("Tracing Desk")
        self.stack = QStackedWidget()
        self.setCentralWidget(self.stack)
        self.ring = FocusRing(self)
        self.resize(1366, 768)

    def show_page(self, page: QWidget) -> None:
        """Brings a page to the front, with the keyboard where it starts."""
        if self.stack.indexOf(page) < 0:
            self.stack.addWidget(page)
        self.stack.setCurrentWidget(page)
        page.setFocus(Qt.FocusReason.OtherFocusReason)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Waits until everything typed is in the store."""
        if self._closing():
            super().closeEvent(event)
        else:
            event.ignore()


class DeskApp(QObject):
    """The desk from its first window to its last."""

    def __init__(self, app: QApplication, settings: Settings, *, idle_minutes: float = 10) -> None:
        super().__init__(app)
        self.app = app
        self.settings = settings
        kept = settings.window()
        app.setApplicationName("tracing-desk")
        app.setApplicationDisplayName("Tracing Desk")
        self.theme = Theme(app, kept.theme, kept.text_scale)
        self.worker = Worker()
        self.window = DeskWindow(self._closing)
        if kept.geometry:
            self.window.restoreGeometry(QByteArray.fromBase64(kept.geometry.encode()))
        self.entry: Entry | None = None
        self.main: MainWindow | None = None
        self.sign_in_page: SignInPage | None = None
        self._idle_minutes = idle_minutes
        self._pages: dict[str, QWidget] = {}
        self._password = ""
        self._keys()

    # The start

    def start(self) -> None:
        """Shows the first page; the store is opened while it paints."""
        try:
            folder = self.settings.folder()
        except UnsafeFolder as error:
            self._show_problem(error.what, error.safe, error.todo, recovery=False)
        else:
            if (folder / STORE_FILE).exists():
                self._show_sign_in(sample=(folder / SAMPLE_FILE).exists())
                self._after_painting(self._open)
            else:
                self._show_setup(folder)
        self.window.show()
        self._after_painting(self._hook_crashes)

    def stop(self) -> None:
        """Lets go of the store and remembers how the window was left."""
        geometry = bytes(self.window.saveGeometry().toBase64().data()).decode()
        kept = WindowSettings(geometry, self.theme.scheme, self.theme.text_scale)
        try:
            self.settings.save_window(kept)
        except (OSError, UnsafeFolder):
            pass  # A window that opens at its first place again is no reason to keep anyone from closing it.
        if self.entry is not None:
            self.worker.run(self.entry.store.close, owner=self.window, done=_nothing, failed=_nothing)
        self.worker.stop()

    def _after_painting(self, then: Callable[[], None]) -> None:
        """Calls it once what is on its way to the screen is there."""
        QTimer.singleShot(0, self, then)

    def _hook_crashes(self) -> None:
        from desktop.ui.crash import CrashHook

        self._crash = CrashHook(self._report, self)
        self._crash.install()

    def _report(self, error: BaseException) -> None:
        from desktop.ui import dialogs

        if self.main is not None:
            self.main.save_drafts()
        dialogs.report(self.window, error)

    def _keys(self) -> None:
        for keys, then in (
            ("Ctrl++", lambda: self.scale_text(1)),
            ("Ctrl+=", lambda: self.scale_text(1)),
            ("Ctrl+-", lambda: self.scale_text(-1)),
            ("Ctrl+0", lambda: self.scale_text(0)),
            ("Ctrl+/", self.show_keys),
            ("F1", self.show_keys),
            ("Ctrl+Q", self.window.close),
            ("Ctrl+Shift+L", self.lock),
        ):
            shortcut = QShortcut(QKeySequence(keys), self.window)
            shortcut.setContext(Qt.ShortcutContext.ApplicationShortcut)
            shortcut.activated.connect(then)

    # Opening the store

    def _open(self, passphrase: str = "", code: str = "") -> None:
        from desktop.ui.opening import open_desk

        folder = self.settings.path()
        self.worker.run(
            open_desk, folder, passphrase, code, owner=self.window, done=self._opened, failed=self._not_opened
        )

    def _opened(self, opened: Opened) -> None:
        self.entry = opened.entry
        page = self._show_sign_in(sample=bool(opened.people))
        page.show_store(opened.organisation, opened.people, opened.password)
        self._forget("passphrase", "recovery", "problem", "setup")

    def _not_opened(self, error: Exception) -> None:
        from desktop.ui.opening import trouble

        found = trouble(error)
        if found is None:
            self._report(error)
            found = trouble_of_ours()
        asking = self._pages.get("recovery") or self._pages.get("passphrase")
        if found.kind == "wrong" and asking is not None:
            getattr(asking, "refuse")(f"{found.what} {found.todo}")
        elif found.kind in ("passphrase", "wrong"):
            self._show_passphrase()
        else:
            self._forget("passphrase", "recovery")
            self._show_problem(found.what, found.safe, found.todo, recovery=found.kind == "key")

    def _show_passphrase(self) -> None:
        from desktop.ui.gate import PassphrasePage

        page: PassphrasePage = self._page("passphrase", PassphrasePage)
        page.entered.connect(self._open, Qt.ConnectionType.UniqueConnection)
        page.recovery_wanted.connect(self._show_recovery, Qt.ConnectionType.UniqueConnection)
        self.window.show_page(page)

    def _show_recovery(self) -> None:
        from desktop.ui.gate import RecoveryPage

        page: RecoveryPage = self._page("recovery", RecoveryPage)
        page.entered.connect(lambda code: self._open(code=code))
        page.left.connect(self._leave_recovery)
        self.window.show_page(page)

    def _leave_recovery(self) -> None:
        self._forget("recovery")
        self._open()

    def _show_problem(self, what: str, safe: str, todo: str, *, recovery: bool) -> None:
        from desktop.ui.gate import ProblemPage

        new = "problem" not in self._pages
        page: ProblemPage = self._page("problem", ProblemPage)
        if new:
            page.retried.connect(self._retry)
            page.quit_wanted.connect(self.window.close)
            page.recovery_wanted.connect(self._show_recovery)
        page.show_problem(what, safe, todo, recovery)
        self.window.show_page(page)

    def _retry(self) -> None:
        self._forget("problem")
        self.start()

    def _show_setup(self, folder: Path) -> None:
        from desktop.ui.setup.wizard import SetupPage

        page = SetupPage(folder, self.worker)
        self._pages["setup"] = page
        page.finished.connect(self._set_up)
        self.window.show_page(page)

    def _set_up(self, entry: Entry) -> None:
        from desktop.ui.opening import seen

        self.worker.run(seen, entry, owner=self.window, done=self._opened, failed=self._not_opened)

    # Signing in and out

    def _show_sign_in(self, *, sample: bool) -> SignInPage:
        if self.sign_in_page is None:
            self.sign_in_page = page = SignInPage(sample)
            page.card.wanted.connect(self._sign_in)
            page.card.help_wanted.connect(self._cannot_sign_in)
            page.theme_wanted.connect(self.choose_theme)
            page.help.clicked.connect(self.show_keys)
        self.window.setWindowTitle("Tracing Desk")
        self.window.show_page(self.sign_in_page)
        return self.sign_in_page

    def _sign_in(self, username: str, password: str) -> None:
        self._password = password
        # The store's thread does one thing after another: typed before the store is open, this waits for it.
        self.worker.run(
            self._sign_in_now, username, password, owner=self.window, done=self._signed_in, failed=self._not_signed_in
        )

    def _sign_in_now(self, username: str, password: str) -> Desk:
        from desktop.casework.accounts import sign_in
        from desktop.casework.desk import Refused

        if self.entry is None:
            raise Refused("The store is not open yet. Try again in a moment.")
        return sign_in(self.entry, username, password)

    def _not_signed_in(self, error: Exception) -> None:
        from desktop.casework.desk import Refused
        from desktop.ui import dialogs
        from desktop.ui.opening import trouble

        assert self.sign_in_page is not None
        if isinstance(error, Refused):
            self.sign_in_page.card.refuse(str(error))
            return
        self.sign_in_page.card.set_busy(False)
        if found := trouble(error):
            dialogs.environment_error(self.window, found.what, found.safe, found.todo)
        else:
            self._report(error)

    def _signed_in(self, desk: Desk) -> None:
        assert self.sign_in_page is not None
        self.sign_in_page.card.welcome()
        if desk.user.must_change_password:
            self._choose_password(desk)
        else:
            self._password = ""
            self._enter(desk)

    def _choose_password(self, desk: Desk) -> None:
        from desktop.casework.accounts import change_password
        from desktop.ui.gate import NewPasswordPage
        from desktop.ui.setup.steps import password_rule

        page = NewPasswordPage(password_rule())
        self._pages["password"] = page

        def refused(error: Exception) -> None:
            page.refuse(str(error))

        def changed(new: Desk) -> None:
            self._password = ""
            self._enter(new)
            self._forget("password")

        page.chosen.connect(
            lambda new: self.worker.run(
                change_password, desk, self._password, new, owner=page, done=changed, failed=refused
            )
        )
        self.window.show_page(page)

    def _cannot_sign_in(self) -> None:
        from desktop.ui import dialogs

        dialogs.inform(
            self.window,
            "If you cannot sign in",
            "Ask an administrator of the desk in your organisation: they can give you a new first password, unlock your "
            "account or switch it on. A locked account opens again by itself after 15 minutes. Nobody can read your "
            "password, and nobody outside your organisation can help.",
        )

    def _enter(self, desk: Desk) -> None:
        from desktop.ui.lock import IdleWatch
        from desktop.ui.mainwindow import MainWindow
        from desktop.ui.session import Session

        self.session = Session(desk, self.theme, self.worker, self)
        self.main = MainWindow(self.session)
        self.main.lock_wanted.connect(self.lock)
        self.main.sign_out_wanted.connect(self.sign_out)
        self.main.theme_wanted.connect(self.choose_theme)
        self.main.help_wanted.connect(self.show_keys)
        self.main.titled.connect(self.window.setWindowTitle)
        self.window.show_page(self.main)
        self._idle = IdleWatch(self.app, self._idle_minutes)
        self._idle.idle.connect(self.lock)
        self._idle.start()

    def sign_out(self) -> None:
        """Leaves the desk, once what was typed is saved, for the next person to sign in."""
        if self.main is None:
            return
        self.main.save_drafts()
        self._idle.stop()
        self.worker.drain()
        leaving, self.main = self.main, None
        self.window.stack.removeWidget(leaving)
        leaving.deleteLater()
        self.session.deleteLater()
        self._forget("lock")
        self._show_sign_in(sample=False)

    # The lock

    @property
    def locked(self) -> bool:
        """Whether the lock covers the desk."""
        return "lock" in self._pages

    def lock(self) -> None:
        """Covers the desk until its person has typed the password."""
        from desktop.ui.lock import LockPage, close_dialogs

        if self.main is None or self.locked:
            return
        self.main.save_drafts()
        close_dialogs(self.app, self.window)
        page = LockPage()
        self._pages["lock"] = page
        page.entered.connect(self._unlock)
        page.left.connect(self.sign_out)
        self._idle.stop()
        self.window.setWindowTitle("Tracing Desk")
        self.window.show_page(page)

    def _unlock(self, password: str) -> None:
        from desktop.casework.accounts import verify_password

        self.worker.run(
            verify_password,
            self.session.desk,
            password,
            owner=self.window,
            done=self._unlocked,
            failed=lambda error: self.session.show_error(self.window, error),
        )

    def _unlocked(self, right: bool) -> None:
        from desktop.ui.lock import LockPage

        page = self._pages.get("lock")
        if not isinstance(page, LockPage) or self.main is None:
            return
        if right:
            self._forget("lock")
            self.window.show_page(self.main)
            self.main.back_again()
            self._idle.start()
        elif not page.wrong():
            self.sign_out()

    # What every page shares

    def choose_theme(self, button: QWidget) -> None:
        """Opens the choice of light, dark or high contrast under a button."""
        menu = QMenu(self.window)
        for scheme, words in _SCHEMES:
            action = menu.addAction(words, lambda scheme=scheme: self.theme.set_scheme(scheme))
            action.setCheckable(True)
            action.setChecked(scheme == self.theme.scheme)
        menu.addSeparator()
        menu.addAction("Larger text\tCtrl++", lambda: self.scale_text(1))
        menu.addAction("Smaller text\tCtrl+-", lambda: self.scale_text(-1))
        menu.popup(button.mapToGlobal(button.rect().topLeft()))

    def scale_text(self, step: int) -> None:
        """The next larger (1), smaller (-1) or the ordinary (0) size of text."""
        if not step:
            self.theme.set_text_scale(100)
            return
        sizes = [size for size in TEXT_SCALES if (size - self.theme.text_scale) * step > 0]
        if sizes:
            self.theme.set_text_scale(min(sizes) if step > 0 else max(sizes))

    def show_keys(self) -> None:
        """Opens the list of all keys."""
        from desktop.ui.keys import KeysDialog

        KeysDialog(self.window).exec()

    def _closing(self) -> bool:
        if self.main is not None:
            self.main.save_drafts()
        self.worker.drain()
        return True

    def _page(self, key: str, kind: Callable[[], Any]) -> Any:
        if key not in self._pages:
            self._pages[key] = kind()
        return self._pages[key]

    def _forget(self, *keys: str) -> None:
        """Takes pages out that have done their work; what was typed into them goes with them."""
        for key in keys:
            page = self._pages.pop(key, None)
            if page is not None:
                self.window.stack.removeWidget(page)
                page.deleteLater()


_SCHEMES = (
    ("system", "As the system has it"),
    ("light", "Light"),
    ("dark", "Dark"),
    ("high_contrast", "High contrast"),
)


def _nothing(_result: object) -> None:
    """For work that nobody waits for."""
