"""The review window: the queue, the case as it was submitted, and the decision of a second person."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from PySide6.QtGui import QImage, QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from db.records import Action, Changed, LetterKind, State
from desktop.casework import decisions, issuing, outcomes, requests
from desktop.casework.casepage import CasePage, case_page, decided_answers, open_case
from desktop.casework.decisions import Decide
from desktop.casework.desk import Conflict, Desk, Done, Invalid, Refused
from desktop.casework.secondlooks import LookRow
from desktop.casework.work import WorkRow, review_queue
from desktop.policy.letterkinds import TITLES
from desktop.policy.wording import plural
from desktop.ui.case.concern import ask_concern
from desktop.ui.case.taborder import set_tab_order
from desktop.ui.case.why import WhyDialog
from desktop.ui.kit.base import clear_layout
from desktop.ui.kit.notices import Banner
from desktop.ui.pages import page_images
from desktop.ui.review.because import likely, no_letter_yet
from desktop.ui.review.decide import RESTED, SAID, SMALL, Sketch
from desktop.ui.review.frame import DECISION, ReviewFrame
from desktop.ui.review.weighing import why_not_rests, why_off
from desktop.ui.session import Session, command_id, next_try
from desktop.ui.theme import current_theme

_LETTERS = {"refuse": LetterKind.REFUSAL, "reject": LetterKind.REJECTION}
_CHOICES = {kind: choice for choice, kind in _LETTERS.items()}
_DECIDE: dict[str, Callable[[Desk, Decide], Done]] = {
    "approve": decisions.approve,
    "refuse": decisions.refuse,
    "reject": decisions.reject,
    "send_back": decisions.send_back,
    "escalate": decisions.escalate,
}
Wanted = tuple[int, int, LetterKind | None, tuple[str, ...] | None]
"""Which letter is shown: of which case and version, of which kind, because of which criteria."""


class ReviewView(ReviewFrame):
    """What waits for a second person, and their decision."""

    key = "review"

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self.page: CasePage | None = None
        self._sketches: dict[tuple[int, int], Sketch] = {}
        self._sketch = Sketch()
        """What is decided so far on the case in front."""
        self._command = command_id()
        self._wanted = self._asked = 0
        self._letter: Wanted | None = None
        self._unprinted = ""
        """Why the letter that is shown cannot be printed."""
        self._connect()
        self.refresh()

    def refresh(self) -> None:
        """Reads the queue again; the case in front stays."""
        self.session.run(self, review_queue, done=self._show_queue)
        self.looks.refresh()

    def open(self, case_id: int) -> None:
        """Opens a case as a click in the queue does; nothing where it does not wait there."""
        self._asked = case_id
        self.refresh()

    def next_case(self) -> None:
        """Opens the most urgent case that this person may decide, other than the one in front."""
        others = [row.row.id for row in self.queue.model_.rows if row.may_decide and row.row.id != self._wanted]
        if others:
            self.queue.choose(others[0])

    def _connect(self) -> None:
        self.queue.chosen.connect(self._chosen)
        self.looks.chosen.connect(self._second_chosen)
        self.next.triggered.connect(self.next_case)
        self.request.viewed.connect(self._viewed)
        self.pane.edited.connect(self._weigh)
        self.pane.pressed.connect(self._decide)
        self.pane.letter_wanted.connect(lambda: self.show_tab("letter"))
        self.pane.concern_wanted.connect(self._concern)
        self.header.history_wanted.connect(self._history)
        self.header.why_wanted.connect(self._why)
        self.session.changed.connect(self._changed)
        keys: tuple[tuple[str, Callable[[], object]], ...] = (
            ("Ctrl+J", self.next_case),
            ("Alt+A", lambda: self._see("agree")),
            ("Alt+D", lambda: self._see("disagree")),
            ("Ctrl+Shift+W", lambda: self.show_tab("changes")),
            ("Ctrl+L", lambda: self.show_tab("letter")),
            ("Ctrl+Shift+D", self._why),
            ("Ctrl+Shift+H", self._history),
            ("Alt+P", lambda: self._press("approve", "release", "take_off_hold")),
            ("Alt+R", lambda: self._press("refuse")),
            ("Alt+J", lambda: self._press("reject")),
            ("Alt+B", lambda: self._press("send_back", "return_outcome")),
            ("Alt+E", lambda: self._press("escalate")),
            ("Ctrl+Return", self.pane.button.click),
            ("Ctrl+Enter", self.pane.button.click),
        )
        for words, then in keys:
            # A second look has the same keys: those of what is not in sight are silent.
            QShortcut(QKeySequence(words), self if then == self.next_case else self._case).activated.connect(then)

    def _press(self, *keys: str) -> None:
        if self.page is None:
            return
        if self.narrow:
            self.show_tab(DECISION)
        for key in keys:
            self.pane.choose(key)

    # Showing

    def _show_queue(self, rows: tuple[WorkRow, ...]) -> None:
        current = self._wanted
        waiting = sum(1 for row in rows if row.may_decide)
        self.count.set_number(waiting)
        self.fold.setText(f"Queue, {waiting}")
        self.queue.show_rows(rows, current)
        asked, self._asked = self._asked, 0
        self.queue.choose(asked)
        self.next.set_off("" if waiting else "Nothing waits for you.")
        if current and not any(row.row.id == current for row in rows):
            self._leave()
        own = len(rows) - waiting
        if waiting:
            words = "Give me the next one (Ctrl+J) opens the most urgent case. Or choose one in the queue."
            self.empty.set_words(f"{plural(waiting, 'case')} wait{'s' if waiting == 1 else ''} for you", words)
        else:
            mine = f" {plural(own, 'case')} here you worked on, so someone else decides." if own else ""
            self.empty.set_words(
                "Nothing is waiting for you", f"Requests appear here when a caseworker puts them before you.{mine}"
            )

    def _leave(self) -> None:
        self.page, self._wanted = None, 0
        self.stop_building()
        self.show_case(False)

    def _second_chosen(self, row: LookRow) -> None:
        self.queue.let_go()
        self._leave()
        self.second.open(row.decision_id)

    def _chosen(self, row: WorkRow) -> None:
        self.looks.list.let_go()
        self.second.let_go()
        self._wanted = row.row.id
        self.session.run(self, open_case, row.row.id, "review", done=self._show)

    def _show(self, page: CasePage, again: bool = False) -> None:
        """Shows a case that was opened, from its beginning; or as it is now, with tab and keyboard as they are."""
        if page.case.row.id == self._wanted:
            # Until it is wholly there, nothing is decided.
            self.page = None
            self.build(self._showing(page, again))

    def _showing(self, page: CasePage, again: bool) -> Iterator[None]:
        desk, row = self.session.desk, page.case.row
        # From the first piece on: what is pressed while the rest is built counts.
        sketch = self._sketch = self._sketches.setdefault((row.id, row.version), Sketch())
        self.header.show_page(page, desk.calendars[page.agreement.clock.calendar], desk.today())
        self.show_notices(page)
        yield
        yield from self.request.building(page, sketch.views, not page.actions[Action.APPROVE])
        yield
        self.pane.show_page(page, sketch)
        yield
        set_tab_order((self._left, self.header, self.tabs, self.pick, self.parts, self.pane))
        self.page = page
        self._command = command_id()
        self._letter = None
        self.read_anew()
        self.show_case(True)
        self._weigh()
        if again:
            self.show_tab(self.tabs.current())
        else:
            self._start(page)

    def _start(self, page: CasePage) -> None:
        """Puts the keyboard where the work on a case begins."""
        self.show_tab("letter" if page.case.row.state is State.RECORDED else "request")
        row = self.request.next_open(None) if self._may_view() else None
        if row is not None:
            row.focus()
        elif not self._own():
            self.pane.focus_choice()

    def shown_page(self) -> CasePage | None:
        """The case in front, once it is wholly there."""
        return self.page

    def _own(self) -> str:
        """Why this person decides nothing here, where they worked on the case."""
        current = next((row for row in self.queue.model_.rows if row.row.id == self._wanted), None)
        return current.why if current is not None and not current.may_decide else ""

    def _may_view(self) -> bool:
        return self.page is not None and not self.page.actions[Action.APPROVE]

    def _shown(self) -> CasePage:
        if self.page is None:
            raise RuntimeError("nothing is decided before a case is shown")
        return self.page

    # The letter

    def _show_letter(self) -> None:
        """Asks for the letter of the choice, or else of what is proposed; nothing where it is shown already."""
        page = self._shown()
        row, sketch = page.case.row, self._sketch
        kind, because = _LETTERS.get(sketch.choice), sketch.because_of
        if kind is None and page.verdict.proposed in _CHOICES and not sketch.choice:
            kind = page.verdict.proposed
            because = likely(page.agreement, decided_answers(page), sketch.views, _CHOICES[kind])
        wanted: Wanted = (row.id, row.version, kind, because if kind is not None else None)
        if wanted == self._letter:
            return
        self._letter, self._unprinted = wanted, ""
        if words := no_letter_yet(page, kind, because):
            self._no_letter(wanted, Refused(words))
            return
        done, failed = partial(self._has_letter, wanted), partial(self._no_letter, wanted)
        self.session.run(self, issuing.preview, row.id, kind, wanted[3], done=done, failed=failed)

    def _has_letter(self, wanted: Wanted, made: issuing.Preview) -> None:
        if wanted != self._letter:
            return
        self._unprinted = " ".join(made.problems)
        self._weigh()
        if not made.pdf:
            self._no_letter(wanted, Refused(" ".join(made.problems)))
            return
        clear_layout(self.letter_notice)
        for problem in made.problems:
            self.letter_notice.addWidget(Banner("error", problem))
        self.no_letter.hide()
        self.paper.show()
        self.paper.show_pdf(made.pdf)
        ratio = self.devicePixelRatioF()
        done = partial(self._has_picture, wanted, TITLES[made.kind])
        self.session.worker.run(page_images, made.pdf, current_theme().px(SMALL), ratio, owner=self, done=done)

    def _has_picture(self, wanted: Wanted, title: str, images: Sequence[QImage]) -> None:
        if wanted == self._letter:
            self.pane.show_letter(images[0], f"{title}, {plural(len(images), 'page')}")

    def _no_letter(self, wanted: Wanted, error: Exception) -> None:
        if wanted != self._letter:
            return
        if not isinstance(error, Refused):
            self._letter = None
            self.session.show_error(self, error)
            return
        clear_layout(self.letter_notice)
        self.paper.show_pdf(b"")
        self.paper.hide()
        self.no_letter.set_words("There is no letter yet", str(error))
        self.no_letter.show()
        self.pane.show_letter(None, "No letter yet")

    # Deciding

    def _viewed(self, criterion: str, view: dict[str, str]) -> None:
        self._sketch.views[criterion] = view
        if self.page is not None:
            self.request.show_count(self._sketch.views)
            self._weigh()

    def _see(self, view: str) -> None:
        """Agrees or disagrees with the criterion that has the keyboard, and goes on to the next."""
        row = self.request.current()
        if row is None or not self._may_view():
            return
        self.show_tab("request")
        row.view.choose(view)
        after = self.request.next_open(row)
        if view == "disagree":
            row.focus_note()
        elif after is not None:
            after.focus()

    def _weigh(self) -> None:
        """Shows why each choice is off, by the very rule that the action enforces."""
        page = self.page
        if page is None:
            return
        sketch = self._sketch
        if sketch.choice in RESTED and not sketch.because_chosen:
            sketch.because_of = likely(page.agreement, decided_answers(page), sketch.views, sketch.choice)
            self.pane.show_because()
        today, decision = self.session.desk.today(), self._decision(sketch.because_of)
        self.pane.show_off(why_off(page, decision, self._unprinted, today), self._own())
        self.pane.show_rests(why_not_rests(page, sketch.choice, decision, today))
        self._show_letter()

    def _decision(self, because_of: tuple[str, ...]) -> Decide:
        sketch, row = self._sketch, self._shown().case.row
        return Decide(
            command_id=self._command,
            case_id=row.id,
            version=row.version,
            reasons=sketch.reasons,
            because_of=because_of,
            views={key: dict(view) for key, view in sketch.views.items()},
            let_address_go=sketch.let_address_go and sketch.choice == "approve",
        )

    def _decide(self, choice: str) -> None:
        if self.page is None:
            return
        sketch, row = self._sketch, self.page.case.row
        on: dict[str, Any] = {"command_id": self._command, "case_id": row.id, "version": row.version}
        if choice in _DECIDE:
            self._act(_DECIDE[choice], self._decision(sketch.because_of if choice in RESTED else ()), choice)
        elif choice == "release":
            self._act(outcomes.release, outcomes.Release(**on), choice)
        elif choice == "return_outcome":
            self._act(outcomes.return_outcome, requests.WithReasons(**on, reasons=sketch.reasons), choice)
        elif choice == "take_off_hold":
            self._act(requests.take_off_hold, requests.WithReasons(**on, reasons=sketch.reasons), choice)

    def _act(self, action: Callable[[Desk, Any], Done], command: Any, choice: str) -> None:
        case_id, reference = self._shown().case.row.id, self._shown().case.row.reference
        self.pane.button.set_busy(True)

        def done(_done: Done) -> None:
            self.pane.button.set_busy(False)
            self._leave()
            self.next.setFocus()

        def failed(error: Exception) -> None:
            self.pane.button.set_busy(False)
            self._command = next_try(self._command, error)
            if isinstance(error, Invalid):
                for problem in error.problems[:1]:
                    self.pane.show_problem(problem.field, problem.message)
                return
            self.session.show_error(self, error)
            if isinstance(error, Conflict):
                self.session.run(self, case_page, case_id, done=partial(self._show, again=True))
            self.refresh()

        self.session.act(self, action, command, done=done, failed=failed, said=f"{reference} {SAID[choice]}")

    def _changed(self, changed: Changed) -> None:
        if "case" not in changed.kinds:
            return
        if self.page is not None and self.page.case.row.id in changed.cases:
            self.session.run(self, case_page, self.page.case.row.id, done=partial(self._show, again=True))
        self.refresh()

    def _why(self) -> None:
        if self.page is not None and self.page.due is not None:
            WhyDialog(self.page, self.session.desk.today(), self).exec()

    def _concern(self) -> None:
        if self.page is not None:
            ask_concern(self.page, self.session, self)

    def _history(self) -> None:
        if self.page is not None:
            self.session.case_wanted.emit(self.page.case.row.id, "history")
