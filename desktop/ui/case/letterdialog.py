"""The dialogs of letters: one that shows an issued one, and one in which a letter is written and read before issue."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop.casework.issuing import Preview
from desktop.policy.fields import Problem
from desktop.ui.dialogs import Dialog
from desktop.ui.kit.button import MAIN
from desktop.ui.kit.error_summary import ErrorSummary
from desktop.ui.kit.inputs import TextField
from desktop.ui.kit.text import Text
from desktop.ui.kit.ticks import Tick
from desktop.ui.letter.paper import Paper
from desktop.ui.session import Session
from desktop.ui.theme import current_theme

_WIDE, _HIGH, _BESIDE = 720, 460, 300
_UNREAD = "Show the letter first: what you read is what is issued."


class LetterDialog(Dialog):
    """Shows the pages of an issued letter."""

    def __init__(self, session: Session, title: str, pdf: bytes, parent: QWidget) -> None:
        super().__init__(parent, "letter_viewer", title, width=_WIDE)
        self.paper = Paper(session)
        self.paper.setMinimumHeight(min(current_theme().px(_HIGH), self.most_high))
        self.body.addWidget(self.paper, 1)
        self.close_button = self.add_button("Close", MAIN, then=self.accept)
        self.paper.show_pdf(pdf)
        self.close_button.setFocus()


class WriteDialog(Dialog):
    """Asks for what a letter says and in which print, shows its very pages, and lets it be issued once they were shown
    as they are.

    ``looked`` when the pages are wanted, ``wanted`` when it is to be issued.
    """

    looked = Signal()
    wanted = Signal()

    def __init__(self, session: Session, title: str, lead: str, fields: Sequence[TextField], parent: QWidget) -> None:
        super().__init__(parent, "write_letter", title, width=_WIDE)
        self.summary = ErrorSummary()
        self.body.addWidget(self.summary)
        self.body.addWidget(Text(lead, "body", "text-2", wrap=True))
        self.fields = {one.key: one for one in fields}
        for field in fields:
            self.body.addWidget(field)
            field.edited.connect(self._edited)
        self.summary.jumped.connect(self._jump)
        self.large = Tick("Large print", "large_print")
        self.large.clicked.connect(self._print_large)
        self.body.addWidget(self.large)
        self.chosen: bool | None = None
        """Whether it is wanted in large print; None for as the request says."""
        self.seen = ""
        """What the pages that are shown were made from."""
        self.paper = Paper(session)
        self.paper.setMinimumHeight(min(current_theme().px(_BESIDE if fields else _HIGH), self.most_high // 2))
        self.body.addWidget(self.paper, 1)
        self.add_button("Cancel")
        self.show_button = self.add_button("Show the letter", then=self.looked.emit)
        self.issue_button = self.add_button("Issue it", MAIN, then=self.wanted.emit)
        self.issue_button.set_off(_UNREAD)
        (fields[0] if fields else self.issue_button).setFocus()

    def text(self, key: str) -> str:
        """What was typed in a field; "" where the letter has none of this name."""
        return str(self.fields[key].value()) if key in self.fields else ""

    def read(self) -> dict[str, Any]:
        """What a command says of the print that is wanted, and of what was read."""
        return {"large_print": self.chosen, "seen": self.seen}

    def show_preview(self, made: Preview) -> None:
        """Shows the pages; they can be issued where nothing is wrong with them."""
        self.seen = made.seen
        self.large.setChecked(made.large_print)
        self.paper.show_pdf(made.pdf)
        self.show_problems([Problem("letter", one, hard=True) for one in made.problems])
        self.issue_button.set_off("" if made.pdf and not made.problems else "The letter cannot be made as things are.")

    def show_refusal(self, problems: Iterable[Problem]) -> None:
        """Says why it was not issued; it is to be read again first."""
        self.show_problems(problems)
        self._edited()

    def show_problems(self, problems: Iterable[Problem]) -> None:
        """Says beside the fields and at the top what is wrong."""
        listed = []
        for field in self.fields.values():
            field.clear_problem()
        for problem in problems:
            named = "The letter"
            if problem.field in self.fields:
                self.fields[problem.field].show_problem(problem.message)
                named = self.fields[problem.field].label_text
            listed.append((problem.field, named, problem.message))
        self.summary.show_problems(listed)

    def _jump(self, key: str) -> None:
        if key in self.fields:
            self.fields[key].focus()

    def _print_large(self) -> None:
        self.chosen = self.large.isChecked()
        self._edited()
        self.looked.emit()

    def _edited(self) -> None:
        self.issue_button.set_off(_UNREAD)
