"""Saved filters of the register: a chip with a menu of them, and the dialog that renames and deletes them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtWidgets import QMenu, QWidget

from db.records import RegisterFilter, Role
from desktop.casework.savedfilters import (
    RenameFilter,
    SavedFilter,
    SaveFilter,
    delete_filter,
    rename_filter,
    save_filter,
    saved_filters,
    why_not_save,
)
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

TITLE = "Saved filters"
_HINT = "What it shows, and nobody’s name or number."
_GONE = "The requester that it names is on record no more."
Words = Callable[[RegisterFilter], str]
"""What a filter shows, in words."""


class SavedFilters(QObject):
    """The chip with what belongs to it. ``chosen`` carries the filter to show; ``left`` when the chip lets go of it."""

    chosen = Signal(object)
    left = Signal()

    def __init__(self, session: Session, owner: QWidget, words: Words) -> None:
        super().__init__(owner)
        self._session, self._owner, self._words = session, owner, words
        self.saved: tuple[SavedFilter, ...] = ()
        self.wanted = RegisterFilter()
        self.chip = Chip(TITLE, arrow=True, height=32, name="saved_filters")
        self.chip.clicked.connect(self._open_menu)
        self.chip.removed.connect(self._leave)

    def refresh(self) -> None:
        """Reads what is saved."""
        self._session.run(self._owner, saved_filters, done=self._read)

    def show_wanted(self, wanted: RegisterFilter) -> None:
        """Shows what is in use: the saved filter that is just this, whatever the order."""
        self.wanted = wanted
        found = self.current()
        if found is None:
            self.chip.set_words(TITLE)
        else:
            self.chip.set_words(found.name, lead="Saved:", in_use=True, removable=True)
            said = self._words(wanted)
            self.chip.setAccessibleDescription(f"{said}. Delete removes it")
        set_tooltip(self.chip, self._words(wanted) if found is not None else "")

    def current(self) -> SavedFilter | None:
        """The saved filter that is in use."""
        return next((one for one in self.saved if one.wanted is not None and _same(one.wanted, self.wanted)), None)

    def _read(self, found: tuple[SavedFilter, ...]) -> None:
        self.saved = found
        self.show_wanted(self.wanted)

    def _leave(self) -> None:
        self.left.emit()
        self.chip.setFocus()

    def _open_menu(self) -> None:
        menu = QMenu(self._owner)
        menu.setObjectName("menu_saved")
        menu.setAccessibleName(TITLE)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setToolTipsVisible(True)
        current = self.current()
        for one in self.saved:
            action = menu.addAction(_titled(one).replace("&", "&&"), partial(self._choose, one))
            action.setToolTip(_GONE if one.wanted is None else self._words(one.wanted))
            action.setEnabled(one.wanted is not None)
            action.setCheckable(one is current)
            action.setChecked(one is current)
        menu.addSeparator()
        menu.addAction("Save these filters…", self._ask_save)
        if any(one.may_change for one in self.saved):
            menu.addAction("Change saved filters…", self._change)
        menu.popup(self.chip.mapToGlobal(QPoint(0, self.chip.height())))

    def _choose(self, one: SavedFilter) -> None:
        self.chosen.emit(one.wanted)
        self.chip.setFocus()

    def _ask_save(self) -> None:
        wanted = self.wanted

        def answered(why: str) -> None:
            if why:
                dialogs.inform(self._owner, "These filters cannot be saved", why)
            else:
                self._save(wanted)

        self._session.run(self._owner, why_not_save, wanted, done=answered)

    def _save(self, wanted: RegisterFilter) -> None:
        fields: dict[str, Field] = {"name": LineField("name", "Name", hint=_HINT)}
        if self._session.desk.user.role is Role.ADMINISTRATOR:
            fields["everyones"] = TickField("everyones", "For everyone")
        lead = f"It shows: {self._words(wanted)}."
        dialog = RecordDialog("Save these filters", "save_filter", "Save", fields, self._owner, lead)

        def command() -> SaveFilter:
            everyones = "everyones" in fields and dialog.value("everyones") is True
            return SaveFilter(name=dialog.text("name"), wanted=wanted, everyones=everyones)

        def done(_number: int) -> None:
            self._session.toasted.emit("The filter was saved")
            self.refresh()

        dialog.ask(self._session, save_filter, command, done)

    def _change(self) -> None:
        dialog = SavedFiltersDialog(self._session, self._owner, self.saved, self._words)
        dialog.finished.connect(lambda _result: self.refresh())
        dialog.open()


class SavedFiltersDialog(Dialog):
    """The saved filters that this person may change: each is chosen, and renamed or deleted."""

    def __init__(self, session: Session, owner: QWidget, saved: Sequence[SavedFilter], words: Words) -> None:
        super().__init__(owner, "change_filters", "Change saved filters")
        self._session, self._words = session, words
        self.group: RadioGroup | None = None
        self.empty = EmptyState("filter", "No saved filter is left", "Save those of the register to have one here.")
        self.empty.hide()
        self.body.addWidget(self.empty)
        self.delete = self.add_button("Delete", DESTRUCTIVE, self._delete, "delete_filter")
        self.rename = self.add_button("Rename…", PLAIN, self._rename, "rename_filter")
        self.close_button = self.add_button("Close", PLAIN, self.accept, "close")
        self._show(saved)

    def _show(self, saved: Sequence[SavedFilter]) -> None:
        self.saved = {str(one.id): one for one in saved if one.may_change}
        chosen = self.group.value() if self.group is not None else ""
        if self.group is not None:
            self.body.removeWidget(self.group)
            self.group.hide()
            self.group.deleteLater()
            self.group = None
        self.empty.setVisible(not self.saved)
        if self.saved:
            choices = [Choice(key, _titled(one), note=self._note(one)) for key, one in self.saved.items()]
            self.group = RadioGroup("saved_filter", "", choices)
            self.group.set_value(chosen if chosen in self.saved else choices[0].key)
            self.body.insertWidget(0, self.group)
            self.group.rows[str(self.group.value())].setFocus()
        else:
            self.close_button.setFocus()
        for button in (self.delete, self.rename):
            button.set_off("" if self.saved else "No saved filter is left.")

    def _note(self, one: SavedFilter) -> str:
        return _GONE if one.wanted is None else self._words(one.wanted)

    def _chosen(self) -> SavedFilter:
        if self.group is None:
            raise RuntimeError("nothing is chosen where nothing is saved")
        return self.saved[str(self.group.value())]

    def _again(self, _nothing: object = None) -> None:
        self._session.run(self, saved_filters, done=self._show)

    def _rename(self) -> None:
        one = self._chosen()
        name = LineField("name", "Name", hint=_HINT)
        name.set_value(one.name)
        dialog = RecordDialog("Rename this filter", "rename_filter_to", "Rename", {"name": name}, self)
        name.edit.selectAll()

        def command() -> RenameFilter:
            return RenameFilter(filter_id=one.id, name=dialog.text("name"))

        dialog.ask(self._session, rename_filter, command, self._again)

    def _delete(self) -> None:
        one = self._chosen()
        whose = "Everyone loses it." if one.everyones else "Only you have it."
        words = f"“{one.name}” is taken away. {whose} No case changes."
        if dialogs.confirm(self, "Delete this saved filter?", words, "Delete it", destructive=True):
            self._session.run(self, delete_filter, one.id, done=self._again)


def _titled(one: SavedFilter) -> str:
    return f"{one.name} (everyone’s)" if one.everyones else one.name


def _same(one: RegisterFilter, other: RegisterFilter) -> bool:
    return replace(one, sort=other.sort, descending=other.descending) == other
