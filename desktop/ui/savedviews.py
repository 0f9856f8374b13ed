"""What is saved under a name: a chip with a menu of it, and the dialog in which it is renamed and deleted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtWidgets import QMenu, QWidget

from db.records import Role
from desktop.casework.desk import Desk
from desktop.casework.savedviews import RenameView, Saved
from desktop.ui import dialogs
from desktop.ui.dialogs import Dialog
from desktop.ui.kit.base import set_tooltip
from desktop.ui.kit.button import DESTRUCTIVE, PLAIN
from desktop.ui.kit.chip import Chip
from desktop.ui.kit.field import Field
from desktop.ui.kit.inputs import LineField
from desktop.ui.kit.notices import EmptyState
from desktop.ui.kit.ticks import Choice, RadioGroup, TickField
from desktop.ui.recorddialog import RecordDialog
from desktop.ui.session import Session

W = TypeVar("W")
_HINT = "What it shows, and nobody’s name or number."


# No slots: with them, Python 3.11 cannot make a Sort[Filter](...).
@dataclass(frozen=True)
class Sort(Generic[W]):
    """What is saved of one sort: how it is called, and what is done with it on the store's thread."""

    one: str
    """What one is called: "filter"."""
    these: str
    """What is saved is called so in the menu: "these filters"."""
    none: str
    """What to do where none is left."""
    gone: str
    """Why one cannot be shown any more."""
    nothing: str
    """Why there is nothing to save."""
    words: Callable[[W], str]
    """What one shows, in words."""
    same: Callable[[W, W], bool]
    """Whether two show the same."""
    saved: Callable[[Desk], Sequence[Saved[W]]]
    why_not: Callable[[Desk, W], str]
    """Why something cannot be saved; "" where it can."""
    save: Callable[[Desk, str, W, bool], int]
    """Saves something under a name, for everyone or not."""
    rename: Callable[[Desk, RenameView], None]
    delete: Callable[[Desk, int], None]

    @property
    def title(self) -> str:
        """Such as "Saved filters"."""
        return f"Saved {self.one}s"

    def said(self, one: Saved[W]) -> str:
        """What one shows, or why it does not."""
        return self.gone if one.wanted is None else self.words(one.wanted)


class SavedViews(QObject, Generic[W]):
    """The chip with what belongs to it. ``chosen`` carries what is to be shown; ``left``: the chip lets go of it."""

    chosen = Signal(object)
    left = Signal()

    def __init__(self, session: Session, owner: QWidget, sort: Sort[W]) -> None:
        super().__init__(owner)
        self._session, self._owner, self._sort = session, owner, sort
        self.saved: Sequence[Saved[W]] = ()
        self.wanted: W | None = None
        self.chip = Chip(sort.title, arrow=True, height=32, name=f"saved_{sort.one}s")
        self.chip.clicked.connect(self._open_menu)
        self.chip.removed.connect(self._leave)

    def refresh(self) -> None:
        """Reads what is saved."""
        self._session.run(self._owner, self._sort.saved, done=self._read)

    def show_wanted(self, wanted: W | None) -> None:
        """Shows what is in use: what is saved of just this. None for nothing that could be saved."""
        self.wanted = wanted
        found = self.current()
        if found is None or wanted is None:
            self.chip.set_words(self._sort.title)
            set_tooltip(self.chip, "")
        else:
            said = self._sort.words(wanted)
            self.chip.set_words(found.name, lead="Saved:", in_use=True, removable=True)
            self.chip.setAccessibleDescription(f"{said}. Delete removes it")
            set_tooltip(self.chip, said)

    def current(self) -> Saved[W] | None:
        """What is saved and in use."""
        wanted = self.wanted
        if wanted is None:
            return None
        same = self._sort.same
        return next((one for one in self.saved if one.wanted is not None and same(one.wanted, wanted)), None)

    def _read(self, found: Sequence[Saved[W]]) -> None:
        self.saved = found
        self.show_wanted(self.wanted)

    def _leave(self) -> None:
        self.left.emit()
        self.chip.setFocus()

    def _open_menu(self) -> None:
        menu = QMenu(self._owner)
        menu.setObjectName("menu_saved")
        menu.setAccessibleName(self._sort.title)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setToolTipsVisible(True)
        current = self.current()
        for one in self.saved:
            action = menu.addAction(_titled(one).replace("&", "&&"), partial(self._choose, one))
            action.setToolTip(self._sort.said(one))
            action.setEnabled(one.wanted is not None)
            action.setCheckable(one is current)
            action.setChecked(one is current)
        menu.addSeparator()
        save = menu.addAction(f"Save {self._sort.these}…", self._ask_save)
        save.setEnabled(self.wanted is not None)
        save.setToolTip(self._sort.nothing if self.wanted is None else "")
        if any(one.may_change for one in self.saved):
            menu.addAction(f"Change saved {self._sort.one}s…", self._change)
        menu.popup(self.chip.mapToGlobal(QPoint(0, self.chip.height())))

    def _choose(self, one: Saved[W]) -> None:
        self.chosen.emit(one.wanted)
        self.chip.setFocus()

    def _ask_save(self) -> None:
        wanted = self.wanted
        if wanted is None:
            return

        def answered(why: str) -> None:
            if why:
                dialogs.inform(self._owner, f"{self._sort.these.capitalize()} cannot be saved", why)
            else:
                self._save(wanted)

        self._session.run(self._owner, self._sort.why_not, wanted, done=answered)

    def _save(self, wanted: W) -> None:
        sort = self._sort
        fields: dict[str, Field] = {"name": LineField("name", "Name", hint=_HINT)}
        if self._session.desk.user.role is Role.ADMINISTRATOR:
            fields["everyones"] = TickField("everyones", "For everyone")
        lead = f"It shows: {sort.words(wanted)}."
        name = f"save_{sort.one}"
        dialog = RecordDialog(f"Save {sort.these}", name, "Save", fields, self._owner, lead, by_enter=True)

        def command() -> tuple[str, bool]:
            return dialog.text("name"), "everyones" in fields and dialog.value("everyones") is True

        def save(desk: Desk, said: tuple[str, bool]) -> int:
            name, everyones = said
            return sort.save(desk, name, wanted, everyones)

        def done(_number: int) -> None:
            self._session.toasted.emit(f"The {sort.one} was saved")
            self.refresh()

        dialog.ask(self._session, save, command, done)

    def _change(self) -> None:
        dialog = SavedViewsDialog(self._session, self._owner, self.saved, self._sort)
        dialog.finished.connect(lambda _result: self.refresh())
        dialog.open()


