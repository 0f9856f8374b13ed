"""The one place that wires things together: settings, theme, the store's thread, the window and its pages."""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

from desktop.settings import Settings
from desktop.ui.background import Worker
from desktop.ui.startup import Startup
from desktop.ui.theme import Theme
from desktop.ui.window import DeskWindow

if TYPE_CHECKING:
    from desktop.casework.desk import Desk, Entry
    from desktop.ui.mainwindow import MainWindow
    from desktop.ui.opening import Opened


def run_desk(settings: Settings) -> int:
    """Opens the desk and runs it until it is closed; returns the exit status."""
    os.umask(0o077)
    app = QApplication(sys.argv[:1])
    desk = DeskApp(app, settings)
    desk.start()
    QTimer.singleShot(0, desk, desk.hook_crashes)
    status = app.exec()
    desk.stop()
    return status


def run_tour(out: Path) -> int:
    """Walks the main job through the real windows and leaves a picture of each; returns the exit status."""
    from desktop.ui.tour import run_tour as walk

    status: int = walk(out)
    return status


class DeskApp(QObject):
    """The desk from its first window to its last."""

    def __init__(self, app: QApplication, settings: Settings, *, idle_minutes: float = 10) -> None:
        super().__init__(app)
        self.app = app
        self.settings = settings
        app.setApplicationName("tracing-desk")
        app.setApplicationDisplayName("Tracing Desk")
        kept = settings.window()
        self.theme = Theme(app, kept.theme, kept.text_scale)
        self.worker = Worker()
        self.window = DeskWindow(self.theme, self._closing)
        self.window.restore(kept)
        self.window.add_key("Ctrl+Shift+L", self.lock)
        self.startup = Startup(self.window, self.worker, settings)
        self.entry: Entry | None = None
        self.main: MainWindow | None = None
        self._ahead: MainWindow | None = None
        """The desk of whoever signs in next, made while the password is typed."""
        self._idle_minutes = idle_minutes
        self._password = ""
        self._waiting = ""
        self._stopped = False
        self._connect()

    def start(self) -> None:
        """Shows the window."""
        self.startup.start()
        self.window.show()

    def stop(self) -> None:
        """Remembers how the window was left, and lets go of the store. Twice is once."""
        if self._stopped:
            return
        self._stopped = True
        if self.main is not None:
            self._idle.stop()
        self.window.remember(self.settings)
        if self.entry is not None:
            from desktop.casework.anchors import anchor_by_itself

            self.worker.run(anchor_by_itself, self.entry, failed=_nothing)
            self.worker.run(self.entry.store.close, failed=_nothing)
        self.worker.stop()

    def _connect(self) -> None:
        page = self.startup.sign_in
        self.startup.opened.connect(self._opened)
        self.startup.warm.connect(self._prepare)
        self.startup.reported.connect(self._report)
        page.card.wanted.connect(self._sign_in)
        page.card.help_wanted.connect(self._cannot_sign_in)
        page.theme_wanted.connect(self.window.choose_theme)
        page.help.clicked.connect(self.window.show_help)

    def _opened(self, opened: Opened) -> None:
        self.entry = opened.entry
        if self._waiting:
            username, self._waiting = self._waiting, ""
            self._sign_in(username, self._password)

    def _closing(self) -> bool:
        return self._stopped or (self.startup if self.main is None else self.main).may_leave()

    def hook_crashes(self) -> None:
        """From here on a mistake of ours opens a report instead of a traceback."""
        from desktop.ui.crash import CrashHook

        CrashHook(self._report, self).install()

    def _report(self, error: BaseException) -> None:
        from desktop.ui import dialogs

        if self.main is not None:
            self.main.save_drafts()
        dialogs.report(self.window, error)

    # Signing in and out

    def _sign_in(self, username: str, password: str) -> None:
        from desktop.casework.accounts import sign_in

        self._password = password
        if self.entry is None:
            # Quick fingers: the sign-in follows as soon as the store is open.
            self._waiting = username
            return
        self.worker.run(
            sign_in,
            self.entry,
            username,
            password,
            owner=self.window,
            done=self._signed_in,
            failed=self._not_signed_in,
        )

    def _not_signed_in(self, error: Exception) -> None:
        from desktop.casework.desk import Refused
        from desktop.ui import dialogs
        from desktop.ui.opening import trouble

        card = self.startup.sign_in.card
        self._password = ""
        if isinstance(error, Refused):
            card.refuse(str(error))
            return
        card.set_busy(False)
        if found := trouble(error):
            dialogs.environment_error(self.window, found.what, found.safe, found.todo)
        else:
            self._report(error)

    def _signed_in(self, desk: Desk) -> None:
        self.startup.sign_in.card.welcome()
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

        def changed(new: Desk) -> None:
            self._password = ""
            self._enter(new)
            self.window.forget("password")

        def change(new: str) -> None:
            self.worker.run(
                change_password,
                desk,
                self._password,
                new,
                owner=page,
                done=changed,
                failed=lambda error: page.refuse(str(error)),
            )

        page.chosen.connect(change)
        self.window.show_page("password", page)

    def _cannot_sign_in(self) -> None:
        from desktop.ui import dialogs
        from desktop.ui.kit.button import MAIN, PLAIN

        words = (
            "Ask an administrator of the desk in your organisation: they can give you a new first password, unlock "
            "your account or switch it on. A locked account opens again by itself after 15 minutes. Nobody can read "
            "your password, and nobody outside your organisation can help. Where no administrator can sign in any "
            "more, the guardian and a records officer make a new one, with the recovery sheet."
        )
        dialog = dialogs.Dialog(self.window, "cannot_sign_in", "If you cannot sign in")
        dialog.add_text(words)
        dialog.add_button("Make a new administrator…", PLAIN, dialog.accept, "make_administrator")
        dialog.add_button("Close", MAIN, dialog.reject, "close").setFocus()
        made = dialog.exec() == dialog.DialogCode.Accepted
        if made and self.entry is not None:
            self.startup.show_administrator(self.entry)

    def _clear_away(self) -> None:
        """Lets go of the desk that was left, with every list that it had, and makes the next."""
        gc.collect()
        self._prepare()

    def _prepare(self) -> None:
        from desktop.ui.mainwindow import MainWindow

        # What has been imported stays: to look through it for garbage again and again would hold the window up for a
        # tenth of a second each time.
        gc.freeze()
        if self._ahead is None and self.main is None:
            self._ahead = MainWindow()
            QTimer.singleShot(0, self, self._draw_ahead)

    def _draw_ahead(self) -> None:
        if self._ahead is not None:
            self.window.prepare_page(self._ahead)

    def _enter(self, desk: Desk) -> None:
        from desktop.ui.lock import IdleWatch
        from desktop.ui.mainwindow import MainWindow
        from desktop.ui.session import Session

        self.session = Session(desk, self.theme, self.worker, self)
        self.main, self._ahead = self._ahead or MainWindow(), None
        self.session.replaced.connect(lambda: self._leave(replaced=True))
        self.main.begin(self.session)
        self.main.lock_wanted.connect(self.lock)
        self.main.sign_out_wanted.connect(self.sign_out)
        self.main.theme_wanted.connect(self.window.choose_theme)
        self.main.help_wanted.connect(self.window.show_help)
        self.main.keys_wanted.connect(self.window.show_keys)
        self.main.titled.connect(self.window.setWindowTitle)
        self.window.show_page("main", self.main)
        self._idle = IdleWatch(self.app, self._idle_minutes, self)
        self._idle.idle.connect(self.lock)
        self._idle.start()

    def sign_out(self) -> None:
        """Leaves the desk, once what was typed is saved or given up, for the next person to sign in."""
        if self.main is not None and self.main.may_leave():
            self._leave()

    def _leave(self, *, replaced: bool = False) -> None:
        """`replaced`: another store is in the store's place, and nothing that was open here is written into it."""
        if self.main is None:
            return
        from desktop.casework.accounts import sign_out

        if not replaced:
            self.main.save_drafts()
            self.worker.run(sign_out, self.session.desk, failed=_nothing)
        self._idle.stop()
        self._idle.deleteLater()
        self.worker.drain()
        self.main = None
        self.startup.show_sign_in()
        self.window.forget("lock", "main")
        self.session.deleteLater()
        QTimer.singleShot(0, self, self._clear_away)

    # The lock

    @property
    def locked(self) -> bool:
        """Whether the lock covers the desk."""
        return self.window.page("lock") is not None

    def lock(self) -> None:
        """Covers the desk until its person has typed the password."""
        from desktop.casework.accounts import lock
        from desktop.ui.lock import LockPage, close_dialogs

        if self.main is None or self.locked:
            return
        self.main.save_drafts()
        self.worker.run(lock, self.session.desk, failed=_nothing)
        close_dialogs(self.app, self.window)
        page = LockPage()
        page.entered.connect(self._unlock)
        page.left.connect(self.sign_out)
        self._idle.stop()
        self.window.setWindowTitle("Tracing Desk")
        self.window.show_page("lock", page)

    def _unlock(self, password: str) -> None:
        from desktop.casework.accounts import unlock

        self.worker.run(
            unlock,
            self.session.desk,
            password,
            owner=self.window,
            done=self._unlocked,
            failed=lambda error: self.session.show_error(self.window, error),
        )

    def _unlocked(self, right: bool) -> None:
        from desktop.ui.lock import LockPage

        page = self.window.page("lock")
        if not isinstance(page, LockPage) or self.main is None:
            return
        if right:
            self.window.show_page("main", self.main)
            self.window.forget("lock")
            self.main.back_again()
            self._idle.start()
        elif not page.wrong():
            # Whoever has guessed so often is not asked anything.
            self._leave()


def _nothing(_error: Exception) -> None:
    """The store could not be written to as the desk was locked, left or closed: what was committed is safe."""
