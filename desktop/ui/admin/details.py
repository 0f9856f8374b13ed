"""Organisation: what letters show of it, and which share of its decisions is looked at twice."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from db.records import Changed, Organisation
from desktop.casework.accounts import organisation, save_organisation
from desktop.casework.desk import Invalid
from desktop.ui.admin.secondlooks import SecondLooksCard
from desktop.ui.kit.base import name_widget
from desktop.ui.kit.button import MAIN, QUIET, Button
from desktop.ui.kit.card import Card
from desktop.ui.kit.focus import starts_at
from desktop.ui.kit.panes import ScrollPane
from desktop.ui.kit.text import Text
from desktop.ui.session import Session
from desktop.ui.setup.organisation import OrganisationForm
from desktop.ui.theme import current_theme

_OFF = "Nothing was changed."


class OrganisationPart(QWidget):
    """The form, with Save and Undo. Letters that are issued already stay as they are."""

    key = "organisation"

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._kept: Organisation | None = None
        name_widget(self, "organisation_part", "Organisation")
        px = current_theme().px
        self.form = OrganisationForm()
        self.save = Button("Save", MAIN, "save", name="save_organisation")
        self.undo = Button("Undo changes", QUIET, "rotate-ccw", name="undo_organisation")
        card = Card("What letters show")
        card.body.setSpacing(px(12))
        card.body.addWidget(self.form)
        foot = QHBoxLayout()
        foot.addWidget(Text("Letters that are issued already stay as they are.", "small", "text-2", elide=True), 1)
        foot.addWidget(self.undo)
        foot.addWidget(self.save)
        card.body.addLayout(foot)
        card.setMaximumWidth(px(760))
        pane = ScrollPane("organisation_pane", "Organisation", margin=0)
        pane.body.addWidget(card)
        self.looks = SecondLooksCard(session)
        self.looks.setMaximumWidth(px(760))
        pane.body.addWidget(self.looks)
        pane.body.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(pane)
        starts_at(self, self.form)
        self.form.edited.connect(self._settle)
        self.save.triggered.connect(self._save)
        self.undo.triggered.connect(self._undo)
        self._settle()

    @property
    def unsaved(self) -> bool:
        """Whether something typed is not saved."""
        return self.looks.unsaved or self._form_unsaved

    @property
    def _form_unsaved(self) -> bool:
        return self._kept is not None and self.form.organisation(self._kept.sample) != self._kept

    def refresh(self) -> None:
        """Loads the details, unless something typed would be lost."""
        self.looks.refresh()
        if not self._form_unsaved:
            self._session.run(self, organisation, done=self._show)

    def _show(self, found: Organisation) -> None:
        self._kept = found
        self.form.show_organisation(found)
        self._settle()

    def _undo(self) -> None:
        if self._kept is not None:
            self._show(self._kept)

    def _settle(self) -> None:
        off = "" if self._form_unsaved else _OFF
        self.save.set_off(off)
        self.undo.set_off(off)

    def _save(self) -> None:
        kept = self._kept
        typed = self.form.organisation(kept.sample if kept else False)
        self.save.set_busy(True)

        def saved(_nothing: None) -> None:
            self.save.set_busy(False)
            self._kept = None
            self.refresh()
            self._session.changed.emit(Changed(kinds=frozenset({"organisation"})))
            self._session.toasted.emit("The organisation’s details were saved")

        def refused(error: Exception) -> None:
            self.save.set_busy(False)
            if isinstance(error, Invalid):
                self.form.show_problems(error.problems)
            else:
                self._session.show_error(self, error)

        self._session.run(self, save_organisation, typed, done=saved, failed=refused)
