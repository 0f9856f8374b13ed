"""The letters of a case: all that were issued, and those that can be written now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from db.records import Action, Letter, LetterKind
from desktop.casework.casepage import CasePage
from desktop.casework.owing import Notice
from desktop.policy.letterkinds import TITLES, TO_THE_PERSON
from desktop.policy.life import CLOSED
from desktop.policy.wording import when
from desktop.ui.kit.base import clear_layout
from desktop.ui.kit.button import PLAIN, Button
from desktop.ui.kit.card import Card
from desktop.ui.kit.flow import Flow
from desktop.ui.kit.small import Line
from desktop.ui.kit.text import Text
from desktop.ui.theme import current_theme

READ, PRINT, COPY, MAIL, SENT, AGAIN = "read", "print", "copy", "mail", "sent", "again"
_WORDS = {
    READ: ("Read it", "eye"),
    PRINT: ("Print", "printer"),
    COPY: ("Save a copy", "download"),
    MAIL: ("Prepare e-mail", "mail"),
    SENT: ("Mark as sent", "send"),
    AGAIN: ("Issue it again", "refresh-cw"),
}


class LettersPart(QWidget):
    """Every letter of a case in the order of its number, and what to write next."""

    wanted = Signal(str, int)
    """(what, id of the letter)."""
    notice_wanted = Signal(int)
    """A notice of correction is to be read: its place in the list of notices."""
    write_wanted = Signal(str)
    """A letter of this kind is to be written."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("case_letters_part")
        px = current_theme().px
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(16))
        column.addWidget(Text("Letters", "section"))
        self._cards = QVBoxLayout()
        self._cards.setSpacing(px(16))
        column.addLayout(self._cards)
        column.addStretch(1)

    def show_page(self, page: CasePage, now: datetime) -> None:
        """Shows what can be written, and what was issued."""
        clear_layout(self._cards)
        open_still = page.case.row.state not in CLOSED
        later = [kind for kind in page.writing if kind not in page.to_write] if open_still else []
        if page.to_write:
            self._write("To write now", page.to_write, page)
        self._issued(page, now)
        if later:
            self._write("At other times", later, page)

    def focus_first(self) -> None:
        """Puts the keyboard on the first button."""
        first = self.findChild(Button)
        if first is not None:
            first.setFocus()

    def _write(self, title: str, kinds: Sequence[LetterKind], page: CasePage) -> None:
        card = Card(title)
        for kind in kinds:
            why = page.writing[kind]
            button = Button(TITLES[kind], PLAIN, "lock" if why else "pen-line", name=f"write_{kind.value}")
            button.setAccessibleName(f"Write: {TITLES[kind]}")
            button.set_off(why)
            button.triggered.connect(lambda kind=kind: self.write_wanted.emit(kind.value))
            row = Flow(gap=current_theme().px(12))
            row.addWidget(button)
            if why:
                row.addWidget(Text(why, "small", "text-2", wrap=True))
            card.body.addLayout(row)
        self._cards.addWidget(card)

    def _issued(self, page: CasePage, now: datetime) -> None:
        card = Card("Issued")
        rows: list[tuple[int, QWidget]] = [(one.number, self._letter(page, one, now)) for one in page.case.letters]
        rows += [
            (one.number, self._notice(place, one, now))
            for place, one in enumerate(page.notices)
            if one.number is not None
        ]
        for place, (_number, row) in enumerate(sorted(rows, key=lambda one: one[0])):
            if place:
                card.body.addWidget(Line())
            card.body.addWidget(row)
        if not rows:
            words = "No letter is issued yet. The letter that answers comes once the request is decided."
            card.body.addWidget(Text(words, "body", "text-2", wrap=True))
        self._cards.addWidget(card)

    def _letter(self, page: CasePage, one: Letter, now: datetime) -> QWidget:
        name = f"Letter {one.number}: {TITLES[one.kind]}"
        told = [f"Issued {when(one.issued_at, now)} by {one.issued_by_name}{sent_words(one.sent_at, now)}."]
        if one.replaces is not None:
            told.append(f"It takes the place of letter {one.replaces}.")
        by = next((other for other in page.case.letters if other.replaces == one.number), None)
        if by is not None:
            told.append(f"Letter {by.number} takes its place.")
        if one.kind in TO_THE_PERSON:
            told.append("To the person themselves. Whoever asked never sees it.")
        row, buttons = _row(name, " ".join(told))
        for what in _steps(page, one):
            words, icon = _WORDS[what]
            button = Button(words, PLAIN, icon, height=28, name=f"letter_{one.number}_{what}")
            button.setAccessibleName(f"{words}: {name}")
            button.triggered.connect(lambda what=what: self.wanted.emit(what, one.id))
            buttons.addWidget(button)
        return row

    def _notice(self, place: int, one: Notice, now: datetime) -> QWidget:
        name = f"Letter {one.number}: {TITLES[LetterKind.CORRECTION]}"
        issued = when(one.issued_at, now) if one.issued_at is not None else ""
        told = f"Issued {issued} by {one.issued_by_name}{sent_words(one.sent_at, now)}. See “What happens next”."
        row, buttons = _row(name, told)
        words, icon = _WORDS[READ]
        button = Button(words, PLAIN, icon, height=28, name=f"letter_{one.number}_{READ}")
        button.setAccessibleName(f"{words}: {name}")
        button.triggered.connect(lambda: self.notice_wanted.emit(place))
        buttons.addWidget(button)
        return row


def sent_words(sent_at: datetime | None, now: datetime) -> str:
    """Such as ", sent today at 10.42am"."""
    return f", sent {when(sent_at, now)}" if sent_at is not None else ", not sent yet"


def _row(name: str, told: str) -> tuple[QWidget, Flow]:
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(current_theme().px(4))
    column.addWidget(Text(name, "label", wrap=True))
    column.addWidget(Text(told, "small", "text-2", wrap=True))
    buttons = Flow(gap=current_theme().px(8))
    column.addLayout(buttons)
    return holder, buttons


def _steps(page: CasePage, one: Letter) -> list[str]:
    """What this person may do with a letter now."""
    off = page.actions
    steps = [READ]
    steps += [] if off[Action.PRINT] else [PRINT]
    steps += [] if off[Action.SAVE_COPY] else [COPY]
    steps += [] if off[Action.PREPARE_MAIL] or one.kind in TO_THE_PERSON else [MAIL]
    steps += [] if off[Action.MARK_SENT] or one.sent_at is not None else [SENT]
    last = page.case.letter is not None and one.id == page.case.letter.id
    return steps + ([AGAIN] if last and not off[Action.REISSUE] else [])
