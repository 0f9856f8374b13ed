"""Holds: the list of them, the selected one beside it, and the steps by which one is placed and released."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from db.records import Changed
from desktop.casework.holds import (
    PLACERS,
    HoldRow,
    PlaceHold,
    Preview,
    Recorded,
    decide_release,
    hold_rows,
    known_bodies,
    place_hold,
    preview_hold,
    propose_release,
)
from desktop.policy.holds import STANDING_WORDS, covered_words, review_words
from desktop.policy.wording import day, london, plural
from desktop.ui import dialogs
from desktop.ui import holdforms as forms
from desktop.ui.beside import Beside
from desktop.ui.kit.base import name_widget
from desktop.ui.kit.button import MAIN, Button
from desktop.ui.kit.card import Card, Facts
from desktop.ui.kit.focus import starts_at
from desktop.ui.kit.notices import EmptyState
from desktop.ui.kit.pagedmodel import Column, PagedModel
from desktop.ui.kit.panes import ScrollPane
from desktop.ui.kit.small import IconText
from desktop.ui.kit.table import Table
from desktop.ui.kit.text import Text
from desktop.ui.recorddialog import RecordDialog
from desktop.ui.session import Session
from desktop.ui.theme import current_theme

_PANE = 352
_REVIEW = 3
"""The column that gives way where it is narrow."""
_STEPS = {"propose": "Release proposed", "release": "Released", "keep": "Kept"}
_INKS = {"stands": "text", "proposed": "amber", "released": "text-2"}
_ICONS = {"stands": "circle-pause", "proposed": "circle-question-mark", "released": "circle-slash"}
_UNWRITTEN = (
    "See that the disk is there and has room. The copy is written as the desk is opened next, or with the next backup."
)
_NOT_YOURS = "Records officers and the guardian place holds."


def _columns(session: Session) -> tuple[Column[HoldRow], ...]:
    def review(row: HoldRow) -> str:
        released = row.hold.standing == "released"
        return "" if released else review_words(row.review_on, session.desk.today())

    return (
        Column("Hold", lambda row: str(row.hold.id), width=64, right=True),
        Column("Covers", lambda row: row.scope, style="label"),
        Column(
            "Standing",
            lambda row: STANDING_WORDS[row.hold.standing],
            width=168,
            colour=lambda row: _INKS[row.hold.standing],
            icon=lambda row: _ICONS[row.hold.standing],
        ),
        Column(
            "Review",
            review,
            # Such as "30 September 2027, in 15 months".
            width=256,
            colour=lambda row: "red" if row.due else "text",
            icon=lambda row: "clock-alert" if row.due else "",
        ),
    )


class HoldsPart(QWidget):
    """The table of holds, those that stand first, and beside it one of them."""

    key = "holds"

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._rows: dict[int, HoldRow] = {}
        self._wanted: int | None = None
        self._places = session.desk.user.role in PLACERS
        name_widget(self, "holds_part", "Holds")
        self.model: PagedModel[HoldRow] = PagedModel(_columns(session), self._fetch, lambda row: row.hold.id, self)
        self.table: Table[HoldRow] = Table("holds_table", "Holds, those that stand first", self.model, dense=False)
        self.place = Button("Place a hold…", MAIN, "plus", name="place_hold")
        self.pane = HoldPane(session)
        self._build()
        self._connect()
        if not self._places:
            self.place.set_off(_NOT_YOURS)

    def refresh(self) -> None:
        """Loads the holds anew; the selected one stays."""
        self._session.run(self, hold_rows, done=self._show)

    def panes(self) -> list[QWidget]:
        """What F6 goes round."""
        return [one for one in (self.table, self.pane) if one.isVisible()]

    # How it looks

    def _build(self) -> None:
        px = current_theme().px
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(px(24))
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(12))
        head = QHBoxLayout()
        self.summary = Text("", "body", "text-2", wrap=True)
        head.addWidget(self.summary, 1)
        head.addWidget(self.place)
        column.addLayout(head)
        self._list = Card(padded=False)
        self._list.body.addWidget(self.table)
        column.addWidget(self._list, 1)
        words = (
            "Place one where an inquiry, a court or a complaint may need cases: nothing that it covers is destroyed."
        )
        action = "Place a hold…" if self._places else ""
        self.empty = EmptyState("circle-pause", "No hold was ever placed", words, action)
        # With large text there is less room than its words need.
        self._none = ScrollPane("no_holds", "No hold", margin=0)
        self._none.body.addWidget(self.empty, 1)
        self._none.hide()
        column.addWidget(self._none, 1)
        across.addWidget(left, 1)
        across.addWidget(self.pane, 1)
        starts_at(self, self.table)
        self._beside = Beside(self, left, self.pane, _PANE, self._arranged)

    def _arranged(self, step: int) -> None:
        """Where it is narrow, the review stands in the pane; where there is no hold, there is no pane."""
        self.table.setColumnHidden(_REVIEW, step < 1024)
        if not self._rows:
            self.pane.hide()

    def _connect(self) -> None:
        self.table.moved.connect(self.pane.show_hold)
        self.table.previewed.connect(lambda _row: self._beside.toggle())
        self.table.opened.connect(lambda _row: self.pane.setFocus())
        self.place.triggered.connect(self._begin)
        self.empty.acted.connect(self._begin)
        self.pane.propose.triggered.connect(self._propose)
        self.pane.release.triggered.connect(lambda: self._decide(release=True))
        self.pane.keep.triggered.connect(lambda: self._decide(release=False))
        self._session.changed.connect(self._changed)

    def _fetch(self, ids: Sequence[int], deliver: Callable[[Sequence[HoldRow]], None]) -> None:
        deliver([self._rows[one] for one in ids if one in self._rows])

    def _show(self, rows: tuple[HoldRow, ...]) -> None:
        current = self.table.current_row()
        kept = self._wanted if self._wanted is not None else current.hold.id if current else None
        self._wanted = None
        self._rows = {row.hold.id: row for row in rows}
        self._list.setVisible(bool(rows))
        self._none.setVisible(not rows)
        self.place.setVisible(bool(rows) or not self._places)
        starts_at(self, self.table if rows else self.empty.button if self._places else self.place)
        self._beside.arrange()
        self.summary.setText(_summary(rows))
        if rows:
            self.table.show_ids(list(self._rows), keep=kept if kept in self._rows else rows[0].hold.id)
        self.pane.show_hold(self.table.current_row() if rows else None)

    def _changed(self, changed: Changed) -> None:
        # What a hold covers changes with the cases.
        if changed.kinds & {"hold", "case"} and self.isVisible():
            self.refresh()

    # What is done

    def _begin(self) -> None:
        self._session.run(self, known_bodies, done=self._open_form)

    def _open_form(self, bodies: tuple[str, ...]) -> None:
        titles = {one.id: one.short_title for one in self._session.desk.agreements.all()}
        dialog, command = forms.place_form(self, titles, bodies)

        def look() -> None:
            wanted = command()
            dialog.run(self._session, preview_hold, wanted, lambda found: self._ask(dialog, wanted, found))

        dialog.wanted.connect(look)
        dialog.open()

    def _ask(self, dialog: RecordDialog, command: PlaceHold, found: Preview) -> None:
        """Places the hold once its preview was read; going back loses nothing that was typed."""

        def placed(found: Recorded) -> None:
            dialog.accept()
            self._told("The hold was placed", found, found.number)

        asked = forms.PreviewDialog(dialog, found)
        asked.accepted.connect(lambda: dialog.run(self._session, place_hold, command, placed))
        asked.open()

    def _propose(self) -> None:
        if row := self.table.current_row():
            dialog, command = forms.propose_form(self, row)
            said = f"The release of hold {row.hold.id} was proposed"
            dialog.ask(self._session, propose_release, command, lambda found: self._told(said, found))

    def _decide(self, *, release: bool) -> None:
        if row := self.table.current_row():
            dialog, command = forms.decide_form(self, row, release=release)
            said = f"Hold {row.hold.id} was released" if release else f"Hold {row.hold.id} was kept"
            dialog.ask(self._session, decide_release, command, lambda found: self._told(said, found))

    def _told(self, said: str, found: Recorded, number: int | None = None) -> None:
        """Something was done. The hold that a number is given for is selected then."""
        self._wanted = number
        self.refresh()
        self._session.changed.emit(Changed(kinds=frozenset({"hold"})))
        self._session.toasted.emit(said)
        if found.unwritten:
            words = f"{said}, and the store has it. But {'; '.join(found.unwritten)}. {_UNWRITTEN}"
            dialogs.inform(self, "A copy of the holds was not written", words)


class HoldPane(Card):
    """One hold: what it covers, why, who placed it, its review, and the steps towards its release."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(padded=False, parent=parent)
        self._session = session
        px = current_theme().px
        name_widget(self, "hold_pane", "The hold")
        column = self.body
        column.setSpacing(0)
        pane = ScrollPane("hold_facts", "The hold", "surface")
        pane.body.setContentsMargins(px(20), px(16), px(20), px(16))
        self.title = Text("", "section")
        self.scope = Text("", "body", wrap=True)
        self.review = IconText("clock", "", "text", "label", wrap=True)
        self.facts = Facts(88)
        self.steps = Card("Towards its release", ground="sunken")
        self._rows = Facts(88)
        self.steps.body.addWidget(self._rows)
        shown: tuple[QWidget, ...] = (self.title, self.scope, self.review, self.facts, self.steps)
        for widget in shown:
            pane.body.addWidget(widget)
        pane.body.addStretch(1)
        column.addWidget(pane, 1)
        self.propose = Button("Propose its release…", name="propose_release")
        self.release = Button("Release…", name="release_hold")
        self.keep = Button("Keep it…", name="keep_hold")
        foot = QWidget()
        row = QHBoxLayout(foot)
        row.setContentsMargins(px(20), px(12), px(20), px(16))
        row.setSpacing(px(8))
        for button in (self.release, self.keep, self.propose):
            row.addWidget(button, 1)
        column.addWidget(foot)
        self._foot = foot
        starts_at(self, self.propose)
        self.show_hold(None)

    def show_hold(self, row: HoldRow | None) -> None:
        """Shows a hold, or nothing."""
        for widget in (self.scope, self.review, self.facts, self.steps, self._foot):
            widget.setVisible(row is not None)
        if row is None:
            self.title.setText("No hold chosen")
            return
        one = row.hold
        self.title.setText(f"Hold {one.id}")
        self.scope.setText(row.scope)
        icon, ink = ("clock-alert", "red") if row.due else ("clock", "text")
        self.review.show_words(icon, f"Review: {review_words(row.review_on, self._session.desk.today())}", ink, "label")
        self.review.setVisible(one.standing != "released")
        counted = covered_words(row.covered.closed, row.covered.open)
        if one.standing == "released":
            counted = "nothing any more"
        self.facts.set_facts(
            [
                ("Standing", IconText(_ICONS[one.standing], STANDING_WORDS[one.standing], "text", "small")),
                ("Covers", f"{counted[:1].upper()}{counted[1:]}"),
                ("Authority", one.authority),
                ("Why", one.because),
                ("Placed", f"{one.placed_by}, {day(london(one.placed_at).date())}"),
            ]
        )
        self.steps.setVisible(bool(one.steps))
        self._rows.set_facts(
            [
                (_STEPS[step.step], f"{step.by}, {day(london(step.at).date())}: {step.because}")
                for step in reversed(one.steps)
            ]
        )
        self.propose.setVisible(one.standing == "stands")
        self.propose.set_off(row.why_not_propose)
        for button in (self.release, self.keep):
            button.setVisible(one.standing == "proposed")
            button.set_off(row.why_not_decide)
        self._foot.setVisible(one.standing != "released")
        starts_at(self, self.release if one.standing == "proposed" else self.propose)


def _summary(rows: Sequence[HoldRow]) -> str:
    standing = [row for row in rows if row.hold.standing != "released"]
    due = sum(1 for row in standing if row.due)
    words = f"{plural(len(standing), 'hold stands', 'holds stand')}."
    if due:
        words += f" {plural(due, 'review is', 'reviews are')} due."
    if not standing:
        words = "No hold stands."
    return f"{words} What a hold covers is never destroyed; two people release one."
