"""From the first window to an open store: sign-in, passphrase, recovery sheet, set-up, or what stands in the way."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.settings import Settings, UnsafeFolder
from desktop.ui.ahead import import_each, left_to_import
from desktop.ui.background import Worker
from desktop.ui.signin import SignInPage
from desktop.ui.window import DeskWindow

if TYPE_CHECKING:
    from desktop.casework.desk import Entry
    from desktop.ui.opening import Opened
    from desktop.ui.recovering import AdministratorPage, RestorePage

STORE_FILE, SAMPLE_FILE, SWAP_MARK = "desk.db", "store.sample", "store.swap"
"""As db.store, desktop.casework.setup and db.swapping have them; a test holds them equal. To import those first would
delay the sign-in window by half its time."""


class Startup(QObject):
    """Opens the store behind the sign-in window. `opened` carries the Opened, `reported` a mistake of ours; `warm`
    fires when what the desk's first page needs has been imported.
    """

    opened = Signal(object)
    warm = Signal()
    reported = Signal(object)

    def __init__(self, window: DeskWindow, worker: Worker, settings: Settings) -> None:
        super().__init__(window)
        self._window, self._worker, self._settings = window, worker, settings
        self.sign_in = SignInPage()

    def may_leave(self) -> bool:
        """Whether the window may close: a set-up asks first where its recovery sheet would be lost."""
        page = self._window.page("setup")
        return page is None or bool(page.may_leave())  # type: ignore[attr-defined]

    def start(self) -> None:
        """Shows the first page; the store is opened while it paints."""
        try:
            folder = self._settings.folder()
        except UnsafeFolder as error:
            self._show_problem(error.what, error.safe, error.todo, recovery=False)
            return
        # A change of the file that was cut short is finished as the store is opened.
        if not (folder / STORE_FILE).exists() and not (folder / SWAP_MARK).exists():
            self._begin(folder)
            return
        if (folder / SAMPLE_FILE).exists():
            self.sign_in.expect_people()
        self.show_sign_in()
        self._open()

    def _begin(self, folder: Path) -> None:
        """Sets a store up; never where the key of another one is left, whose file may come back."""
        from desktop.casework.setup import has_store

        if has_store(folder):
            self._show_problem(
                f"The folder {folder} holds the key of a store, but not its file {STORE_FILE}.",
                "Nothing was changed, and no new store was made over it.",
                "Put the file back, or restore it from the last backup, then try again. For a new store, choose an "
                "empty folder with --data-dir.",
                recovery=False,
                backup=True,
            )
        else:
            self._show_setup()

    def show_sign_in(self) -> None:
        """Brings the sign-in to the front."""
        self._window.setWindowTitle("Tracing Desk")
        self._window.show_page("sign_in", self.sign_in)

    def _open(self, passphrase: str = "", code: str = "") -> None:
        folder = self._settings.path()
        self._worker.run(
            _open_desk, folder, passphrase, code, owner=self._window, done=self._opened, failed=self._not_opened
        )

    def _opened(self, opened: Opened) -> None:
        self.sign_in.show_store(opened.organisation, opened.people, opened.password)
        if self._window.stack.currentWidget() is not self.sign_in:
            self.show_sign_in()
        self._window.forget("passphrase", "recovery", "problem", "setup", "restore")
        if settled := opened.entry.store.settled:
            QTimer.singleShot(0, self, lambda: self._say_settled(settled))
        if opened.restored:
            from desktop.ui import dialogs

            dialogs.inform(self._window, "The backup was restored", f"{opened.restored} Sign in.")
        if opened.note:
            from desktop.ui import dialogs

            words = f"{opened.note} Everything before is safe. Look at what was done last, and tell your administrator."
            dialogs.inform(self._window, "Some of what was done last is lost", words)
        self.opened.emit(opened)
        warm = partial(import_each, owner=self, then=self._warm)
        self._worker.run(_warm_up, opened.entry, owner=self._window, done=lambda names: warm(iter(names)))

    def _warm(self) -> None:
        """What all have first is there; then comes what the others than caseworkers have."""
        self.warm.emit()
        each = partial(import_each, owner=self, then=lambda: None)
        self._worker.run(_first_pages, owner=self._window, done=lambda names: each(iter(names)))

    def _say_settled(self, words: str) -> None:
        """What a crash had cut short is said, whichever way it went."""
        from desktop.ui import dialogs

        dialogs.inform(self._window, "Something is to be told first", words)

    def _not_opened(self, error: Exception) -> None:
        from desktop.ui.gate import PassphrasePage, RecoveryPage
        from desktop.ui.opening import Trouble, trouble

        found = trouble(error)
        if found is None:
            self.reported.emit(error)
            found = Trouble(
                "The desk could not open the store, by a mistake of its own.",
                "What was saved before is safe.",
                "Try again. If it happens again, give the report to your administrator.",
            )
        asking = self._window.stack.currentWidget()
        if isinstance(asking, (PassphrasePage, RecoveryPage)) and found.kind not in ("problem", "damaged", "either"):
            asking.refuse(f"{found.what} {found.todo}")
        elif found.kind in ("passphrase", "wrong"):
            self._show_passphrase()
        else:
            self._window.forget("passphrase", "recovery")
            sheet, backup = found.kind in ("key", "either"), found.kind in ("damaged", "either")
            self._show_problem(found.what, found.safe, found.todo, recovery=sheet, backup=backup)

    def _show_passphrase(self) -> None:
        from desktop.ui.gate import PassphrasePage

        page = PassphrasePage()
        page.entered.connect(self._open)
        page.recovery_wanted.connect(self._show_recovery)
        self._window.show_page("passphrase", page)

    def _show_recovery(self) -> None:
        from desktop.ui.gate import RecoveryPage

        page = RecoveryPage()
        page.entered.connect(lambda code: self._open("", code))
        page.left.connect(self._retry)
        self._window.show_page("recovery", page)

    def _show_restore(self) -> None:
        from desktop.ui.opening import restored_desk
        from desktop.ui.recovering import RestorePage

        folder = self._settings.path()
        page = RestorePage()

        def refused(error: Exception) -> None:
            self._refused(page, error)

        def restore(*typed: object) -> None:
            self._worker.run(restored_desk, folder, *typed, owner=page, done=self._opened, failed=refused)

        def look(*typed: object) -> None:
            self._worker.run(_look, folder, *typed, owner=page, done=page.show_preview, failed=refused)

        page.looked.connect(look)
        page.wanted.connect(restore)
        page.left.connect(self._retry)
        self._window.show_page("restore", page)

    def show_administrator(self, entry: Entry) -> None:
        """Asks two people and for the recovery key, to make an administrator where none can sign in."""
        from desktop.casework.recovery import NewAdministrator, new_administrator
        from desktop.ui.recovering import AdministratorPage

        page = AdministratorPage(entry.random)

        def back() -> None:
            self.show_sign_in()
            self._window.forget("administrator")

        def made(command: NewAdministrator) -> None:
            from desktop.ui import dialogs

            back()
            new = command.new
            words = (
                f"{new.name} signs in as {new.username} with the first password {new.password}, and chooses their own "
                "then. It is not shown again: note it now."
            )
            dialogs.inform(self._window, "The administrator was made", words)
            self.sign_in.card.username.set_value(new.username)
            self.sign_in.card.password.setFocus()

        def make(command: NewAdministrator) -> None:
            self._worker.run(
                new_administrator,
                entry,
                command,
                owner=page,
                done=lambda _number: made(command),
                failed=lambda error: self._refused(page, error),
            )

        page.wanted.connect(make)
        page.left.connect(back)
        self._window.show_page("administrator", page)

    def _refused(self, page: RestorePage | AdministratorPage, error: Exception) -> None:
        """What was typed, or the file, is not right: said on the page."""
        from desktop.casework.desk import Invalid, Refused
        from desktop.casework.restorepreview import EarlierKey, WrongEarlierCode
        from desktop.ui.opening import trouble
        from desktop.ui.recovering import AdministratorPage, RestorePage

        if isinstance(error, Invalid) and isinstance(page, AdministratorPage):
            page.show_problems(error.problems)
        elif isinstance(error, Refused):
            page.refuse_person(error) if isinstance(page, AdministratorPage) else page.refuse(str(error))
        elif isinstance(error, EarlierKey) and isinstance(page, RestorePage):
            page.ask_earlier(f"{error.what} {error.todo}")
        elif isinstance(error, WrongEarlierCode):
            page.refuse(f"{error.what} {error.todo}", "earlier")
        elif isinstance(error, OSError):
            page.refuse(f"{error.strerror or error}.", "file")
        elif found := trouble(error):
            page.refuse(
                f"{found.what} {found.todo}", "file" if found.kind in ("problem", "damaged", "either") else "code"
            )
        else:
            page.button.set_busy(False)
            self.reported.emit(error)

    def _show_problem(self, what: str, safe: str, todo: str, *, recovery: bool, backup: bool = False) -> None:
        from desktop.ui.gate import ProblemPage

        page = ProblemPage()
        page.retried.connect(self._retry)
        page.quit_wanted.connect(self._window.close)
        page.recovery_wanted.connect(self._show_recovery)
        page.restore_wanted.connect(self._show_restore)
        page.show_problem(what, safe, todo, recovery, backup)
        self._window.show_page("problem", page)

    def _retry(self) -> None:
        self._window.forget("passphrase", "recovery", "problem", "restore")
        self.start()

    def _show_setup(self) -> None:
        from desktop.ui.setup.wizard import SetupPage

        page = SetupPage(self._settings.path(), self._worker)
        page.finished.connect(self._set_up)
        page.restore_wanted.connect(self._show_restore)
        self._window.show_page("setup", page)

    def _set_up(self, entry: Entry) -> None:
        from desktop.ui.opening import seen

        self._worker.run(seen, entry, owner=self._window, done=self._opened, failed=self._not_opened)


def _open_desk(folder: Path, passphrase: str, code: str) -> Opened:
    """Opens the store, on its thread.

    The import of what reads stores happens there too: half a second in which the window paints and takes what is typed.
    """
    from desktop.ui.opening import open_desk

    return open_desk(folder, passphrase, code)


def _look(folder: Path, file: Path, code: str, earlier: str) -> list[str]:
    from desktop.casework.recovery import look

    return look(folder, file, code, earlier).sentences()


def _warm_up(entry: Entry) -> list[str]:
    """Imports what the desk's first page needs and asks its questions once, while its person types the password; what
    is left to import of it.
    """
    from desktop.casework.work import rehearse

    left = left_to_import(("desktop.ui.lock", "desktop.ui.mainwindow"))
    rehearse(entry)
    return left


def _first_pages() -> list[str]:
    from desktop.ui.makers import left_of_page

    return [name for key in ("review", "retention", "register", "admin") for name in left_of_page(key)]
