"""The review window: the queue, the case as it was submitted, and the decision of a second person."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from db.records import Action, Changed, LetterKind, State
from desktop.casework import decisions, issuing, outcomes, requests
from desktop.casework.casepage import CasePage, open_case
from desktop.casework.decisions import Decide, why_not_decide
from desktop.casework.desk import Desk, Done, Invalid, Refused
from desktop.casework.work import WorkRow, review_queue
from desktop.ui.case.header import CaseHeader
from desktop.ui.case.why import WhyDialog
from desktop.ui.kit.base import name_widget
from desktop.ui.kit.button import Button
from desktop.ui.kit.card import Ground
from desktop.ui.kit.notices import Banner, EmptyState
from desktop.ui.kit.panes import ScrollPane
from desktop.ui.kit.small import Count
from desktop.ui.kit.tabs import Tab, Tabs
from desktop.ui.kit.text import Text
from desktop.ui.letter.paper import Paper
from desktop.ui.review.criteria import RequestPart
from desktop.ui.review.decide import DecisionPane, Sketch
from desktop.ui.review.queue import Queue
from desktop.ui.review.reading import ReadingPart
from desktop.ui.session import Session, command_id
from desktop.ui.theme import current_theme
from desktop.ui.tokens import CONTROL_TALL

QUEUE = 240
_LETTERS = {"refuse": LetterKind.REFUSAL, "reject": LetterKind.REJECTION}
_DECIDE: dict[str, Callable[[Desk, Decide], Done]] = {
    "approve": decisions.approve,
    "refuse": decisions.refuse,
    "reject": decisions.reject,
    "send_back": decisions.send_back,
    "escalate": decisions.escalate,
}
_SAID = {
    "approve": "was approved",
    "refuse": "was refused",
    "reject": "was rejected",
    "send_back": "was sent back",
    "escalate": "is with the guardian",
    "release": "was released",
    "return_outcome": "was sent back",
    "take_off_hold": "is off hold",
}


class ReviewView(QWidget):
    """What waits for a second person, and their decision."""

    key = "review"

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.page: CasePage | None = None
        self._sketches: dict[tuple[int, int], Sketch] = {}
        self._command = command_id()
        self._wanted = 0
        self._build()
        self._connect()
        self.refresh()

    def panes(self) -> list[QWidget]:
        """What F6 goes round."""
        return [self.queue, self.tabs, self.pane]

    def refresh(self) -> None:
        """Reads the queue again; the case in front stays."""
        self.session.run(self, review_queue, done=self._show_queue)

    def next_case(self) -> None:
        """Opens the most urgent case that this person may decide."""
        rows = [row for row in self.queue.model_.rows if row.may_decide]
        others = [row for row in rows if self.page is None or row.row.id != self.page.case.row.id]
        if others:
            self.queue.choose(others[0].row.id)
            self.tabs.setFocus()

    def _build(self) -> None:
        px = current_theme().px
        name_widget(self, "review_page", "Review queue")
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(0)
        left = Ground("canvas", "right")
        left.setFixedWidth(px(QUEUE))
        column = QVBoxLayout(left)
        column.setContentsMargins(0, px(14), 1, 0)
        column.setSpacing(px(10))
        head = QHBoxLayout()
        head.setContentsMargins(px(16), 0, px(16), 0)
        head.addWidget(Text("Review queue", "group"))
        self.count = Count(0)
        head.addWidget(self.count)
        head.addStretch(1)
        column.addLayout(head)
        row = QHBoxLayout()
        row.setContentsMargins(px(16), 0, px(16), 0)
        self.next = Button("Give me the next one", key_hint="Ctrl+J", height=CONTROL_TALL, name="next_case")
        row.addWidget(self.next, 1)
        column.addLayout(row)
        self.queue = Queue()
        column.addWidget(self.queue, 1)
        across.addWidget(left)
        self.stack = QStackedWidget()
        words = "Requests appear here when a caseworker puts them before you, the most urgent first."
        self.empty = EmptyState("list-checks", "Nothing is chosen", words, "Open the register")
        self.empty.acted.connect(lambda: self.session.page_wanted.emit("register"))
        self.stack.addWidget(self.empty)
        self.stack.addWidget(self._case())
        across.addWidget(self.stack, 1)

    def _case(self) -> QWidget:
        px = current_theme().px
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.header = CaseHeader()
        self.header.show_main(False)
        self.header.more.hide()
        column.addWidget(self.header)
        across = QHBoxLayout()
        across.setSpacing(0)
        middle = QVBoxLayout()
        middle.setSpacing(0)
        bar = Ground("canvas", "bottom")
        row = QHBoxLayout(bar)
        row.setContentsMargins(px(24), 0, px(24), 0)
        self.tabs = Tabs(
            [
                Tab("request", "Request and criteria"),
                Tab("changes", "What changed", 0),
                Tab("letter", "Letter"),
                Tab("interest", "Public interest"),
                Tab("whole", "Whole request"),
            ],
            "Parts of the review",
        )
        row.addWidget(self.tabs)
        middle.addWidget(bar)
        self.parts = QStackedWidget()
        self.request, self.changes = RequestPart(), ReadingPart()
        self.interest, self.whole = ReadingPart(), ReadingPart()
        self.paper = Paper(self.session)
        self._request_scroll = ScrollPane("review_request", "Request and criteria", margin=24)
        self.notice = QVBoxLayout()
        self._request_scroll.body.addLayout(self.notice)
        self._request_scroll.body.addWidget(self.request)
        self._keys = {"request": 0, "changes": 1, "letter": 2, "interest": 3, "whole": 4}
        self.parts.addWidget(self._request_scroll)
        self._add_reading("review_changes", "What changed", self.changes)
        letter = QWidget()
        inside = QVBoxLayout(letter)
        inside.setContentsMargins(0, 0, 0, 0)
        self.no_letter = Text("", "body", "text-2", wrap=True)
        self.no_letter.setContentsMargins(px(24), px(24), px(24), px(24))
        inside.addWidget(self.no_letter)
        inside.addWidget(self.paper, 1)
        self.parts.addWidget(letter)
        self._add_reading("review_interest", "Public interest", self.interest)
        self._add_reading("review_whole", "Whole request", self.whole)
        middle.addWidget(self.parts, 1)
        across.addLayout(middle, 1)
        self.pane = DecisionPane()
        across.addWidget(self.pane)
        column.addLayout(across, 1)
        return holder

    def _add_reading(self, name: str, label: str, part: ReadingPart) -> None:
        scroll = ScrollPane(name, label, margin=24)
        scroll.body.addWidget(part)
        self.parts.addWidget(scroll)

    def _connect(self) -> None:
        self.queue.chosen.connect(self._chosen)
        self.next.triggered.connect(self.next_case)
        self.tabs.changed.connect(self.show_tab)
        self.request.viewed.connect(self._viewed)
        self.pane.edited.connect(self._weigh)
        self.pane.pressed.connect(self._decide)
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
        )
        for words, then in keys:
            QShortcut(QKeySequence(words), self).activated.connect(then)

    def _press(self, *keys: str) -> None:
        for key in keys:
            self.pane.choose(key)

    # Showing

    def _show_queue(self, rows: tuple[WorkRow, ...]) -> None:
        current = self.page.case.row.id if self.page is not None else 0
        waiting = [row for row in rows if row.may_decide]
        self.count.set_number(len(waiting))
        self.queue.show_rows(rows, current)
        self.next.set_off("" if waiting else "Nothing waits for you.")
        if current and not any(row.row.id == current for row in rows):
            self.page = None
            self.stack.setCurrentIndex(0)
        if not waiting:
            words = "Nothing waits for you now. Requests appear here when a caseworker puts them before you."
            self.empty.set_words("Nothing is waiting for you", words)
        else:
            self.empty.set_words(
                "Nothing is chosen", "Press Ctrl+J for the most urgent request, or choose one in the list."
            )

    def _chosen(self, row: WorkRow) -> None:
        self._wanted = row.row.id
        self.session.run(self, open_case, row.row.id, "review", done=self._show)

    def _show(self, page: CasePage) -> None:
        if page.case.row.id != self._wanted:
            return
        self.page = page
        self._command = command_id()
        desk = self.session.desk
        self.header.show_page(page, desk.calendars[page.agreement.clock.calendar], desk.today())
        may = self._may_view()
        self.request.show_page(page, self._sketch().views, may)
        self.tabs.set_count("changes", self.changes.show_changes(page))
        self.interest.show_sections(page, ("balance", "safeguarding", "release"))
        self.whole.show_sections(page)
        self._show_notice(page)
        self.pane.show_page(page, self._sketch())
        self.stack.setCurrentIndex(1)
        self._weigh()
        self.show_tab("letter" if page.case.row.state is State.RECORDED else "request")

    def _may_view(self) -> bool:
        if self.page is None:
            return False
        return not self.page.actions[Action.APPROVE]

    def _sketch(self) -> Sketch:
        row = self._shown().case.row
        return self._sketches.setdefault((row.id, row.version), Sketch())

    def _shown(self) -> CasePage:
        if self.page is None:
            raise RuntimeError("nothing is decided before a case is shown")
        return self.page

    def _show_notice(self, page: CasePage) -> None:
        while (item := self.notice.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.deleteLater()
        changes = self.tabs.buttons["changes"].tab.count
        if page.case.row.sent_back and len(page.case.submissions) > 1:
            banner = Banner("info", f"It was sent back, and came again with {changes} changes.", "See what changed")
            banner.followed.connect(lambda: self.show_tab("changes"))
            self.notice.addWidget(banner)
        for contradiction in page.verdict.contradictions:
            self.notice.addWidget(Banner("warning", contradiction))

    def show_tab(self, key: str) -> None:
        """Shows one part of the review."""
        self.tabs.set_current(key)
        self.parts.setCurrentIndex(self._keys[key])
        if key == "letter":
            self._show_letter()

    def _show_letter(self) -> None:
        if self.page is None:
            return
        row, choice = self.page.case.row, self.pane.sketch.choice
        self.no_letter.hide()
        if row.state is State.RECORDED:
            self.session.run(self, issuing.preview, row.id, done=self._paper, failed=self._no_letter)
        elif choice in _LETTERS:
            because = self.pane.sketch.because_of
            kind = _LETTERS[choice]
            self.session.run(self, issuing.preview, row.id, kind, because, done=self._paper, failed=self._no_letter)
        else:
            words = "There is no letter yet. Choose to refuse or to reject, and the letter is shown as it would print. "
            words += "After an approval it is written once the outcome is recorded."
            self._no_letter(Refused(words))

    def _paper(self, made: issuing.Preview) -> None:
        self.no_letter.setVisible(bool(made.problems))
        self.no_letter.setText(" ".join(made.problems))
        self.paper.show()
        self.paper.show_pdf(made.pdf)

    def _no_letter(self, error: Exception) -> None:
        if not isinstance(error, Refused):
            self.session.show_error(self, error)
            return
        self.paper.show_pdf(b"")
        self.paper.hide()
        self.no_letter.setText(str(error))
        self.no_letter.show()

    # Deciding

    def _viewed(self, criterion: str, view: dict[str, str]) -> None:
        self._sketch().views[criterion] = view
        self.request.show_count(self._sketch().views)
        self._weigh()

    def _see(self, view: str) -> None:
        row = self.request.current()
        if row is not None and self._may_view():
            row.view.choose(view)
            row.view.setFocus()

    def _weigh(self) -> None:
        """Shows why each choice is off, by the very rule that the action enforces."""
        page = self.page
        if page is None:
            return
        why: dict[str, str] = {}
        for action in Action:
            why[action.value] = page.actions[action]
            if not why[action.value] and action is Action.APPROVE:
                found = why_not_decide(page.agreement, page.case, action, self._decision(), self.session.desk.today())
                why[action.value] = found[0].message if found else ""
        self.pane.show_off(why)
        if self.tabs.current() == "letter":
            self._show_letter()

    def _decision(self) -> Decide:
        sketch, row = self._sketch(), self._shown().case.row
        return Decide(
            command_id=self._command,
            case_id=row.id,
            version=row.version,
            reasons=sketch.reasons,
            because_of=sketch.because_of if sketch.choice in ("refuse", "reject") else (),
            views={key: dict(view) for key, view in sketch.views.items()},
        )

    def _decide(self, choice: str) -> None:
        if self.page is None:
            return
        row = self.page.case.row
        on: dict[str, Any] = {"command_id": self._command, "case_id": row.id, "version": row.version}
        sketch = self._sketch()
        if choice in _DECIDE:
            self._act(_DECIDE[choice], self._decision(), choice)
        elif choice == "release":
            self._act(outcomes.release, outcomes.Release(**on), choice)
        elif choice == "return_outcome":
            self._act(outcomes.return_outcome, requests.WithReasons(**on, reasons=sketch.reasons), choice)
        elif choice == "take_off_hold":
            self._act(requests.take_off_hold, requests.WithReasons(**on, reasons=sketch.reasons), choice)

    def _act(self, action: Callable[[Desk, Any], Done], command: Any, choice: str) -> None:
        reference = self._shown().case.row.reference
        self.pane.button.set_busy(True)

        def done(_done: Done) -> None:
            self.pane.button.set_busy(False)
            self.page = None
            self.stack.setCurrentIndex(0)
            self.next.setFocus()

        def failed(error: Exception) -> None:
            self.pane.button.set_busy(False)
            self._command = command_id()
            if isinstance(error, Invalid):
                for problem in error.problems:
                    self.pane.show_problem(problem.field, problem.message)
            else:
                self.session.show_error(self, error)
                self.refresh()

        self.session.act(self, action, command, done=done, failed=failed, said=f"{reference} {_SAID[choice]}")

    def _changed(self, changed: Changed) -> None:
        if "case" in changed.kinds:
            self.refresh()

    def _why(self) -> None:
        if self.page is not None and self.page.due is not None:
            WhyDialog(self.page, self.session.desk.today(), self).exec()

    def _history(self) -> None:
        if self.page is not None:
            self.session.case_wanted.emit(self.page.case.row.id, "history")
