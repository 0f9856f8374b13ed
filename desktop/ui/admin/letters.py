"""Letters: the text of each kind of letter, and the parts of it that an organisation may put in its own words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from db.records import Changed, LetterKind
from desktop.casework.desk import Desk
from desktop.casework.ownwords import (
    ChangeablePart,
    ChangeWords,
    LetterText,
    StoredWords,
    change_words,
    changed_kinds,
    letter_text,
)
from desktop.letters.templates import Part, TextSection
from desktop.policy.letterkinds import TITLES
from desktop.policy.wording import day, london, lower_first
from desktop.ui.kit.base import clear_layout, name_widget
from desktop.ui.kit.button import Link
from desktop.ui.kit.card import Card
from desktop.ui.kit.field import Field
from desktop.ui.kit.inputs import TextField
from desktop.ui.kit.pagedmodel import Column, PagedModel
from desktop.ui.kit.panes import ScrollPane
from desktop.ui.kit.small import IconText
from desktop.ui.kit.table import Table
from desktop.ui.kit.text import Text
from desktop.ui.recorddialog import RecordDialog
from desktop.ui.session import Session
from desktop.ui.theme import current_theme

_LIST = 380
_DROPPED = {"Words": 800}
"""Columns that a narrow page goes without, below these widths."""
_TABLE_WORDS = "The items that are given, as a table."
_LEAD = (
    "What stands between braces is filled in from the case: keep each of them. From now on every letter of this kind "
    "says it in your words; letters that were issued stay as they are."
)


@dataclass(frozen=True, slots=True)
class Line:
    """One kind of letter in the list."""

    number: int
    kind: LetterKind
    own: bool


def load_lines(desk: Desk) -> tuple[Line, ...]:
    """Every kind of letter, by its name."""
    own = changed_kinds(desk)
    kinds = sorted(LetterKind, key=lambda kind: TITLES[kind])
    return tuple(Line(number, kind, kind in own) for number, kind in enumerate(kinds, start=1))


_COLUMNS: tuple[Column[Line], ...] = (
    Column("Letter", lambda line: TITLES[line.kind], style="label"),
    Column("Words", lambda line: "Your own" if line.own else "The desk’s", width=110),
)


class LettersPart(QWidget):
    """The list of letters, and beside it the text of one."""

    key = "letters"

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        name_widget(self, "letters_part", "Letters")
        self._lines: dict[int, Line] = {}
        self._shown: LetterText | None = None
        self.links: dict[str, Link] = {}
        """The link that changes a part, by the part's id; "<id>/back" for the one back to the desk's own words."""
        self.model: PagedModel[Line] = PagedModel(_COLUMNS, self._fetch, lambda line: line.number, self)
        self.table: Table[Line] = Table("letters_table", "Letters", self.model, dense=False)
        self._build()
        self.table.moved.connect(self._selected)

    def refresh(self) -> None:
        """Loads the letters anew; the selected one stays."""
        self._session.run(self, load_lines, done=self._show_list)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The list leaves the letter its room, and drops what the letter says too."""
        super().resizeEvent(event)
        self._list.setFixedWidth(min(current_theme().px(_LIST), self.width() * 2 // 5))
        self.table.drop(_DROPPED, self.width())

    def _build(self) -> None:
        px = current_theme().px
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(24))
        card = self._list = Card(padded=False)
        card.body.addWidget(self.table)
        row.addWidget(card)
        self._pane = ScrollPane("letter_text_pane", "The text of the letter", margin=0)
        self._title = Text("", "group", wrap=True)
        self._letter = Card()
        self._letter.body.addWidget(self._title)
        self._text = QVBoxLayout()
        self._text.setSpacing(px(12))
        self._letter.body.addLayout(self._text)
        self._pane.body.addWidget(self._letter)
        self._changes = Card("Changes")
        self._told = QVBoxLayout()
        self._told.setSpacing(px(8))
        self._changes.body.addLayout(self._told)
        self._pane.body.addWidget(self._changes)
        self._pane.body.addStretch(1)
        row.addWidget(self._pane, 1)
        self.setFocusProxy(self.table)

    def _fetch(self, ids: Sequence[int], deliver: Callable[[Sequence[Line]], None]) -> None:
        deliver([self._lines[one] for one in ids])

    def _show_list(self, lines: tuple[Line, ...]) -> None:
        line = self.table.current_row()
        kept = line.number if line is not None else 1
        self._lines = {one.number: one for one in lines}
        self.table.show_ids(list(self._lines), keep=kept)
        self._selected(self.table.current_row())

    def _selected(self, line: Line | None) -> None:
        if line is not None:
            self._session.run(self, letter_text, line.kind, done=self._show)

    # The text

    def _show(self, found: LetterText) -> None:
        self._shown = found
        self.links = {}
        clear_layout(self._text)
        self._title.setText(TITLES[found.kind])
        for section in found.text.sections:
            self._show_section(section, found)
        clear_layout(self._told)
        for one in found.changes:
            self._told.addWidget(Text(_change_words(one), "small", wrap=True))
        self._changes.setVisible(bool(found.changes))

    def _show_section(self, section: TextSection, found: LetterText) -> None:
        if section.heading:
            self._text.addWidget(Text(section.heading, "label", wrap=True))
        for part in section.parts:
            changeable = found.parts.get(part.id)
            if changeable is not None:
                self._show_changeable(part, changeable)
            else:
                words = _TABLE_WORDS if part.role == "table" else _printed(part, part.text)
                self._text.addWidget(IconText("lock", f"{words}{_when(part)}", "text-2", wrap=True))

    def _show_changeable(self, part: Part, one: ChangeablePart) -> None:
        own = one.own
        english = (own.english or "") if own else part.text
        self._text.addWidget(Text(f"{_printed(part, english)}{_when(part)}", "body", wrap=True))
        if own and own.welsh:
            self._text.addWidget(Text(_printed(part, own.welsh), "body", wrap=True))
        line = QHBoxLayout()
        line.setSpacing(current_theme().px(16))
        if own:
            line.addWidget(IconText("pencil-line", "In your own words", "text-2", "small"))
            if one.in_welsh is not None and not own.welsh:
                line.addWidget(IconText("circle-alert", "Not in Welsh", "text-2", "small", icon_colour="amber"))
        self._add_link(line, part.id, "Change these words…", lambda: self.change(part.id))
        if own:
            self._add_link(line, f"{part.id}/back", "Back to the desk’s words…", lambda: self.back(part.id))
        line.addStretch(1)
        self._text.addLayout(line)

    def _add_link(self, line: QHBoxLayout, key: str, words: str, then: Callable[[], None]) -> None:
        link = Link(words, name=f"words_{key.replace('/', '_')}")
        link.clicked.connect(then)
        self.links[key] = link
        line.addWidget(link)

    # Changing it

    def change(self, key: str) -> None:
        """Asks for words in the place of a part's."""
        if self._shown is None:
            return
        kind, one = self._shown.kind, self._shown.parts[key]
        own = one.own
        english = TextField("english", "Words", lines=4)
        english.set_value((own.english or "") if own else one.part.text)
        fields: dict[str, Field] = {"english": english}
        if one.in_welsh is not None:
            hint = f"The desk’s own: {one.in_welsh.text} Without it, a letter that is wanted in Welsh goes in English."
            welsh = TextField("welsh", "The same in Welsh", hint=hint, lines=4)
            welsh.set_value(own.welsh if own else "")
            fields["welsh"] = welsh
        fields["because"] = _because()
        lead = _LEAD
        if one.with_it is not None:
            lead += f" The letter “{TITLES[one.with_it]}” says the same, and is changed with it."
        dialog = RecordDialog("Say it in your own words", "change_words", "Use these words", fields, self, lead)

        def command() -> ChangeWords:
            said = dialog.text("welsh") if "welsh" in fields else ""
            return ChangeWords(
                kind=kind,
                part=key,
                english=dialog.text("english"),
                welsh=said,
                because=dialog.text("because"),
                seen=one.now.id if one.now else 0,
            )

        self._open(dialog, command, "Letters say it in your words from now on")

    def back(self, key: str) -> None:
        """Asks why a part is to be in the desk's own words again."""
        if self._shown is None:
            return
        kind, one = self._shown.kind, self._shown.parts[key]
        fields: dict[str, Field] = {"because": _because()}
        lead = f"From now on letters say: {one.part.text}"
        dialog = RecordDialog("Back to the desk’s words?", "words_back", "Use the desk’s words", fields, self, lead)

        def command() -> ChangeWords:
            seen = one.now.id if one.now else 0
            return ChangeWords(kind=kind, part=key, english=None, because=dialog.text("because"), seen=seen)

        self._open(dialog, command, "Letters say it in the desk’s words again")

    def _open(self, dialog: RecordDialog, command: Callable[[], ChangeWords], toast: str) -> None:
        def done(_nothing: None) -> None:
            self.refresh()
            self._session.changed.emit(Changed(kinds=frozenset({"letter_words"})))
            self._session.toasted.emit(toast)

        dialog.ask(self._session, change_words, command, done)


def _because() -> TextField:
    return TextField("because", "Why", hint="It is kept with the words, and in the journal.", lines=2)


def _printed(part: Part, text: str) -> str:
    return f"• {text}" if part.role == "bullet" else text


def _when(part: Part) -> str:
    """When a part is printed, where that is not always."""
    if part.when:
        return " (only where there is one)"
    return " (unless the agreement has words of its own)" if part.unless else ""


def _change_words(one: StoredWords) -> str:
    on = day(london(one.made_at).date())
    said = f"“{one.english}”" if one.english is not None else "back to the desk’s words"
    return f"{on}, {one.made_by}, {one.part.replace('_', ' ')}: {said} Why: {lower_first(one.because)}"
