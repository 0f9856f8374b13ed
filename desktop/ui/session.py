"""What every window shares while someone is signed in: the desk, the theme, the store's thread, and news."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar
from uuid import uuid4

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from db.errors import StoreError
from db.records import Changed
from desktop.casework.aside import aside
from desktop.casework.desk import Desk, Done, Refused
from desktop.security.problems import KeyProblem
from desktop.ui import dialogs
from desktop.ui.background import Worker
from desktop.ui.theme import Theme

T = TypeVar("T")


def command_id() -> str:
    """A new command's id: a window makes it once for each intent, so that a double click does the thing once."""
    return str(uuid4())


def next_try(failed: str, error: Exception) -> str:
    """The id of the command of the next try. What was refused was not done, and the next may say something else: it
    is another intent. What failed of the store may have reached it, and the same command is never done twice.
    """
    return failed if isinstance(error, StoreError) else command_id()


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of a report with the cases behind it: its name, of which report and which days, and their ids."""

    name: str
    where: str
    cases: array[int]
    said: str = ""
    """Why the report may say another number."""


class Session(QObject):
    """One person's sitting at the desk."""

    changed = Signal(object)
    """A Changed: every view that shows one of its cases refreshes itself."""
    case_wanted = Signal(int, str)
    """A case id, and which part to open: "", "history", "outcome" or "letter"; or "review" for it in the queue."""
    figure_wanted = Signal(object)
    """A Figure: the list of its cases is shown."""
    case_left = Signal()
    """The case that was opened cannot be shown: back to where it was opened from."""
    page_wanted = Signal(str)
    """The key of a page of the navigation: "work", "review", "register", "retention", "reports" or "admin"."""
    toasted = Signal(str)
    """Something was done: words for a toast."""
    leaving = Signal()
    """The desk is about to be left: what takes long stops."""
    replaced = Signal()
    """Another store is in the store's place: whoever is signed in signs in again."""
    saving = Signal(bool)
    """True while something typed is on its way to the store."""

    def __init__(self, desk: Desk, theme: Theme, worker: Worker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.theme = theme
        self.worker = worker

    def run(
        self,
        owner: QWidget,
        function: Callable[..., T],
        *arguments: Any,
        done: Callable[[T], None],
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        """Calls `function(desk, *arguments)` on the store's thread; `done` or `failed` follow on this one.

        `failed` hears of everything, an error of the store too, so that what waits can be done again; it shows with
        `show_error` what it does not say itself. Without it, whatever went wrong is shown over `owner`.
        """
        went_wrong = partial(self.show_error, owner) if failed is None else failed
        self.worker.run(function, self.desk, *arguments, owner=owner, done=done, failed=went_wrong)

    def run_aside(
        self,
        owner: QWidget,
        wanted: Callable[[], bool],
        work: Callable[[Desk], T],
        *,
        done: Callable[[T], None],
        failed: Callable[[Exception], None],
    ) -> None:
        """Does `work`, which may take long, aside, so that nothing waits for it: it ends with NotWanted soon after
        `wanted()` is False.
        """
        self.worker.run(aside, self.desk, wanted, work, owner=owner, done=done, failed=failed, aside=True)

    def act(
        self,
        owner: QWidget,
        function: Callable[[Desk, Any], Done],
        command: Any,
        *,
        done: Callable[[Done], None],
        failed: Callable[[Exception], None] | None = None,
        said: str = "",
    ) -> None:
        """Runs an action on a case, and tells every view what it changed."""

        def went_well(result: Done) -> None:
            done(result)
            self.changed.emit(Changed(frozenset({result.case_id}), frozenset({"case"})))
            if said:
                self.toasted.emit(said)

        self.run(owner, function, command, done=went_well, failed=failed)

    def show_error(self, owner: QWidget, error: Exception) -> None:
        """Shows a refusal, an error of the environment, or a report of a mistake of ours."""
        if isinstance(error, Refused):
            dialogs.inform(owner, "This was not done", str(error))
        elif isinstance(error, StoreError | KeyProblem):
            dialogs.environment_error(owner, error.what, error.safe, error.todo)
        elif isinstance(error, OSError):
            dialogs.inform(owner, "This cannot be written or read", f"{error.strerror or error}.")
        else:
            dialogs.report(owner, error)

    def show_trouble(self, owner: QWidget, error: Exception) -> None:
        """As `show_error`, for what nobody asked for: nothing is said where the desk's rules refuse it."""
        if not isinstance(error, Refused):
            self.show_error(owner, error)
