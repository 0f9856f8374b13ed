"""What can be done with the open case: submit it, record its outcome, take a step, look things up."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from db.records import Action, Changed, State
from desktop.casework import casepage, links, outcomes, policymoves, publication, requests
from desktop.casework.answerfigures import check_figures
from desktop.casework.casepage import HistoryLine
from desktop.casework.desk import Conflict, Desk, Done, Invalid
from desktop.casework.publication import Asked
from desktop.policy.life import EDITABLE
from desktop.ui import dialogs
from desktop.ui.case.concern import ask_concern
from desktop.ui.case.header import STEPS
from desktop.ui.case.history import HistoryDialog
from desktop.ui.case.linked import LinkDialog
from desktop.ui.case.nextpart import letter_ready
from desktop.ui.case.notice import change_words
from desktop.ui.case.outcomefigures import FiguresDialog
from desktop.ui.case.progress import CHECK, LETTERS, NEXT, OUTCOME
from desktop.ui.case.steps import StepDialog
from desktop.ui.case.wholeagreement import AgreementDialog
from desktop.ui.case.why import WhyDialog
from desktop.ui.session import command_id

if TYPE_CHECKING:
    from desktop.ui.case.outcome import OutcomePart
    from desktop.ui.case.view import CaseView


_AFTER = {Action.RETURN: LETTERS, Action.EXTEND: LETTERS}
"""Steps that somebody is told of: the letters come next."""


class CaseActions(QObject):
    """The deeds of one case window. Each saves what was typed first, then acts on the version that left."""

    def __init__(self, view: CaseView) -> None:
        super().__init__(view)
        self._view = view
        self._busy = False

    def submit(self) -> None:
        """Puts the case before a reviewer."""
        reference = self._reference()
        self.act(requests.submit, lambda on: requests.Submit(**on), f"{reference} was submitted", NEXT)

    def record(self, part: OutcomePart) -> None:
        """Records the outcome, where its rules are kept."""
        found = part.problems()
        if found:
            part.show_problems(found)
            return
        part.show_problems(())
        written = part.command()

        def command(on: dict[str, Any]) -> outcomes.Record:
            return outcomes.Record(
                **on,
                outcome=written.outcome,
                matched=written.matched,
                values=written.values,
                status_answer=written.status_answer,
                table=written.table,
            )

        def recorded() -> None:
            part.dirty = False

        said = f"The outcome of {self._reference()} was recorded"
        self.act(outcomes.record, command, said, NEXT, then=recorded, wrong=part.show_problems)

    def look_through(self, part: OutcomePart) -> None:
        """Warns of what no letter can print while the outcome is being written.

        Nobody asked for it, so nothing is said where the outcome cannot be recorded any more.
        """
        session = self._view.session
        failed = partial(session.show_trouble, part)
        session.run(part, outcomes.unprinted_outcome, part.command(), done=part.warn, failed=failed)

    def attach_figures(self, part: OutcomePart) -> None:
        """Asks which table goes with the answer, and lets it go with it once the desk has counted it."""
        session = self._view.session

        def choose(titles: tuple[str, ...]) -> None:
            dialog = FiguresDialog(titles, session.desk.today, part)
            asked: list[Asked] = []

            def command() -> Asked:
                asked[:] = [dialog.asked()]
                return asked[0]

            dialog.ask(session, check_figures, command, lambda found: part.attach(asked[0], found.title))

        session.run(part, publication.tables, done=choose)

    def go_on(self) -> None:
        """What the last part's button says: the letter, the outcome, or the queue."""
        page = self._view.page
        if page is None:
            return
        if letter_ready(page):
            self.show_letter()
        elif page.case.row.state is State.APPROVED:
            self._view.show_part(OUTCOME)
        else:
            self._view.session.case_wanted.emit(page.case.row.id, "review")

    def take_step(self, action: Action) -> None:
        """Takes a step of the menu or of a notice, after asking; says why not where it is off."""
        page = self._view.page
        if page is None:
            return
        why = page.actions[action]
        if action is Action.EDIT:
            self._unlock(why)
        elif why:
            dialogs.inform(self._view, STEPS[action][0], why)
        else:
            self._ask(action)

    def link(self, other_id: int, same: bool) -> None:
        """Records whether an earlier request is about the same person."""
        page = self._view.page
        if page is None:
            return
        command = requests.Link(command_id=command_id(), case_id=page.case.row.id, other_id=other_id, same=same)
        self._view.session.act(self._view, requests.link, command, done=lambda _done: None)

    def ask_link(self) -> None:
        """Asks for another case, and links the two."""
        view = self._view
        if view.page is None:
            return
        dialog = LinkDialog(view.page, view)
        case_id = view.page.case.row.id

        def failed(error: Exception) -> None:
            if isinstance(error, Invalid):
                dialog.show_problems(error.problems)
            else:
                view.session.show_error(view, error)

        def go() -> None:
            said = "The two cases are linked"
            self.link_both(links.link_cases, dialog.command(), case_id, said, dialog.accept, failed)

        dialog.wanted.connect(go)
        dialog.open()

    def take_in(self) -> None:
        """Puts the case under its agreement as that is now, after asking."""
        page = self._view.page
        if page is None:
            return
        reference = self._reference()
        effects = " ".join(page.moved)
        words = f"{effects} {change_words(page.case) if page.case.row.state not in EDITABLE else ''}".strip()
        if dialogs.confirm(self._view, f"Put {reference} under the changed agreement?", words, "Take the change in"):
            said = f"{reference} is under the agreement as it is now"
            self.act(policymoves.take_in, lambda on: policymoves.TakeIn(**on), said, self._view.part)

    def ask_concern(self) -> None:
        """Asks for a safeguarding concern."""
        if self._view.page is not None:
            ask_concern(self._view.page, self._view.session, self._view)

    def unlink(self, other_id: int) -> None:
        """Ends a link, after asking."""
        view = self._view
        if view.page is None:
            return
        words = "Both cases stay as they are. That they were linked stays in their histories."
        if dialogs.confirm(view, "Unlink the two cases?", words, "Unlink them"):
            case_id = view.page.case.row.id
            command = links.UnlinkCases(command_id=command_id(), case_id=case_id, other_id=other_id)
            self.link_both(links.unlink_cases, command, case_id, "The two cases are not linked any more")

    def close_duplicate(self) -> None:
        """Closes a duplicate in favour of its leading case, after asking."""
        view = self._view
        leading = links.leading_of(view.page.links) if view.page is not None else None
        if leading is None:
            return
        reference = self._reference()
        words = (
            f"{reference} is withdrawn as a duplicate of {leading.reference}, and its retention timer starts."
            " The desk sends nothing: tell its requester which case is answered."
        )
        if dialogs.confirm(view, f"Close {reference} as a duplicate?", words, "Close it", destructive=True):
            said = f"{reference} was closed as a duplicate"
            self.act(links.close_duplicate, lambda on: links.CloseDuplicate(**on), said, NEXT)

    def link_both(
        self,
        function: Callable[[Desk, Any], Done],
        command: Any,
        case_id: int,
        said: str,
        then: Callable[[], object] = lambda: None,
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        """Links or unlinks, and tells every view that shows either of the two cases."""
        session, before = self._view.session, self._linked()

        def done(_done: Done) -> None:
            then()
            session.run(self._view, casepage.case_page, case_id, done=tell)

        def tell(page: casepage.CasePage) -> None:
            both = before | {case_id} | {one.case_id for one in page.links}
            session.changed.emit(Changed(frozenset(both), frozenset({"case"})))
            session.toasted.emit(said)

        session.run(self._view, function, command, done=done, failed=failed)

    def _linked(self) -> set[int]:
        page = self._view.page
        return {one.case_id for one in page.links} if page is not None else set()

    def leave(self, for_case: int, then: Callable[[], None]) -> None:
        """Goes on to another case: asks first where something typed would be lost."""
        view = self._view
        if view.page is None or not view.unsaved or view.page.case.row.id == for_case:
            then()
            return
        words = "What you typed last in this case is not saved. It is lost if you go on."
        if dialogs.confirm(view, f"Leave {self._reference()}?", words, "Leave it", destructive=True):
            then()

    def show_letter(self) -> None:
        """Opens the letter that answers; the letters of the case while there is none."""
        page = self._view.page
        if page is None:
            return
        if letter_ready(page):
            self._view.session.case_wanted.emit(page.case.row.id, "letter")
        else:
            self._view.show_part(LETTERS)

    def show_check(self) -> None:
        """Goes to the answers as a whole."""
        self._view.show_part(CHECK)

    def show_why(self) -> None:
        """Explains the due date."""
        page = self._view.page
        if page is not None and page.due is not None:
            WhyDialog(page, self._view.session.desk.today(), self._view).open()

    def show_history(self) -> None:
        """Shows everything that happened to the case."""
        view = self._view
        if view.page is None:
            return
        reference = self._reference()

        def show(lines: tuple[HistoryLine, ...]) -> None:
            HistoryDialog(reference, lines, view).open()

        case_id = view.page.case.row.id
        view.flush(lambda: view.session.run(view, casepage.history, case_id, done=show))

    def show_agreement(self) -> None:
        """Shows the whole agreement."""
        page = self._view.page
        if page is not None:
            AgreementDialog(page.agreement, page.version, self._view).open()

    def _reference(self) -> str:
        page = self._view.page
        return page.case.row.reference if page is not None else ""

    def _unlock(self, why: str) -> None:
        page = self._view.page
        if page is None:
            return
        if why:
            dialogs.inform(self._view, "The request cannot be changed", why)
        elif page.case.row.state not in EDITABLE:
            title = f"Change {self._reference()}?"
            if dialogs.confirm(self._view, title, change_words(page.case), "Change the request", destructive=True):
                self._view.unlock()

    def _ask(self, action: Action) -> None:
        page = self._view.page
        if page is None:
            return
        dialog = StepDialog(action, page, self._view.session.desk, self._view)

        def go() -> None:
            function, command, said = dialog.command()
            self.act(function, command, said, _AFTER.get(action, ""), then=dialog.accept, wrong=dialog.show_problems)

        dialog.wanted.connect(go)
        dialog.open()

    def act(
        self,
        function: Callable[[Desk, Any], Done],
        command: Callable[[dict[str, Any]], Any],
        said: str,
        part: str,
        *,
        then: Callable[[], None] = lambda: None,
        wrong: Callable[[Any], None] | None = None,
        lost: Callable[[], None] = lambda: None,
        unwritten: Callable[[OSError], None] | None = None,
    ) -> None:
        """Saves, acts, and goes to `part`. Doing it again meanwhile does nothing; `lost` hears of all but `wrong` and
        `unwritten`, which hears of a file that could not be written.
        """
        view = self._view
        if self._busy or view.page is None:
            lost()
            return
        self._busy = True
        view.foot.main.set_busy(True)
        case_id = view.page.case.row.id

        def over() -> None:
            self._busy = False
            view.foot.main.set_busy(False)

        def done(result: Done) -> None:
            over()
            view.draft.adopt(result)
            then()
            view.goal = part

        def failed(error: Exception) -> None:
            over()
            if isinstance(error, Invalid) and wrong is not None:
                wrong(error.problems)
                return
            if isinstance(error, OSError) and unwritten is not None:
                unwritten(error)
                return
            lost()
            if isinstance(error, Conflict):
                view.middle.show_conflict(str(error))
            else:
                view.session.show_error(view, error)
                view.refresh()

        def act() -> None:
            if view.draft.unsaved():
                over()
                lost()
                words = "Something you typed is not saved. Look at the message beside it or above the form first."
                dialogs.inform(view, "This was not done", words)
                return
            on = {"command_id": command_id(), "case_id": case_id, "version": view.draft.version}
            view.session.act(view, function, command(on), done=done, failed=failed, said=said)

        view.flush(act)
