"""Who asked about the person of a case, and who of the desk looked: asked with a reason, shown, and saved."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from desktop.casework.desk import Desk
from desktop.casework.whoasked import AskedAbout, WhoAsked, save_who_asked, who_asked
from desktop.policy.wording import day, plural, when
from desktop.ui import dialogs
from desktop.ui.kit.button import MAIN, PLAIN, Button
from desktop.ui.kit.card import Card
from desktop.ui.kit.pagedmodel import Column, PagedModel
from desktop.ui.kit.panes import ScrollPane
from desktop.ui.kit.table import Table
from desktop.ui.kit.text import Text
from desktop.ui.opening_case import ReasonDialog
from desktop.ui.session import Session
from desktop.ui.theme import current_theme

FILE_NAME = "who-asked.csv"
_WIDTH = 1072
_TITLE = "Why do you look up who asked about this person?"
_WORDS = "You see every request about this person. The journal keeps that you looked, and why, in the history of each."

_COLUMNS: tuple[Column[AskedAbout], ...] = (
    Column("Received", lambda one: day(one.received_on) if one.received_on else "Not recorded", width=170, elide=False),
    Column("Case", lambda one: one.reference, width=116, style="label", elide=False),
    Column("Requester", lambda one: one.requester or "Not named"),
    Column("Under", lambda one: one.agreement, width=190),
    Column("Outcome", lambda one: one.outcome, width=130),
    Column("Given", lambda one: day(one.disclosed_on) if one.disclosed_on else "Nothing", width=170, elide=False),
    Column(
        "Person",
        lambda one: "The same" if one.sure else "May be the same",
        width=164,
        icon=lambda one: "check" if one.sure else "circle-question-mark",
        elide=False,
    ),
)

_DROPPED = {"Under": 1000, "Given": 800}
"""Columns that a narrow dialog goes without, below these widths: the saved list has them."""


def ask_who_asked(session: Session, owner: QWidget, case_id: int) -> None:
    """Asks why, looks up who asked about the person of a case, and shows it."""

    def show(found: WhoAsked) -> None:
        WhoAskedDialog(session, owner, found).open()

    dialog = ReasonDialog(owner, _TITLE, _WORDS, "Look it up")
    dialog.accepted.connect(lambda: session.run(owner, who_asked, case_id, str(dialog.reason.value()), done=show))
    dialog.open()


class WhoAskedDialog(dialogs.Dialog):
    """The requests about a person, the earliest first; who looked at them; and the file to give."""

    def __init__(self, session: Session, owner: QWidget, found: WhoAsked) -> None:
        title = f"Who asked about the person of {found.reference}"
        super().__init__(owner, "who_asked_dialog", title, width=_WIDTH)
        self._session, self._found = session, found
        px = current_theme().px
        unsure = sum(not one.sure for one in found.asked)
        said = f"{plural(len(found.asked), 'request')}, the earliest first; destroyed ones are not among them."
        if unsure:
            said = f"{said} Nobody has decided yet whether {unsure} of them {_is(unsure)} about this person."
        self.add_text(said)
        model = PagedModel(_COLUMNS, self._fetch, lambda one: one.case_id, self)
        self.table: Table[AskedAbout] = Table("who_asked_table", "Requests about this person", model)
        self.table.setMinimumHeight(min(px(220), self.most_high // 2))
        for number, column in enumerate(_COLUMNS):
            self.table.setColumnHidden(number, self.width() < px(_DROPPED.get(column.title, 0)))
        card = Card(padded=False)
        card.body.addWidget(self.table)
        self.body.addWidget(card, 1)
        self.body.addWidget(Text("Who of the desk looked at them", "strong"))
        pane = ScrollPane("who_looked", "Who of the desk looked at them", ground="surface", margin=0)
        pane.setMinimumHeight(min(px(96), self.most_high // 4))
        self._looked(pane.body, session.desk)
        self.body.addWidget(pane)
        self.save = Button("Save the list…", PLAIN, "save", name="save_who_asked")
        self.save.triggered.connect(self._choose)
        self.foot.addWidget(self.save)
        self.add_button("Close", MAIN, self.accept, "close")
        self.table.show_ids([one.case_id for one in found.asked], keep=found.case_id)
        self.table.setFocus()

    def _looked(self, into: QVBoxLayout, desk: Desk) -> None:
        now = desk.clock()
        for one in self._found.looked:
            words = f"{one.name}: {plural(one.times, 'time')}, last {when(one.last, now)}"
            into.addWidget(Text(words, "small", "text-2", wrap=True))
        if not self._found.looked:
            into.addWidget(Text("Nobody has.", "small", "text-2"))
        into.addStretch(1)

    def _fetch(self, ids: Sequence[int], deliver: Callable[[Sequence[AskedAbout]], None]) -> None:
        wanted = set(ids)
        deliver([one for one in self._found.asked if one.case_id in wanted])

    def _choose(self) -> None:
        chosen, _filter = QFileDialog.getSaveFileName(self, "Save the list", FILE_NAME, "Tables (*.csv)")
        if chosen:
            self.save_as(Path(chosen))

    def save_as(self, path: Path) -> None:
        """Writes what is shown to a file; one that is there gives way."""

        def write(desk: Desk) -> None:
            save_who_asked(desk, self._found, path, replace=True)

        def done(_nothing: None) -> None:
            self._session.toasted.emit(f"The list was saved as {path.name}")

        def failed(error: Exception) -> None:
            if isinstance(error, OSError):
                words = f"It cannot be written there: {error.strerror or error}. Choose another folder."
                dialogs.inform(self, "Nothing was saved", words)
            else:
                self._session.show_error(self, error)

        self._session.run(self, write, done=done, failed=failed)


def _is(count: int) -> str:
    return "is" if count == 1 else "are"