class SavedViewsDialog(Dialog, Generic[W]):
    """What this person has saved and may change: one is chosen, and renamed or deleted."""

    def __init__(self, session: Session, owner: QWidget, saved: Sequence[Saved[W]], sort: Sort[W]) -> None:
        super().__init__(owner, f"change_{sort.one}s", f"Change saved {sort.one}s")
        self._session, self._sort = session, sort
        self.group: RadioGroup | None = None
        self.empty = EmptyState("filter", f"No saved {sort.one} is left", sort.none)
        self.empty.hide()
        self.body.addWidget(self.empty)
        self.delete = self.add_button("Delete", DESTRUCTIVE, self._delete, f"delete_{sort.one}")
        self.rename = self.add_button("Rename…", PLAIN, self._rename, f"rename_{sort.one}")
        self.close_button = self.add_button("Close", PLAIN, self.accept, "close")
        self._show(saved)

    def _show(self, saved: Sequence[Saved[W]]) -> None:
        self.saved = {str(one.id): one for one in saved if one.may_change}
        chosen = self.group.value() if self.group is not None else ""
        if self.group is not None:
            self.body.removeWidget(self.group)
            self.group.hide()
            self.group.deleteLater()
            self.group = None
        self.empty.setVisible(not self.saved)
        if self.saved:
            choices = [Choice(key, _titled(one), note=self._sort.said(one)) for key, one in self.saved.items()]
            self.group = RadioGroup(f"saved_{self._sort.one}", "", choices)
            self.group.set_value(chosen if chosen in self.saved else choices[0].key)
            self.body.insertWidget(0, self.group)
            self.group.rows[str(self.group.value())].setFocus()
        else:
            self.close_button.setFocus()
        for button in (self.delete, self.rename):
            button.set_off("" if self.saved else f"No saved {self._sort.one} is left.")

    def _chosen(self) -> Saved[W]:
        if self.group is None:
            raise RuntimeError("nothing is chosen where nothing is saved")
        return self.saved[str(self.group.value())]

    def _again(self, _nothing: object = None) -> None:
        self._session.run(self, self._sort.saved, done=self._show)

    def _rename(self) -> None:
        one, sort = self._chosen(), self._sort
        name = LineField("name", "Name", hint=_HINT)
        name.set_value(one.name)
        title, called = f"Rename this {sort.one}", f"rename_{sort.one}_to"
        dialog = RecordDialog(title, called, "Rename", {"name": name}, self, by_enter=True)
        name.edit.selectAll()

        def command() -> RenameView:
            return RenameView(view_id=one.id, name=dialog.text("name"))

        dialog.ask(self._session, sort.rename, command, self._again)

    def _delete(self) -> None:
        one, sort = self._chosen(), self._sort
        whose = "Everyone loses it." if one.everyones else "Only you have it."
        words = f"“{one.name}” is taken away. {whose} No case changes."
        if dialogs.confirm(self, f"Delete this saved {sort.one}?", words, "Delete it", destructive=True):
            self._session.run(self, sort.delete, one.id, done=self._again)


def _titled(one: Saved[W]) -> str:
    return f"{one.name} (everyone’s)" if one.everyones else one.name
