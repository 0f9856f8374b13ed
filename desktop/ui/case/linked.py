"""Linked cases: the card beside the form, and the dialog that links one more."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from db.records import Action, Relation
from desktop.casework.casepage import CasePage
from desktop.casework.links import RELATION_WORDS, LinkCases, LinkedCase, leading_of
from desktop.policy.fields import Problem
from desktop.policy.life import OUTCOME_WORDS, STATE_WORDS
from desktop.ui.dialogs import Dialog
from desktop.ui.kit.base import clear_layout, slug
from desktop.ui.kit.button import MAIN, PLAIN, Button, Link
from desktop.ui.kit.card import Card
from desktop.ui.kit.error_summary import ErrorSummary
from desktop.ui.kit.inputs import ChoiceField, LineField
from desktop.ui.kit.small import Line
from desktop.ui.kit.text import Text
from desktop.ui.session import command_id
from desktop.ui.theme import current_theme

NOTHING_SENT = (
    "Linking tells nobody. The requester of this case still waits for an answer: answer it as well, or close it as a "
    "duplicate and tell them yourself which case is answered."
)
OTHER_REQUESTER = "The two requests come from different requesters: each is owed an answer of its own."


class LinkedCard(Card):
    """What a case is linked to. Enter on a reference opens that case; only a caseworker links and unlinks."""

    case_wanted = Signal(int)
    link_wanted = Signal()
    unlink_wanted = Signal(int)
    close_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Linked cases", parent=parent)
        self.setObjectName("linked_cases")
        self._rows = QVBoxLayout()
        self._rows.setSpacing(current_theme().px(8))
        self.body.addLayout(self._rows)
        self._shown: object = None

    def show_page(self, page: CasePage, may_link: bool) -> bool:
        """Shows the links of a case. True where there are other controls in it than before."""
        leading = leading_of(page.links)
        why = page.actions[Action.WITHDRAW]
        shown = (page.case.row.id, page.case.row.requester, page.links, page.chain, may_link, why)
        if shown == self._shown:
            return False
        self._shown = shown
        clear_layout(self._rows)
        for number, one in enumerate(page.links):
            if number:
                self._rows.addWidget(Line())
            self._rows.addWidget(self._row(one, may_link))
        if page.chain:
            here = page.case.row.id
            steps = [f"{reference} (this one)" if case_id == here else reference for case_id, reference in page.chain]
            self._rows.addWidget(Text(f"Follow-ups, in order: {', '.join(steps)}", "small", "text-2", wrap=True))
        if leading is not None and not why:
            self._duplicate(page, leading, may_link)
        if not page.links:
            self._rows.addWidget(Text("None yet.", "small", "text-2"))
        if may_link:
            button = Button("Link a case", PLAIN, "link", height=28, name="link_case")
            button.triggered.connect(self.link_wanted)
            self._rows.addWidget(button)
        return True

    def _duplicate(self, page: CasePage, leading: LinkedCase, may_close: bool) -> None:
        self._rows.addWidget(Text(NOTHING_SENT, "small", "text-2", wrap=True))
        if leading.requester.casefold() != page.case.row.requester.casefold():
            self._rows.addWidget(Text(OTHER_REQUESTER, "small", "amber", wrap=True))
        if may_close:
            button = Button("Close as a duplicate", PLAIN, "archive", height=28, name="close_duplicate")
            button.triggered.connect(self.close_wanted)
            self._rows.addWidget(button)

    def _row(self, one: LinkedCase, may_link: bool) -> QWidget:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        head = QHBoxLayout()
        head.setSpacing(current_theme().px(8))
        words = RELATION_WORDS[one.kind, one.leads]
        stands = OUTCOME_WORDS[one.outcome] if one.outcome is not None else STATE_WORDS[one.state]
        reference = Link(one.reference, "small-strong", name=f"linked_{slug(one.reference)}")
        reference.setAccessibleName(f"Open {one.reference}. {words}. {stands}")
        reference.clicked.connect(lambda: self.case_wanted.emit(one.case_id))
        head.addWidget(reference)
        head.addWidget(Text(stands, "small", "text-2", elide=True), 1)
        if may_link:
            unlink = Link("Unlink", name=f"unlink_{slug(one.reference)}")
            unlink.setAccessibleName(f"Unlink {one.reference}")
            unlink.clicked.connect(lambda: self.unlink_wanted.emit(one.case_id))
            head.addWidget(unlink)
        column.addLayout(head)
        column.addWidget(Text(words, "small", wrap=True))
        return holder


_KINDS = (
    (Relation.DUPLICATE, "This case is a duplicate of it"),
    (Relation.FOLLOW_UP, "This case follows it up"),
    (Relation.SAME_REQUEST, "This case was split from its request"),
    (Relation.RELATED, "The two belong together in another way"),
)


class LinkDialog(Dialog):
    """Asks for the other case and how the two are linked. ``wanted`` when its button is pressed and both are there."""

    wanted = Signal()

    def __init__(self, page: CasePage, parent: QWidget) -> None:
        row = page.case.row
        super().__init__(parent, "link_dialog", f"Link {row.reference} to another case")
        self._case_id, self._command = row.id, command_id()
        self.summary = ErrorSummary()
        self.body.addWidget(self.summary)
        self.reference = LineField("reference", "Reference of the other case", hint="Such as TR-000001-7")
        self.kind = ChoiceField("kind", "How they are linked", [(kind.value, words) for kind, words in _KINDS])
        self._pick = _earlier(page)
        if self._pick is not None:
            self.body.addWidget(self._pick)
            self._pick.combo.activated.connect(lambda _index: self._picked())
        self.body.addWidget(self.reference)
        self.body.addWidget(self.kind)
        self.body.addWidget(Text(NOTHING_SENT, "body", "text-2", wrap=True))
        self.fields = {"reference": self.reference, "kind": self.kind}
        self.summary.jumped.connect(lambda key: self.fields[key].focus())
        self.add_button("Cancel")
        self.button = self.add_button("Link them", MAIN, then=self._go)
        self.reference.focus()

    def command(self) -> LinkCases:
        """What was filled in; the same one until something was wrong with it."""
        kind = Relation(str(self.kind.value()))
        reference = str(self.reference.value())
        return LinkCases(command_id=self._command, case_id=self._case_id, reference=reference, kind=kind)

    def show_problems(self, problems: Iterable[Problem]) -> None:
        """Says beside the fields and at the top what is wrong."""
        self._command = command_id()
        listed: list[tuple[str, str, str]] = []
        for field in self.fields.values():
            field.clear_problem()
        for one in problems:
            self.fields[one.field].show_problem(one.message)
            listed.append((one.field, self.fields[one.field].label_text, one.message))
        self.summary.show_problems(listed)

    def _picked(self) -> None:
        if self._pick is not None and self._pick.value():
            self.reference.set_value(self._pick.value())

    def _go(self) -> None:
        missing = (("reference", "Give its reference."), ("kind", "Choose how they are linked."))
        found = [Problem(key, words, hard=True) for key, words in missing if not _given(self.fields[key].value())]
        self.show_problems(found)
        if not found:
            self.wanted.emit()


def _given(value: Any) -> bool:
    return bool(str(value or "").strip())


def _earlier(page: CasePage) -> ChoiceField | None:
    """The earlier requests that may be about the same person, to choose from; None where there are none."""
    linked = {one.case_id for one in page.links}
    rows: Sequence[Any] = [one for one in page.earlier if one.row.id not in linked]
    if not rows:
        return None
    options = [(one.row.reference, f"{one.row.reference}, {one.agreement}") for one in rows]
    return ChoiceField("earlier", "Earlier requests about this person", options, none_words="Type a reference below")
